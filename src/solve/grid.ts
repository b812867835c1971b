// The grid in motion: where a mode flips because its signal crosses, the instant t* follows from the parameters, and the
// points between it and the corner T for which the march heads move with it, t = t* + σ·(T − t*) at fixed σ.
import type { System } from '../circuit/system.js';
import { lagrange } from './history.js';
import type { Relation } from './relation.js';
import type { Flip, Tape } from './tape.js';

/**
 * Stretch i begins at the instant t*_i of flip i. Its relations keep their shares, for these do not change where all times
 * are scaled alike, and α goes as 1/(T − t*).
 */
export interface Grid {
  /** The flips whose instants are followed, in order. */
  readonly flips: readonly Flip[];
  /** The flip behind which a place comes, −1 for places before the first; cheap while places asked for move along. */
  after(place: number): number;
  /** The flip at a place, −1 where there is none. */
  at(place: number): number;
  /** ∂t/∂t*_i of the points of stretch i that stand at t; 0 from its corner on, and for i = −1. */
  share(i: number, t: number): number;
  /** ∂(ln α)/∂t*_i = 1/(T − t*_i), 1/s, of a relation of stretch i; 0 where α stays. */
  rate(i: number, relation: Relation): number;
}

/**
 * @param isFree whether the instant at which a mode flips may move; those before the first free one are not followed
 */
export function createGrid(tape: Tape, isFree: (mode: number) => boolean): Grid {
  const first = tape.crossings.findIndex(({ mode }) => isFree(mode));
  const flips = first < 0 || !canMove(tape.system) ? [] : tape.crossings.slice(first);
  let cursor = -1;
  const after = (place: number): number => {
    while (cursor + 1 < flips.length && flips[cursor + 1].place < place) cursor++;
    while (cursor >= 0 && flips[cursor].place >= place) cursor--;
    return cursor;
  };
  return {
    flips,
    after,
    at(place) {
      const next = after(place) + 1;
      return next < flips.length && flips[next].place === place ? next : -1;
    },
    share(i, t) {
      if (i < 0) return 0;
      const { t: begin, corner } = flips[i];
      return t < corner ? (corner - t) / (corner - begin) : 0;
    },
    rate(i, { kind, t, from }) {
      if (i < 0 || !(kind === 'step' || kind === 'trapezoid')) return 0;
      const { t: begin, corner } = flips[i];
      // A jump names a point of its own instant.
      return t <= corner && tape.timeOf(from[0]) < t ? 1 / (corner - begin) : 0;
    },
  };
}

/**
 * Whether instants are followed: what is delayed is read off a past that would have to move as well, and of laws that are
 * explicit in t the slopes must be known, and they must not jump.
 */
export const canMove = (system: System): boolean =>
  system.delays.length === 0 && (system.addTimeSlopes !== undefined || system.timedDevices().length === 0);

/** Weights of the points that a mix names, and of their polynomial's slope, at time t. */
export interface MixWeights {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

export function mixWeights(tape: Tape, { count, from }: Relation, t: number): MixWeights {
  const times = Float64Array.from({ length: count }, (_, j) => tape.timeOf(from[j]));
  const values = new Float64Array(count);
  const slopes = new Float64Array(count);
  lagrange(times, count, t, values, slopes);
  return { values, slopes };
}
