// Long vectors of a march in time: rates, tolerances, Newton's update and the error norm, each one pass over memory.
// Addresses are bytes; vectors are aligned to 16 bytes and padded to a multiple of four.

/** out := base + α(x − ref). */
export function rate(x: usize, ref: usize, base: usize, alpha: f64, out: usize, count: i32): void {
  const factor = f64x2.splat(alpha);
  const end = <usize>((count + 1) & ~1) << 3;
  for (let o: usize = 0; o < end; o += 16) {
    const moved = f64x2.mul(factor, f64x2.sub(v128.load(x + o), v128.load(ref + o)));
    v128.store(out + o, f64x2.add(v128.load(base + o), moved));
  }
}

/** The pair [x | ẋ] of `distance` bytes each: x and base + α(x − ref). */
export function rates(x: usize, ref: usize, base: usize, alpha: f64, pair: usize, distance: usize): void {
  memory.copy(pair, x, distance);
  rate(x, ref, base, alpha, pair + distance, <i32>(distance >> 3));
}

/** to += v in the first n entries. */
export function add(n: i32, to: usize, v: usize): void {
  const end = <usize>n << 3;
  const pairs = end & ~15;
  for (let o: usize = 0; o < pairs; o += 16) v128.store(to + o, f64x2.add(v128.load(to + o), v128.load(v + o)));
  if (pairs < end) store<f64>(to + pairs, load<f64>(to + pairs) + load<f64>(v + pairs));
}

/** to += factor·v in the first n entries. */
export function addMultiple(n: i32, to: usize, factor: f64, v: usize): void {
  const end = <usize>n << 3;
  const pairs = end & ~15;
  const factors = f64x2.splat(factor);
  for (let o: usize = 0; o < pairs; o += 16) {
    v128.store(to + o, f64x2.add(v128.load(to + o), f64x2.mul(factors, v128.load(v + o))));
  }
  if (pairs < end) store<f64>(to + pairs, load<f64>(to + pairs) + factor * load<f64>(v + pairs));
}

/** Entries from `first` on are given: ref := y, and base moves along with them, so that base + α(y − ref) is what it was. */
export function hold(first: i32, count: i32, y: usize, ref: usize, base: usize, alpha: f64): void {
  const end = <usize>count << 3;
  for (let o = <usize>first << 3; o < end; o += 8) {
    const value = load<f64>(y + o);
    store<f64>(base + o, load<f64>(base + o) + alpha * (value - load<f64>(ref + o)));
    store<f64>(ref + o, value);
  }
}

/** The larger of two lanes. */
@inline export function largest(v: v128): f64 {
  return max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

/** What is not above this share of the largest quotient so far, times its divisor, has no larger one. */
const SHARE: f64 = 0.999999999999999;

/** y := from − scale·d; returns max |scale·d|/tol, NaN when an entry is not finite. Few entries need be divided. */
export function update(n: i32, from: usize, y: usize, d: usize, tol: usize, scale: f64): f64 {
  const factor = f64x2.splat(scale);
  let norms = f64x2.splat(0);
  let passed = norms;
  let sums = norms;
  let sums2 = norms;
  const end = <usize>n << 3;
  const fours = end & ~31;
  let o: usize = 0;
  for (; o < fours; o += 32) {
    let at = d + o;
    const delta = f64x2.mul(factor, v128.load(at));
    const delta2 = f64x2.mul(factor, v128.load(at, 16));
    at = from + o;
    const moved = f64x2.sub(v128.load(at), delta);
    const moved2 = f64x2.sub(v128.load(at, 16), delta2);
    at = y + o;
    v128.store(at, moved);
    v128.store(at, moved2, 16);
    at = tol + o;
    const size = f64x2.abs(delta);
    const size2 = f64x2.abs(delta2);
    const unit = v128.load(at);
    const unit2 = v128.load(at, 16);
    if (v128.any_true(v128.or(f64x2.gt(size, f64x2.mul(passed, unit)), f64x2.gt(size2, f64x2.mul(passed, unit2))))) {
      norms = f64x2.pmax(f64x2.pmax(norms, f64x2.div(size, unit)), f64x2.div(size2, unit2));
      passed = f64x2.mul(norms, f64x2.splat(SHARE));
    }
    sums = f64x2.add(sums, delta);
    sums2 = f64x2.add(sums2, delta2);
  }
  for (; o < end; o += 8) {
    const delta = f64x2.mul(factor, v128.load64_zero(d + o));
    v128.store64_lane(y + o, f64x2.sub(v128.load64_zero(from + o), delta), 0);
    sums = f64x2.add(sums, delta);
    norms = f64x2.pmax(norms, f64x2.div(f64x2.abs(delta), v128.load64_splat(tol + o)));
  }
  sums = f64x2.add(sums, sums2);
  const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  return sum - sum === 0 ? largest(norms) : NaN;
}

/**
 * x := x − d; max |d_i|/(reltol·|x_i| + absolute_i), NaN when an entry of d is not finite. Where the maximum is above 0 its
 * index is left at `where`.
 */
export function correct(n: i32, x: usize, d: usize, absolute: usize, reltol: f64, where: usize): f64 {
  let norm: f64 = 0;
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const o = <usize>i << 3;
    const by = load<f64>(d + o);
    const value = load<f64>(x + o) - by;
    store<f64>(x + o, value);
    sum += by;
    const allowed = reltol * abs(value) + load<f64>(absolute + o);
    if (abs(by) > norm * allowed) {
      norm = abs(by) / allowed;
      store<i32>(where, i);
    }
  }
  return sum - sum === 0 ? norm : NaN;
}

