import { describe, expect, it } from 'vitest';
import { constant } from '../../src/expression/build.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { arity, type Expr, type Operator, symbol } from '../../src/expression/expression.js';
import { toSpice } from '../../src/expression/print.js';
import { ngspice } from '../support/ngspice.js';

const a = symbol('v(a)');
const b = symbol('v(b)');
const of = (op: Operator, ...args: Expr[]): Expr => ({ op, args });

/** Values of expressions at v(a) = x, v(b) = y, as ngspice computes them: one behavioural source each. */
async function judged(expressions: readonly Expr[], x: number, y: number): Promise<number[]> {
  const sources = expressions.map((e, k) => `B${k} o${k} 0 V=${toSpice(e)}\nR${k} o${k} 0 1k`);
  const { columns } = await ngspice(
    [
      'printed',
      `Va a 0 ${x}`,
      `Vb b 0 ${y}`,
      ...sources,
      '.options gmin=1e-15 reltol=1e-9',
      '.op',
      '.end',
      '',
    ].join('\n'),
  );
  return expressions.map((_, k) => columns.get(`v(o${k})`)![0]);
}

const ordinary = (Object.keys(arity) as Operator[]).map((op) =>
  arity[op] === 1 ? of(op, a) : arity[op] === 2 ? of(op, a, b) : of(op, of('gt', a, b), a, b),
);

const powers = [-9, -3, -2, -1, 1, 2, 3, 4, 5, 8, 9, 10, 11].map((n) => of('pow', a, constant(n)));

const nested = [
  of('sub', a, of('sub', b, a)),
  of('sub', a, of('add', b, a)),
  of('div', a, of('mul', b, a)),
  of('div', of('div', a, b), a),
  of('mul', of('add', a, b), of('neg', b)),
  of('sub', a, of('neg', b)),
  of('neg', of('mul', a, b)),
  of('neg', of('pow', a, constant(2))),
  of('mul', of('lt', a, b), of('add', of('not', a), b)),
  of('or', of('and', of('lt', a, b), of('gt', a, constant(0))), of('eq', a, b)),
  of('add', of('select', of('lt', a, constant(-0.2)), of('select', of('gt', b, a), a, b), constant(-7)), b),
  of('mul', constant(-2.5e-3), of('sub', constant(-1), a)),
];

describe('an expression printed for ngspice', () => {
  it.each([
    [0.3, 0.7],
    [-0.3, 0.7],
    [0.6, -0.4],
  ])('means the same there at v(a) = %d, v(b) = %d', async (x, y) => {
    const defined = [...ordinary, ...powers, ...nested].filter((e) =>
      Number.isFinite(evaluate(e, (name) => (name === 'v(a)' ? x : y))),
    );
    expect(defined.length).toBeGreaterThan(55);
    const got = await judged(defined, x, y);
    defined.forEach((e, k) => {
      const want = evaluate(e, (name) => (name === 'v(a)' ? x : y));
      expect(Math.abs(got[k] - want), toSpice(e)).toBeLessThanOrEqual(1e-12 + 1e-9 * Math.abs(want));
    });
  });

  it.each([
    [0.5, 1.5],
    [-0.5, -1.5],
    [2.5, -2.5],
    [3.5, -2.7],
  ])('rounds the same there, halves too: %d, %d', async (x, y) => {
    const roundings = (['nint', 'round', 'trunc', 'floor', 'ceil'] as const).flatMap((op) => [
      of(op, a),
      of(op, b),
    ]);
    const got = await judged(roundings, x, y);
    expect(got).toEqual(roundings.map((e) => evaluate(e, (name) => (name === 'v(a)' ? x : y)) + 0));
    const { columns } = await ngspice(`t\nBa a 0 V=nint(${x})\nBb b 0 V=nint(${y})\nR1 a b 1k\n.op\n.end\n`);
    expect([columns.get('v(a)')![0], columns.get('v(b)')![0]]).toEqual(got.slice(0, 2));
  });

  it('writes whole powers as products, because ngspice loses the sign of an odd power', () => {
    expect(toSpice(of('pow', a, constant(3)))).toBe('v(a)*v(a)*v(a)');
    expect(toSpice(of('pow', of('sub', a, b), constant(2)))).toBe('(v(a)-v(b))*(v(a)-v(b))');
  });

  it('refuses to print what is no number', () => {
    expect(() => toSpice(constant(Number.POSITIVE_INFINITY))).toThrow(RangeError);
  });
});
