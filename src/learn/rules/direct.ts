// X_p = −G⁻¹ ∂f/∂p: how the operating point moves with each parameter, one solution a parameter.
import { scale } from '../../math/loops.js';
import { addBorder, inputColumns } from '../../solve/input-columns.js';
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { factorAt } from '../settle.js';
import { auditOfSlopes, costGradient, freePhase } from './phases.js';

/** dC/dp = ∂c/∂p + ∇cᵀX_p. */
export const direct: Rule = {
  name: 'direct',
  summary: 'exact on every circuit: one solution per parameter, forward',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'direct');
    const { system, sensitivity } = sample;
    const { n, size, delays } = system;
    const free = freePhase(system, problem.options, workspace, options);
    const { x } = free;
    const reader = createReader(sample);
    reader.begin();
    reader.addExplicit(cost, x);
    const gradient = reader.gradient();
    const lin = createLinearisation(system, workspace);
    factorAt(system, problem.options, x, lin);
    const slope = costGradient(system, cost, x);
    const partials = sensitivity.partials();
    partials.moveTo(x, 0);
    const columns = inputColumns(system);
    const inputs = new Float64Array(size);
    const wide = new Float64Array(size);
    const moved = new Float64Array(n);
    for (let p = 0; p < gradient.length; p++) {
      inputs.fill(0);
      partials.addSources(p, 1, 'dc', inputs);
      for (let k = 0; k < delays.length; k++) inputs[delays[k].slot] += partials.delayed(p, k, x);
      wide.fill(0);
      partials.addCurrents(p, 1, wide);
      addBorder(columns, lin.G, 1, inputs, wide);
      scale(moved, -1, wide, n);
      lin.lu.solve(moved);
      for (let i = 0; i < n; i++) gradient[p] += slope[i] * moved[i];
    }
    return {
      rule: 'direct',
      cost: cost.value(x, 0),
      gradient,
      state: x,
      validity: { residual: free.residual, tellegen: auditOfSlopes(sample, cost, x, lin, gradient) },
    };
  },
};
