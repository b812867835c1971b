// The columns of G and C that belong to inputs which may move: all but the constant and ground.
import type { System } from '../circuit/system.js';

/** Border entries in rows of unknowns. */
export interface InputColumns {
  readonly slot: Int32Array;
  readonly row: Int32Array;
  readonly column: Int32Array;
}

export function inputColumns({ n, size, pattern, borderRow, borderCol }: System): InputColumns {
  const found: number[] = [];
  for (let k = 0; k < borderRow.length; k++)
    if (borderRow[k] < n && borderCol[k] >= n && borderCol[k] < size - 2) found.push(k);
  return {
    slot: Int32Array.from(found, (k) => pattern.nnz + k),
    row: Int32Array.from(found, (k) => borderRow[k]),
    column: Int32Array.from(found, (k) => borderCol[k]),
  };
}

/** out += factor·Av over these columns. */
export function addBorder(
  { slot, row, column }: InputColumns,
  A: Float64Array,
  factor: number,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < slot.length; k++) out[row[k]] += factor * A[slot[k]] * v[column[k]];
}

/** out += factor·Aᵀv over these columns. */
export function addTransposedBorder(
  { slot, row, column }: InputColumns,
  A: Float64Array,
  factor: number,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < slot.length; k++) out[column[k]] += factor * A[slot[k]] * v[row[k]];
}
