// Makers of expressions that fold constants and the neutral elements on the way.

import { apply } from './evaluate.js';
import { type Call, constant, type Expr, type Operator, symbol } from './expression.js';

export { constant, symbol };

export const zero = constant(0);
export const one = constant(1);
const two = constant(2);

const isConst = (e: Expr, value: number): boolean => e.op === 'const' && e.value === value;

/** A call, folded when every argument is a constant. */
export function call(op: Operator, ...args: Expr[]): Expr {
  if (args.every((a) => a.op === 'const')) {
    return constant(
      apply(
        op,
        args.map((a) => (a.op === 'const' ? a.value : Number.NaN)),
      ),
    );
  }
  return { op, args } satisfies Call;
}

export function add(a: Expr, b: Expr): Expr {
  if (isConst(a, 0)) return b;
  if (isConst(b, 0)) return a;
  if (b.op === 'neg') return sub(a, b.args[0]);
  return call('add', a, b);
}

export function sub(a: Expr, b: Expr): Expr {
  if (isConst(b, 0)) return a;
  if (isConst(a, 0)) return neg(b);
  if (a === b) return zero;
  if (b.op === 'neg') return add(a, b.args[0]);
  return call('sub', a, b);
}

export function mul(a: Expr, b: Expr): Expr {
  if (a.op === 'const' && b.op === 'const') return call('mul', a, b);
  if (isConst(a, 0) || isConst(b, 0)) return zero;
  if (isConst(a, 1)) return b;
  if (isConst(b, 1)) return a;
  if (isConst(a, -1)) return neg(b);
  if (isConst(b, -1)) return neg(a);
  return call('mul', a, b);
}

export function div(a: Expr, b: Expr): Expr {
  if (isConst(a, 0) && b.op !== 'const') return zero;
  if (isConst(b, 1)) return a;
  return call('div', a, b);
}

export function neg(a: Expr): Expr {
  return a.op === 'neg' ? a.args[0] : call('neg', a);
}

export function pow(a: Expr, b: Expr): Expr {
  if (isConst(b, 0)) return one;
  if (isConst(b, 1)) return a;
  if (isConst(b, 2)) return mul(a, a);
  if (isConst(b, 3)) return mul(a, mul(a, a));
  if (isConst(b, -1)) return div(one, a);
  return call('pow', a, b);
}

export function select(condition: Expr, then: Expr, otherwise: Expr): Expr {
  if (condition.op === 'const') return condition.value !== 0 ? then : otherwise;
  if (then === otherwise || (then.op === 'const' && isConst(otherwise, then.value))) return then;
  return call('select', condition, then, otherwise);
}

export const square = (a: Expr): Expr => mul(a, a);
export const half = (a: Expr): Expr => div(a, two);
export const exp = (a: Expr): Expr => call('exp', a);
export const limexp = (a: Expr): Expr => call('limexp', a);
export const log = (a: Expr): Expr => call('log', a);
export const sqrt = (a: Expr): Expr => call('sqrt', a);
export const lt = (a: Expr, b: Expr): Expr => call('lt', a, b);
export const gt = (a: Expr, b: Expr): Expr => call('gt', a, b);
export const sum = (...terms: Expr[]): Expr => terms.reduce(add, zero);
export const product = (...factors: Expr[]): Expr => factors.reduce(mul, one);

/** Any call through the folding makers above. */
export function rebuild(op: Operator, args: readonly Expr[]): Expr {
  switch (op) {
    case 'add':
      return add(args[0], args[1]);
    case 'sub':
      return sub(args[0], args[1]);
    case 'mul':
      return mul(args[0], args[1]);
    case 'div':
      return div(args[0], args[1]);
    case 'neg':
      return neg(args[0]);
    case 'pow':
      return pow(args[0], args[1]);
    case 'select':
      return select(args[0], args[1], args[2]);
    default:
      return call(op, ...args);
  }
}
