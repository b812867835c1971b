// A x and Aᵀx for slots of G or C on the unknowns.
import type { System } from '../../circuit/system.js';

export function product(
  { n, pattern }: System,
  a: Float64Array,
  x: Float64Array,
  transposed: boolean,
): Float64Array {
  const y = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) {
      const i = pattern.rowIdx[k];
      if (transposed) y[j] += a[k] * x[i];
      else y[i] += a[k] * x[j];
    }
  }
  return y;
}
