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
  const rate = createState(size, charges, arena);
  const tol = arena.vector();
  /** f at the beginning, and rows of dq/dt at the stage and the end. */
  const f0 = arena.vector();
  const rows1 = arena.vector();
  const rows2 = arena.vector();
  const estimate = arena.vector();
  const error = estimate.subarray(0, n);
  const nothing = arena.vector();
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
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

  function rowsOfRates(rows: Float64Array): void {
    arena.rate(problem.y.y, problem.ref.y, problem.base.y, problem.alpha, rate.y);
    arena.linearResidual(nothing, nothing, rate.y, 0, rows);
    rows.fill(0, n);
    system.addChargeRates(rate.q, rows);
  }

  /** Makes the k-th term of a combination. */
  function weigh(k: number, v: Float64Array, weight: number): void {
    arena.setPoint(k, v);
    arena.a[k] = weight;
  }

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
    for (let j = 0; j < 3; j++) weigh(j, points[j].y, weights[j]);
    arena.combine(3, y);
  }

  /** Adds the second-order term that the last step's stage gives to a straight line through start and stage. */
  function bendGuess(y: Float64Array): void {
    const { points, times } = history;
    const t = times[0];
    const early = times[1] - t;
    const c = ((tEnd - t) * (tEnd - tStage)) / (early * (times[1] - tStage));
    const line = early / (tStage - t);
    weigh(0, y, 1);
    weigh(1, points[1].y, c);
    weigh(2, points[0].y, c * (line - 1));
    weigh(3, stage.y, -c * line);
    arena.combine(4, y);
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
      tolerances.allow(start.y, start.y, tol);
      problem.alpha = ALPHA / h;

      problem.y = stage;
      problem.t = tStage;
      problem.extra = f0;
      const { y: ref } = problem.ref;
      ref.set(start.y);
      guessStage();
      inputs.at(tStage, stage.y, 0);
      if (newton.solve(problem) < 0) return Number.NaN;
      rowsOfRates(rows1);

      const end = history.next;
      problem.y = end;
      problem.t = tEnd;
      problem.extra = undefined;
      weigh(0, stage.y, W1);
      weigh(1, start.y, W0);
      arena.combine(2, ref);
      weigh(0, stage.y, 1 / GAMMA);
      weigh(1, start.y, 1 - 1 / GAMMA);
      arena.combine(2, end.y);
      if (smooth()) bendGuess(end.y);
      inputs.at(tEnd, end.y, left);
      tolerances.allow(start.y, stage.y, tol);
      if (newton.solve(problem) < 0) return Number.NaN;
      rowsOfRates(rows2);
      // q̇₀ = −f₀, and rows₁ = −f₀ − f₁ as the trapezoidal rule has it, rows₂ = −f₂.
      const c = -K * h * problem.alpha;
      weigh(0, f0, (c * (2 - GAMMA)) / (GAMMA * (1 - GAMMA)));
      weigh(1, rows1, c / (GAMMA * (1 - GAMMA)));
      weigh(2, rows2, -c / (1 - GAMMA));
      arena.combine(3, estimate);
      newton.backsolve(error);
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
      weigh(0, rows2, -1);
      arena.combine(1, f0);
      counters.orders[ORDER]++;
      const factor = stepFactor(lastError, ORDER, BIAS);
      return h * (factor >= 1 && factor < LEAST_GROWTH ? 1 : Math.max(0.5, Math.min(LARGEST_GROWTH, factor)));
    },
    reject: (e, failures) => (Number.isNaN(e) ? h / 4 : h * (failures > 2 ? 0.1 : shrinkFactor(e, ORDER))),
    densePoints: () => 3,
    meshPoint: () => 2,
    pass(passage) {
      known = passage.flag(known);
      passage.vector(f0);
    },
    rates(out) {
      out.y.set(rate.y);
    },
  };
}
