// The adjoint by reciprocity: with G and C constant and symmetric, the backward recursion of implicit Euler is the same
// network run forward from zero with the error −∇c played into it in reversed time.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createInputs } from '../../solve/inputs.js';
import { createAudit } from '../../solve/tellegen.js';
import { createLinearisation, createWorkspace, type Linearisation } from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { addInputColumns } from '../read.js';
import { demandSelfAdjoint } from '../self-adjoint.js';
import { settleByNewton } from '../settle.js';
import { inside, type TimeTerm } from './cost.js';

/** At least. */
const STEPS = 1000;

/**
 * dJ/dp of costs over time on a grid of equal steps, read as straight lines between its points: implicit Euler forward,
 * (x_k − x_(k−1))·C/h + G·x_k = sources, then the same steps of the same network, sources dead, driven by
 * −∇c_(K+1−k); λ_k is its state at step K+1−k. Exact for the discrete run, with losses too; O(h)
 * beside the integrator's own. The largest step of the `.tran` is kept.
 *
 * @throws LearningError `no-transient` without a `.tran`; `nonlinear`, `delayed`, `not-reciprocal` where the network is
 * not the adjoint of itself; `held-start` with `.ic` but without `uic`.
 */
export function replayOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const { system, sensitivity } = sample;
  const { n, size } = system;
  const { tstop, tmax, uic } = demandTransient(problem, system);
  const workspace = options.workspace ?? createWorkspace();
  const lin = createLinearisation(system, workspace);
  demandSelfAdjoint(system, lin, 'use adjoint');
  const K = options.steps ?? Math.max(STEPS, Math.ceil(tstop / tmax));
  const h = tstop / K;
  const weights = costs.map((term) => weightsOf(term, h, K, uic ? 1 : 0));
  const network = createNetwork(system, lin, 1 / h);
  const inputs = createInputs(system);
  const none = new Float64Array(0);

  const states: Float64Array[] = [];
  let residual = 0;
  const rowsAtStart = new Float64Array(size);
  if (uic) {
    states.push(new Float64Array(size));
    system.initialCharges(new Float64Array(size), rowsAtStart, none);
  } else {
    const still = system.sources.map((s) => ({ ...s, dc: s.varies ? s.value(0) : s.dc }));
    const rest = settleByNewton({ ...system, sources: still }, problem.options, workspace);
    residual = rest.residual;
    states.push(rest.x);
  }
  for (let k = 1; k <= K; k++) {
    const x = states[k - 1].slice();
    inputs.at(k * h, x, 0);
    const stored = uic && k === 1 ? rowsAtStart : network.charges(states[k - 1]);
    states.push(network.step(x, stored));
  }

  let cost = 0;
  const slope = (k: number, into: Float64Array): void => {
    into.fill(0);
    costs.forEach(({ functional, weight }, c) => {
      const w = weight * weights[c][k];
      if (w !== 0) functional.addGradient(states[k], k * h, w, into);
    });
  };
  sensitivity.clear();
  const later = new Float64Array(size);
  const nu = new Float64Array(size);
  const rate = new Float64Array(size);
  let lambda: Float64Array = new Float64Array(size);
  for (let k = K; k >= (uic ? 1 : 0); k--) {
    const t = k * h;
    const x = states[k];
    costs.forEach(({ functional, weight }, c) => {
      const w = weight * weights[c][k];
      if (w === 0) return;
      cost += w * functional.value(x, t);
      sensitivity.addFunctional(functional, w, x, t);
    });
    slope(k, nu);
    later.set(lambda);
    lambda = k > 0 ? network.replay(lambda, nu) : network.rest(lambda, nu);
    for (let i = 0; i < n; i++) rate[i] = ((k > 0 ? lambda[i] : 0) - later[i]) / h;
    sensitivity.addCurrents(lambda, x, t);
    sensitivity.addCharges(rate, x, t);
    addInputColumns(system, lin.G, lambda, nu);
    addInputColumns(system, lin.C, rate, nu);
    nu.fill(0, 0, n);
    sensitivity.addSources(nu, t);
  }
  if (uic) {
    for (let i = 0; i < n; i++) rate[i] = -lambda[i] / h;
    sensitivity.addInitialCharges(rate);
  }
  return {
    rule: 'replay',
    cost,
    gradient: sensitivity.gradient(),
    validity: { residual, steps: K, tellegen: network.tellegen() },
  };
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

/** w_k with J = Σ w_k c(x_k): of c read as a straight line between points; those before the first go to it. */
function weightsOf(term: TimeTerm, h: number, K: number, first: number): Float64Array {
  const tstop = K * h;
  const w = new Float64Array(K + 1);
  const cellOf = (t: number) => Math.min(K - 1, Math.max(0, Math.floor(t / h)));
  if (term.at === 'times') {
    for (const t of term.times) {
      inside(term.functional, t, tstop);
      const k = cellOf(t);
      w[k] += 1 - (t / h - k);
      w[k + 1] += t / h - k;
    }
  } else {
    inside(term.functional, term.from, tstop);
    inside(term.functional, term.to, tstop);
    for (let k = cellOf(term.from); k <= cellOf(term.to); k++) {
      const a = Math.max(0, term.from / h - k);
      const b = Math.min(1, term.to / h - k);
      if (!(a < b)) continue;
      w[k + 1] += (h * (b * b - a * a)) / 2;
      w[k] += h * (b - a - (b * b - a * a) / 2);
    }
  }
  if (first > 0) {
    w[first] += w[0];
    w[0] = 0;
  }
  return w;
}

function demandTransient(problem: Problem, system: System): { tstop: number; tmax: number; uic: boolean } {
  const { transient } = problem;
  if (!transient) {
    throw new LearningError('a cost over time needs a transient, and there is no .tran', {
      code: 'no-transient',
      devices: [],
      hint: 'add .tran tstep tstop to the deck',
    });
  }
  const uic = transient.uic ?? false;
  if (!uic && system.initialConditions.length > 0) {
    throw new LearningError('replay begins at the operating point or, with uic, at given charges', {
      code: 'held-start',
      devices: [],
      hint: 'add uic to .tran, leave .ic out, or use the rule adjoint',
    });
  }
  return { tstop: transient.tstop, tmax: transient.tmax ?? Infinity, uic };
}
