// What a march did, as linear relations among the charges q and currents f of its points:
// α·(q(y) − Σ u_j·q(y_j)) + f(y) + f(y_0) = 0. Step control is in the numbers; nothing else of it is kept.
import type { System } from '../circuit/system.js';
import { createColumn, createVectors } from '../math/growing.js';
import type { Pool } from '../math/pool.js';
import type { Beginning } from './march.js';

/** `KINDS[k]` stands in a column as k. */
const KINDS = ['rest', 'charges', 'step', 'trapezoid', 'slope', 'explicit', 'mix'] as const;

/**
 * `rest`: f(y) = 0 before t = 0, with `.ic` held. `charges`: α·(q(y) − q₀) + f(y) = 0 from the charges of `uic`.
 * `step`: α·(q(y) − Σ u_j·q(y_j)) + f(y) = 0; a jump at a corner is one with α → ∞. `trapezoid`: the same with f(y_0),
 * of the first point that it names, added in rows that hold charges. `slope`: a `step` with the inputs moving at their
 * slopes just after t. `explicit`: q(y) = q(y_0) − Σ_(j>0) u_j·f(y_j), a stage or sum of a Runge–Kutta method, with
 * α = ∞. `mix`: no solution but y = Σ u_j·y_j, where a crossing was found inside a step.
 */
export type RelationKind = (typeof KINDS)[number];

/** One point and how it follows from `count` earlier ones, which are named by their places on the tape. */
export interface Relation {
  /** The place of the point. */
  place: number;
  kind: RelationKind;
  t: number;
  /** Inputs are read so many seconds before t. */
  left: number;
  /** 1/s. */
  alpha: number;
  count: number;
  from: Int32Array;
  /** u_j. */
  share: Float64Array;
  modes: Float64Array;
  /** Pieces that stood when the inputs were read. */
  pieces: number;
}

/** One accepted step: its polynomial goes through the first `count` points of `through`, newest first. */
export interface Piece {
  from: number;
  to: number;
  /** The entry of `through` at which the step begins. */
  mesh: number;
  count: number;
  through: Int32Array;
}

/** Columns of numbers: some 100 bytes a step. Read by filling one `Relation`, or one `Piece`, again and again. */
export interface Tape {
  readonly system: System;
  readonly begin: Beginning;
  /** Relations, and with that points, so far. */
  readonly count: number;
  /** Pieces so far. */
  readonly pieces: number;
  /** The furthest that a relation or a piece looks back, in places. */
  readonly reach: number;
  /** Bytes that all but the points themselves fill. */
  bytes(): number;
  /** into := the relation of the point at a place; returns it. */
  relation(place: number, into: Relation): Relation;
  /** into := the p-th piece; returns it. */
  piece(p: number, into: Piece): Piece;
  /** What the relation of the point at a place says, one by one. */
  kindOf(place: number): RelationKind;
  timeOf(place: number): number;
  modesOf(place: number): Float64Array;
  /** The place at which piece p ends. */
  endOf(p: number): number;
  /** Whether points are kept: as long as they are not more than `capacity` numbers. */
  readonly keepsPoints: boolean;
  /** Whether the points kept solve their relations to rounding for `system`. */
  readonly solved: boolean;
  /** Largest last correction of Newton's method in solving them, in units of the tolerances. */
  readonly residual: number;
  /** x := that of the point at a place (length size). */
  point(place: number, x: Float64Array): void;
  /** Gives its memory back: nothing of it may be read any more. */
  release(): void;
}

/** A tape while it is written. */
export interface Writer extends Tape {
  solved: boolean;
  residual: number;
  /** Adds a relation, all but what it names; returns the place of its point. */
  add(kind: RelationKind, t: number, left: number, alpha: number): number;
  /** The relation added last names one more point. */
  name(place: number, share: number): void;
  /** Inputs of relations added from now on are read in these modes. */
  setModes(modes: Float64Array): void;
  /** Keeps the point of the relation added last, if there is room. */
  keep(x: Float64Array): void;
  /** Adds a piece, all but the points it goes through. */
  addPiece(mesh: number): void;
  /** The piece added last goes through one more point. */
  goThrough(place: number): void;
}

/** Points that a relation or piece names at most, unless there is one that names more. */
const WIDTH = 8;

export const blankRelation = (): Relation => ({
  place: -1,
  kind: 'rest',
  t: 0,
  left: 0,
  alpha: 0,
  count: 0,
  from: new Int32Array(WIDTH),
  share: new Float64Array(WIDTH),
  modes: new Float64Array(0),
  pieces: 0,
});

