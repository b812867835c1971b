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

/** f[r] := Σ g·x + Σ c·(base + α(x − ref)) for rows r < n, both matrices in compressed rows. */
export function linearResidual(
  n: i32,
  startG: usize,
  columnG: usize,
  valueG: usize,
  startC: usize,
  columnC: usize,
  valueC: usize,
  x: usize,
  ref: usize,
  base: usize,
  alpha: f64,
  f: usize,
): void {
  let k = load<i32>(startG);
  let l = load<i32>(startC);
  for (let r = 0; r < n; r++) {
    let sum: f64 = 0;
    const endG = load<i32>(startG + ((r + 1) << 2));
    for (; k < endG; k++) {
      sum += load<f64>(valueG + (<usize>k << 3)) * load<f64>(x + (<usize>load<i32>(columnG + (<usize>k << 2)) << 3));
    }
    const endC = load<i32>(startC + ((r + 1) << 2));
    for (; l < endC; l++) {
      const at = <usize>load<i32>(columnC + (<usize>l << 2)) << 3;
      const rate = load<f64>(base + at) + alpha * (load<f64>(x + at) - load<f64>(ref + at));
      sum += load<f64>(valueC + (<usize>l << 3)) * rate;
    }
    store<f64>(f + (<usize>r << 3), sum);
  }
}

/** y −= scale·d; returns max |scale·d|/tol, NaN when an entry is not finite. `worst` receives where the maximum is. */
export function update(n: i32, y: usize, d: usize, tol: usize, scale: f64, worst: usize): f64 {
  let norm: f64 = 0;
  let sum: f64 = 0;
  let at = load<i32>(worst);
  for (let i = 0; i < n; i++) {
    const o = <usize>i << 3;
    const delta = scale * load<f64>(d + o);
    store<f64>(y + o, load<f64>(y + o) - delta);
    sum += delta;
    const size = abs(delta);
    const t = load<f64>(tol + o);
    if (size > norm * t) {
      norm = size / t;
      at = i;
    }
  }
  store<i32>(worst, at);
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
export function raise(count: i32, which: usize, floor: usize, y: usize, absolute: usize, reltol: f64): void {
  for (let k = 0; k < count; k++) {
    const o = <usize>load<i32>(which + (<usize>k << 2)) << 3;
    const size = reltol * abs(load<f64>(y + o)) + load<f64>(absolute + o);
    if (size > load<f64>(floor + o)) store<f64>(floor + o, size);
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
