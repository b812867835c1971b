// The judge of costs of AC responses: the cost itself at moved parameters, the operating point found anew for each.
import { createWorkspace } from '../../solve/workspace.js';
import { slopeAudit } from '../audit.js';
import { centralSlope } from '../central.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { freePhase } from '../rules/phases.js';
import { settleByNewton } from '../settle.js';
import { responseGradient } from './adjoint.js';
import { byFrequency, isOfResponse, type ResponseTerm } from './cost.js';
import { costOf } from './respond.js';

/** Relative step: Richardson's error (h/p)⁴ and rounding over h/p balance here. */
const STEP = 3e-4;

/** Central differences with steps h and h/2, extrapolated. */
export function differencesOfResponse(
  problem: Problem,
  sample: Sample,
  costs: readonly ResponseTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { settle = settleByNewton, step = STEP } = options;
  const free = freePhase(sample.system, problem.options, workspace, options);
  const values = sample.values.slice();
  const instances = byFrequency(costs);
  const costAt = (p: number, value: number): number => {
    values[p] = value;
    const { system, costs: all } = sample.at(values);
    values[p] = sample.values[p];
    const { x } = settle(system, problem.options, workspace, free);
    return costOf(system, x, byFrequency(all.filter(isOfResponse)), workspace);
  };
  const here = costOf(sample.system, free.x, instances, workspace);
  const gradient = Float64Array.from(sample.values, (value, p) =>
    centralSlope(problem.parameters[p], value, step, (v) => costAt(p, v), here),
  );
  const { system, sensitivity } = sample;
  const byCostate = responseGradient(system, sensitivity, problem.options, free.x, instances, workspace);
  return {
    rule: 'differences',
    cost: here,
    gradient,
    state: free.x,
    validity: {
      residual: free.residual,
      tellegen: slopeAudit(sample.values, gradient, byCostate.gradient),
    },
  };
}
