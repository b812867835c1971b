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
  const count = key.length;
  const start = new Int32Array(n + 1);
  for (let k = 0; k < count; k++) {
    const i = key[k];
    if (i < 0 || i >= n) throw new RangeError(`index ${i} of entry ${k} is outside [0, ${n})`);
    start[i + 1]++;
  }
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const sorted = new Int32Array(count);
  if (order === undefined) for (let k = 0; k < count; k++) sorted[start[key[k]]++] = k;
  else {
    for (let t = 0; t < count; t++) {
      const k = order[t];
      sorted[start[key[k]]++] = k;
    }
  }
  return sorted;
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
