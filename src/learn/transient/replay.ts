// The adjoint by reciprocity: with G and C constant and symmetric, the backward recursion of implicit Euler is the same
// network run forward from zero with the error −∇c played into it in reversed time.
import type { TransientRequest } from '../../analysis/transient.js';
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createInputs } from '../../solve/inputs.js';
import { createAudit } from '../../solve/tellegen.js';
import {
  createLinearisation,
  createWorkspace,
  type Linearisation,
  type Workspace,
} from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { addInputColumns } from '../read.js';
import { demandSelfAdjoint } from '../self-adjoint.js';
import { settleByNewton } from '../settle.js';
import type { TimeTerm } from './cost.js';
import { stepsOf, weightsOf } from './weights.js';

/** How the error is played into a network and what is read of it, where that is not as the mathematics says. */
export interface Playback {
  /** What it is played into; default the network itself. */
  readonly network?: System;
  /** The points x_0 … x_K of the run (length size) as they are read; with `uic` x_0 is 0 and not a point. */
  read(points: readonly Float64Array[]): readonly Float64Array[];
  /** What sources play of the errors w_k∇c(x_k) (length size) that they are asked for, as many. */
  play(asked: readonly Float64Array[]): readonly Float64Array[];
  /** The answers λ_0 … λ_K (length size) as they are read; with `uic` λ_0 is 0 and no answer. */
  hear(answers: readonly Float64Array[]): readonly Float64Array[];
}

type Points = readonly Float64Array[];
const IDEAL: Playback = { read: (points) => points, play: (asked) => asked, hear: (answers) => answers };

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
  const { system, sensitivity } = sample;
  const { n, size } = system;
  const { playback = IDEAL, force } = options;
  const request = demandTransient(problem, system);
  const first = request.uic ? 1 : 0;
  const workspace = options.workspace ?? createWorkspace();
  const lin = createLinearisation(system, workspace);
  demandSelfAdjoint(system, lin, 'use adjoint', force);
  const K = options.steps ?? stepsOf(request);
  const h = request.tstop / K;
  const weights = costs.map((term) => weightsOf(term, h, K, first));
  const { points, residual } = run(problem, system, lin, h, K, request.uic ?? false, workspace);
  const states = playback.read(points);

  const asked = states.map((x, k) => {
    const error = new Float64Array(size);
    costs.forEach(({ functional, weight }, c) => {
      const w = weight * weights[c][k];
      if (w !== 0) functional.addGradient(x, k * h, w, error);
    });
    return error;
  });
  const { network = system } = playback;
  const own = network === system ? lin : createLinearisation(network, workspace);
  if (own !== lin) demandSelfAdjoint(network, own, 'use adjoint', force);
  const echo = createNetwork(network, own, 1 / h);
  const played = playback.play(asked);
  const answers: Float64Array[] = Array.from({ length: K + 1 }, () => new Float64Array(0));
  let later: Float64Array = new Float64Array(size);
  for (let k = K; k >= first; k--)
    later = answers[k] = k > 0 ? echo.replay(later, played[k]) : echo.rest(later, played[k]);
  if (first > 0) answers[0] = new Float64Array(size);
  const costates = playback.hear(answers);

  let cost = 0;
  sensitivity.clear();
  const nu = new Float64Array(size);
  const rate = new Float64Array(size);
  for (let k = K; k >= first; k--) {
    const t = k * h;
    const x = states[k];
    const lambda = costates[k];
    costs.forEach(({ functional, weight }, c) => {
      const w = weight * weights[c][k];
      if (w === 0) return;
      cost += w * functional.value(x, t);
      sensitivity.addFunctional(functional, w, x, t);
    });
    nu.set(asked[k]);
    for (let i = 0; i < n; i++) rate[i] = ((k > 0 ? lambda[i] : 0) - (k < K ? costates[k + 1][i] : 0)) / h;
    sensitivity.addCurrents(lambda, x, t);
    sensitivity.addCharges(rate, x, t);
    addInputColumns(system, lin.G, lambda, nu);
    addInputColumns(system, lin.C, rate, nu);
    nu.fill(0, 0, n);
    sensitivity.addSources(nu, t);
  }
  if (request.uic) {
    for (let i = 0; i < n; i++) rate[i] = -costates[1][i] / h;
    sensitivity.addInitialCharges(rate);
  }
  return {
    rule: 'replay',
    cost,
    gradient: sensitivity.gradient(),
    validity: { residual, steps: K, tellegen: echo.tellegen() },
  };
}

