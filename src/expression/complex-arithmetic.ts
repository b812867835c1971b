// Arithmetic of complex numbers, and the elementary functions on their principal branches.

export type Complex = readonly [re: number, im: number];

export const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];

/** Smith's way, so that nothing overflows before it must. */
export function over([a, b]: Complex, [c, d]: Complex): Complex {
  if (Math.abs(c) >= Math.abs(d)) {
    const r = d / c;
    const s = c + d * r;
    return [(a + b * r) / s, (b - a * r) / s];
  }
  const r = c / d;
  const s = c * r + d;
  return [(a * r + b) / s, (b * r - a) / s];
}

export const exp = ([a, b]: Complex): Complex => {
  const size = Math.exp(a);
  return b === 0 ? [size, 0] : [size * Math.cos(b), size * Math.sin(b)];
};
export const log = ([a, b]: Complex): Complex => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)];

export function sqrt([a, b]: Complex): Complex {
  if (a === 0 && b === 0) return [0, 0];
  const half = Math.sqrt((Math.hypot(a, b) + Math.abs(a)) / 2);
  if (a >= 0) return [half, b / (2 * half)];
  return [Math.abs(b) / (2 * half), b < 0 ? -half : half];
}

/** sinh and cosh of the real part, cos and sin of the imaginary one. */
export const sinh = ([a, b]: Complex): Complex => [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)];
export const cosh = ([a, b]: Complex): Complex => [Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)];

export function tanh([a, b]: Complex): Complex {
  if (Math.abs(a) > 300) return [Math.sign(a), 0];
  const below = Math.cosh(2 * a) + Math.cos(2 * b);
  return [b === 0 ? Math.tanh(a) : Math.sinh(2 * a) / below, Math.sin(2 * b) / below];
}

/** i·z and −i·z, by which circular functions become hyperbolic ones. */
export const turned = ([a, b]: Complex): Complex => [-b, a];
export const turnedBack = ([a, b]: Complex): Complex => [b, -a];

export const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
export const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const ONE: Complex = [1, 0];

/** Imaginary parts below this are followed to first order: log would round them away. */
const TINY = 1e-9;

/** An inverse function: by its real value and slope near the real axis, by `far` elsewhere. */
const inverse =
  (value: (a: number) => number, slope: (a: number) => number, far: (z: Complex) => Complex) =>
  (z: Complex): Complex => {
    const [a, b] = z;
    const near = Math.abs(b) < TINY ? value(a) : Number.NaN;
    return Number.isNaN(near) ? far(z) : [near, b === 0 ? 0 : b * slope(a)];
  };

export const asinh = inverse(
  Math.asinh,
  (a) => 1 / Math.hypot(1, a),
  (z) => log(plus(z, sqrt(plus(times(z, z), ONE)))),
);
export const acosh = inverse(
  Math.acosh,
  (a) => 1 / Math.sqrt(a * a - 1),
  (z) => log(plus(z, times(sqrt(plus(z, ONE)), sqrt(minus(z, ONE))))),
);
export const atanh = inverse(
  Math.atanh,
  (a) => 1 / (1 - a * a),
  (z) => times([0.5, 0], minus(log(plus(ONE, z)), log(minus(ONE, z)))),
);
export const asin = inverse(
  Math.asin,
  (a) => 1 / Math.sqrt(1 - a * a),
  (z) => turnedBack(asinh(turned(z))),
);
export const acos = inverse(
  Math.acos,
  (a) => -1 / Math.sqrt(1 - a * a),
  (z) => minus([Math.PI / 2, 0], asin(z)),
);
export const atan = inverse(
  Math.atan,
  (a) => 1 / (1 + a * a),
  (z) => turnedBack(atanh(turned(z))),
);

export function power(a: Complex, b: Complex): Complex {
  if (a[1] === 0 && b[1] === 0) {
    const real = a[0] ** b[0];
    if (!Number.isNaN(real)) return [real, 0];
  }
  if (b[1] === 0 && Number.isInteger(b[0]) && Math.abs(b[0]) <= 64) {
    let result = ONE;
    let base = a;
    for (let n = Math.abs(b[0]); n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) result = times(result, base);
      base = times(base, base);
    }
    return b[0] < 0 ? over(ONE, result) : result;
  }
  return a[0] === 0 && a[1] === 0 ? a : exp(times(b, log(a)));
}

/** Of y and x; the angle of x + i·y. */
export function atan2(y: Complex, x: Complex): Complex {
  if (y[1] === 0 && x[1] === 0) return [Math.atan2(y[0], x[0]), 0];
  const far = Math.abs(x[0]) < Math.abs(y[0]);
  const [re, im] = atan(far ? over(x, y) : over(y, x));
  if (far) return [Math.sign(y[0]) * (Math.PI / 2) - re, -im];
  const turn = x[0] >= 0 ? 0 : y[0] >= 0 ? Math.PI : -Math.PI;
  return [re + turn, im];
}
