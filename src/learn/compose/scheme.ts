// The forms of the doubled circuit as tables: which states are looked at, and what of them goes into which copy's rows.
import type { Combination } from './pair.js';

/**
 * Rows r of a pair hold Σ_p currents[p][r]·f(p) + transposed[p][r]·(G(p)ᵀs − β∇c(p)), where the points p are
 * combinations of the two copies, as are the mean and the stress s. Copy c stores the charges of point charges[c];
 * where the list has but one, the second copy those of the transposed network.
 */
export interface Scheme {
  readonly points: readonly Combination[];
  readonly currents: readonly Combination[];
  readonly transposed: readonly Combination[];
  readonly mean: Combination;
  readonly stress: Combination;
  readonly charges: readonly number[];
}

/**
 * - `m-s`: the mean m and the stress s themselves; rows m are the circuit, rows s its transpose, slaved to m.
 * - `x-z`: two copies x = m + s/2, z = m − s/2, coupled through everything taken at m.
 * - `split`: the copies take f, G and ∇c at x and at z: what hardware can do with two circuits, and biased by O(β²).
 */
export type DyadicForm = 'm-s' | 'x-z' | 'split';

export const SCHEMES: Record<DyadicForm, Scheme> = {
  'm-s': {
    points: [[1, 0]],
    currents: [[1, 0]],
    transposed: [[0, 1]],
    mean: [1, 0],
    stress: [0, 1],
    charges: [0],
  },
  'x-z': {
    points: [
      [0.5, 0.5],
      [1, 0],
      [0, 1],
    ],
    currents: [[1, 1]],
    transposed: [[0.5, -0.5]],
    mean: [0.5, 0.5],
    stress: [1, -1],
    charges: [1, 2],
  },
  split: {
    points: [
      [1, 0],
      [0, 1],
    ],
    currents: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    transposed: [
      [0.5, 0],
      [0, -0.5],
    ],
    mean: [0.5, 0.5],
    stress: [1, -1],
    charges: [0, 1],
  },
};
