// The judge of costs over time: the cost itself at moved parameters, on the grid that the nominal run accepted.
import { createWorkspace } from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { isOverTime, type TimeTerm, timeCost } from './cost.js';
import { follow, freeze } from './trajectory.js';

/** Relative step: Richardson's error (h/p)⁴ and rounding over h/p balance here. */
const STEP = 1e-3;
/** Step, in the parameter's unit, where the value is 0 and nothing says how large it may be. */
const STEP_AT_ZERO = 1e-6;

/** Central differences with steps h and h/2, extrapolated; every run solves the same relations to rounding. */
export function differencesOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { step = STEP } = options;
  const tape = freeze(problem, sample, options, workspace);
  const values = sample.values.slice();
  const costOf = (moved: Sample, terms: readonly TimeTerm[]): number =>
    timeCost(tape, terms).value(follow(problem, moved, tape, options, workspace));
  const costAt = (p: number, value: number): number => {
    values[p] = value;
    const moved = sample.at(values);
    values[p] = sample.values[p];
    return costOf(moved, moved.costs.filter(isOverTime));
  };
  const central = (p: number, h: number): number => {
    const [up, down] = [sample.values[p] + h, sample.values[p] - h];
    return (costAt(p, up) - costAt(p, down)) / (up - down);
  };
  const gradient = Float64Array.from(sample.values, (value, p) => {
    const { min, max } = problem.parameters[p];
    const range = max - min < Infinity ? max - min : 0;
    const h = step * (Math.abs(value) || range) || STEP_AT_ZERO;
    return (4 * central(p, h / 2) - central(p, h)) / 3;
  });
  const nominal = follow(problem, sample, tape, options, workspace);
  return {
    rule: 'differences',
    cost: timeCost(tape, costs).value(nominal),
    gradient,
    validity: { residual: nominal.replay.residual() },
  };
}
