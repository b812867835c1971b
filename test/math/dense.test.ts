import { describe, expect, it } from 'vitest';
import { arnoldi, type Eigenvalues, eigenvalues, solveDense } from '../../src/math/dense.js';
import { ladder, multiply, relativeError, vector } from './matrices.js';

const sorted = ({ re, im }: Eigenvalues) =>
  [...re.keys()].map((k) => [re[k], im[k]] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);

function expectSpectrum(
  found: Eigenvalues,
  expected: readonly (readonly [number, number])[],
  tolerance: number,
) {
  const size = Math.max(...expected.map(([re, im]) => Math.hypot(re, im)), 1e-300);
  const rest = sorted(found).map(([re, im]) => [re, im] as const);
  expect(rest.length).toBe(expected.length);
  for (const [re, im] of expected) {
    const distance = rest.map((z) => Math.hypot(z[0] - re, z[1] - im));
    const nearest = distance.indexOf(Math.min(...distance));
    expect(distance[nearest]).toBeLessThan(tolerance * size);
    rest.splice(nearest, 1);
  }
}

describe('dense systems', () => {
  it('solves what it multiplied', () => {
    const n = 30;
    const a = vector(n * n, 1);
    const x = vector(n, 2);
    const b = Float64Array.from({ length: n }, (_, i) => x.reduce((sum, v, j) => sum + a[i * n + j] * v, 0));
    expect(solveDense(a, b, n)).toBe(0);
    expect(relativeError(b, x)).toBeLessThan(1e-11);
  });

  it('names the column at which a singular matrix breaks down', () => {
    expect(solveDense(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 1), 2)).toBe(2);
  });
});

describe('eigenvalues', () => {
  it('are the roots of the polynomial of a companion matrix', () => {
    // (z − 1)(z − 2)(z − 3)(z² + 4) = z⁵ − 6z⁴ + 15z³ − 30z² + 44z − 24
    const coefficients = [6, -15, 30, -44, 24];
    const a = new Float64Array(25);
    a.set(coefficients);
    for (let i = 1; i < 5; i++) a[i * 5 + i - 1] = 1;
    const expected = [
      [1, 0],
      [2, 0],
      [3, 0],
      [0, 2],
      [0, -2],
    ] as const;
    expectSpectrum(eigenvalues(a, 5), expected, 1e-12);
  });

  it('of the discrete Laplacian are 2 − 2 cos(kπ/(n + 1))', () => {
    const n = 60;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const expected = Array.from(
      { length: n },
      (_, k) => [2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 0] as const,
    );
    expectSpectrum(eigenvalues(a, n), expected, 1e-13);
  });

  it('of a cyclic shift are the roots of unity, where plain QR stands still', () => {
    for (const n of [3, 4, 5, 8, 9]) {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) a[i * n + ((i + 1) % n)] = 1;
      const expected = Array.from({ length: n }, (_, k) => {
        const angle = (2 * Math.PI * k) / n;
        return [Math.cos(angle), Math.sin(angle)] as const;
      });
      expectSpectrum(eigenvalues(a, n), expected, 1e-13);
    }
  });

  it('survive a similarity that mixes scales, thanks to balancing', () => {
    const n = 6;
    const base = Float64Array.from({ length: n * n }, (_, k) => Math.sin(1 + k * k));
    const plain = sorted(eigenvalues(base, n));
    const mixed = base.map((v, k) => v * 10 ** (3 * (Math.floor(k / n) - (k % n))));
    expectSpectrum(eigenvalues(mixed, n), plain, 1e-11);
  });

  it('keep trace and sum of squares of random matrices, and come in conjugate pairs', () => {
    for (const n of [1, 2, 3, 7, 40, 100]) {
      const a = vector(n * n, n);
      const { re, im } = eigenvalues(a, n);
      let trace = 0;
      let square = 0;
      for (let i = 0; i < n; i++) {
        trace += a[i * n + i];
        for (let j = 0; j < n; j++) square += a[i * n + j] * a[j * n + i];
      }
      expect(re.reduce((s, v) => s + v, 0)).toBeCloseTo(trace, 10);
      expect(re.reduce((s, v, k) => s + v * v - im[k] * im[k], 0)).toBeCloseTo(square, 9);
      for (let k = 0; k < n; k++) {
        if (im[k] <= 0) continue;
        expect([re[k + 1], im[k + 1]]).toEqual([re[k], -im[k]]);
      }
    }
  });

  it('are refused to a matrix that is not finite', () => {
    expect(() => eigenvalues(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow('not finite');
  });
});

describe('Arnoldi', () => {
  it('finds the whole spectrum of a small operator', () => {
    const n = 12;
    const a = vector(n * n, 5);
    const apply = (v: Float64Array, out: Float64Array) => {
      for (let i = 0; i < n; i++) out[i] = v.reduce((sum, x, j) => sum + a[i * n + j] * x, 0);
    };
    expectSpectrum(arnoldi(apply, n, n, 1).ritz(), sorted(eigenvalues(a, n)), 1e-11);
  });

  it('finds an isolated largest eigenvalue of a large operator in few steps, largest first', () => {
    const n = 2000;
    const chain = ladder(n);
    chain.values[0] = 9;
    const apply = (v: Float64Array, out: Float64Array) => out.set(multiply(chain, v));
    const { re, im } = arnoldi(apply, n, 30, 2).ritz();
    expect(re.length).toBe(30);
    // A single large site d on a half-infinite chain: λ = 2.1 + δ + 1/δ with δ = d − 2.1.
    expect(re[0]).toBeCloseTo(9 + 1 / 6.9, 10);
    for (let k = 1; k < 30; k++)
      expect(Math.hypot(re[k], im[k])).toBeLessThanOrEqual(Math.hypot(re[k - 1], im[k - 1]));
  });

  it('stops when the space closes: the identity has one Ritz value', () => {
    const { re, im } = arnoldi((v, out) => out.set(v), 50, 10, 3).ritz();
    expect(Array.from(re)).toHaveLength(1);
    expect(re[0]).toBeCloseTo(1, 14);
    expect(im[0]).toBe(0);
  });
});
