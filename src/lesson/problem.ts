// A task of learning made ready: the circuit compiled once, and bound anew for every choice of parameters and every
// row of data.
import type { AnalysisOptions } from '../analysis/options.js';
import type { TransientRequest } from '../analysis/transient.js';
import type { Circuit, Value } from '../circuit/circuit.js';
import { type Binding, type Compiled, compile } from '../circuit/compile.js';
import { textOf } from '../circuit/functional.js';
import type { Functional, Moving, System } from '../circuit/system.js';
import { number } from '../circuit/values.js';
import { type Diagnostic, InputError, type Span } from '../errors.js';
import { half, square, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { didYouMean } from '../expression/suggest.js';
import type { CostTerm, Problem, Sample } from '../learn/problem.js';
import type { AcCost, CostCard, OpCost, TranCost } from '../netlist/learning.js';
import { baseNames } from '../output/signals.js';
import { complaint } from './complaint.js';
import type { Movable } from './movable.js';
import { responseCost } from './response-cost.js';
import { type Column, type Row, type TableRows, tableRows } from './table-rows.js';

/** A cost; without a span when it comes from code. */
export type Cost = Spanless<OpCost> | Spanless<TranCost> | (Spanless<AcCost> & Swept);
type Spanless<C extends CostCard> = Omit<C, 'span' | 'data'> & { readonly span?: Span };

/** The frequencies, Hz, over which a cost of an AC response without `at` is a mean. */
interface Swept {
  readonly sweep?: Float64Array;
}

/** Everything a problem is made of. */
export interface LearningTask {
  readonly circuit: Circuit;
  readonly movable: readonly Movable[];
  readonly costs: readonly Cost[];
  /** Inputs and targets, row by row. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  readonly binding: Binding;
  readonly options: AnalysisOptions;
  readonly transient?: TransientRequest;
}

/** Samples kept at the last choice of parameters. */
const MOST_KEPT = 256;

/** @throws InputError with what is wrong with circuit and costs */
export function makeProblem(task: LearningTask): Problem {
  const { movable, options, transient } = task;
  const circuit = withColumns(task);
  const compiled = compile(circuit, {
    binding: task.binding,
    start: transient?.uic && task.costs.every((c) => c.kind === 'tran') ? 'uic' : 'dc',
    keep: currentsIn(circuit, task.costs),
  });
  const asWritten = compiled.bind(task.binding);
  checkSignals(task.costs, compiled, asWritten);
  checkStimulus(task, asWritten);
  const names = movable.map(({ key }) => key);
  const keyOf = new Map(movable.map(({ name, key }) => [name, key]));
  const nameOf = new Map(movable.map(({ name, key }) => [key, name]));
  const expressions = task.costs.map(({ signal, target }) =>
    target === undefined ? signal : half(square(sub(signal, target))),
  );
  const values = Float64Array.from(movable, ({ value }) => value);
  let physical: ReadonlyMap<string, number> | undefined;

  const table = tableRows(circuit, task.columns, task.rows, task.binding);
  if (!table.shared) demandBounds(compiled, table, task.rows.length);
  let last: { readonly values: Float64Array; readonly system: System } | undefined;

  /** The circuit at these values, bound once for rows that share it. */
  function systemAt(at: Float64Array, { binding }: Row, moved?: ReadonlyMap<string, number>): System {
    if (table.shared && !moved && last && same(at, last.values)) return last.system;
    const system = compiled.bind({ ...binding, values: overridesAt(at, binding.values, moved) });
    if (!moved) last = { values: at.slice(), system };
    return system;
  }

  let trained = { at: new Float64Array(), overrides: new Map<string, number>() };

  /** What is set by name: by the row, by training, by a test bench. Rows that set nothing share one map. */
  function overridesAt(
    at: Float64Array,
    own: Binding['values'],
    moved: ReadonlyMap<string, number> | undefined,
  ): ReadonlyMap<string, number> {
    if (trained.at.length !== at.length || !same(at, trained.at))
      trained = { at: at.slice(), overrides: new Map(names.map((name, k) => [name, at[k]])) };
    if (own === undefined && moved === undefined) return trained.overrides;
    const all = new Map([...(own ?? []), ...trained.overrides]);
    for (const [name, value] of moved ?? []) {
      const key = keyOf.get(name) ?? name;
      if (!own?.has(key)) all.set(key, value);
    }
    return all;
  }

  function sampleAt(at: Float64Array, k: number, moved?: ReadonlyMap<string, number>): Sample {
    const row = table.row(k);
    const bound = systemAt(at, row, moved);
    const system = table.shared && !moved ? row.driven(bound) : bound;
    const placed = (e: Expr): Expr => (table.shared ? row.place(e) : e);
    const costs = task.costs.map((cost, c) =>
      termOf(
        cost,
        (e) => compiled.functional(bound, placed(e)),
        (name) => compiled.moving(bound, name),
        expressions[c],
        row.lookup,
        bound,
        transient,
      ),
    );
    let sensitivity: Sample['sensitivity'] | undefined;
    return {
      values: at.slice(),
      at: (values) => sampleAt(values, k, moved),
      system,
      costs,
      get sensitivity() {
        return (sensitivity ??= system.sensitivity(names));
      },
    };
  }

  const kept = new Map<number, Sample>();
  const keptAt = Float64Array.from(values);
  const problem: Problem = {
    parameters: movable,
    values,
    rows: Math.max(1, task.rows.length),
    options,
    ...(transient ? { transient } : {}),
    get physical() {
      physical ??= new Map(
        compiled.parameters(task.binding).map(({ name, value }) => [nameOf.get(name) ?? name, value]),
      );
      return physical;
    },
    sample(at, row, moved) {
      if (moved !== undefined && moved.size > 0) return sampleAt(at, row, moved);
      if (!same(at, keptAt)) {
        kept.clear();
        keptAt.set(at);
      }
      let sample = kept.get(row);
      if (sample === undefined) {
        if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
        kept.set(row, (sample = sampleAt(at, row)));
      }
      return sample;
    },
  };
  return problem;
}

/** @throws InputError with the numbers of rows that devices do not take */
function demandBounds(compiled: Compiled, table: TableRows, rows: number): void {
  const problems = Array.from({ length: rows }, (_, k) =>
    compiled
      .faults(table.row(k).binding)
      .map((fault) => ({ ...fault, message: `${fault.message}, in row ${k + 1} of the table` })),
  ).flat();
  if (problems.length > 0) throw new InputError(problems);
}

const same = (a: Float64Array, b: Float64Array): boolean => a.every((value, k) => Object.is(value, b[k]));

/** Voltage sources whose currents cost something. */
function currentsIn({ elements }: Circuit, costs: readonly Cost[]): readonly string[] {
  const named = new Set(
    costs.flatMap(({ signal, target }) => baseNames(target ? [signal, target] : [signal])),
  );
  return elements.flatMap(({ kind, name }) =>
    kind === 'voltage-source' && named.has(`i(${name})`) ? [name] : [],
  );
}

/** Names of columns that only expressions speak of become global parameters. */
function withColumns({ circuit, columns }: LearningTask): Circuit {
  const parameters = new Map(circuit.parameters);
  for (const { name } of columns) if (!parameters.has(name)) parameters.set(name, 0);
  return parameters.size === circuit.parameters.size ? circuit : { ...circuit, parameters };
}

/** One cost of one row, with its numbers. */
function termOf(
  cost: Cost,
  functionalOf: (e: Expr) => Functional,
  movingOf: (name: string) => Moving,
  expression: Expr,
  lookup: (name: string) => number,
  { size }: System,
  transient: TransientRequest | undefined,
): CostTerm {
  const at = (value: Value, what: string): number => finite(number(value, lookup), what, cost);
  const compose = (e: Expr): Functional => placedAt(cost, () => functionalOf(e));
  const weighted = { weight: at(cost.weight, 'weight'), ...(cost.span ? { span: cost.span } : {}) };
  if (cost.kind === 'ac') {
    const frequencies = cost.at?.map((f) => frequencyOf(at(f, 'at'), cost)) ?? cost.sweep ?? [];
    const share = cost.at ? 1 : 1 / frequencies.length;
    const response = placedAt(cost, () =>
      responseCost(textOf(expression), expression, movingOf, lookup, size),
    );
    return { at: 'ac', ...weighted, response, frequencies, share };
  }
  const functional = compose(expression);
  const base = { functional, ...weighted };
  if (cost.kind === 'op') {
    const { signal, target } = cost;
    if (target === undefined || varies(target)) return { at: 'op', ...base };
    const output = { functional: compose(signal), target: at(target, 'target') };
    return { at: 'op', ...base, output };
  }
  if (functional.leavesOut && functional.leavesOut.length > 0) {
    const what = functional.leavesOut.join(', ');
    const message = `the current of ${what} also charges something: over time a cost cannot speak of it`;
    throw wrong(
      'charging-current',
      message,
      'put a voltage source of 0 V in series and speak of its current',
      cost,
    );
  }
  const tstop = transient?.tstop ?? 0;
  const { spans = {} } = cost;
  const within = (t: number, what: string, span = cost.span): number => {
    if (t >= 0 && t <= tstop) return t;
    const hint = t > tstop ? 'let it last longer, or choose an earlier time' : 'choose a later time';
    const message = `${what} = ${t} s: the run lasts from 0 to ${tstop} s`;
    throw new InputError([complaint('bad-time', message, hint, span)]);
  };
  if (cost.at !== undefined) {
    const times = cost.at.map((t, k) => within(at(t, 'at'), 'at', spans.at?.[k])).sort((a, b) => a - b);
    return { at: 'times', ...base, times };
  }
  const from = within(at(cost.from ?? 0, 'from'), 'from', spans.from);
  const to = within(at(cost.to ?? tstop, 'to'), 'to', spans.to);
  if (from < to) return { at: 'interval', ...base, from, to };
  const message = `the integral from ${from} to ${to} s is empty`;
  const place = spans.to ?? spans.from ?? cost.span;
  throw new InputError([complaint('bad-time', message, 'let to lie above from', place)]);
}

function frequencyOf(f: number, cost: Cost): number {
  if (f >= 0) return f;
  throw wrong('bad-frequency', `there is no response at ${f} Hz`, 'a number of hertz, 0 or more', cost);
}

/** Complaints without a place get that of the cost. */
function placedAt<T>({ span }: Cost, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError) || span === undefined) throw error;
    throw new InputError(error.diagnostics.map((d) => ({ span, ...d })));
  }
}

