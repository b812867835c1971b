import { describe, expect, it } from 'vitest';
import { solveDense } from '../../src/math/dense.js';
import { createLu } from '../../src/math/lu.js';
import { takeBack, writeDown } from '../../src/math/passage.js';
import {
  assemble,
  backwardError,
  dense,
  type Entry,
  grid,
  ladder,
  multiply,
  multiplyTransposed,
  network,
  permuted,
  random,
  relativeError,
  renumbered,
  row,
  type Sparse,
  star,
  vector,
} from './matrices.js';

const cases: readonly (readonly [string, Sparse, number])[] = [
  ['one number', assemble(1, [[0, 0, 3]]), 1e-15],
  ['random, n = 40', random(40, 3, 1), 1e-10],
  ['random, n = 300', random(300, 2, 2), 1e-9],
  ['ladder of 1000', ladder(1000), 1e-12],
  ['ladder of 1001', ladder(1001), 1e-12],
  ['ladder of 1000 with rows and columns shuffled', permuted(ladder(1000), 3), 1e-12],
  ['row of 101 cells with pairs that hang on them', row(101, false), 1e-12],
  ['the same row numbered kind by kind', row(101, true), 1e-12],
  ['the same row numbered anyhow', renumbered(row(101, true), 6), 1e-12],
  ['the same row with rows and columns shuffled', permuted(row(101, true), 7), 1e-12],
  ['four paths that meet', star([70, 12, 33, 9]), 1e-12],
  ['mesh of 20 × 20', grid(20), 1e-12],
  ['mesh of 12 × 12 cells with three unknowns', grid(12, 3), 1e-12],
  ['network of 60 nodes with 20 floating sources', network(60, 20, 4), 1e-7],
  ['the same network shuffled', permuted(network(60, 20, 4), 5), 1e-7],
];

/** Entries of the diagonal that are zero at first make for another order than those that follow. */
const hollow = (matrix: Sparse): Float64Array =>
  matrix.values.map((v, p) => (p % 7 === 0 && Math.abs(v) < 1 ? 0 : v));

