// Trapezoidal rule: ẏ = 2/h·(y − y_n) − ẏ_n; order 2, no damping at all. Error from the third difference.
import { allowance, LARGEST_GROWTH, shrinkFactor, stepFactor } from '../control.js';
import { createState } from '../history.js';
import type { StepProblem } from '../newton.js';
import type { StepContext, Stepper } from './stepper.js';
import { createTrBdf2 } from './trbdf2.js';

const ORDER = 2;
const BIAS = 3;
const LEAST_GROWTH = 1.2;
/** See `allowance`. */
const TIGHTENING = 0.25;
const NEWTON_SHARE = 0.05;

/** Starts with one step of TR-BDF2, whose last stage gives ẏ. Source: Brenan, Campbell & Petzold (1996), 4.2. */
export function createTrapezoidal(context: StepContext): Stepper {
  const { system, history, arena, inputs, newton, tolerances, counters, recorder } = context;
  const allowed = allowance(context.trtol, tolerances.reltol, TIGHTENING);
  const { n, size, charges } = system;
  const starter = createTrBdf2(context);
  const tol = arena.vector();
  const predicted = createState(size, charges, arena);
  const unused = arena.vector();
  const slope = createState(size, charges);
  const rate = createState(size, charges);
  const problem: StepProblem = {
    y: history.next,
    ref: createState(size, charges, arena),
    base: createState(size, charges, arena),
    alpha: 0,
    t: 0,
    extra: undefined,
    tol,
    goal: NEWTON_SHARE * allowed,
  };
  let starting = true;
  let started = false;
  let h = 0;
  let tEnd = 0;
  let before = 0;
  let error = 0;

  return {
    restart() {
      starter.restart();
      starting = true;
    },
    attempt(to, left) {
      if (starting) return starter.attempt(to, left);
      const { times, points } = history;
      tEnd = to;
      before = left;
      h = tEnd - times[0];
      const { next } = history;
      tolerances.predict(3, tEnd, predicted.y, unused, tol);
      next.y.set(predicted.y);
      inputs.at(tEnd, next.y, left);
      const start = points[0].y;
      const ref = problem.ref.y;
      const base = problem.base.y;
      for (let i = 0; i < ref.length; i++) {
        ref[i] = start[i];
        base[i] = -slope.y[i];
      }
      problem.y = next;
      problem.alpha = 2 / h;
      problem.t = tEnd;
      if (newton.solve(problem) < 0) return Number.NaN;
      for (let i = n; i < size; i++) predicted.y[i] = next.y[i];
      // y − y_pred = y‴·(Π/6 + h³/12), of which the last is the rule's own.
      const product = h * (tEnd - times[1]) * (tEnd - times[2]);
      const constant = h ** 3 / (2 * product + h ** 3);
      error = (constant * tolerances.distance(next.y, predicted.y, tol)) / allowed;
      return error;
    },
    accept() {
      if (starting) {
        const suggested = starter.accept(Infinity);
        starter.rates(slope);
        starting = false;
        started = true;
        return suggested;
      }
      started = false;
      recorder?.trapezoid(history.next, tEnd, before, problem.alpha, history.points[0]);
      newton.rates(problem, rate);
      slope.y.set(rate.y);
      history.push(tEnd);
      counters.orders[ORDER]++;
      const factor = stepFactor(error, ORDER, BIAS);
      return h * (factor >= 1 && factor < LEAST_GROWTH ? 1 : Math.max(0.5, Math.min(LARGEST_GROWTH, factor)));
    },
    reject(e, failures) {
      if (starting) return starter.reject(e, failures);
      return Number.isNaN(e) ? h / 4 : h * (failures > 2 ? 0.1 : shrinkFactor(e, ORDER));
    },
    densePoints: () => 3,
    meshPoint: () => (started ? 2 : 1),
    pass(passage) {
      starter.pass(passage);
      starting = passage.flag(starting);
      started = passage.flag(started);
      passage.vector(slope.y);
    },
    rates(out) {
      out.y.set(slope.y);
    },
  };
}
