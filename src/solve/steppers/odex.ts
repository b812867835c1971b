// ẋ = −C⁻¹(f(x, t) + C_inputs·u̇) by extrapolation of the explicit midpoint rule in the charges, with the order and the
// step size that do the least work: for circuits whose C is invertible and that are not stiff.
import type { System } from '../../circuit/system.js';
import { SimulationError } from '../../errors.js';
import { combineRows } from '../../math/loops.js';
import { allowance } from '../control.js';
import { createState, type State } from '../history.js';
import type { Recorder } from '../recorder.js';
import { createChargeSolver, notAnOde } from './charge-solver.js';
import { COLUMNS, offset, stagesOf, substeps, tableau } from './extrapolation.js';
import type { StepContext, Stepper } from './stepper.js';

/** Steps between two corners after which the circuit is taken to be stiff. */
const MOST_STEPS = 1_000_000;
const FIRST_TARGET = 4;
/** Errors of long steps add up where nothing damps them. */
const SHARPER = 0.03;
/** See `allowance`. */
const TIGHTENING = 0.1;
/** The next step is that at which the error would be a share of what is allowed, times a reserve. */
const SHARE = 0.65;
const RESERVE = 0.94;
/** From step to step the size changes by factors between LEAST^(1/(2k − 1))/4 and the inverse of that root. */
const LEAST = 0.02;
/** The order is lowered, or raised, where that changes the work per second by these factors. */
const LOWER = 0.8;
const RAISE = 0.9;
/** The error of dense output over the last term that it holds. */
const BEYOND_BEND = 0.1;
/** Weights of the first stage alone. */
const START = Float64Array.of(1);

/**
 * Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.9 (order and step size control).
 *
 * @throws SimulationError `not-an-ode` when C is singular or there are delays or modes; `too-many-steps` from `attempt`
 * when the circuit proves stiff.
 */
