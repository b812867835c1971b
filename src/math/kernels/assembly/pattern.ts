// Where the entries of a sparse matrix stand: merged from a list by counting sorts, by rows, and whether what stands there
// is dominated by the diagonal.
import { fillInts, int, setInt } from './memory';

/** `order` (by default as they come) rearranged so that key[order[…]] ascends, equal keys keeping their order; −1 or a key that is not in [0, n). */
@inline export function sortBy(n: i32, count: i32, key: usize, order: usize, start: usize, sorted: usize): i32 {
  memory.fill(start, 0, <usize>(n + 1) << 2);
  for (let k = 0; k < count; k++) {
    const i = int(key, k);
    if (<u32>i >= <u32>n) return k;
    setInt(start, i + 1, int(start, i + 1) + 1);
  }
  for (let i = 0; i < n; i++) setInt(start, i + 1, int(start, i + 1) + int(start, i));
  for (let t = 0; t < count; t++) {
    const k = order == 0 ? t : int(order, t);
    const i = int(key, k);
    const to = int(start, i);
    setInt(start, i, to + 1);
    setInt(sorted, to, k);
  }
  return -1;
}

/**
 * Merges entries (rows[k], cols[k]) into compressed columns, rows ascending; slot[k] is where entry k went. `work` holds
 * n + 1 + 2·count integers. Returns how many there are, or −1 − k when an index of entry k is not in [0, n).
 */
export function mergeEntries(
  n: i32, count: i32, rows: usize, cols: usize, slot: usize, colPtr: usize, rowIdx: usize, work: usize,
): i32 {
  const byRow = work + (<usize>(n + 1) << 2);
  const order = byRow + (<usize>count << 2);
  let wrong = sortBy(n, count, rows, 0, work, byRow);
  if (wrong < 0) wrong = sortBy(n, count, cols, byRow, work, order);
  if (wrong >= 0) return -1 - wrong;
  memory.fill(colPtr, 0, <usize>(n + 1) << 2);
  let nnz = 0;
  let lastRow = -1;
  let lastCol = -1;
  for (let t = 0; t < count; t++) {
    const k = int(order, t);
    const row = int(rows, k);
    const col = int(cols, k);
    if (row != lastRow || col != lastCol) {
      lastRow = row;
      lastCol = col;
      setInt(rowIdx, nnz++, row);
      setInt(colPtr, col + 1, int(colPtr, col + 1) + 1);
    }
    setInt(slot, k, nnz - 1);
  }
  for (let j = 0; j < n; j++) setInt(colPtr, j + 1, int(colPtr, j + 1) + int(colPtr, j));
  return nnz;
}

/**
 * Entries by rows, of which there are `size`: those of row r stand at slot[start[r]…] in columns column[start[r]…]. Entries
 * are first those of n compressed columns, then others; `rows` lists the rows of all, `column` holds the columns of the
 * others in their places, `work` holds `count` integers.
 */
export function entriesByRow(
  n: i32, colPtr: usize, count: i32, rows: usize, size: i32, start: usize, slot: usize, column: usize, work: usize,
): void {
  for (let c = 0; c < n; c++) fillInts(column + (<usize>int(colPtr, c) << 2), int(colPtr, c + 1) - int(colPtr, c), c);
  memory.copy(work, column, <usize>count << 2);
  sortBy(size, count, rows, 0, start, slot);
  // Every row now begins where the one before it did.
  memory.copy(start + 4, start, <usize>size << 2);
  setInt(start, 0, 0);
  for (let t = 0; t < count; t++) setInt(column, t, int(work, int(slot, t)));
}

const ROUNDING: f64 = 1e-12;

/** S A with S = diag(±1): +1 where `positive` is not 0. */
@inline function signed(a: usize, k: i32, positive: usize, row: i32): f64 {
  const value = load<f64>(a + (<usize>k << 3));
  return load<u8>(positive + <usize>row) != 0 ? value : -value;
}

/**
 * Whether SA + (SA)ᵀ, or SA itself if it must be symmetric, is diagonally dominant with diagonal entries ≥ 0. `work` holds
 * 2n numbers and n integers.
 */
export function dominant(
  n: i32, colPtr: usize, rowIdx: usize, positive: usize, a: usize, symmetrise: bool, work: usize,
): bool {
  const diagonal = work;
  const beside = work + (<usize>n << 3);
  const next = beside + (<usize>n << 3);
  memory.fill(work, 0, <usize>n << 4);
  memory.copy(next, colPtr, <usize>n << 2);
  for (let j = 0; j < n; j++) {
    for (let k = int(colPtr, j); k < int(colPtr, j + 1); k++) {
      const i = int(rowIdx, k);
      const value = signed(a, k, positive, i);
      if (i == j) {
        store<f64>(diagonal + (<usize>i << 3), value);
        continue;
      }
      let mirror = int(next, i);
      while (mirror < int(colPtr, i + 1) && int(rowIdx, mirror) < j) mirror++;
      setInt(next, i, mirror);
      const found = mirror < int(colPtr, i + 1) && int(rowIdx, mirror) == j;
      const opposite = found ? signed(a, mirror, positive, j) : 0;
      const own = beside + (<usize>i << 3);
      if (symmetrise) {
        store<f64>(own, load<f64>(own) + abs(value + opposite) / 2);
        const other = beside + (<usize>j << 3);
        if (!found) store<f64>(other, load<f64>(other) + abs(value) / 2);
      } else if (abs(value - opposite) <= ROUNDING * abs(value)) store<f64>(own, load<f64>(own) + abs(value));
      else return false;
    }
  }
  for (let i = 0; i < n; i++) {
    const o = <usize>i << 3;
    if (!(load<f64>(diagonal + o) >= load<f64>(beside + o) * (1 - ROUNDING))) return false;
  }
  return true;
}
