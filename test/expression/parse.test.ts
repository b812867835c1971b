import fc from 'fast-check';
import { create, all as everything } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { constant, symbol } from '../../src/expression/build.js';
import { derivative } from '../../src/expression/derivative.js';
import { evaluate } from '../../src/expression/evaluate.js';
import type { Expr } from '../../src/expression/expression.js';
import { constants } from '../../src/expression/functions.js';
import { type Extents, makeExpressionParser, type Names } from '../../src/expression/parse.js';

interface Outcome {
  readonly expr: Expr | undefined;
  readonly end: number;
  /** `code column` */
  readonly complaints: string[];
}

/** a … d and x are symbols; constants are known; v() and i() read signals. */
const names: Names = {
  symbol(name, start, end, complain) {
    if (/^[abdx]$/.test(name)) return symbol(name);
    const known = constants.get(name);
    if (!known) complain('unknown-name', name, start, end);
    return known;
  },
  isSignal: (word) => word === 'v' || word === 'i',
  signal: (word, args) => symbol(`${word}(${args.join('|')})`),
  call: () => null,
  nearestFunction: () => undefined,
};

const parser = makeExpressionParser();

function parse(text: string, reach: Extents = 'whole'): Outcome {
  const complaints: string[] = [];
  const expr = parser.parse(text, 0, text.length, reach, names, (code, _m, start) =>
    complaints.push(`${code} ${start + 1}`),
  );
  return { expr, end: parser.end(), complaints };
}

const values: Readonly<Record<string, number>> = { a: 2, b: 3, d: -0.5, x: 1.25 };
const value = (text: string): number => {
  const { expr, complaints } = parse(text);
  if (!expr) throw new Error(`${text}: ${complaints.join()}`);
  return evaluate(expr, (name) => values[name] ?? Number.NaN);
};

describe('precedence and association', () => {
  it.each([
    ['1+2*3', 7],
    ['(1+2)*3', 9],
    ['10-4-3', 3],
    ['24/4/2', 3],
    ['7%4*2', 6],
    ['-2^2', -4],
    ['-2**2', -4],
    ['(-2)^2', 4],
    ['(-2)^3', -8],
    ['(-2)**-3', -0.125],
    ['2^3^2', 512],
    ['2**-1', 0.5],
    ['2^-2^2', 2 ** -4],
    ['- -3', 3],
    ['+-3', -3],
    ['1<2 && 2<1', 0],
    ['1<2 || 2<1', 1],
    ['1 & 0 | 1', 1],
    ['!0 + 1', 2],
    ['!(1==1)', 0],
    ['1+1==2', 1],
    ['1<>2', 1],
    ['1!=1', 0],
    ['3>=3', 1],
    ['3<=2', 0],
    ['a>b ? 10 : 20', 20],
    ['0 ? 1 : 0 ? 2 : 3', 3],
    ['1 ? 0 ? 4 : 5 : 6', 5],
    ['1k+1meg', 1001000],
    ['2pF', 2e-12],
    ['{a}*(b)', 6],
    ["'a+b'*2", 10],
    ['{{a}+1}', 3],
  ])('%s = %d', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
});

describe('functions and constants', () => {
  it.each([
    ['if(a<b, 1, 2)', 1],
    ['log(e)', 1],
    ['ln(e)', 1],
    ['log10(1000)', 3],
    ['int(-2.7)', -2],
    ['int(2.7)', 2],
    ['trunc(-2.7)', -2],
    ['nint(2.6)', 3],
    ['nint(-2.6)', -3],
    ['nint(2.4)', 2],
    ['nint(2.5)', 2],
    ['nint(3.5)', 4],
    ['nint(-2.5)', -2],
    ['nint(-1.5)', -2],
    ['nint(0.49999999999999994)', 0],
    ['nint(9007199254740993)', 9007199254740992],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(2.4)', 2],
    ['floor(2.5)', 2],
    ['ceil(-2.5)', -2],
    ['floor(-0.5)', -1],
    ['ceil(0.5)', 1],
    ['u(1)', 1],
    ['u(-1)', 0],
    ['u(0)', 0.5],
    ['uramp(-3)', 0],
    ['uramp(3)', 3],
    ['u2(0.25)', 0.25],
    ['min(3,1,2)', 1],
    ['max(3,1,2)', 3],
    ['pwr(-2,3)', -8],
    ['pow(-2,3)', -8],
    ['pow(-2,2)', 4],
    ['limit(5,0,1)', 1],
    ['sgn(-3)', -1],
    ['hypot(3,4)', 5],
    ['mod(7,4)', 3],
    ['arctan(1)*4', Math.PI],
    ['atan2(1,0)*2', Math.PI],
    ['cos(pi)', -1],
    ['sqr(3)', 9],
    ['kelvin', -273.15],
    ['echarge', 1.602176634e-19],
  ])('%s = %d', (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 14);
  });
});

