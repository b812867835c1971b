// tellegen train: a deck that learns; its cost epoch by epoch, and the deck with what it has learnt.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { renumber } from '../circuit/renumber.js';
import type { Rule } from '../learn/estimate.js';
import { optimisers } from '../learn/training/optimisers.js';
import { makeReader } from '../learn/training/reader.js';
import {
  beginTraining,
  type EpochReport,
  type Reader,
  type TrainingOptions,
  trainEpoch,
} from '../learn/training/training.js';
import { leftAside, problemOf } from '../lesson/deck.js';
import { unseen } from '../lesson/unseen.js';
import { watched } from '../lesson/watch.js';
import type { Deck } from '../netlist/deck.js';
import { writeStudy } from '../netlist/write-study.js';
import { readAssignments, readCount, readPositive } from './arguments.js';
import { type Checkpoint, loadCheckpoint, saveCheckpoint, taskOf } from './checkpoint.js';
import { clock } from './clock.js';
import { DONE, FAILED, guarded, inputError, printDiagnostics } from './errors.js';
import { demandOther, demandWritable, readDeck } from './files.js';
import { createFrozenWatch, frozenIn } from './frozen-instants.js';
import { createInterrupt } from './interrupt.js';
import { jsonText } from './json.js';
import { progressLine } from './progress.js';
import { checkTargets } from './results.js';
import { readRule } from './rule.js';
import { err, out } from './terminal.js';
import { doubtsOn } from './train-doubts.js';

