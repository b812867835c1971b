// y from its charges by rows, q(y) = q(y₀) + moved, where inputs have charges too: one solution with C, and Newton's
// method where charges are nonlinear.
import { SimulationError } from '../../errors.js';
import type { Passage } from '../../math/passage.js';
import { createState, type State } from '../history.js';
import type { StepContext } from './stepper.js';

export interface ChargeSolver {
  /** Charges are counted from `start`, a point at t; C is factored there unless it is constant and factored already. */
  begin(start: State, t: number, anew: boolean): void;
  /**
   * y, entered with a guess, := the point at t whose charges are those of the start and `moved` (length n); `left` as
   * in `Inputs.at`. False when Newton failed.
   */
  solve(moved: Float64Array, y: State, t: number, left: number): boolean;
  /** v := C⁻¹ v, length n. */
  backsolve(v: Float64Array): void;
  /** Largest last correction of Newton’s method so far, in units of the tolerances. */
  residual(): number;
  /** Hands over whether C is factored; the factors are the LU's to hand over. */
  pass(passage: Passage): void;
  /** ẏ at the start, a point at t with currents f (its first n entries): inputs have their slopes `left` seconds earlier, h is a step’s size. */
  rates(f: Float64Array, t: number, left: number, h: number, out: State): void;
}

const MOST_ITERATIONS = 20;
/** Corrections that shrink less than this call for a new matrix. */
const CONTRACTION = 0.3;
/** Share of the error allowed that Newton may leave. */
const GOAL = 0.01;
/** What is written down is solved to rounding: to relative corrections below which the next changes nothing. */
const NEGLIGIBLE = 1e-14;
/** Relative corrections this small that no longer shrink are rounding. */
const SMALL = 1e-7;
/** Share of a step over which charges are differenced along the trajectory. */
const NUDGE = 2 ** -17;

/**
 * @param tol corrections are measured by it
 * @param allowed error allowed in units of tol
 * @throws SimulationError `not-an-ode` from `begin` when C is singular
 */
export function createChargeSolver(context: StepContext, tol: Float64Array, allowed: number): ChargeSolver {
  const { system, inputs, lin, counters, tolerances, recorder } = context;
  const { n, size, charges, pattern } = system;
  const { lu, G, C } = lin;
  const rows = new Float64Array(size);
  const solution = rows.subarray(0, n);
  const difference = createState(size, charges);
  const unused = new Float64Array(charges);
  const border = [...system.borderCol.keys()].filter(
    (k) => system.borderRow[k] < n && system.borderCol[k] >= n,
  );
  const borderRow = Int32Array.from(border, (k) => system.borderRow[k]);
  const borderCol = Int32Array.from(border, (k) => system.borderCol[k]);
  const borderSlot = Int32Array.from(border, (k) => pattern.nnz + k);
  let start = createState(size, charges);
  const goal = recorder ? NEGLIGIBLE / tolerances.reltol : GOAL * allowed;
  let factored = false;
  /** G and C hold what was factored. */
  let assembled = false;
  let worst = 0;

  return {
    begin(point, t, anew) {
      start = point;
      if (anew) factored = false;
      if (!factored || charges > 0) factor(point.x, t);
      else if (!assembled) assemble(point.x, t);
    },
    solve: charges > 0 ? iterate : solveOnce,
    backsolve(v) {
      lu.solve(v);
    },
    residual: () => worst,
    pass(passage) {
      factored = passage.flag(factored);
      if (passage.back) assembled = false;
    },
    rates(f, t, left, h, out) {
      out.y.fill(0);
      inputs.slopes(t - left, out.x);
      for (let i = 0; i < n; i++) rows[i] = -f[i];
      addBorder(rows, out.x);
      lu.solve(solution);
      for (let i = 0; i < n; i++) out.x[i] = rows[i];
      if (charges === 0) return;
      const step = NUDGE * h;
      for (const sign of [1, -1]) {
        for (let i = 0; i < size; i++) difference.x[i] = start.x[i] + sign * step * out.x[i];
        system.evaluateCharges(difference.x, t + sign * step, unused);
        for (let k = 0; k < charges; k++) out.q[k] += (sign * unused[k]) / (2 * step);
      }
    },
  };

  function assemble(x: Float64Array, t: number): void {
    rows.fill(0);
    system.addNonlinear(x, t, rows, unused, G, C);
    assembled = true;
  }

  function factor(x: Float64Array, t: number): void {
    assemble(x, t);
    counters.factorisations++;
    const status = lu.factorise(C);
    if (status !== 0) {
      const { name } = system.unknowns[status - 1];
      throw notAnOde(`${name} has no capacitance or inductance of its own`, ...system.devicesAt(status - 1));
    }
    factored = true;
  }

  /** v −= C_inputs·u in rows of unknowns. */
  function addBorder(v: Float64Array, u: Float64Array): void {
    for (let k = 0; k < borderSlot.length; k++) v[borderRow[k]] -= C[borderSlot[k]] * u[borderCol[k]];
  }

  function solveOnce(moved: Float64Array, y: State, t: number, left: number): boolean {
    counters.iterations++;
    inputs.at(t, y.x, left);
    for (let i = n; i < size; i++) difference.x[i] = y.x[i] - start.x[i];
    for (let i = 0; i < n; i++) rows[i] = moved[i];
    addBorder(rows, difference.x);
    lu.solve(solution);
    for (let i = 0; i < n; i++) y.x[i] = start.x[i] + rows[i];
    return true;
  }

  function iterate(moved: Float64Array, y: State, t: number, left: number): boolean {
    inputs.at(t, y.x, left);
    let previous = Infinity;
    let fresh = false;
    for (let m = 0; m < MOST_ITERATIONS; m++) {
      counters.iterations++;
      system.evaluateCharges(y.x, t, y.q);
      for (let i = 0; i < y.y.length; i++) difference.y[i] = y.y[i] - start.y[i];
      rows.fill(0);
      system.addRates(difference.x, difference.q, rows);
      for (let i = 0; i < n; i++) rows[i] -= moved[i];
      lu.solve(solution);
      let norm = 0;
      for (let i = 0; i < n; i++) {
        y.x[i] -= rows[i];
        norm = Math.max(norm, Math.abs(rows[i]) / tol[i]);
      }
      if (!(norm < Infinity)) return false;
      const ratio = m > 0 ? norm / previous : 1;
      const rounding = fresh && ratio > CONTRACTION && norm * tolerances.reltol <= SMALL;
      if (rounding || norm * Math.min(1, ratio / Math.max(1 - ratio, 0.5)) <= goal) {
        worst = Math.max(worst, norm);
        system.evaluateCharges(y.x, t, y.q);
        return true;
      }
      fresh = m > 0 && ratio > CONTRACTION;
      if (fresh) factor(y.x, t);
      previous = norm;
    }
    return false;
  }
}

export function notAnOde(why: string, ...devices: string[]): SimulationError {
  return new SimulationError(`odex cannot integrate this circuit: ${why}; take method=bdf`, {
    code: 'not-an-ode',
    unknowns: [],
    devices,
    tried: ['writing the circuit as ẋ = −C⁻¹f'],
  });
}
