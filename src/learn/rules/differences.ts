// The judge: central differences with steps h and h/2, extrapolated, each point solved to the last bits.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { centralSlope } from '../central.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { factorAt, settleByNewton } from '../settle.js';
import { auditOfSlopes, freePhase } from './phases.js';

/** Relative step: Richardson's error (h/p)⁴ and rounding over h/p balance here. */
const STEP = 3e-4;

export const differences: Rule = {
  name: 'differences',
  summary: 'the judge on every circuit: the cost itself at moved parameters',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'differences');
    const { settle = settleByNewton, step = STEP } = options;
    const free = freePhase(sample.system, problem.options, workspace, options);
    const values = sample.values.slice();
    const costAt = (p: number, value: number): number => {
      values[p] = value;
      const moved = sample.at(values);
      values[p] = sample.values[p];
      const { x } = settle(moved.system, problem.options, workspace, free);
      return operatingCost(moved.costs, 'differences').value(x, 0);
    };
    const here = cost.value(free.x, 0);
    const gradient = Float64Array.from(sample.values, (value, p) =>
      centralSlope(problem.parameters[p], value, step, (v) => costAt(p, v), here),
    );
    const lin = createLinearisation(sample.system, workspace);
    factorAt(sample.system, problem.options, free.x, lin);
    const tellegen = auditOfSlopes(sample, cost, free.x, lin, gradient);
    return {
      rule: 'differences',
      cost: here,
      gradient,
      state: free.x,
      validity: { residual: free.residual, tellegen },
    };
  },
};
