// Diagonal dominance of a sparse matrix whose rows have signs.
import type { Pattern } from './pattern.js';
import { scratch } from './scratch.js';

/**
 * Whether a matrix A, rows that are not `positive` reversed, is diagonally dominant with diagonal entries ≥ 0: its symmetric
 * part, or A itself, which must then be symmetric.
 */
export function dominant(
  { n, nnz, colPtr, rowIdx }: Pattern,
  positive: Uint8Array,
  a: Float64Array,
  part: 'symmetric part' | 'whole',
): boolean {
  const at = scratch(20 * n + 4 * (n + 1) + n + 12 * nnz + 96);
  const { byteOffset: columns } = at.integers(colPtr);
  const { byteOffset: rows } = at.integers(rowIdx);
  const { byteOffset: signs } = at.bytes(positive);
  const { byteOffset: values } = at.floats(a.subarray(0, nnz));
  const { byteOffset: work } = at.bytes(20 * n);
  return Boolean(at.kernels.dominant(n, columns, rows, signs, values, part === 'symmetric part', work));
}
