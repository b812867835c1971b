// Currents that flow one way only: an antisymmetric K, ‖K‖ = level·‖G‖, between nodes that conduct to each other.
import type { System } from '../../circuit/system.js';
import { slotOf } from '../../math/pattern.js';
import type { Random } from '../../math/random.js';
import type { Addition } from '../compose/augment.js';
import { positive } from './knob.js';

export const leak = positive(
  'leak',
  '',
  'unilateral leak: a random antisymmetric part added to G between nodes, ‖K‖/‖G‖ in the Frobenius norm',
);

export interface Pair {
  readonly i: number;
  readonly j: number;
}

/** Pairs of unknown node voltages on which G acts both ways. @param G slots of G at some x */
export function conductingPairs({ pattern, isNode, n }: System, G: Float64Array): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let j = 0; j < n; j++) {
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1] && isNode[j]; k++) {
      const i = pattern.rowIdx[k];
      if (i >= j || !isNode[i]) continue;
      const lower = slotOf(pattern, j, i);
      if (lower >= 0 && (G[k] !== 0 || G[lower] !== 0)) pairs.push({ i, j });
    }
  }
  return pairs;
}

/** ‖G‖ over the n×n entries. */
export function frobenius({ pattern }: System, G: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < pattern.nnz; k++) sum += G[k] * G[k];
  return Math.sqrt(sum);
}

/** One specimen of K x. The direction does not depend on the level. */
export function unilateral(system: System, G: Float64Array, level: number, random: Random): Addition {
  const pairs = conductingPairs(system, G);
  const drawn = pairs.map(() => random.normal());
  const norm = Math.sqrt(2 * drawn.reduce((sum, z) => sum + z * z, 0));
  const scale = norm === 0 ? 0 : (level * frobenius(system, G)) / norm;
  const terms = pairs.flatMap(({ i, j }, k) => [
    { row: i, column: j, value: scale * drawn[k] },
    { row: j, column: i, value: -scale * drawn[k] },
  ]);
  return {
    linear: true,
    entries: {
      rows: Int32Array.from(terms, (t) => t.row),
      cols: Int32Array.from(terms, (t) => t.column),
    },
    addCurrents(x, _t, f) {
      for (const { row, column, value } of terms) f[row] += value * x[column];
    },
    partials(_x, _t, values) {
      terms.forEach(({ value }, k) => {
        values[k] = value;
      });
    },
  };
}
