// A rule of the operating point that also speaks of costs over time: gradients of the two parts add.
import type { GradientEstimate, Rule, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { isOverTime, type TimeTerm } from './cost.js';

/** The gradient of the costs over time of a sample. */
export type OverTime = (
  problem: Problem,
  sample: Sample,
  costs: readonly TimeTerm[],
  options: RuleOptions,
) => GradientEstimate;

/** `rule` for costs of the operating point, `overTime` for the others. */
export function alsoOverTime(rule: Rule, overTime: OverTime): Rule {
  return {
    name: rule.name,
    summary: rule.summary,
    estimate(problem, sample, options) {
      const moving = sample.costs.filter(isOverTime);
      if (moving.length === 0) return rule.estimate(problem, sample, options);
      const later = overTime(problem, sample, moving, options);
      if (moving.length === sample.costs.length) return later;
      const still = rule.estimate(problem, atRest(sample), options);
      return {
        ...still,
        cost: still.cost + later.cost,
        gradient: still.gradient.map((g, k) => g + later.gradient[k]),
        validity: {
          ...still.validity,
          residual: Math.max(still.validity.residual, later.validity.residual),
          tellegen: Math.max(still.validity.tellegen ?? 0, later.validity.tellegen ?? 0),
        },
      };
    },
  };
}

/** The sample with its costs of the operating point alone. */
function atRest(sample: Sample): Sample {
  return {
    ...sample,
    costs: sample.costs.filter((term) => !isOverTime(term)),
    at: (values) => atRest(sample.at(values)),
  };
}
