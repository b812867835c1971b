// The points of a tape for one choice of parameters: those of the tape itself where it was recorded for them, else solved
// anew and kept whole, or, when they would be too many numbers, kept where √K blocks begin and solved block by block.

import type { System } from '../circuit/system.js';
import { createVectors } from '../math/growing.js';
import { createState, type State } from './history.js';
import type { SolveOptions } from './options.js';
import { createReplay, type Replay } from './replay.js';
import { blankPiece, blankRelation, type Tape } from './tape.js';
import type { Workspace } from './workspace.js';

export interface Trajectory {
  readonly replay: Replay;
  /** x (length size) of the point at a place of the tape; valid until a point is asked for that is `tape.reach` away. */
  point(place: number): Float64Array;
  /** Largest last correction of Newton's method, in units of the tolerances. */
  residual(): number;
  /** Gives its memory back: no point of it may be read any more. */
  release(): void;
}

/** Numbers that one memory can hold. */
const MOST = 2 ** 28;

/**
 * With `capacity` (numbers) below what all points would fill, points are solved for a second time as they are asked for,
 * which is cheap from the last place to the first.
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
  if (tape.system === system && tape.keepsPoints && tape.solved) return recorded(tape, options, workspace);
  const whole = tape.count * (system.size + system.charges) <= Math.min(capacity, MOST);
  return (whole ? solvedOnce : solvedAgain)(system, tape, options, workspace);
}

/** The points that the tape keeps. */
function recorded(tape: Tape, options: SolveOptions, workspace: Workspace): Trajectory {
  const { system } = tape;
  const replay = createReplay(system, tape, options, workspace, 0);
  const point = window(tape.reach, system.size, (place, x) => tape.point(place, x));
  const last = system.delays.length > 0 ? tape.count : 1;
  for (let k = 0; k < last; k++) replay.adopt(k, point(k));
  return {
    replay,
    point,
    residual: () => tape.residual,
    release: () => workspace.pool.giveBack(replay.arena.region),
  };
}

/** Every relation solved in order, every point kept. */
function solvedOnce(system: System, tape: Tape, options: SolveOptions, workspace: Workspace): Trajectory {
  const { size, charges } = system;
  const depth = tape.reach + 1;
  const replay = createReplay(system, tape, options, workspace, depth);
  const { arena, relations } = replay;
  const ring = Array.from({ length: depth }, () => createState(size, charges, arena));
  const points = createVectors(size, workspace.pool);
  for (let k = 0; k < tape.count; k++) {
    const y = ring[k % depth];
    replay.solve(k, y, (place) => ring[place % depth]);
    points.push(y.x);
  }
  return {
    replay,
    point: window(tape.reach, size, (place, x) => points.read(place, x)),
    residual: relations.residual,
    release() {
      points.release();
      workspace.pool.giveBack(arena.region);
    },
  };
}

/** Points of one block, and of each block what the next takes from it. */
function solvedAgain(system: System, tape: Tape, options: SolveOptions, workspace: Workspace): Trajectory {
  const { size, charges } = system;
  const { count } = tape;
  const length = Math.max(tape.reach, Math.ceil(Math.sqrt(count)));
  const needed = needs(tape, length);
  const replay = createReplay(
    system,
    tape,
    options,
    workspace,
    needed.reduce((sum, places) => sum + places.size, Math.min(count, length)),
  );
  const { arena, relations } = replay;
  const states = Array.from({ length: Math.min(count, length) }, () => createState(size, charges, arena));
  /** What the relations and pieces of a block take from the block before. */
  const entries: Map<number, State>[] = [];
  let block = -1;

  for (let b = 0; b * length < count; b++) {
    const kept = new Map<number, State>();
    for (const place of needed[b]) {
      const copy = createState(size, charges, arena);
      copy.y.set(states[place - (b - 1) * length].y);
      kept.set(place, copy);
    }
    entries.push(kept);
    solveBlock(b);
  }
  return {
    replay,
    residual: relations.residual,
    release: () => workspace.pool.giveBack(arena.region),
    point(place) {
      const b = Math.floor(place / length);
      if (b !== block) {
        const kept = entries[block].get(place);
        if (kept) return kept.x;
        solveBlock(b);
      }
      return states[place - b * length].x;
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
}

/** By block of `length` places: the points of the block before that its relations and pieces name. */
function needs(tape: Tape, length: number): Set<number>[] {
  const sets = Array.from({ length: Math.ceil(tape.count / length) }, () => new Set<number>());
  const take = (by: number, places: Int32Array, count: number): void => {
    const b = Math.floor(by / length);
    for (let j = 0; j < count; j++) if (places[j] < b * length) sets[b].add(places[j]);
  };
  const relation = blankRelation();
  for (let k = 0; k < tape.count; k++) {
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

/** Copies of points that are read where `read` has them, each made once while the places asked for move along. */
function window(
  reach: number,
  size: number,
  read: (place: number, x: Float64Array) => void,
): (place: number) => Float64Array {
  const depth = 2 ** Math.ceil(Math.log2(reach + 1));
  const copies = Array.from({ length: depth }, () => new Float64Array(size));
  const held = new Int32Array(depth).fill(-1);
  return (place) => {
    const slot = place & (depth - 1);
    if (held[slot] !== place) {
      read(place, copies[slot]);
      held[slot] = place;
    }
    return copies[slot];
  };
}
