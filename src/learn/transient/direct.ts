// Direct sensitivities of a transient: exact for the trajectory on its accepted grid, as the adjoint is, but forward.
import { differentiate, parametersAtOnce } from '../../solve/forward.js';
import { type Claims, transpose } from '../../solve/transpose.js';
import { createWorkspace } from '../../solve/workspace.js';
import { slopeAudit } from '../audit.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { type TimeTerm, timeCost } from './cost.js';
import { frozenInstants } from './instants.js';
import { CAPACITY, follow, freeze } from './trajectory.js';

/** dJ/dp of costs over time: one solution a point and a parameter, and the factors of a point are all parameters'. */
export function directOverTime(
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { sensitivity, values } = sample;
  const tape = freeze(problem, sample, options, workspace);
  const { watch = (run) => run } = options;
  const trajectory = watch(follow(problem, sample, tape, workspace));
  const cost = timeCost(tape, costs);
  let value = 0;
  const claim = (piece: number, claims: Claims): void => {
    value += cost.claim(trajectory, sensitivity, piece, claims);
  };
  const gradient = new Float64Array(values.length);
  const most = parametersAtOnce(trajectory, options.capacity ?? CAPACITY);
  for (let first = 0; first < values.length; first += most) {
    const count = Math.min(most, values.length - first);
    sensitivity.clear();
    const found = differentiate(trajectory, sensitivity, [first, count], claim);
    const explicit = sensitivity.gradient();
    for (let j = 0; j < count; j++) gradient[first + j] = found[j] + explicit[first + j];
  }
  sensitivity.clear();
  value = 0;
  transpose(trajectory, sensitivity, claim);
  const tellegen = slopeAudit(values, gradient, sensitivity.gradient());
  trajectory.release();
  tape.release();
  return {
    rule: 'direct',
    cost: value,
    gradient,
    validity: { residual: trajectory.residual(), tellegen, ...frozenInstants(sample, tape) },
  };
}
