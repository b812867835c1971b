// First factorisation, column by column (Gilbert & Peierls 1988): the pattern of L⁻¹a is what a depth-first search
// reaches in the graph of L, pruned by symmetry (Eisenstat & Liu 1992). Threshold partial pivoting, diagonal first.
import { cover, fillInts, int, release, setInt, take, takeInts } from './memory';
import { at, inverse, minus, put, scaled, size, subtractMultiple, times, zero } from './scalar';
import { settle } from './settle';
import {
  blocks, blockStart, columnAt, columns, colPtr, cursor, entry, floor, L_COUNT, L_ROWS, L_VALUES, labelOf, mark, n,
  nnz, pattern, pivotInverse, positionOf, RECORD, rowAt, rowIdx, scaleAt, stack, U_COUNT, U_ROWS, U_VALUES, work,
} from './state';

/** Largest |u| or pre-pivot entry of a column over the largest |a| of that column, worst over the columns. */
export let growth: f64 = 0;
/** Smallest pivot over the largest entry of its eliminated column. */
export let pivotRatio: f64 = 1;
export let entriesL: i32 = 0;
export let entriesU: i32 = 0;

/** A pivot below this share of its column is checked for being nothing but rounding. */
const SUSPICIOUS: f64 = 1e-13;
/** Rounding errors, in units of 2⁻⁵², that a pivot made of cancelling terms may consist of. */
const ROUNDING: f64 = 2 * 2.220446049250313e-16;

export function setQuality(worstGrowth: f64, worstRatio: f64): void {
  growth = worstGrowth;
  pivotRatio = worstRatio;
}

/** scaleAt[label] := the power of two that brings the row's largest entry to [1, 2); 1 for an empty row. */
function scaleRows<T>(): void {
  for (let i = 0; i < n; i++) store<f64>(scaleAt + (<usize>i << 3), 0);
  for (let p = 0; p < nnz; p++) {
    const cell = scaleAt + (<usize>int(labelOf, int(rowIdx, p)) << 3);
    store<f64>(cell, max(load<f64>(cell), size<T>(entry<T>(p))));
  }
  for (let i = 0; i < n; i++) {
    const cell = scaleAt + (<usize>i << 3);
    const exponent = (reinterpret<i64>(load<f64>(cell)) >> 52) & 0x7ff;
    const usable = exponent > 0 && exponent < 0x7fe;
    store<f64>(cell, usable ? reinterpret<f64>((2046 - exponent) << 52) : 1);
  }
}

/** Depth-first search from column j through L; lays the columns reached on the end of `pattern`, topologically. */
function reach(j: i32, first: i32, stamp: i32, ends: usize, candidates: usize, found: i32): i32 {
  let head = 0;
  setInt(stack, 0, j);
  setInt(cursor, j, 0);
  while (head >= 0) {
    const column = int(stack, head);
    const record = columns + <usize>column * RECORD;
    const rows = <usize>load<u32>(record + L_ROWS);
    const end = int(ends, column);
    let t = int(cursor, column);
    let deeper = false;
    while (t < end) {
      const row = int(rows, t++);
      if (int(mark, row) == stamp) continue;
      setInt(mark, row, stamp);
      const position = int(positionOf, row);
      if (position < 0) {
        setInt(candidates, found++, row);
        continue;
      }
      setInt(cursor, column, t);
      setInt(stack, ++head, position);
      setInt(cursor, position, 0);
      deeper = true;
      break;
    }
    if (!deeper) {
      head--;
      setInt(pattern, --first, column);
    }
  }
  reached = first;
  return found;
}
let reached: i32 = 0;

/** Rows of L that are pivots already move to the front of column j; later searches follow only those. */
function prune<T>(j: i32, ends: usize): void {
  const record = columns + <usize>j * RECORD;
  const rows = <usize>load<u32>(record + L_ROWS);
  const entries = <usize>load<u32>(record + L_VALUES);
  let low = 0;
  let high = load<i32>(record + L_COUNT);
  while (low < high) {
    const row = int(rows, low);
    if (int(positionOf, row) >= 0) {
      low++;
      continue;
    }
    high--;
    setInt(rows, low, int(rows, high));
    setInt(rows, high, row);
    const value = at<T>(entries, low);
    put<T>(entries, low, at<T>(entries, high));
    put<T>(entries, high, value);
  }
  setInt(ends, j, high);
}

/** |a| + Σ|l·u| of the terms whose sum is entry (row, k): what the rounding of a cancelled pivot is measured by. */
function magnitude<T>(row: i32, k: i32): f64 {
  let sum = 0.0;
  const record = columns + <usize>k * RECORD;
  const rows = <usize>load<u32>(record + U_ROWS);
  const us = <usize>load<u32>(record + U_VALUES);
  const count = load<i32>(record + U_COUNT);
  for (let t = 0; t < count; t++) {
    const other = columns + <usize>int(rows, t) * RECORD;
    const below = <usize>load<u32>(other + L_ROWS);
    const lCount = load<i32>(other + L_COUNT);
    for (let s = 0; s < lCount; s++) {
      if (int(below, s) != row) continue;
      sum += size<T>(at<T>(<usize>load<u32>(other + L_VALUES), s)) * size<T>(at<T>(us, t));
      break;
    }
  }
  const column = int(columnAt, k);
  for (let p = int(colPtr, column); p < int(colPtr, column + 1); p++) {
    const label = int(labelOf, int(rowIdx, p));
    if (label == row) sum += size<T>(entry<T>(p)) * load<f64>(scaleAt + (<usize>label << 3));
  }
  return sum;
}

