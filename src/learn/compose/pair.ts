// Two copies of a circuit's unknowns, (a, b), over one set of inputs: where everything of the circuit stands in the
// pair, and the states of the circuit that combinations of the two copies are.
import type { Junctions, Signal, System, Variable } from '../../circuit/system.js';

/** p = weights[0]·a + weights[1]·b. */
export type Combination = readonly [a: number, b: number];

/** Index maps from a circuit to the pair; unknown i of copy c is c·n + i. */
export interface Pair {
  readonly n: number;
  readonly size: number;
  /** Where entry j ≥ n of the circuit's x stands in that of the pair; delays are those of the p-th set of lines. */
  input(p: number, j: number): number;
  /** Slot of the k-th delay of the transposed network. */
  dualInput(k: number): number;
  readonly inputVariables: readonly Variable[];
  /** out (length size of the circuit) := the circuit's state at a combination of x, with the p-th set of lines. */
  state(of: Combination, p: number, x: Float64Array, out: Float64Array): void;
  /** A signal of the circuit at a combination, as a signal of the pair. */
  signal(of: Combination, p: number, s: Signal): Signal;
  applySources(values: Float64Array, x: Float64Array): void;
}

/** @param lines sets of delay lines of the circuit, beside those of the transposed one */
export function createPair(system: System, lines: number): Pair {
  const { n, delays, modes } = system;
  const inputs = system.size - 2 - n;
  const extra = delays.length * lines;
  const size = 2 * n + inputs + extra + 2;
  const delayAt = new Map(delays.map(({ slot }, k) => [slot, k]));
  const fromSources = Array.from({ length: inputs }, (_, k) => n + k).filter(
    (j) => !delayAt.has(j) && !modes.some(({ slot }) => slot === j),
  );
  const scratch = new Float64Array(system.size);
  const pair: Pair = {
    n,
    size,
    input(p, j) {
      if (j >= n + inputs) return j - system.size + size;
      const k = delayAt.get(j);
      return k === undefined || p === 0 ? n + j : 2 * n + inputs + (p - 1) * delays.length + k;
    },
    dualInput: (k) => 2 * n + inputs + (lines - 1) * delays.length + k,
    inputVariables: [
      ...system.inputVariables,
      ...Array.from({ length: extra }, (_, e): Variable => {
        const { name, quantity } = system.inputVariables[delays[e % delays.length].slot - n];
        const dual = e >= (lines - 1) * delays.length;
        return { name: `${dual ? 's' : 'z'}(${name})`, quantity, differential: false };
      }),
    ],
    state([a, b], p, x, out) {
      for (let i = 0; i < n; i++) out[i] = a * x[i] + b * x[n + i];
      for (let j = n; j < n + inputs; j++) out[j] = x[n + j];
      if (p > 0) for (const { slot } of delays) out[slot] = x[pair.input(p, slot)];
      out[system.size - 2] = x[size - 2];
      out[system.size - 1] = 0;
    },
    signal(of, p, { index, weight }) {
      return signal(
        [...index].flatMap((j, k) =>
          j < n ? spread(n, of, j, weight[k]) : [[pair.input(p, j), weight[k]] as const],
        ),
      );
    },
    applySources(values, x) {
      system.applySources(values, scratch);
      for (const j of fromSources) x[n + j] = scratch[j];
      x[size - 2] = 1;
      x[size - 1] = 0;
    },
  };
  return pair;
}

/** weight·(combination of unknown i), term by term. */
export const spread = (
  n: number,
  of: Combination,
  i: number,
  weight: number,
): (readonly [number, number])[] =>
  of.flatMap((share, c) => (share === 0 ? [] : [[c * n + i, share * weight] as const]));

export const signal = (terms: readonly (readonly [number, number])[]): Signal => ({
  index: Int32Array.from(terms, ([index]) => index),
  weight: Float64Array.from(terms, ([, weight]) => weight),
});

/** The junctions of the copies named; those of copy c begin at (its place)·count. */
export function pairedJunctions(
  { junctions: { count, plus, minus, thermal, critical } }: System,
  pair: Pair,
  copies: readonly number[],
): Junctions {
  const place = (c: number) => (j: number) => (j < pair.n ? c * pair.n + j : pair.input(0, j));
  const repeated = (values: Float64Array) => Float64Array.from(copies.flatMap(() => [...values]));
  return {
    count: count * copies.length,
    plus: Int32Array.from(copies.flatMap((c) => [...plus].map(place(c)))),
    minus: Int32Array.from(copies.flatMap((c) => [...minus].map(place(c)))),
    thermal: repeated(thermal),
    critical: repeated(critical),
  };
}
