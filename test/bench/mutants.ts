// Mutated decks by the hundred thousand: each must end in a result or in diagnostics, within two seconds.
import { resolve as absolute, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FOLDER } from './contestants.js';

export interface MutantWork {
  readonly from: number;
  readonly to: number;
  /** [index being worked on, how many were begun]. */
  readonly at: Int32Array;
  /** Seconds that are too long. */
  readonly slow: number;
}

export interface MutantReport {
  results: number;
  diagnosed: number;
  failed: number;
  /** Mutants that ended otherwise. */
  findings: { readonly index: number; readonly what: string }[];
  /** Seconds of the slowest. */
  slowest: number;
}

const SLOW = 2;
/** Seconds without a new mutant after which a thread is ended. */
const STUCK = 15;
const MEGABYTES = 1024;
/** Mutants per thread before it is replaced, so that a lost thread loses little of the tally. */
const SHARE = 2000;

/** Mutants 0 … count−1 on some threads. */
export async function runMutants(
  count: number,
  threads: number,
  tell: (text: string) => void,
): Promise<MutantReport> {
  const total: MutantReport = { results: 0, diagnosed: 0, failed: 0, findings: [], slowest: 0 };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + SHARE);
      const to = next;
      for (let begin = from; begin < to; ) begin = await share(begin, to, total);
      tell(`mutants: ${from} of ${count}, ${total.findings.length} findings`);
    }
  };
  await Promise.all(Array.from({ length: threads }, lane));
  total.findings.sort((a, b) => a.index - b.index);
  return total;
}

/** Works on from … to−1 and returns where to go on: `to`, or behind the mutant that ended the thread. */
function share(from: number, to: number, total: MutantReport): Promise<number> {
  const at = new Int32Array(new SharedArrayBuffer(8));
  const work: MutantWork = { from, to, at, slow: SLOW };
  const worker = new Worker(absolute(join(FOLDER, 'js', 'children', 'mutate.js')), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
  });
  return new Promise((resolve) => {
    let begun = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      if (at[1] !== begun) {
        begun = at[1];
        since = performance.now();
      } else if (performance.now() - since > STUCK * 1e3) lost(`does not end (${STUCK} s)`);
    }, 250);
    const lost = (what: string): void => {
      clearInterval(watch);
      total.findings.push({ index: at[0], what });
      // What the thread had counted is lost with it: those before it are run again without it.
      const stopped = at[0];
      void worker.terminate().then(async () => {
        for (let begin = from; begin < stopped; ) begin = await share(begin, stopped, total);
        resolve(stopped + 1);
      });
    };
    worker.on('message', (report: MutantReport) => {
      clearInterval(watch);
      total.results += report.results;
      total.diagnosed += report.diagnosed;
      total.failed += report.failed;
      total.findings.push(...report.findings);
      total.slowest = Math.max(total.slowest, report.slowest);
      resolve(to);
    });
    worker.on('error', (error) => lost(`ended the thread: ${error.message}`));
  });
}
