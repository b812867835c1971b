// Variable-order (1–5) backward differentiation in fixed-leading-coefficient form: y_pred and ẏ_pred extrapolate the
// last k + 1 values, and ẏ = ẏ_pred + α(y − y_pred) with α = (1 + 1/2 + … + 1/k)/h.
import {
  allowance,
  BIAS,
  BIAS_RAISE,
  LARGEST_GROWTH,
  shrinkFactor,
  stepFactor,
  worthwhile,
} from '../control.js';
import { createState } from '../history.js';
import type { StepProblem } from '../newton.js';
import type { StepContext, Stepper } from './stepper.js';
import { createTrBdf2 } from './trbdf2.js';

/** See `allowance`. */
const TIGHTENING = 0.2;
/** Newton may leave this share of the allowed error; less at high order, whose predictor magnifies what was left. */
const NEWTON_SHARE = 0.1;
const MAGNIFYING = [0, 1, 3, 9, 27, 81];
/** The error constant may vanish after a sudden change of step; Newton’s goal must not grow with that. */
const LEAST_CONSTANT = 1 / 6;
/** Steps until order and size are thought about again when nothing better was found: more once these have served long. */
const RECHECK = 2;
const SHARE_OF_AGE = 1 / 64;
/** The same at the largest step allowed, where only the order is to be chosen, and until a lower one is chosen there. */
const RESETTLE = 8;
const CONFIRM = 3;
/** 1 + 1/2 + … + 1/k. */
const LEADING = [0, 1, 3 / 2, 11 / 6, 25 / 12, 137 / 60];

/**
 * Source: Brenan, Campbell & Petzold, Numerical Solution of Initial-Value Problems in DAEs (1996), ch. 5; the order is
 * chosen as in Cohen & Hindmarsh, CVODE, Computers in Physics 10 (1996) 138: the one that promises the largest step.
 */
export function createBdf(context: StepContext): Stepper {
  const { system, history, arena, inputs, newton, tolerances, counters, maxord, recorder } = context;
  const allowed = allowance(context.trtol, tolerances.reltol, TIGHTENING);
  const { size, charges } = system;
  const ref = createState(size, charges, arena);
  const base = createState(size, charges, arena);
  const tol = arena.vector();
  const { values, rates } = arena.trail;
  const starter = createTrBdf2(context);
  const problem: StepProblem = {
    y: history.next,
    fromRef: true,
    ref,
    base,
    alpha: 0,
    t: 0,
    extra: undefined,
    tol,
    goal: 0,
  };
  let order = 1;
  let starting = true;
  let started = true;
  let wait = 0;
  /** Steps since the last change of size. */
  let age = 0;
  let lowering = false;
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
      const { times } = history;
      tEnd = to;
      before = left;
      h = tEnd - times[0];
      const { y } = history.next;
      const constant = tolerances.predict(order + 1, tEnd, ref.y, base.y, tol);
      const alpha = LEADING[order] / h;
      inputs.at(tEnd, y, left);
      arena.hold(size, y, ref.y, base.y, alpha);
      problem.y = history.next;
      problem.alpha = alpha;
      problem.t = tEnd;
      problem.goal = (NEWTON_SHARE * allowed) / (Math.max(constant, LEAST_CONSTANT) * MAGNIFYING[order]);
      const iterations = newton.solve(problem);
      if (iterations < 0) return Number.NaN;
      const moved =
        iterations === 1 && tolerances.everyUnknown ? newton.lastNorm() : arena.distance(y, ref.y, tol);
      error = (constant * moved) / allowed;
      return error;
    },
    accept(hmax) {
      if (starting) {
        const suggested = starter.accept(hmax);
        starting = false;
        started = true;
        order = Math.min(2, maxord);
        wait = order + 1;
        age = 0;
        return suggested;
      }
      started = false;
      recorder?.backward(history.next, tEnd, before, problem.alpha, history.points, order + 1, values, rates);
      counters.orders[order]++;
      wait--;
      age++;
      let factor = 1;
      if (wait <= 0) {
        if (h < 0.999 * hmax) factor = choose();
        else settle();
      }
      history.push(tEnd);
      return h * factor;
    },
    reject(e, failures) {
      if (starting) return starter.reject(e, failures);
      wait = order + 1;
      age = 0;
      if (Number.isNaN(e)) return h / 4;
      if (failures > 2 && order > 1) {
        order = 1;
        return h * 0.1;
      }
      return h * (failures > 1 ? Math.min(0.2, shrinkFactor(e, order)) : shrinkFactor(e, order));
    },
    densePoints: () => (started ? 3 : order + 1),
    meshPoint: () => (started ? 2 : 1),
    pass(passage) {
      starter.pass(passage);
      order = passage.number(order);
      starting = passage.flag(starting);
      started = passage.flag(started);
      wait = passage.number(wait);
      age = passage.number(age);
      lowering = passage.flag(lowering);
    },
    rates(out) {
      if (started) starter.rates(out);
      else newton.rates(problem, out);
    },
  };

  /** The order in {k − 1, k, k + 1} with the largest next step; returns that step over h. */
  function choose(): number {
    let best = stepFactor(error, order, BIAS);
    let chosen = order;
    if (order > 1) {
      const lower = stepFactor(estimate(order - 1), order - 1, BIAS);
      if (lower > best) {
        best = lower;
        chosen = order - 1;
      }
    }
    if (order < maxord && history.count > order + 1) {
      const higher = stepFactor(estimate(order + 1), order + 1, BIAS_RAISE);
      if (higher > best) {
        best = higher;
        chosen = order + 1;
      }
    }
    if (best < worthwhile(age)) {
      wait = Math.min(RESETTLE, Math.max(RECHECK, Math.floor(SHARE_OF_AGE * age)));
      return 1;
    }
    order = chosen;
    wait = order + 1;
    age = 0;
    return Math.min(LARGEST_GROWTH, best);
  }

  /** At the largest step allowed: the order in {k − 1, k, k + 1} with the smallest error, a lower one only when it is so twice. */
  function settle(): void {
    let least = error;
    let chosen = order;
    if (order > 1) {
      const lower = estimate(order - 1);
      if (lower < least) {
        least = lower;
        chosen = order - 1;
      }
    }
    if (order < maxord && history.count > order + 1 && estimate(order + 1) < least) chosen = order + 1;
    lowering = chosen < order && !lowering;
    if (lowering) {
      wait = CONFIRM;
      return;
    }
    wait = chosen === order ? RESETTLE : chosen + 1;
    order = chosen;
  }

  /** Local error that order k would have made in this step. */
  function estimate(k: number): number {
    return arena.estimate(k + 1, tEnd, history.next.y, tol) / allowed;
  }
}
