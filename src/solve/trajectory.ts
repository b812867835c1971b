// The points of a tape for one choice of parameters: kept whole, or, when they would be too many numbers, kept where
// √K blocks begin and solved again block by block.

import type { System } from '../circuit/system.js';
import { createState, type State } from './history.js';
import type { SolveOptions } from './options.js';
import { createReplay, type Replay } from './replay.js';
import { blankPiece, blankRelation, type Tape } from './tape.js';
import type { Workspace } from './workspace.js';

export interface Trajectory {
  readonly replay: Replay;
  /** The point at a place of the tape; valid until a point of an earlier block is asked for. */
  state(place: number): State;
  /** Gives its memory back: no point of it may be read any more. */
  release(): void;
}

/** Numbers that one memory can hold. */
const MOST = 2 ** 28;

/**
 * Solves every relation once, in order; with `capacity` (numbers) below what all points would fill, points are solved
 * for a second time as they are asked for, which is cheap from the last place to the first.
 *
 * @throws SimulationError as `Replay.solve`.
 */
export function createTrajectory(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  capacity: number,
): Trajectory {
  const { size, charges } = system;
  const count = tape.count;
  const whole = count * (size + charges) <= Math.min(capacity, MOST);
  const length = whole ? count : Math.max(tape.reach, Math.ceil(Math.sqrt(count)));
  const needed = whole ? [] : needs();
  const replay = createReplay(
    system,
    tape,
    options,
    workspace,
    needed.reduce((sum, places) => sum + places.size, Math.min(count, length)),
  );
  const { arena } = replay;
  const states = Array.from({ length: Math.min(count, length) }, () => createState(size, charges, arena));
  /** What the relations and pieces of a block take from the block before. */
  const entries: Map<number, State>[] = [];
  let block = -1;

  for (let b = 0; b * length < count; b++) {
    const kept = new Map<number, State>();
    for (const place of needed[b] ?? []) {
      const copy = createState(size, charges, arena);
      copy.y.set(states[place - (b - 1) * length].y);
      kept.set(place, copy);
    }
    entries.push(kept);
    solveBlock(b);
  }
  return {
    replay,
    release: () => workspace.pool.giveBack(arena.region),
    state(place) {
      const b = Math.floor(place / length);
      if (b === block) return states[place - b * length];
      const kept = entries[block].get(place);
      if (kept) return kept;
      solveBlock(b);
      return states[place - b * length];
    },
  };

  function solveBlock(b: number): void {
    const first = b * length;
    const end = Math.min(count, first + length);
    const kept = entries[b];
    const earlier = (place: number): State => (place < first ? kept.get(place)! : states[place - first]);
    for (let k = first; k < end; k++) replay.solve(k, states[k - first], earlier);
    block = b;
  }

  function needs(): Set<number>[] {
    const sets = Array.from({ length: Math.ceil(count / length) }, () => new Set<number>());
    const take = (by: number, places: Int32Array, many: number) => {
      const b = Math.floor(by / length);
      for (let j = 0; j < many; j++) if (places[j] < b * length) sets[b].add(places[j]);
    };
    const relation = blankRelation();
    for (let k = 0; k < count; k++) {
      tape.relation(k, relation);
      take(k, relation.from, relation.count);
    }
    const piece = blankPiece();
    for (let p = 0; p < tape.pieces; p++) {
      tape.piece(p, piece);
      take(piece.through[0], piece.through, piece.count);
    }
    return sets;
  }
}
