// From pattern and first values to an order: match rows to columns, split into blocks, order each block for low fill.
import { findBlocks } from './blocks';
import { matchRows } from './matching';
import { fillInts, int, release, setInt, takeInts } from './memory';
import { eliminationOrder, entries, tallest } from './minimumdegree';
import { blockStart, colPtr, columnAt, entry, floor, labelOf, n, nnz, rowIdx, rowOfLabel, setBlocks } from './state';
import { size } from './scalar';

/** Every row stands beside the column of the same number. */
let diagonal: bool = false;
/** Every diagonal entry was non-zero when the order was made. */
let full: bool = false;

/** What a step down the elimination tree waits for the one before, in entries of L that are dealt with meanwhile. */
const WAIT: f64 = 4;

/** Time of a substitution with the order made last, in entries of L. */
function substitution(): f64 {
  return entries + WAIT * <f64>tallest;
}

/** Lists the neighbours of every column in the pattern of A + Aᵀ inside its block; returns the end of the lists. */
function symmetrise(columnOf: usize, blockOf: usize, start: usize, length: usize, list: usize): i32 {
  fillInts(length, n, 0);
  for (let j = 0; j < n; j++) {
    for (let p = int(colPtr, j); p < int(colPtr, j + 1); p++) {
      const i = int(columnOf, int(rowIdx, p));
      if (i == j || int(blockOf, i) != int(blockOf, j)) continue;
      setInt(length, i, int(length, i) + 1);
      setInt(length, j, int(length, j) + 1);
    }
  }
  let end = 0;
  for (let j = 0; j < n; j++) {
    setInt(start, j, end);
    end += int(length, j);
    setInt(length, j, 0);
  }
  for (let j = 0; j < n; j++) {
    for (let p = int(colPtr, j); p < int(colPtr, j + 1); p++) {
      const i = int(columnOf, int(rowIdx, p));
      if (i == j || int(blockOf, i) != int(blockOf, j)) continue;
      append(start, length, list, i, j);
      append(start, length, list, j, i);
    }
  }
  const seen = takeInts(n);
  fillInts(seen, n, -1);
  end = 0;
  for (let j = 0; j < n; j++) {
    const from = int(start, j);
    const to = from + int(length, j);
    setInt(start, j, end);
    for (let p = from; p < to; p++) {
      const i = int(list, p);
      if (int(seen, i) == j) continue;
      setInt(seen, i, j);
      setInt(list, end++, i);
    }
    setInt(length, j, end - int(start, j));
  }
  return end;
}

@inline function append(start: usize, length: usize, list: usize, to: i32, node: i32): void {
  const count = int(length, to);
  setInt(list, int(start, to) + count, node);
  setInt(length, to, count + 1);
}

function isFull<T>(): bool {
  for (let j = 0; j < n; j++) {
    let found = false;
    const end = int(colPtr, j + 1);
    for (let p = int(colPtr, j); p < end && !found; p++) found = int(rowIdx, p) == j && size<T>(entry<T>(p)) != 0;
    if (!found) return false;
  }
  return true;
}

/** Is the order at hand still as good as a new one: diagonal throughout, and every diagonal entry non-zero? */
export function orderStands<T>(): bool {
  return diagonal && isFull<T>();
}

/** Is a diagonal order possible now that was not when the one at hand was made? */
export function orderImproves<T>(): bool {
  return !diagonal && !full && isFull<T>();
}

/** Orders anew. Returns 0, or 1 + a column that no non-zero pivot can be found for, whatever the values: structurally singular. */
export function analyse<T>(): i32 {
  diagonal = false;
  full = isFull<T>();
  release(floor);
  const rowOf = takeInts(n);
  const columnOf = takeInts(n);
  const unmatched = matchRows<T>(rowOf, columnOf);
  const blockOf = takeInts(n);
  const blocks = findBlocks(columnOf, blockOf);
  const start = takeInts(n);
  const length = takeInts(n);
  const capacity = 2 * nnz + (nnz >> 2) + 2 * n;
  const list = takeInts(capacity);
  const end = symmetrise(columnOf, blockOf, start, length, list);
  let sequence = takeInts(n);
  eliminationOrder(n, start, length, list, end, capacity, sequence, false);
  const time = substitution();
  if (time > 2 * entries) {
    const flat = takeInts(n);
    symmetrise(columnOf, blockOf, start, length, list);
    eliminationOrder(n, start, length, list, end, capacity, flat, true);
    if (substitution() < time) sequence = flat;
  }
  fillInts(blockStart, n + 1, 0);
  for (let j = 0; j < n; j++) {
    const next = int(blockOf, j) + 1;
    setInt(blockStart, next, int(blockStart, next) + 1);
  }
  for (let b = 0; b < blocks; b++) setInt(blockStart, b + 1, int(blockStart, b + 1) + int(blockStart, b));
  const place = takeInts(blocks);
  memory.copy(place, blockStart, <usize>blocks << 2);
  diagonal = true;
  for (let t = 0; t < n; t++) {
    const column = int(sequence, t);
    const block = int(blockOf, column);
    const k = int(place, block);
    setInt(place, block, k + 1);
    const row = int(rowOf, column);
    setInt(columnAt, k, column);
    setInt(labelOf, row, k);
    setInt(rowOfLabel, k, row);
    if (row != column) diagonal = false;
  }
  setBlocks(blocks);
  return unmatched;
}
