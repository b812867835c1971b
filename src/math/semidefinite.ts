// A = L Lᵀ of a symmetric positive semidefinite matrix, with pivoting; columns of L for which nothing is left are absent.

/** Rounding that may leave a pivot below zero, as a share of the largest diagonal entry. */
const ROUNDING = 1e-10;

/**
 * Columns of a factor L with A = L Lᵀ, each of length n; as many as the rank. Undefined when A is not semidefinite.
 * @param a n × n, symmetric; overwritten
 *
 * Source: Higham, Analysis of the Cholesky decomposition of a semi-definite matrix (1990), algorithm with complete pivoting.
 */
export function semidefiniteFactor(a: Float64Array, n: number): readonly Float64Array[] | undefined {
  const columns: Float64Array[] = [];
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(a[i * n + i]));
  const left = new Set(Array.from({ length: n }, (_, i) => i));
  while (left.size > 0) {
    let pivot = -1;
    for (const i of left) if (pivot < 0 || a[i * n + i] > a[pivot * n + pivot]) pivot = i;
    const value = a[pivot * n + pivot];
    if (value <= ROUNDING * largest) break;
    left.delete(pivot);
    const root = Math.sqrt(value);
    const column = new Float64Array(n);
    column[pivot] = root;
    for (const i of left) column[i] = a[i * n + pivot] / root;
    for (const i of left) for (const j of left) a[i * n + j] -= column[i] * column[j];
    columns.push(column);
  }
  for (const i of left) {
    if (a[i * n + i] < -ROUNDING * largest) return undefined;
    for (const j of left) if (Math.abs(a[i * n + j]) > Math.sqrt(ROUNDING) * largest) return undefined;
  }
  return columns;
}
