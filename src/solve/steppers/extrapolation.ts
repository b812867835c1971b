// Extrapolation of the explicit midpoint rule as a Runge–Kutta method: all that follows from q̇ = −f and the stages of
// the first k columns is q(t₀ + θh) = q(t₀) − h·Σ b_s(θ)·f_s.
import { solveDense } from '../../math/dense.js';

/** Columns of the extrapolation table at most, so that the order is at most twice as much. */
export const COLUMNS = 9;

/** n_j: column j makes so many midpoint steps. Successive ones differ by 4, so that middles are alike in parity. */
export const substeps = (j: number): number => 4 * j - 2;

/** Stage 0 is the start, and stage `offset(j) + i`, 1 ≤ i ≤ n_j, the i-th point of column j. */
export const offset = (j: number): number => 2 * (j - 1) ** 2;

/** Stages of the first k columns, the start included. */
export const stagesOf = (k: number): number => 1 + 2 * k * k;

/** Weights b_s of the first k columns, whose order is 2k. */
export interface Tableau {
  readonly end: Float64Array;
  /** What the k-th column changes at the end when all but the first are extrapolated. */
  readonly error: Float64Array;
  /** Inner nodes of dense output, θ ascending, and their weights. */
  readonly theta: Float64Array;
  readonly inner: readonly Float64Array[];
  /** What the highest derivative at the middle changes in dense output, where that is most. */
  readonly bend: Float64Array;
}

const known: Tableau[] = [];

/** Of the first k columns, 2 ≤ k ≤ COLUMNS; computed once. */
export function tableau(k: number): Tableau {
  known[k] ??= createTableau(k);
  return known[k];
}

/** Derivatives in the middle at most: dense output then goes through 16 points. */
const DERIVATIVES = 11;

/**
 * Dense output of degree 2k + 1 is Hermite's polynomial through both ends with their slopes, and the middle with its
 * first 2k − 3 derivatives; it is sampled at the extrema of Chebyshev’s polynomial, through which it can be read again.
 *
 * Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.9 (the smoothed end is 9.13c).
 */
function createTableau(k: number): Tableau {
  const end = atEnd(1, k);
  const before = atEnd(2, k);
  const most = Math.min(2 * k - 3, DERIVATIVES);
  const degree = most + 4;
  const theta = Float64Array.from(
    { length: degree - 1 },
    (_, i) => (1 - Math.cos((Math.PI * (i + 1)) / degree)) / 2,
  );
  const steepest = (1 + Math.sqrt(most / degree)) / 2;
  return {
    end,
    error: difference(end, before),
    theta,
    inner: Array.from(theta, (at) => hermite(k, most, at)),
    bend: difference(hermite(k, most, steepest), hermite(k, most - 1, steepest)),
  };
}

/** c_j of columns first … last: Σ c_j·p(1/n_j²) = p(0) for polynomials p. */
function neville(first: number, last: number): (j: number) => number {
  return (j) => {
    let c = 1;
    for (let i = first; i <= last; i++) if (i !== j) c /= 1 - (substeps(i) / substeps(j)) ** 2;
    return c;
  };
}

/** The end, smoothed: of the midpoint rule that is the trapezoidal sum of its slopes. */
function atEnd(first: number, last: number): Float64Array {
  const b = new Float64Array(stagesOf(last));
  const c = neville(first, last);
  for (let j = first; j <= last; j++) {
    const n = substeps(j);
    b[0] += c(j) / (2 * n);
    for (let i = 1; i <= n; i++) b[offset(j) + i] = c(j) / (i === n ? 2 * n : n);
  }
  return b;
}

/** −q̇/h at the end. */
function slopeAtEnd(k: number): Float64Array {
  const b = new Float64Array(stagesOf(k));
  const c = neville(1, k);
  for (let j = 1; j <= k; j++) b[offset(j) + substeps(j)] = c(j);
  return b;
}

function atMiddle(k: number): Float64Array {
  const b = new Float64Array(stagesOf(k));
  const c = neville(1, k);
  for (let j = 1; j <= k; j++) {
    const n = substeps(j);
    b[0] += c(j) / n;
    for (let i = 2; i < n / 2; i += 2) b[offset(j) + i] = (2 * c(j)) / n;
  }
  return b;
}

/** The derivative of this order ≥ 1 with respect to θ in the middle, by central differences of the slopes. */
function derivativeAtMiddle(k: number, order: number): Float64Array {
  const b = new Float64Array(stagesOf(k));
  const first = Math.ceil(order / 2);
  const c = neville(first, k);
  for (let j = first; j <= k; j++) {
    const middle = substeps(j) / 2;
    let factor = c(j) * middle ** (order - 1);
    for (let i = 0; i < order; i++) {
      const at = middle + order - 1 - 2 * i;
      b[at === 0 ? 0 : offset(j) + at] += factor;
      factor *= -(order - 1 - i) / (i + 1);
    }
  }
  return b;
}

/** Weights at θ of the polynomial through both ends and `most` derivatives in the middle. */
function hermite(k: number, most: number, theta: number): Float64Array {
  const data = [
    new Float64Array(stagesOf(k)),
    Float64Array.from({ length: stagesOf(k) }, (_, s) => (s === 0 ? 1 : 0)),
    atEnd(1, k),
    slopeAtEnd(k),
    atMiddle(k),
    ...Array.from({ length: most }, (_, i) => derivativeAtMiddle(k, i + 1)),
  ];
  // Exact for the powers of z = 2θ − 1.
  const size = data.length;
  const matrix = new Float64Array(size * size);
  const weight = new Float64Array(size);
  for (let r = 0; r < size; r++) {
    const sign = r % 2 === 0 ? 1 : -1;
    const row = [sign, -2 * r * sign, 1, 2 * r];
    if (r <= most) row[4 + r] = 2 ** r * factorial(r);
    row.forEach((value, d) => {
      matrix[r * size + d] = value;
    });
    weight[r] = (2 * theta - 1) ** r;
  }
  solveDense(matrix, weight, size);
  const b = new Float64Array(stagesOf(k));
  data.forEach((of, d) => {
    for (let s = 0; s < b.length; s++) b[s] += weight[d] * of[s];
  });
  return b;
}

const factorial = (r: number): number => (r > 1 ? r * factorial(r - 1) : 1);

/** a − b, where b is of the same stages. */
const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, s) => v - b[s]);