/** max |a_i − b_i|/tol_i over the `count` entries listed in `which`. */
export function distance(count: i32, which: usize, a: usize, b: usize, tol: usize): f64 {
  let norm: f64 = 0;
  for (let k = 0; k < count; k++) {
    const o = <usize>load<i32>(which + (<usize>k << 2)) << 3;
    const size = abs(load<f64>(a + o) - load<f64>(b + o));
    const t = load<f64>(tol + o);
    if (size > norm * t) norm = size / t;
  }
  return norm;
}

/** The same over the first `count` entries. */
export function distanceOfAll(count: i32, a: usize, b: usize, tol: usize): f64 {
  let norms = f64x2.splat(0);
  const end = <usize>count << 3;
  const pairs = end & ~15;
  for (let o: usize = 0; o < pairs; o += 16) {
    const size = f64x2.abs(f64x2.sub(v128.load(a + o), v128.load(b + o)));
    norms = f64x2.pmax(norms, f64x2.div(size, v128.load(tol + o)));
  }
  if (pairs < end) {
    const size = f64x2.abs(f64x2.sub(v128.load64_zero(a + pairs), v128.load64_zero(b + pairs)));
    norms = f64x2.pmax(norms, f64x2.div(size, v128.load64_splat(tol + pairs)));
  }
  return largest(norms);
}

/** out := Σ w_j·p_j. */
export function combine(m: i32, points: usize, w: usize, out: usize, count: i32): void {
  const end = <usize>((count + 1) & ~1) << 3;
  for (let i: usize = 0; i < end; i += 16) {
    let value = f64x2.mul(v128.load64_splat(w), v128.load(<usize>load<i32>(points) + i));
    for (let j = 1; j < m; j++) {
      const v = v128.load(<usize>load<i32>(points + (j << 2)) + i);
      value = f64x2.add(value, f64x2.mul(v128.load64_splat(w + (j << 3)), v));
    }
    v128.store(out + i, value);
  }
}

/** ratio^50. */
@inline export function fadingOf(ratio: f64): v128 {
  const square = ratio * ratio;
  const eighth = square * square * square * square;
  const sixteenth = eighth * eighth;
  return f64x2.splat(square * sixteenth * sixteenth * sixteenth);
}

/** share·lately, share being `kept`, or `fading` where that is negative. */
@inline export function faded(lately: v128, kept: v128, fading: v128): v128 {
  return f64x2.mul(v128.bitselect(fading, kept, f64x2.lt(kept, f64x2.splat(0))), lately);
}

/** lately_i := max(share_i·lately_i, |y_i|); share_i is keep_i, or ratio^50 where that is negative. */
export function remember(lately: usize, y: usize, keep: usize, ratio: f64, count: i32): void {
  const fading = fadingOf(ratio);
  const end = <usize>((count + 1) & ~1) << 3;
  for (let o: usize = 0; o < end; o += 16) {
    const before = faded(v128.load(lately + o), v128.load(keep + o), fading);
    v128.store(lately + o, f64x2.pmax(before, f64x2.abs(v128.load(y + o))));
  }
}

/** tol := reltol·max(|a|, |b|, lately) + absolute. */
export function allow(
  a: usize, b: usize, lately: usize, reltol: f64, absolute: usize, tol: usize, count: i32,
): void {
  const factor = f64x2.splat(reltol);
  const end = <usize>((count + 1) & ~1) << 3;
  for (let o: usize = 0; o < end; o += 16) {
    const size = f64x2.pmax(f64x2.abs(v128.load(a + o)), f64x2.abs(v128.load(b + o)));
    const most = f64x2.pmax(size, v128.load(lately + o));
    v128.store(tol + o, f64x2.add(f64x2.mul(factor, most), v128.load(absolute + o)));
  }
}

/**
 * tol_i := |x_i| + share·(the largest |x_j| of the kind of i, at least `first` or `second`); `kind` holds 1 for the first
 * kind and 0 for the second.
 */
export function scales(n: i32, x: usize, kind: usize, first: f64, second: f64, share: f64, tol: usize): void {
  const last = <usize>(n - 1) << 3;
  const pairs = <usize>(n & ~1) << 3;
  const one = f64x2.splat(1);
  let firsts = f64x2.splat(first);
  let seconds = f64x2.splat(second);
  for (let o: usize = 0; o < pairs; o += 16) {
    const size = f64x2.abs(v128.load(x + o));
    const is = v128.load(kind + o);
    firsts = f64x2.pmax(firsts, f64x2.mul(is, size));
    seconds = f64x2.pmax(seconds, f64x2.mul(f64x2.sub(one, is), size));
  }
  first = max(f64x2.extract_lane(firsts, 0), f64x2.extract_lane(firsts, 1));
  second = max(f64x2.extract_lane(seconds, 0), f64x2.extract_lane(seconds, 1));
  if (pairs <= last) {
    const size = abs(load<f64>(x + last));
    if (load<f64>(kind + last) == 1) first = max(first, size);
    else second = max(second, size);
  }
  const ofFirst = share * first;
  const ofSecond = share * second;
  const base = f64x2.splat(ofSecond);
  const more = f64x2.splat(ofFirst - ofSecond);
  for (let o: usize = 0; o <= last; o += 16) {
    const floor = f64x2.add(base, f64x2.mul(v128.load(kind + o), more));
    v128.store(tol + o, f64x2.add(f64x2.abs(v128.load(x + o)), floor));
  }
}
