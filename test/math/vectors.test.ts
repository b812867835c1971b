// Kernels of a march against the same formulas written out.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random.js';
import { createArena } from '../../src/math/vectors.js';

const rows = (n: number, seed: number) => {
  const random = createRandom(seed);
  const start = new Int32Array(n + 1);
  const column: number[] = [];
  const value: number[] = [];
  for (let r = 0; r < n; r++) {
    for (let k = 0; k < r % 4; k++) {
      column.push(Math.floor(random.uniform() * (n + 3)));
      value.push(random.normal());
    }
    start[r + 1] = column.length;
  }
  return { start, column: Int32Array.from(column), value: Float64Array.from(value) };
};

describe.each([7, 40])('an arena of %i unknowns', (n) => {
  const length = n + 3;
  const linear = { G: rows(n, 1), C: rows(n, 2) };
  const arena = createArena(n, length, 12, 6, linear);
  const random = createRandom(3);
  const filled = () => {
    const v = arena.vector();
    for (let i = 0; i < length; i++) v.data[i] = random.normal();
    return v;
  };
  const points = Array.from({ length: 4 }, filled);
  const [y, ref, base, tol, absolute, f] = Array.from({ length: 6 }, () => filled());
  points.forEach((p, k) => {
    arena.points.set(k, p);
    arena.a[k] = 0.3 - k;
    arena.b[k] = k * k - 1.5;
  });

  it('predicts', () => {
    absolute.data.fill(1e-6);
    arena.predict(4, y, ref, base, tol, absolute, 1e-3);
    for (let i = 0; i < length; i++) {
      const value = points.reduce((s, p, k) => s + arena.a[k] * p.data[i], 0);
      expect(y.data[i]).toBeCloseTo(value, 13);
      expect(ref.data[i]).toBe(y.data[i]);
      expect(base.data[i]).toBeCloseTo(
        points.reduce((s, p, k) => s + arena.b[k] * p.data[i], 0),
        13,
      );
      expect(tol.data[i]).toBeCloseTo(
        1e-3 * Math.max(Math.abs(points[0].data[i]), Math.abs(value)) + 1e-6,
        15,
      );
    }
    arena.combine(4, f);
    expect([...f.data]).toEqual([...ref.data]);
  });

  it('forms the linear residual', () => {
    y.data.set(points[2].data);
    arena.linearResidual(y, ref, base, 2.5, f);
    for (let r = 0; r < n; r++) {
      let sum = 0;
      for (let k = linear.G.start[r]; k < linear.G.start[r + 1]; k++)
        sum += linear.G.value[k] * y.data[linear.G.column[k]];
      for (let k = linear.C.start[r]; k < linear.C.start[r + 1]; k++) {
        const i = linear.C.column[k];
        sum += linear.C.value[k] * (base.data[i] + 2.5 * (y.data[i] - ref.data[i]));
      }
      expect(f.data[r]).toBeCloseTo(sum, 12);
    }
  });

  it('moves, and says how far and where most', () => {
    y.data.fill(1);
    f.data.fill(0.25);
    f.data[5] = -3;
    f.data[n] = 100;
    tol.data.fill(0.5);
    expect(arena.update(y, f, tol, 2)).toBe(12);
    expect(arena.worst()).toBe(5);
    expect(y.data[5]).toBe(7);
    expect(y.data[n]).toBe(1);
    f.data[2] = Number.NaN;
    expect(arena.update(y, f, tol, 1)).toBeNaN();
  });

  it('measures distance over the entries chosen only', () => {
    y.data.fill(0);
    ref.data.fill(0);
    ref.data[3] = 10;
    ref.data[1] = 1;
    tol.data.fill(0.1);
    arena.choose(Int32Array.of(0, 1, 2));
    expect(arena.distance(y, ref, tol)).toBe(10);
  });
});
