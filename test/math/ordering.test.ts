import { describe, expect, it } from 'vitest';
import { orderMatrix } from '../../src/math/ordering.js';
import {
  assemble,
  type Entry,
  grid,
  ladder,
  network,
  permuted,
  random,
  row,
  type Sparse,
} from './matrices.js';

const isPermutation = (order: Int32Array, n: number) => {
  expect(order.length).toBe(n);
  expect(order.slice().sort()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
};

function arrow(n: number): Sparse {
  const entries: Entry[] = [];
  for (let i = 0; i < n; i++) entries.push([i, i, 2], [0, i, 1], [i, 0, 1]);
  return assemble(n, entries);
}

const cases: readonly (readonly [string, Sparse])[] = [
  ['ladder', ladder(500)],
  ['shuffled ladder', permuted(ladder(500), 1)],
  ['mesh', grid(30)],
  ['mesh of cells with three unknowns', grid(20, 3)],
  ['random', random(400, 3, 2)],
  ['almost empty random, shuffled', permuted(random(400, 0, 2), 2)],
  ['network with floating sources', network(200, 60, 3)],
  ['arrow with a dense row and column', arrow(3000)],
];

describe('ordering', () => {
  for (const [name, { pattern, values }] of cases) {
    it(`is a permutation of rows and columns, block upper triangular, with no zero on the diagonal: ${name}`, () => {
      const { n } = pattern;
      const { columns, rows, blockStart } = orderMatrix(pattern, values);
      isPermutation(columns, n);
      isPermutation(rows, n);
      expect(blockStart[0]).toBe(0);
      expect(blockStart[blockStart.length - 1]).toBe(n);
      const positionOfRow = new Int32Array(n);
      rows.forEach((row, k) => {
        positionOfRow[row] = k;
      });
      for (let b = 0; b + 1 < blockStart.length; b++) {
        for (let k = blockStart[b]; k < blockStart[b + 1]; k++) {
          let diagonal = 0;
          for (let p = pattern.colPtr[columns[k]]; p < pattern.colPtr[columns[k] + 1]; p++) {
            const at = positionOfRow[pattern.rowIdx[p]];
            expect(at).toBeLessThan(blockStart[b + 1]);
            if (at === k) diagonal = values[p];
          }
          expect(diagonal).not.toBe(0);
        }
      }
    });
  }

  it('takes a chain from both ends in turn, so that no step waits for the one before', () => {
    const { columns } = orderMatrix(ladder(500).pattern);
    const ends = Int32Array.from({ length: 496 }, (_, k) => (k % 2 === 0 ? k / 2 : 499 - (k - 1) / 2));
    expect(columns.slice(0, 496)).toEqual(ends);
  });

  it('puts what hangs on a row of cells first, kind by kind, in the order of the row', () => {
    const { columns } = orderMatrix(row(300, true).pattern);
    expect(Array.from(columns.slice(0, 300))).toEqual(Array.from({ length: 300 }, (_, k) => 600 + k));
    expect(Array.from(columns.slice(300, 600))).toEqual(Array.from({ length: 300 }, (_, k) => 300 + k));
  });

  it('eliminates the centre of a star last', () => {
    const { columns } = orderMatrix(arrow(3000).pattern);
    expect(columns.indexOf(0)).toBeGreaterThanOrEqual(2998);
  });

  it('finds the strongly connected parts of a one-way chain of loops', () => {
    const entries: Entry[] = [];
    for (let k = 0; k < 50; k++) {
      for (let i = 0; i < 3; i++)
        entries.push([3 * k + i, 3 * k + i, 2], [3 * k + ((i + 1) % 3), 3 * k + i, 1]);
      if (k > 0) entries.push([3 * k, 3 * k - 1, 1]);
    }
    const { pattern } = permuted(assemble(150, entries), 5);
    expect(Array.from(orderMatrix(pattern).blockStart)).toEqual(Array.from({ length: 51 }, (_, b) => 3 * b));
  });
});
