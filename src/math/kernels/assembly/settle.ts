// After the pivots are known: L by columns, U by rows, A by position, in the order in which they will be read.
import { cover, int, release, setInt, take, takeInts, top } from './memory';
import { layPlan } from './plan';
import { at, put, scaled, times } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, BELOW, blocks, blockStart, cPtr, cRow, cSlot, columnAt, columns, colPtr, cursor, DIAGONAL, entry,
  floor, folded, L_COUNT, L_ROWS, L_VALUES, labelOf, lPlan, lPtr, lRow, lValue, n, offBlock, PARENT, pivotInverse, place,
  placeFactors, positionOf, RECORD, RIGHT, rowAt, rowIdx, rowOfLabel, scaleAt, setFolded, setPlaces, TWIG, twigs, twin, U_COUNT,
  U_ROWS, U_VALUES, uColumn, uPlan, uPtr, uValue, work,
} from './state';

@inline function record(k: i32): usize {
  return columns + <usize>k * RECORD;
}

/** Where every column of L, row of U and column of U begins. */
function countEntries(): void {
  memory.fill(uPtr, 0, <usize>(n + 1) << 2);
  setInt(lPtr, 0, 0);
  setInt(cPtr, 0, 0);
  for (let k = 0; k < n; k++) {
    const rows = <usize>load<u32>(record(k) + U_ROWS);
    const count = load<i32>(record(k) + U_COUNT);
    for (let t = 0; t < count; t++) setInt(uPtr, int(rows, t) + 1, int(uPtr, int(rows, t) + 1) + 1);
    setInt(cPtr, k + 1, int(cPtr, k) + count);
    setInt(lPtr, k + 1, int(lPtr, k) + load<i32>(record(k) + L_COUNT));
  }
  for (let k = 0; k < n; k++) setInt(uPtr, k + 1, int(uPtr, k + 1) + int(uPtr, k));
}

/** Lays the columns of L down with ascending rows, by transposing twice. */
function layL<T>(): void {
  const total = int(lPtr, n);
  const start = takeInts(n + 1);
  const owner = takeInts(total);
  const moved = take(<usize>total * sizeof<T>());
  memory.fill(start, 0, <usize>(n + 1) << 2);
  for (let k = 0; k < n; k++) {
    const rows = <usize>load<u32>(record(k) + L_ROWS);
    const count = load<i32>(record(k) + L_COUNT);
    for (let t = 0; t < count; t++) {
      const row = int(positionOf, int(rows, t));
      setInt(rows, t, row);
      setInt(start, row + 1, int(start, row + 1) + 1);
    }
  }
  for (let i = 0; i < n; i++) setInt(start, i + 1, int(start, i + 1) + int(start, i));
  for (let k = 0; k < n; k++) {
    const rows = <usize>load<u32>(record(k) + L_ROWS);
    const entries = <usize>load<u32>(record(k) + L_VALUES);
    const count = load<i32>(record(k) + L_COUNT);
    for (let t = 0; t < count; t++) {
      const row = int(rows, t);
      const to = int(start, row);
      setInt(start, row, to + 1);
      setInt(owner, to, k);
      put<T>(moved, to, at<T>(entries, t));
    }
  }
  memory.copy(cursor, lPtr, <usize>n << 2);
  for (let row = 0, p = 0; row < n; row++) {
    for (const end = int(start, row); p < end; p++) {
      const k = int(owner, p);
      const t = int(cursor, k);
      setInt(cursor, k, t + 1);
      setInt(lRow, t, row);
      put<T>(lValue, t, at<T>(moved, p));
    }
  }
}

/** Lays the rows of U down with descending columns, and its columns with ascending rows. */
function layU<T>(): void {
  memory.copy(cursor, uPtr, <usize>n << 2);
  for (let k = n - 1; k >= 0; k--) {
    const rows = <usize>load<u32>(record(k) + U_ROWS);
    const entries = <usize>load<u32>(record(k) + U_VALUES);
    const count = load<i32>(record(k) + U_COUNT);
    for (let t = 0; t < count; t++) {
      const row = int(rows, t);
      const to = int(cursor, row);
      setInt(cursor, row, to + 1);
      setInt(uColumn, to, k);
      put<T>(uValue, to, times<T>(at<T>(entries, t), at<T>(pivotInverse, row)));
    }
  }
  memory.copy(cursor, cPtr, <usize>n << 2);
  for (let row = 0, p = 0; row < n; row++) {
    for (const end = int(uPtr, row + 1); p < end; p++) {
      const k = int(uColumn, p);
      const t = int(cursor, k);
      setInt(cursor, k, t + 1);
      setInt(cRow, t, row);
      setInt(cSlot, t, p);
    }
  }
}

/** Marks the columns k whose L is row k + 1 and then the rows of column k + 1. */
function joinTwins(): void {
  for (let k = 0; k < n; k++) {
    const from = int(lPtr, k);
    const next = int(lPtr, k + 1);
    const count = next - from - 1;
    const twins = count >= 0 && int(lRow, from) == k + 1 && int(lPtr, k + 2) - next == count &&
      memory.compare(lRow + (<usize>(from + 1) << 2), lRow + (<usize>next << 2), <usize>count << 2) == 0;
    setInt(twin, k, twins ? 1 : 0);
  }
}

/** Position of the one entry of column k of L and of row k of U, n where both are empty; −1 where they are not like this. */
function parentOf(k: i32): i32 {
  const p = int(lPtr, k);
  const q = int(uPtr, k);
  const count = int(lPtr, k + 1) - p;
  if (count > 1 || int(uPtr, k + 1) - q != count) return -1;
  if (count == 0) return n;
  return int(lRow, p) == int(uColumn, q) ? int(lRow, p) : -1;
}

