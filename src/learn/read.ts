// One reader for every rule: dC/dp = ∂c/∂p + λᵀ∂f/∂p, a sum of local products of a co-state and a state.
import type { System } from '../circuit/system.js';
import type { OperatingCost } from './cost.js';
import type { Sample } from './problem.js';

/** Nodes and weights of Gauss's rule with 5 points on [0, 1]: exact for polynomials of degree 9. */
const GAUSS: readonly (readonly [at: number, weight: number])[] = [
  [0.5, 64 / 225],
  ...([-1, 1] as const).flatMap((sign) =>
    ([-1, 1] as const).map((which): [number, number] => [
      0.5 + (sign * Math.sqrt(5 + which * 2 * Math.sqrt(10 / 7))) / 6,
      (322 - which * 13 * Math.sqrt(70)) / 1800,
    ]),
  ),
];

/** Collects a gradient from co-states; one reader serves a sample, begun anew for every gradient. */
export interface GradientReader {
  /** Forgets what was added. */
  begin(): void;
  /** += λᵀ∂f/∂p at x, what sources and delayed signals depend on included; λ of length n. */
  addCostate(lambda: Float64Array, x: Float64Array): void;
  /** += factor · ∫ (S dx)ᵀ ∂f/∂p along the straight line from a to b, with S = 1 unless given: with f = ∂P/∂x this is
   * ∂P/∂p at b less ∂P/∂p at a. */
  addContrast(a: Float64Array, b: Float64Array, factor: number, weights?: Float64Array): void;
  /** += ∂c/∂p with the unknowns fixed: through known nodes, and where c itself speaks of parameters. */
  addExplicit(cost: OperatingCost, x: Float64Array): void;
  gradient(): Float64Array;
}

/** ν (length size) += λᵀ∂f/∂x over the columns of inputs, from a filled G; λ in its rows < n. */
export function addInputColumns(
  { n, pattern, borderRow, borderCol }: System,
  G: Float64Array,
  lambda: Float64Array,
  nu: Float64Array,
): void {
  for (let k = 0; k < borderRow.length; k++) {
    if (borderRow[k] < n && borderCol[k] >= n) nu[borderCol[k]] += lambda[borderRow[k]] * G[pattern.nnz + k];
  }
}

/** A reader of the gradient of one sample. */
export function createReader({ system, sensitivity }: Sample): GradientReader {
  const { n, size, slots, charges, delays } = system;
  const f = new Float64Array(size);
  const q = new Float64Array(charges);
  const G = new Float64Array(slots);
  const C = new Float64Array(slots);
  const wide = new Float64Array(size);
  const nu = new Float64Array(size);
  const between = new Float64Array(size);

  /** += νᵀ of what is given from outside at x; at rest a delayed signal is what it delays, known nodes included. */
  function addInputs(x: Float64Array): void {
    delays.forEach(({ slot, signal: { index, weight } }, k) => {
      const value = nu[slot];
      if (value === 0) return;
      sensitivity.addDelayed(k, value, x);
      for (let j = 0; j < index.length; j++) nu[index[j]] += weight[j] * value;
    });
    sensitivity.addSources(nu, 'dc');
  }

  const reader: GradientReader = {
    begin: () => sensitivity.clear(),
    addCostate(lambda, x) {
      wide.fill(0);
      wide.set(lambda.subarray(0, n));
      sensitivity.addCurrents(wide, x, 0);
      system.evaluate(x, 0, f, q, G, C);
      nu.fill(0);
      addInputColumns(system, G, wide, nu);
      addInputs(x);
    },
    addContrast(a, b, factor, weights) {
      const way = new Float64Array(n);
      for (const [at, weight] of GAUSS) {
        for (let i = 0; i < size; i++) between[i] = a[i] + at * (b[i] - a[i]);
        for (let i = 0; i < n; i++) way[i] = factor * weight * (weights ? weights[i] : 1) * (b[i] - a[i]);
        reader.addCostate(way, between);
      }
    },
    addExplicit(cost, x) {
      nu.fill(0);
      cost.addGradient(x, 0, 1, nu);
      nu.fill(0, 0, n);
      addInputs(x);
      for (const { functional, weight } of cost.terms) sensitivity.addFunctional(functional, weight, x, 0);
    },
    gradient: () => sensitivity.gradient(),
  };
  return reader;
}
