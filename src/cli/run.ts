// tellegen run: deck in, waveforms out; what was done goes to standard error.
import { simulate } from '../simulate.js';
import { readAssignments, readTimes } from './arguments.js';
import { DONE, FAILED, formatFailure, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import type { RunRequest } from './interrupt.js';
import { progressLine } from './progress.js';
import { chooseFormat, writePlot, writeResults } from './results.js';
import { summary } from './summary.js';
import { err } from './terminal.js';

/** Runs a request and returns the exit code; `stop` is asked whether the user wants to end the run. */
export function run(request: RunRequest, stop: () => boolean): number {
  return guarded(() => {
    const quiet = request.quiet ?? false;
    const begun = performance.now();
    const parameters = readAssignments('--param', request.param ?? [], false);
    const options = readAssignments('--option', request.option ?? [], true);
    const at = request.at === undefined ? undefined : readTimes(request.at);
    const deck = readDeck(request.deck, parameters);
    if (!quiet) err(deck.circuit.title);
    const line = progressLine(quiet);
    const simulation = simulate(deck, {
      parameters,
      options,
      ...(at ? { at } : {}),
      fine: request.plot !== undefined,
      signal: {
        get aborted() {
          return stop();
        },
      },
      progress: line.report,
      clock: () => performance.now(),
    });
    line.clear();
    if (!quiet) printDiagnostics(simulation.warnings);

    const files = writeResults(simulation, chooseFormat(request.format, request.output), request.output);
    if (request.plot !== undefined) {
      const plot = writePlot(simulation, request.plot);
      files.push(...plot);
      if (plot.length === 0 && !quiet) err('no plot: an operating point has no axis');
    }
    if (!quiet) err(summary(simulation, files, (performance.now() - begun) / 1e3));
    if (simulation.interrupted) err('interrupted: the results end early');
    if (simulation.failure) err(formatFailure(simulation.failure));
    return simulation.failure || simulation.interrupted ? FAILED : DONE;
  });
}