describe('an LU that is handed over', () => {
  const waved = ({ values }: Sparse, by: number): Float64Array =>
    values.map((v, p) => v * (1 + by * Math.sin(p)));
  const histories: readonly (readonly [string, (m: Sparse) => readonly Float64Array[]])[] = [
    ['before anything', () => []],
    ['once factored', (m) => [m.values]],
    ['with factors on pivots of another matrix', (m) => [m.values, waved(m, 0.1)]],
    ['with pivots that gave way to others', (m) => [m.values, waved(m, 0.1), waved(m, 40), waved(m, 41)]],
    ['with an order made for other values', (m) => [hollow(m), m.values, waved(m, 0.1)]],
  ];
  describe.each(histories)('%s', (_, history) => {
    it.each(cases)('goes on to the same last bit: %s', (_, matrix) => {
      const [lu, other] = [createLu(matrix.pattern), createLu(matrix.pattern)];
      const made = history(matrix);
      for (const values of made) lu.factorise(values);
      other.factorise(waved(matrix, 3));
      takeBack(writeDown(lu.pass), other.pass);
      const b = vector(matrix.pattern.n, 9);
      for (const values of [undefined, waved(matrix, 0.2), waved(matrix, 50)]) {
        if (values) expect(other.factorise(values)).toBe(lu.factorise(values));
        else if (made.length === 0) continue;
        const [x, y] = [b.slice(), b.slice()];
        lu.solve(x);
        other.solve(y);
        expect(y).toEqual(x);
        lu.solveTransposed(x);
        other.solveTransposed(y);
        expect(y).toEqual(x);
      }
    });
  });
});

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

  it('orders a ladder anew once its diagonal fills: no entry more than the ladder has', () => {
    const matrix = ladder(101);
    const onDiagonal = (p: number): number => {
      let j = 0;
      while (matrix.pattern.colPtr[j + 1] <= p) j++;
      return matrix.pattern.rowIdx[p] === j ? j : -1;
    };
    const hollow = matrix.values.map((v, p) => (onDiagonal(p) % 2 === 1 ? 0 : v));
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(hollow)).toBe(0);
    expect(lu.factorise(matrix.values)).toBe(0);
    expect(lu.stats).toMatchObject({ factorisations: 2, refactorisations: 0, nnzL: 100, nnzU: 201 });
    const x = vector(101, 2);
    const b = multiply(matrix, x);
    lu.solve(b);
    expect(relativeError(b, x)).toBeLessThan(1e-12);
    expect(lu.factorise(matrix.values)).toBe(0);
    expect(lu.stats).toMatchObject({ factorisations: 2, refactorisations: 1 });
  });

  it('takes its values from the front of a longer array', () => {
    const matrix = ladder(50);
    const longer = new Float64Array(matrix.values.length + 7).fill(Number.NaN);
    longer.set(matrix.values);
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(longer)).toBe(0);
    const b = multiply(matrix, vector(50, 1));
    lu.solve(b);
    expect(relativeError(b, vector(50, 1))).toBeLessThan(1e-13);
    expect(() => lu.factorise(matrix.values.subarray(1))).toThrow(RangeError);
  });

  it('factors G + αC as it factors the sum', () => {
    const { pattern, values: G } = grid(12, 3);
    const C = G.map((_, k) => (k % 7 === 0 ? 1 + (k % 3) : 0));
    const sum = G.map((g, k) => g + 0.7 * C[k]);
    const [apart, together] = [createLu(pattern), createLu(pattern)];
    expect(apart.factoriseSum(G, 0.7, C)).toBe(0);
    expect(together.factorise(sum)).toBe(0);
    const solutions = [apart, together].map((lu) => {
      const x = vector(pattern.n, 5);
      lu.solve(x);
      return x;
    });
    expect(solutions[0]).toEqual(solutions[1]);
    expect(backwardError({ pattern, values: sum }, solutions[0], vector(pattern.n, 5))).toBeLessThan(1e-10);
  });

  it('agrees with dense elimination on small matrices of every shape', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const n = 1 + (seed % 17);
      const matrix = random(n, 2, seed);
      const lu = createLu(matrix.pattern);
      expect(lu.factorise(matrix.values)).toBe(0);
      const x = vector(n, seed);
      const y = x.slice();
      lu.solve(x);
      expect(solveDense(dense(matrix), y, n)).toBe(0);
      expect(relativeError(x, y)).toBeLessThan(1e-7);
    }
  });

  it('solves when every row and column has a scale of its own', () => {
    const n = 400;
    const { pattern, values } = network(300, 100, 6);
    const scaled = values.slice();
    const row = vector(n, 1).map((v) => 10 ** (13 * v));
    for (let j = 0; j < n; j++) {
      const column = 10 ** (((j * 7) % 20) - 10);
      for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++)
        scaled[p] *= row[pattern.rowIdx[p]] * column;
    }
    const matrix = { pattern, values: scaled };
    const lu = createLu(pattern);
    expect(lu.factorise(scaled)).toBe(0);
    const b = multiply(
      matrix,
      vector(n, 2).map((v, j) => v / 10 ** (((j * 7) % 20) - 10)),
    );
    const x = b.slice();
    lu.solve(x);
    expect(backwardError(matrix, x, b)).toBeLessThan(1e-9);
  });

  it('fills a 100 × 100 grid of cells with three unknowns no more than minimum degree should', () => {
    const { pattern, values } = grid(100, 3);
    const lu = createLu(pattern);
    expect(lu.factorise(values)).toBe(0);
    // Nested dissection of the k × k grid needs about 7.75 k² log2 k entries in each factor; the rest hang on as leaves.
    expect(lu.stats.nnzL).toBeLessThan(7.75 * 100 ** 2 * Math.log2(100));
  });

  it('makes no fill at all on a chain, in whatever order its cells are numbered', () => {
    for (const matrix of [ladder(5000), renumbered(ladder(5000), 9), row(900, true)]) {
      const lu = createLu(matrix.pattern);
      expect(lu.factorise(matrix.values)).toBe(0);
      expect(lu.stats.nnzL + lu.stats.nnzU).toBe(matrix.pattern.nnz);
    }
  });

  it('puts nothing between diagonal blocks: a triangular matrix has no L', () => {
    const entries: Entry[] = [];
    for (let i = 0; i < 100; i++) for (let j = i; j < 100; j += 1 + (i % 7)) entries.push([i, j, 1 + i + j]);
    const matrix = permuted(assemble(100, entries), 4);
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(matrix.values)).toBe(0);
    expect(lu.stats.nnzL).toBe(0);
    expect(lu.stats.nnzU).toBe(100);
    const b = vector(100, 5);
    const x = b.slice();
    lu.solve(x);
    expect(backwardError(matrix, x, b)).toBeLessThan(1e-14);
  });

  it('refuses to solve before there are factors', () => {
    expect(() => createLu(ladder(3).pattern).solve(new Float64Array(3))).toThrow(
      'before a successful factorisation',
    );
  });

  it('holds an empty matrix', () => {
    const lu = createLu({ n: 0, nnz: 0, colPtr: new Int32Array(1), rowIdx: new Int32Array(0) });
    expect(lu.factorise(new Float64Array(0))).toBe(0);
    lu.solve(new Float64Array(0));
  });
});

