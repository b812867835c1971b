// λ = −G⁻ᵀ∇c: one transposed solution with the factors that Newton leaves at the operating point.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { factorAt } from '../settle.js';
import { costGradient, freePhase } from './phases.js';

/** Source: Director & Rohrer, IEEE Trans. Circuit Theory 16 (1969) 318. */
export const adjoint: Rule = {
  name: 'adjoint',
  summary: 'exact on every circuit: the transposed network, linearised at the operating point',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'adjoint');
    const { system } = sample;
    const free = freePhase(system, problem.options, workspace, options);
    const { x } = free;
    const lin = createLinearisation(system, workspace);
    factorAt(system, problem.options, x, lin);
    const gradient = costGradient(system, cost, x);
    const lambda = gradient.map((v) => -v);
    lin.lu.solveTransposed(lambda);
    const reader = createReader(sample);
    reader.begin();
    reader.addCostate(lambda, x);
    reader.addExplicit(cost, x);
    return {
      rule: 'adjoint',
      cost: cost.value(x, 0),
      gradient: reader.gradient(),
      state: x,
      costate: lambda,
      validity: { residual: free.residual, tellegen: tellegenAudit(system, lin, lambda, gradient) },
    };
  },
};
