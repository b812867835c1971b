// The discrete adjoint of a transient: exact for the trajectory on its accepted grid, which moves with the instants at which
// switches flip. Neither the sizes of its steps nor what Newton's method leaves over in them are differentiated.

import { transpose } from '../../solve/transpose.js';
import { createWorkspace } from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { type TimeTerm, timeCost } from './cost.js';
import { frozenInstants } from './instants.js';
import { follow, freeze } from './trajectory.js';

/** dJ/dp of costs over time in one sweep from the last point to the first, for all parameters at once. */
export function adjointOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { sensitivity } = sample;
  const tape = freeze(problem, sample, options, workspace);
  const { watch = (run) => run } = options;
  const trajectory = watch(follow(problem, sample, tape, workspace));
  const cost = timeCost(tape, costs);
  sensitivity.clear();
  let value = 0;
  const tellegen = transpose(trajectory, sensitivity, (piece, claims) => {
    value += cost.claim(trajectory, sensitivity, piece, claims);
  });
  trajectory.release();
  tape.release();
  return {
    rule: 'adjoint',
    cost: value,
    gradient: sensitivity.gradient(),
    validity: { residual: trajectory.residual(), tellegen, ...frozenInstants(sample, tape) },
  };
}
