// tellegen bench: every rule on hardware that is not ideal, row by row, beside what theory predicts.

import { InputError, LearningError } from '../errors.js';
import type { CostKind } from '../learn/hardware/kinds.js';
import { demandSpeech, METHOD_NAMES, methodNamed, speaksOf } from '../learn/hardware/methods.js';
import { IDEAL, isRandom, meaningless, withoutMeaning } from '../learn/hardware/registry.js';
import { type Row, rowOf } from '../learn/hardware/rows.js';
import { leftAside } from '../lesson/deck.js';
import { unseen } from '../lesson/unseen.js';
import type { Deck } from '../netlist/deck.js';
import { readAssignments, readThreads } from './arguments.js';
import { type BenchPlan, type BenchTask, benchOf, methodsOf, type Outcomes } from './bench-plan.js';
import { benchJson, benchPlot, benchTable, knobTable } from './bench-report.js';
import { runBench } from './bench-run.js';
import { DONE, FAILED, guarded, inputError, printDiagnostics } from './errors.js';
import { readDeck, writeText } from './files.js';
import { fingerprint, openJournal } from './journal.js';
import { pointsOf, readSettings, readSweeps, type Sweep } from './levels.js';
import { checkTargets } from './results.js';
import { readRule } from './rule.js';
import { err, out } from './terminal.js';