export const blankPiece = (): Piece => ({
  from: 0,
  to: 0,
  mesh: 0,
  count: 0,
  through: new Int32Array(WIDTH),
});

/**
 * @param capacity numbers that points may fill
 * @param pool where all memory comes from
 */
export function createTape(system: System, begin: Beginning, capacity: number, pool: Pool): Writer {
  const kinds = createColumn(Uint8Array, pool);
  const t = createColumn(Float64Array, pool);
  const left = createColumn(Float64Array, pool);
  const alpha = createColumn(Float64Array, pool);
  /** Which of `modes` hold. */
  const mode = createColumn(Int32Array, pool);
  const standing = createColumn(Int32Array, pool);
  /** `from` and `share` of relation k end here. */
  const ends = createColumn(Int32Array, pool);
  const from = createColumn(Int32Array, pool);
  const share = createColumn(Float64Array, pool);
  const mesh = createColumn(Uint8Array, pool);
  const pieceEnds = createColumn(Int32Array, pool);
  const through = createColumn(Int32Array, pool);
  const columns = [kinds, t, left, alpha, mode, standing, ends, from, share, mesh, pieceEnds, through];
  const modes: Float64Array[] = [];
  const points = createVectors(system.size, pool);
  const startOf = (of: typeof ends, k: number): number => (k > 0 ? of.data[k - 1] : 0);

  const tape = {
    system,
    begin,
    count: 0,
    pieces: 0,
    reach: 0,
    keepsPoints: true,
    solved: false,
    residual: 0,
    bytes: () => columns.reduce((sum, { data, length }) => sum + data.BYTES_PER_ELEMENT * length, 0),
    relation(k: number, into: Relation) {
      const first = startOf(ends, k);
      const count = ends.data[k] - first;
      if (count > into.from.length) {
        into.from = new Int32Array(count);
        into.share = new Float64Array(count);
      }
      into.place = k;
      into.kind = KINDS[kinds.data[k]];
      into.t = t.data[k];
      into.left = left.data[k];
      into.alpha = alpha.data[k];
      into.count = count;
      for (let j = 0; j < count; j++) {
        into.from[j] = from.data[first + j];
        into.share[j] = share.data[first + j];
      }
      into.modes = modes[mode.data[k]];
      into.pieces = standing.data[k];
      return into;
    },
    piece(p: number, into: Piece) {
      const first = startOf(pieceEnds, p);
      const count = pieceEnds.data[p] - first;
      if (count > into.through.length) into.through = new Int32Array(count);
      into.count = count;
      for (let j = 0; j < count; j++) into.through[j] = through.data[first + j];
      into.mesh = mesh.data[p];
      into.from = t.data[into.through[into.mesh]];
      into.to = t.data[into.through[0]];
      return into;
    },
    kindOf: (place: number) => KINDS[kinds.data[place]],
    timeOf: (place: number) => t.data[place],
    modesOf: (place: number) => modes[mode.data[place]],
    endOf: (p: number) => through.data[startOf(pieceEnds, p)],
    point: (place: number, x: Float64Array) => points.read(place, x),
    release() {
      for (const column of columns) column.release();
      points.release();
    },
    add(kind: RelationKind, at: number, before: number, a: number) {
      kinds.push(KINDS.indexOf(kind));
      t.push(at);
      left.push(before);
      alpha.push(a);
      mode.push(modes.length - 1);
      standing.push(tape.pieces);
      ends.push(from.length);
      return tape.count++;
    },
    name(place: number, u: number) {
      from.push(place);
      share.push(u);
      ends.data[tape.count - 1]++;
      tape.reach = Math.max(tape.reach, tape.count - 1 - place);
    },
    setModes(present: Float64Array) {
      const last = modes.at(-1);
      if (!last?.every((on, k) => on === present[k])) modes.push(present.slice());
    },
    keep(x: Float64Array) {
      if (!tape.keepsPoints) return;
      tape.keepsPoints = tape.count * system.size <= capacity;
      if (tape.keepsPoints) points.push(x);
      else points.release();
    },
    addPiece(at: number) {
      mesh.push(at);
      pieceEnds.push(through.length);
      tape.pieces++;
    },
    goThrough(place: number) {
      through.push(place);
      pieceEnds.data[tape.pieces - 1]++;
      tape.reach = Math.max(tape.reach, tape.count - 1 - place);
    },
  };
  return tape;
}
