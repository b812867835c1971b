// The same L, D and U for new values: fixed pattern, fixed pivots, watched for growth.
import { setQuality } from './factor';
import { int } from './memory';
import { at, inverse, minus, plus, put, scaled, size, subtractMultiple, subtractTwo, times, zero } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, BELOW, blocks, columnAt, cPtr, cRow, cSlot, DIAGONAL, entry, folded, lPtr, lRow, lValue, moved, n,
  offBlock, PARENT, pivotInverse, place, RIGHT, scaleAt, TWIG, twigs, twin, uPtr, uValue, work,
} from './state';

let growth: f64 = 0;
let pivotRatio: f64 = 1;

@inline function rowsAt(p: i32): usize {
  return lRow + (<usize>p << 2);
}

@inline function valuesAt<T>(p: i32): usize {
  return lValue + <usize>p * sizeof<T>();
}

/** Power of two that a row is measured by. */
@inline function scaleOf(row: i32): f64 {
  return load<f64>(scaleAt + (<usize>row << 3));
}

/** Entry p of A by position, scaled. */
@inline function scaledEntry<T>(p: i32): T {
  return scaled<T>(entry<T>(int(aSlot, p)), scaleOf(int(aRow, p)));
}

@inline function isTwig(k: i32): bool {
  return load<i32>(twigs + <usize>k * TWIG, DIAGONAL) >= 0;
}

/** Takes note of a pivot, of the largest entry of A in its column and the largest of the others; can it be divided by? */
@inline function judge<T>(magnitude: f64, inv: T, largestA: f64, others: f64): bool {
  const largest = max(magnitude, others);
  if (!(size<T>(inv) < Infinity) || !(magnitude < Infinity)) return false;
  if (magnitude < pivotRatio * largest) pivotRatio = magnitude / largest;
  if (largest > growth * largestA) growth = largest / largestA;
  return true;
}

/**
 * The twigs from position k on, their entries scaled or only measured so: every one takes the product of its entries from the
 * diagonal that they meet. Returns the first position that is no twig, or ~k where the pivot of position k is lost.
 */
@inline function elimination<T>(k: i32, scales: bool): i32 {
  const taken = work;
  const largestRight = moved;
  for (; k < n; k++) {
    if (!isTwig(k)) break;
    const twig = twigs + <usize>k * TWIG;
    const own = int(place, k);
    const ownScale = scaleOf(own);
    const parent = load<i32>(twig, PARENT);
    const factor = scales ? ownScale : 1;
    const rest = scales ? 1 : ownScale;
    const diagonal = scaled<T>(entry<T>(load<i32>(twig, DIAGONAL)), factor);
    const pivot = plus<T>(diagonal, at<T>(taken, own));
    const inv = inverse<T>(pivot);
    put<T>(pivotInverse, k, inv);
    let largest = max(at<f64>(largestRight, own), size<T>(diagonal) * rest);
    if (parent >= 0) {
      const p = int(lPtr, k);
      const scale = scaleOf(int(lRow, p));
      const below = scaled<T>(entry<T>(load<i32>(twig, BELOW)), scales ? scale : 1);
      const right = scaled<T>(entry<T>(load<i32>(twig, RIGHT)), factor);
      const l = times<T>(below, inv);
      put<T>(lValue, p, l);
      put<T>(uValue, int(uPtr, k), times<T>(right, inv));
      put<T>(taken, parent, minus<T>(at<T>(taken, parent), times<T>(l, right)));
      put<f64>(largestRight, parent, max(at<f64>(largestRight, parent), size<T>(right) * rest));
      largest = max(largest, size<T>(below) * (scales ? 1 : scale));
    }
    put<T>(taken, own, zero<T>());
    if (!judge<T>(size<T>(pivot) * rest, inv, largest, largest)) return ~k;
  }
  return k;
}

function refactorTwigs<T>(k: i32): i32 { return elimination<T>(k, false); }
function refactorScaledTwigs<T>(k: i32): i32 { return elimination<T>(k, true); }

/** Column k of any kind; returns whether its pivot can be divided by. */
function refactorColumn<T>(k: i32): bool {
  const x = work;
  const own = int(place, k);
  let largestA = 0.0;
  for (let p = int(aMid, k), end = int(aPtr, k + 1); p < end; p++) {
    const row = int(aRow, p);
    const value = scaledEntry<T>(p);
    put<T>(x, row, value);
    largestA = max(largestA, size<T>(value));
  }
  let largest = largestA;
  for (let t = int(cPtr, k), last = int(cPtr, k + 1); t < last; t++) {
    const j = int(cRow, t);
    const row = int(place, j);
    const u = at<T>(x, row);
    put<T>(x, row, zero<T>());
    put<T>(uValue, int(cSlot, t), times<T>(u, at<T>(pivotInverse, j)));
    largest = max(largest, size<T>(u));
    const first = int(lPtr, j);
    const next = int(lPtr, j + 1);
    if (int(twin, j) == 0 || t + 1 == last) {
      subtractMultiple<T>(x, rowsAt(first), valuesAt<T>(first), next - first, u);
      continue;
    }
    const row2 = int(lRow, first);
    const v = minus<T>(at<T>(x, row2), times<T>(at<T>(lValue, first), u));
    put<T>(x, row2, zero<T>());
    put<T>(uValue, int(cSlot, ++t), times<T>(v, at<T>(pivotInverse, j + 1)));
    largest = max(largest, size<T>(v));
    subtractTwo<T>(x, rowsAt(next), valuesAt<T>(first + 1), u, valuesAt<T>(next), v, next - first - 1);
  }
  const pivot = at<T>(x, own);
  const inv = inverse<T>(pivot);
  put<T>(x, own, zero<T>());
  put<T>(pivotInverse, k, inv);
  for (let p = int(lPtr, k), end = int(lPtr, k + 1); p < end; p++) {
    const row = int(lRow, p);
    const value = at<T>(x, row);
    put<T>(x, row, zero<T>());
    largest = max(largest, size<T>(value));
    put<T>(lValue, p, times<T>(value, inv));
  }
  return judge<T>(size<T>(pivot), inv, largestA, largest);
}

/** Returns 0, or 1 + the original column whose pivot is no longer a finite number other than zero. */
export function refactor<T>(): i32 {
  growth = 0;
  pivotRatio = 1;
  memory.fill(moved, 0, <usize>n << 3);
  for (let k = 0; k < n && blocks > 1; k++) {
    for (let p = int(aPtr, k), middle = int(aMid, k); p < middle; p++) {
      put<T>(offBlock, p, folded ? entry<T>(int(aSlot, p)) : scaledEntry<T>(p));
    }
  }
  for (let k = 0; k < n; ) {
    let end = folded ? refactorTwigs<T>(k) : isTwig(k) ? refactorScaledTwigs<T>(k) : k;
    if (end == k) end = refactorColumn<T>(k) ? k + 1 : ~k;
    if (end < 0) {
      memory.fill(work, 0, <usize>n * sizeof<T>());
      return 1 + int(columnAt, ~end);
    }
    k = end;
  }
  setQuality(growth, pivotRatio);
  return 0;
}
