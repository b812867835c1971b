// The points of a tape for one choice of parameters: those of the tape itself where it was recorded for them, else solved
// anew one after the other.
import type { System } from '../circuit/system.js';
import { createGrid, type Grid } from './grid.js';
import { createState } from './history.js';
import { createMovedTape } from './moved-tape.js';
import type { SolveOptions } from './options.js';
import { createRemainders } from './remainders.js';
import { createReplay, type Replay } from './replay.js';
import type { Tape } from './tape.js';
import type { Workspace } from './workspace.js';

export interface Trajectory {
  readonly replay: Replay;
  /**
   * x (length size) of the point at a place of the tape; valid until a point is asked for that is `tape.reach` away. For
   * parameters that are not the tape's, places can only be asked for from the first on.
   */
  point(place: number): Float64Array;
  /** Largest last correction of Newton's method, or what it left over, in units of the tolerances. */
  residual(): number;
  /** Gives its memory back: no point of it may be read any more. */
  release(): void;
}

/**
 * @param isFree which modes flip at instants that may move
 * @throws SimulationError as `Replay.solve`, from `point`.
 */
export function createTrajectory(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  isFree: (mode: number) => boolean = () => true,
): Trajectory {
  const grid = createGrid(tape, isFree);
  return (tape.system === system ? recorded : solvedAlong)(system, tape, options, workspace, grid);
}

/** The points of the tape. */
function recorded(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  grid: Grid,
): Trajectory {
  const replay = createReplay(system, tape, options, workspace, 0, grid);
  const point = window(tape.reach, system.size, (place, x) => tape.point(place, x));
  return {
    replay,
    point,
    residual: () => tape.residual,
    release: () => workspace.pool.giveBack(replay.arena.region),
  };
}

/**
 * Every relation solved in order, with the remainders of the tape, its point kept for as long as later ones name it. Where
 * a mode flips the signal is to be what it was on the tape.
 */
function solvedAlong(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  grid: Grid,
): Trajectory {
  const depth = tape.reach + 1;
  const moved = createMovedTape(tape, grid);
  const replay = createReplay(system, moved, options, workspace, depth, grid);
  const { arena, relations } = replay;
  const remainders = createRemainders(tape, options, workspace);
  const ring = Array.from({ length: depth }, () => createState(system.size, system.charges, arena));
  const at = (place: number) => ring[place % depth];
  let solved = 0;
  return {
    replay,
    point(place) {
      for (; solved <= place; solved++) {
        moved.approach(solved, (named) => at(named).x);
        replay.solve(solved, at(solved), at, remainders.next());
      }
      return at(place).x;
    },
    residual: relations.residual,
    release() {
      workspace.pool.giveBack(arena.region);
      remainders.release();
    },
  };
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
