// Expressions of phasors: arithmetic, powers, exp, log and sqrt on the principal branch; abs is the magnitude.
import { apply } from '../expression/evaluate.js';
import type { Expr, Operator } from '../expression/expression.js';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

const complex = (re: number, im: number): Complex => ({ re, im });

const multiply = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);

function divide(a: Complex, b: Complex): Complex {
  const scale = Math.max(Math.abs(b.re), Math.abs(b.im));
  const re = b.re / scale;
  const im = b.im / scale;
  const norm = (re * re + im * im) * scale;
  return complex((a.re * re + a.im * im) / norm, (a.im * re - a.re * im) / norm);
}

const exp = (a: Complex): Complex =>
  complex(Math.exp(a.re) * Math.cos(a.im), Math.exp(a.re) * Math.sin(a.im));
const log = (a: Complex): Complex => complex(Math.log(Math.hypot(a.re, a.im)), Math.atan2(a.im, a.re));

function sqrt(a: Complex): Complex {
  const size = Math.hypot(a.re, a.im);
  const re = Math.sqrt((size + Math.abs(a.re)) / 2);
  if (re === 0) return complex(0, 0);
  const im = Math.abs(a.im) / (2 * re);
  const sign = a.im < 0 ? -1 : 1;
  return a.re >= 0 ? complex(re, sign * im) : complex(im, sign * re);
}

function power(a: Complex, b: Complex): Complex {
  if (b.im === 0 && Number.isInteger(b.re) && Math.abs(b.re) <= 64) {
    let product = complex(1, 0);
    for (let k = 0; k < Math.abs(b.re); k++) product = multiply(product, a);
    return b.re < 0 ? divide(complex(1, 0), product) : product;
  }
  return a.re === 0 && a.im === 0 ? complex(0, 0) : exp(multiply(b, log(a)));
}

const meaning: Partial<Record<Operator, (a: Complex, b: Complex) => Complex>> = {
  add: (a, b) => complex(a.re + b.re, a.im + b.im),
  sub: (a, b) => complex(a.re - b.re, a.im - b.im),
  neg: (a) => complex(-a.re, -a.im),
  mul: multiply,
  div: divide,
  pow: power,
  exp,
  log,
  log10: (a) => divide(log(a), complex(Math.LN10, 0)),
  sqrt,
  abs: (a) => complex(Math.hypot(a.re, a.im), 0),
};

/** Value of an expression when symbols are phasors; real functions are applied to real parts. */
export function evaluateComplex(e: Expr, lookup: (name: string) => Complex): Complex {
  if (e.op === 'const') return complex(e.value, 0);
  if (e.op === 'sym') return lookup(e.name);
  const args = e.args.map((a) => evaluateComplex(a, lookup));
  const rule = meaning[e.op];
  return rule
    ? rule(args[0], args[1])
    : complex(
        apply(
          e.op,
          args.map((a) => a.re),
        ),
        0,
      );
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
