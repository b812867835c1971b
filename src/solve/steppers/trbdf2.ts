// TR-BDF2: trapezoidal rule to t + γh, then BDF2 to t + h with the same matrix G + αC; L-stable, order 2, error from
// the three rates.
import { allowance, LARGEST_GROWTH, shrinkFactor, stepFactor } from '../control.js';
import { createState, DEPTH, lagrange } from '../history.js';
import type { StepProblem } from '../newton.js';
import type { StepContext, Stepper } from './stepper.js';

const GAMMA = 2 - Math.SQRT2;
/** α·h of both stages. */
const ALPHA = 2 / GAMMA;
/** q₂ = W1·q₁ + W0·q₀ + q̇₂/α. */
const W1 = 1 / (GAMMA * (2 - GAMMA));
const W0 = -((1 - GAMMA) ** 2) / (GAMMA * (2 - GAMMA));
/** Local error K·h·(q̇₀/γ − q̇₁/(γ(1 − γ)) + q̇₂/(1 − γ)). */
const K = (-3 * GAMMA * GAMMA + 4 * GAMMA - 2) / (6 * (2 - GAMMA));
const ORDER = 2;
const BIAS = 3;
/** Growth below this keeps the step and with it the factors. */
const LEAST_GROWTH = 1.2;
/** See `allowance`. */
const TIGHTENING = 0.25;
const NEWTON_SHARE = 0.03;
/** Share of its bend by which a quadratic through the three points may miss an algebraic unknown in between. */
const BEND = 0.25;

/**
 * Source: Bank, Coughran, Fichtner, Grosse, Rose & Smith, IEEE Trans. CAD 4 (1985) 436; Hosea & Shampine, Appl. Numer.
 * Math. 20 (1996) 21 (the error is filtered through the iteration matrix).
 */
