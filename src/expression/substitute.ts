// Replacing symbols, and lifting what is constant during a run out of what is not.
import { rebuild } from './build.js';
import type { Expr } from './expression.js';

/** A function that replaces symbols (undefined: keep), remembering shared nodes. */
export function substituter(replace: (name: string) => Expr | undefined): (e: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const go = (e: Expr): Expr => {
    if (e.op === 'const') return e;
    let result = done.get(e);
    if (result === undefined) {
      if (e.op === 'sym') result = replace(e.name) ?? e;
      else {
        const args = e.args.map(go);
        result = args.every((a, k) => a === e.args[k]) ? e : rebuild(e.op, args);
      }
      done.set(e, result);
    }
    return result;
  };
  return go;
}

/** A function that replaces every maximal subexpression for which `fixed` holds (constants apart) by `stand(e)`. */
export function lifter(fixed: (e: Expr) => boolean, stand: (e: Expr) => Expr): (e: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const go = (e: Expr): Expr => {
    if (e.op === 'const') return e;
    let result = done.get(e);
    if (result === undefined) {
      if (fixed(e)) result = stand(e);
      else result = e.op === 'sym' ? e : rebuild(e.op, e.args.map(go));
      done.set(e, result);
    }
    return result;
  };
  return go;
}