describe('agreement with mathjs, where the languages agree', () => {
  const math = create(everything, {});
  const text: fc.Memo<string> = fc.memo((n) => {
    const atom = fc.oneof(
      fc.constantFrom('a', 'b', 'd', 'x', 'pi'),
      fc.integer({ min: 0, max: 99 }).map(String),
      fc.double({ min: 0.01, max: 100, noNaN: true }).map((y) => y.toFixed(3)),
    );
    if (n <= 1) return atom;
    const inner = text(n - 1);
    return fc.oneof(
      atom,
      fc.tuple(inner, fc.constantFrom('+', '-', '*', '/', '^'), inner).map(([l, op, r]) => `${l} ${op} ${r}`),
      fc
        .tuple(inner, fc.constantFrom('<', '>', '<=', '>=', '=='), inner)
        .map(([l, op, r]) => `((${l}) ${op} (${r}) ? ${l} : ${r})`),
      inner.map((e) => `(${e})`),
      inner.map((e) => `-${e}`),
      fc
        .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'exp', 'abs', 'atan', 'sinh'), inner)
        .map(([f, e]) => `${f}(${e})`),
    );
  });

  it('arithmetic, powers, signs, comparisons and functions have the same value', () => {
    fc.assert(
      fc.property(text(4), (t) => {
        const ours = value(t);
        const theirs = Number(math.evaluate(t, { ...values }));
        // mathjs goes on to complex numbers where we have none; it compares with a tolerance.
        if (!Number.isFinite(theirs) || !Number.isFinite(ours)) return;
        expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
      }),
      { numRuns: 400, seed: 11 },
    );
  });
});

describe('signals', () => {
  it.each([
    ['v(out)', 'v(out)'],
    ['v( out )', 'v(out)'],
    ['v(a,b)', 'v(a|b)'],
    ['v(x1.n+)', 'v(x1.n+)'],
    ['v(n[3]-:q#2_)', 'v(n[3]-:q#2_)'],
    ['v(12)', 'v(12)'],
    ['i(l.x1.l2)', 'i(l.x1.l2)'],
  ])('the arguments of %s are names', (text, name) => {
    expect(parse(text).expr).toEqual(symbol(name));
  });

  it('v without a parenthesis is an ordinary name', () => {
    expect(parse('v + 1').complaints).toEqual(['unknown-name 1']);
  });
});

describe('how far an expression reaches', () => {
  it.each([
    ['a b', 'loose', 1],
    ['a + b d = 1', 'loose', 5],
    ['a +b', 'tight', 1],
    ['a+b d', 'tight', 3],
    ['max(a, b) 3', 'tight', 9],
    ['{a + b} 3', 'tight', 7],
    ['1 -2', 'tight', 1],
    ['a,b', 'loose', 1],
    ['a)', 'loose', 1],
  ] as const)('"%s", %s: %d characters', (text, reach, end) => {
    const outcome = parse(text, reach);
    expect(outcome.complaints).toEqual([]);
    expect(outcome.end).toBe(end);
  });
});

