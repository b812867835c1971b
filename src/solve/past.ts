// What a delayed signal was at an earlier time, as a linear combination of points of a tape: the cubic Hermite piece of
// an accepted step, its end slopes those of the step's polynomial.
import type { Delay } from '../circuit/system.js';
import { DEPTH, lagrange } from './history.js';
import { blankPiece, type Tape } from './tape.js';

export interface PastReader {
  /** Places on the tape and their weights, valid for the first `count`. */
  readonly places: Int32Array;
  readonly weights: Float64Array;
  /** The weights of d/dt of the same, 1/s. */
  readonly slopes: Float64Array;
  readonly count: number;
  /**
   * Fills places and weights with those of what delay k gives back at time t, among the first `pieces` pieces; returns
   * how many, 0 when that lies before the beginning.
   */
  at(t: number, k: number, pieces: number): number;
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
  const piece = blankPiece();
  const reader = {
    places: new Int32Array(DEPTH),
    weights: new Float64Array(DEPTH),
    slopes: new Float64Array(DEPTH),
    count: 0,
    at(now: number, k: number, pieces: number) {
      const { places, weights, slopes } = reader;
      const { by } = recorded[k];
      const t = now - by;
      reader.count = 0;
      if (pieces === 0 || t < 0) return 0;
      const { from, to, mesh, count: m, through } = tape.piece(pieceAt(tape, t, pieces), piece);
      reader.count = m;
      for (let j = 0; j < m; j++) {
        places[j] = through[j];
        times[j] = tape.timeOf(through[j]);
      }
      const h = to - from;
      const u = Math.min(1, Math.max(0, (t - from) / h)) + (by - delays[k].by) / h;
      const w = 1 - u;
      lagrange(times, m, from, unused, atStart);
      lagrange(times, m, to, unused, atEnd);
      for (let j = 0; j < m; j++) {
        weights[j] = w * w * u * h * atStart[j] - u * u * w * h * atEnd[j];
        slopes[j] = w * (1 - 3 * u) * atStart[j] + u * (3 * u - 2) * atEnd[j];
      }
      weights[mesh] += w * w * (1 + 2 * u);
      weights[0] += u * u * (1 + 2 * w);
      slopes[mesh] -= (6 * u * w) / h;
      slopes[0] += (6 * u * w) / h;
      return m;
    },
  };
  return reader;
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
