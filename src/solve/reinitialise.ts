// After a jump of what drives the circuit the charges are what they were and everything else follows:
// α·(q(x) − q₀) + f(x, t) = 0 with α → ∞.
import type { Passage } from '../math/passage.js';
import { createState, type State } from './history.js';
import type { StepProblem } from './newton.js';
import type { StepContext } from './steppers/stepper.js';

export interface Reinitialiser {
  /** Whether any input differs at t (sources read `left` seconds earlier) from what the newest point holds. */
  jumps(t: number, left: number): boolean;
  /** Replaces the newest point by the consistent one at t. False when Newton failed. */
  jump(t: number, left: number): boolean;
  /** Makes the first point, at t = 0, from charges: linear ones summed per row, and the nonlinear ones. */
  fromCharges(rows: Float64Array, q: Float64Array): boolean;
  pass(passage: Passage): void;
}

const GOAL = 0.01;
/** A change of this many tolerances between two values of α says that α → ∞ is reached. */
const SETTLED = 0.05;
const SMALLER = 1e-3;
const MOST_ROUNDS = 8;

export function createReinitialiser(context: StepContext, tstop: number): Reinitialiser {
  const { system, history, arena, inputs, newton, tolerances, recorder } = context;
  const { n, size, charges } = system;
  const tol = arena.vector();
  const extra = arena.vector();
  const before = arena.vector();
  const probe = createState(size, charges);
  const problem: StepProblem = {
    y: createState(size, charges, arena),
    ref: createState(size, charges, arena),
    base: createState(size, charges, arena),
    alpha: 0,
    t: 0,
    extra: undefined,
    tol,
    goal: GOAL,
  };
  let instant = 1e-9 * tstop;
  /** The smallest α that served: a larger one says the same with more rounding. */
  let leastAlpha = 0;

  /** Solves from `problem.ref` at smaller and smaller 1/α; `rows` are charges by which the ref is to be corrected. */
  function limit(guess: Float64Array, rows: Float64Array | undefined): boolean {
    const { y } = problem.y;
    before.set(guess);
    let found = false;
    let last = Infinity;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      problem.alpha = 1 / instant;
      problem.extra = rows ? extra : undefined;
      if (rows) for (let i = 0; i < n; i++) extra[i] = -problem.alpha * rows[i];
      y.set(before);
      tolerances.allow(y, problem.ref.y, tol);
      newton.invalidate();
      if (newton.solve(problem) > 0) {
        const moved = tolerances.distance(y, before, tol);
        if (found && moved <= SETTLED) return true;
        if (last <= 1 && moved > last) return goBack();
        if (found) last = moved;
        before.set(y);
        leastAlpha = problem.alpha;
        found = true;
      }
      instant *= SMALLER;
    }
    y.set(before);
    return found && goBack();
  }

  /** The larger α only adds rounding to what was within tolerance already. */
  function goBack(): boolean {
    problem.y.y.set(before);
    problem.alpha = leastAlpha;
    instant = 1 / leastAlpha;
    return true;
  }

  /** Currents that the jump itself drove are gone an instant later. */
  function settle(t: number): boolean {
    const { y, ref, base } = problem;
    ref.y.set(y.y);
    base.y.fill(0);
    inputs.slopes(t, base.x);
    problem.extra = undefined;
    newton.invalidate();
    const done = newton.solve(problem) > 0;
    base.y.fill(0);
    newton.invalidate();
    return done;
  }

  const solveAt = (t: number, left: number, rows: Float64Array | undefined, guess: Float64Array): boolean => {
    problem.t = t;
    instant = Math.min(1e-9 * tstop, instant / SMALLER);
    inputs.at(t, guess, left);
    return limit(guess, rows) && settle(t);
  };

  return {
    jumps(t, left) {
      const now = history.points[0].x;
      probe.x.set(now);
      inputs.at(t, probe.x, left);
      for (let i = n; i < size; i++) {
        const allowed = tolerances.reltol * Math.abs(now[i]) + tolerances.absolute[i];
        if (Math.abs(probe.x[i] - now[i]) > 1e-3 * allowed) return true;
      }
      return false;
    },
    jump(t, left) {
      const newest = history.points[0];
      problem.ref.y.set(newest.y);
      probe.y.set(newest.y);
      if (!solveAt(t, left, undefined, probe.y)) return false;
      recorder?.jump(problem.y, problem.ref, newest, t, left, leastAlpha);
      replace(newest, problem.y);
      return true;
    },
    fromCharges(rows, q) {
      const first = history.next;
      problem.ref.y.fill(0);
      problem.ref.q.set(q);
      probe.y.set(first.y);
      if (!solveAt(0, 0, rows, probe.y)) return false;
      recorder?.jump(problem.y, problem.ref, undefined, 0, 0, leastAlpha);
      replace(first, problem.y);
      history.push(0);
      return true;
    },
    pass(passage) {
      instant = passage.number(instant);
      leastAlpha = passage.number(leastAlpha);
    },
  };
}

function replace(point: State, by: State): void {
  point.y.set(by.y);
  point.place = by.place;
}
