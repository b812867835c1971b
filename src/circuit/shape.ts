// Behavioural expressions of many elements, V(v1)^3/3 − V(v1), V(v2)^3/3 − V(v2), …, have one shape:
// references and numbers are lifted out, so that all of them share one loop.
import { symbol } from '../expression/build.js';
import type { Expr, Operator } from '../expression/expression.js';
import type { Element, Value } from './circuit.js';

export interface Shape {
  /** Same key, same expression. */
  readonly key: string;
  /** By parameter name: over `r:k` (references), `p:#k` (lifted values) and `time`. */
  expressions(): Readonly<Record<string, Expr>>;
  /** `v(node)` or `i(element)`, in order of appearance. */
  readonly references: readonly string[];
  /** What was lifted: numbers, and expressions of global parameters. */
  readonly lifted: readonly Value[];
}

const none: Shape = { key: '', expressions: () => ({}), references: [], lifted: [] };

const isReference = (name: string): boolean =>
  name.endsWith(')') && (name.startsWith('v(') || name.startsWith('i('));

/** Small integers stay where they are (x², x³, 1/3 keep their exact arithmetic); other numbers are lifted. */
const stays = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= 8;

export const shapeOf = ({ expressions }: Pick<Element, 'expressions'>): Shape =>
  expressions === undefined ? none : shapeOfExpressions(expressions, isReference);

/** The shape of an element's expressions; of the voltages at its own pins, when those are named, instead of its references. */
export interface Form {
  readonly shape: Shape;
  readonly pins?: readonly number[];
}

/** Forms of a list's elements by their numbers, as far as somebody has found them. */
export type Forms = Map<number, Form>;

const known = new WeakMap<readonly Element[], Forms>();

/** Kept for a list of elements: nobody need take its expressions apart again. */
export function formsOf(elements: readonly Element[]): Forms {
  let forms = known.get(elements);
  if (forms === undefined) known.set(elements, (forms = new Map()));
  return forms;
}

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
  const { made, references, lifted } = takeApart(given, isReference, KEY);
  return {
    key: made.map(([name, key]) => `${name}=${key}`).join(';'),
    expressions: () => Object.fromEntries(takeApart(given, isReference, EXPRESSION).made),
    references,
    lifted,
  };
}

function takeApart<T>(
  given: Readonly<Record<string, Expr>>,
  isReference: (name: string) => boolean,
  { constant, lifted: liftedAs, reference, time, call }: Making<T>,
): {
  readonly made: readonly (readonly [string, T])[];
  readonly references: readonly string[];
  readonly lifted: readonly Value[];
} {
  const references: string[] = [];
  const lifted: Value[] = [];
  const walked = new Map<Expr, T | undefined>();
  const still = new Map<Expr, T>();
  /** Undefined for what does not move: the largest such parts are lifted whole. */
  const walk = (e: Expr): T | undefined => {
    if (e.op === 'const') return undefined;
    if (e.op === 'sym') {
      if (e.name === 'time') return time(e);
      if (!isReference(e.name)) return undefined;
      const k = references.indexOf(e.name);
      return reference(k < 0 ? references.push(e.name) - 1 : k);
    }
    if (walked.has(e)) return walked.get(e);
    const { op, args } = e;
    const made: (T | undefined)[] = [];
    let moves = false;
    for (let k = 0; k < args.length; k++) {
      const part = walk(args[k]);
      made.push(part);
      moves ||= part !== undefined;
    }
    const result = moves
      ? call(
          op,
          made.map((part, k) => part ?? lift(args[k])),
        )
      : undefined;
    walked.set(e, result);
    return result;
  };
  const lift = (e: Expr): T => {
    if (e.op === 'const') return stays(e.value) ? constant(e) : liftedAs(lifted.push(e.value) - 1);
    let result = still.get(e);
    if (result === undefined) still.set(e, (result = liftedAs(lifted.push(e) - 1)));
    return result;
  };
  return {
    made: Object.entries(given).map(([name, e]) => [name, walk(e) ?? lift(e)] as const),
    references,
    lifted,
  };
}
