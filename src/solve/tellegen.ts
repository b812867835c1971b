// Tellegen's theorem across two companion networks of one instant: Σ v·i of A w in one and of Aᵀλ = −ν in the other.

import type { System } from '../circuit/system.js';
import type { Pattern } from '../math/pattern.js';
import { createRandom } from '../math/random.js';

const SEED = 1952;

/**
 * An audit of solutions λ of (G + αC)ᵀλ = −ν: |wᵀAᵀλ + wᵀν| over the sum of the magnitudes of its terms, with voltages w
 * that are drawn once. Rounding if λ solves, and the error of λ as w sees it if not.
 */
export function createAudit({
  n,
  pattern,
}: System): (
  G: Float64Array,
  C: Float64Array,
  alpha: number,
  lambda: Float64Array,
  nu: Float64Array,
) => number {
  const random = createRandom(SEED);
  const w = new Float64Array(n);
  for (let i = 0; i < n; i++) w[i] = 2 * random.uniform() - 1;
  return (G, C, alpha, lambda, nu) => exchanged(pattern, w, G, C, alpha, lambda, nu);
}

function exchanged(
  { n, colPtr, rowIdx }: Pattern,
  w: Float64Array,
  G: Float64Array,
  C: Float64Array,
  alpha: number,
  lambda: Float64Array,
  nu: Float64Array,
): number {
  const [ofG, ofC] = alpha === Infinity ? [0, 1] : [1, alpha];
  let sum = 0;
  let all = 0;
  for (let j = 0; j < n; j++) {
    const end = colPtr[j + 1];
    let current = 0;
    for (let k = colPtr[j]; k < end; k++) current += (ofG * G[k] + ofC * C[k]) * lambda[rowIdx[k]];
    sum += w[j] * (current + nu[j]);
    all += Math.abs(w[j] * current) + Math.abs(w[j] * nu[j]);
  }
  return all > 0 ? Math.abs(sum) / all : 0;
}
