// Straight-line laws in the kernel against the same functions in JavaScript.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random.js';
import type { Straight, StraightOperation } from '../../src/math/straight.js';
import { createArena } from '../../src/math/vectors.js';

const empty = (n: number) => ({
  start: new Int32Array(n + 1),
  column: new Int32Array(0),
  value: new Float64Array(0),
});

const arenaFor = (n: number, law: Straight) =>
  createArena(n, n, 4, 8, { G: empty(n), C: empty(n) }, undefined, [law]);

const slots = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** f of every x by the kernel. */
function through(op: StraightOperation, args: readonly number[], constants: number[], x: readonly number[]) {
  const n = x.length;
  const arena = arenaFor(n, {
    count: n,
    constants,
    symbols: [{ slots: slots(n) }],
    operations: [{ op, args }],
    writes: [{ register: constants.length + 1, slots: slots(n), sign: 1 }],
  });
  const [at, f] = [arena.vector(), arena.vector()];
  at.set(x);
  for (const mine of [arena.a, arena.trail.times]) mine.fill(7);
  arena.addStraight(at, 0, f);
  return [...f];
}

const some = [-3.5, -1, -0.25, 0, 0.5, 1, 2, 7.25, 1e-3];
const limited = (a: number): number => (a > 80 ? Math.exp(80) * (a - 79) : Math.exp(a));

describe('a law of one operation', () => {
  it.each<[StraightOperation, readonly number[], (x: number) => number]>([
    ['add', [1, 0], (x) => x + 3],
    ['sub', [0, 1], (x) => 3 - x],
    ['mul', [1, 0], (x) => 3 * x],
    ['div', [1, 0], (x) => x / 3],
    ['neg', [1], (x) => -x],
    ['abs', [1], Math.abs],
    ['sqrt', [1], Math.sqrt],
    ['select', [1, 0, 1], (x) => (x !== 0 ? 3 : x)],
    ['lt', [1, 0], (x) => (x < 3 ? 1 : 0)],
    ['le', [1, 0], (x) => (x <= 3 ? 1 : 0)],
    ['gt', [1, 0], (x) => (x > 3 ? 1 : 0)],
    ['ge', [1, 0], (x) => (x >= 3 ? 1 : 0)],
    ['square', [1], (x) => x * x],
    ['cube', [1], (x) => x * x * x],
  ])('%s', (op, args, meaning) => {
    const xs = [...some, 3];
    expect(through(op, args, [3], xs)).toEqual(xs.map((x) => 0 + meaning(x)));
  });

  it('exp is right within an ulp and exact at 0', () => {
    const random = createRandom(5);
    const xs = Array.from({ length: 2000 }, () => -708 + 1417 * random.uniform());
    const values = through('exp', [0], [], xs);
    xs.forEach((x, i) => {
      expect(Math.abs(values[i] / Math.exp(x) - 1)).toBeLessThan(1.5 * 2 ** -52);
    });
    expect(
      through('exp', [0], [], [0, -0, -709, -1e300, -Infinity, 709.7, 709.79, Infinity, Number.NaN]),
    ).toEqual([1, 1, 0, 0, 0, expect.closeTo(Math.exp(709.7), -296), Infinity, Infinity, Number.NaN]);
  });

  it('the limited exponential goes on as a straight line, its derivative as a constant', () => {
    const xs = [-20, 0, 79, 80, 80.5, 1000];
    through('limexp', [0], [], xs).forEach((v, i) => {
      expect(v / limited(xs[i])).toBeCloseTo(1, 14);
    });
    through('limexp1', [0], [], xs).forEach((v, i) => {
      expect(v / Math.exp(Math.min(80, xs[i]))).toBeCloseTo(1, 14);
    });
  });
});

describe.each([1, 2, 63, 64, 65, 200])('%i instances', (n) => {
  it('add to rows they share, by their own numbers, at the time', () => {
    const random = createRandom(n);
    const numbers = Float64Array.from({ length: n }, () => random.normal());
    const shared = Int32Array.from({ length: n }, (_, k) => k >> 1);
    const arena = arenaFor(n, {
      count: n,
      constants: [2],
      symbols: [{ slots: slots(n) }, { numbers }, { time: true }],
      operations: [
        { op: 'mul', args: [1, 2] },
        { op: 'add', args: [4, 3] },
        { op: 'mul', args: [5, 0] },
      ],
      writes: [
        { register: 6, slots: slots(n), sign: 1 },
        { register: 1, slots: shared, sign: -1 },
      ],
    });
    const [x, f] = [arena.vector(), arena.vector()];
    for (let k = 0; k < n; k++) x[k] = random.normal();
    f.fill(1);
    arena.addStraight(x, 0.75, f);
    const expected = new Float64Array(n).fill(1);
    for (let k = 0; k < n; k++) {
      expected[k] += 2 * (x[k] * numbers[k] + 0.75);
      expected[k >> 1] -= x[k];
    }
    for (let k = 0; k < n; k++) expect(f[k]).toBeCloseTo(expected[k], 13);
  });

  it('read and write entries in any order', () => {
    const random = createRandom(n);
    const backwards = slots(n).reverse();
    const arena = arenaFor(n, {
      count: n,
      constants: [3],
      symbols: [{ slots: backwards }, { slots: slots(n) }],
      operations: [{ op: 'mul', args: [1, 0] }],
      writes: [
        { register: 3, slots: slots(n), sign: 1 },
        { register: 2, slots: slots(n), sign: -1 },
        { register: 2, slots: backwards, sign: 1 },
      ],
    });
    const [x, f] = [arena.vector(), arena.vector()];
    for (let k = 0; k < n; k++) x[k] = random.normal();
    arena.addStraight(x, 0, f);
    for (let k = 0; k < n; k++) expect(f[k]).toBeCloseTo(4 * x[n - 1 - k] - x[k], 13);
  });
});
