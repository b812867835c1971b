// Triangular systems by runs of one shape. The entries of a triangle are kept beside the unknown that stands first in
// them: ascending, each unknown is subtracted from later ones; descending, later ones are subtracted from it. Where
// one pair waits for the next, only a product and a difference stand between them: pivots divide what is known before.
import { int } from './memory';
import { at, minus, minusDot, put, scaled, subtractMultiple, times } from './scalar';
import { ANY, EMPTY, NEXT_BUT_ONE } from './settle';
import { columnAt, pivotInverse, rhs, rowAt, scaleAt } from './state';

/** x_k, over its pivot when `divided`. */
@inline function taken<T>(x: usize, k: i32, divided: bool): T {
  const value = at<T>(x, k);
  if (!divided) return value;
  const quotient = times<T>(value, at<T>(pivotInverse, k));
  put<T>(x, k, quotient);
  return quotient;
}

/** (1 + T) x := x, or (D + DT) x := x when `divided`, T strictly lower triangular by columns. */
@inline export function ascend<T>(
  x: usize, ptr: usize, index: usize, values: usize, run: usize, start: i32, stop: i32, divided: bool,
): void {
  for (let k = start; k < stop;) {
    const code = int(run, k);
    const end = k + (code >> 2);
    const shape = code & 3;
    let p = int(ptr, k);
    if (shape == EMPTY) {
      if (divided) for (; k < end; k++) taken<T>(x, k, true);
      k = end;
    } else if (shape == NEXT_BUT_ONE && sizeof<T>() == 8) {
      let pair = v128.load(x + (<usize>k << 3));
      for (; k + 1 < end; k += 2, p += 2) {
        const here = <usize>k << 3;
        let factor = v128.load(values + (<usize>p << 3));
        if (divided) {
          const inverse = v128.load(pivotInverse + here);
          v128.store(x + here, f64x2.mul(pair, inverse));
          factor = f64x2.mul(factor, inverse);
        }
        pair = f64x2.sub(v128.load(x + here, 16), f64x2.mul(factor, pair));
        v128.store(x + here, pair, 16);
      }
      if (k < end) {
        put<T>(x, k + 2, minus<T>(at<T>(x, k + 2), times<T>(at<T>(values, p), taken<T>(x, k, divided))));
        k++;
      }
    } else if (shape != ANY) {
      for (; k < end; k++, p++) {
        const value = taken<T>(x, k, divided);
        const to = int(index, p);
        put<T>(x, to, minus<T>(at<T>(x, to), times<T>(at<T>(values, p), value)));
      }
    } else {
      for (; k < end; k++) {
        const next = int(ptr, k + 1);
        subtractMultiple<T>(
          x, index + (<usize>p << 2), values + <usize>p * sizeof<T>(), next - p, taken<T>(x, k, divided));
        p = next;
      }
    }
  }
}

/** Entry k of the solution of A x = b when `divided`, else of Aᵀ x = b, where it belongs. */
@inline export function give<T>(k: i32, value: T, divided: bool): void {
  if (divided) put<T>(rhs, int(columnAt, k), value);
  else put<T>(rhs, int(rowAt, k), scaled<T>(value, load<f64>(scaleAt + (<usize>k << 3))));
}

/** (1 + T)ᵀ x := x, or (D + T)ᵀ x := x when `divided`; every entry is given as soon as it is known. */
@inline export function descend<T>(
  x: usize, ptr: usize, index: usize, values: usize, run: usize, start: i32, stop: i32, divided: bool,
): void {
  for (let k = stop - 1; k >= start;) {
    const code = int(run, k);
    const first = k - (code >> 2) + 1;
    const shape = code & 3;
    let p = int(ptr, k);
    if (shape == EMPTY) {
      for (; k >= first; k--) give<T>(k, taken<T>(x, k, divided), divided);
    } else if (shape == NEXT_BUT_ONE && sizeof<T>() == 8) {
      if ((code & 4) != 0) {
        put<T>(x, k, minus<T>(at<T>(x, k), times<T>(at<T>(values, p), at<T>(x, k + 2))));
        give<T>(k, taken<T>(x, k, divided), divided);
        k--;
        p--;
      }
      let pair = v128.load(x + (<usize>(k + 1) << 3));
      for (; k > first; k -= 2, p -= 2) {
        const here = <usize>(k - 1) << 3;
        let factor = v128.load(values + (<usize>(p - 1) << 3));
        let own = v128.load(x + here);
        if (divided) {
          const inverse = v128.load(pivotInverse + here);
          factor = f64x2.mul(factor, inverse);
          own = f64x2.mul(own, inverse);
        }
        pair = f64x2.sub(own, f64x2.mul(factor, pair));
        v128.store(x + here, pair);
        const given = divided ? pair : f64x2.mul(pair, v128.load(scaleAt + here));
        const places = divided ? columnAt : rowAt;
        v128.store64_lane(rhs + (<usize>int(places, k - 1) << 3), given, 0);
        v128.store64_lane(rhs + (<usize>int(places, k) << 3), given, 1);
      }
    } else if (shape != ANY) {
      for (; k >= first; k--, p--) {
        put<T>(x, k, minus<T>(at<T>(x, k), times<T>(at<T>(values, p), at<T>(x, int(index, p)))));
        give<T>(k, taken<T>(x, k, divided), divided);
      }
    } else {
      let next = int(ptr, k + 1);
      for (; k >= first; k--) {
        p = int(ptr, k);
        put<T>(x, k, minusDot<T>(
          at<T>(x, k), x, index + (<usize>p << 2), values + <usize>p * sizeof<T>(), next - p));
        give<T>(k, taken<T>(x, k, divided), divided);
        next = p;
      }
    }
  }
}
