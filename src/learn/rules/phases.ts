// The phases that rules are made of: the circuit alone at rest, and the slope of its cost there.
import type { AnalysisOptions } from '../../analysis/options.js';
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import type { Linearisation, Workspace } from '../../solve/workspace.js';
import { slopeAudit } from '../audit.js';
import type { OperatingCost } from '../cost.js';
import type { RuleOptions } from '../estimate.js';
import type { Sample } from '../problem.js';
import { createReader } from '../read.js';
import { BY_NEWTON } from '../relax.js';
import { type Settled, settleByNewton } from '../settle.js';

/**
 * The free phase, from `start` when there is one.
 *
 * @throws LearningError `not-settled` when it did not come to rest (unless forced); SimulationError when there is none.
 */
export function freePhase(
  system: System,
  analysis: AnalysisOptions,
  workspace: Workspace,
  { start, settle = settleByNewton, force }: RuleOptions,
): Settled {
  const modes = Float64Array.from(system.modes, (m) => m.initial);
  const free = settle(system, analysis, workspace, start ? { x: start, modes } : undefined);
  if (!(free.residual <= 1) && !force) {
    const worst = free.residual.toPrecision(2);
    throw new LearningError(`the free phase has not settled: it is ${worst} tolerances away from rest`, {
      code: 'not-settled',
      devices: [],
      hint: `${BY_NEWTON}, or check with .op that the operating point is stable`,
    });
  }
  return free;
}

/** ∇c over the unknowns, length n: through delayed signals too, which at rest are what they delay. */
export function costGradient(system: System, cost: OperatingCost, x: Float64Array): Float64Array {
  const gradient = new Float64Array(system.size);
  cost.addGradient(x, 0, 1, gradient);
  for (const { slot, signal } of system.delays) {
    for (let k = 0; k < signal.index.length; k++)
      gradient[signal.index[k]] += gradient[slot] * signal.weight[k];
  }
  return gradient.slice(0, system.n);
}

/**
 * Tellegen's theorem for a gradient that was found without a co-state.
 *
 * @param lin factored at x
 */
export function auditOfSlopes(
  sample: Sample,
  cost: OperatingCost,
  x: Float64Array,
  lin: Linearisation,
  gradient: Float64Array,
): number {
  const lambda = costGradient(sample.system, cost, x).map((v) => -v);
  lin.lu.solveTransposed(lambda);
  const reader = createReader(sample);
  reader.begin();
  reader.addExplicit(cost, x);
  const explicit = reader.gradient().slice();
  reader.begin();
  reader.addCostate(lambda, x);
  const found = gradient.map((g, p) => g - explicit[p]);
  return slopeAudit(sample.values, found, reader.gradient());
}

/** How far the most sensitive node moves when nobody says how strong the nudge is, V. */
const DISPLACEMENT = 1e-5;
/** By what share the force of the nudge itself may change on the way. */
const GIVE = 1e-3;

/**
 * β that moves the most sensitive node by 10 µV (without nodes, the most sensitive unknown by 1e-5): small beside the
 * voltages over which devices bend, large beside rounding. Less where that would take ∇c with it, β‖∇²c·w‖ ≤ 10⁻³‖∇c‖
 * with w = G⁻¹S⁻¹∇c: near its target an output has less than 10 µV to go.
 *
 * @param lin factored at the operating point x
 * @param gradient ∇c at x, length n
 */
export function defaultBeta(
  { n, isNode }: System,
  lin: Linearisation,
  cost: OperatingCost,
  x: Float64Array,
  gradient: Float64Array,
  weights: Float64Array,
): number {
  const w = gradient.map((v, i) => v / weights[i]);
  lin.lu.solve(w);
  let nodes = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    all = Math.max(all, Math.abs(w[i]));
    if (isNode[i]) nodes = Math.max(nodes, Math.abs(w[i]));
  }
  const most = nodes || all;
  if (!(most > 0)) return 1;
  const change = norm(bend(cost, x, w));
  return Math.min(DISPLACEMENT / most, change > 0 ? (GIVE * norm(gradient)) / change : Infinity);
}

/** ∇²c·w over the unknowns. */
function bend(
  { entries: { rows, cols }, hessian }: OperatingCost,
  x: Float64Array,
  w: Float64Array,
): Float64Array {
  const values = new Float64Array(rows.length);
  hessian(x, 0, values);
  const out = new Float64Array(w.length);
  values.forEach((value, k) => {
    if (rows[k] < w.length && cols[k] < w.length) out[rows[k]] += value * w[cols[k]];
  });
  return out;
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, each) => sum + each * each, 0));
