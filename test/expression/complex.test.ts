// The functions of expressions at complex arguments.
import { describe, expect, test } from 'vitest';
import { add, call, constant, mul, select, symbol } from '../../src/expression/build.js';
import { complexInterpreter, notAnalytic } from '../../src/expression/complex.js';
import { derivative } from '../../src/expression/derivative.js';
import { meaning } from '../../src/expression/evaluate.js';
import type { Expr, Operator } from '../../src/expression/expression.js';
import { program } from '../../src/expression/program.js';

type Pair = readonly [number, number];

function evaluate(e: Expr, at: Readonly<Record<string, Pair>>): Pair {
  const p = program([e]);
  const [re, im] = [new Float64Array(1), new Float64Array(1)];
  complexInterpreter(p)((k) => at[p.symbols[k]], re, im);
  return [re[0], im[0]];
}

const z = symbol('z');
const w = symbol('w');
const unary: readonly Operator[] = [
  ...(['neg', 'sqrt', 'exp', 'log', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'limexp', 'limexp1'] as const),
];
const binary: readonly Operator[] = ['add', 'sub', 'mul', 'div', 'pow', 'atan2', 'hypot'];

/** Points of the plane off the branch cuts of all functions but acosh, whose cut is x < 1. */
const plane = (op: Operator): readonly Pair[] =>
  op === 'acosh'
    ? [
        [1.7, 0.4],
        [2.3, -1.1],
        [1.2, 1e-12],
      ]
    : [
        [0.3, 0.4],
        [0.7, -0.6],
        [0.9, 1e-12],
        [0.2, 1.3],
      ];

describe.each(unary)('%s', (op) => {
  const e = call(op, z);

  test('is the real function on the real axis', () => {
    for (const x of op === 'acosh' ? [1, 1.5, 3] : [0.1, 0.5, 0.93]) {
      const [re, im] = evaluate(e, { z: [x, 0] });
      expect(Math.abs(re - meaning[op](x, 0, 0))).toBeLessThanOrEqual(4e-16 * Math.abs(re));
      expect(Math.abs(im)).toBe(0);
    }
  });

  test('has the slope of its derivative in both directions of the plane', () => {
    const slope = derivative(e, 'z');
    for (const [x, y] of plane(op)) {
      const [c, d] = evaluate(slope, { z: [x, y] });
      const h = 1e-4;
      const along = (dx: number, dy: number, part: 0 | 1): number => {
        const f = (s: number): number => evaluate(e, { z: [x + s * dx, y + s * dy] })[part];
        return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
      };
      const size = Math.abs(c) + Math.abs(d) + 1;
      expect(Math.abs(along(1, 0, 0) - c)).toBeLessThan(1e-9 * size);
      expect(Math.abs(along(1, 0, 1) - d)).toBeLessThan(1e-9 * size);
      expect(Math.abs(along(0, 1, 0) + d)).toBeLessThan(1e-9 * size);
      expect(Math.abs(along(0, 1, 1) - c)).toBeLessThan(1e-9 * size);
    }
  });

  test('carries an imaginary part however small', () => {
    const x = op === 'acosh' ? 1.4 : 0.4;
    const [, im] = evaluate(e, { z: [x, 1e-30] });
    const [slope] = evaluate(derivative(e, 'z'), { z: [x, 0] });
    expect(Math.abs(im / 1e-30 - slope)).toBeLessThanOrEqual(1e-14 * Math.abs(slope));
  });
});

describe.each(binary)('%s of two', (op) => {
  const e = call(op, z, w);

  test('is real for real arguments and follows its derivatives elsewhere', () => {
    const [re, im] = evaluate(e, { z: [0.7, 0], w: [1.3, 0] });
    expect(re).toBeCloseTo(meaning[op](0.7, 1.3, 0), 15);
    expect(Math.abs(im)).toBe(0);
    const at: Record<string, Pair> = { z: [0.7, 0.4], w: [1.3, -0.2] };
    for (const name of ['z', 'w']) {
      // The derivative of a power by its exponent is written for a real base; Cauchy and Riemann's equations are not.
      const h = 1e-5;
      const f = (dx: number, dy: number): Pair =>
        evaluate(e, { ...at, [name]: [at[name][0] + dx, at[name][1] + dy] });
      const byRe = [0, 1].map((k) => (f(h, 0)[k] - f(-h, 0)[k]) / (2 * h));
      const byIm = [0, 1].map((k) => (f(0, h)[k] - f(0, -h)[k]) / (2 * h));
      expect(byIm[0]).toBeCloseTo(-byRe[1], 8);
      expect(byIm[1]).toBeCloseTo(byRe[0], 8);
      if (op === 'pow' && name === 'w') continue;
      const [c, d] = evaluate(derivative(e, name), at);
      expect(c).toBeCloseTo(byRe[0], 8);
      expect(d).toBeCloseTo(byRe[1], 8);
    }
  });
});

test('whole powers of negative and of imaginary numbers', () => {
  expect(evaluate(call('pow', z, constant(3)), { z: [1, 2] })).toEqual([-11, -2]);
  expect(evaluate(call('pow', z, constant(-2)), { z: [0, 2] })[0]).toBeCloseTo(-0.25, 15);
  expect(evaluate(call('pow', z, constant(5)), { z: [-2, 0] })).toEqual([-32, 0]);
});

test('angles agree with the real ones in all four quadrants, also beside the axis', () => {
  for (const y of [-2, -0.3, 0.3, 2]) {
    for (const x of [-2, -0.3, 0.3, 2]) {
      const [re, im] = evaluate(call('atan2', z, w), { z: [y, 1e-20], w: [x, 0] });
      expect(re).toBeCloseTo(Math.atan2(y, x), 14);
      expect(im * 1e20).toBeCloseTo(x / (x * x + y * y), 13);
    }
  }
});

test('tanh and limexp stay finite far away', () => {
  expect(evaluate(call('tanh', z), { z: [800, 3] })).toEqual([1, 0]);
  expect(evaluate(call('tanh', z), { z: [-400, 3] })).toEqual([-1, 0]);
  const [re, im] = evaluate(call('limexp', z), { z: [100, 2] });
  expect(re / Math.exp(80)).toBeCloseTo(21, 12);
  expect(im / Math.exp(80)).toBeCloseTo(2, 12);
});

test('what has corners is not analytic, and conditions only when their pieces join smoothly', () => {
  const conditional = program([select(call('lt', z, constant(0.5)), z, mul(z, z))]);
  expect(notAnalytic(conditional, true)).toBeUndefined();
  expect(notAnalytic(conditional, false)).toBe('a condition');
  expect(notAnalytic(program([add(z, call('abs', z))]), true)).toBe('abs()');
  expect(notAnalytic(program([call('tanh', z)]), false)).toBeUndefined();
  expect(evaluate(select(call('lt', z, constant(0.5)), z, mul(z, z)), { z: [0.4, 9] })).toEqual([0.4, 9]);
});
