// What a march did, as linear relations among the charges q and currents f of its points:
// α·(q(y) − Σ u_j·q(y_j)) + f(y) + f(y_0) = 0. Step control is in the numbers; nothing else of it is kept.
import type { System } from '../circuit/system.js';
import type { Pool } from '../math/pool.js';
import { type History, lagrange, type State } from './history.js';
import type { Inputs } from './inputs.js';
import type { Beginning } from './march.js';

/**
 * `rest`: f(y) = 0 before t = 0, with `.ic` held. `charges`: α·(q(y) − q₀) + f(y) = 0 from the charges of `uic`.
 * `step`: the relation above; a jump at a corner is one with α → ∞. `slope`: the same with the inputs moving at their
 * slopes just after t. `mix`: no solution but y = Σ u_j·y_j, where a crossing was found inside a step.
 */
export type RelationKind = 'rest' | 'charges' | 'step' | 'slope' | 'mix';

/** One point and how it follows from earlier ones, which are named by their place on the tape. */
export interface Relation {
  readonly kind: RelationKind;
  readonly t: number;
  /** Inputs are read so many seconds before t. */
  readonly left: number;
  /** 1/s. */
  readonly alpha: number;
  readonly from: Int32Array;
  /** u_j. */
  readonly share: Float64Array;
  /** f(y_0) of the first of `from` is added in rows that hold charges (trapezoidal rule). */
  readonly carries: boolean;
  readonly modes: Float64Array;
  /** Pieces that stood when the inputs were read. */
  readonly pieces: number;
}

/** One accepted step: its polynomial goes through the points `through`, newest first. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** The entry of `through` at which the step begins. */
  readonly mesh: number;
  readonly through: Int32Array;
}

export interface Tape {
  readonly relations: Relation[];
  readonly pieces: Piece[];
  /** The points' x (length size) for as long as they are not more than `capacity` numbers, then none. */
  states: Float64Array[];
  /** Numbers of `states` at most. */
  readonly capacity: number;
  begin: Beginning | undefined;
  /** A vector of `size` numbers for `states`. */
  room(size: number): Float64Array;
  /** Gives the memory of `states` back, which then are gone. */
  release(): void;
}

/** Called by steppers once a step is accepted; every call names `y` by its place on the tape. */
export interface Recorder {
  /** y is the equilibrium from which the march begins. */
  rest(y: State): void;
  /** y solves the relation; `left` as in `Inputs.at`. */
  step(
    y: State,
    t: number,
    left: number,
    alpha: number,
    from: readonly State[],
    share: readonly number[],
    carries: boolean,
  ): void;
  /** BDF through the first m points: y solves f + Σ b_j·q_j + α·(q − Σ a_j·q_j) = 0. */
  backward(
    y: State,
    t: number,
    left: number,
    alpha: number,
    from: readonly State[],
    m: number,
    a: Float64Array,
    b: Float64Array,
  ): void;
  /** y follows from `impulse`, and that from the point at `before`, or from the charges of `uic` when that is −1. */
  jump(y: State, impulse: State, before: number, t: number, left: number, alpha: number): void;
  /** `history.next` is the dense output through the first m points at t. */
  mix(history: History, t: number, m: number): void;
  /** A step from the history's point `mesh` to its newest; dense output goes through the first m points. */
  piece(history: History, mesh: number, m: number): void;
}

/** Numbers that are asked of the pool at once. */
const CHUNK = 2 ** 17;

/**
 * @param capacity numbers that states may fill
 * @param pool where their memory comes from
 */
export function createTape(capacity: number, pool: Pool): Tape {
  const chunks: Float64Array[] = [];
  let free = 0;
  const tape: Tape = {
    relations: [],
    pieces: [],
    states: [],
    capacity,
    begin: undefined,
    room(size) {
      if (free < size) {
        chunks.push(pool.floats(Math.max(CHUNK, size)));
        free = chunks[chunks.length - 1].length;
      }
      const chunk = chunks[chunks.length - 1];
      const from = chunk.length - free;
      free -= size;
      return chunk.subarray(from, from + size);
    },
    release() {
      tape.states = [];
      for (const chunk of chunks.splice(0)) pool.giveBack(chunk);
      free = 0;
    },
  };
  return tape;
}

export function createRecorder(tape: Tape, system: System, inputs: Inputs, begin: Beginning): Recorder {
  tape.begin = begin;
  let modes = inputs.modes.slice();
  let full = false;

  function add(
    y: State,
    kind: RelationKind,
    t: number,
    left: number,
    alpha: number,
    from: Int32Array,
    share: Float64Array,
    carries = false,
  ): void {
    if (modes.some((on, k) => on !== inputs.modes[k])) modes = inputs.modes.slice();
    y.place = tape.relations.length;
    const pieces = tape.pieces.length;
    tape.relations.push({ kind, t, left, alpha, from, share, carries, modes, pieces });
    if (!full && tape.relations.length * system.size > tape.capacity) {
      full = true;
      tape.release();
    }
    if (full) return;
    const x = tape.room(system.size);
    x.set(y.x);
    tape.states.push(x);
  }

  return {
    rest(y) {
      add(y, 'rest', 0, 0, 0, NOWHERE, NOTHING);
    },
    step(y, t, left, alpha, from, share, carries) {
      add(y, 'step', t, left, alpha, Int32Array.from(from, placeOf), Float64Array.from(share), carries);
    },
    backward(y, t, left, alpha, from, m, a, b) {
      const share = new Float64Array(m);
      const places = new Int32Array(m);
      for (let j = 0; j < m; j++) {
        share[j] = a[j] - b[j] / alpha;
        places[j] = from[j].place;
      }
      add(y, 'step', t, left, alpha, places, share);
    },
    jump(y, impulse, before, t, left, alpha) {
      if (before < 0) add(impulse, 'charges', t, left, alpha, NOWHERE, NOTHING);
      else add(impulse, 'step', t, left, alpha, Int32Array.of(before), WHOLE);
      add(y, 'slope', t, left, alpha, Int32Array.of(impulse.place), WHOLE);
    },
    mix({ next, times, points }, t, m) {
      const weights = new Float64Array(m);
      lagrange(times, m, t, weights, new Float64Array(m));
      add(next, 'mix', t, 0, 0, Int32Array.from(points.slice(0, m), placeOf), weights);
    },
    piece({ times, points }, mesh, m) {
      const through = Int32Array.from(points.slice(0, m), placeOf);
      tape.pieces.push({ from: times[mesh], to: times[0], mesh, through });
    },
  };
}

const NOWHERE = new Int32Array(0);
const NOTHING = new Float64Array(0);
const WHOLE = Float64Array.of(1);
const placeOf = (y: State): number => y.place;
