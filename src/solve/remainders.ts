// What Newton's method has left over at the points of a tape. It is frozen with the grid: with other parameters, too, the
// residuals of the steps are these.
import { createArena } from '../math/vectors.js';
import { createState, DEPTH } from './history.js';
import { createInputs } from './inputs.js';
import type { SolveOptions } from './options.js';
import { blankRelation } from './relation.js';
import { createRelations, RELATION_VECTORS } from './relations.js';
import type { Tape } from './tape.js';
import { createLinearisation, type Workspace } from './workspace.js';

export interface Remainders {
  /**
   * The residual (length n) of the relation at the next place, for places from the first on; undefined where points are
   * solved to rounding. Valid until the next call.
   */
  next(): Float64Array | undefined;
  /** Gives its memory back. */
  release(): void;
}

/** Of the parameters for which the tape was recorded. */
export function createRemainders(tape: Tape, options: SolveOptions, workspace: Workspace): Remainders {
  const { system } = tape;
  const { n, size, charges } = system;
  const depth = tape.reach + 1;
  const arena = createArena(
    n,
    size + charges,
    RELATION_VECTORS + depth + 1,
    DEPTH,
    system.linearRows,
    workspace.pool,
  );
  const lin = createLinearisation(system, workspace, arena);
  const relations = createRelations(tape, options, system, createInputs(system), lin, arena);
  const ring = Array.from({ length: depth }, () => createState(size, charges, arena));
  const at = (place: number) => ring[place % depth];
  const relation = blankRelation();
  const remainder = new Float64Array(n);
  let place = 0;
  return {
    next() {
      tape.relation(place, relation);
      const { kind, t, count, from, share } = relation;
      const y = at(place++);
      tape.point(relation.place, y.x);
      const named = Array.from({ length: count }, (_, j) => at(from[j]));
      if (kind === 'mix') {
        relations.combine(count, share, named, y);
        return undefined;
      }
      if (kind === 'step' || kind === 'trapezoid') {
        relations.remainder(relation, y, named, remainder);
        return remainder;
      }
      if (charges > 0) system.evaluateCharges(y.x, t, y.q);
      return undefined;
    },
    release: () => workspace.pool.giveBack(arena.region),
  };
}
