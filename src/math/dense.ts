// Small dense matrices, row-major: A x = b by LU with partial pivoting, the spectrum of A by shifted QR on its
// Hessenberg form, and the outermost spectrum of an operator that is only applied, by Arnoldi.
import { createRandom } from './random.js';

export interface Eigenvalues {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Overwrites `a` (n × n, row-major) with its LU factors and `b` (length n) with A⁻¹ b.
 *
 * @returns 0, or 1 + the column at which no pivot was left.
 */
export function solveDense(a: Float64Array, b: Float64Array, n: number): number {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (!(Math.abs(a[pivot * n + k]) > 0)) return 1 + k;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) swap(a, k * n + j, pivot * n + j);
      swap(b, k, pivot);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = (a[i * n + k] /= a[k * n + k]);
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
  return 0;
}

function swap(a: Float64Array, i: number, j: number): void {
  const value = a[i];
  a[i] = a[j];
  a[j] = value;
}

/**
 * Eigenvalues of a real matrix `a` (n × n, row-major; left as it is), in no particular order; complex ones in
 * conjugate pairs, the positive imaginary part first.
 *
 * Source: Golub & Van Loan, Matrix Computations, 4th ed., 7.4–7.5 (balancing, Householder, Francis).
 * Eigenvalues that the iteration does not reach are NaN.
 * @throws Error when an entry is not finite.
 */
export function eigenvalues(a: Float64Array, n: number): Eigenvalues {
  const h = a.slice(0, n * n);
  assertFinite(h);
  balance(h, n);
  reduceToHessenberg(h, n);
  return hessenbergEigenvalues(h, n);
}

function assertFinite(a: Float64Array): void {
  if (!a.every(Number.isFinite)) throw new Error('eigenvalues of a matrix with entries that are not finite');
}

/** Scales by powers of two, a similarity, until rows and columns are alike in size. */
function balance(a: Float64Array, n: number): void {
  for (let settled = false; !settled; ) {
    settled = true;
    for (let i = 0; i < n; i++) {
      let row = 0;
      let column = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        row += Math.abs(a[i * n + j]);
        column += Math.abs(a[j * n + i]);
      }
      if (row === 0 || column === 0) continue;
      const exponent = Math.round((Math.log2(row) - Math.log2(column)) / 2);
      const f = 2 ** Math.max(-500, Math.min(500, exponent));
      if (column * f + row / f >= 0.95 * (column + row)) continue;
      settled = false;
      for (let j = 0; j < n; j++) {
        a[i * n + j] /= f;
        a[j * n + i] *= f;
      }
    }
  }
}

/** Householder similarities make everything below the first subdiagonal zero. */
function reduceToHessenberg(a: Float64Array, n: number): void {
  const v = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, a[i * n + k]);
    if (norm === 0) continue;
    const alpha = a[(k + 1) * n + k] > 0 ? -norm : norm;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k] / norm;
    v[k + 1] -= alpha / norm;
    let squared = 0;
    for (let i = k + 1; i < n; i++) squared += v[i] * v[i];
    for (let j = k; j < n; j++) {
      let dot = 0;
      for (let i = k + 1; i < n; i++) dot += v[i] * a[i * n + j];
      dot *= 2 / squared;
      for (let i = k + 1; i < n; i++) a[i * n + j] -= dot * v[i];
    }
    for (let i = 0; i < n; i++) {
      let dot = 0;
      for (let j = k + 1; j < n; j++) dot += v[j] * a[i * n + j];
      dot *= 2 / squared;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= dot * v[j];
    }
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

const EPSILON = 2 ** -52;
const MOST_SWEEPS = 60;
/** After so many sweeps an entry is negligible by the size of the matrix rather than of its neighbours. */
const PATIENCE = 20;

/** Francis's implicit double shift on an upper Hessenberg matrix, overwritten. */
function hessenbergEigenvalues(h: Float64Array, n: number): Eigenvalues {
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  let norm = 0;
  for (let i = 0; i < n; i++) for (let j = Math.max(0, i - 1); j < n; j++) norm += Math.abs(h[i * n + j]);
  let last = n - 1;
  let sweeps = 0;
  while (last >= 0) {
    let first = last;
    for (; first > 0; first--) {
      const beside = Math.abs(h[first * n + first]) + Math.abs(h[(first - 1) * n + first - 1]);
      const size = beside === 0 || sweeps > PATIENCE ? norm : beside;
      if (Math.abs(h[first * n + first - 1]) <= EPSILON * size) break;
    }
    if (first > 0) h[first * n + first - 1] = 0;
    if (first === last) {
      re[last] = h[last * n + last];
      last--;
      sweeps = 0;
    } else if (first === last - 1) {
      pair(h, n, first, re, im);
      last -= 2;
      sweeps = 0;
    } else {
      if (++sweeps > MOST_SWEEPS) {
        re.fill(Number.NaN, 0, last + 1);
        break;
      }
      francisStep(h, n, first, last, sweeps % 10 === 0);
    }
  }
  return { re, im };
}

/** Eigenvalues of the 2 × 2 block at (i, i), without cancellation. */
function pair(h: Float64Array, n: number, i: number, re: Float64Array, im: Float64Array): void {
  const a = h[i * n + i];
  const d = h[(i + 1) * n + i + 1];
  const product = h[i * n + i + 1] * h[(i + 1) * n + i];
  const half = (a - d) / 2;
  const discriminant = half * half + product;
  if (discriminant < 0) {
    re[i] = re[i + 1] = (a + d) / 2;
    im[i] = Math.sqrt(-discriminant);
    im[i + 1] = -im[i];
    return;
  }
  const shift = half + (half >= 0 ? 1 : -1) * Math.sqrt(discriminant);
  re[i] = d + shift;
  re[i + 1] = shift === 0 ? d : d - product / shift;
}

