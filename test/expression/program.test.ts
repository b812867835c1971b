// A program printed as JavaScript means what the expression means.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, constant, symbol } from '../../src/expression/build.js';
import { derivative } from '../../src/expression/derivative.js';
import { evaluate, meaning } from '../../src/expression/evaluate.js';
import { arity, type Expr, type Operator } from '../../src/expression/expression.js';
import { interpreter, program, toSource } from '../../src/expression/program.js';

const smooth = [
  'add',
  'sub',
  'mul',
  'sin',
  'cos',
  'tanh',
  'atan',
  'neg',
  'select',
  'gt',
  'exp',
  'limexp',
] as const;

const expression: fc.Arbitrary<Expr> = fc.letrec<{ e: Expr }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom(symbol('a'), symbol('b')),
    fc.integer({ min: -3, max: 3 }).map(constant),
    fc
      .constantFrom(...smooth)
      .chain((op: Operator) =>
        fc.tuple(...Array.from({ length: arity[op] }, () => tie('e'))).map((args): Expr => ({ op, args })),
      ),
  ),
})).e;

function compileProgram(outputs: Expr[]): (a: number, b: number) => number[] {
  const { lines, outputs: names } = toSource(program(outputs), (s) => s);
  return new Function('M', `return (a, b) => { ${lines.join('\n')} return [${names}]; }`)(meaning);
}

const same = (x: number, y: number): boolean =>
  Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-12 * Math.abs(x);

describe('a program', () => {
  it('computes what the expressions mean, printed and interpreted', () => {
    fc.assert(
      fc.property(
        fc.array(expression, { minLength: 1, maxLength: 4 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (es, a, b) => {
          const lookup = (name: string): number => (name === 'a' ? a : b);
          const expected = es.map((e) => evaluate(e, lookup));
          const printed = compileProgram(es)(a, b);
          const out = new Float64Array(es.length);
          interpreter(program(es))(lookup, out);
          return expected.every((y, k) => same(y, printed[k]) && same(y, out[k]));
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });

  it('computes a dear branch only when it is taken', () => {
    const a = symbol('a');
    const e = call('select', call('gt', a, constant(0)), call('log', a), call('exp', call('neg', a)));
    const { lines } = toSource(program([e, derivative(e, 'a')]), (s) => s);
    const text = lines.join('\n');
    expect(text).toMatch(/if \(.*\) \{\n.*Math\.log/);
    expect(text.match(/Math\.exp/g)).toHaveLength(1);
    const [value, slope] = compileProgram([e, derivative(e, 'a')])(2, 0);
    expect(value).toBe(Math.log(2));
    expect(slope).toBe(0.5);
  });
});
