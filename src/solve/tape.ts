// What a march did, as relations among its points, on reels: stretches of it that are wound off are marched for once more
// when they are asked for, from the state in which the march began them. √K of K steps are in memory.
import type { System } from '../circuit/system.js';
import type { Pool } from '../math/pool.js';
import { createReel, type Reel } from './reel.js';
import type { Piece, Relation, RelationKind } from './relation.js';
import type { Beginning } from './segment.js';
import { createTraces, type Traces } from './traces.js';

/** Read by filling one `Relation`, or one `Piece`, again and again; cheap while places and pieces asked for move along. */
export interface Tape {
  readonly system: System;
  /** Where it began; an equilibrium is solved to rounding. */
  readonly begin: Beginning;
  /** Of the delays of this system. */
  readonly traces: Traces;
  /** Relations, and with that points, so far. */
  readonly count: number;
  /** Pieces so far. */
  readonly pieces: number;
  /** Where modes flipped because their signals crossed, in order. */
  readonly crossings: readonly Flip[];
  /** The furthest that a relation or a piece looks back, in places. */
  readonly reach: number;
  /** The end of the last piece, s. */
  readonly end: number;
  /** The most that Newton's method is estimated to have left a point off by, in units of the tolerances. */
  readonly residual: number;
  /** Numbers of 8 bytes that are in memory now. */
  numbers(): number;
  /** into := the relation of the point at a place; returns it. */
  relation(place: number, into: Relation): Relation;
  /** into := the p-th piece; returns it. */
  piece(p: number, into: Piece): Piece;
  /** What the relation of the point at a place says, one by one. */
  kindOf(place: number): RelationKind;
  timeOf(place: number): number;
  modesOf(place: number): Float64Array;
  /** Whether a later relation may name the currents of the point. */
  isCarried(place: number): boolean;
  /** The place at which piece p ends. */
  endOf(p: number): number;
  /** x := that of the point at a place (length size), which solves its relation but for Newton's remainder. */
  point(place: number, x: Float64Array): void;
  /** Gives its memory back: nothing of it may be read any more. */
  release(): void;
}

/** The signal of a mode crosses, and the march begins anew. */
export interface Flip {
  /** The point at which it crosses, a mix. */
  readonly place: number;
  /** When, s. */
  readonly t: number;
  readonly mode: number;
  /** The first corner after it, s, for which the march heads. */
  readonly corner: number;
}

/** A tape while it is written. */
export interface Writer extends Tape {
  begin: Beginning;
  residual: number;
  /** A new reel begins: at time t, when the march has this state. */
  cut(state: Float64Array, t: number): void;
  /** Whether the reel that is being written should end here. */
  isFull(): boolean;
  /** Adds a relation, of which place and pieces are found; returns it. */
  add(relation: Relation): Relation;
  /** The relation added last names the currents of a point. */
  carry(place: number): void;
  /** At the point of the relation added last a mode flips; the next corner is at `corner`. */
  cross(mode: number, corner: number): void;
  /** Keeps the point of the relation added last. */
  keep(x: Float64Array): void;
  /** Adds a piece that goes through the first `count` of these points; it begins at `points[mesh]`. */
  addPiece(mesh: number, points: readonly { readonly place: number }[], count: number): void;
}

/** The march that fills reels again. */
export interface Marcher {
  /** Marches on from a state until the tape's reel is full. */
  again(state: Float64Array): void;
  release(): void;
}

/** A reel, or what it takes to have it again. */
interface Stretch {
  readonly first: number;
  readonly firstPiece: number;
  readonly begin: number;
  readonly state: Float64Array;
  reel: Reel | undefined;
}

/** Reels that fill the capacity, at most. */
const REELS = 8;
/** Reels in memory, at least: what is read last may look back into the one before. */
const FEWEST = 2;
/** A reel holds so many pieces, at least: more than any relation looks back. */
const SHORTEST = 16;

/**
 * Reels are as long as all states before them together, so that both grow with the root of the number of steps. Those read
 * last are held while there is room; a run that ends leaves its last ones.
 *
 * @param capacity numbers that reels may fill together before any is wound off
 * @param pool where the memory of reels comes from
 */
