// ∂e/∂symbol. Shared subexpressions stay shared: one derivative per node object and symbol.
import { add, call, constant, div, mul, neg, one, pow, select, square, sub, zero } from './build.js';
import type { Expr } from './expression.js';

/** A function that differentiates with respect to one symbol, remembering what it has already done. */
export function differentiator(name: string): (e: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const d = (e: Expr): Expr => {
    if (e.op === 'const') return zero;
    if (e.op === 'sym') return e.name === name ? one : zero;
    let result = done.get(e);
    if (result === undefined) done.set(e, (result = rule(e, d)));
    return result;
  };
  return d;
}

export const derivative = (e: Expr, name: string): Expr => differentiator(name)(e);

function rule(e: Exclude<Expr, { op: 'const' | 'sym' }>, d: (e: Expr) => Expr): Expr {
  const [a, b, c] = e.args;
  const da = d(a);
  const chain = (outer: () => Expr): Expr => (da === zero ? zero : mul(outer(), da));
  switch (e.op) {
    case 'add':
      return add(da, d(b));
    case 'sub':
      return sub(da, d(b));
    case 'neg':
      return neg(da);
    case 'mul':
      return add(mul(da, b), mul(a, d(b)));
    case 'div': {
      const db = d(b);
      return db === zero ? div(da, b) : div(sub(da, mul(e, db)), b);
    }
    case 'pow':
      return power(e, a, b, da, d(b));
    case 'select':
      return select(a, d(b), d(c));
    case 'min':
      return select(call('le', a, b), da, d(b));
    case 'max':
      return select(call('ge', a, b), da, d(b));
    case 'mod':
      return sub(da, mul(call('trunc', div(a, b)), d(b)));
    case 'atan2':
      return div(sub(mul(da, b), mul(a, d(b))), add(square(a), square(b)));
    case 'hypot':
      return div(add(mul(a, da), mul(b, d(b))), e);
    case 'abs':
      return chain(() => call('sgn', a));
    case 'sqrt':
      return chain(() => div(constant(0.5), e));
    case 'exp':
      return chain(() => e);
    case 'limexp':
      return chain(() => call('limexp1', a));
    case 'limexp1':
      return chain(() => select(call('gt', a, constant(80)), zero, e));
    case 'log':
      return div(da, a);
    case 'log10':
      return div(da, mul(constant(Math.LN10), a));
    case 'sin':
      return chain(() => call('cos', a));
    case 'cos':
      return chain(() => neg(call('sin', a)));
    case 'tan':
      return chain(() => add(one, square(e)));
    case 'asin':
      return chain(() => div(one, call('sqrt', sub(one, square(a)))));
    case 'acos':
      return chain(() => neg(div(one, call('sqrt', sub(one, square(a))))));
    case 'atan':
      return chain(() => div(one, add(one, square(a))));
    case 'sinh':
      return chain(() => call('cosh', a));
    case 'cosh':
      return chain(() => call('sinh', a));
    case 'tanh':
      return chain(() => sub(one, square(e)));
    case 'asinh':
      return chain(() => div(one, call('sqrt', add(square(a), one))));
    case 'acosh':
      return chain(() => div(one, call('sqrt', sub(square(a), one))));
    case 'atanh':
      return chain(() => div(one, sub(one, square(a))));
    case 'sgn':
    case 'floor':
    case 'ceil':
    case 'nint':
    case 'round':
    case 'trunc':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
    case 'and':
    case 'or':
    case 'not':
      return zero;
  }
}

function power(e: Expr, a: Expr, b: Expr, da: Expr, db: Expr): Expr {
  const byBase = da === zero ? zero : mul(mul(b, pow(a, sub(b, one))), da);
  const byExponent = db === zero ? zero : mul(select(call('gt', a, zero), mul(e, call('log', a)), zero), db);
  return add(byBase, byExponent);
}
