// Behavioural expressions of many elements, V(v1)^3/3 − V(v1), V(v2)^3/3 − V(v2), …, have one shape:
// references and numbers are lifted out, so that all of them share one loop.
import { symbol } from '../expression/build.js';
import type { Expr, Operator } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import type { Element, Value } from './circuit.js';

export interface Shape {
  /** Same key, same expression. */
  readonly key: string;
  /** By parameter name: over `r:k` (references), `p:#k` (lifted values) and `time`; made when asked for. */
  readonly expressions: Readonly<Record<string, Expr>>;
  /** `v(node)` or `i(element)`, in order of appearance. */
  readonly references: readonly string[];
  /** What was lifted: numbers, and expressions of global parameters. */
  readonly lifted: readonly Value[];
}

const none: Shape = { key: '', expressions: {}, references: [], lifted: [] };

const isReference = (name: string): boolean =>
  name.endsWith(')') && (name.startsWith('v(') || name.startsWith('i('));

/** Small integers stay where they are (x², x³, 1/3 keep their exact arithmetic); other numbers are lifted. */
const stays = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= 8;

export const shapeOf = ({ expressions }: Element): Shape =>
  expressions === undefined ? none : shapeOfExpressions(expressions, isReference);

/** What a walk over an expression makes of its parts. */
interface Making<T> {
  constant(e: Expr & { readonly op: 'const' }): T;
  lifted(k: number): T;
  reference(k: number): T;
  time(e: Expr): T;
  call(op: Operator, args: readonly T[]): T;
}

const KEY: Making<string> = {
  constant: ({ value }) => `${value}`,
  lifted: (k) => `#${k}`,
  reference: (k) => `r${k}`,
  time: () => 'time',
  call: (op, args) => `${op}(${args.join()})`,
};

const EXPRESSION: Making<Expr> = {
  constant: (e) => e,
  lifted: (k) => symbol(`p:#${k}`),
  reference: (k) => symbol(`r:${k}`),
  time: (e) => e,
  call: (op, args) => ({ op, args }),
};

/** @param isReference which symbols are read from outside, anew at every point */
export function shapeOfExpressions(
  given: Readonly<Record<string, Expr>>,
  isReference: (name: string) => boolean,
): Shape {
  const { made, references, lifted } = lift(given, isReference, KEY);
  return {
    key: made.map(([name, key]) => `${name}=${key}`).join(';'),
    get expressions() {
      return Object.fromEntries(lift(given, isReference, EXPRESSION).made);
    },
    references,
    lifted,
  };
}

function lift<T>(
  given: Readonly<Record<string, Expr>>,
  isReference: (name: string) => boolean,
  { constant, lifted: liftedAs, reference, time, call }: Making<T>,
): {
  readonly made: readonly (readonly [string, T])[];
  readonly references: readonly string[];
  readonly lifted: readonly Value[];
} {
  const moves = mentions((name) => name === 'time' || isReference(name));
  const references: string[] = [];
  const lifted: Value[] = [];
  const done = new Map<Expr, T>();
  const walk = (e: Expr): T => {
    if (e.op === 'const') return stays(e.value) ? constant(e) : liftedAs(lifted.push(e.value) - 1);
    if (e.op === 'sym' && e.name === 'time') return time(e);
    if (e.op === 'sym' && isReference(e.name)) {
      const k = references.indexOf(e.name);
      return reference(k < 0 ? references.push(e.name) - 1 : k);
    }
    let result = done.get(e);
    if (result === undefined) {
      result = e.op !== 'sym' && moves(e) ? call(e.op, e.args.map(walk)) : liftedAs(lifted.push(e) - 1);
      done.set(e, result);
    }
    return result;
  };
  return { made: Object.entries(given).map(([name, e]) => [name, walk(e)] as const), references, lifted };
}
