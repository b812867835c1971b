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
