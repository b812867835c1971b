import { describe, expect, it } from 'vitest';
import { solveDense } from '../../src/math/dense.js';
import { createComplexLu } from '../../src/math/lu.js';
import {
  dense,
  grid,
  ladder,
  network,
  permuted,
  random,
  relativeError,
  row,
  type Sparse,
  star,
  vector,
} from './matrices.js';

/** (A + iB)(x + iy) = c + id as one real system of twice the order, transposed on demand. */
function judge(
  re: Sparse,
  im: Float64Array,
  c: Float64Array,
  d: Float64Array,
  transposed: boolean,
): Float64Array {
  const { n } = re.pattern;
  const a = dense(re);
  const b = dense({ pattern: re.pattern, values: im });
  const big = new Float64Array(4 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = transposed ? j * n + i : i * n + j;
      big[i * 2 * n + j] = big[(i + n) * 2 * n + j + n] = a[at];
      big[i * 2 * n + j + n] = -b[at];
      big[(i + n) * 2 * n + j] = b[at];
    }
  }
  const x = new Float64Array(2 * n);
  x.set(c);
  x.set(d, n);
  expect(solveDense(big, x, 2 * n)).toBe(0);
  return x;
}

const cases: readonly (readonly [string, Sparse])[] = [
  ['random', random(60, 3, 11)],
  ['ladder', ladder(80)],
  ['row of cells, kind by kind', row(25, true)],
  ['paths that meet', star([20, 9, 12])],
  ['mesh of cells with three unknowns', grid(5, 3)],
  ['shuffled network with floating sources', permuted(network(50, 15, 12), 13)],
];

describe('complex sparse LU', () => {
  for (const [name, matrix] of cases) {
    it(`agrees with the real system of twice the order: ${name}`, () => {
      const { n, nnz } = matrix.pattern;
      const lu = createComplexLu(matrix.pattern);
      for (const omega of [0.1, 3, 0.3]) {
        const im = vector(nnz, 14).map((v, p) => omega * v * Math.abs(matrix.values[p]));
        expect(lu.factorise(matrix.values, im)).toBe(0);
        for (const transposed of [false, true]) {
          const re = vector(n, 15);
          const imaginary = vector(n, 16);
          const expected = judge(matrix, im, re, imaginary, transposed);
          if (transposed) lu.solveTransposed(re, imaginary);
          else lu.solve(re, imaginary);
          const got = new Float64Array(2 * n);
          got.set(re);
          got.set(imaginary, n);
          expect(relativeError(got, expected)).toBeLessThan(1e-7);
        }
      }
      expect(lu.stats.factorisations + lu.stats.refactorisations).toBeGreaterThanOrEqual(3);
    });
  }

  it('finds a resonance: the column of an undamped LC tank at its own frequency is named', () => {
    // 1 + (jω)² vanishes at ω = 1 for L = C = 1: [[jωC, 1], [−1, jωL]].
    const pattern = { n: 2, nnz: 4, colPtr: Int32Array.of(0, 2, 4), rowIdx: Int32Array.of(0, 1, 0, 1) };
    const lu = createComplexLu(pattern);
    expect(lu.factorise(Float64Array.of(0, -1, 1, 0), Float64Array.of(1, 0, 0, 1))).toBeGreaterThan(0);
    expect(lu.factorise(Float64Array.of(0, -1, 1, 0), Float64Array.of(2, 0, 0, 2))).toBe(0);
    const re = Float64Array.of(1, 0);
    const im = new Float64Array(2);
    lu.solve(re, im);
    // Driving-point impedance jωL / (1 − ω²LC) = −(2/3) j.
    expect(re[0]).toBeCloseTo(0, 15);
    expect(im[0]).toBeCloseTo(-2 / 3, 15);
  });
});
