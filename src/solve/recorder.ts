// Writes a march down: what steppers, the reinitialiser and the search for crossings tell of every accepted point. Points
// that no step leads to are solved to rounding where they stand, so that the march goes on from what the tape says.
import type { Arena } from '../math/vectors.js';
import { createState, DEPTH, type History, lagrange, type State } from './history.js';
import type { Inputs } from './inputs.js';
import type { Newton } from './newton.js';
import { blankRelation, makeRoom, type RelationKind } from './relation.js';
import type { Relations } from './relations.js';
import type { Beginning } from './segment.js';
import type { Writer } from './tape.js';

/** Called once a step is accepted; every call names `y` by its place on the tape. */
export interface Recorder {
  /** The march begins at the first point of the tape: at an equilibrium, which is returned, or with the charges of `uic`. */
  begin(begin: Beginning): Beginning;
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
  /** y solves q = q_0 − h·f_1, to rounding already. */
  stage(y: State, t: number, left: number, from: State, by: State, h: number): void;
  /** y solves q = q_0 − h·Σ b_s·f_s over the stages s, of which the first is where the step begins, to rounding. */
  sum(y: State, t: number, left: number, stages: readonly State[], h: number, b: Float64Array): void;
  /** Points told by `stage` and `sum` were solved with last corrections of this size, in units of the tolerances. */
  corrected(residual: number): void;
  /**
   * y follows from `impulse`, and that from `before`, or from the charges of `uic` when there is none; both are moved by
   * Newton's error.
   */
  jump(y: State, impulse: State, before: State | undefined, t: number, left: number, alpha: number): void;
  /** `history.next` is the dense output through the first m points at t. */
  mix(history: History, t: number, m: number): void;
  /** The signal of a mode crosses at the point told last; from there the march heads for a corner. */
  crossing(mode: number, corner: number): void;
  /** A step from the history's point `mesh` to its newest; dense output goes through the first m points. */
  piece(history: History, mesh: number, m: number): void;
}

/** What solves points; its states are vectors of the arena, its factors are those of Newton's method. */
export interface Solver {
  readonly arena: Arena;
  readonly relations: Relations;
  readonly newton: Newton;
}

export function createRecorder(tape: Writer, inputs: Inputs, solver: Solver): Recorder {
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  const relation = blankRelation();
  const named: State[] = [];
  /** At rest: the march may begin again. */
  let start: State | undefined;

  /** The relation of y, with room for the names of so many points. */
  function open(kind: RelationKind, t: number, left: number, alpha: number, most: number): void {
    makeRoom(relation, most);
    relation.kind = kind;
    relation.t = t;
    relation.left = left;
    relation.alpha = alpha;
    relation.modes = inputs.modes;
    relation.count = 0;
  }

  function name(point: State, share: number): void {
    const { count } = relation;
    named[count] = point;
    relation.from[count] = point.place;
    relation.share[count] = share;
    relation.count++;
  }

  function add(y: State): void {
    y.place = tape.add(relation).place;
  }

  /** Keeps a step as the march has left it. */
  function close(y: State): void {
    add(y);
    const remainder = solver.newton.remainder();
    if (remainder > tape.residual) tape.residual = remainder;
    tape.keep(y.x);
  }

  /** Solves a point that no step leads to, with factors of which Newton's method is to know nothing. */
  function closeAlone(y: State): void {
    const { relations, newton } = solver;
    add(y);
    relations.solve(relation, y, named);
    newton.invalidate();
    tape.residual = Math.max(tape.residual, relations.residual());
    tape.keep(y.x);
  }

  return {
    begin(begin) {
      if (begin.charges) return begin;
      const { size, charges, sources } = tape.system;
      const point = (start ??= createState(size, charges, solver.arena));
      point.x.set(begin.x);
      for (let k = 0; k < inputs.values.length; k++) inputs.values[k] = sources[k].value(0);
      inputs.steady(point.x);
      open('rest', 0, 0, 0, 0);
      closeAlone(point);
      tape.begin = { ...begin, x: point.x.slice() };
      return tape.begin;
    },
    step(y, t, left, alpha, from, share) {
      open('step', t, left, alpha, from.length);
      for (let j = 0; j < from.length; j++) name(from[j], share[j]);
      close(y);
    },
    trapezoid(y, t, left, alpha, from) {
      open('trapezoid', t, left, alpha, 1);
      name(from, 1);
      tape.carry(from.place);
      close(y);
    },
    backward(y, t, left, alpha, from, m, a, b) {
      open('step', t, left, alpha, m);
      const { from: places, share } = relation;
      const inverse = 1 / alpha;
      for (let j = 0; j < m; j++) {
        places[j] = from[j].place;
        share[j] = a[j] - b[j] * inverse;
      }
      relation.count = m;
      close(y);
    },
    stage(y, t, left, from, by, h) {
      open('explicit', t, left, Infinity, 2);
      name(from, 1);
      name(by, h);
      tape.carry(by.place);
      add(y);
      tape.keep(y.x);
    },
    sum(y, t, left, stages, h, b) {
      open('explicit', t, left, Infinity, 1 + b.length);
      name(stages[0], 1);
      for (let s = 0; s < b.length; s++) {
        if (b[s] === 0) continue;
        name(stages[s], h * b[s]);
        tape.carry(stages[s].place);
      }
      add(y);
      tape.keep(y.x);
    },
    corrected(residual) {
      tape.residual = Math.max(tape.residual, residual);
    },
    jump(y, impulse, before, t, left, alpha) {
      open(before ? 'step' : 'charges', t, left, alpha, 1);
      if (before) name(before, 1);
      closeAlone(impulse);
      open('slope', t, left, alpha, 1);
      name(impulse, 1);
      closeAlone(y);
    },
    mix({ next, times, points }, t, m) {
      lagrange(times, m, t, weights, slopes);
      open('mix', t, 0, 0, m);
      for (let j = 0; j < m; j++) name(points[j], weights[j]);
      add(next);
      tape.keep(next.x);
    },
    crossing(mode, corner) {
      tape.cross(mode, corner);
    },
    piece({ points }, mesh, m) {
      tape.addPiece(mesh, points, m);
    },
  };
}