describe('what is wrong is said at its column', () => {
  it.each([
    ['', 'expression-syntax 1'],
    ['1+', 'expression-syntax 3'],
    ['1 + * 2', 'expression-syntax 5'],
    ['(1+2', 'unbalanced 1'],
    ['1+{2*(3+a}', 'expression-syntax 10'],
    ['1+2)', 'expression-syntax 4'],
    ['1 2', 'expression-syntax 3'],
    ['a ? b', 'expression-syntax 6'],
    ['sin(1', 'unbalanced 4'],
    ['sin(1 2)', 'expression-syntax 7'],
    ['sin()', 'wrong-arguments 1'],
    ['atan2(1)', 'wrong-arguments 1'],
    ['foo(1)', 'unknown-function 1'],
    ['a+q', 'unknown-name 3'],
    ['1k5+2', 'malformed-number 1'],
    ['v(', 'unbalanced 2'],
    ['v(a,)', 'expression-syntax 5'],
    ['v()', 'expression-syntax 3'],
    ['a @ b', 'expression-syntax 3'],
    ['"a', 'unbalanced 1'],
    ['a = b', 'expression-syntax 3'],
  ])('%s', (text, complaint) => {
    const { expr, complaints } = parse(text);
    expect(expr).toBeUndefined();
    expect(complaints).toEqual([complaint]);
  });
});

describe('hostile text', () => {
  const many = 1_000_000;
  it.each([
    ['parentheses', '('.repeat(many)],
    ['closed parentheses', `${'('.repeat(many)}a${')'.repeat(many)}`],
    ['braces', '{'.repeat(many)],
    ['signs', `${'-'.repeat(many)}a`],
    ['powers', `${'a^'.repeat(many)}a`],
    ['conditionals', `${'a?b:'.repeat(many)}a`],
    ['calls', 'sin('.repeat(many)],
    ['a sum of a million terms', `a${'+a'.repeat(many)}`],
    ['a product of a million factors', `a${'*x'.repeat(many)}`],
    ['squares of squares', `${'('.repeat(60)}(a+b)${')^2'.repeat(60)}`],
  ])('%s end in one complaint', (_, text) => {
    const { expr, complaints } = parse(text);
    expect(expr).toBeUndefined();
    expect(complaints).toHaveLength(1);
  });

  it('names that objects have are just unknown names', () => {
    for (const name of ['__proto__', 'constructor', 'tostring', 'hasownproperty']) {
      expect(parse(name).complaints).toEqual(['unknown-name 1']);
      expect(parse(`${name}(1)`).complaints).toEqual(['unknown-function 1']);
    }
  });

  it('the deepest expression that is accepted can be evaluated and differentiated', () => {
    const { expr } = parse(`x${'*(a+x)'.repeat(450)}`);
    expect(expr).toBeDefined();
    expect(evaluate(expr!, (name) => (name === 'x' ? 1e-3 : 1))).toBeGreaterThan(0);
    expect(evaluate(derivative(expr!, 'x'), () => 0.5)).toBeGreaterThan(0);
    const { expr: nested } = parse(`${'(x+sin('.repeat(90)}x${'))'.repeat(90)}`);
    expect(Number.isFinite(evaluate(derivative(nested!, 'x'), () => 0.5))).toBe(true);
  });

  it('any text ends in an expression or in exactly one complaint inside it', () => {
    const piece = fc.constantFrom(
      'a',
      'x',
      '1',
      '2k',
      '+',
      '-',
      '*',
      '/',
      '^',
      '**',
      '(',
      ')',
      '{',
      '}',
      "'",
      '"',
      ',',
      '?',
      ':',
      '<',
      '=',
      '!',
      '&',
      '|',
      ' ',
      'v(',
      'sin(',
      'if(',
      '.',
      '#',
      'µ',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        const { expr, complaints } = parse(text);
        expect(complaints).toHaveLength(expr === undefined ? 1 : 0);
      }),
      { numRuns: 3000, seed: 5 },
    );
  });
});

describe('folding', () => {
  it('a constant expression is a constant', () => {
    expect(parse('2*(3+4)^2').expr).toEqual(constant(98));
  });

  it.each(['0/0', '0*(0/0)', '0*(1/0)', '(0/0)*0'])('%s is not a number, not 0', (text) => {
    expect(parse(text).expr).toEqual(constant(Number.NaN));
  });
});
