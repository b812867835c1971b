// Long vectors of a march in time: the predictor, the linear residual, Newton's update and the error norm, each one
// pass over memory. Addresses are bytes; vectors are aligned to 16 bytes and padded to an even length.

/**
 * y = ref := Σ a_j·p_j, base := Σ b_j·p_j, tol := max(reltol·max(|p_0|, |ref|) + absolute, floor). `points` holds the m
 * addresses (as i32), `a` and `b` the m coefficients. One loop for each m ≤ 6, so that both stay in registers.
 */
export function predict(
  m: i32,
  points: usize,
  a: usize,
  b: usize,
  y: usize,
  ref: usize,
  base: usize,
  tol: usize,
  absolute: usize,
  floor: usize,
  reltol: f64,
  count: i32,
): void {
  switch (m) {
    case 2: return predictFrom(2, points, a, b, y, ref, base, tol, absolute, floor, reltol, count);
    case 3: return predictFrom(3, points, a, b, y, ref, base, tol, absolute, floor, reltol, count);
    case 4: return predictFrom(4, points, a, b, y, ref, base, tol, absolute, floor, reltol, count);
    case 5: return predictFrom(5, points, a, b, y, ref, base, tol, absolute, floor, reltol, count);
    case 6: return predictFrom(6, points, a, b, y, ref, base, tol, absolute, floor, reltol, count);
    default: unreachable();
  }
}

@inline function predictFrom(
  m: i32,
  points: usize,
  a: usize,
  b: usize,
  y: usize,
  ref: usize,
  base: usize,
  tol: usize,
  absolute: usize,
  floor: usize,
  reltol: f64,
  count: i32,
): void {
  const p0 = <usize>load<i32>(points);
  const p1 = <usize>load<i32>(points, 4);
  const p2 = m > 2 ? <usize>load<i32>(points, 8) : 0;
  const p3 = m > 3 ? <usize>load<i32>(points, 12) : 0;
  const p4 = m > 4 ? <usize>load<i32>(points, 16) : 0;
  const p5 = m > 5 ? <usize>load<i32>(points, 20) : 0;
  const a0 = v128.load64_splat(a);
  const b0 = v128.load64_splat(b);
  const a1 = v128.load64_splat(a, 8);
  const b1 = v128.load64_splat(b, 8);
  const a2 = m > 2 ? v128.load64_splat(a, 16) : a0;
  const b2 = m > 2 ? v128.load64_splat(b, 16) : a0;
  const a3 = m > 3 ? v128.load64_splat(a, 24) : a0;
  const b3 = m > 3 ? v128.load64_splat(b, 24) : a0;
  const a4 = m > 4 ? v128.load64_splat(a, 32) : a0;
  const b4 = m > 4 ? v128.load64_splat(b, 32) : a0;
  const a5 = m > 5 ? v128.load64_splat(a, 40) : a0;
  const b5 = m > 5 ? v128.load64_splat(b, 40) : a0;
  const share = f64x2.splat(reltol);
  const end = <usize>((count + 1) & ~1) << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const v0 = v128.load(p0 + i);
    const v1 = v128.load(p1 + i);
    let value = f64x2.add(f64x2.mul(a0, v0), f64x2.mul(a1, v1));
    let rate = f64x2.add(f64x2.mul(b0, v0), f64x2.mul(b1, v1));
    if (m > 2) {
      const v = v128.load(p2 + i);
      value = f64x2.add(value, f64x2.mul(a2, v));
      rate = f64x2.add(rate, f64x2.mul(b2, v));
    }
    if (m > 3) {
      const v = v128.load(p3 + i);
      value = f64x2.add(value, f64x2.mul(a3, v));
      rate = f64x2.add(rate, f64x2.mul(b3, v));
    }
    if (m > 4) {
      const v = v128.load(p4 + i);
      value = f64x2.add(value, f64x2.mul(a4, v));
      rate = f64x2.add(rate, f64x2.mul(b4, v));
    }
    if (m > 5) {
      const v = v128.load(p5 + i);
      value = f64x2.add(value, f64x2.mul(a5, v));
      rate = f64x2.add(rate, f64x2.mul(b5, v));
    }
    v128.store(y + i, value);
    v128.store(ref + i, value);
    v128.store(base + i, rate);
    const size = f64x2.pmax(f64x2.abs(v0), f64x2.abs(value));
    const allowed = f64x2.add(f64x2.mul(share, size), v128.load(absolute + i));
    v128.store(tol + i, f64x2.pmax(allowed, v128.load(floor + i)));
  }
}

/** The pair [x | ẋ] of `distance` bytes each: x and base + α(x − ref). */
export function rates(x: usize, ref: usize, base: usize, alpha: f64, pair: usize, distance: usize): void {
  const factor = f64x2.splat(alpha);
  for (let i: usize = 0; i < distance; i += 16) {
    const value = v128.load(x + i);
    v128.store(pair + i, value);
    const moved = f64x2.mul(factor, f64x2.sub(value, v128.load(ref + i)));
    v128.store(pair + distance + i, f64x2.add(v128.load(base + i), moved));
  }
}

/** `norm`, or the larger of two ratios size/t that exceed it; `worst` receives the entry, byte o or the next. */
function larger(norm: f64, size: v128, t: v128, o: usize, worst: usize): f64 {
  const size0 = f64x2.extract_lane(size, 0);
  const t0 = f64x2.extract_lane(t, 0);
  if (size0 > norm * t0) {
    norm = size0 / t0;
    store<i32>(worst, <i32>(o >> 3));
  }
  const size1 = f64x2.extract_lane(size, 1);
  const t1 = f64x2.extract_lane(t, 1);
  if (size1 > norm * t1) {
    norm = size1 / t1;
    store<i32>(worst, <i32>(o >> 3) + 1);
  }
  return norm;
}

