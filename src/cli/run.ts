// tellegen run: deck in, waveforms out; what was done goes to standard error.
import { availableParallelism } from 'node:os';
import type { Dataset } from '../analysis/dataset.js';
import { createProfile } from '../profile.js';
import { gather } from '../simulate.js';
import { type Outcome, type StudyOptions, study } from '../study.js';
import { readAssignments, readThreads, readTimes } from './arguments.js';
import { DONE, FAILED, formatFailure, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import { createInterrupt } from './interrupt.js';
import { profileTable } from './profile.js';
import { progressLine } from './progress.js';
import { checkTargets, chooseFormat, createWriter, writePlot } from './results.js';
import { summary } from './summary.js';
import { err } from './terminal.js';

/** What `tellegen run` was asked, as text. */
export interface RunRequest {
  readonly deck: string;
  readonly output?: string;
  readonly format?: 'csv' | 'raw' | 'json';
  readonly plot?: string;
  readonly at?: string;
  readonly param?: readonly string[];
  readonly option?: readonly string[];
  readonly threads?: string;
  readonly profile?: boolean;
  readonly quiet?: boolean;
}

/** Other threads are started when the work they take over would last longer than this here. */
const WORTH_MS = 400;
/** How long the first runs are watched before that is judged. */
const TRIAL_MS = 150;

/** Runs a request and returns the exit code. */
export function run(request: RunRequest): Promise<number> {
  return guarded(async () => {
    const quiet = request.quiet ?? false;
    const begun = performance.now();
    const clock = (): number => performance.now();
    const profile = request.profile ? createProfile(clock) : undefined;
    const within = <T>(phase: 'parse' | 'compile' | 'output', work: () => T): T =>
      profile ? profile.within(phase, work) : work();

    const parameters = readAssignments('--param', request.param ?? [], false);
    const settings = readAssignments('--option', request.option ?? [], true);
    const at = request.at === undefined ? undefined : readTimes(request.at);
    const threads = request.threads === undefined ? undefined : readThreads(request.threads);
    checkTargets(request.output, request.plot);
    const deck = within('parse', () => readDeck(request.deck, parameters));
    if (!quiet) err(deck.circuit.title);
    const options: StudyOptions = {
      parameters,
      options: settings,
      ...(at ? { at } : {}),
      fine: request.plot !== undefined,
    };

    let done = 0;
    let fraction = 0;
    let started = performance.now();
    let handOver = false;
    const line = progressLine(quiet);
    const interrupt = createInterrupt(() => {
      show(fraction);
      handOver ||= threads === undefined && isWorthwhile(done + fraction);
    });
    const ready = within('compile', () =>
      study(deck, {
        ...options,
        clock,
        ...(profile ? { profile } : {}),
        signal: {
          get aborted() {
            return interrupt.asked() || handOver;
          },
        },
      }),
    );
    const { tasks, plan } = ready;
    const gathering = gather(ready);
    const writer = createWriter(chooseFormat(request.format, request.output), request.output, ready);
    const most = Math.min(threads ?? availableParallelism(), tasks.length);

    const show = (share: number): void => {
      const { job, run } = tasks[Math.min(done, tasks.length - 1)];
      line.report({ label: plan[job].label, run, runs: plan[job].runs.length, fraction: share });
    };
    /** Whether the rest, judged by what was done so far, is worth more threads. */
    const isWorthwhile = (amount: number): boolean => {
      const spent = performance.now() - started;
      if (most < 2 || spent < TRIAL_MS || amount === 0) return false;
      return tasks.length - done > 1 && (spent / amount) * (tasks.length - amount) > WORTH_MS;
    };
    /** Writes an outcome and says whether more are wanted. */
    const take = (outcome: Outcome): boolean => {
      within('output', () => writer.add(outcome));
      gathering.add({ ...outcome, datasets: outcome.datasets.map(withoutNumbers) });
      done++;
      return !gathering.ended;
    };

    try {
      started = performance.now();
      let going = true;
      while (going && done < tasks.length && !interrupt.asked() && !handOver && !(threads && most > 1)) {
        fraction = 0;
        const outcome = ready.run(tasks[done], (share) => {
          fraction = share;
        });
        if (handOver && !interrupt.asked() && isUnfinished(outcome)) break;
        going = take(outcome);
        handOver ||= threads === undefined && isWorthwhile(done);
      }
      if (going && done < tasks.length && !interrupt.asked()) {
        const { runInPool } = await import('./pool.js');
        interrupt.listen();
        const data = { deck, options, flag: interrupt.flag, profiled: profile !== undefined };
        await runInPool(
          tasks.slice(done),
          most,
          data,
          (outcome) => {
            const more = take(outcome);
            show(done / tasks.length);
            return more;
          },
          profile,
        );
      }
    } catch (error) {
      writer.discard();
      throw error;
    }

    line.clear();
    const simulation = gathering.simulation(interrupt.asked() && (done < tasks.length || gathering.ended));
    within('output', () => writer.finish(simulation));
    if (!quiet) printDiagnostics(simulation.warnings);
    const { plot } = request;
    const drawn = plot === undefined ? [] : within('output', () => writePlot(simulation, plot));
    if (plot !== undefined && drawn.length === 0 && !quiet) err('no plot: an operating point has no axis');
    if (!quiet) err(summary(simulation, [...writer.files, ...drawn], (performance.now() - begun) / 1e3));
    if (profile) err(profileTable(profile.spent, simulation));
    if (simulation.interrupted) err('interrupted: the results end early');
    if (simulation.failure) err(formatFailure(simulation.failure));
    return simulation.failure || simulation.interrupted ? FAILED : DONE;
  });
}

/** What the summary needs of a dataset. */
function withoutNumbers({ axis: _, ...rest }: Dataset): Dataset {
  return { ...rest, columns: [] };
}

const isUnfinished = ({ datasets, failure }: Outcome): boolean =>
  !failure && datasets.some((d) => !d.complete);
