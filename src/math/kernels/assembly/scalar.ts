// Arithmetic that the factorisation shares between real numbers (f64) and complex ones (v128: re, im).

@inline export function at<T>(base: usize, i: i32): T {
  return load<T>(base + <usize>i * sizeof<T>());
}

@inline export function put<T>(base: usize, i: i32, value: T): void {
  store<T>(base + <usize>i * sizeof<T>(), value);
}

@inline export function zero<T>(): T {
  if (sizeof<T>() == 8) return <T>0.0;
  else return f64x2.splat(0);
}

/** |z|, or |re| + |im|, which is within a factor √2 of it. */
@inline export function size<T>(z: T): f64 {
  if (sizeof<T>() == 8) return abs<f64>(<f64>z);
  else return abs<f64>(f64x2.extract_lane(z, 0)) + abs<f64>(f64x2.extract_lane(z, 1));
}

@inline export function times<T>(a: T, b: T): T {
  if (sizeof<T>() == 8) return a * b;
  else {
    const turned = v128.shuffle<f64>(b, b, 1, 0);
    const re = f64x2.splat(f64x2.extract_lane(a, 0));
    const im = f64x2.extract_lane(a, 1);
    const signed = f64x2.replace_lane(f64x2.splat(im), 0, -im);
    return f64x2.add(f64x2.mul(re, b), f64x2.mul(signed, turned));
  }
}

@inline export function minus<T>(a: T, b: T): T {
  if (sizeof<T>() == 8) return a - b;
  else return f64x2.sub(a, b);
}

@inline export function plus<T>(a: T, b: T): T {
  if (sizeof<T>() == 8) return a + b;
  else return f64x2.add(a, b);
}

@inline export function scaled<T>(a: T, s: f64): T {
  if (sizeof<T>() == 8) return <T>(<f64>a * s);
  else return f64x2.mul(a, f64x2.splat(s));
}

/** 1 / z; Smith's way for a complex z, so that nothing overflows before it must. */
@inline export function inverse<T>(z: T): T {
  if (sizeof<T>() == 8) return <T>(1.0 / <f64>z);
  else {
    const re = f64x2.extract_lane(z, 0);
    const im = f64x2.extract_lane(z, 1);
    if (abs(re) >= abs(im)) {
      const r = im / re;
      const d = re + im * r;
      return f64x2.replace_lane(f64x2.splat(1 / d), 1, -r / d);
    }
    const r = re / im;
    const d = re * r + im;
    return f64x2.replace_lane(f64x2.splat(r / d), 1, -1 / d);
  }
}

/** x[index[t]] −= l[t]·u for t = 0 … count−1. */
@inline export function subtractMultiple<T>(x: usize, index: usize, l: usize, count: i32, u: T): void {
  if (sizeof<T>() == 8) {
    for (let t = 0; t < count; t++) {
      const cell = x + (<usize>load<i32>(index) << 3);
      store<f64>(cell, load<f64>(cell) - load<f64>(l) * <f64>u);
      index += 4;
      l += 8;
    }
  } else {
    const re = f64x2.splat(f64x2.extract_lane(u, 0));
    const minusIm = -f64x2.extract_lane(u, 1);
    const im = f64x2.replace_lane(f64x2.splat(-minusIm), 0, minusIm);
    for (let t = 0; t < count; t++) {
      const cell = x + (<usize>load<i32>(index) << 4);
      const a = load<v128>(l);
      const product = f64x2.add(f64x2.mul(re, a), f64x2.mul(im, v128.shuffle<f64>(a, a, 1, 0)));
      store<v128>(cell, f64x2.sub(load<v128>(cell), product));
      index += 4;
      l += 16;
    }
  }
}

/** x[index[t]] −= l[t]·u + m[t]·v for t = 0 … count−1. */
@inline export function subtractTwo<T>(x: usize, index: usize, l: usize, u: T, m: usize, v: T, count: i32): void {
  if (sizeof<T>() == 8) {
    for (let t = 0; t < count; t++) {
      const cell = x + (<usize>load<i32>(index) << 3);
      store<f64>(cell, load<f64>(cell) - (load<f64>(l) * <f64>u + load<f64>(m) * <f64>v));
      index += 4;
      l += 8;
      m += 8;
    }
  } else {
    for (let t = 0; t < count; t++) {
      const cell = <usize>load<i32>(index + (<usize>t << 2));
      const sum = f64x2.add(times<v128>(u, at<v128>(l, t)), times<v128>(v, at<v128>(m, t)));
      store<v128>(x + (cell << 4), f64x2.sub(load<v128>(x + (cell << 4)), sum));
    }
  }
}

/** Σ l[t]·x[index[t]], subtracted from `from`. */
@inline export function minusDot<T>(from: T, x: usize, index: usize, l: usize, count: i32): T {
  let t = 0;
  if (count > 3) {
    let other = zero<T>();
    for (; t < count - 1; t += 2) {
      from = minus<T>(from, times<T>(at<T>(l, t), at<T>(x, int32(index, t))));
      other = minus<T>(other, times<T>(at<T>(l, t + 1), at<T>(x, int32(index, t + 1))));
    }
    from = plus<T>(from, other);
  }
  for (; t < count; t++) from = minus<T>(from, times<T>(at<T>(l, t), at<T>(x, int32(index, t))));
  return from;
}

@inline function int32(base: usize, i: i32): i32 {
  return load<i32>(base + (<usize>i << 2));
}
