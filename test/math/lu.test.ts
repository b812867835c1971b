import { describe, expect, it } from 'vitest';
import { createLu } from '../../src/math/lu.js';
import {
  assemble,
  backwardError,
  grid,
  ladder,
  multiply,
  multiplyTransposed,
  network,
  permuted,
  random,
  relativeError,
  type Sparse,
  vector,
} from './matrices.js';

const cases: readonly (readonly [string, Sparse, number])[] = [
  ['one number', assemble(1, [[0, 0, 3]]), 1e-15],
  ['random, n = 40', random(40, 3, 1), 1e-10],
  ['random, n = 300', random(300, 2, 2), 1e-9],
  ['ladder of 1000', ladder(1000), 1e-12],
  ['ladder of 1000 with rows and columns shuffled', permuted(ladder(1000), 3), 1e-12],
  ['mesh of 20 × 20', grid(20), 1e-12],
  ['mesh of 12 × 12 cells with three unknowns', grid(12, 3), 1e-12],
  ['network of 60 nodes with 20 floating sources', network(60, 20, 4), 1e-7],
  ['the same network shuffled', permuted(network(60, 20, 4), 5), 1e-7],
];

describe('sparse LU', () => {
  for (const [name, matrix, tolerance] of cases) {
    it(`solves A x = b and Aᵀ x = b: ${name}`, () => {
      const { n } = matrix.pattern;
      const lu = createLu(matrix.pattern);
      expect(lu.factorise(matrix.values)).toBe(0);
      const x = vector(n, 7);
      const b = multiply(matrix, x);
      const y = b.slice();
      lu.solve(y);
      expect(backwardError(matrix, y, b)).toBeLessThan(1e-10);
      expect(relativeError(y, x)).toBeLessThan(tolerance);
      const z = multiplyTransposed(matrix, x);
      lu.solveTransposed(z);
      expect(relativeError(z, x)).toBeLessThan(tolerance);
    });

    it(`refactors to the same answer: ${name}`, () => {
      const { n } = matrix.pattern;
      const lu = createLu(matrix.pattern);
      expect(lu.factorise(matrix.values)).toBe(0);
      const other = { ...matrix, values: matrix.values.map((v, p) => v * (1 + 0.1 * Math.sin(p))) };
      expect(lu.factorise(other.values)).toBe(0);
      const b = vector(n, 8);
      const x = b.slice();
      lu.solve(x);
      expect(backwardError(other, x, b)).toBeLessThan(1e-11);
      expect(lu.stats.refactorisations).toBe(1);
    });
  }
});
