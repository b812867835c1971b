// e = Σ coefficient·local + constant + rest, where coefficients and the constant are free of locals and time.
import { add, div, mul, neg, zero } from './build.js';
import type { Expr } from './expression.js';

export interface Split {
  /** Local symbol → coefficient. */
  readonly linear: Map<string, Expr>;
  readonly constant: Expr;
  /** What is nonlinear in the locals, or depends on time. */
  readonly rest: Expr;
}

/** A predicate that tells, remembering nodes, whether an expression mentions a symbol for which `varies` holds. */
export function mentions(varies: (name: string) => boolean): (e: Expr) => boolean {
  const known = new Map<Expr, boolean>();
  const test = (e: Expr): boolean => {
    if (e.op === 'const') return false;
    if (e.op === 'sym') return varies(e.name);
    let answer = known.get(e);
    if (answer === undefined) known.set(e, (answer = e.args.some(test)));
    return answer;
  };
  return test;
}

/**
 * Splits a sum into what is linear in the locals, what is constant and what remains.
 * @param isLocal which symbols are locals; every symbol that `varies` but is not local (time, junction) is left in the rest.
 */
export function split(e: Expr, isLocal: (name: string) => boolean, varies: (e: Expr) => boolean): Split {
  const linear = new Map<string, Expr>();
  let constant: Expr = zero;
  let rest: Expr = zero;
  const walk = (term: Expr, scale: (e: Expr) => Expr): void => {
    if (!varies(term)) {
      constant = add(constant, scale(term));
    } else if (term.op === 'sym' && isLocal(term.name)) {
      linear.set(term.name, add(linear.get(term.name) ?? zero, scale(ONE)));
    } else if (term.op === 'add' || term.op === 'sub') {
      walk(term.args[0], scale);
      walk(term.args[1], term.op === 'add' ? scale : (x) => neg(scale(x)));
    } else if (term.op === 'neg') {
      walk(term.args[0], (x) => neg(scale(x)));
    } else if (term.op === 'mul' && !varies(term.args[0]) && splits(term.args[1], isLocal)) {
      const factor = term.args[0];
      walk(term.args[1], (x) => mul(scale(factor), x));
    } else if (term.op === 'mul' && !varies(term.args[1]) && splits(term.args[0], isLocal)) {
      const factor = term.args[1];
      walk(term.args[0], (x) => mul(scale(factor), x));
    } else if (term.op === 'div' && !varies(term.args[1]) && splits(term.args[0], isLocal)) {
      const divisor = term.args[1];
      walk(term.args[0], (x) => div(scale(x), divisor));
    } else {
      rest = add(rest, scale(term));
    }
  };
  walk(e, (x) => x);
  return { linear, constant, rest };
}

const ONE: Expr = { op: 'const', value: 1 };

function splits(e: Expr, isLocal: (name: string) => boolean): boolean {
  switch (e.op) {
    case 'sym':
      return isLocal(e.name);
    case 'add':
    case 'sub':
      return true;
    case 'neg':
      return splits(e.args[0], isLocal);
    case 'mul':
    case 'div':
      return splits(e.args[0], isLocal) || splits(e.args[1], isLocal);
    default:
      return false;
  }
}