@inline function twig(k: i32): usize {
  return twigs + <usize>k * TWIG;
}

@inline function isTwig(k: i32): bool {
  return load<i32>(twig(k), DIAGONAL) >= 0;
}

/** Is nothing in column k but entries of A, and above its diagonal nothing but right of twigs? */
function isPlain(k: i32, parent: i32): bool {
  const from = int(cPtr, k);
  const above = int(cPtr, k + 1) - from;
  if (int(aPtr, k + 1) - int(aMid, k) != above + (parent < n ? 2 : 1)) return false;
  for (let t = from; t < from + above; t++) if (!isTwig(int(cRow, t))) return false;
  return true;
}

/** Finds the twigs; places are known. Returns whether there is nothing else. */
function findTwigs(): bool {
  let all = true;
  for (let k = 0; k < n; k++) {
    const parent = parentOf(k);
    const plain = parent >= 0 && isPlain(k, parent);
    const own = int(place, k);
    store<i32>(twig(k), -1, DIAGONAL);
    store<i32>(twig(k), parent == n ? -1 : own, PARENT);
    for (let p = int(aMid, k); plain && p < int(aPtr, k + 1); p++) {
      const row = int(aRow, p);
      const slot = int(aSlot, p);
      if (row == k) {
        store<i32>(twig(k), slot, DIAGONAL);
        if (parent == n) continue;
        store<i32>(twig(k), slot, RIGHT);
      } else if (row == parent) store<i32>(twig(k), slot, BELOW);
      else {
        store<i32>(twig(row), slot, RIGHT);
        store<i32>(twig(row), own, PARENT);
      }
    }
    all = all && plain;
  }
  return all;
}

@inline function scaleOf(k: i32): f64 {
  return load<f64>(scaleAt + (<usize>k << 3));
}

/** L := R⁻¹LR, D⁻¹ := D⁻¹R, F := R⁻¹F. */
function foldScales<T>(): void {
  for (let k = 0; k < n; k++) {
    const scale = scaleOf(k);
    put<T>(pivotInverse, k, scaled<T>(at<T>(pivotInverse, k), scale));
    for (let p = int(lPtr, k); p < int(lPtr, k + 1); p++) {
      put<T>(lValue, p, scaled<T>(at<T>(lValue, p), scale / scaleOf(int(lRow, p))));
    }
    for (let p = int(aPtr, k); p < int(aMid, k); p++) put<T>(offBlock, p, entry<T>(int(aSlot, p)));
  }
}

/** Positions take the place of labels, and rows of A and their scales are found by them. */
function placeRows(): void {
  const scales = work;
  for (let k = 0; k < n; k++) {
    const label = int(rowAt, k);
    store<f64>(scales + (<usize>k << 3), load<f64>(scaleAt + (<usize>label << 3)));
    setInt(rowAt, k, int(rowOfLabel, label));
  }
  memory.copy(scaleAt, scales, <usize>n << 3);
}

/** Orders the entries of A by position; those of F are kept. */
function layA<T>(): void {
  let p = 0;
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    for (let k = start; k < int(blockStart, b + 1); k++) {
      setInt(aPtr, k, p);
      const column = int(columnAt, k);
      const to = int(colPtr, column + 1);
      for (let s = int(colPtr, column); s < to; s++) {
        const row = int(positionOf, int(labelOf, int(rowIdx, s)));
        if (row >= start) continue;
        setInt(aRow, p, row);
        setInt(aSlot, p, s);
        put<T>(offBlock, p++, scaled<T>(entry<T>(s), load<f64>(scaleAt + (<usize>row << 3))));
      }
      setInt(aMid, k, p);
      for (let s = int(colPtr, column); s < to; s++) {
        const row = int(positionOf, int(labelOf, int(rowIdx, s)));
        if (row < start) continue;
        setInt(aRow, p, row);
        setInt(aSlot, p++, s);
      }
    }
  }
  setInt(aPtr, n, p);
}

@inline function toPlaces(index: usize, count: i32): void {
  for (let t = 0; t < count; t++) setInt(index, t, int(place, int(index, t)));
}

/** Is every pivot the diagonal entry of its column? */
function isDiagonal(): bool {
  for (let k = 0; k < n; k++) if (int(rowAt, k) != int(columnAt, k)) return false;
  return true;
}

/** Rows are named by where the substitutions find them. */
function nameRows(): void {
  const scales = work;
  for (let k = 0; k < n; k++) {
    store<f64>(scales + (<usize>int(place, k) << 3), load<f64>(scaleAt + (<usize>k << 3)));
  }
  memory.copy(scaleAt, scales, <usize>n << 3);
  toPlaces(lRow, int(lPtr, n));
  toPlaces(uColumn, int(uPtr, n));
  toPlaces(aRow, int(aPtr, n));
}

/** Lays L and U, with unit diagonal, down for what reads them, and orders A by position. */
export function settle<T>(): void {
  placeRows();
  countEntries();
  const found = top;
  const end = placeFactors(found, sizeof<T>());
  cover(end);
  release(end);
  layL<T>();
  layU<T>();
  const from = lValue;
  release(placeFactors(floor, sizeof<T>()));
  memory.copy(lValue, from, top - lValue);
  joinTwins();
  layA<T>();
  setPlaces(isDiagonal());
  setFolded(findTwigs());
  if (folded) foldScales<T>();
  layPlan(lPtr, lRow, lValue, sizeof<T>(), lPlan);
  layPlan(uPtr, uColumn, uValue, sizeof<T>(), uPlan);
  nameRows();
  memory.fill(work, 0, <usize>n * sizeof<T>());
}
