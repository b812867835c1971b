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

/** Rows of `width` neighbours, cut at both ends; a column far away in every row but each `apart`-th; values by column of a row. */
const band = (n: number, width: number, apart: number, entryOf?: (k: number) => number) => {
  const random = createRandom(width);
  const start = new Int32Array(n + 1);
  const column: number[] = [];
  const value: number[] = [];
  for (let r = 0; r < n; r++) {
    for (let c = Math.max(0, r - width); c < Math.min(n, r + width); c++) column.push(c);
    if (r % apart !== 0) column.push(n + 1);
    for (let k = start[r]; k < column.length; k++) value.push(entryOf?.(k - start[r]) ?? random.normal());
    start[r + 1] = column.length;
  }
  return { start, column: Int32Array.from(column), value: Float64Array.from(value) };
};

it.each([
  ['a ladder', 41, 1, 100],
  ['an even one', 40, 2, 100],
  ['rows of nine', 60, 4, 100],
  ['rows too short to be a stencil', 50, 1, 6],
  ['no more than one row', 1, 3, 1],
  ['a stencil', 41, 1, 1],
  ['one of an even number of rows', 40, 1, 1],
  ['one of like rows', 41, 1, 1, (k: number) => 0.3 + k],
  ['one of an even number of like rows', 40, 1, 1, (k: number) => 0.3 - k],
])('multiplies rows that move along: %s', (_, n, width, apart, entryOf?: (k: number) => number) => {
  const linear = { G: band(n, width, apart, entryOf), C: band(n, 1, 1000, entryOf) };
  const arena = createArena(n, n + 2, 5, 1, linear);
  const random = createRandom(4);
  const [x, rate, f, ref] = Array.from({ length: 4 }, () => arena.vector());
  for (let i = 0; i < n + 2; i++) [x[i], rate[i], f[i]] = [random.normal(), random.normal(), 9];
  const expected = Array.from({ length: n }, (__, r) => {
    let sum = 0;
    for (const [m, v] of [
      [linear.G, x],
      [linear.C, rate],
    ] as const)
      for (let k = m.start[r]; k < m.start[r + 1]; k++) sum += m.value[k] * v[m.column[k]];
    return sum;
  });
  arena.linearResidual(x, x, rate, 3, f);
  expect([...f.subarray(0, n)]).toEqual(expected);
  expect(f[n]).toBe(9);
  ref.set(x);
  f.fill(9);
  arena.linearResidual(x, ref, rate, 3, f);
  expect([...f.subarray(0, n)]).toEqual(expected);
  expect(f[n]).toBe(9);
});

