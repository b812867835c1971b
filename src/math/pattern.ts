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
 * time: one counting sort by row, one by column.
 *
 * @throws RangeError when an index is outside [0, n).
 */
export function buildPattern(
  n: number,
  rows: Int32Array,
  cols: Int32Array,
): { readonly pattern: Pattern; readonly slot: Int32Array } {
  const byRow = stableOrder(n, rows, identity(rows.length));
  const order = stableOrder(n, cols, byRow);
  const colPtr = new Int32Array(n + 1);
  const slot = new Int32Array(rows.length);
  const rowIdx = new Int32Array(rows.length);
  let nnz = 0;
  let lastRow = -1;
  let lastCol = -1;
  for (const k of order) {
    if (rows[k] !== lastRow || cols[k] !== lastCol) {
      lastRow = rows[k];
      lastCol = cols[k];
      rowIdx[nnz++] = lastRow;
      colPtr[lastCol + 1]++;
    }
    slot[k] = nnz - 1;
  }
  for (let j = 0; j < n; j++) colPtr[j + 1] += colPtr[j];
  return { pattern: { n, nnz, colPtr, rowIdx: rowIdx.slice(0, nnz) }, slot };
}

function identity(length: number): Int32Array {
  const order = new Int32Array(length);
  for (let k = 0; k < length; k++) order[k] = k;
  return order;
}

/** `order` rearranged so that key[order[…]] ascends, equal keys keeping their order. */
function stableOrder(n: number, key: Int32Array, order: Int32Array): Int32Array {
  const start = new Int32Array(n + 1);
  for (let k = 0; k < key.length; k++) {
    if (key[k] < 0 || key[k] >= n) throw new RangeError(`index ${key[k]} of entry ${k} is outside [0, ${n})`);
    start[key[k] + 1]++;
  }
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const sorted = new Int32Array(order.length);
  for (let t = 0; t < order.length; t++) sorted[start[key[order[t]]]++] = order[t];
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
