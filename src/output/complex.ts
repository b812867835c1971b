// Expressions of phasors: arithmetic, powers, exp, log and sqrt on the principal branch; abs is the magnitude.
import {
  type Complex,
  exp,
  log,
  minus,
  over,
  plus,
  power,
  sqrt,
  times,
} from '../expression/complex-arithmetic.js';
import { apply } from '../expression/evaluate.js';
import type { Expr, Operator } from '../expression/expression.js';

const meaning: Partial<Record<Operator, (a: Complex, b: Complex) => Complex>> = {
  add: plus,
  sub: minus,
  neg: ([re, im]) => [-re, -im],
  mul: times,
  div: over,
  pow: power,
  exp,
  log,
  log10: (a) => over(log(a), [Math.LN10, 0]),
  sqrt,
  abs: ([re, im]) => [Math.hypot(re, im), 0],
};

/** Value of an expression when symbols are phasors; real functions are applied to real parts. */
export function evaluateComplex(e: Expr, lookup: (name: string) => Complex): Complex {
  if (e.op === 'const') return [e.value, 0];
  if (e.op === 'sym') return lookup(e.name);
  const args = e.args.map((a) => evaluateComplex(a, lookup));
  const rule = meaning[e.op];
  if (rule) return rule(args[0], args[1]);
  const real = args.map(([re]) => re);
  return [apply(e.op, real), 0];
}

/** The first function in an expression that has no meaning for phasors, given which symbols are phasors. */
export function realOnly(e: Expr, isPhasor: (name: string) => boolean): Operator | undefined {
  if (e.op === 'const' || e.op === 'sym') return undefined;
  for (const a of e.args) {
    const inner = realOnly(a, isPhasor);
    if (inner) return inner;
  }
  return meaning[e.op] === undefined && e.args.some((a) => isComplex(a, isPhasor)) ? e.op : undefined;
}

/** Whether the value of an expression is complex: it has phasors in it that no `abs` has made real. */
export function isComplex(e: Expr, isPhasor: (name: string) => boolean): boolean {
  if (e.op === 'const') return false;
  if (e.op === 'sym') return isPhasor(e.name);
  return e.op !== 'abs' && e.args.some((a) => isComplex(a, isPhasor));
}
