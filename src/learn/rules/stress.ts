// λ = −s̄/β: the circuit and its transposed network, driven by the error, relax side by side to one point of rest.
import type { AnalysisOptions } from '../../analysis/options.js';
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createLinearisation, createWorkspace, type Workspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { type DyadicForm, dyadic } from '../compose/dyadic.js';
import { type OperatingCost, operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { BY_NEWTON } from '../relax.js';
import { linearise, type Settled, settleByNewton } from '../settle.js';
import { costGradient, freePhase } from './phases.js';

/**
 * Largest stress of a node when nobody says how strong the error drives it, V: none where it is a variable of its own;
 * well above rounding where it is a difference of copies; small beside what bends devices where it biases them.
 */
const STRESS: Record<DyadicForm, number | undefined> = { 'm-s': undefined, 'x-z': 0.1, split: 1e-4 };

/**
 * Dyadic backpropagation: exact on any circuit that has a stable operating point, one-way ones included; the form
 * `split` has a bias of O(β²).
 *
 * Source: Scurria, Dyadic backpropagation (arXiv 2602.02281), algorithms 1–3, on d/dt q + f = 0.
 */
export const stress: Rule = {
  name: 'stress',
  summary:
    'exact on every circuit: the circuit and its transposed network relax together (dyadic backpropagation)',
  variants: ['m-s', 'x-z', 'split', 'relax'],
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'stress');
    const { system } = sample;
    const analysis = problem.options;
    const { form = 'm-s', settle = settleByNewton } = options;
    const alone = () =>
      freePhase(system, analysis, workspace, { ...options, settle: settleByNewton, force: true });
    const begin = options.start ?? (options.settle ? undefined : alone().x);
    const beta = options.beta ?? gain(form, system, cost, analysis, workspace, () => begin ?? alone().x);
    const dyad = dyadic(system, cost, form, beta);
    const modes = Float64Array.from(system.modes, (m) => m.initial);
    const start = begin && { x: dyad.unstressed(begin), modes };
    const settled = settle(dyad.system, analysis, workspace, start);
    if (!(settled.residual <= 1) && !options.force) throw unsettled(settled);
    const { mean, stress } = dyad.read(settled.x);
    const lambda = stress.map((s) => -s / beta);
    const reader = createReader(sample);
    reader.begin();
    reader.addCostate(lambda, mean);
    reader.addExplicit(cost, mean);
    const lin = createLinearisation(system, workspace);
    linearise(system, analysis, mean, lin);
    return {
      rule: 'stress',
      cost: cost.value(mean, 0),
      gradient: reader.gradient(),
      state: mean,
      costate: lambda,
      validity: {
        residual: settled.residual,
        beta,
        tellegen: tellegenAudit(system, lin, lambda, costGradient(system, cost, mean)),
        ...(settled.settling === undefined ? {} : { settling: settled.settling }),
      },
    };
  },
};

/** β that gives the most stressed node the stress that suits the form. */
function gain(
  form: DyadicForm,
  system: System,
  cost: OperatingCost,
  analysis: AnalysisOptions,
  workspace: Workspace,
  point: () => Float64Array,
): number {
  const wanted = STRESS[form];
  if (wanted === undefined) return 1;
  const x = point();
  const lin = createLinearisation(system, workspace);
  linearise(system, analysis, x, lin);
  const unit = costGradient(system, cost, x);
  lin.lu.solveTransposed(unit);
  const most = unit.reduce((m, v, i) => (system.isNode[i] ? Math.max(m, Math.abs(v)) : m), 0);
  return most > 0 ? wanted / most : 1;
}

function unsettled({ residual }: Settled): LearningError {
  return new LearningError(
    `the doubled circuit has not settled: it is ${residual.toPrecision(2)} tolerances away from rest`,
    {
      code: 'not-settled',
      devices: [],
      hint: `${BY_NEWTON}, for mean and stress settle one after the other; or check that the operating point is stable`,
    },
  );
}
