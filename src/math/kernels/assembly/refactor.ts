// The same L and U for new values: fixed pattern, fixed pivots, watched for growth.
import { setQuality } from './factor';
import { int } from './memory';
import { at, inverse, minus, put, size, subtractMultiple, subtractTwo, times, zero } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, columnAt, cPtr, cRow, cSlot, entry, lPtr, lRow, lValue, n, offBlock, pivotInverse, place, scaleAt, simple,
  twin, uValue, work,
} from './state';

@inline function rowsAt(p: i32): usize {
  return lRow + (<usize>p << 2);
}

@inline function valuesAt<T>(p: i32): usize {
  return lValue + <usize>p * sizeof<T>();
}

/** Entry p of A by position. */
@inline function ordered<T>(p: i32): T {
  return entry<T>(int(aSlot, p));
}

/** Size of an entry of the row that is called so, measured as that row is. */
@inline function measured<T>(value: T, row: i32): f64 {
  return size<T>(value) * load<f64>(scaleAt + (<usize>row << 3));
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
    const own = int(place, k);
    for (; p < middle; p++) put<T>(offBlock, p, ordered<T>(p));
    let t = int(cPtr, k);
    const last = int(cPtr, k + 1);
    let largestA = 0.0;
    let largest: f64;
    let pivot: T;
    const isSimple = int(simple, k) != 0;
    if (isSimple) {
      pivot = ordered<T>(p + last - t);
      largestA = measured<T>(pivot, own);
      for (; t < last; t++, p++) {
        const j = int(cRow, t);
        const u = ordered<T>(p);
        put<T>(uValue, int(cSlot, t), times<T>(u, at<T>(pivotInverse, j)));
        largestA = max(largestA, measured<T>(u, int(aRow, p)));
        pivot = minus<T>(pivot, times<T>(at<T>(lValue, int(lPtr, j)), u));
      }
      if (++p < end) {
        const below = ordered<T>(p);
        largestA = max(largestA, measured<T>(below, int(aRow, p)));
        put<T>(x, own, below);
      }
      largest = largestA;
    } else {
      for (; p < end; p++) {
        const row = int(aRow, p);
        const value = ordered<T>(p);
        put<T>(x, row, value);
        largestA = max(largestA, measured<T>(value, row));
      }
      largest = largestA;
      for (; t < last; t++) {
        const j = int(cRow, t);
        const row = int(place, j);
        const u = at<T>(x, row);
        put<T>(x, row, zero<T>());
        put<T>(uValue, int(cSlot, t), times<T>(u, at<T>(pivotInverse, j)));
        largest = max(largest, measured<T>(u, row));
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
        largest = max(largest, measured<T>(v, row2));
        subtractTwo<T>(x, rowsAt(next), valuesAt<T>(first + 1), u, valuesAt<T>(next), v, next - first - 1);
      }
      pivot = at<T>(x, own);
      put<T>(x, own, zero<T>());
    }
    const ownSize = measured<T>(pivot, own);
    const inv = inverse<T>(pivot);
    put<T>(pivotInverse, k, inv);
    if (ownSize > largest) largest = ownSize;
    let below = int(lPtr, k);
    if (isSimple) {
      if (below < int(lPtr, k + 1)) {
        put<T>(lValue, below, times<T>(at<T>(x, own), inv));
        put<T>(x, own, zero<T>());
      }
    } else {
      for (const stop = int(lPtr, k + 1); below < stop; below++) {
        const row = int(lRow, below);
        const value = at<T>(x, row);
        put<T>(x, row, zero<T>());
        largest = max(largest, measured<T>(value, row));
        put<T>(lValue, below, times<T>(value, inv));
      }
    }
    if (!(size<T>(inv) < Infinity) || !(ownSize < Infinity)) return 1 + int(columnAt, k);
    if (ownSize < pivotRatio * largest) pivotRatio = ownSize / largest;
    if (largest > growth * largestA) growth = largest / largestA;
  }
  setQuality(growth, pivotRatio);
  return 0;
}
