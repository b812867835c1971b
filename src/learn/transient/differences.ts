// The judge of costs over time: the cost itself at moved parameters, on the grid that the nominal run accepted.
import { createWorkspace } from '../../solve/workspace.js';
import { slopeAudit } from '../audit.js';
import { centralSlope } from '../central.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { adjointOverTime } from './adjoint.js';
import { isOverTime, type TimeTerm, timeCost } from './cost.js';
import { frozenInstants } from './instants.js';
import { follow, freeze } from './trajectory.js';

/** Relative step: Richardson's error (h/p)⁴ and rounding over h/p balance here. */
const STEP = 1e-3;
/**
 * Of the length of a delay, which, moved, reads pieces of the past beyond their ends, some of them short; and where instants
 * move at which switches flip, one after the other, which bends the cost more than all else.
 */
const STEP_OF_INSTANTS = 1e-4;

/**
 * Central differences with steps h and h/2, extrapolated; every run solves the same relations, with the same remainders, to
 * rounding.
 */
export function differencesOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const tape = freeze(problem, sample, options, workspace);
  const values = sample.values.slice();
  const { ofDelays, partials } = sample.sensitivity;
  const costOf = (moved: Sample, terms: readonly TimeTerm[]): number => {
    const trajectory = follow(problem, moved, tape, workspace);
    const cost = timeCost(tape, terms).value(trajectory);
    trajectory.release();
    return cost;
  };
  const costAt = (p: number, value: number): number => {
    values[p] = value;
    const moved = sample.at(values);
    values[p] = sample.values[p];
    return costOf(moved, moved.costs.filter(isOverTime));
  };
  const nominal = follow(problem, sample, tape, workspace);
  const here = timeCost(tape, costs).value(nominal);
  const residual = nominal.residual();
  const flips = nominal.replay.grid.flips.length > 0;
  const stepOf = (p: number): number =>
    options.step ?? (flips || ofDelays.some((k) => partials().delay(p, k) !== 0) ? STEP_OF_INSTANTS : STEP);
  const gradient = Float64Array.from(sample.values, (value, p) =>
    centralSlope(problem.parameters[p], value, stepOf(p), (v) => costAt(p, v), here),
  );
  const byCostate = adjointOverTime(problem, sample, costs, options).gradient;
  return {
    rule: 'differences',
    cost: here,
    gradient,
    validity: {
      residual,
      tellegen: slopeAudit(sample.values, gradient, byCostate),
      ...frozenInstants(sample, tape),
    },
  };
}
