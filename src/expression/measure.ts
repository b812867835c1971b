// How large an expression is when written out as a tree, and how deep: a shared subexpression counts every time
// it is used. Without recursion, so that any expression can be measured.
import type { Expr } from './expression.js';

export interface Extent {
  /** Nodes of the written-out tree. */
  readonly size: number;
  /** Longest path from the root to a leaf. */
  readonly depth: number;
}

const leaf: Extent = { size: 1, depth: 1 };

const SMALL_SIZE = 256;
const SMALL_DEPTH = 32;

/** Whether the written-out tree has at most 256 nodes and 32 levels: true of nearly all, and quickly told. */
export const isSmall = (e: Expr): boolean => rest(e, SMALL_SIZE, SMALL_DEPTH) >= 0;

/** What remains of a budget of nodes after this tree, or −1. */
function rest(e: Expr, budget: number, levels: number): number {
  if (levels === 0) return -1;
  let left = budget - 1;
  if (e.op === 'const' || e.op === 'sym') return left;
  for (let k = 0; k < e.args.length && left >= 0; k++) left = rest(e.args[k], left, levels - 1);
  return left;
}

/** A function that measures, remembering nodes it has seen. */
export function measurer(): (e: Expr) => Extent {
  const known = new WeakMap<Expr, Extent>();
  const of = (e: Expr): Extent | undefined => (e.op === 'const' || e.op === 'sym' ? leaf : known.get(e));
  return (root) => {
    const stack = [root];
    while (stack.length > 0) {
      const e = stack[stack.length - 1];
      if (e.op === 'const' || e.op === 'sym' || known.has(e)) {
        stack.pop();
        continue;
      }
      let size = 1;
      let depth = 0;
      let complete = true;
      for (const a of e.args) {
        const extent = of(a);
        if (extent === undefined) {
          stack.push(a);
          complete = false;
        } else {
          size += extent.size;
          depth = Math.max(depth, extent.depth);
        }
      }
      if (complete) known.set(stack.pop()!, { size, depth: depth + 1 });
    }
    return of(root)!;
  };
}
