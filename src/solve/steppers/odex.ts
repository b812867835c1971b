// ẋ = −C⁻¹(f(x, t) + C_inputs·u̇) by extrapolation of the explicit midpoint rule (ODEX): for circuits whose C is
// invertible and that are not stiff, and as a judge of the implicit methods.
import { Solver } from 'odex';
import type { System } from '../../circuit/system.js';
import { SimulationError } from '../../errors.js';
import { createBreakpoints } from '../breakpoints.js';
import { createState } from '../history.js';
import { createInputs } from '../inputs.js';
import type { Beginning, MarchOptions, MarchResult, Segment, Sink } from '../march.js';
import type { Interruption } from '../options.js';
import { createTolerances } from '../tolerances.js';
import { createCounters, createLinearisation, type Workspace } from '../workspace.js';

const MOST_STEPS = 1_000_000;
const FIRST_STEP = 1e-3;
const ULP = 2 ** -52;

/**
 * As `march`, by ODEX (Hairer, Nørsett & Wanner, Solving ODEs I, II.9) between break-points.
 *
 * @throws SimulationError `not-an-ode` when C is singular or there are delays or modes, `too-many-steps` when the
 * circuit proves stiff.
 */
export function marchOdex(
  system: System,
  begin: Beginning,
  options: MarchOptions,
  workspace: Workspace,
  sink: Sink,
  interruption?: Interruption,
): MarchResult {
  const { n, size, charges, pattern } = system;
  if (system.delays.length > 0) throw refusal('it contains delays', system.delays[0].element);
  if (system.modes.length > 0) throw refusal('it contains switches', system.modes[0].element);
  const counters = createCounters();
  const tolerances = createTolerances(system, options);
  const inputs = createInputs(system);
  const lin = createLinearisation(system, workspace);
  const state = createState(size, charges);
  const rates = createState(size, charges);
  const { f, residual, G, C, lu } = lin;
  const capacitance = new Float64Array(pattern.nnz);
  const movingBorder = Int32Array.from(
    [...system.borderCol.keys()].filter((k) => system.borderRow[k] < n && system.borderCol[k] >= n),
  );
  const derivative: number[] = new Array(n).fill(0);
  let factored = false;

  state.x.set(begin.x);
  inputs.at(0, state.x, 0);
  factorCapacitance(0);
  if (begin.charges) fromCharges(begin.charges.rows, begin.charges.q);

  /** rates := ẏ at (t, state). */
  const differentiate = (t: number, left: number) => {
    counters.evaluations++;
    inputs.at(t, state.x, left);
    if (charges > 0) factorCapacitance(t);
    else system.evaluate(state.x, t, f, state.q);
    rates.y.fill(0);
    inputs.slopes(t - left, rates.x);
    for (const k of movingBorder) f[system.borderRow[k]] += C[pattern.nnz + k] * rates.x[system.borderCol[k]];
    lu.solve(residual);
    for (let i = 0; i < n; i++) rates.x[i] = -f[i];
  };

  let from = 0;
  let to = 0;
  let dense: ((component: number, t: number) => number) | undefined;
  const load = (t: number) => {
    if (dense && t !== to) for (let i = 0; i < n; i++) state.x[i] = dense(i, t);
    else for (let i = 0; i < n; i++) state.x[i] = newest[i];
    differentiate(t, t === 0 ? 0 : 8 * ULP * t);
  };
  const newest = new Float64Array(n);
  newest.set(state.x.subarray(0, n));
  const segment: Segment = {
    get from() {
      return from;
    },
    get to() {
      return to;
    },
    get end() {
      load(to);
      return state;
    },
    endRates(out) {
      load(to);
      out.y.set(rates.y);
    },
    at(t, out) {
      load(t);
      out.y.set(state.y);
    },
    ratesAt(t, out) {
      load(t);
      out.y.set(rates.y);
    },
  };
  sink(segment);

  const breakpoints = createBreakpoints(system.sources, options.tstop);
  let stopped = false;
  let size1 = FIRST_STEP * Math.min(options.tmax, breakpoints.next(0));
  for (let t = 0; t < options.tstop && !stopped; ) {
    const corner = breakpoints.next(t);
    const cornerLeft = Math.max(1e-9 * (corner - t), 8 * ULP * corner);
    const solver = new Solver(n);
    solver.relativeTolerance = options.reltol * options.trtol * 0.1;
    solver.absoluteTolerance = Array.from(tolerances.absolute.subarray(0, n), (a) => a * options.trtol * 0.1);
    solver.maxStepSize = Math.min(options.tmax, corner - t);
    solver.initialStepSize = Math.min(size1, corner - t);
    solver.maxSteps = MOST_STEPS;
    solver.denseOutput = true;
    const result = solver.solve(
      (at, y) => {
        for (let i = 0; i < n; i++) state.x[i] = y[i];
        differentiate(at, at >= corner ? cornerLeft : at <= t ? -8 * ULP * at : 0);
        for (let i = 0; i < n; i++) derivative[i] = rates.x[i];
        return derivative;
      },
      t,
      Array.from(newest),
      corner,
      (nr, told, now, y, interpolant) => {
        if (nr === 1) return true;
        for (let i = 0; i < n; i++) newest[i] = y[i];
        from = told;
        to = now;
        dense = interpolant;
        size1 = now - told;
        counters.accepted++;
        sink(segment);
        stopped = interruption?.aborted ?? false;
        return !stopped;
      },
    );
    counters.rejected += result.nReject;
    if (!stopped && to < corner) {
      throw new SimulationError(
        `odex needs more than ${MOST_STEPS} steps at t = ${to} s: the circuit is stiff`,
        {
          code: 'too-many-steps',
          time: to,
          step: from === to ? 0 : to - from,
          unknowns: [],
          devices: [],
          tried: ['odex; the methods bdf and trbdf2 take stiff circuits'],
        },
      );
    }
    t = corner;
    counters.restarts++;
  }
  return { complete: !stopped, counters };

  /** Evaluates at the state and factors C unless it is constant and factored. */
  function factorCapacitance(t: number): void {
    system.evaluate(state.x, t, f, state.q, G, C);
    if (factored && charges === 0) return;
    counters.factorisations++;
    for (let k = 0; k < pattern.nnz; k++) capacitance[k] = C[k];
    const status = lu.factorise(capacitance);
    if (status !== 0) {
      const { name } = system.unknowns[status - 1];
      throw refusal(`${name} has no capacitance or inductance of its own`, ...system.devicesAt(status - 1));
    }
    factored = true;
  }

  /** Newton on q(x) = q₀ by the rows of C. */
  function fromCharges(rows: Float64Array, q0: Float64Array): void {
    const scratch = createState(size, charges);
    for (let m = 0; m < options.itl1; m++) {
      factorCapacitance(0);
      scratch.x.set(state.x);
      for (let i = n; i < size; i++) scratch.x[i] = state.x[i];
      for (let k = 0; k < charges; k++) scratch.q[k] = state.q[k] - q0[k];
      f.fill(0);
      system.addRates(scratch.x, scratch.q, f);
      for (let i = 0; i < n; i++) f[i] -= rows[i];
      lu.solve(residual);
      let norm = 0;
      for (let i = 0; i < n; i++) {
        state.x[i] -= f[i];
        const allowed = tolerances.reltol * Math.abs(state.x[i]) + tolerances.absolute[i];
        norm = Math.max(norm, Math.abs(f[i]) / allowed);
      }
      if (norm < 1e-3) return;
    }
  }
}

function refusal(why: string, ...devices: string[]): SimulationError {
  return new SimulationError(`odex cannot integrate this circuit: ${why}; take method=bdf`, {
    code: 'not-an-ode',
    unknowns: [],
    devices,
    tried: ['writing the circuit as ẋ = −C⁻¹f'],
  });
}
