// What a delayed signal was at an earlier time, as a linear combination of points of a tape: the cubic Hermite piece of
// an accepted step, its end slopes those of the step's polynomial.
import type { Delay } from '../circuit/system.js';
import { DEPTH, lagrange } from './history.js';
import { blankPiece, type Tape } from './tape.js';

export interface PastReader {
  /** Places on the tape and their weights, valid for the first `count`. */
  readonly places: Int32Array;
  readonly weights: Float64Array;
  readonly slopes: Float64Array;
  /**
   * Fills places and weights with those of what delay k gives back at time t, among the first `pieces` pieces; returns
   * how many, 0 when that lies before the beginning.
   */
  at(t: number, k: number, pieces: number): number;
  /** Fills `slopes` with the weights of d/dt of what was read last, 1/s, at the same places; returns how many. */
  differentiate(): number;
}

/**
 * Reads as `createDelayLines` does. Which piece is read is a matter of the grid, frozen with it: the one that the tape's
 * own delay looks into. A delay that has moved since reads the polynomial of that piece, beyond its end if need be, so
 * that what it gives back is a smooth function of the delay.
 *
 * @param delays of the system that solves the tape, in their order
 */
export function createPastReader(tape: Tape, delays: readonly Delay[]): PastReader {
  const recorded = tape.system.delays;
  const times = new Float64Array(DEPTH);
  const atStart = new Float64Array(DEPTH);
  const atEnd = new Float64Array(DEPTH);
  const unused = new Float64Array(DEPTH);
  const places = new Int32Array(DEPTH);
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  const piece = blankPiece();
  /** Length of the piece read last, s, and where in it, from 0 to 1. */
  let [h, u, count] = [1, 0, 0];
  return {
    places,
    weights,
    slopes,
    at(now, k, pieces) {
      const { by } = recorded[k];
      const t = now - by;
      count = 0;
      if (pieces === 0 || t < 0) return 0;
      const { from, to, mesh, count: m, through } = tape.piece(pieceAt(tape, t, pieces), piece);
      count = m;
      for (let j = 0; j < m; j++) {
        places[j] = through[j];
        times[j] = tape.timeOf(through[j]);
      }
      h = to - from;
      u = Math.min(1, Math.max(0, (t - from) / h)) + (by - delays[k].by) / h;
      const w = 1 - u;
      lagrange(times, m, from, unused, atStart);
      lagrange(times, m, to, unused, atEnd);
      for (let j = 0; j < m; j++) weights[j] = w * w * u * h * atStart[j] - u * u * w * h * atEnd[j];
      weights[mesh] += w * w * (1 + 2 * u);
      weights[0] += u * u * (1 + 2 * w);
      return m;
    },
    differentiate() {
      if (count === 0) return 0;
      const w = 1 - u;
      for (let j = 0; j < count; j++) slopes[j] = w * (1 - 3 * u) * atStart[j] + u * (3 * u - 2) * atEnd[j];
      slopes[piece.mesh] -= (6 * u * w) / h;
      slopes[0] += (6 * u * w) / h;
      return count;
    },
  };
}

/** The first of the first `pieces` pieces that does not end before t, or the last of them. */
export function pieceAt(tape: Tape, t: number, pieces: number): number {
  let low = 0;
  let high = pieces - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tape.timeOf(tape.endOf(middle)) < t) low = middle + 1;
    else high = middle;
  }
  return low;
}
