// What delayed signals were: one cubic Hermite piece for every accepted step, by its values and slopes at both ends.
import type { Delay } from '../circuit/system.js';
import { DEPTH, lagrange } from './history.js';
import { blankPiece, type Piece } from './relation.js';
import type { Tape } from './tape.js';

/** v(from), v(to), v̇(from), v̇(to). */
export const ENDS = 4;

/** Pieces are numbered as on a tape, and one begins where the one before it ends. */
export interface Traces {
  /** Values of the signals before the first piece. */
  readonly before: Float64Array;
  /** Piece p, the newest, ends at time `to` (s); its ends are then put in for every delay. */
  open(p: number, to: number): void;
  put(p: number, delay: number, v0: number, v1: number, s0: number, s1: number): void;
  /**
   * The piece among the first `standing` that holds what a delay gives back at time t, or −1 when that is what was before
   * the first; `weights` are then those of its ends.
   */
  locate(delay: number, t: number, standing: number): number;
  readonly weights: Float64Array;
  /** d/dt of what a delay gives back where it was located last, 1/s. */
  slope(delay: number): number;
  /** The signal of a delay where piece p begins, and where it ends. */
  beginOf(p: number, delay: number): number;
  endOf(p: number, delay: number): number;
  /** The time at which piece p begins, s. */
  timeOf(p: number): number;
  /** More than the most of the first `count` pieces that a delay reaches back from any of them. */
  reach(count: number): number;
  /** Numbers in memory. */
  numbers(): number;
  /** What a delay gives back at time t, among the first `standing` pieces. */
  value(delay: number, t: number, standing: number): number;
}

/** Instants are read a little early, where they are limits from the left: by less than this share of a delay. */
const EARLY = 0.01;
/** Pieces that there is room for at first. */
const ROOM = 64;

/**
 * Which piece is read is a matter of the grid, frozen with it: the one that the delay of the run looks into. A delay that
 * has moved since reads the cubic of that piece, beyond its end if need be, so that what it gives back is a smooth function
 * of the delay.
 *
 * @param delays of the run
 * @param whole keep every piece, not only those that a delay can still reach
 * @param moved the delays as they are now, in the same order
 */
export function createTraces(
  delays: readonly Delay[],
  whole: boolean,
  moved: readonly Delay[] = delays,
): Traces {
  const width = ENDS * delays.length;
  const longest = delays.reduce((most, d) => Math.max(most, d.by), 0);
  const weights = new Float64Array(ENDS);
  const slopes = new Float64Array(ENDS);
  /** The piece located last, its length, s, and where in it, from 0 to 1. */
  let [located, h, u] = [-1, 1, 0];
  const cursors = new Int32Array(delays.length);
  let times = new Float64Array(ROOM);
  let data = new Float64Array(ROOM * width);
  /** The oldest piece in memory, and where it begins. */
  let base = 0;
  let begin = 0;
  const from = (p: number): number => (p > base ? times[p - base - 1] : begin);

  const traces: Traces = {
    before: new Float64Array(delays.length),
    weights,
    reach(count) {
      if (width === 0) return 0;
      let most = 0;
      for (let p = 0, oldest = 0; p < count; p++) {
        while (from(oldest + 1) < from(p) - (1 + EARLY) * longest) oldest++;
        most = Math.max(most, p - oldest);
      }
      return most + 2;
    },
    numbers: () => (width > 0 ? times.length + data.length : 0),
    open(p, to) {
      if (p - base === times.length) makeRoom(to - longest);
      times[p - base] = to;
    },
    put(p, delay, v0, v1, s0, s1) {
      const k = (p - base) * width + delay * ENDS;
      data[k] = v0;
      data[k + 1] = v1;
      data[k + 2] = s0;
      data[k + 3] = s1;
    },
    locate(delay, now, standing) {
      const t = now - delays[delay].by;
      located = -1;
      if (standing === 0 || t < 0) return -1;
      let p = Math.min(Math.max(cursors[delay], base), standing - 1);
      while (p > base && t <= from(p)) p--;
      while (p < standing - 1 && t > times[p - base]) p++;
      cursors[delay] = p;
      const start = from(p);
      h = times[p - base] - start;
      u = Math.min(1, Math.max(0, (t - start) / h)) + (delays[delay].by - moved[delay].by) / h;
      const w = 1 - u;
      weights[0] = w * w * (1 + 2 * u);
      weights[1] = u * u * (1 + 2 * w);
      weights[2] = w * w * u * h;
      weights[3] = -u * u * w * h;
      located = p;
      return p;
    },
    slope(delay) {
      if (located < 0) return 0;
      const w = 1 - u;
      slopes[0] = (-6 * u * w) / h;
      slopes[1] = (6 * u * w) / h;
      slopes[2] = w * (1 - 3 * u);
      slopes[3] = u * (3 * u - 2);
      return sumOfEnds(delay, slopes);
    },
    beginOf: (p, delay) => data[(p - base) * width + delay * ENDS],
    endOf: (p, delay) => data[(p - base) * width + delay * ENDS + 1],
    timeOf: from,
    value: (delay, t, standing) =>
      traces.locate(delay, t, standing) < 0 ? traces.before[delay] : sumOfEnds(delay, weights),
  };
  return traces;

  function sumOfEnds(delay: number, by: Float64Array): number {
    const k = (located - base) * width + delay * ENDS;
    return by[0] * data[k] + by[1] * data[k + 1] + by[2] * data[k + 2] + by[3] * data[k + 3];
  }

  /** Forgets pieces that end before `oldest`, and doubles the room when they are less than half. */
  function makeRoom(oldest: number): void {
    const pieces = times.length;
    let first = 0;
    if (!whole) while (first < pieces - 1 && times[first] < oldest) first++;
    if (first > 0) begin = times[first - 1];
    base += first;
    const room = 2 * first < pieces ? 2 * pieces : pieces;
    times = shifted(times, first, pieces, room);
    data = shifted(data, first * width, pieces * width, room * width);
  }
}

function shifted(numbers: Float64Array, from: number, to: number, room: number): Float64Array<ArrayBuffer> {
  const into = new Float64Array(room);
  into.set(numbers.subarray(from, to));
  return into;
}

/** Slopes of a step's polynomial at the ends of the step, as weights of the m points that it goes through, newest first. */
export interface StepSlopes {
  readonly atStart: Float64Array;
  readonly atEnd: Float64Array;
  /** @param mesh the point at which the step begins */
  of(times: Float64Array, m: number, mesh: number): void;
}

export function createStepSlopes(): StepSlopes {
  const atStart = new Float64Array(DEPTH);
  const atEnd = new Float64Array(DEPTH);
  const values = new Float64Array(DEPTH);
  return {
    atStart,
    atEnd,
    of(times, m, mesh) {
      lagrange(times, m, times[mesh], values, atStart);
      lagrange(times, m, times[0], values, atEnd);
    },
  };
}

/** The same of a piece of a tape, with the places of its points. */
export function createPieceSlopes(tape: Tape): {
  readonly piece: Piece;
  readonly slopes: StepSlopes;
  read(p: number): void;
} {
  const piece = blankPiece();
  const slopes = createStepSlopes();
  return {
    piece,
    slopes,
    read(p) {
      tape.piece(p, piece);
      slopes.of(piece.times, piece.count, piece.mesh);
    },
  };
}
