// A thread that simulates mutants one after another, each for at most a number of points, and reports how each ended.
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../../src/errors.js';
import { parseDeck } from '../../../src/netlist/parse.js';
import { simulate } from '../../../src/study/simulate.js';
import type { MutantReport, MutantWork } from '../mutants.js';
import { mutant, soundDecks } from '../mutations.js';

const POINTS = 200;
const { from, to, at, slow } = workerData as MutantWork;
const decks = soundDecks();
const tally: MutantReport = { results: 0, diagnosed: 0, failed: 0, findings: [], slowest: 0 };

for (let index = from; index < to; index++) {
  Atomics.store(at, 0, index);
  Atomics.add(at, 1, 1);
  const text = mutant(decks, index);
  const begin = performance.now();
  try {
    end(text);
  } catch (error) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.findings.push({ index, what: said.split('\n').slice(0, 4).join(' | ') });
  }
  const seconds = (performance.now() - begin) / 1e3;
  tally.slowest = Math.max(tally.slowest, seconds);
  if (seconds > slow) tally.findings.push({ index, what: `took ${seconds.toFixed(1)} s` });
}
parentPort!.postMessage(tally);

/** @throws whatever is neither a result nor a diagnostic */
function end(text: string): void {
  let points = 0;
  try {
    const { failure } = simulate(parseDeck(text, { file: 'mutant.cir' }), {
      signal: {
        get aborted() {
          return ++points > POINTS;
        },
      },
    });
    if (failure) {
      if (failure.message === '') throw new Error('a failure without a message');
      tally.failed++;
    } else tally.results++;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!error.diagnostics.some((d) => d.severity === 'error' && d.message !== '' && d.code !== ''))
      throw new Error('an input error without a diagnostic');
    tally.diagnosed++;
  }
}
