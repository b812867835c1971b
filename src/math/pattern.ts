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

/** So many entries are sooner sorted by kernels; fewer are not worth a memory of their own. */
const MANY = 2000;

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
  return rows.length < MANY ? mergeFew(n, rows, cols) : mergeMany(n, rows, cols);
}

const outside = (n: number, k: number, i: number): RangeError =>
  new RangeError(`index ${i} of entry ${k} is outside [0, ${n})`);

function mergeFew(n: number, rows: Int32Array, cols: Int32Array): ReturnType<typeof buildPattern> {
  const count = rows.length;
  const order = stableOrder(n, cols, stableOrder(n, rows));
  const colPtr = new Int32Array(n + 1);
  const slot = new Int32Array(count);
  const rowIdx = new Int32Array(count);
  let nnz = 0;
  let lastRow = -1;
  let lastCol = -1;
  for (let t = 0; t < count; t++) {
    const k = order[t];
    const row = rows[k];
    if (row !== lastRow || cols[k] !== lastCol) {
      lastRow = row;
      lastCol = cols[k];
      rowIdx[nnz++] = row;
      colPtr[lastCol + 1]++;
    }
    slot[k] = nnz - 1;
  }
  for (let j = 0; j < n; j++) colPtr[j + 1] += colPtr[j];
  return { pattern: { n, nnz, colPtr, rowIdx: rowIdx.slice(0, nnz) }, slot };
}

/** `order` (by default as they come) rearranged so that key[order[…]] ascends, equal keys keeping their order. */
function stableOrder(n: number, key: Int32Array, order?: Int32Array): Int32Array {
  const start = startsOf(n, key);
  const sorted = new Int32Array(key.length);
  for (let t = 0; t < key.length; t++) {
    const k = order === undefined ? t : order[t];
    sorted[start[key[k]]++] = k;
  }
  return sorted;
}

/** Where the entries of each of n keys begin once they are sorted, and where the last end. */
function startsOf(n: number, key: Int32Array): Int32Array {
  const start = new Int32Array(n + 1);
  for (let k = 0; k < key.length; k++) {
    const i = key[k];
    if (i < 0 || i >= n) throw outside(n, k, i);
    start[i + 1]++;
  }
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  return start;
}

function mergeMany(n: number, rows: Int32Array, cols: Int32Array): ReturnType<typeof buildPattern> {
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
    throw outside(n, k, rows[k] >= 0 && rows[k] < n ? cols[k] : rows[k]);
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
  pattern: Pattern,
  otherRow: Int32Array,
  otherCol: Int32Array,
  size: number,
): ByRow {
  const { nnz, rowIdx } = pattern;
  const count = nnz + otherRow.length;
  const rows = new Int32Array(count);
  rows.set(rowIdx);
  rows.set(otherRow, nnz);
  return count < MANY
    ? byRowOfFew(pattern, rows, otherCol, size)
    : byRowOfMany(pattern, rows, otherCol, size);
}

function byRowOfFew(
  { n, nnz, colPtr }: Pattern,
  rows: Int32Array,
  otherCol: Int32Array,
  size: number,
): ByRow {
  const slot = stableOrder(size, rows);
  const columnOf = new Int32Array(rows.length);
  for (let c = 0; c < n; c++) columnOf.fill(c, colPtr[c], colPtr[c + 1]);
  columnOf.set(otherCol, nnz);
  return { start: startsOf(size, rows), slot, column: slot.map((k) => columnOf[k]) };
}

function byRowOfMany(
  { n, nnz, colPtr }: Pattern,
  rows: Int32Array,
  otherCol: Int32Array,
  size: number,
): ByRow {
  const count = rows.length;
  const at = scratch(4 * (n + 1 + 4 * count + size + 1) + 96);
  const start = at.integers(size + 1);
  const slot = at.integers(count);
  const column = at.integers(count);
  column.set(otherCol, nnz);
  at.kernels.entriesByRow(
    n,
    at.integers(colPtr).byteOffset,
    count,
    at.integers(rows).byteOffset,
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
