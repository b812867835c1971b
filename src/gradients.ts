// The gradient of a problem by several rules, each beside the exact one; and what is true of the circuit at rest.
import { LearningError, SimulationError } from './errors.js';
import { estimate } from './learn/compare.js';
import { operatingCost } from './learn/cost.js';
import type { GradientEstimate, RuleOptions } from './learn/estimate.js';
import { type Fidelity, fidelity } from './learn/fidelity.js';
import type { Problem, Sample } from './learn/problem.js';
import { costGradient, freePhase } from './learn/rules/phases.js';
import { type Verdict, verdict } from './learn/verdict.js';
import { createWorkspace, type Workspace } from './solve/workspace.js';

/** What one rule says. */
export interface RuleGradient {
  readonly rule: string;
  /** Absent when there is nothing to be had. */
  readonly estimate?: GradientEstimate;
  /** How near the estimate is to the adjoint. */
  readonly fidelity?: Fidelity;
  /** Why the rule does not hold here; an estimate beside it is biased. */
  readonly obstacle?: LearningError | SimulationError;
}

/** The exact gradient, on which all others are measured. */
export const REFERENCE = 'adjoint';

/**
 * The gradient by every rule named, in their order. A rule that does not hold here says why, and gives the wrong
 * answer that it would give, if it gives one.
 * @param begin hears of every rule before it is computed
 * @throws LearningError, SimulationError when the exact gradient cannot be had
 */
export function gradientsBy(
  problem: Problem,
  rules: readonly string[],
  options: RuleOptions = {},
  begin: (rule: string) => void = () => {},
): readonly RuleGradient[] {
  const workspace = options.workspace ?? createWorkspace();
  const own = { ...options, workspace };
  begin(REFERENCE);
  const reference = estimate(problem, REFERENCE, own);
  return rules.map((rule): RuleGradient => {
    begin(rule);
    const beside = (found: GradientEstimate): RuleGradient => ({
      rule,
      estimate: found,
      fidelity: fidelity(found.gradient, reference.gradient, problem.parameters),
    });
    if (rule === REFERENCE) return beside(reference);
    const found = attempt(() => estimate(problem, rule, own));
    if (!(found instanceof Error)) return beside(found);
    const biased = options.force ? found : attempt(() => estimate(problem, rule, { ...own, force: true }));
    return biased instanceof Error ? { rule, obstacle: found } : { ...beside(biased), obstacle: found };
  });
}

function attempt<T>(compute: () => T): T | LearningError | SimulationError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LearningError || error instanceof SimulationError) return error;
    throw error;
  }
}

/** Which symmetry the circuit of a problem has where its first row comes to rest; undefined when it finds no rest. */
export function verdictOn(problem: Problem, workspace: Workspace = createWorkspace()): Verdict | undefined {
  const sample = problem.sample(problem.values, 0);
  const found = attempt(() => verdictAt(problem, sample, workspace));
  return found instanceof Error ? undefined : found;
}

function verdictAt(problem: Problem, sample: Sample, workspace: Workspace): Verdict {
  const { system } = sample;
  const { x } = freePhase(system, problem.options, workspace, {});
  const atRest = sample.costs.filter((c) => c.at === 'op');
  const gradient = costGradient(system, operatingCost(atRest, REFERENCE), x);
  return verdict(system, problem.options, workspace, x, (i) => gradient[i] !== 0);
}

/** The same problem, of which somebody hears whenever a sample is drawn. */
export function watched(problem: Problem, drawn: () => void): Problem {
  const heard = (sample: Sample): Sample => ({
    values: sample.values,
    system: sample.system,
    costs: sample.costs,
    get sensitivity() {
      return sample.sensitivity;
    },
    at(values) {
      drawn();
      return heard(sample.at(values));
    },
  });
  return {
    parameters: problem.parameters,
    values: problem.values,
    rows: problem.rows,
    options: problem.options,
    ...(problem.transient ? { transient: problem.transient } : {}),
    get physical() {
      return problem.physical;
    },
    sample(values, row, moved) {
      drawn();
      return heard(problem.sample(values, row, moved));
    },
  };
}