export function createTrBdf2(context: StepContext): Stepper {
  const { system, history, arena, inputs, newton, tolerances, counters, recorder } = context;
  const allowed = allowance(context.trtol, tolerances.reltol, TIGHTENING);
  const { n, size, charges } = system;
  const rate = createState(size, charges);
  const tol = arena.vector();
  // Rows of −dq/dt at the beginning, the stage and the end.
  const f0 = new Float64Array(size);
  const f1 = new Float64Array(size);
  const f2 = new Float64Array(size);
  const rows = new Float64Array(size);
  const error = new Float64Array(n);
  const estimate = arena.vector();
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  const nothing = arena.vector();
  const problem: StepProblem = {
    y: createState(size, charges, arena),
    ref: createState(size, charges, arena),
    base: createState(size, charges, arena),
    alpha: 0,
    t: 0,
    extra: undefined,
    tol,
    goal: NEWTON_SHARE * allowed,
  };
  let stage = problem.y;
  let known = false;
  let h = 0;
  let tEnd = 0;
  let tStage = 0;
  let before = 0;
  let lastError = 0;

  const rowsOfRates = () => {
    newton.rates(problem, rate);
    rows.fill(0);
    system.addRates(rate.x, rate.q, rows);
  };

  /** Whether the last step is long enough for its points to be extrapolated over this one. */
  const smooth = () => history.count >= 3 && h <= 4 * (history.times[0] - history.times[2]);

  function guessStage(): void {
    const y = stage.y;
    const { points, times } = history;
    if (!smooth()) {
      y.set(points[0].y);
      return;
    }
    lagrange(times, 3, tStage, weights, slopes);
    const [w0, w1, w2] = weights;
    const [p0, p1, p2] = points;
    for (let i = 0; i < y.length; i++) y[i] = w0 * p0.y[i] + w1 * p1.y[i] + w2 * p2.y[i];
  }

  /** Adds the second-order term that the last step's stage gives to a straight line through start and stage. */
  function bendGuess(y: Float64Array): void {
    const { points, times } = history;
    const t = times[0];
    const early = times[1] - t;
    const c = ((tEnd - t) * (tEnd - tStage)) / (early * (times[1] - tStage));
    const line = early / (tStage - t);
    const y0 = points[0].y;
    const before = points[1].y;
    const y1 = stage.y;
    for (let i = 0; i < y.length; i++) y[i] += c * (before[i] - y0[i] - line * (y1[i] - y0[i]));
  }

  /** How far algebraic nodes, of which the rates say nothing, bend away from a straight line through start and stage. */
  function bending(y0: Float64Array, y2: Float64Array): number {
    const { algebraic } = tolerances;
    const y1 = stage.y;
    let norm = 0;
    for (let k = 0; k < algebraic.length; k++) {
      const i = algebraic[k];
      const bend = BEND * Math.abs(y2[i] - y0[i] - (y1[i] - y0[i]) / GAMMA);
      if (bend > norm * tol[i]) norm = bend / tol[i];
    }
    return norm;
  }

  return {
    restart() {
      known = false;
    },
    attempt(to, left) {
      const start = history.points[0];
      const t0 = history.times[0];
      tEnd = to;
      before = left;
      h = tEnd - t0;
      tStage = t0 + GAMMA * h;
      if (!known) {
        counters.evaluations++;
        system.evaluate(start.y, t0, f0, start.q);
        known = true;
      }
      arena.allow(start.y, start.y, tol, tolerances);
      problem.alpha = ALPHA / h;

      problem.y = stage;
      problem.t = tStage;
      problem.extra = f0;
      const { y: ref } = problem.ref;
      ref.set(start.y);
      guessStage();
      inputs.at(tStage, stage.y, 0);
      if (newton.solve(problem) < 0) return Number.NaN;
      rowsOfRates();
      for (let i = 0; i < n; i++) f1[i] = -rows[i] - f0[i];

      const end = history.next;
      problem.y = end;
      problem.t = tEnd;
      problem.extra = undefined;
      for (let i = 0; i < ref.length; i++) {
        const y0 = start.y[i];
        const y1 = stage.y[i];
        ref[i] = W1 * y1 + W0 * y0;
        end.y[i] = y1 + ((1 - GAMMA) / GAMMA) * (y1 - y0);
      }
      if (smooth()) bendGuess(end.y);
      inputs.at(tEnd, end.y, left);
      arena.allow(start.y, stage.y, tol, tolerances);
      if (newton.solve(problem) < 0) return Number.NaN;
      rowsOfRates();
      const c = -K * h * problem.alpha;
      for (let i = 0; i < n; i++) {
        f2[i] = -rows[i];
        error[i] = c * (f0[i] / GAMMA - f1[i] / (GAMMA * (1 - GAMMA)) + f2[i] / (1 - GAMMA));
      }
      newton.backsolve(error);
      estimate.set(error);
      lastError = Math.max(tolerances.distance(estimate, nothing, tol), bending(start.y, end.y)) / allowed;
      return lastError;
    },
    accept() {
      const end = history.next;
      const start = history.points[0];
      recorder?.trapezoid(stage, tStage, 0, problem.alpha, start);
      recorder?.step(end, tEnd, before, problem.alpha, [stage, start], [W1, W0]);
      history.next = stage;
      history.push(tStage);
      stage = history.next;
      history.next = end;
      history.push(tEnd);
      f0.set(f2);
      counters.orders[ORDER]++;
      const factor = stepFactor(lastError, ORDER, BIAS);
      return h * (factor >= 1 && factor < LEAST_GROWTH ? 1 : Math.max(0.5, Math.min(LARGEST_GROWTH, factor)));
    },
    reject: (e, failures) => (Number.isNaN(e) ? h / 4 : h * (failures > 2 ? 0.1 : shrinkFactor(e, ORDER))),
    densePoints: () => 3,
    meshPoint: () => 2,
    rates(out) {
      out.y.set(rate.y);
    },
  };
}