/** The network run forward by K steps of implicit Euler from rest, or with `uic` from given charges. */
function run(
  problem: Problem,
  system: System,
  lin: Linearisation,
  h: number,
  K: number,
  uic: boolean,
  workspace: Workspace,
): { points: Points; residual: number } {
  const { size } = system;
  const inputs = createInputs(system);
  const network = createNetwork(system, lin, 1 / h);
  const rowsAtStart = new Float64Array(size);
  const points: Float64Array[] = [];
  let residual = 0;
  if (uic) {
    points.push(new Float64Array(size));
    system.initialCharges(new Float64Array(size), rowsAtStart, new Float64Array(0));
  } else {
    const still = system.sources.map((s) => ({ ...s, dc: s.varies ? s.value(0) : s.dc }));
    const rest = settleByNewton({ ...system, sources: still }, problem.options, workspace);
    residual = rest.residual;
    points.push(rest.x);
  }
  for (let k = 1; k <= K; k++) {
    const x = points[k - 1].slice();
    inputs.at(k * h, x, 0);
    points.push(network.step(x, uic && k === 1 ? rowsAtStart : network.charges(points[k - 1])));
  }
  return { points, residual };
}

/** One linear network at one step size, run forward, replayed, and at rest. */
function createNetwork(system: System, lin: Linearisation, alpha: number) {
  const { n, size, pattern } = system;
  const f = new Float64Array(size);
  const q = new Float64Array(0);
  const audit = createAudit(system);
  let factored = Number.NaN;
  let tellegen = 0;
  const factor = (a: number): void => {
    if (a !== factored) lin.factor(a);
    factored = a;
  };
  /** out := state with (G + aC) out = C·later·α − drive, in rows < n. */
  const driven = (a: number, later: Float64Array, drive: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    for (let j = 0; j < n; j++) {
      for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++)
        out[pattern.rowIdx[k]] += alpha * lin.C[k] * later[j];
    }
    for (let i = 0; i < n; i++) out[i] -= drive[i];
    const asked = out.map((v) => -v);
    factor(a);
    lin.lu.solve(out.subarray(0, n));
    tellegen = Math.max(tellegen, audit(lin.G, lin.C, a, out, asked));
    return out;
  };
  /** C·x by rows, inputs included. */
  const charges = (x: Float64Array): Float64Array => {
    const rows = new Float64Array(size);
    system.addRates(x, q, rows);
    return rows;
  };
  return {
    charges,
    /** The next point: x holds the last one with the new inputs, `stored` the charges of the last. */
    step(x: Float64Array, stored: Float64Array): Float64Array {
      system.evaluate(x, 0, f, q);
      const now = charges(x);
      for (let i = 0; i < n; i++) f[i] += alpha * (now[i] - stored[i]);
      factor(alpha);
      lin.lu.solve(f.subarray(0, n));
      for (let i = 0; i < n; i++) x[i] -= f[i];
      return x;
    },
    replay: (later: Float64Array, drive: Float64Array) => driven(alpha, later, drive),
    rest: (later: Float64Array, drive: Float64Array) => driven(0, later, drive),
    /** The worst |Σ v·i| over Σ |v·i| across the network and what is played into it, up to now. */
    tellegen: () => tellegen,
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
