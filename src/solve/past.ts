// What a delayed signal was at an earlier time, as a linear combination of points of a tape: the cubic Hermite piece of
// an accepted step, its end slopes those of the step's polynomial.
import { DEPTH, lagrange } from './history.js';
import { blankPiece, type Tape } from './tape.js';

export interface PastReader {
  /** Places on the tape and their weights, valid for the first `count`. */
  readonly places: Int32Array;
  readonly weights: Float64Array;
  /**
   * Fills places and weights with those of the value at time t among the first `pieces` pieces; returns how many, 0
   * when t lies before the beginning.
   */
  at(t: number, pieces: number): number;
}

/** Reads as `createDelayLines` does. */
export function createPastReader(tape: Tape): PastReader {
  const places = new Int32Array(DEPTH);
  const weights = new Float64Array(DEPTH);
  const times = new Float64Array(DEPTH);
  const atStart = new Float64Array(DEPTH);
  const atEnd = new Float64Array(DEPTH);
  const unused = new Float64Array(DEPTH);
  const piece = blankPiece();
  return {
    places,
    weights,
    at(t, pieces) {
      if (pieces === 0 || t < 0) return 0;
      const { from, to, mesh, count: m, through } = tape.piece(pieceAt(tape, t, pieces), piece);
      for (let j = 0; j < m; j++) {
        places[j] = through[j];
        times[j] = tape.timeOf(through[j]);
      }
      const h = to - from;
      const u = Math.min(1, Math.max(0, (t - from) / h));
      const w = 1 - u;
      lagrange(times, m, from, unused, atStart);
      lagrange(times, m, to, unused, atEnd);
      for (let j = 0; j < m; j++) weights[j] = w * w * u * h * atStart[j] - u * u * w * h * atEnd[j];
      weights[mesh] += w * w * (1 + 2 * u);
      weights[0] += u * u * (1 + 2 * w);
      return m;
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
