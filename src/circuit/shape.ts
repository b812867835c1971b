// Behavioural expressions of many elements, V(v1)^3/3 − V(v1), V(v2)^3/3 − V(v2), …, have one shape:
// references and numbers are lifted out, so that all of them share one loop.
import { symbol } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import type { Element, Value } from './circuit.js';

export interface Shape {
  /** Same key, same expression. */
  readonly key: string;
  /** By parameter name: over `r:k` (references), `p:#k` (lifted values) and `time`. */
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

/** @param isReference which symbols are read from outside, anew at every point */
export function shapeOfExpressions(
  given: Readonly<Record<string, Expr>>,
  isReference: (name: string) => boolean,
): Shape {
  const moves = mentions((name) => name === 'time' || isReference(name));
  const references: string[] = [];
  const lifted: Value[] = [];
  const keys: string[] = [];
  const done = new Map<Expr, { expr: Expr; key: string }>();
  const lift = (value: Value): { expr: Expr; key: string } => {
    lifted.push(value);
    const name = `#${lifted.length - 1}`;
    return { expr: symbol(`p:${name}`), key: name };
  };
  const walk = (e: Expr): { expr: Expr; key: string } => {
    if (e.op === 'const') return stays(e.value) ? { expr: e, key: `${e.value}` } : lift(e.value);
    let result = done.get(e);
    if (result !== undefined) return result;
    if (!moves(e)) result = lift(e);
    else if (e.op === 'sym') {
      if (e.name === 'time') result = { expr: e, key: 'time' };
      else {
        let k = references.indexOf(e.name);
        if (k < 0) k = references.push(e.name) - 1;
        result = { expr: symbol(`r:${k}`), key: `r${k}` };
      }
    } else {
      const args = e.args.map(walk);
      result = {
        expr: { op: e.op, args: args.map((a) => a.expr) },
        key: `${e.op}(${args.map((a) => a.key).join()})`,
      };
    }
    done.set(e, result);
    return result;
  };
  const expressions: Record<string, Expr> = {};
  for (const [name, e] of Object.entries(given)) {
    const { expr, key } = walk(e);
    expressions[name] = expr;
    keys.push(`${name}=${key}`);
  }
  return { key: keys.join(';'), expressions, references, lifted };
}
