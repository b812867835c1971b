// exp of two numbers at once, within an ulp: x = k·ln 2 + r with |r| ≤ ln 2/2, and the Taylor polynomial of degree 13.

/** log₂ e; ln 2 in two parts, the first so short that k times it is exact (Cody & Waite 1980); 1/13!, …, 1/2!. */
const TABLE: usize = memory.data<f64>([
  1.44269504088896338700, 6.93147180369123816490e-01, 1.90821492927058770002e-10,
  1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0,
  1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5,
]);
/** Added to an integer it leaves the integer in the low bits; added to a number it rounds. */
const SHIFTER: f64 = 6755399441055744;
/** The result is 0 below, and Infinity above. */
const LEAST: f64 = -708;
const MOST: f64 = 710;

/** Where exp is continued by a straight line, and its value there. */
const LIMIT: f64 = 80;
const AT_LIMIT: f64 = 5.54062238439351e34;

@inline function number(k: usize): v128 {
  return v128.load64_splat(TABLE + (k << 3));
}

@inline function term(sum: v128, r: v128, k: usize): v128 {
  return f64x2.add(f64x2.mul(sum, r), number(k));
}

/** exp; 0 below −708, where results are about to lose their bits. */
@inline export function exponential(a: v128): v128 {
  const least = f64x2.splat(LEAST);
  const shifter = f64x2.splat(SHIFTER);
  const x = f64x2.pmin(f64x2.pmax(a, least), f64x2.splat(MOST));
  const shifted = f64x2.add(f64x2.mul(x, number(0)), shifter);
  const k = f64x2.sub(shifted, shifter);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, number(1))), f64x2.mul(k, number(2)));
  let sum = number(3);
  sum = term(sum, r, 4);
  sum = term(sum, r, 5);
  sum = term(sum, r, 6);
  sum = term(sum, r, 7);
  sum = term(sum, r, 8);
  sum = term(sum, r, 9);
  sum = term(sum, r, 10);
  sum = term(sum, r, 11);
  sum = term(sum, r, 12);
  sum = term(sum, r, 13);
  sum = term(sum, r, 14);
  const value = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), sum)));
  // 2·2^(k − 1): 2^k itself may be too large where the result is not.
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1022)), 52);
  return v128.andnot(f64x2.mul(f64x2.add(value, value), power), f64x2.lt(a, least));
}

/** exp, continued linearly above 80. */
@inline export function limited(a: v128): v128 {
  const line = f64x2.mul(f64x2.splat(AT_LIMIT), f64x2.sub(a, f64x2.splat(LIMIT - 1)));
  return v128.bitselect(line, exponential(a), f64x2.gt(a, f64x2.splat(LIMIT)));
}

/** The derivative of `limited`. */
@inline export function limitedSlope(a: v128): v128 {
  return exponential(f64x2.pmin(a, f64x2.splat(LIMIT)));
}
