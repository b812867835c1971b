// Scalar expressions as immutable data: constants, symbols, and calls of a closed list of functions.
// Nothing but arithmetic can be reached from one.

/** The closed list of functions, with how many arguments each takes. Angles in radians. */
export const arity = {
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  pow: 2,
  mod: 2,
  atan2: 2,
  min: 2,
  max: 2,
  hypot: 2,
  neg: 1,
  abs: 1,
  sgn: 1,
  sqrt: 1,
  exp: 1,
  log: 1,
  log10: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  asinh: 1,
  acosh: 1,
  atanh: 1,
  floor: 1,
  ceil: 1,
  /** Nearest whole number: halves to the even one (nint), or away from zero (round). */
  nint: 1,
  round: 1,
  trunc: 1,
  /** exp continued linearly, C¹, above x = 80; limexp1 is its derivative. */
  limexp: 1,
  limexp1: 1,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  eq: 2,
  ne: 2,
  and: 2,
  or: 2,
  not: 1,
  /** select(condition, then, else): condition is true when non-zero; only one branch's value is used. */
  select: 3,
} as const;

/** Name of a function of the list. */
export type Operator = keyof typeof arity;

/** A number. */
export interface Const {
  readonly op: 'const';
  readonly value: number;
}
/** What an environment gives a value: a voltage, a current, a parameter, time. */
export interface Sym {
  readonly op: 'sym';
  readonly name: string;
}
/** A function of the list, with as many arguments as it takes. */
export interface Call {
  readonly op: Operator;
  readonly args: readonly Expr[];
}
/** An expression as data. */
export type Expr = Const | Sym | Call;

export const constant = (value: number): Const => ({ op: 'const', value });
export const symbol = (name: string): Sym => ({ op: 'sym', name });