export function createTape(
  system: System,
  begin: Beginning,
  capacity: number,
  pool: Pool,
  marcher: Marcher,
): Writer {
  const stretches: Stretch[] = [];
  /** Those with a reel, the one used last first. */
  const held: Stretch[] = [];
  const traces = createTraces(system.delays, true);
  let states = 0;
  /** Numbers of a reel that is long enough. */
  let enough = 0;
  let writing = createReel(0, 0, system.size, pool);
  /** The reel read last. */
  let reel = writing;
  /** The piece before which a reel that is filled again ends. */
  let last = Infinity;

  const crossings: Flip[] = [];

  const tape: { -readonly [K in keyof Writer]: Writer[K] } = {
    system,
    begin,
    traces,
    count: 0,
    pieces: 0,
    crossings,
    reach: 0,
    end: 0,
    residual: 0,
    numbers: () => states + traces.numbers() + numbersHeld(),
    relation(place, into) {
      reelOf(place).relation(place, into);
      return into;
    },
    piece(p, into) {
      reelOfPiece(p).piece(p, into);
      const { count, through, times, mesh } = into;
      const own = reel;
      for (let j = 0; j < count; j++)
        times[j] = through[j] >= own.first ? own.timeOf(through[j]) : tape.timeOf(through[j]);
      into.from = times[mesh];
      into.to = times[0];
      return into;
    },
    kindOf: (place) => reelOf(place).kindOf(place),
    timeOf: (place) => (place === reel.first - 1 ? held[0].begin : reelOf(place).timeOf(place)),
    modesOf: (place) => reelOf(place).modesOf(place),
    isCarried(place) {
      const { first, count, isCarried } = reelOf(place);
      return place === first + count - 1 || isCarried(place);
    },
    endOf: (p) => reelOfPiece(p).endOf(p),
    point: (place, x) => reelOf(place).point(place, x),
    release() {
      for (const s of held.splice(0)) s.reel?.release();
      marcher.release();
    },
    cut(state, t) {
      writing = reel = createReel(tape.count, tape.pieces, system.size, pool);
      states += state.length;
      enough = lengthOfReels();
      const stretch = { first: tape.count, firstPiece: tape.pieces, begin: t, state, reel };
      stretches.push(stretch);
      hold(stretch);
    },
    isFull() {
      const { pieces, firstPiece } = writing;
      if (last < Infinity) return firstPiece + pieces === last;
      return pieces >= SHORTEST && writing.numbers() >= enough;
    },
    add(relation) {
      const back = writing.add(relation);
      const { place, t } = relation;
      if (back > tape.reach) tape.reach = back;
      if (place >= tape.count) tape.count = place + 1;
      if (t > tape.end) tape.end = t;
      return relation;
    },
    carry: (place) => writing.carry(place),
    cross(mode, corner) {
      const place = writing.first + writing.count - 1;
      const known = crossings[crossings.length - 1];
      if (!known || place > known.place) crossings.push({ place, t: writing.timeOf(place), mode, corner });
    },
    keep: (x) => writing.keep(x),
    addPiece(mesh, points, count) {
      const back = writing.addPiece(mesh, points, count);
      if (back > tape.reach) tape.reach = back;
      const pieces = writing.firstPiece + writing.pieces;
      if (pieces > tape.pieces) tape.pieces = pieces;
    },
  };
  return tape;

  function reelOf(place: number): Reel {
    if (place < reel.first || place >= reel.first + reel.count) reel = reelBy('first', place);
    return reel;
  }

  function reelOfPiece(p: number): Reel {
    if (p < reel.firstPiece || p >= reel.firstPiece + reel.pieces) reel = reelBy('firstPiece', p);
    return reel;
  }

  function reelBy(which: 'first' | 'firstPiece', number: number): Reel {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (stretches[middle][which] <= number) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low];
    hold(stretch);
    return stretch.reel ?? fillAgain(stretch, stretches[low + 1]?.firstPiece ?? tape.pieces);
  }

  function hold(stretch: Stretch): void {
    const known = held.indexOf(stretch);
    if (known >= 0) held.splice(known, 1);
    held.unshift(stretch);
    const room = capacity - lengthOfReels();
    while (held.length > FEWEST && numbersHeld() > room) {
      const old = held.pop();
      old?.reel?.release();
      if (old) old.reel = undefined;
    }
  }

  function lengthOfReels(): number {
    return Math.max(capacity / REELS, states);
  }

  function numbersHeld(): number {
    return held.reduce((sum, { reel: of }) => sum + (of?.numbers() ?? 0), 0);
  }

  function fillAgain(stretch: Stretch, end: number): Reel {
    const { first, firstPiece, state } = stretch;
    last = end;
    writing = reel = stretch.reel = createReel(first, firstPiece, system.size, pool);
    marcher.again(state);
    return reel;
  }
}
