// What code wants to learn of a circuit: patterns of what may move, and costs as text or expressions.
import { type AcRequest, frequencies } from '../analysis/ac.js';
import { type AnalysisOptions, readOptions } from '../analysis/options.js';
import { marchOptions, type TransientRequest } from '../analysis/transient.js';
import type { Circuit } from '../circuit/circuit.js';
import { type Formulas, formulaReader } from '../circuit/formula.js';
import { findTrainable, type Population, type Trainable } from '../circuit/trainable.js';
import { globals } from '../circuit/values.js';
import { kindByName } from '../devices/registry.js';
import type { Diagnostic } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import type { Problem } from '../learn/problem.js';
import { furnished } from '../study/settings.js';
import { complaint } from './complaint.js';
import { doubts, type Movable, movables, refuse } from './movable.js';
import { type Cost, makeProblem } from './problem.js';
import type { Column } from './table-rows.js';

/** Parameters that may move together: the words of a `.train` card. */
export interface Training {
  /** `R1`, `Rsyn*`, `N1.ibias`, `x1.r2`: one or several names, separated by blanks. */
  readonly parameters: string;
  /** Inclusive; default: what the device documents. */
  readonly min?: number;
  readonly max?: number;
  /** Optimisers step in the logarithm. */
  readonly log?: boolean;
}

/** One cost: the words of a `.cost` card. */
export interface LessonCost {
  /** Over V(node), I(element), global parameters and columns of `data`; over time also `time`. */
  readonly signal: string | Expr;
  /** With it the cost is ½·(signal − target)²; without, the signal itself. */
  readonly target?: string | number | Expr;
  /** Factor, default 1. */
  readonly weight?: number;
  /** Over time: the integral from … to (s; `{}`: over the whole run), or the sum at given times (s). Absent: at the operating point. */
  readonly over?: { readonly from?: number; readonly to?: number } | { readonly at: readonly number[] };
  /**
   * Of the response to the AC sources: the sum at given frequencies, Hz, or the mean over those of a sweep. The signal is
   * then a real number made of VM(out), VDB(a,b), VP(out), VR(out), VI(out), IM(V1), …, of phasors V(out) under abs, and
   * of hertz.
   */
  readonly response?: { readonly at: readonly number[] } | AcRequest;
}

/** What is to be learnt of a circuit that code has built. */
export interface Lesson {
  readonly train: readonly (string | Training)[];
  /** They add up. */
  readonly costs: readonly LessonCost[];
  /**
   * Rows of inputs and targets; the cost is the mean over them. A column is a global parameter, an element (its main
   * value: `V1`), an element's parameter (`R1.r`), or a name of its own that costs speak of.
   */
  readonly data?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly number[])[];
  };
  /** The run that costs over time refer to. */
  readonly transient?: TransientRequest;
  /** Tolerances and limits; default `DEFAULT_OPTIONS`. */
  readonly options?: Partial<AnalysisOptions>;
}

/**
 * The problem that a lesson poses to a circuit.
 * @throws InputError with everything that is wrong with the words and numbers of the lesson
 */
export function problemFor(circuit: Circuit, lesson: Lesson): Problem {
  const problems: Diagnostic[] = [];
  const { data = { columns: [], rows: [] }, transient } = lesson;
  const { options: given, diagnostics } = readOptions(lesson.options ?? {});
  const { gmin, ...options } = given;
  problems.push(...diagnostics);
  const population: Population = {
    elements: new Map(circuit.elements.map((element) => [element.name, element])),
    models: circuit.models,
    kind: (element) => kindByName(element.kind)!,
  };
  const columns = data.columns.map((name) => columnOf(name.toLowerCase(), circuit, population));
  const names = new Set(columns.flatMap((c) => (c.kind === 'element' ? [] : [c.name])));
  const formulas = formulaReader(
    (name) => circuit.parameters.has(name) || names.has(name) || name === 'temper',
    (code, message, hint, span) => problems.push(complaint(code, message, hint, span)),
  );
  const movable = trained(circuit, lesson.train, population, problems);
  const costs = lesson.costs.flatMap((cost, k) => costOf(cost, k, formulas, problems));
  if (lesson.train.length === 0)
    problems.push(complaint('nothing-to-train', 'the lesson trains nothing', "train: ['R1', 'Rsyn*']"));
  if (lesson.costs.length === 0)
    problems.push(
      complaint('no-cost', 'the lesson has no cost', "costs: [{ signal: 'V(out)', target: 0.3 }]"),
    );
  if (transient === undefined && costs.some((c) => c.kind === 'tran'))
    problems.push(
      complaint('no-transient', 'a cost over time needs a transient', 'transient: { tstop: 1e-3 }'),
    );
  data.rows.forEach((row, k) => {
    if (row.length === columns.length) return;
    const message = `row ${k + 1} of the data has ${row.length} values for ${columns.length} columns`;
    problems.push(complaint('wrong-row', message, 'give one number for every column'));
  });
  problems.push(...unspoken(columns, costs));
  if (transient) sensible(problems, 'transient: { tstop: 1e-3 }', () => marchOptions(transient, given));
  refuse([...problems, ...doubts(circuit, movable, columns)]);
  return makeProblem({
    ...furnished({ circuit }, undefined, gmin),
    movable,
    costs,
    columns,
    rows: data.rows,
    binding: transient ? { timing: { tstep: transient.tstop / 50, tstop: transient.tstop } } : {},
    options: { ...options, gmin: 0 },
    ...(transient ? { transient } : {}),
  });
}

