// The order in which a sparse matrix is eliminated: a zero-free diagonal, block upper triangular form, and approximate
// minimum degree of A + Aᵀ within each diagonal block.
import { instantiate } from './kernels/instance.js';
import type { Pattern } from './pattern.js';

export interface Ordering {
  /** position → column of A. */
  readonly columns: Int32Array;
  /** position → row of A that stands on the diagonal there, before any pivoting. */
  readonly rows: Int32Array;
  /** First position of every diagonal block, then n. */
  readonly blockStart: Int32Array;
}

/**
 * Orders a matrix as `createLu` does. Entries of `values` (in the pattern's order; all ones when absent) that are zero
 * are kept off the diagonal when that is possible; apart from that only the pattern counts.
 *
 * Source: Duff, ACM TOMS 7 (1981); Tarjan, SIAM J. Comput. 1 (1972); Amestoy, Davis & Duff, SIMAX 17 (1996).
 */
export function orderMatrix(pattern: Pattern, values?: Float64Array): Ordering {
  const { n, nnz } = pattern;
  const kernels = instantiate();
  kernels.create(n, nnz, 8);
  const { buffer } = kernels.memory;
  new Int32Array(buffer, kernels.addressOfColPtr(), n + 1).set(pattern.colPtr);
  new Int32Array(buffer, kernels.addressOfRowIdx(), nnz).set(pattern.rowIdx);
  const inside = new Float64Array(buffer, kernels.addressOfValues(), nnz);
  if (values) inside.set(values.subarray(0, nnz));
  else inside.fill(1);
  kernels.analyseReal();
  const result = (address: number, length: number) =>
    new Int32Array(kernels.memory.buffer, address, length).slice();
  return {
    columns: result(kernels.addressOfColumnAt(), n),
    rows: result(kernels.addressOfRowOfLabel(), n),
    blockStart: result(kernels.addressOfBlockStart(), kernels.countBlocks() + 1),
  };
}
