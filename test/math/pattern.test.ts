import { describe, expect, it } from 'vitest';
import { buildPattern, entriesByRow } from '../../src/math/pattern.js';
import { noise } from './matrices.js';

describe('building a pattern', () => {
  it('merges entries given twice and says where each one went', () => {
    const rows = Int32Array.of(2, 0, 1, 2, 0, 2);
    const cols = Int32Array.of(0, 0, 2, 0, 2, 2);
    const { pattern, slot } = buildPattern(3, rows, cols);
    expect(pattern.nnz).toBe(5);
    expect(Array.from(pattern.colPtr)).toEqual([0, 2, 2, 5]);
    expect(Array.from(pattern.rowIdx)).toEqual([0, 2, 0, 1, 2]);
    expect(Array.from(slot)).toEqual([1, 0, 3, 1, 2, 4]);
  });

  it('sorts every column and finds every entry, for a hundred thousand of them', () => {
    const next = noise(1);
    const n = 2000;
    const rows = Int32Array.from({ length: 100_000 }, () => Math.floor(next() * n));
    const cols = Int32Array.from({ length: 100_000 }, () => Math.floor(next() * n));
    const { pattern, slot } = buildPattern(n, rows, cols);
    const columnOf = new Int32Array(pattern.nnz);
    for (let j = 0; j < n; j++) {
      for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) {
        columnOf[p] = j;
        if (p > pattern.colPtr[j]) expect(pattern.rowIdx[p]).toBeGreaterThan(pattern.rowIdx[p - 1]);
      }
    }
    expect(slot.every((s, k) => pattern.rowIdx[s] === rows[k] && columnOf[s] === cols[k])).toBe(true);
    expect(new Set(slot).size).toBe(pattern.nnz);
  });

  it('refuses an index outside the matrix', () => {
    expect(() => buildPattern(2, Int32Array.of(0, 2), Int32Array.of(0, 0))).toThrow('outside [0, 2)');
    expect(() => buildPattern(2, Int32Array.of(0), Int32Array.of(-1))).toThrow(RangeError);
    const many = new Int32Array(5000);
    expect(() => buildPattern(2, many, many.with(4321, 2))).toThrow(
      'index 2 of entry 4321 is outside [0, 2)',
    );
    expect(() => buildPattern(2, many.with(17, -1), many)).toThrow('index -1 of entry 17 is outside [0, 2)');
  });
});

it('many entries, which kernels sort, are found by rows as few are', () => {
  const next = noise(2);
  const n = 60;
  const index = (count: number) => Int32Array.from({ length: count }, () => Math.floor(next() * n));
  const { pattern } = buildPattern(n, index(5000), index(5000));
  expect(pattern.nnz).toBeGreaterThan(2000);
  const [otherRow, otherCol] = [index(50), index(50).map((c) => c + n)];
  const { start, slot, column } = entriesByRow(pattern, otherRow, otherCol, 2 * n);
  const rows = [...pattern.rowIdx, ...otherRow];
  const columns = [...pattern.rowIdx.keys()].map((k) => pattern.colPtr.findLastIndex((from) => from <= k));
  columns.push(...otherCol);
  for (let r = 0; r < 2 * n; r++) {
    const own = rows.flatMap((row, k) => (row === r ? [k] : []));
    expect([...slot.subarray(start[r], start[r + 1])]).toEqual(own);
    expect([...column.subarray(start[r], start[r + 1])]).toEqual(own.map((k) => columns[k]));
  }
});

it('entries by rows are those by columns, others behind them as they come', () => {
  const rows = Int32Array.of(2, 0, 1, 0, 2);
  const cols = Int32Array.of(0, 0, 2, 2, 2);
  const { pattern } = buildPattern(3, rows, cols);
  const { start, slot, column } = entriesByRow(pattern, Int32Array.of(4, 0, 4), Int32Array.of(1, 4, 0), 5);
  expect([...start]).toEqual([0, 3, 4, 6, 6, 8]);
  // By columns: (0, 0), (2, 0), (0, 2), (1, 2), (2, 2); then (4, 1), (0, 4), (4, 0).
  expect([...slot]).toEqual([0, 2, 6, 3, 1, 4, 5, 7]);
  expect([...column]).toEqual([0, 2, 4, 2, 0, 2, 1, 0]);
});