describe('singular matrices', () => {
  it('names the column of a node that nothing touches', () => {
    const { pattern, values } = ladder(20);
    const cut = values.slice();
    for (let j = 0; j < 20; j++) {
      for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) {
        if (j === 13 || pattern.rowIdx[p] === 13) cut[p] = 0;
      }
    }
    expect(createLu(pattern).factorise(cut)).toBe(1 + 13);
  });

  it('names one of the nodes that float together, though rounding leaves their last pivot non-zero', () => {
    const entries: Entry[] = [[0, 0, 1]];
    const join = (a: number, b: number, g: number) => {
      entries.push([a, a, g], [b, b, g], [a, b, -g], [b, a, -g]);
    };
    join(0, 1, 0.7);
    join(1, 2, 0.3);
    join(3, 4, 1 / 3);
    join(4, 5, 0.1);
    join(5, 3, 1 / 7);
    const singular = assemble(6, entries);
    expect([4, 5, 6]).toContain(createLu(singular.pattern).factorise(singular.values));
  });

  it('but not two nodes a milliohm apart that a picosiemens ties to ground', () => {
    const { pattern, values } = assemble(2, [
      [0, 0, 1e3],
      [0, 1, -1e3],
      [1, 0, -1e3],
      [1, 1, 1e3 + 1e-12],
    ]);
    expect(createLu(pattern).factorise(values)).toBe(0);
  });

  it('names the column of two voltage sources in parallel, or of their nodes', () => {
    const entries: Entry[] = [
      [0, 0, 1],
      [1, 1, 1],
      [2, 2, 0],
      [3, 3, 0],
    ];
    for (const branch of [2, 3])
      entries.push([branch, 0, 1], [branch, 1, -1], [0, branch, 1], [1, branch, -1]);
    const { pattern, values } = assemble(4, entries);
    expect([3, 4]).toContain(createLu(pattern).factorise(values));
  });

  it('recovers once the values are regular again', () => {
    const matrix = ladder(30);
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(new Float64Array(matrix.pattern.nnz))).toBeGreaterThan(0);
    expect(() => lu.solve(new Float64Array(30))).toThrow('before a successful factorisation');
    expect(lu.factorise(matrix.values)).toBe(0);
    const b = multiply(matrix, vector(30, 3));
    lu.solve(b);
    expect(relativeError(b, vector(30, 3))).toBeLessThan(1e-13);
  });

  it('calls a matrix with an entry that is not a number singular', () => {
    const { pattern, values } = ladder(10);
    const lu = createLu(pattern);
    expect(lu.factorise(values)).toBe(0);
    values[4] = Number.NaN;
    expect(lu.factorise(values)).toBeGreaterThan(0);
  });
});

describe('the growth guard', () => {
  const matrix = assemble(3, [
    [0, 0, 4],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 4],
    [1, 2, 1],
    [2, 1, 1],
    [2, 2, 4],
  ]);
  const hostile = assemble(3, [
    [0, 0, 1e-9],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 1],
    [1, 2, 1],
    [2, 1, 1],
    [2, 2, 1e-9],
  ]);

  it('trips when the old pivots would lose the digits, and new pivots recover them', () => {
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(matrix.values)).toBe(0);
    expect(lu.refactor(hostile.values)).not.toBe(0);
    expect(lu.factorise(hostile.values)).toBe(0);
    const b = vector(3, 1);
    const x = b.slice();
    lu.solve(x);
    expect(backwardError(hostile, x, b)).toBeLessThan(1e-15);
    expect(lu.stats.factorisations).toBe(2);
  });

  it('trips when the old pivots vanish, and finds others', () => {
    const pattern = { n: 2, nnz: 4, colPtr: Int32Array.of(0, 2, 4), rowIdx: Int32Array.of(0, 1, 0, 1) };
    const lu = createLu(pattern);
    expect(lu.factorise(Float64Array.of(2, 1, 1, 2))).toBe(0);
    const exchange = Float64Array.of(0, 1, 1, 0);
    expect(lu.refactor(exchange)).not.toBe(0);
    expect(lu.factorise(exchange)).toBe(0);
    const x = Float64Array.of(3, 5);
    lu.solve(x);
    expect(Array.from(x)).toEqual([5, 3]);
  });

  it('leaves a change of scale alone', () => {
    const lu = createLu(matrix.pattern);
    expect(lu.factorise(matrix.values)).toBe(0);
    for (const factor of [1e-15, 1e12]) {
      expect(lu.factorise(matrix.values.map((v) => v * factor))).toBe(0);
    }
    expect(lu.stats.factorisations).toBe(1);
    expect(lu.stats.refactorisations).toBe(2);
  });
});

it('a thousand factorisations made and dropped leave no memory behind', () => {
  const matrix = ladder(3000);
  const external = () => process.memoryUsage().external;
  const before = external();
  for (let k = 0; k < 1000; k++) expect(createLu(matrix.pattern).factorise(matrix.values)).toBe(0);
  // Each holds about 1.5 MB: kept, they would hold more than a gigabyte.
  expect(external() - before).toBeLessThan(5e8);
});