/** The running maximum of size/t in both lanes, over entries at byte o. */
@inline function raised(norms: v128, size: v128, t: v128, o: usize, worst: usize): v128 {
  if (!v128.any_true(f64x2.gt(size, f64x2.mul(norms, t)))) return norms;
  return f64x2.splat(larger(f64x2.extract_lane(norms, 0), size, t, o, worst));
}

/**
 * y := from − scale·d; returns max |scale·d|/tol, NaN when an entry is not finite. `worst` receives where the maximum is.
 */
export function update(n: i32, from: usize, y: usize, d: usize, tol: usize, scale: f64, worst: usize): f64 {
  const factor = f64x2.splat(scale);
  let norms = f64x2.splat(0);
  let sums = norms;
  const end = <usize>n << 3;
  const pairs = end & ~15;
  for (let o: usize = 0; o < pairs; o += 16) {
    const delta = f64x2.mul(factor, v128.load(d + o));
    v128.store(y + o, f64x2.sub(v128.load(from + o), delta));
    sums = f64x2.add(sums, delta);
    norms = raised(norms, f64x2.abs(delta), v128.load(tol + o), o, worst);
  }
  if (pairs < end) {
    const delta = f64x2.mul(factor, v128.load64_zero(d + pairs));
    v128.store64_lane(y + pairs, f64x2.sub(v128.load64_zero(from + pairs), delta), 0);
    sums = f64x2.add(sums, delta);
    norms = raised(norms, f64x2.abs(delta), v128.load64_zero(tol + pairs), pairs, worst);
  }
  const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  return sum - sum === 0 ? f64x2.extract_lane(norms, 0) : NaN;
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

/** The same over the first `count` entries; `worst` receives where the maximum is. */
export function distanceOfAll(count: i32, a: usize, b: usize, tol: usize, worst: usize): f64 {
  let norms = f64x2.splat(0);
  const end = <usize>count << 3;
  const pairs = end & ~15;
  for (let o: usize = 0; o < pairs; o += 16) {
    const size = f64x2.abs(f64x2.sub(v128.load(a + o), v128.load(b + o)));
    norms = raised(norms, size, v128.load(tol + o), o, worst);
  }
  if (pairs < end) {
    const size = f64x2.abs(f64x2.sub(v128.load64_zero(a + pairs), v128.load64_zero(b + pairs)));
    norms = raised(norms, size, v128.load64_zero(tol + pairs), pairs, worst);
  }
  return f64x2.extract_lane(norms, 0);
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

/** floor_i := max(floor_i, reltol·|y_i| + absolute_i) over the `count` entries listed in `which`. */
export function raise(
  count: i32,
  which: usize,
  floor: usize,
  y: usize,
  absolute: usize,
  reltol: f64,
  share: f64,
): void {
  for (let k = 0; k < count; k++) {
    const o = <usize>load<i32>(which + (<usize>k << 2)) << 3;
    const least = load<f64>(absolute + o);
    const kept = share * (load<f64>(floor + o) - least);
    const size = reltol * abs(load<f64>(y + o));
    store<f64>(floor + o, least + (size > kept ? size : kept));
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

/** max |y_i − Σ a_j·p_ji|/tol_i over the `count` entries listed in `which`. */
export function remainder(m: i32, points: usize, a: usize, y: usize, tol: usize, count: i32, which: usize): f64 {
  let norm: f64 = 0;
  for (let k = 0; k < count; k++) {
    const o = <usize>load<i32>(which + (<usize>k << 2)) << 3;
    let value: f64 = 0;
    for (let j = 0; j < m; j++) {
      value += load<f64>(a + (j << 3)) * load<f64>(<usize>load<i32>(points + (j << 2)) + o);
    }
    const size = abs(load<f64>(y + o) - value);
    const t = load<f64>(tol + o);
    if (size > norm * t) norm = size / t;
  }
  return norm;
}

/** The same over the first `count` entries; `worst` receives where the maximum is. */
export function remainderOfAll(m: i32, points: usize, a: usize, y: usize, tol: usize, count: i32, worst: usize): f64 {
  let norms = f64x2.splat(0);
  const end = <usize>count << 3;
  const pairs = end & ~15;
  for (let o: usize = 0; o < pairs; o += 16) {
    let value = f64x2.splat(0);
    for (let j = 0; j < m; j++) {
      const v = v128.load(<usize>load<i32>(points + (j << 2)) + o);
      value = f64x2.add(value, f64x2.mul(v128.load64_splat(a + (j << 3)), v));
    }
    norms = raised(norms, f64x2.abs(f64x2.sub(v128.load(y + o), value)), v128.load(tol + o), o, worst);
  }
  if (pairs < end) {
    let value = f64x2.splat(0);
    for (let j = 0; j < m; j++) {
      const v = v128.load64_zero(<usize>load<i32>(points + (j << 2)) + pairs);
      value = f64x2.add(value, f64x2.mul(v128.load64_splat(a + (j << 3)), v));
    }
    const size = f64x2.abs(f64x2.sub(v128.load64_zero(y + pairs), value));
    norms = raised(norms, size, v128.load64_zero(tol + pairs), pairs, worst);
  }
  return f64x2.extract_lane(norms, 0);
}
