// A x = b and Aᵀ x = b by block substitution with L, U and F; the right-hand side is overwritten.
import { int } from './memory';
import { at, minus, minusDot, put, scaled, subtractMultiple, times } from './scalar';
import {
  aMid, aPtr, aRow, blocks, blockStart, columnAt, columns, L_COUNT, L_ROWS, L_VALUES, n, offBlock, pivotInverse, RECORD,
  rhs, rowAt, scaleAt, U_COUNT, U_ROWS, U_VALUES, work,
} from './state';

export function solve<T>(): void {
  const x = work;
  for (let k = 0; k < n; k++) {
    put<T>(x, k, scaled<T>(at<T>(rhs, int(rowAt, k)), load<f64>(scaleAt + (<usize>k << 3))));
  }
  for (let b = blocks - 1; b >= 0; b--) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    if (start + 1 < stop) {
      forward<T>(x, start, stop);
      backward<T>(x, start, stop);
    } else put<T>(x, start, times<T>(at<T>(x, start), at<T>(pivotInverse, start)));
    if (start == 0) break;
    for (let k = start; k < stop; k++) {
      const p = int(aPtr, k);
      subtractMultiple<T>(
        x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p, at<T>(x, k));
    }
  }
  for (let k = 0; k < n; k++) put<T>(rhs, int(columnAt, k), at<T>(x, k));
  memory.fill(x, 0, <usize>n * sizeof<T>());
}

// Chains are eliminated from both ends in turn: a column of one entry changes the next pivot but one. Two entries of x
// are carried along, so that nothing waits for what has only just been stored.

@inline function forward<T>(x: usize, start: i32, stop: i32): void {
  let value = at<T>(x, start);
  let next = at<T>(x, start + 1);
  for (let k = start; k < stop - 1; k++) {
    const record = columns + <usize>k * RECORD;
    const count = load<i32>(record + L_COUNT);
    const rows = <usize>load<u32>(record + L_ROWS);
    const entries = <usize>load<u32>(record + L_VALUES);
    put<T>(x, k, value);
    if (count == 1 && int(rows, 0) == k + 2) {
      const product = times<T>(at<T>(entries, 0), value);
      value = next;
      next = minus<T>(at<T>(x, k + 2), product);
      continue;
    }
    put<T>(x, k + 1, next);
    subtractMultiple<T>(x, rows, entries, count, value);
    value = at<T>(x, k + 1);
    next = at<T>(x, min(k + 2, stop - 1));
  }
  put<T>(x, stop - 1, value);
}

@inline function backward<T>(x: usize, start: i32, stop: i32): void {
  let value = at<T>(x, stop - 1);
  let next = at<T>(x, stop - 2);
  for (let k = stop - 1; k > start; k--) {
    const record = columns + <usize>k * RECORD;
    const count = load<i32>(record + U_COUNT);
    const rows = <usize>load<u32>(record + U_ROWS);
    const entries = <usize>load<u32>(record + U_VALUES);
    value = times<T>(value, at<T>(pivotInverse, k));
    put<T>(x, k, value);
    if (count == 1 && int(rows, 0) == k - 2) {
      const product = times<T>(at<T>(entries, 0), value);
      value = next;
      next = minus<T>(at<T>(x, k - 2), product);
      continue;
    }
    put<T>(x, k - 1, next);
    subtractMultiple<T>(x, rows, entries, count, value);
    value = at<T>(x, k - 1);
    next = at<T>(x, max(k - 2, start));
  }
  put<T>(x, start, times<T>(value, at<T>(pivotInverse, start)));
}

export function solveTransposed<T>(): void {
  const x = work;
  for (let k = 0; k < n; k++) put<T>(x, k, at<T>(rhs, int(columnAt, k)));
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    for (let k = start; k < stop; k++) {
      const record = columns + <usize>k * RECORD;
      const p = int(aPtr, k);
      let value = at<T>(x, k);
      value = minusDot<T>(value, x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p);
      value = minusDot<T>(
        value, x, <usize>load<u32>(record + U_ROWS), <usize>load<u32>(record + U_VALUES), load<i32>(record + U_COUNT));
      put<T>(x, k, times<T>(value, at<T>(pivotInverse, k)));
    }
    for (let k = stop - 2; k >= start; k--) {
      const record = columns + <usize>k * RECORD;
      put<T>(x, k, minusDot<T>(
        at<T>(x, k), x, <usize>load<u32>(record + L_ROWS), <usize>load<u32>(record + L_VALUES),
        load<i32>(record + L_COUNT)));
    }
  }
  for (let k = 0; k < n; k++) {
    put<T>(rhs, int(rowAt, k), scaled<T>(at<T>(x, k), load<f64>(scaleAt + (<usize>k << 3))));
  }
  memory.fill(x, 0, <usize>n * sizeof<T>());
}
