// How inputs move with a few parameters: sources by themselves, delayed signals with the points that they were read of.
import type { Partials } from '../circuit/system.js';
import type { Relation } from './relation.js';
import type { Replay } from './replay.js';
import { createPieceSlopes, ENDS } from './traces.js';

/** ∂x_inputs/∂p of parameter first + j; every vector has length size. */
export interface InputMoves {
  /** `add` speaks of inputs read at t among the first `pieces` pieces from now on. */
  readAt(t: number, pieces: number): void;
  /** out[inputs] += ∂x_inputs/∂p. */
  add(j: number, out: Float64Array): void;
  /** out[inputs] := those of the point at rest, its unknowns moving as `out` says. */
  rest(j: number, x: Float64Array, out: Float64Array): void;
  /** out[delays] := what their signals move by. */
  settle(j: number, x: Float64Array, out: Float64Array): void;
  /** Remembers how the signals of delays move at the point x of a place, if it moves so. */
  note(place: number, j: number, x: Float64Array, moves: Float64Array): void;
  /** Remembers the same of a point that is a mixture. */
  mix(relation: Relation): void;
  /** Remembers how the traces of delays move at the ends of piece p, once its points are known. */
  close(p: number): void;
}

export function createInputMoves(
  { system, tape, traces, origin }: Replay,
  partials: Partials,
  [first, count]: readonly [first: number, count: number],
): InputMoves {
  const { delays } = system;
  /** ∂(signal of delay d at place k)/∂p at (k % depth)·count + j. */
  const depth = tape.reach + 1;
  const signals = delays.map(() => new Float64Array(depth * count));
  /** ∂(end e of piece p of the trace of delay d)/∂p at (ENDS·(p % lasting) + e)·count + j. */
  const lasting = traces.reach(tape.pieces);
  const ends = delays.map(() => new Float64Array(ENDS * lasting * count));
  /** Where traces are read, with which weights, and d/dt of what they are there, of delays that the parameters move. */
  const pieces = new Int32Array(delays.length);
  const weights = delays.map(() => new Float64Array(ENDS));
  const slopes = new Float64Array(delays.length);
  const isMoved = delays.map((_, d) =>
    Array.from({ length: count }, (_each, j) => partials.delay(first + j, d)).some((slope) => slope !== 0),
  );
  const { piece, slopes: ofPiece, read } = createPieceSlopes(tape);
  /** ∂/∂p of what delays held before the first point. */
  const beforehand = delays.map((delay, d) =>
    Float64Array.from({ length: count }, (_, j) =>
      Number.isNaN(delay.initial)
        ? partials.delayed(first + j, d, origin)
        : partials.delayedInitial(first + j, d),
    ),
  );
  let now = 0;

  const moves: InputMoves = {
    readAt(t, standing) {
      now = t;
      for (let d = 0; d < delays.length; d++) {
        pieces[d] = traces.locate(d, t, standing);
        weights[d].set(traces.weights);
        if (isMoved[d]) slopes[d] = traces.slope(d);
      }
    },
    add(j, out) {
      partials.addSources(first + j, 1, now, out);
      for (let d = 0; d < delays.length; d++) {
        let sum = (pieces[d] < 0 ? beforehand[d][j] : 0) - slopes[d] * partials.delay(first + j, d);
        if (pieces[d] >= 0)
          for (let e = 0; e < ENDS; e++)
            sum += weights[d][e] * ends[d][(ENDS * (pieces[d] % lasting) + e) * count + j];
        out[delays[d].slot] += sum;
      }
    },
    rest(j, x, out) {
      partials.addSources(first + j, 1, 0, out);
      moves.settle(j, x, out);
    },
    settle(j, x, out) {
      for (let d = 0; d < delays.length; d++) out[delays[d].slot] = signalMoves(j, d, x, out);
    },
    note(place, j, x, own) {
      for (let d = 0; d < delays.length; d++) {
        const moves = signalMoves(j, d, x, own);
        signals[d][(place % depth) * count + j] = moves;
        if (place === 0 && tape.kindOf(0) === 'rest') beforehand[d][j] = moves;
      }
    },
    mix({ place, count: named, from, share }) {
      for (const of of signals) {
        for (let j = 0; j < count; j++) {
          let sum = 0;
          for (let i = 0; i < named; i++) sum += share[i] * of[(from[i] % depth) * count + j];
          of[(place % depth) * count + j] = sum;
        }
      }
    },
    close(p) {
      if (delays.length === 0) return;
      read(p);
      for (let d = 0; d < delays.length; d++) for (let j = 0; j < count; j++) closeTrace(p, d, j);
    },
  };
  return moves;

  function closeTrace(p: number, d: number, j: number): void {
    const { count: m, mesh, through } = piece;
    const at = (i: number): number => signals[d][(through[i] % depth) * count + j];
    let s0 = 0;
    let s1 = 0;
    for (let i = 0; i < m; i++) {
      s0 += ofPiece.atStart[i] * at(i);
      s1 += ofPiece.atEnd[i] * at(i);
    }
    const first = ENDS * (p % lasting) * count + j;
    ends[d][first] = at(mesh);
    ends[d][first + count] = at(0);
    ends[d][first + 2 * count] = s0;
    ends[d][first + 3 * count] = s1;
  }

  function signalMoves(j: number, d: number, x: Float64Array, own: Float64Array): number {
    const { index, weight } = delays[d].signal;
    let sum = partials.delayed(first + j, d, x);
    for (let i = 0; i < index.length; i++) sum += weight[i] * own[index[i]];
    return sum;
  }
}