/** Whether an expression speaks of the circuit's state or of time. */
const varies = mentions((name) => name === 'time' || name.includes('('));

function finite(value: number, what: string, cost: Cost): number {
  if (Number.isFinite(value)) return value;
  throw wrong(
    'not-finite',
    `the ${what} of a cost is ${value}`,
    'it must be a finite number in every row',
    cost,
  );
}

/** @throws InputError for a cost of a response to nothing */
function checkStimulus({ costs, movable, columns }: LearningTask, { sources }: System): void {
  const cost = costs.find(({ kind }) => kind === 'ac');
  const mayAnswer =
    sources.some(({ acMagnitude }) => acMagnitude !== 0) ||
    movable.some(({ key }) => key.endsWith('.acmag')) ||
    columns.some((c) => c.kind === 'parameter' || ('parameter' in c && c.parameter === 'acmag'));
  if (cost !== undefined && !mayAnswer)
    throw wrong('no-stimulus', 'no source has an AC magnitude: there is no response', 'V1 in 0 AC 1', cost);
}

/** @throws InputError for signals that the circuit does not have */
function checkSignals(costs: readonly Cost[], compiled: Compiled, system: System): void {
  const problems = costs.flatMap((cost) =>
    baseNames(cost.target ? [cost.signal, cost.target] : [cost.signal])
      .filter((name) => compiled.probe(system, name) === undefined)
      .map((name): Diagnostic => {
        const message = `there is no signal ${name} in this circuit`;
        const hint =
          didYouMean(name, compiled.baseSignals) ?? 'signals are v(node), v(node,node), i(element), w(cell)';
        return complaint('unknown-signal', message, hint, cost.span);
      }),
  );
  if (problems.length > 0) throw new InputError(problems);
}

const wrong = (code: string, message: string, hint: string, { span }: Cost): InputError =>
  new InputError([complaint(code, message, hint, span)]);
