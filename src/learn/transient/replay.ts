// The adjoint by reciprocity: with G and C constant and symmetric, the backward recursion of implicit Euler is the same
// network run forward from zero with the error −∇c played into it in reversed time.
import type { TransientRequest } from '../../analysis/transient.js';
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { addInputColumns } from '../read.js';
import { demandSelfAdjoint } from '../self-adjoint.js';
import type { TimeTerm } from './cost.js';
import { createNetwork, runNetwork } from './network.js';
import { stepsOf, weightsOf } from './weights.js';

type Points = readonly Float64Array[];

/** A run of a linear network that is made ready to be played back; every list is by step, 0 … K, of vectors of length size. */
export interface Echo {
  readonly K: number;
  /** One step, s. */
  readonly h: number;
  /** The first step with a point: 1 with `uic`, where nothing is known at t = 0. */
  readonly first: 0 | 1;
  readonly points: Points;
  /** Of the operating point that it begins at, relative to the tolerances. */
  readonly residual: number;
  /** w_k∇c(x_k): what is to be played. */
  errors(points: Points): Points;
  /** λ_k: what a network (the one that ran, unless another is given) answers errors that are played into it. */
  answers(errors: Points, network?: System): { readonly costates: Points; readonly tellegen: number };
  cost(points: Points): number;
  gradient(points: Points, costates: Points): Float64Array;
}

/**
 * dJ/dp of costs over time on a grid of equal steps, read as straight lines between its points: implicit Euler forward,
 * (x_k − x_(k−1))·C/h + G·x_k = sources, then the same steps of the same network, sources dead, driven by
 * −∇c_(K+1−k); λ_k is its state at step K+1−k. Exact for the discrete run, with losses too; O(h)
 * beside the integrator's own. The largest step of the `.tran` is kept.
 *
 * @throws LearningError `no-transient` without a `.tran`; `nonlinear`, `delayed`, and unless forced `not-reciprocal`, where
 * the network is not the adjoint of itself; `held-start` with `.ic` but without `uic`.
 */
export function replayOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const echo = createEcho(problem, sample, costs, options);
  const { points, residual, K } = echo;
  const { costates, tellegen } = echo.answers(echo.errors(points));
  return {
    rule: 'replay',
    cost: echo.cost(points),
    gradient: echo.gradient(points, costates),
    validity: { residual, steps: K, tellegen },
  };
}

/** @throws as `replayOverTime` */
export function createEcho(
  problem: Problem,
  { system, sensitivity }: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): Echo {
  const { n, size } = system;
  const { force } = options;
  const request = demandTransient(problem, system);
  const first = request.uic ? 1 : 0;
  const workspace = options.workspace ?? createWorkspace();
  const lin = createLinearisation(system, workspace);
  demandSelfAdjoint(system, lin, 'use adjoint', force);
  const K = options.steps ?? stepsOf(request);
  const h = request.tstop / K;
  const weights = costs.map((term) => weightsOf(term, h, K, first));
  const { points, residual } = runNetwork(problem, system, lin, h, K, request.uic ?? false, workspace);
  const eachReading = (k: number, visit: (term: TimeTerm, factor: number) => void): void =>
    costs.forEach((term, c) => {
      const factor = term.weight * weights[c][k];
      if (factor !== 0) visit(term, factor);
    });

  return {
    K,
    h,
    first,
    points,
    residual,
    errors: (seen) =>
      seen.map((x, k) => {
        const error = new Float64Array(size);
        eachReading(k, ({ functional }, factor) => functional.addGradient(x, k * h, factor, error));
        return error;
      }),
    answers(errors, network = system) {
      const own = createLinearisation(network, workspace);
      demandSelfAdjoint(network, own, 'use adjoint', force);
      const { replay, rest, tellegen } = createNetwork(network, own, 1 / h);
      const costates: Float64Array[] = Array.from({ length: K + 1 }, () => new Float64Array(0));
      let later: Float64Array = new Float64Array(size);
      for (let k = K; k >= first; k--)
        later = costates[k] = k > 0 ? replay(later, errors[k]) : rest(later, errors[k]);
      if (first > 0) costates[0] = new Float64Array(size);
      return { costates, tellegen: tellegen() };
    },
    cost(seen) {
      let cost = 0;
      for (let k = K; k >= first; k--)
        eachReading(k, ({ functional }, factor) => {
          cost += factor * functional.value(seen[k], k * h);
        });
      return cost;
    },
    gradient(seen, costates) {
      sensitivity.clear();
      const nu = new Float64Array(size);
      const rate = new Float64Array(size);
      for (let k = K; k >= first; k--) {
        const t = k * h;
        const x = seen[k];
        const lambda = costates[k];
        nu.fill(0);
        eachReading(k, ({ functional }, factor) => {
          sensitivity.addFunctional(functional, factor, x, t);
          functional.addGradient(x, t, factor, nu);
        });
        for (let i = 0; i < n; i++)
          rate[i] = ((k > 0 ? lambda[i] : 0) - (k < K ? costates[k + 1][i] : 0)) / h;
        sensitivity.addCurrents(lambda, x, t);
        sensitivity.addCharges(rate, x, t);
        addInputColumns(system, lin.G, lambda, nu);
        addInputColumns(system, lin.C, rate, nu);
        nu.fill(0, 0, n);
        sensitivity.addSources(nu, t);
      }
      if (first > 0) {
        for (let i = 0; i < n; i++) rate[i] = -costates[1][i] / h;
        sensitivity.addInitialCharges(rate);
      }
      return sensitivity.gradient();
    },
  };
}

function demandTransient({ transient }: Problem, system: System): TransientRequest {
  if (!transient) {
    throw new LearningError('a cost over time needs a transient, and there is no .tran', {
      code: 'no-transient',
      devices: [],
      hint: 'add .tran tstep tstop to the deck',
    });
  }
  if (!transient.uic && system.initialConditions.length > 0) {
    throw new LearningError('replay begins at the operating point or, with uic, at given charges', {
      code: 'held-start',
      devices: [],
      hint: 'add uic to .tran, leave .ic out, or use the rule adjoint',
    });
  }
  return transient;
}