/** What `tellegen train` was asked, as text. */
export interface TrainRequest {
  readonly deck: string;
  readonly rule: string;
  readonly lr: string;
  readonly epochs: string;
  readonly optimiser: string;
  readonly batch?: string;
  readonly beta?: string;
  readonly seed: string;
  readonly output?: string;
  readonly checkpoint?: string;
  readonly saveEvery: string;
  readonly resume?: boolean;
  readonly param?: readonly string[];
  readonly option?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Runs a request and returns the exit code. */
export function train(request: TrainRequest): Promise<number> {
  return guarded(() => {
    const quiet = request.quiet ?? false;
    const epochs = readCount('--epochs', request.epochs);
    const saveEvery = 1e3 * readPositive('--save-every', request.saveEvery, 0);
    const settings = readSettings(request);
    checkTargets(request.output, undefined);
    const parameters = readAssignments('--param', request.param ?? [], false);
    const options = readAssignments('--option', request.option ?? [], true);
    const deck = readDeck(request.deck, parameters);
    const problem = problemOf(deck, { parameters, options });
    const written = [...parameters, ...options].map(([name, value]) => `${name}=${value}`);
    const task = taskOf(writeStudy(deck), { ...settings.told, written });
    const file = checkpointFile(request);
    demandWritable(file);
    if (request.output !== undefined) {
      demandOther(request.output, request.deck);
      demandWritable(request.output);
    }
    if (!quiet) {
      printDiagnostics([...deck.warnings, ...leftAside(deck), ...unseen(problem)]);
      err(deck.circuit.title);
    }

    const { training } = settings;
    const begun: Checkpoint = request.resume
      ? loadCheckpoint(file, task)
      : { state: beginTraining(problem, training), history: [] };
    const line = progressLine(quiet);
    const interrupt = createInterrupt();
    let rows = begun.state.epoch * problem.rows;
    const heard = watched(problem, () => {
      if (interrupt.asked()) throw STOPPED;
    });
    const follow =
      (reader: Reader): Reader =>
      (values, row) => {
        line.report({ label: 'train', run: 0, runs: 1, fraction: rows++ / (epochs * problem.rows) });
        return reader(values, row);
      };
    const history = [...begun.history];
    const report = createReport(request.json ?? false);
    const left = createFrozenWatch();
    const tell = (epoch: EpochReport): void => {
      report.epoch(epoch);
      const warnings = left(epoch);
      if (quiet || warnings.length === 0) return;
      line.clear();
      printDiagnostics(warnings);
    };
    for (const epoch of history) tell(epoch);

    const until = makeClock(saveEvery);
    let { state } = begun;
    let failure: unknown;
    let saved = request.resume ?? false;
    try {
      const read = follow(makeReader(heard, settings.rule, settings.nudge));
      while (state.epoch < epochs && !interrupt.asked()) {
        const next = trainEpoch(problem, read, training, state);
        state = next.state;
        history.push(next.report);
        tell(next.report);
        if (!until()) continue;
        saveCheckpoint(file, task, { state, history });
        saved = true;
      }
    } catch (error) {
      if (error !== STOPPED) failure = error;
    }
    line.clear();
    const complete = state.epoch >= epochs;
    const kept = !complete || request.output !== undefined || request.checkpoint !== undefined;
    if (kept && history.length > 0) saveCheckpoint(file, task, { state, history });
    else if (saved) rmSync(file);
    const values = new Map(problem.parameters.map(({ name }, k) => [name, state.values[k]]));
    if (request.output !== undefined) writeTrained(request, deck, values, history, settings.told);
    report.end(history, values, complete);
    if (!quiet && history.length > 0) err(summary(history, request.output));
    if (!quiet && kept && history.length > 0)
      err(complete ? `state in ${file}` : `--resume goes on from ${file}`);
    if (!quiet) printDiagnostics(doubtsOn(problem, state.values, history));
    if (!quiet && complete && request.output === undefined && !request.json)
      err('what was learnt is not kept: -o trained.cir writes the deck, --json prints the parameters');
    if (failure !== undefined) throw failure;
    return complete ? DONE : FAILED;
  });
}

/** Thrown through an epoch that the user stops. */
const STOPPED = Symbol('stopped');

interface Settings {
  readonly rule: Rule;
  readonly nudge: { readonly beta?: number };
  readonly training: TrainingOptions;
  /** As written, for the checkpoint and the deck. */
  readonly told: Readonly<Record<string, string | number>>;
}

/** @throws InputError with everything that is wrong with the options */
function readSettings({ rule, optimiser: name, lr, batch, beta, seed }: TrainRequest): Settings {
  const optimiser = optimisers.get(name.toLowerCase());
  if (optimiser === undefined) {
    const hint = `choose one of ${[...optimisers.keys()].join(', ')}`;
    throw inputError('unknown-optimiser', `there is no optimiser ${name}`, hint);
  }
  const nudge = beta === undefined ? {} : { beta: readPositive('--beta', beta) };
  const training = {
    optimiser,
    rate: readPositive('--lr', lr),
    seed: readCount('--seed', seed, 0),
    ...(batch === undefined ? {} : { batch: readCount('--batch', batch) }),
  };
  const chosen = readRule(rule);
  const told = {
    rule: chosen.name,
    optimiser: optimiser.name,
    lr: training.rate,
    seed: training.seed,
    ...(training.batch === undefined ? {} : { batch: training.batch }),
    ...nudge,
  };
  return { rule: chosen, nudge, training, told };
}

const checkpointFile = ({ deck, output, checkpoint }: TrainRequest): string =>
  checkpoint ?? `${output ?? (deck === '-' ? 'training' : basename(deck))}.checkpoint.json`;

/** True whenever so many milliseconds have passed since the last time it was. */
function makeClock(every: number): () => boolean {
  let last = clock();
  return () => {
    const now = clock();
    if (now - last < every) return false;
    last = now;
    return true;
  };
}

interface Report {
  epoch(e: EpochReport): void;
  end(history: readonly EpochReport[], values: ReadonlyMap<string, number>, complete: boolean): void;
}

/** CSV as it comes, or JSON at the end. */
function createReport(json: boolean): Report {
  if (!json) {
    let headed = false;
    return {
      epoch({ epoch, cost, accuracy }) {
        if (!headed) out(`epoch,cost${accuracy === undefined ? '' : ',accuracy'}\n`);
        headed = true;
        out(`${epoch},${cost}${accuracy === undefined ? '' : `,${accuracy}`}\n`);
      },
      end() {},
    };
  }
  return {
    epoch() {},
    end(history, values, complete) {
      const frozen = frozenIn(history);
      out(
        jsonText({
          complete,
          history: history.map(({ frozenInstants, ...epoch }) => epoch),
          parameters: Object.fromEntries(values),
          ...(frozen.length > 0 ? { frozenInstants: frozen } : {}),
        }),
      );
    },
  };
}

function writeTrained(
  { output, deck: path }: TrainRequest,
  deck: Deck,
  values: ReadonlyMap<string, number>,
  history: readonly EpochReport[],
  told: Settings['told'],
): void {
  const names = new Map(
    deck.trains.flatMap(({ parameters }) =>
      parameters.map(({ name, element, parameter }) => [name, `${element}.${parameter}`]),
    ),
  );
  const moved = new Map([...values].map(([name, value]) => [names.get(name) ?? name, value]));
  const settings = Object.entries(told).map(([name, value]) => `${name} ${value}`);
  const heading = [
    `trained from ${basename(path)}: ${history.length} epochs, ${settings.join(', ')}`,
    ...(history.length > 0 ? [`cost ${history.at(-1)?.cost} in the last epoch`] : []),
  ];
  mkdirSync(dirname(output!), { recursive: true });
  writeFileSync(output!, writeStudy({ ...deck, circuit: renumber(deck.circuit, moved) }, heading));
}

function summary(history: readonly EpochReport[], output: string | undefined): string {
  const [first, last] = [history[0], history[history.length - 1]];
  const accuracy = last.accuracy === undefined ? '' : `, ${(100 * last.accuracy).toFixed(1)} % right`;
  const costs = `cost ${first.cost.toPrecision(4)} → ${last.cost.toPrecision(4)}`;
  return `${last.epoch} epochs: ${costs}${accuracy}${output === undefined ? '' : `; wrote ${output}`}`;
}
