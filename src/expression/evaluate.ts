// What each function means, in float64; and evaluation of a whole expression against named values.
import type { Expr, Operator } from './expression.js';

const LIMIT = 80;
const truth = (condition: boolean): number => (condition ? 1 : 0);

type Meaning = (a: number, b: number, c: number) => number;

/** One line per function. Comparisons give 0 or 1; a negative base has integer powers only (NaN otherwise). */
export const meaning: Readonly<Record<Operator, Meaning>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  mod: (a, b) => a - b * Math.trunc(a / b),
  atan2: Math.atan2,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  hypot: (a, b) => Math.sqrt(a * a + b * b),
  neg: (a) => -a,
  abs: Math.abs,
  sgn: Math.sign,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  floor: Math.floor,
  ceil: Math.ceil,
  nint: (a) => (Math.abs(a % 1) === 0.5 ? 2 * Math.round(a / 2) : Math.round(a)),
  round: (a) => Math.sign(a) * Math.round(Math.abs(a)),
  trunc: Math.trunc,
  limexp: (a) => (a > LIMIT ? Math.exp(LIMIT) * (a - (LIMIT - 1)) : Math.exp(a)),
  limexp1: (a) => Math.exp(Math.min(a, LIMIT)),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
  select: (a, b, c) => (a !== 0 ? b : c),
};

export function apply(op: Operator, args: readonly number[]): number {
  return meaning[op](args[0], args[1], args[2]);
}

/** Value of an expression; `lookup` gives the value of each symbol. */
export function evaluate(e: Expr, lookup: (name: string) => number): number {
  if (e.op === 'const') return e.value;
  if (e.op === 'sym') return lookup(e.name);
  if (e.op === 'select')
    return evaluate(e.args[0], lookup) !== 0 ? evaluate(e.args[1], lookup) : evaluate(e.args[2], lookup);
  return apply(
    e.op,
    e.args.map((a) => evaluate(a, lookup)),
  );
}
