// X_p = −G⁻¹ ∂f/∂p: how the operating point moves with each parameter, one solution a parameter.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { factorAt } from '../settle.js';
import { auditOfSlopes, costGradient, freePhase } from './phases.js';

/** dC/dp = ∂c/∂p + ∇cᵀX_p. Rows of ∂f/∂p are read one at a time: for small circuits and as a reference. */
export const direct: Rule = {
  name: 'direct',
  summary: 'exact on every circuit: one solution per parameter, forward',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'direct');
    const { system } = sample;
    const { n } = system;
    const free = freePhase(system, problem.options, workspace, options);
    const { x } = free;
    const reader = createReader(sample);
    const columns: [row: number, value: number][][] = problem.parameters.map(() => []);
    const unit = new Float64Array(n);
    for (let row = 0; row < n; row++) {
      unit[row] = 1;
      reader.begin();
      reader.addCostate(unit, x);
      unit[row] = 0;
      reader.gradient().forEach((value, p) => {
        if (value !== 0) columns[p].push([row, value]);
      });
    }
    reader.begin();
    reader.addExplicit(cost, x);
    const gradient = reader.gradient().slice();
    const lin = createLinearisation(system, workspace);
    factorAt(system, problem.options, x, lin);
    const slope = costGradient(system, cost, x);
    const moved = new Float64Array(n);
    columns.forEach((column, p) => {
      moved.fill(0);
      for (const [row, value] of column) moved[row] = -value;
      lin.lu.solve(moved);
      for (let i = 0; i < n; i++) gradient[p] += slope[i] * moved[i];
    });
    return {
      rule: 'direct',
      cost: cost.value(x, 0),
      gradient,
      state: x,
      validity: { residual: free.residual, tellegen: auditOfSlopes(sample, cost, x, lin, gradient) },
    };
  },
};