/** One bulge chased down rows first … last of the Hessenberg matrix. */
function francisStep(h: Float64Array, n: number, first: number, last: number, exceptional: boolean): void {
  // (H − σ₁)(H − σ₂)e₁ over h₂₁, from differences of the diagonal: in a cluster of eigenvalues the expanded
  // form h² − s·h + t is nothing but rounding (Martin, Peters & Wilkinson, Numer. Math. 14 (1970) 219–231).
  let upper = h[(last - 1) * n + last - 1];
  let lower = h[last * n + last];
  let product = h[(last - 1) * n + last] * h[last * n + last - 1];
  if (exceptional) {
    const size = Math.abs(h[last * n + last - 1]) + Math.abs(h[(last - 1) * n + last - 2]);
    upper = lower = lower + 0.75 * size;
    product = -0.4375 * size * size;
  }
  const corner = h[first * n + first];
  const [toUpper, toLower] = [upper - corner, lower - corner];
  let x = (toLower * toUpper - product) / h[(first + 1) * n + first] + h[first * n + first + 1];
  let y = h[(first + 1) * n + first + 1] - corner - toLower - toUpper;
  let z = h[(first + 2) * n + first + 1];
  for (let k = first; k < last; k++) {
    const rows = Math.min(3, last - k + 1);
    if (rows === 2) z = 0;
    const size = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
    if (size > 0) {
      x /= size;
      y /= size;
      z /= size;
      x += (x >= 0 ? 1 : -1) * Math.sqrt(x * x + y * y + z * z);
      const beta = 2 / (x * x + y * y + z * z);
      for (let j = Math.max(first, k - 1); j <= last; j++) {
        const at = k * n + j;
        const dot = beta * (x * h[at] + y * h[at + n] + (rows === 3 ? z * h[at + 2 * n] : 0));
        h[at] -= dot * x;
        h[at + n] -= dot * y;
        if (rows === 3) h[at + 2 * n] -= dot * z;
      }
      const bottom = Math.min(last, k + 3);
      for (let i = first; i <= bottom; i++) {
        const at = i * n + k;
        const dot = beta * (x * h[at] + y * h[at + 1] + (rows === 3 ? z * h[at + 2] : 0));
        h[at] -= dot * x;
        h[at + 1] -= dot * y;
        if (rows === 3) h[at + 2] -= dot * z;
      }
    }
    if (k > first) {
      h[(k + 1) * n + k - 1] = 0;
      if (rows === 3) h[(k + 2) * n + k - 1] = 0;
    }
    x = h[(k + 1) * n + k];
    y = k + 2 <= last ? h[(k + 2) * n + k] : 0;
    z = k + 3 <= last ? h[(k + 3) * n + k] : 0;
  }
}

/** A Krylov space and the operator's projection on it. */
export interface Krylov {
  /** Ritz values on the first k dimensions (default and at most m), largest modulus first; the space grows as asked. */
  ritz(k?: number): Eigenvalues;
}

/**
 * At most m steps of Arnoldi with full reorthogonalisation for the linear operator out := A v. The Ritz values approach
 * the eigenvalues of A of largest modulus, and are exact once the Krylov space of the seeded random start closes. `out`
 * is a buffer of length n to be filled.
 *
 * Source: Saad, Numerical Methods for Large Eigenvalue Problems, 2nd ed., 6.2.
 */
export function arnoldi(
  apply: (v: Float64Array, out: Float64Array) => void,
  n: number,
  m: number,
  seed: number,
): Krylov {
  const steps = Math.min(m, n);
  const random = createRandom(seed);
  const basis: Float64Array[] = [Float64Array.from({ length: n }, random.normal)];
  scale(basis[0], 1 / norm2(basis[0]));
  const h = new Float64Array(steps * steps);
  let size = 0;
  let closed = false;

  function grow(to: number): void {
    while (size < to && !closed) {
      const w = new Float64Array(n);
      apply(basis[size], w);
      const before = norm2(w);
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i <= size; i++) {
          const along = dot(basis[i], w);
          h[i * steps + size] += along;
          subtract(w, along, basis[i]);
        }
      }
      const rest = norm2(w);
      size++;
      closed = rest <= 10 * EPSILON * before || size === steps;
      if (closed) break;
      h[size * steps + size - 1] = rest;
      basis.push(scale(w, 1 / rest));
    }
  }

  return {
    ritz(k = steps) {
      grow(Math.min(k, steps));
      const m = Math.min(k, size);
      // The projection is a Hessenberg matrix already.
      const projected = new Float64Array(m * m);
      for (let i = 0; i < m; i++) projected.set(h.subarray(i * steps, i * steps + m), i * m);
      assertFinite(projected);
      balance(projected, m);
      const { re, im } = hessenbergEigenvalues(projected, m);
      const order = [...re.keys()].sort((i, j) => Math.hypot(re[j], im[j]) - Math.hypot(re[i], im[i]));
      return { re: Float64Array.from(order, (i) => re[i]), im: Float64Array.from(order, (i) => im[i]) };
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(w: Float64Array, factor: number, v: Float64Array): void {
  for (let k = 0; k < w.length; k++) w[k] -= factor * v[k];
}

const norm2 = (a: Float64Array) => Math.sqrt(dot(a, a));

function scale(a: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < a.length; i++) a[i] *= factor;
  return a;
}
