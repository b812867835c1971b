// The judge: central differences with steps h and h/2, extrapolated, each point solved to the last bits.
import { createWorkspace } from '../../solve/workspace.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { settleByNewton } from '../settle.js';
import { freePhase } from './phases.js';

/** Relative step: Richardson's error (h/p)⁴ and rounding over h/p balance here. */
const STEP = 3e-4;
/** Step, in the parameter's unit, where the value is 0 and nothing says how large it may be. */
const STEP_AT_ZERO = 1e-6;

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
    const slope = (p: number, h: number): number => {
      const value = sample.values[p];
      const { min, max } = problem.parameters[p];
      if (value - h >= min && value + h <= max) {
        const [up, down] = [value + h, value - h];
        return (costAt(p, up) - costAt(p, down)) / (up - down);
      }
      // At a bound, from the side that is allowed.
      const k = value + h <= max ? h : -h;
      return (4 * costAt(p, value + k / 2) - costAt(p, value + k) - 3 * here) / k;
    };
    const gradient = Float64Array.from(sample.values, (value, p) => {
      const { min, max } = problem.parameters[p];
      const range = max - min < Infinity ? max - min : 0;
      const h = step * (Math.abs(value) || range) || STEP_AT_ZERO;
      return (4 * slope(p, h / 2) - slope(p, h)) / 3;
    });
    return {
      rule: 'differences',
      cost: here,
      gradient,
      state: free.x,
      validity: { residual: free.residual },
    };
  },
};
