// The functions and constants an expression may name, each as arithmetic of the closed list of operators.
import { call, constant, mul, pow, select, square, zero } from './build.js';
import type { Expr, Operator } from './expression.js';

export interface Builtin {
  readonly least: number;
  /** Largest number of arguments. */
  readonly most: number;
  make(args: readonly Expr[]): Expr;
}

const unary = (op: Operator): Builtin => ({ least: 1, most: 1, make: ([a]) => call(op, a) });
const binary = (op: Operator): Builtin => ({ least: 2, most: 2, make: ([a, b]) => call(op, a, b) });
const chain = (op: Operator): Builtin => ({
  least: 2,
  most: 64,
  make: (args) => args.reduce((a, b) => call(op, a, b)),
});
const conditional: Builtin = { least: 3, most: 3, make: ([a, b, c]) => select(a, b, c) };
const clamp = (a: Expr, low: Expr, high: Expr): Expr => call('max', low, call('min', a, high));
/** sgn(a)·|a|ᵇ */
const signedPower: Builtin = {
  least: 2,
  most: 2,
  make: ([a, b]) => mul(call('sgn', a), pow(call('abs', a), b)),
};

/**
 * By lower-case name, with the meanings of ngspice: `log` is the natural logarithm; `int` cuts towards zero, `nint` rounds halves to
 * the even number. `round`, of LTspice, rounds them away from zero, and `trunc` is `int`.
 */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['abs', unary('abs')],
  ['sqrt', unary('sqrt')],
  ['exp', unary('exp')],
  ['limexp', unary('limexp')],
  ['ln', unary('log')],
  ['log', unary('log')],
  ['log10', unary('log10')],
  ['sin', unary('sin')],
  ['cos', unary('cos')],
  ['tan', unary('tan')],
  ['asin', unary('asin')],
  ['acos', unary('acos')],
  ['atan', unary('atan')],
  ['arcsin', unary('asin')],
  ['arccos', unary('acos')],
  ['arctan', unary('atan')],
  ['sinh', unary('sinh')],
  ['cosh', unary('cosh')],
  ['tanh', unary('tanh')],
  ['asinh', unary('asinh')],
  ['acosh', unary('acosh')],
  ['atanh', unary('atanh')],
  ['sgn', unary('sgn')],
  ['sign', unary('sgn')],
  ['int', unary('trunc')],
  ['trunc', unary('trunc')],
  ['floor', unary('floor')],
  ['ceil', unary('ceil')],
  ['nint', unary('nint')],
  ['round', unary('round')],
  ['atan2', binary('atan2')],
  ['hypot', binary('hypot')],
  ['mod', binary('mod')],
  ['fmod', binary('mod')],
  ['min', chain('min')],
  ['max', chain('max')],
  ['pow', { least: 2, most: 2, make: ([a, b]) => pow(a, b) }],
  ['pwr', signedPower],
  ['pwrs', signedPower],
  ['sqr', { least: 1, most: 1, make: ([a]) => square(a) }],
  ['if', conditional],
  ['ternary_fcn', conditional],
  ['limit', { least: 3, most: 3, make: ([a, b, c]) => clamp(a, call('min', b, c), call('max', b, c)) }],
  ['uramp', { least: 1, most: 1, make: ([a]) => call('max', a, zero) }],
  ['u2', { least: 1, most: 1, make: ([a]) => clamp(a, zero, constant(1)) }],
  [
    'u',
    {
      least: 1,
      most: 1,
      make: ([a]) =>
        select(call('gt', a, zero), constant(1), select(call('eq', a, zero), constant(0.5), zero)),
    },
  ],
  ['stp', { least: 1, most: 1, make: ([a]) => call('gt', a, zero) }],
  ['eq0', { least: 1, most: 1, make: ([a]) => call('eq', a, zero) }],
  ['ne0', { least: 1, most: 1, make: ([a]) => call('ne', a, zero) }],
  ['gt0', { least: 1, most: 1, make: ([a]) => call('gt', a, zero) }],
  ['lt0', { least: 1, most: 1, make: ([a]) => call('lt', a, zero) }],
  ['ge0', { least: 1, most: 1, make: ([a]) => call('ge', a, zero) }],
  ['le0', { least: 1, most: 1, make: ([a]) => call('le', a, zero) }],
]);

/** Constants by name, in SI units (exact values of 2019); a parameter of the same name takes precedence. */
export const constants: ReadonlyMap<string, Expr> = new Map([
  ['pi', constant(Math.PI)],
  ['e', constant(Math.E)],
  ['echarge', constant(1.602176634e-19)],
  ['boltz', constant(1.380649e-23)],
  ['planck', constant(6.62607015e-34)],
  ['c', constant(299792458)],
  ['kelvin', constant(-273.15)],
  ['true', constant(1)],
  ['false', constant(0)],
  ['yes', constant(1)],
  ['no', constant(0)],
]);