describe.each([7, 40])('an arena of %i unknowns', (n) => {
  const length = n + 3;
  const linear = { G: rows(n, 1), C: rows(n, 2) };
  const arena = createArena(n, length, 12, 6, linear);
  const random = createRandom(3);
  const filled = () => {
    const v = arena.vector();
    for (let i = 0; i < length; i++) v[i] = random.normal();
    return v;
  };
  const points = Array.from({ length: 4 }, filled);
  const [y, ref, base, tol, absolute, lately, f] = Array.from({ length: 7 }, () => filled());
  const measures = { reltol: 1e-3, absolute, lately };
  const times = [3.1, 2.4, 2, 0.7];
  points.forEach((p, k) => {
    arena.setPoint(k, p);
    arena.a[k] = 0.3 - k;
  });
  for (let k = 3; k >= 0; k--) arena.trail.push(points[k], times[k]);
  /** Value and slope at t of the polynomial through the first m points, by divided differences. */
  const newton = (m: number, i: number, t: number): [number, number] => {
    const c = points.slice(0, m).map((p) => p[i]);
    for (let d = 1; d < m; d++)
      for (let k = m - 1; k >= d; k--) c[k] = (c[k] - c[k - 1]) / (times[k] - times[k - d]);
    let [value, slope] = [c[m - 1], 0];
    for (let k = m - 2; k >= 0; k--)
      [value, slope] = [value * (t - times[k]) + c[k], slope * (t - times[k]) + value];
    return [value, slope];
  };

  it('predicts', () => {
    absolute.fill(1e-6);
    lately.fill(0);
    lately[1] = 7;
    const constant = arena.predict(4, 3.5, ref, base, tol, measures);
    for (let i = 0; i < length; i++) {
      const [value, slope] = newton(4, i, 3.5);
      expect(ref[i]).toBeCloseTo(value, 11);
      expect(base[i]).toBeCloseTo(slope, 11);
      const size = Math.max(Math.abs(points[0][i]), Math.abs(value), lately[i]);
      expect(tol[i]).toBeCloseTo(1e-3 * size + 1e-6, 13);
    }
    const [h, early] = [3.5 - times[0], 3.5 - times[3]];
    const leading = 11 / 6 - h * (1 / h + 1 / (3.5 - times[1]) + 1 / (3.5 - times[2]));
    expect(constant).toBeCloseTo(Math.max(h / early, Math.abs(h / early - leading)), 13);
  });

  it.each([2, 3, 4])('remembers the newest point before it predicts from %i', (m) => {
    const [keep, known] = [f.fill(-1), y];
    keep[1] = 1;
    for (let i = 0; i < length; i++) known[i] = lately[i] = 0.1 * i;
    const ratio = 0.25 ** (1 / 50);
    arena.predict(m, 3.5, ref, base, tol, measures, { keep, ratio });
    const predicted = [...tol];
    arena.remember(known, points[0], keep, ratio);
    expect([...lately]).toEqual([...known]);
    arena.predict(m, 3.5, ref, base, tol, measures);
    expect([...tol]).toEqual(predicted);
  });

  it.each([2, 3, 4])('combines %i points as they are weighed', (m) => {
    arena.combine(m, f);
    for (let i = 0; i < length; i++)
      expect(f[i]).toBeCloseTo(
        points.slice(0, m).reduce((s, p, k) => s + arena.a[k] * p[i], 0),
        13,
      );
  });

  it('holds the entries that are given, and leaves their rates', () => {
    const before = [...y].map((v, i) => base[i] + 2.5 * (v - ref[i]));
    const [kept, free] = [[...base], [...ref]];
    arena.hold(n + 2, y, ref, base, 2.5);
    for (let i = 0; i < length; i++) {
      const given = i >= n && i < n + 2;
      expect(ref[i]).toBe(given ? y[i] : free[i]);
      if (given) expect(base[i]).toBeCloseTo(before[i], 13);
      else expect(base[i]).toBe(kept[i]);
    }
  });

  it('forms the linear residual', () => {
    y.set(points[2]);
    arena.linearResidual(y, ref, base, 2.5, f);
    for (let r = 0; r < n; r++) {
      let sum = 0;
      for (let k = linear.G.start[r]; k < linear.G.start[r + 1]; k++)
        sum += linear.G.value[k] * y[linear.G.column[k]];
      for (let k = linear.C.start[r]; k < linear.C.start[r + 1]; k++) {
        const i = linear.C.column[k];
        sum += linear.C.value[k] * (base[i] + 2.5 * (y[i] - ref[i]));
      }
      expect(f[r]).toBeCloseTo(sum, 12);
    }
  });

  it('adds rates and residuals', () => {
    arena.rate(y, ref, base, 2.5, f);
    for (let i = 0; i < length; i++) expect(f[i]).toBe(base[i] + 2.5 * (y[i] - ref[i]));
    const before = [...f];
    arena.add(f, y);
    for (let i = 0; i < length; i++) expect(f[i]).toBe(i < n ? before[i] + y[i] : before[i]);
  });

  it('moves, and says how far', () => {
    y.fill(1);
    f.fill(0.25);
    f[5] = -3;
    f[n] = 100;
    tol.fill(0.5);
    expect(arena.update(y, f, tol, 2)).toBe(12);
    expect(y[5]).toBe(7);
    expect(y[n]).toBe(1);
    expect(arena.update(ref, f, tol, 2, y)).toBe(12);
    expect([...ref.subarray(0, n)]).toEqual([...y.subarray(0, n)].map((v, i) => v - 2 * f[i]));
    f[2] = Number.NaN;
    expect(arena.update(y, f, tol, 1)).toBeNaN();
  });

  it('measures distance over the entries chosen only', () => {
    y.fill(0);
    ref.fill(0);
    ref[3] = 10;
    ref[1] = 1;
    tol.fill(0.1);
    arena.choose(Int32Array.of(0, 1, 2));
    expect(arena.distance(y, ref, tol)).toBe(10);
  });

  it('measures how far a point is from the prediction of another order, times its error constant', () => {
    for (const [m, off] of [
      [2, n + 2],
      [3, 4],
      [4, n - 1],
    ]) {
      const constant = arena.predict(m, 4, y, base, tol, measures);
      y[off] += 0.5;
      y[n + 1] += 9;
      tol.fill(0.1);
      arena.choose(Int32Array.from({ length: n }, (_, i) => i));
      expect(arena.estimate(m, 4, y, tol)).toBeCloseTo(off < n ? 5 * constant : 0, 10);
      arena.choose(Int32Array.of(1, off));
      expect(arena.estimate(m, 4, y, tol)).toBeCloseTo(5 * constant, 10);
    }
  });

  it('remembers the largest: for ever, for a while or not at all', () => {
    const keep = base;
    keep.fill(0);
    keep[2] = keep[4] = 1;
    keep[0] = keep[5] = -1;
    lately.fill(0);
    const ratio = 0.25 ** (1 / 50);
    arena.remember(lately, y.fill(-2), keep, ratio);
    expect([...lately]).toEqual(Array(length).fill(2));
    y.fill(0);
    y[5] = 1;
    arena.remember(lately, y, keep, ratio);
    [0.5, 0, 2, 0, 2, 1].forEach((v, i) => {
      expect(lately[i]).toBeCloseTo(v, 14);
    });
  });

  it('allows what the largest value does', () => {
    absolute.fill(1e-6);
    lately.fill(0);
    lately[2] = 5;
    ref.fill(1);
    y.fill(-2);
    y[4] = 0;
    arena.allow(y, ref, tol, measures);
    expect([...tol.subarray(0, 5)]).toEqual([2, 2, 5, 2, 1].map((v) => 1e-3 * v + 1e-6));
  });

  it('measures entries against themselves and the largest of their kind, and asks nothing of those behind them', () => {
    const [x, kind] = [y, f];
    kind.fill(0);
    for (let i = 0; i < n + 3; i++) x[i] = i < n ? (i % 3 === 0 ? 1 : 100) * Math.sin(i + 1) : 1e9;
    for (let i = 0; i < n; i += 3) kind[i] = 1;
    arena.scales(x, kind, 1e-3, 1e3, 0.1, tol);
    const largest = Math.max(...Array.from({ length: n }, (_, i) => (i % 3 === 0 ? Math.abs(x[i]) : 0)));
    for (let i = 0; i < n; i++)
      expect(tol[i]).toBeCloseTo(Math.abs(x[i]) + 0.1 * (i % 3 === 0 ? largest : 1e3), 12);
  });

  it('has no more vectors than it was made for', () => {
    expect(() => {
      for (let k = 0; k < 2; k++) arena.vector();
    }).toThrow(RangeError);
  });
});
