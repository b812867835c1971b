// The polynomial through the newest points of a trajectory, extrapolated: weights, the predictor with all that a step
// wants to know of it, and how far a point is from what another order would have predicted. Each is one pass over memory,
// and one loop: fewer points are six of which some have no weight, for a loop that is seldom used stays slow.
import { faded, fadingOf, largest } from './vectors';

/** A trail: times of the newest points, weights of their values and of their rates, and their addresses (i32), 16 of each. */
const VALUES: usize = 128;
const RATES: usize = 256;
const POINTS: usize = 384;

/** a_j with p(t) = Σ a_j·y(times_j), and b_j with p′(t) = Σ b_j·y(times_j), for the polynomial p through m points. */
function weigh(trail: usize, m: i32, t: f64): void {
  const end = trail + (<usize>m << 3);
  for (let j = trail; j < end; j += 8) {
    const own = load<f64>(j);
    let value: f64 = 1;
    let slope: f64 = 0;
    for (let i = trail; i < end; i += 8) {
      if (i == j) continue;
      const time = load<f64>(i);
      const c = 1 / (own - time);
      slope = (slope * (t - time) + value) * c;
      value *= (t - time) * c;
    }
    store<f64>(j, value, VALUES);
    store<f64>(j, slope, RATES);
  }
}

/** 1 + 1/2 + … + 1/k. */
@inline function leading(k: i32): f64 {
  switch (k) {
    case 1: return 1;
    case 2: return 3.0 / 2;
    case 3: return 11.0 / 6;
    case 4: return 25.0 / 12;
    default: return 137.0 / 60;
  }
}

/** Local error of backward differentiation of order k in fixed-leading-coefficient form over |y − y_pred|, on this mesh. */
function errorConstant(trail: usize, k: i32, t: f64): f64 {
  const h = t - load<f64>(trail);
  let sum = leading(k);
  for (let i = 0; i < k; i++) sum -= h / (t - load<f64>(trail + (<usize>i << 3)));
  const next = h / (t - load<f64>(trail + (<usize>k << 3)));
  return max(next, abs(next - sum));
}

/** The j-th point, or the newest where there are fewer. */
@inline function point(trail: usize, m: i32, j: i32): usize {
  return <usize>load<u32>(trail + (<usize>(j < m ? j : 0) << 2), POINTS);
}

@inline function weight(trail: usize, m: i32, j: i32, which: usize): v128 {
  return j < m ? v128.load64_splat(trail + which + (<usize>j << 3)) : f64x2.splat(0);
}

@inline function plus(sum: v128, factor: v128, v: v128): v128 {
  return f64x2.add(sum, f64x2.mul(factor, v));
}

/**
 * value := p(t) and rate := p′(t) of the polynomial through the m newest points, 2 ≤ m ≤ 6, and
 * tol := reltol·max(|newest|, |value|, lately) + absolute; before that, unless `keep` is 0, lately remembers the newest
 * point as `remember` has it. Four entries at a time: vectors are padded to that. The weights stay with the trail. Returns
 * the error constant of order m − 1.
 */
