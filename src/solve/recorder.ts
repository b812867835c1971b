// Writes a march down: what steppers, the reinitialiser and the search for crossings tell of every accepted point.
import { DEPTH, type History, lagrange, type State } from './history.js';
import type { Inputs } from './inputs.js';
import type { RelationKind, Writer } from './tape.js';

/** Called once a step is accepted; every call names `y` by its place on the tape. */
export interface Recorder {
  /** y is the equilibrium from which the march begins. */
  rest(y: State): void;
  /** y solves α·(q − Σ u_j·q_j) + f = 0; `left` as in `Inputs.at`. */
  step(
    y: State,
    t: number,
    left: number,
    alpha: number,
    from: readonly State[],
    share: readonly number[],
  ): void;
  /** y solves α·(q − q_0) + f + f_0 = 0. */
  trapezoid(y: State, t: number, left: number, alpha: number, from: State): void;
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
  /** y solves q = q_0 − h·f_1. */
  stage(y: State, t: number, left: number, from: State, by: State, h: number): void;
  /** y solves q = q_0 − h·Σ b_s·f_s over the stages s, of which the first is where the step begins. */
  sum(y: State, t: number, left: number, stages: readonly State[], h: number, b: Float64Array): void;
  /** y follows from `impulse`, and that from the point at `before`, or from the charges of `uic` when that is −1. */
  jump(y: State, impulse: State, before: number, t: number, left: number, alpha: number): void;
  /** `history.next` is the dense output through the first m points at t. */
  mix(history: History, t: number, m: number): void;
  /** A step from the history's point `mesh` to its newest; dense output goes through the first m points. */
  piece(history: History, mesh: number, m: number): void;
}

export function createRecorder(tape: Writer, inputs: Inputs): Recorder {
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);

  function begin(y: State, kind: RelationKind, t: number, left: number, alpha: number): void {
    tape.setModes(inputs.modes);
    y.place = tape.add(kind, t, left, alpha);
  }

  return {
    rest(y) {
      begin(y, 'rest', 0, 0, 0);
      tape.keep(y.x);
    },
    step(y, t, left, alpha, from, share) {
      begin(y, 'step', t, left, alpha);
      for (let j = 0; j < from.length; j++) tape.name(from[j].place, share[j]);
      tape.keep(y.x);
    },
    trapezoid(y, t, left, alpha, from) {
      begin(y, 'trapezoid', t, left, alpha);
      tape.name(from.place, 1);
      tape.keep(y.x);
    },
    backward(y, t, left, alpha, from, m, a, b) {
      begin(y, 'step', t, left, alpha);
      for (let j = 0; j < m; j++) tape.name(from[j].place, a[j] - b[j] / alpha);
      tape.keep(y.x);
    },
    stage(y, t, left, from, by, h) {
      begin(y, 'explicit', t, left, Infinity);
      tape.name(from.place, 1);
      tape.name(by.place, h);
      tape.keep(y.x);
    },
    sum(y, t, left, stages, h, b) {
      begin(y, 'explicit', t, left, Infinity);
      tape.name(stages[0].place, 1);
      for (let s = 0; s < b.length; s++) if (b[s] !== 0) tape.name(stages[s].place, h * b[s]);
      tape.keep(y.x);
    },
    jump(y, impulse, before, t, left, alpha) {
      begin(impulse, before < 0 ? 'charges' : 'step', t, left, alpha);
      if (before >= 0) tape.name(before, 1);
      tape.keep(impulse.x);
      begin(y, 'slope', t, left, alpha);
      tape.name(impulse.place, 1);
      tape.keep(y.x);
    },
    mix({ next, times, points }, t, m) {
      lagrange(times, m, t, weights, slopes);
      begin(next, 'mix', t, 0, 0);
      for (let j = 0; j < m; j++) tape.name(points[j].place, weights[j]);
      tape.keep(next.x);
    },
    piece({ points }, mesh, m) {
      tape.addPiece(mesh);
      for (let j = 0; j < m; j++) tape.goThrough(points[j].place);
    },
  };
}
