// The same L and U for new values: fixed pattern, fixed pivots, watched for growth.
import { setQuality } from './factor';
import { int } from './memory';
import { at, inverse, minus, put, scaled, size, subtractMultiple, subtractTwo, times, zero } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, columnAt, cPtr, cRow, cSlot, entry, lPtr, lRow, lValue, n, offBlock, pivotInverse, scaleAt, simple, twin,
  uValue, work,
} from './state';

@inline function rowsAt(p: i32): usize {
  return lRow + (<usize>p << 2);
}

@inline function valuesAt<T>(p: i32): usize {
  return lValue + <usize>p * sizeof<T>();
}

/** Entry p of A by position, scaled. */
@inline function scaledEntry<T>(p: i32): T {
  return scaled<T>(entry<T>(int(aSlot, p)), load<f64>(scaleAt + (<usize>int(aRow, p) << 3)));
}

/** Returns 0, or 1 + the original column whose pivot is no longer a finite number other than zero. */
export function refactor<T>(): i32 {
  let growth = 0.0;
  let pivotRatio = 1.0;
  const x = work;
  for (let k = 0; k < n; k++) {
    let p = int(aPtr, k);
    const middle = int(aMid, k);
    const end = int(aPtr, k + 1);
    for (; p < middle; p++) put<T>(offBlock, p, scaledEntry<T>(p));
    let t = int(cPtr, k);
    const last = int(cPtr, k + 1);
    let largestA = 0.0;
    let largest: f64;
    let pivot: T;
    const isSimple = int(simple, k) != 0;
    if (isSimple) {
      pivot = scaledEntry<T>(p + last - t);
      largestA = size<T>(pivot);
      for (; t < last; t++, p++) {
        const u = scaledEntry<T>(p);
        put<T>(uValue, int(cSlot, t), u);
        largestA = max(largestA, size<T>(u));
        pivot = minus<T>(pivot, times<T>(at<T>(lValue, int(lPtr, int(cRow, t))), u));
      }
      if (++p < end) {
        const below = scaledEntry<T>(p);
        largestA = max(largestA, size<T>(below));
        put<T>(x, k, below);
      }
      largest = largestA;
    } else {
      for (; p < end; p++) {
        const value = scaledEntry<T>(p);
        put<T>(x, int(aRow, p), value);
        const magnitude = size<T>(value);
        if (magnitude > largestA) largestA = magnitude;
      }
      largest = largestA;
      for (; t < last; t++) {
        const j = int(cRow, t);
        const u = at<T>(x, j);
        put<T>(x, j, zero<T>());
        put<T>(uValue, int(cSlot, t), u);
        const magnitude = size<T>(u);
        if (magnitude > largest) largest = magnitude;
        const first = int(lPtr, j);
        const next = int(lPtr, j + 1);
        if (int(twin, j) == 0 || t + 1 == last) {
          subtractMultiple<T>(x, rowsAt(first), valuesAt<T>(first), next - first, u);
          continue;
        }
        const v = minus<T>(at<T>(x, j + 1), times<T>(at<T>(lValue, first), u));
        put<T>(x, j + 1, zero<T>());
        put<T>(uValue, int(cSlot, ++t), v);
        const size2 = size<T>(v);
        if (size2 > largest) largest = size2;
        subtractTwo<T>(x, rowsAt(next), valuesAt<T>(first + 1), u, valuesAt<T>(next), v, next - first - 1);
      }
      pivot = at<T>(x, k);
      put<T>(x, k, zero<T>());
    }
    const own = size<T>(pivot);
    const inv = inverse<T>(pivot);
    put<T>(pivotInverse, k, inv);
    if (own > largest) largest = own;
    let below = int(lPtr, k);
    if (isSimple) {
      if (below < int(lPtr, k + 1)) {
        put<T>(lValue, below, times<T>(at<T>(x, k), inv));
        put<T>(x, k, zero<T>());
      }
    } else {
      for (const stop = int(lPtr, k + 1); below < stop; below++) {
        const row = int(lRow, below);
        const value = at<T>(x, row);
        put<T>(x, row, zero<T>());
        const magnitude = size<T>(value);
        if (magnitude > largest) largest = magnitude;
        put<T>(lValue, below, times<T>(value, inv));
      }
    }
    if (!(size<T>(inv) < Infinity) || !(own < Infinity)) return 1 + int(columnAt, k);
    if (own < pivotRatio * largest) pivotRatio = own / largest;
    if (largest > growth * largestA) growth = largest / largestA;
  }
  setQuality(growth, pivotRatio);
  return 0;
}