export function predict(
  m: i32, trail: usize, t: f64, value: usize, rate: usize, tol: usize, absolute: usize, lately: usize, reltol: f64,
  keep: usize, ratio: f64, count: i32,
): f64 {
  weigh(trail, m, t);
  const p0 = point(trail, m, 0);
  const p1 = point(trail, m, 1);
  const p2 = point(trail, m, 2);
  const p3 = point(trail, m, 3);
  const p4 = point(trail, m, 4);
  const p5 = point(trail, m, 5);
  const a0 = weight(trail, m, 0, VALUES);
  const a1 = weight(trail, m, 1, VALUES);
  const a2 = weight(trail, m, 2, VALUES);
  const a3 = weight(trail, m, 3, VALUES);
  const a4 = weight(trail, m, 4, VALUES);
  const a5 = weight(trail, m, 5, VALUES);
  const b0 = weight(trail, m, 0, RATES);
  const b1 = weight(trail, m, 1, RATES);
  const b2 = weight(trail, m, 2, RATES);
  const b3 = weight(trail, m, 3, RATES);
  const b4 = weight(trail, m, 4, RATES);
  const b5 = weight(trail, m, 5, RATES);
  const fading = fadingOf(ratio);
  const end = <usize>((count + 3) & ~3) << 3;
  for (let o: usize = 0; o < end; o += 32) {
    let p = p0 + o;
    const newest = v128.load(p);
    const newest2 = v128.load(p, 16);
    let x = f64x2.mul(a0, newest);
    let r = f64x2.mul(b0, newest);
    let x2 = f64x2.mul(a0, newest2);
    let r2 = f64x2.mul(b0, newest2);
    p = p1 + o;
    let v = v128.load(p);
    let v2 = v128.load(p, 16);
    x = plus(x, a1, v);
    r = plus(r, b1, v);
    x2 = plus(x2, a1, v2);
    r2 = plus(r2, b1, v2);
    p = p2 + o;
    v = v128.load(p);
    v2 = v128.load(p, 16);
    x = plus(x, a2, v);
    r = plus(r, b2, v);
    x2 = plus(x2, a2, v2);
    r2 = plus(r2, b2, v2);
    p = p3 + o;
    v = v128.load(p);
    v2 = v128.load(p, 16);
    x = plus(x, a3, v);
    r = plus(r, b3, v);
    x2 = plus(x2, a3, v2);
    r2 = plus(r2, b3, v2);
    if (m > 4) {
      p = p4 + o;
      v = v128.load(p);
      v2 = v128.load(p, 16);
      x = plus(x, a4, v);
      r = plus(r, b4, v);
      x2 = plus(x2, a4, v2);
      r2 = plus(r2, b4, v2);
      p = p5 + o;
      v = v128.load(p);
      v2 = v128.load(p, 16);
      x = plus(x, a5, v);
      r = plus(r, b5, v);
      x2 = plus(x2, a5, v2);
      r2 = plus(r2, b5, v2);
    }
    v128.store(value + o, x);
    v128.store(value + o, x2, 16);
    v128.store(rate + o, r);
    v128.store(rate + o, r2, 16);
    let size = f64x2.abs(newest);
    let size2 = f64x2.abs(newest2);
    p = lately + o;
    const before = v128.load(p);
    const before2 = v128.load(p, 16);
    if (keep != 0) {
      size = f64x2.pmax(faded(before, v128.load(keep + o), fading), size);
      size2 = f64x2.pmax(faded(before2, v128.load(keep + o, 16), fading), size2);
      v128.store(p, size);
      v128.store(p, size2, 16);
    } else {
      size = f64x2.pmax(before, size);
      size2 = f64x2.pmax(before2, size2);
    }
    size = f64x2.mul(f64x2.splat(reltol), f64x2.pmax(size, f64x2.abs(x)));
    size2 = f64x2.mul(f64x2.splat(reltol), f64x2.pmax(size2, f64x2.abs(x2)));
    p = absolute + o;
    v128.store(tol + o, f64x2.add(size, v128.load(p)));
    v128.store(tol + o, f64x2.add(size2, v128.load(p, 16)), 16);
  }
  return errorConstant(trail, m - 1, t);
}

/** max |y_i − p(t)_i|/tol_i over the first `count` entries. */
function missOf(m: i32, trail: usize, y: usize, tol: usize, count: i32): f64 {
  const p0 = point(trail, m, 0);
  const p1 = point(trail, m, 1);
  const p2 = point(trail, m, 2);
  const p3 = point(trail, m, 3);
  const p4 = point(trail, m, 4);
  const p5 = point(trail, m, 5);
  const a0 = weight(trail, m, 0, VALUES);
  const a1 = weight(trail, m, 1, VALUES);
  const a2 = weight(trail, m, 2, VALUES);
  const a3 = weight(trail, m, 3, VALUES);
  const a4 = weight(trail, m, 4, VALUES);
  const a5 = weight(trail, m, 5, VALUES);
  let norms = f64x2.splat(0);
  const end = <usize>count << 3;
  for (let o: usize = 0; o < end; o += 16) {
    let x = f64x2.add(f64x2.mul(a0, v128.load(p0 + o)), f64x2.mul(a1, v128.load(p1 + o)));
    x = f64x2.add(x, f64x2.mul(a2, v128.load(p2 + o)));
    x = f64x2.add(x, f64x2.mul(a3, v128.load(p3 + o)));
    x = f64x2.add(x, f64x2.mul(a4, v128.load(p4 + o)));
    x = f64x2.add(x, f64x2.mul(a5, v128.load(p5 + o)));
    let size = f64x2.abs(f64x2.sub(v128.load(y + o), x));
    if (o + 8 == end) size = f64x2.replace_lane(size, 1, 0);
    norms = f64x2.pmax(norms, f64x2.div(size, v128.load(tol + o)));
  }
  return largest(norms);
}

/** max |y_i − p(t)_i|/tol_i over the `count` entries listed in `which`. */
function missAmong(m: i32, trail: usize, y: usize, tol: usize, count: i32, which: usize): f64 {
  let norm: f64 = 0;
  for (let k = 0; k < count; k++) {
    const o = <usize>load<i32>(which + (<usize>k << 2)) << 3;
    let value: f64 = 0;
    for (let j = 0; j < m; j++) {
      value += load<f64>(trail + (<usize>j << 3), VALUES) * load<f64>(point(trail, m, j) + o);
    }
    const size = abs(load<f64>(y + o) - value);
    const t = load<f64>(tol + o);
    if (size > norm * t) norm = size / t;
  }
  return norm;
}

/**
 * Local error that order k = m − 1 would have made at t, in units of tol: its error constant times max |y − p(t)|/tol
 * over the `count` entries listed in `which`, or over the first `count` where there is no list.
 */
export function estimate(
  m: i32, trail: usize, t: f64, y: usize, tol: usize, count: i32, which: usize,
): f64 {
  weigh(trail, m, t);
  const constant = errorConstant(trail, m - 1, t);
  return constant * (which == 0 ? missOf(m, trail, y, tol, count) : missAmong(m, trail, y, tol, count, which));
}
