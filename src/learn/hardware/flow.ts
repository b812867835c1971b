// d/dt q(x) + f(x) + noise = 0 with the sources at rest, in fixed steps of the implicit midpoint rule: under noise currents
// held over each step the stationary covariance of the charges of a linear network is kT·E, whatever the step.
import type { System } from '../../circuit/system.js';
import { SimulationError } from '../../errors.js';
import { createLinearisation, type Workspace } from '../../solve/workspace.js';

/** A point on the way: unknowns and inputs, nonlinear charges. */
export interface State {
  readonly x: Float64Array;
  readonly q: Float64Array;
}

/** @throws SimulationError when Newton does not converge */
export interface Flow {
  /** A midpoint step; `middle` becomes the stage, the mean of both ends, under the noise current held over the step. */
  midpoint(state: State, middle: State, h: number, noise: Float64Array): void;
  /** The consistent state with the charges of `state`, more `charge` by rows: what is seen at that instant. */
  instant(state: State, to: State, h: number, charge?: Float64Array): void;
}

const ITERATIONS = 60;
/** Newton is done when its correction is this share of the largest unknown or no longer shrinks. */
const ROUNDING = 1e-13;
const SMALL = 1e-6;
/** Share of a step in which charges cannot move. */
const INSTANT = 1e-7;

export function createFlow(system: System, workspace: Workspace): Flow {
  const { n, size, charges } = system;
  const lin = createLinearisation(system, workspace);
  const { f, residual, G, C } = lin;
  const xdot = new Float64Array(size);
  const qdot = new Float64Array(charges);

  /** Solves α(charge(x) − charge(from)) + f(x) + extra = 0 for x, from the guess in `to`. */
  const solve = (from: State, alpha: number, to: State, extra?: Float64Array): void => {
    let previous = Number.POSITIVE_INFINITY;
    for (let m = 0; m < ITERATIONS; m++) {
      system.evaluate(to.x, 0, f, to.q, G, C);
      for (let i = 0; i < n; i++) xdot[i] = alpha * (to.x[i] - from.x[i]);
      for (let k = 0; k < charges; k++) qdot[k] = alpha * (to.q[k] - from.q[k]);
      system.addRates(xdot, qdot, f);
      if (extra) for (let i = 0; i < n; i++) f[i] += extra[i];
      if (lin.factor(alpha) !== 0) break;
      lin.lu.solve(residual);
      let moved = 0;
      let largest = 0;
      for (let i = 0; i < n; i++) {
        to.x[i] -= f[i];
        moved = Math.max(moved, Math.abs(f[i]));
        largest = Math.max(largest, Math.abs(to.x[i]));
      }
      if (!Number.isFinite(moved)) break;
      const settled = system.linear || moved <= ROUNDING * largest;
      if (settled || (moved <= SMALL * largest && moved >= previous / 2)) {
        system.evaluateCharges(to.x, 0, to.q);
        return;
      }
      previous = moved;
    }
    throw new SimulationError('a phase does not find its way: Newton does not converge', {
      code: 'newton-diverged',
      unknowns: [],
      devices: [],
      tried: [`Newton, ${ITERATIONS} iterations`],
    });
  };

  return {
    midpoint(state, middle, h, noise) {
      middle.x.set(state.x);
      solve(state, 2 / h, middle, noise);
      for (let i = 0; i < n; i++) state.x[i] = 2 * middle.x[i] - state.x[i];
      for (let k = 0; k < charges; k++) state.q[k] = 2 * middle.q[k] - state.q[k];
    },
    instant(state, to, h, charge) {
      const alpha = 1 / (INSTANT * h);
      to.x.set(state.x);
      const extra = charge?.map((value) => -alpha * value);
      solve(state, alpha, to, extra);
    },
  };
}
