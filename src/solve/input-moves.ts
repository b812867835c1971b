// How inputs move with a few parameters: sources by themselves, delayed signals with the points that they were read of.
import type { Partials } from '../circuit/system.js';
import { DEPTH } from './history.js';
import type { Replay } from './replay.js';
import type { Relation } from './tape.js';

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
}

export function createInputMoves(
  { system, tape, past, pastSlope, origin }: Replay,
  partials: Partials,
  [first, count]: readonly [first: number, count: number],
): InputMoves {
  const { delays } = system;
  /** ∂(signal of delay d at place k)/∂p at k·count + j. */
  const signals = delays.map(() => new Float64Array(tape.count * count));
  /** Where delayed signals are read, and with which weights: the first `reads[d]` of delay d. */
  const reads = new Int32Array(delays.length);
  const places = delays.map(() => new Int32Array(DEPTH));
  const weights = delays.map(() => new Float64Array(DEPTH));
  /** d/dt of what they are there, of delays that the parameters move. */
  const slopes = new Float64Array(delays.length);
  const isMoved = delays.map((_, d) =>
    Array.from({ length: count }, (_each, j) => partials.delay(first + j, d)).some((slope) => slope !== 0),
  );
  let now = 0;

  const moves: InputMoves = {
    readAt(t, pieces) {
      now = t;
      for (let d = 0; d < delays.length; d++) {
        reads[d] = past.at(t, d, pieces);
        if (isMoved[d]) slopes[d] = pastSlope(d);
        places[d].set(past.places);
        weights[d].set(past.weights);
      }
    },
    add(j, out) {
      partials.addSources(first + j, 1, now, out);
      for (let d = 0; d < delays.length; d++) {
        let sum = (reads[d] === 0 ? beforehand(j, d) : 0) - slopes[d] * partials.delay(first + j, d);
        for (let i = 0; i < reads[d]; i++) sum += weights[d][i] * signals[d][places[d][i] * count + j];
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
      for (let d = 0; d < delays.length; d++) signals[d][place * count + j] = signalMoves(j, d, x, own);
    },
    mix({ place, count: named, from, share }) {
      for (const of of signals) {
        for (let j = 0; j < count; j++) {
          let sum = 0;
          for (let i = 0; i < named; i++) sum += share[i] * of[from[i] * count + j];
          of[place * count + j] = sum;
        }
      }
    },
  };
  return moves;

  /** ∂/∂p of what delay d held before the first point. */
  function beforehand(j: number, d: number): number {
    if (tape.kindOf(0) === 'rest') return signals[d][j];
    if (Number.isNaN(delays[d].initial)) return partials.delayed(first + j, d, origin);
    return partials.delayedInitial(first + j, d);
  }

  function signalMoves(j: number, d: number, x: Float64Array, own: Float64Array): number {
    const { index, weight } = delays[d].signal;
    let sum = partials.delayed(first + j, d, x);
    for (let i = 0; i < index.length; i++) sum += weight[i] * own[index[i]];
    return sum;
  }
}