export function createOdex(context: StepContext): Stepper {
  const { system, history, arena, lin, tolerances, counters, recorder } = context;
  demandOde(system);
  const { n, size, charges } = system;
  const allowed = allowance(SHARPER * context.trtol, tolerances.reltol, TIGHTENING);
  const tol = arena.vector();
  const charge = createChargeSolver(context, tol, allowed);
  const y = createState(size, charges, arena);
  let moved = new Float64Array(n);
  let movedBefore = new Float64Array(n);
  /** f of the stages, and the stages themselves while they are to be written down. */
  let currents = new Float64Array(n * stagesOf(FIRST_TARGET + 1));
  const stages: State[] = [];
  const nodes: State[] = [];
  const errors = new Float64Array(COLUMNS + 1);
  const sizes = new Float64Array(COLUMNS + 1);
  let target = FIRST_TARGET;
  let columns = 0;
  let inside = 0;
  let known = false;
  let rejected = false;
  let steps = 0;
  let h = 0;
  let tStart = 0;
  let tEnd = 0;
  let before = 0;
  let bend = 0;
  let worst = 0;

  return {
    restart() {
      known = false;
      rejected = false;
      steps = 0;
      inside = 0;
      charge.begin(history.points[0], history.times[0], true);
    },
    attempt(to, left) {
      if (++steps > MOST_STEPS) throw tooManySteps(tStart, h);
      tStart = history.times[0];
      tEnd = to;
      before = left;
      h = to - tStart;
      begin();
      tolerances.allow(history.points[0].y, history.points[0].y, tol);
      bend = 0;
      for (let k = 1; k <= target + 1; k++) {
        columns = k;
        if (!fillColumn(k)) return Number.NaN;
        if (k === 1) {
          tolerances.allow(history.points[0].y, y.y, tol);
          continue;
        }
        if (k < target - 2) continue;
        errors[k] = measure(tableau(k).error);
        if (!(errors[k] < Infinity)) return Number.NaN;
        sizes[k] = h * growth(k);
        if (k < target - 1) continue;
        if (errors[k] <= 1) return finish(k) ? Math.max(errors[k], bend) : Number.NaN;
        if (errors[k] > reducible(k)) break;
      }
      return errors[columns];
    },
    accept(hmax) {
      if (recorder) writeDown(recorder);
      const { theta } = tableau(columns);
      inside = theta.length;
      const end = history.next;
      for (let i = 0; i < inside; i++) {
        history.next = nodes[i];
        history.push(tStart + theta[i] * h);
        nodes[i] = history.next;
      }
      history.next = end;
      history.push(tEnd);
      known = false;
      counters.orders[2 * columns]++;
      return next(hmax);
    },
    reject(error) {
      rejected = true;
      if (Number.isNaN(error)) return h / 4;
      target = Math.min(columns, target);
      if (target > 2 && work(target - 1, Infinity) < RAISE * work(target, Infinity)) target--;
      return Math.min(sizes[target], sizeForBend());
    },
    densePoints: () => inside + 2,
    meshPoint: () => inside + 1,
    pass(passage) {
      charge.pass(passage);
      target = passage.number(target);
      inside = passage.number(inside);
      steps = passage.number(steps);
      rejected = passage.flag(rejected);
      if (passage.back) known = false;
    },
    rates(out) {
      begin();
      charge.rates(currents, tEnd, before, h, out);
    },
    worst: () => worst,
  };

  /** f and the factors of C where the step begins. */
  function begin(): void {
    if (known) return;
    known = true;
    const start = history.points[0];
    charge.begin(start, history.times[0], false);
    y.y.set(start.y);
    evaluate(0, history.times[0]);
  }

  /** f of stage s := f(y, t). */
  function evaluate(s: number, t: number): void {
    counters.evaluations++;
    system.evaluate(y.x, t, lin.f, y.q);
    currents.set(lin.residual, s * n);
  }

  /** Of the i-th stage of column k, and how much earlier inputs are read there. */
  function timeOf(k: number, i: number): number {
    return i === substeps(k) ? tEnd : tStart + (i * h) / substeps(k);
  }

  function leftOf(k: number, i: number): number {
    return i === substeps(k) ? before : 0;
  }

  /** Room for f of so many stages. */
  function reserve(stages: number): void {
    if (currents.length >= n * stages) return;
    const grown = new Float64Array(n * stages);
    grown.set(currents);
    currents = grown;
  }

  /** The stages of column k; the last is left in y. */
  function fillColumn(k: number): boolean {
    const count = substeps(k);
    const first = offset(k);
    reserve(stagesOf(k));
    y.y.set(history.points[0].y);
    movedBefore.fill(0);
    combineRows(moved, -h / count, START, currents, n);
    for (let i = 1; ; i++) {
      const t = timeOf(k, i);
      if (!charge.solve(moved, y, t, leftOf(k, i))) return false;
      const s = first + i;
      evaluate(s, t);
      if (recorder) {
        stages[s] ??= createState(size, charges);
        stages[s].y.set(y.y);
      }
      if (i === count) return true;
      for (let c = 0, at = s * n; c < n; c++, at++) movedBefore[c] -= ((2 * h) / count) * currents[at];
      const swap = moved;
      moved = movedBefore;
      movedBefore = swap;
    }
  }

  /** The largest of C⁻¹·h·Σ b_s·f_s in units of what is allowed. */
  function measure(b: Float64Array): number {
    combineRows(moved, h, b, currents, n);
    charge.backsolve(moved);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const size = Math.abs(moved[i]) / tol[i];
      if (size <= norm) continue;
      norm = size;
      worst = i;
    }
    return norm / allowed;
  }

  /** The inner nodes and the end, from k columns. */
  function finish(k: number): boolean {
    const { end, theta, inner, bend: highest } = tableau(k);
    bend = BEYOND_BEND * measure(highest);
    y.y.set(history.points[0].y);
    for (let i = 0; i < theta.length; i++) {
      nodes[i] ??= createState(size, charges, arena);
      combineRows(moved, -h, inner[i], currents, n);
      if (!charge.solve(moved, y, tStart + theta[i] * h, 0)) return false;
      nodes[i].y.set(y.y);
    }
    combineRows(moved, -h, end, currents, n);
    history.next.y.set(y.y);
    return charge.solve(moved, history.next, tEnd, before);
  }

  function writeDown(to: Recorder): void {
    stages[0] = history.points[0];
    for (let k = 1; k <= columns; k++) {
      const step = h / substeps(k);
      for (let i = 1; i <= substeps(k); i++) {
        const s = offset(k) + i;
        const [from, by] = [stages[i < 3 ? 0 : s - 2], stages[i < 2 ? 0 : s - 1]];
        to.stage(stages[s], timeOf(k, i), leftOf(k, i), from, by, i < 2 ? step : 2 * step);
      }
    }
    const { end, theta, inner } = tableau(columns);
    for (let i = 0; i < theta.length; i++) to.sum(nodes[i], tStart + theta[i] * h, 0, stages, h, inner[i]);
    to.sum(history.next, tEnd, before, stages, h, end);
    to.corrected(charge.residual());
  }

  /** What column k’s error suggests the step be multiplied by. */
  function growth(k: number): number {
    const root = 1 / (2 * k - 1);
    const least = LEAST ** root;
    return Math.max(least / 4, Math.min(1 / least, RESERVE * (SHARE / errors[k]) ** root));
  }

  function sizeForBend(): number {
    return bend > 0 ? h * RESERVE * (SHARE / bend) ** (1 / (2 * columns)) : Infinity;
  }

  /** By this the columns that may follow are expected to reduce an error. */
  function reducible(k: number): number {
    let factor = 1;
    for (let j = k + 1; j <= target + 1; j++) factor *= substeps(j) / substeps(1);
    return factor * factor;
  }

  /** Stages per second with k columns; an inner node takes half of one. */
  function work(k: number, hmax: number): number {
    return (stagesOf(k) + k) / Math.min(sizes[k], hmax);
  }

  /** The step that follows on one accepted, and how many columns are likely to be enough for it. */
  function next(hmax: number): number {
    const k = columns;
    let chosen = Math.min(k, target);
    if (chosen > 2 && work(chosen - 1, hmax) < LOWER * work(chosen, hmax)) chosen--;
    else if (k > target) {
      if (work(k, hmax) < RAISE * work(chosen, hmax)) chosen = k;
    } else if (k === 2 || work(k, hmax) < RAISE * work(k - 1, hmax)) chosen = k + 1;
    if (rejected) chosen = Math.min(chosen, k);
    target = Math.min(chosen, COLUMNS - 1);
    const size = target > k ? (sizes[k] * stagesOf(k + 1)) / stagesOf(k) : sizes[target];
    const most = rejected ? h : Infinity;
    rejected = false;
    return Math.min(size, sizeForBend(), most);
  }
}

function demandOde({ delays, modes }: System): void {
  if (delays.length > 0) throw notAnOde('it contains delays', delays[0].element);
  if (modes.length > 0) throw notAnOde('it contains switches', modes[0].element);
}

const tooManySteps = (time: number, step: number): SimulationError =>
  new SimulationError(`odex needs more than ${MOST_STEPS} steps at t = ${time} s: the circuit is stiff`, {
    code: 'too-many-steps',
    time,
    step,
    unknowns: [],
    devices: [],
    tried: ['odex; the methods bdf and trbdf2 take stiff circuits'],
  });