/** Every parameter once, under the first pattern that means it. */
function trained(
  circuit: Circuit,
  train: Lesson['train'],
  population: Population,
  problems: Diagnostic[],
): readonly Movable[] {
  const taken = new Set<string>();
  const lookup = globals(circuit, {});
  return train.flatMap((asked) => {
    const { parameters, ...reach } = typeof asked === 'string' ? { parameters: asked } : asked;
    const words = parameters.toLowerCase().trim().split(/\s+/);
    const found = words.flatMap((word): readonly Trainable[] => {
      const result = findTrainable(word, population);
      if (!('code' in result)) return result;
      problems.push(complaint(result.code, result.message, result.hint));
      return [];
    });
    const fresh = found.filter(({ element, parameter }) => {
      const key = `${element}.${parameter}`;
      return !taken.has(key) && taken.add(key);
    });
    return movables(lookup, fresh, { ...reach, group: words.join(' ') });
  });
}

function columnOf(name: string, circuit: Circuit, population: Population): Column {
  if (circuit.parameters.has(name)) return { kind: 'parameter', name };
  const found = findTrainable(name, population);
  if ('code' in found || found.length !== 1) return { kind: 'name', name };
  const [{ element, parameter }] = found;
  return { kind: 'element', name: element, parameter };
}

/** Complaints about columns that are no number of the circuit and that no cost speaks of. */
function unspoken(columns: readonly Column[], costs: readonly Cost[]): readonly Diagnostic[] {
  const spoken = (name: string): boolean => {
    const speaks = mentions((symbol) => symbol === name);
    return costs.some(({ signal, target }) => speaks(signal) || (target !== undefined && speaks(target)));
  };
  return columns.flatMap(({ kind, name }) =>
    kind !== 'name' || spoken(name)
      ? []
      : [
          complaint(
            'unknown-column',
            `${name} is no number of the circuit, and no cost speaks of it`,
            'a column is an element (V1), a parameter of one (R1.r), a global parameter, or a name in a cost',
          ),
        ],
  );
}

/** What is made, or undefined and a complaint where its numbers make no sense. */
function sensible<T>(problems: Diagnostic[], hint: string, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(complaint('bad-analysis', error.message, hint));
    return undefined;
  }
}

function costOf(cost: LessonCost, k: number, formulas: Formulas, problems: Diagnostic[]): readonly Cost[] {
  const { over, response, weight = 1 } = cost;
  const where = `cost ${k + 1}`;
  const read = response === undefined ? formulas.behaviour : formulas.response;
  const signal = read(cost.signal, where);
  const target = cost.target === undefined ? undefined : read(cost.target, where);
  if (signal === undefined || (cost.target !== undefined && target === undefined)) return [];
  const base = { signal, ...(target === undefined ? {} : { target }), weight };
  if (!Number.isFinite(weight))
    problems.push(
      complaint('not-finite', `${where}: weight = ${weight}`, 'a finite number; 1 when left out'),
    );
  if (response !== undefined) {
    if ('at' in response) return [{ kind: 'ac', ...base, ...response }];
    const hint = `${where}: response: { variation: 'dec', points: 10, fstart: 1, fstop: 1e3 }`;
    const sweep = sensible(problems, hint, () => frequencies(response));
    return sweep ? [{ kind: 'ac', ...base, sweep }] : [];
  }
  if (over !== undefined) return [{ kind: 'tran', ...base, ...over }];
  return [{ kind: 'op', ...base }];
}
