// `.step`, `.data` and nested `.dc`: the list of bindings that a run goes through, outermost variable slowest.
import type { Value } from '../circuit/circuit.js';
import type { Binding } from '../circuit/compile.js';
import { InputError, type Span } from '../errors.js';
import { type Deck, type Grid, numberOf, parameterValues, type SweepVariable } from '../netlist/deck.js';

/** Longest list of values a grid may give: more is a slip of the pen. */
const MOST_VALUES = 10_000_000;

/** One setting of every swept variable. */
export interface Run {
  /** Column name → value, in the order of the cards; empty when nothing is swept. */
  readonly step: Readonly<Record<string, number>>;
  readonly binding: Binding;
}

/** The name under which a swept variable stands in results: `temp`, `r` of `.param r`, `v1`, `r1`, `dmod.is`. */
export function variableName(v: SweepVariable): string {
  return v.kind === 'model' ? `${v.name}.${v.parameter}` : v.name;
}

/** A binding with one more variable set. */
export function assign(binding: Binding, v: SweepVariable, value: number): Binding {
  switch (v.kind) {
    case 'temperature':
      return { ...binding, celsius: value };
    case 'parameter':
      return { ...binding, parameters: new Map(binding.parameters).set(v.name, value) };
    case 'model':
      return { ...binding, models: new Map(binding.models).set(`${v.name}.${v.parameter}`, value) };
    case 'source':
    case 'element':
      return { ...binding, values: new Map(binding.values).set(`${v.name}.${v.parameter}`, value) };
  }
}

/** start, start ± step, … as far as stop, which is hit when it lies on the grid to a millionth of a step. */
export function linearGrid(start: number, stop: number, step: number, span?: Span): Float64Array {
  if (start === stop) return Float64Array.of(start);
  const intervals = (stop - start) / step;
  if (!(intervals >= 0)) {
    throw wrong(
      `a sweep from ${start} to ${stop} needs a step ${stop > start ? 'above' : 'below'} 0, not ${step}`,
      span,
    );
  }
  if (!(intervals < MOST_VALUES))
    throw wrong(`${start} to ${stop} by ${step} is more than ten million values`, span);
  const n = Math.floor(intervals + 1e-6);
  return Float64Array.from({ length: n + 1 }, (_, k) =>
    k > 0 && k === n && Math.abs(intervals - n) <= 1e-6 ? stop : start + k * step,
  );
}

/** Values of a grid, bound to numbers. */
export function gridValues(grid: Grid, lookup: (name: string) => number, span?: Span): Float64Array {
  const number = (v: Value): number => numberOf(v, lookup);
  if (grid.scale === 'list') return Float64Array.from(grid.values, number);
  const start = number(grid.start);
  const stop = number(grid.stop);
  if (grid.scale === 'lin') return linearGrid(start, stop, number(grid.step), span);
  return logarithmicGrid(start, stop, number(grid.points), grid.scale === 'dec' ? 10 : 2, span);
}

function logarithmicGrid(
  start: number,
  stop: number,
  points: number,
  base: number,
  span?: Span,
): Float64Array {
  const octaves = Math.log(stop / start) / Math.log(base);
  if (!(octaves >= 0) || !(points >= 1)) {
    throw wrong(
      `a logarithmic sweep needs 0 < start ≤ stop and at least 1 point, not ${start}, ${stop}, ${points}`,
      span,
    );
  }
  const n = Math.floor(octaves * points + 1e-6);
  return Float64Array.from({ length: n + 1 }, (_, k) =>
    k === n && Math.abs(octaves * points - n) <= 1e-6 ? stop : start * base ** (k / points),
  );
}

/** Every run of a deck's `.step` cards, and of the table an analysis names with `sweep data=`. */
export function runsOf(deck: Deck, base: Binding, data?: string): readonly Run[] {
  let runs: readonly Run[] = [{ step: {}, binding: base }];
  for (const card of deck.steps) {
    if ('data' in card) runs = overTable(deck, runs, card.data, card.span);
    else {
      runs = runs.flatMap((run) =>
        [...gridValues(card.grid, lookupOf(deck, run.binding), card.span)].map((value) => ({
          step: { ...run.step, [variableName(card.variable)]: value },
          binding: assign(run.binding, card.variable, value),
        })),
      );
    }
  }
  return data === undefined ? runs : overTable(deck, runs, data, deck.data.get(data)?.span);
}

function overTable(deck: Deck, runs: readonly Run[], name: string, span?: Span): readonly Run[] {
  const table = deck.data.get(name);
  if (!table) throw wrong(`there is no .data table called ${name}`, span);
  return runs.flatMap((run) =>
    table.rows.map((row) =>
      table.columns.reduce<Run>(({ step, binding }, variable, k) => {
        const value = numberOf(row[k], lookupOf(deck, run.binding));
        return {
          step: { ...step, [variableName(variable)]: value },
          binding: assign(binding, variable, value),
        };
      }, run),
    ),
  );
}

/** Values of global parameters under a binding. */
export function scalarsOf(deck: Deck, binding: Binding): Map<string, number> {
  const { parameters } = deck.circuit;
  const temperature = binding.celsius ?? deck.circuit.temperature;
  return parameterValues({ parameters, temperature }, binding.parameters);
}

function lookupOf(deck: Deck, binding: Binding): (name: string) => number {
  const scalars = scalarsOf(deck, binding);
  return (name) => scalars.get(name) ?? Number.NaN;
}

const wrong = (message: string, span?: Span): InputError =>
  new InputError([
    {
      severity: 'error',
      code: 'sweep',
      message,
      hint: 'write start, stop and step so that the step leads from one to the other',
      ...(span ? { span } : {}),
    },
  ]);