/** What `tellegen bench` was asked, as text. */
export interface BenchRequest {
  readonly deck?: string;
  readonly sweep?: readonly string[];
  readonly set?: readonly string[];
  readonly list?: boolean;
  /** Names, also several in one text separated by commas; `all`, the default. */
  readonly rule?: readonly string[];
  readonly samples?: string;
  readonly seed?: string;
  readonly threads?: string;
  readonly resume?: string;
  readonly plot?: string;
  readonly param?: readonly string[];
  readonly option?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const SAMPLES = 100;
const SEED = 1;
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Answers a request and returns the exit code. */
export function bench(request: BenchRequest): Promise<number> {
  return guarded(async () => {
    if (request.list) {
      out(knobTable());
      return DONE;
    }
    if (request.deck === undefined)
      throw inputError('no-deck', 'no deck is given', 'tellegen bench DECK, or tellegen bench --list');
    const quiet = request.quiet ?? false;
    const parameters = readAssignments('--param', request.param ?? [], false);
    const options = readAssignments('--option', request.option ?? [], true);
    const named = readMethods(request.rule ?? []);
    const sweeps = readSweeps(request.sweep ?? []);
    const settings = readSettings(request.set ?? []);
    const samples = readCount('--samples', request.samples, SAMPLES, 1);
    const seed = readCount('--seed', request.seed, SEED, Number.MIN_SAFE_INTEGER);
    const threads = request.threads === undefined ? undefined : readThreads(request.threads);
    checkTargets(undefined, request.plot);
    const twice = settings.find((s) => sweeps.some((w) => w.knob === s.knob));
    if (twice) throw inputError('twice', `${twice.knob} is both swept and set`, 'do one of the two');
    const points = pointsOf(settings, sweeps);
    const deck = readDeck(request.deck, parameters);
    checkMeaning([...settings, ...sweeps], deck);
    const methods = named === undefined ? methodsFor(deck) : speaking(named, deck);
    if (!quiet) printDiagnostics([...deck.warnings, ...leftAside(deck)]);
    const plan: BenchPlan = { deck, parameters, options, methods, points, seed };
    const made = benchOf(plan);
    if (!quiet) printDiagnostics(unseen(made.problem));
    const tasks = points.flatMap((hardware, point) =>
      Array.from({ length: isRandom(hardware) ? samples : 1 }, (_, sample): BenchTask => ({ point, sample })),
    );
    const journal =
      request.resume === undefined ? undefined : openJournal<Outcomes>(request.resume, fingerprint(plan));
    if (!quiet)
      err(`${deck.circuit.title}: ${count(tasks.length, 'chip')}, ${count(methods.length, 'rule')}`);
    const numbered = (task: BenchTask): number => task.point * 2 ** 32 + task.sample;
    const answers = new Map<number, Outcomes>(journal?.known);
    const open = tasks.filter((task) => !answers.has(numbered(task)));
    const stopped = await runBench(plan, made, open, threads, quiet, tasks.length, (task, outcomes) => {
      answers.set(numbered(task), outcomes);
      journal?.add(numbered(task), outcomes);
    });
    journal?.close();
    const rows = points.flatMap((hardware, point): Row[] => {
      const done = tasks
        .filter((task) => task.point === point)
        .flatMap((task) => {
          const outcomes = answers.get(numbered(task));
          return outcomes ? [outcomes] : [];
        });
      if (done.length === 0) return [];
      return methodsOf(plan).map((method, m) =>
        rowOf(
          made,
          method,
          hardware,
          done.map((o) => o[m]),
        ),
      );
    });
    const report = { title: deck.circuit.title, kinds: made.kinds, rows, sweeps, samples, seed };
    out(request.json ? benchJson(report) : benchTable(report));
    if (request.plot !== undefined) {
      const svg = benchPlot(report);
      if (svg === undefined && !quiet) err('no plot: nothing is swept');
      if (svg !== undefined) writeText(request.plot, svg);
    }
    if (stopped) {
      const left = tasks.filter((task) => !answers.has(numbered(task))).length;
      const how =
        request.resume === undefined ? '--resume FILE would go on from here' : 'the same command goes on';
      err(`interrupted: ${left} of ${tasks.length} chips are left; ${how}`);
    }
    return stopped ? FAILED : DONE;
  });
}

/** Undefined: all that speak of the deck's costs. @throws InputError for names that are no rules, or have no such variant */
function readMethods(texts: readonly string[]): readonly string[] | undefined {
  const words = texts.flatMap((text) => text.toLowerCase().split(',')).map((word) => word.trim());
  if (words.length === 0 || words.includes('all')) return undefined;
  return [...new Set(words.map((word) => readBenchRule(word)))];
}

const kindsIn = ({ costs }: Deck): readonly CostKind[] => [...new Set(costs.map(({ kind }) => kind))];

const methodsFor = (deck: Deck): readonly string[] =>
  METHOD_NAMES.filter((name) => speaksOf(methodNamed(name), kindsIn(deck)));

/** @throws InputError at the card of a cost that a rule says nothing of */
function speaking(names: readonly string[], deck: Deck): readonly string[] {
  for (const name of names) {
    try {
      demandSpeech(methodNamed(name), kindsIn(deck));
    } catch (error) {
      if (!(error instanceof LearningError)) throw error;
      const { code, hint } = error.obstacle;
      const span = deck.costs.find(({ kind }) => !speaksOf(methodNamed(name), [kind]))?.span;
      const diagnostic = { severity: 'error', code, message: error.message, hint } as const;
      throw new InputError([{ ...diagnostic, ...(span ? { span } : {}) }]);
    }
  }
  return names;
}

/** @throws InputError for what is swept or set and means nothing for the costs of the deck */
function checkMeaning(turned: readonly Sweep[], deck: Deck): void {
  const kinds = kindsIn(deck);
  if (kinds.length === 0) return;
  const problems = turned.flatMap(({ knob, levels }) =>
    levels.some((level) => meaningless({ ...IDEAL, [knob]: level }, kinds).length > 0)
      ? [withoutMeaning(knob, kinds)]
      : [],
  );
  if (problems.length > 0) throw new InputError(problems);
}

function readBenchRule(word: string): string {
  readRule(word);
  try {
    return methodNamed(word).name;
  } catch (error) {
    if (!(error instanceof LearningError)) throw error;
    throw inputError(error.obstacle.code, `--rule ${error.message}`, error.obstacle.hint);
  }
}

function readCount(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value < 2 ** 32) return value;
  throw inputError(
    'bad-number',
    `${option} ${text}: this is not a whole number that serves`,
    `write ${option} ${otherwise}`,
  );
}
