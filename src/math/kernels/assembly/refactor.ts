// The same L and U for new values: fixed pattern, fixed pivots, watched for growth.
import { setQuality } from './factor';
import { int } from './memory';
import { at, inverse, minus, put, scaled, size, subtractMultiple, subtractTwo, times, zero } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, columnAt, columns, entry, L_COUNT, L_ROWS, L_VALUES, n, offBlock, pivotInverse, RECORD, scaleAt,
  TWIN, U_COUNT, U_ROWS, U_VALUES, work,
} from './state';

/** Returns 0, or 1 + the original column whose pivot is no longer a finite number other than zero. */
export function refactor<T>(): i32 {
  let growth = 0.0;
  let pivotRatio = 1.0;
  const x = work;
  for (let k = 0; k < n; k++) {
    let p = int(aPtr, k);
    const middle = int(aMid, k);
    const end = int(aPtr, k + 1);
    for (; p < middle; p++) {
      put<T>(offBlock, p, scaled<T>(entry<T>(int(aSlot, p)), load<f64>(scaleAt + (<usize>int(aRow, p) << 3))));
    }
    let largestA = 0.0;
    for (; p < end; p++) {
      const row = int(aRow, p);
      const value = scaled<T>(entry<T>(int(aSlot, p)), load<f64>(scaleAt + (<usize>row << 3)));
      put<T>(x, row, value);
      const magnitude = size<T>(value);
      if (magnitude > largestA) largestA = magnitude;
    }
    const record = columns + <usize>k * RECORD;
    const uRows = <usize>load<u32>(record + U_ROWS);
    const uCount = load<i32>(record + U_COUNT);
    const uValues = <usize>load<u32>(record + U_VALUES);
    let largest = largestA;
    for (let t = 0; t < uCount; t++) {
      const j = int(uRows, t);
      const u = at<T>(x, j);
      put<T>(x, j, zero<T>());
      put<T>(uValues, t, u);
      const magnitude = size<T>(u);
      if (magnitude > largest) largest = magnitude;
      const other = columns + <usize>j * RECORD;
      const rows = <usize>load<u32>(other + L_ROWS);
      const entries = <usize>load<u32>(other + L_VALUES);
      if (load<i32>(other + TWIN) == 0 || t + 1 == uCount) {
        subtractMultiple<T>(x, rows, entries, load<i32>(other + L_COUNT), u);
        continue;
      }
      const v = minus<T>(at<T>(x, j + 1), times<T>(at<T>(entries, 0), u));
      put<T>(x, j + 1, zero<T>());
      put<T>(uValues, ++t, v);
      const size2 = size<T>(v);
      if (size2 > largest) largest = size2;
      const twin = other + RECORD;
      subtractTwo<T>(
        x, <usize>load<u32>(twin + L_ROWS), entries + sizeof<T>(), u, <usize>load<u32>(twin + L_VALUES), v,
        load<i32>(twin + L_COUNT));
    }
    const pivot = at<T>(x, k);
    put<T>(x, k, zero<T>());
    const lRows = <usize>load<u32>(record + L_ROWS);
    const lCount = load<i32>(record + L_COUNT);
    const lValues = <usize>load<u32>(record + L_VALUES);
    const own = size<T>(pivot);
    const inv = inverse<T>(pivot);
    put<T>(pivotInverse, k, inv);
    if (own > largest) largest = own;
    for (let t = 0; t < lCount; t++) {
      const row = int(lRows, t);
      const value = at<T>(x, row);
      put<T>(x, row, zero<T>());
      const magnitude = size<T>(value);
      if (magnitude > largest) largest = magnitude;
      put<T>(lValues, t, times<T>(value, inv));
    }
    if (!(size<T>(inv) < Infinity) || !(own < Infinity)) return 1 + int(columnAt, k);
    if (own < pivotRatio * largest) pivotRatio = own / largest;
    if (largest > growth * largestA) growth = largest / largestA;
  }
  setQuality(growth, pivotRatio);
  return 0;
}
