// Entries of many like things in one matrix: spread out from positions to rows and columns, merged, and numbered.
import { sortBy } from './pattern';
import { int, setInt } from './memory';

/** `index[position]`, or what the positions −1 and −2 stand for. */
@inline function place(index: usize, position: i32, nowhere: i32, constant: i32): i32 {
  return position >= 0 ? int(index, position) : position == -1 ? nowhere : constant;
}

/**
 * (rows[k], cols[k]) of `entries` entries each of `count` things: thing i stands at index[i·stride …], and its entries at
 * the positions rowAt and columnAt in there.
 */
export function spreadEntries(
  count: i32, stride: i32, index: usize, entries: i32, rowAt: usize, columnAt: usize,
  nowhere: i32, constant: i32, rows: usize, cols: usize,
): void {
  let to = 0;
  for (let i = 0; i < count; i++, index += <usize>stride << 2) {
    for (let t = 0; t < entries; t++) {
      setInt(rows, to, place(index, int(rowAt, t), nowhere, constant));
      setInt(cols, to, place(index, int(columnAt, t), nowhere, constant));
      to++;
    }
  }
}

/**
 * Merges entries of a size×size matrix: those in its first n rows and columns into compressed columns, rows ascending;
 * others, in the order in which they come, into a border behind, which takes the first places of `rows` and `cols`. What
 * stands in row or column `nowhere` goes to the slot after all others. slot[k] is where entry k went. `work` holds
 * size + 1 + 2·count integers. Returns the length of the border.
 */
export function placeEntries(
  n: i32, size: i32, nowhere: i32, count: i32,
  rows: usize, cols: usize, slot: usize, colPtr: usize, rowIdx: usize, work: usize,
): i32 {
  const byRow = work + (<usize>(size + 1) << 2);
  const order = byRow + (<usize>count << 2);
  sortBy(size, count, rows, 0, work, byRow);
  sortBy(size, count, cols, byRow, work, order);
  memory.fill(colPtr, 0, <usize>(n + 1) << 2);
  let nnz = 0;
  let lastRow = -1;
  let lastCol = -1;
  let at = 0;
  for (let t = 0; t < count; t++) {
    const k = int(order, t);
    const row = int(rows, k);
    const col = int(cols, k);
    if (row != lastRow || col != lastCol) {
      lastRow = row;
      lastCol = col;
      if (row < n && col < n) {
        at = nnz++;
        setInt(rowIdx, at, row);
        setInt(colPtr, col + 1, int(colPtr, col + 1) + 1);
      } else at = row == nowhere || col == nowhere ? -1 : -2 - k;
    }
    setInt(slot, k, at);
  }
  for (let j = 0; j < n; j++) setInt(colPtr, j + 1, int(colPtr, j + 1) + int(colPtr, j));
  // The first of several entries in one place of the border has numbered it before the others come.
  const number = byRow;
  let border = 0;
  for (let k = 0; k < count; k++) {
    const first = -2 - int(slot, k);
    if (first < 0) continue;
    if (first == k) {
      setInt(rows, border, int(rows, k));
      setInt(cols, border, int(cols, k));
      setInt(number, k, nnz + border++);
    }
    setInt(slot, k, int(number, first));
  }
  for (let k = 0; k < count; k++) if (int(slot, k) == -1) setInt(slot, k, nnz + border);
  return border;
}