/** Is a pivot more than the rounding of the terms that cancelled to it? */
@inline function isSound<T>(pivot: f64, largest: f64, row: i32, k: i32): bool {
  return pivot > SUSPICIOUS * largest || pivot > ROUNDING * magnitude<T>(row, k);
}

/**
 * L U = P R A Q − F with fresh pivots. The diagonal is taken when it is at least `tolerance` times the largest
 * candidate. Returns 0, or 1 + the original column at which no pivot is left.
 */
export function factor<T>(tolerance: f64): i32 {
  release(floor);
  const ends = takeInts(n);
  const wanted = takeInts(n);
  const wantedBy = takeInts(n);
  const candidates = takeInts(n);
  let arena = take(0);
  fillInts(positionOf, n, -1);
  fillInts(mark, n, -1);
  for (let i = 0; i < n; i++) {
    put<T>(work, i, zero<T>());
    setInt(wanted, i, i);
    setInt(wantedBy, i, i);
  }
  scaleRows<T>();
  growth = 0;
  pivotRatio = 1;
  entriesL = 0;
  entriesU = 0;
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    for (let k = start; k < stop; k++) {
      cover(arena + <usize>(stop - start + 2) * (4 + sizeof<T>()) + 64);
      const record = columns + <usize>k * RECORD;
      const column = int(columnAt, k);
      const from = int(colPtr, column);
      const to = int(colPtr, column + 1);
      let first = n;
      let found = 0;
      let largestA = 0.0;
      for (let p = from; p < to; p++) {
        const row = int(labelOf, int(rowIdx, p));
        if (row < start) continue;
        const value = scaled<T>(entry<T>(p), load<f64>(scaleAt + (<usize>row << 3)));
        put<T>(work, row, value);
        largestA = max(largestA, size<T>(value));
        if (int(mark, row) == k) continue;
        setInt(mark, row, k);
        const position = int(positionOf, row);
        if (position < 0) setInt(candidates, found++, row);
        else {
          found = reach(position, first, k, ends, candidates, found);
          first = reached;
        }
      }

      const uCount = n - first;
      const uRows = arena;
      const uValues = (uRows + (<usize>uCount << 2) + 15) & ~15;
      const lRows = uValues + <usize>uCount * sizeof<T>();
      store<u32>(record + U_ROWS, <u32>uRows);
      store<i32>(record + U_COUNT, uCount);
      store<u32>(record + U_VALUES, <u32>uValues);
      let largest = largestA;
      for (let t = 0; t < uCount; t++) {
        const j = int(pattern, first + t);
        const row = int(rowAt, j);
        const u = at<T>(work, row);
        put<T>(work, row, zero<T>());
        setInt(uRows, t, j);
        put<T>(uValues, t, u);
        largest = max(largest, size<T>(u));
        const other = columns + <usize>j * RECORD;
        subtractMultiple<T>(
          work, <usize>load<u32>(other + L_ROWS), <usize>load<u32>(other + L_VALUES), load<i32>(other + L_COUNT), u);
      }

      const diagonal = int(wanted, k);
      let pivot = -1;
      let best = 0.0;
      for (let t = 0; t < found; t++) {
        const candidate = size<T>(at<T>(work, int(candidates, t)));
        if (candidate > best) {
          best = candidate;
          pivot = int(candidates, t);
        }
      }
      largest = max(largest, best);
      if (!(largest < Infinity)) pivot = -1;
      if (pivot >= 0 && pivot != diagonal && int(mark, diagonal) == k) {
        const own = size<T>(at<T>(work, diagonal));
        if (own > 0 && own >= tolerance * best && isSound<T>(own, largest, diagonal, k)) pivot = diagonal;
      }
      if (pivot >= 0 && !isSound<T>(size<T>(at<T>(work, pivot)), largest, pivot, k)) pivot = -1;
      if (pivot < 0) {
        for (let t = 0; t < found; t++) put<T>(work, int(candidates, t), zero<T>());
        return 1 + column;
      }

      const value = at<T>(work, pivot);
      put<T>(work, pivot, zero<T>());
      const inv = inverse<T>(value);
      put<T>(pivotInverse, k, inv);
      pivotRatio = min(pivotRatio, size<T>(value) / largest);
      growth = max(growth, largest / largestA);
      const lCount = found - 1;
      const lValues = (lRows + (<usize>lCount << 2) + 15) & ~15;
      let s = 0;
      for (let t = 0; t < found; t++) {
        const row = int(candidates, t);
        if (row == pivot) continue;
        setInt(lRows, s, row);
        put<T>(lValues, s++, times<T>(at<T>(work, row), inv));
        put<T>(work, row, zero<T>());
      }
      store<u32>(record + L_ROWS, <u32>lRows);
      store<i32>(record + L_COUNT, lCount);
      store<u32>(record + L_VALUES, <u32>lValues);
      setInt(ends, k, lCount);
      arena = lValues + <usize>lCount * sizeof<T>();
      entriesL += lCount;
      entriesU += uCount + 1;

      setInt(positionOf, pivot, k);
      setInt(rowAt, k, pivot);
      if (pivot != diagonal) {
        const robbed = int(wantedBy, pivot);
        setInt(wanted, robbed, diagonal);
        setInt(wantedBy, diagonal, robbed);
      }
      for (let t = 0; t < uCount; t++) {
        const j = int(uRows, t);
        const other = columns + <usize>j * RECORD;
        const count = load<i32>(other + L_COUNT);
        if (int(ends, j) < count) continue;
        const rows = <usize>load<u32>(other + L_ROWS);
        for (let i = 0; i < count; i++) {
          if (int(rows, i) != pivot) continue;
          prune<T>(j, ends);
          break;
        }
      }
    }
  }
  release(arena);
  settle<T>();
  return 0;
}
