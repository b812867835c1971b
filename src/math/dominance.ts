// Diagonal dominance of a sparse matrix whose rows have signs.
import { type Pattern, slotOf } from './pattern.js';
import { scratch } from './scratch.js';

/** Smaller matrices are not worth a memory of the kernels. */
const LARGE = 200;
const ROUNDING = 1e-12;

/**
 * Whether a matrix A, rows that are not `positive` reversed, is diagonally dominant with diagonal entries ≥ 0: its symmetric
 * part, or A itself, which must then be symmetric.
 */
export function dominant(
  pattern: Pattern,
  positive: Uint8Array,
  a: Float64Array,
  part: 'symmetric part' | 'whole',
): boolean {
  const symmetrise = part === 'symmetric part';
  return pattern.n < LARGE
    ? dominantByLoops(pattern, positive, a, symmetrise)
    : dominantByKernels(pattern, positive, a, symmetrise);
}

function dominantByLoops(
  pattern: Pattern,
  positive: Uint8Array,
  a: Float64Array,
  symmetrise: boolean,
): boolean {
  const { n, colPtr, rowIdx } = pattern;
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) {
      const i = rowIdx[k];
      const value = positive[i] ? a[k] : -a[k];
      if (i === j) {
        diagonal[i] = value;
        continue;
      }
      const mirror = slotOf(pattern, j, i);
      const opposite = mirror < 0 ? 0 : positive[j] ? a[mirror] : -a[mirror];
      if (symmetrise) {
        beside[i] += Math.abs(value + opposite) / 2;
        if (mirror < 0) beside[j] += Math.abs(value) / 2;
      } else if (Math.abs(value - opposite) <= ROUNDING * Math.abs(value)) beside[i] += Math.abs(value);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) if (!(diagonal[i] >= beside[i] * (1 - ROUNDING))) return false;
  return true;
}

function dominantByKernels(
  { n, nnz, colPtr, rowIdx }: Pattern,
  positive: Uint8Array,
  a: Float64Array,
  symmetrise: boolean,
): boolean {
  const at = scratch(20 * n + 4 * (n + 1) + n + 12 * nnz + 96);
  const { byteOffset: columns } = at.integers(colPtr);
  const { byteOffset: rows } = at.integers(rowIdx);
  const { byteOffset: signs } = at.bytes(positive);
  const { byteOffset: values } = at.floats(a.subarray(0, nnz));
  const { byteOffset: work } = at.bytes(20 * n);
  return Boolean(at.kernels.dominant(n, columns, rows, signs, values, symmetrise, work));
}
