// A x = b and Aᵀ x = b by block substitution with R A = L D U + F, U with unit diagonal; the right-hand side is overwritten.
import { int } from './memory';
import { at, minusDot, put, scaled, subtractMultiple, times } from './scalar';
import { ascend, descend } from './substitute';
import {
  aMid, aPtr, aRow, blocks, blockStart, columnAt, folded, lPlan, n, offBlock, pivotInverse, place, rhs, rowAt, scaleAt, uPlan, x,
} from './state';

@inline function scale<T>(k: i32, value: T): T {
  return scaled<T>(value, load<f64>(scaleAt + (<usize>k << 3)));
}

/** x := x scaled by rows. */
@inline function scaleAll<T>(): void {
  if (folded) return;
  for (let k = 0; k < n; k++) put<T>(x, k, scale<T>(k, at<T>(x, k)));
}

/** Brings the right-hand side to where the substitutions want it: entry names[k] to position k. */
@inline function gather<T>(names: usize): void {
  if (x == rhs) return;
  for (let k = 0; k < n; k++) put<T>(x, k, at<T>(rhs, int(names, k)));
}

@inline function scatter<T>(names: usize): void {
  if (x == rhs) return;
  for (let k = 0; k < n; k++) put<T>(rhs, int(names, k), at<T>(x, k));
}

@inline function divide<T>(k: i32): void {
  const to = int(place, k);
  put<T>(x, to, times<T>(at<T>(x, to), at<T>(pivotInverse, k)));
}

export function solve<T>(): void {
  gather<T>(rowAt);
  scaleAll<T>();
  for (let b = blocks - 1; b >= 0; b--) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    if (start + 1 < stop) {
      ascend<T>(int(lPlan, b), int(lPlan, b + 1));
      descend<T>(int(uPlan, b), int(uPlan, b + 1));
    } else divide<T>(start);
    if (start == 0) break;
    for (let k = start; k < stop; k++) {
      const p = int(aPtr, k);
      subtractMultiple<T>(
        x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p, at<T>(x, int(place, k)));
    }
  }
  scatter<T>(columnAt);
}

export function solveTransposed<T>(): void {
  gather<T>(columnAt);
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    for (let k = start; start > 0 && k < stop; k++) {
      const p = int(aPtr, k);
      const to = int(place, k);
      put<T>(x, to, minusDot<T>(
        at<T>(x, to), x, aRow + (<usize>p << 2), offBlock + <usize>p * sizeof<T>(), int(aMid, k) - p));
    }
    if (start + 1 < stop) {
      ascend<T>(int(uPlan, b), int(uPlan, b + 1));
      descend<T>(int(lPlan, b), int(lPlan, b + 1));
    } else divide<T>(start);
  }
  scaleAll<T>();
  scatter<T>(rowAt);
}
