// f, q, G and C at x: the linear part, folded, plus the laws of all groups. In a large system kernels add up what they
// can; elsewhere, and for what they cannot, loops do.
import { createPool } from '../math/pool.js';
import { addProduct, type Rows } from '../math/rows.js';
import type { Straight } from '../math/straight.js';
import { type Arena, createArena } from '../math/vectors.js';
import type { BoundGroup } from './bind.js';
import type { Loop } from './loops.js';
import { jacobianOf, partsOf } from './straight.js';
import { oncePerStructure, type Structure } from './structure.js';
import type { Nonlinear, System } from './system.js';

/** The linear part of f in rows < n, and of G and C by slots. */
export interface LinearPart {
  readonly rows: Rows;
  readonly G: Float64Array;
  readonly C: Float64Array;
}

/** From so many unknowns on kernels are sooner done than loops that nothing has made fast yet. */
const LARGE = 200;

const NONE = new Float64Array(0);

export function makeEvaluation(
  structure: Structure,
  linear: LinearPart,
  groups: readonly BoundGroup[],
): Pick<System, 'addNonlinear' | 'evaluate'> {
  const { n, size } = structure.layout;
  const { slots } = structure.assembly;
  const straight = groups.map((bound) => (n < LARGE ? undefined : jacobianOf(bound, size)));
  const laws = straight.filter((law) => law !== undefined);
  const byKernels = laws.length > 0;
  const others = groups.filter((_, k) => straight[k] === undefined);
  const residuals: Loop[] = others.map(({ group, block }) => group.loops.residual(block));
  const jacobians: Loop[] = others.map(({ group, block }) => group.loops.jacobian(block));
  const extended: Loop[] = others.map(({ group, block }) => group.loops.limited(block));
  const deskFor = deskOf(structure);
  const desk = (): Desk => deskFor(linear.rows, laws, size, slots);

  /** What loops add; without laws on the desk G and C are filled, too. */
  const addLoops: Nonlinear = (x, t, f, q, G, C, limited) => {
    if (G === undefined || C === undefined) {
      for (let k = 0; k < residuals.length; k++) residuals[k](x, t, f, q, NONE, NONE, NONE);
      return;
    }
    if (!byKernels) G.set(linear.G);
    C.set(linear.C);
    const loops = limited === undefined ? jacobians : extended;
    for (let k = 0; k < loops.length; k++) loops[k](x, t, f, q, G, C, limited ?? NONE);
  };
  const addAll: Nonlinear = (x, t, f, q, G, C, limited) => {
    desk().f.set(f.length === size ? f : f.subarray(0, size));
    addLaws(desk(), x, t, f, G);
    addLoops(x, t, f, q, G, C, limited);
  };
  const addNonlinear = byKernels ? addAll : addLoops;

  /** f := the sum on the desk plus the laws there; G whole. */
  function addLaws(
    { arena, x: at, f: sum, both, G: matrix }: Desk,
    x: Float64Array,
    t: number,
    f: Float64Array,
    G?: Float64Array,
  ): void {
    at.set(x);
    if (G) matrix.set(linear.G);
    arena.addStraight(at, t, both);
    f.set(sum);
    G?.set(matrix);
  }

  return {
    addNonlinear: Object.assign(addNonlinear, { parts: partsOf(groups, n) }),
    evaluate(x, t, f, q, G, C, limited) {
      if (byKernels) {
        const { arena, x: at, still, f: sum, both } = desk();
        at.set(x);
        arena.linearResidual(at, at, still, 0, both);
        sum.fill(0, n);
        addLaws(desk(), x, t, f, G);
      } else {
        f.fill(0);
        addProduct(linear.rows, x, f);
      }
      addLoops(x, t, f, q, G, C, limited);
    },
  };
}

/** Where kernels evaluate: x, its rate, which is zero, and f with G behind it. */
interface Desk {
  readonly arena: Arena;
  readonly x: Float64Array;
  readonly still: Float64Array;
  readonly both: Float64Array;
  readonly f: Float64Array;
  readonly G: Float64Array;
}

/** One desk for all systems of a structure, laid for the one that was there last. */
const deskOf = oncePerStructure(() => {
  const pool = createPool();
  let desk: (Desk & { readonly laws: readonly Straight[] }) | undefined;
  return (rows: Rows, laws: readonly Straight[], size: number, slots: number): Desk => {
    if (desk?.laws === laws) return desk;
    if (desk) pool.giveBack(desk.arena.region);
    const n = rows.start.length - 1;
    const none: Rows = { start: new Int32Array(n + 1), column: new Int32Array(0), value: NONE };
    const arena = createArena(n, size + slots, 3, 1, { G: rows, C: none }, pool, laws);
    const [x, still, both] = [arena.vector(), arena.vector(), arena.vector()];
    desk = { laws, arena, x, still, both, f: both.subarray(0, size), G: both.subarray(size) };
    return desk;
  };
});
