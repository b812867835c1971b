import { scratch } from './scratch.js';

/** Where the non-zeros of a square sparse matrix stand: compressed columns, rows ascending within a column. */
export interface Pattern {
  readonly n: number;
  readonly nnz: number;
  /** Length n + 1. */
  readonly colPtr: Int32Array;
  /** Length nnz. */
  readonly rowIdx: Int32Array;
}

/**
 * Merges the entries (rows[k], cols[k]), 0 ≤ row, col < n, into one pattern; `slot[k]` is where entry k ended. Linear
 * time: a counting sort by row, then by column.
 *
 * @throws RangeError when an index is outside [0, n).
 */
export function buildPattern(
  n: number,
  rows: Int32Array,
  cols: Int32Array,
): { readonly pattern: Pattern; readonly slot: Int32Array } {
  const count = rows.length;
  const at = scratch(4 * (6 * count + 2 * (n + 1)) + 128);
  const slot = at.integers(count);
  const colPtr = at.integers(n + 1);
  const rowIdx = at.integers(count);
  const nnz = at.kernels.mergeEntries(
    n,
    count,
    at.integers(rows).byteOffset,
    at.integers(cols).byteOffset,
    slot.byteOffset,
    colPtr.byteOffset,
    rowIdx.byteOffset,
    at.integers(n + 1 + 2 * count).byteOffset,
  );
  if (nnz < 0) {
    const k = -1 - nnz;
    const i = rows[k] >= 0 && rows[k] < n ? cols[k] : rows[k];
    throw new RangeError(`index ${i} of entry ${k} is outside [0, ${n})`);
  }
  const pattern = { n, nnz, colPtr: colPtr.slice(), rowIdx: rowIdx.slice(0, nnz) };
  return { pattern, slot: slot.slice() };
}

/** Entries by rows: those of row r stand at `slot[start[r]…]`, in the columns `column[start[r]…]`. */
export interface ByRow {
  readonly start: Int32Array;
  readonly slot: Int32Array;
  readonly column: Int32Array;
}

/**
 * The entries of a pattern, and behind them others at (otherRow[k], otherCol[k]), by rows, of which there are `size`; within
 * a row they stand as they come.
 */
export function entriesByRow(
  { n, nnz, colPtr, rowIdx }: Pattern,
  otherRow: Int32Array,
  otherCol: Int32Array,
  size: number,
): ByRow {
  const count = nnz + otherRow.length;
  const at = scratch(4 * (n + 1 + 4 * count + size + 1) + 96);
  const start = at.integers(size + 1);
  const slot = at.integers(count);
  const column = at.integers(count);
  column.set(otherCol, nnz);
  const rows = at.integers(count);
  rows.set(rowIdx);
  rows.set(otherRow, nnz);
  at.kernels.entriesByRow(
    n,
    at.integers(colPtr).byteOffset,
    count,
    rows.byteOffset,
    size,
    start.byteOffset,
    slot.byteOffset,
    column.byteOffset,
    at.integers(count).byteOffset,
  );
  return { start: start.slice(), slot: slot.slice(), column: column.slice() };
}

/** Where entry (row, column) stands, or −1. */
export function slotOf({ colPtr, rowIdx }: Pattern, row: number, column: number): number {
  for (let low = colPtr[column], high = colPtr[column + 1] - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    if (rowIdx[middle] === row) return middle;
    if (rowIdx[middle] < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
