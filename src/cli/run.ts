// tellegen run: deck in, waveforms out; what was done goes to standard error.
import type { Dataset } from '../analysis/dataset.js';
import { createProfile } from '../study/profile.js';
import { gather } from '../study/simulate.js';
import type { Task } from '../study/study.js';
import { readAssignments, readThreads, readTimes } from './arguments.js';
import { clock } from './clock.js';
import { distribute } from './distribute.js';
import { DONE, doubting, FAILED, formatFailure, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
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

/** Runs a request and returns the exit code. */
export function run(request: RunRequest): Promise<number> {
  return guarded(async () => {
    const quiet = request.quiet ?? false;
    const begun = clock();
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
    const options = {
      parameters,
      options: settings,
      ...(at ? { at } : {}),
      fine: request.plot !== undefined,
    };
    const line = progressLine(quiet);
    const report = ({ job, run }: Task, fraction: number): void => {
      const { label, runs } = ready.plan[job];
      line.report({ label, run, runs: runs.length, fraction });
    };
    const { study: ready, run } = within('compile', () =>
      doubting(quiet ? [] : deck.warnings, () => distribute(deck, options, threads, report, profile)),
    );
    const gathering = gather(ready);
    const writer = createWriter(chooseFormat(request.format, request.output), request.output, ready);
    let done = 0;
    let stopped: boolean;
    try {
      stopped = await run((outcome) => {
        within('output', () => writer.add(outcome));
        gathering.add({ ...outcome, datasets: outcome.datasets.map(withoutNumbers) });
        done++;
        return !gathering.ended;
      });
    } catch (error) {
      writer.discard();
      throw error;
    }

    line.clear();
    const simulation = gathering.simulation(stopped && (done < ready.tasks.length || gathering.ended));
    within('output', () => writer.finish(simulation));
    if (!quiet) printDiagnostics(simulation.warnings);
    const { plot } = request;
    const drawn = plot === undefined ? [] : within('output', () => writePlot(simulation, plot));
    if (plot !== undefined && drawn.length === 0 && !quiet) err('no plot: an operating point has no axis');
    if (!quiet) err(summary(simulation, [...writer.files, ...drawn], (clock() - begun) / 1e3));
    if (profile) err(profileTable(profile, simulation));
    if (simulation.interrupted) err('interrupted: the results end early');
    if (simulation.failure) err(formatFailure(simulation.failure));
    return simulation.failure || simulation.interrupted ? FAILED : DONE;
  });
}

/** What the summary needs of a dataset. */
function withoutNumbers({ axis: _, ...rest }: Dataset): Dataset {
  return { ...rest, columns: [] };
}
