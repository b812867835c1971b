// A rule of the operating point that also speaks of other costs, over time or of AC responses: gradients of the parts add.
import type { GradientEstimate, Rule, RuleOptions } from '../estimate.js';
import type { CostTerm, Problem, Sample } from '../problem.js';
import { isOfResponse, type ResponseTerm } from '../response/cost.js';
import { isOverTime, type TimeTerm } from '../transient/cost.js';

/** The gradient of some costs of a sample. */
type Of<Term> = (
  problem: Problem,
  sample: Sample,
  costs: readonly Term[],
  options: RuleOptions,
) => GradientEstimate;

/** How a rule reads costs that are not of the operating point; those that it says nothing of stay the rule's own. */
export interface Beyond {
  readonly overTime: Of<TimeTerm>;
  readonly ofResponse?: Of<ResponseTerm>;
}

/** `rule` for costs of the operating point, the others by their own. */
export function alsoBeyond(rule: Rule, { overTime, ofResponse }: Beyond): Rule {
  const isOther = (term: CostTerm): boolean =>
    isOverTime(term) || (ofResponse !== undefined && isOfResponse(term));
  return {
    name: rule.name,
    summary: rule.summary,
    estimate(problem, sample, options) {
      const { costs } = sample;
      const moving = costs.filter(isOverTime);
      const answering = ofResponse === undefined ? [] : costs.filter(isOfResponse);
      const found: GradientEstimate[] = [];
      if (moving.length > 0) found.push(overTime(problem, sample, moving, options));
      if (answering.length > 0) found.push(ofResponse!(problem, sample, answering, options));
      if (moving.length + answering.length < costs.length)
        found.unshift(rule.estimate(problem, without(sample, isOther), options));
      return found.reduce(plus);
    },
  };
}

function plus(a: GradientEstimate, b: GradientEstimate): GradientEstimate {
  return {
    ...b,
    ...a,
    cost: a.cost + b.cost,
    gradient: a.gradient.map((g, k) => g + b.gradient[k]),
    validity: {
      ...a.validity,
      residual: Math.max(a.validity.residual, b.validity.residual),
      tellegen: Math.max(a.validity.tellegen ?? 0, b.validity.tellegen ?? 0),
    },
  };
}

/** The sample without some of its costs. */
export function without(sample: Sample, isOther: (term: CostTerm) => boolean): Sample {
  return {
    ...sample,
    costs: sample.costs.filter((term) => !isOther(term)),
    at: (values) => without(sample.at(values), isOther),
  };
}
