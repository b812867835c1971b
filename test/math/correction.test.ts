// A correction by a loop and by a kernel are the same, to the last bit.
import { describe, expect, it } from 'vitest';
import { correct } from '../../src/math/correction.js';
import { noise } from './matrices.js';

describe.each([7, 199, 200, 1001])('a correction of %i numbers', (n) => {
  const next = noise(n);
  const list = () => Float64Array.from({ length: n }, () => next() - 0.5);
  const [x, d] = [list(), list()];
  const absolute = list().map((v) => 1e-3 + Math.abs(v));

  it('moves x and is measured by what x is then', () => {
    const moved = Float64Array.from([...x, 5]);
    const where = new Int32Array(1);
    const norm = correct(n, moved, d, absolute, 0.1, where);
    const after = x.map((v, i) => v - d[i]);
    expect(moved).toEqual(Float64Array.from([...after, 5]));
    const shares = d.map((v, i) => Math.abs(v) / (0.1 * Math.abs(after[i]) + absolute[i]));
    expect(norm).toBe(Math.max(...shares));
    expect(where[0]).toBe(shares.indexOf(norm));
  });

  it.each([Number.NaN, Infinity, -Infinity])('is not a number where an entry is %d', (value) => {
    const bad = d.slice();
    bad[n - 2] = value;
    expect(correct(n, x.slice(), bad, absolute, 0.1, new Int32Array(1))).toBeNaN();
  });

  it('is none where nothing moves', () => {
    const where = Int32Array.of(3);
    expect(correct(n, x.slice(), new Float64Array(n), absolute, 0.1, where)).toBe(0);
    expect(where[0]).toBe(3);
  });
});
