// Problems from the text of a deck: what may move, and a quadratic cost.
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import { type Compiled, compile } from '../../src/circuit/compile.js';
import type { System } from '../../src/circuit/system.js';
import { constant, half, square, sub, symbol } from '../../src/expression/build.js';
import type { CostTerm, Problem, Sample } from '../../src/learn/problem.js';
import { parseDeck } from '../../src/netlist/parse.js';

/** `v(out)` and where it should be. */
export interface Target {
  readonly unknown: string;
  readonly target: number;
  readonly weight?: number;
}

/** Position of `v(a)`, `i(l1)`, `w(n1)` in x. */
export function positionOf(system: System, name: string): number {
  const among = system.unknowns.findIndex((u) => u.name === name);
  if (among >= 0) return among;
  const given = system.inputVariables.findIndex((u) => u.name === name);
  if (given < 0) throw new Error(`there is no ${name} among ${system.unknowns.map((u) => u.name).join()}`);
  return system.n + given;
}

/** ½(signal − target)² for each. */
export const quadraticCosts = (compiled: Compiled, system: System, targets: readonly Target[]): CostTerm[] =>
  targets.map(({ unknown, target, weight = 1 }) => ({
    at: 'op',
    functional: compiled.functional(system, half(square(sub(symbol(unknown), constant(target))))),
    weight,
    output: { functional: compiled.functional(system, symbol(unknown)), target },
  }));

/** Values as they stand on the cards; 'all': every trainable number that is not at zero by default. */
export type Train = readonly string[] | 'all';

/** Learning on a deck without title and `.end`. */
export function problemOf(deck: string, train: Train, targets: readonly Target[]): Problem {
  const compiled = compile(parseDeck(`title\n${deck}\n.end\n`).circuit);
  const known = compiled.parameters();
  const marked = known.filter(({ name, trainable, value }) =>
    train === 'all' ? trainable && value !== 0 : train.includes(name),
  );
  const names = marked.map(({ name }) => name);
  const sample = (values: Float64Array): Sample => {
    const system = compiled.bind({ values: new Map(names.map((name, k) => [name, values[k]])) });
    return {
      system,
      values,
      costs: quadraticCosts(compiled, system, targets),
      sensitivity: system.sensitivity(names),
      at: sample,
    };
  };
  return {
    parameters: marked.map(({ name, element, unit, min, max }) => ({
      name,
      unit,
      min,
      max,
      log: false,
      group: element.replace(/\d.*/, ''),
    })),
    values: Float64Array.from(marked, ({ value }) => value),
    rows: 1,
    options: DEFAULT_OPTIONS,
    physical: new Map(known.map(({ name, value }) => [name, value])),
    sample,
  };
}
