// A x = b and Aᵀ x = b by block substitution with L, U and F; the right-hand side is overwritten.
import { int } from './memory';
import { at, minusDot, put, scaled, subtractMultiple, times } from './scalar';
import { ascend, descend, give } from './substitute';
import {
  aMid, aPtr, aRow, blocks, blockStart, columnAt, lPtr, lRow, lRun, lValue, moved, n, offBlock, pivotInverse, rhs, rowAt,
  scaleAt, uColumn, uPtr, uRun, uValue,
} from './state';

export function solve<T>(): void {
  const x = moved;
  for (let k = 0; k < n; k++) {
    put<T>(x, k, scaled<T>(at<T>(rhs, int(rowAt, k)), load<f64>(scaleAt + (<usize>k << 3))));
  }
  for (let b = blocks - 1; b >= 0; b--) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    if (start + 1 < stop) {
      ascend<T>(x, lPtr, lRow, lValue, lRun, start, stop, false);
      descend<T>(x, uPtr, uColumn, uValue, uRun, start, stop, true);
    } else {
      const value = times<T>(at<T>(x, start), at<T>(pivotInverse, start));
      put<T>(x, start, value);
      give<T>(start, value, true);
    }
    if (start == 0) break;
    for (let k = start; k < stop; k++) {
      const p = int(aPtr, k);
      subtractMultiple<T>(
        x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p, at<T>(x, k));
    }
  }
}

export function solveTransposed<T>(): void {
  const x = moved;
  for (let k = 0; k < n; k++) put<T>(x, k, at<T>(rhs, int(columnAt, k)));
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    for (let k = start; start > 0 && k < stop; k++) {
      const p = int(aPtr, k);
      put<T>(x, k, minusDot<T>(
        at<T>(x, k), x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p));
    }
    ascend<T>(x, uPtr, uColumn, uValue, uRun, start, stop, true);
    descend<T>(x, lPtr, lRow, lValue, lRun, start, stop, false);
  }
}
