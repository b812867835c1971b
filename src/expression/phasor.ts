// Expressions of phasors as expressions of real numbers: v(a) = vr(a) + j·vi(a), and every function by its parts.
import { add, call, constant, div, exp, log, mul, neg, rebuild, square, sub, symbol, zero } from './build.js';
import type { Expr, Operator } from './expression.js';

/** `vdb(a,b)` taken apart: which base signals it is the difference of, and which part of the phasor it is. */
export interface Reading {
  readonly part: '' | 'm' | 'p' | 'r' | 'i' | 'db';
  readonly plus: string;
  readonly minus?: string;
}

/** Undefined for what is no signal. */
export function readingOf(name: string): Reading | undefined {
  const match = /^([viw])(m|p|r|i|db)?\(([^(),]+)(?:,([^(),]+))?\)$/.exec(name);
  if (!match) return undefined;
  const [, letter, part = '', plus, minus] = match;
  return {
    part: part as Reading['part'],
    plus: `${letter}(${plus.trim()})`,
    ...(minus === undefined ? {} : { minus: `${letter}(${minus.trim()})` }),
  };
}

/** Why an expression of phasors is no real number. */
export interface Unreal {
  readonly code: 'no-phasor-function' | 'complex-value';
  readonly message: string;
  readonly hint: string;
}

const PARTS = 'vm(), vdb(), vp(), vr() or vi()';

/**
 * An expression that is real whatever its phasors are, over the real symbols `vr(a)`, `vi(a)`, `ir(v1)`, `ii(v1)` and
 * whatever symbols are no signals.
 */
export function realised(e: Expr): Expr | Unreal {
  const reader = makeReader();
  const [re, im] = reader.parts(e);
  if (reader.offence !== undefined)
    return {
      code: 'no-phasor-function',
      message: `${reader.offence}() has no meaning for a phasor`,
      hint: `take a real part of each signal first: ${PARTS}`,
    };
  if (isZero(im)) return re;
  return {
    code: 'complex-value',
    message: 'this is a phasor, and what is wanted is a real number',
    hint: `write ${PARTS} for v(); abs(…) is the magnitude of any expression`,
  };
}

type Phasor = readonly [re: Expr, im: Expr];

const isZero = (e: Expr): boolean => e.op === 'const' && e.value === 0;
const real = (e: Expr): Phasor => [e, zero];
const size = ([a, b]: Phasor): Expr => (isZero(b) ? call('abs', a) : call('hypot', a, b));
const angle = ([a, b]: Phasor): Expr => call('atan2', b, a);

function makeReader(): { parts(e: Expr): Phasor; readonly offence: Operator | undefined } {
  const known = new Map<Expr, Phasor>();
  const reader = {
    offence: undefined as Operator | undefined,
    parts(e: Expr): Phasor {
      if (e.op === 'const') return real(e);
      let found = known.get(e);
      if (found === undefined) {
        found = e.op === 'sym' ? partsOf(e.name) : combined(e.op, e.args.map(reader.parts));
        known.set(e, found);
      }
      return found;
    },
  };
  return reader;

  function combined(op: Operator, args: readonly Phasor[]): Phasor {
    if (args.every(([, im]) => isZero(im))) {
      return real(
        rebuild(
          op,
          args.map(([re]) => re),
        ),
      );
    }
    const rule = meaning[op];
    if (rule !== undefined) return rule(args[0], args[1]);
    reader.offence ??= op;
    return real(zero);
  }
}

/** The parts of a signal, or a number. */
function partsOf(name: string): Phasor {
  const reading = readingOf(name);
  if (reading === undefined) return real(symbol(name));
  const base = (signal: string): Phasor => {
    if (signal === 'v(0)') return real(zero);
    return [symbol(`${signal[0]}r${signal.slice(1)}`), symbol(`${signal[0]}i${signal.slice(1)}`)];
  };
  const plus = base(reading.plus);
  const whole = reading.minus === undefined ? plus : difference(plus, base(reading.minus));
  switch (reading.part) {
    case '':
      return whole;
    case 'r':
      return real(whole[0]);
    case 'i':
      return real(whole[1]);
    case 'm':
      return real(size(whole));
    case 'p':
      return real(angle(whole));
    case 'db':
      return real(mul(constant(20), call('log10', size(whole))));
  }
}

const difference = (a: Phasor, b: Phasor): Phasor => [sub(a[0], b[0]), sub(a[1], b[1])];

const product = (a: Phasor, b: Phasor): Phasor => [
  sub(mul(a[0], b[0]), mul(a[1], b[1])),
  add(mul(a[0], b[1]), mul(a[1], b[0])),
];

function quotient(a: Phasor, b: Phasor): Phasor {
  if (isZero(b[1])) return [div(a[0], b[0]), div(a[1], b[0])];
  const [re, im] = product(a, [b[0], neg(b[1])]);
  const scale = add(square(b[0]), square(b[1]));
  return [div(re, scale), div(im, scale)];
}

/** On the principal branch. */
const logarithm = (a: Phasor): Phasor => [log(size(a)), angle(a)];

const exponential = ([a, b]: Phasor): Phasor => {
  const scale = exp(a);
  return [mul(scale, call('cos', b)), mul(scale, call('sin', b))];
};

const powered = (a: Phasor, b: Phasor): Phasor => exponential(product(b, logarithm(a)));

const meaning: Partial<Record<Operator, (a: Phasor, b: Phasor) => Phasor>> = {
  add: (a, b) => [add(a[0], b[0]), add(a[1], b[1])],
  sub: difference,
  neg: ([a, b]) => [neg(a), neg(b)],
  mul: product,
  div: quotient,
  pow: powered,
  exp: exponential,
  log: logarithm,
  log10: (a) => quotient(logarithm(a), real(constant(Math.LN10))),
  sqrt: (a) => powered(a, real(constant(0.5))),
  abs: (a) => real(size(a)),
};
