// The polynomial through the newest points of a trajectory, extrapolated: weights, the predictor with all that a step
// wants to know of it, and how far a point is from what another order would have predicted. Each is one pass over memory.
import { largest } from './vectors';

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

@inline function point(trail: usize, m: i32, j: i32): usize {
  return j < m ? <usize>load<u32>(trail + (<usize>j << 2), POINTS) : 0;
}

@inline function weight(trail: usize, m: i32, j: i32, which: usize): v128 {
  return j < m ? v128.load64_splat(trail + which + (<usize>j << 3)) : f64x2.splat(0);
}

@inline function predictFrom(
  m: i32, trail: usize, value: usize, rate: usize, tol: usize, absolute: usize, lately: usize, reltol: f64, count: i32,
): void {
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
  const share = f64x2.splat(reltol);
  const end = <usize>((count + 1) & ~1) << 3;
  for (let o: usize = 0; o < end; o += 16) {
    const newest = v128.load(p0 + o);
    let v = v128.load(p1 + o);
    let x = f64x2.add(f64x2.mul(a0, newest), f64x2.mul(a1, v));
    let r = f64x2.add(f64x2.mul(b0, newest), f64x2.mul(b1, v));
    if (m > 2) {
      v = v128.load(p2 + o);
      x = f64x2.add(x, f64x2.mul(a2, v));
      r = f64x2.add(r, f64x2.mul(b2, v));
    }
    if (m > 3) {
      v = v128.load(p3 + o);
      x = f64x2.add(x, f64x2.mul(a3, v));
      r = f64x2.add(r, f64x2.mul(b3, v));
    }
    if (m > 4) {
      v = v128.load(p4 + o);
      x = f64x2.add(x, f64x2.mul(a4, v));
      r = f64x2.add(r, f64x2.mul(b4, v));
    }
    if (m > 5) {
      v = v128.load(p5 + o);
      x = f64x2.add(x, f64x2.mul(a5, v));
      r = f64x2.add(r, f64x2.mul(b5, v));
    }
    v128.store(value + o, x);
    v128.store(rate + o, r);
    const size = f64x2.pmax(f64x2.pmax(f64x2.abs(newest), f64x2.abs(x)), v128.load(lately + o));
    v128.store(tol + o, f64x2.add(f64x2.mul(share, size), v128.load(absolute + o)));
  }
}

function predict2(l: usize, v: usize, r: usize, t: usize, a: usize, y: usize, s: f64, n: i32): void { predictFrom(2, l, v, r, t, a, y, s, n); }
function predict3(l: usize, v: usize, r: usize, t: usize, a: usize, y: usize, s: f64, n: i32): void { predictFrom(3, l, v, r, t, a, y, s, n); }
function predict4(l: usize, v: usize, r: usize, t: usize, a: usize, y: usize, s: f64, n: i32): void { predictFrom(4, l, v, r, t, a, y, s, n); }
function predict5(l: usize, v: usize, r: usize, t: usize, a: usize, y: usize, s: f64, n: i32): void { predictFrom(5, l, v, r, t, a, y, s, n); }
function predict6(l: usize, v: usize, r: usize, t: usize, a: usize, y: usize, s: f64, n: i32): void { predictFrom(6, l, v, r, t, a, y, s, n); }

/** Loops as values stay functions of their own: see straight.ts. */
@inline function predictorOf(
  m: i32,
): (trail: usize, value: usize, rate: usize, tol: usize, absolute: usize, lately: usize, reltol: f64, count: i32) => void {
  switch (m) {
    case 2: return predict2;
    case 3: return predict3;
    case 4: return predict4;
    case 5: return predict5;
    default: return predict6;
  }
}

/**
 * value := p(t) and rate := p′(t) of the polynomial through the m newest points, 2 ≤ m ≤ 6, and
 * tol := reltol·max(|newest|, |value|, lately) + absolute; the weights stay with the trail. Returns the error constant of
 * order m − 1. One loop for each m, so that all weights stay in registers.
 */
export function predict(
  m: i32, trail: usize, t: f64, value: usize, rate: usize, tol: usize, absolute: usize, lately: usize, reltol: f64,
  count: i32,
): f64 {
  weigh(trail, m, t);
  const loop = predictorOf(m);
  loop(trail, value, rate, tol, absolute, lately, reltol, count);
  return errorConstant(trail, m - 1, t);
}

@inline function missFrom(m: i32, trail: usize, y: usize, tol: usize, count: i32): f64 {
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
    if (m > 2) x = f64x2.add(x, f64x2.mul(a2, v128.load(p2 + o)));
    if (m > 3) x = f64x2.add(x, f64x2.mul(a3, v128.load(p3 + o)));
    if (m > 4) x = f64x2.add(x, f64x2.mul(a4, v128.load(p4 + o)));
    if (m > 5) x = f64x2.add(x, f64x2.mul(a5, v128.load(p5 + o)));
    let size = f64x2.abs(f64x2.sub(v128.load(y + o), x));
    if (o + 8 == end) size = f64x2.replace_lane(size, 1, 0);
    norms = f64x2.pmax(norms, f64x2.div(size, v128.load(tol + o)));
  }
  return largest(norms);
}

function miss2(trail: usize, y: usize, tol: usize, count: i32): f64 { return missFrom(2, trail, y, tol, count); }
function miss3(trail: usize, y: usize, tol: usize, count: i32): f64 { return missFrom(3, trail, y, tol, count); }
function miss4(trail: usize, y: usize, tol: usize, count: i32): f64 { return missFrom(4, trail, y, tol, count); }
function miss5(trail: usize, y: usize, tol: usize, count: i32): f64 { return missFrom(5, trail, y, tol, count); }
function miss6(trail: usize, y: usize, tol: usize, count: i32): f64 { return missFrom(6, trail, y, tol, count); }

@inline function missOf(m: i32): (trail: usize, y: usize, tol: usize, count: i32) => f64 {
  switch (m) {
    case 2: return miss2;
    case 3: return miss3;
    case 4: return miss4;
    case 5: return miss5;
    default: return miss6;
  }
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
  if (which != 0) return constant * missAmong(m, trail, y, tol, count, which);
  const loop = missOf(m);
  return constant * loop(trail, y, tol, count);
}
