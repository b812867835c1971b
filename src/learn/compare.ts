// The same gradient by one rule or by all: the mean over the rows of data, and how near each comes to the exact one.
import { InputError, type LearningError, type SimulationError } from '../errors.js';
import { createWorkspace } from '../solve/workspace.js';
import { attempt } from './attempt.js';
import type { GradientEstimate, RuleOptions, Validity } from './estimate.js';
import { type Fidelity, fidelity } from './fidelity.js';
import type { Problem } from './problem.js';
import { readRow } from './row.js';
import { RULES, ruleByName } from './rules/registry.js';

/** What one rule says of a problem. */
export interface Comparison {
  readonly rule: string;
  /** The problem's, beside which that of an estimate may be biased: phases of some rules rest elsewhere. */
  readonly cost: number;
  /** Absent when there is nothing to be had. */
  readonly estimate?: GradientEstimate;
  /** How near the estimate is to the adjoint. */
  readonly fidelity?: Fidelity;
  /** Why the rule does not hold here; an estimate beside it is biased. */
  readonly obstacle?: LearningError | SimulationError;
}

/** The exact gradient, on which all others are measured. */
const REFERENCE = 'adjoint';

/**
 * Cost and gradient of a problem by one rule: means over its rows, which start where the row before came to rest and
 * share one factorisation. State and co-state are the first row's; of each measure of validity the worst.
 *
 * @throws InputError for a nudge that is none or a wrong number of values; LearningError when the rule is not valid here or unknown, or a number is not finite; SimulationError when a phase finds no rest.
 */
export function estimate(
  problem: Problem,
  ruleName: string,
  options: RuleOptions = {},
  values: Float64Array = problem.values,
): GradientEstimate {
  const rule = ruleByName(ruleName);
  demandNumbers(problem, options, values);
  const workspace = options.workspace ?? createWorkspace();
  const gradient = new Float64Array(problem.parameters.length);
  let cost = 0;
  let first: GradientEstimate | undefined;
  let validity: Validity | undefined;
  let start = options.start;
  for (let row = 0; row < problem.rows; row++) {
    const sample = problem.sample(values, row);
    const one = readRow(rule, problem, sample, row, { ...options, workspace, ...(start ? { start } : {}) });
    cost += one.cost / problem.rows;
    for (let p = 0; p < gradient.length; p++) gradient[p] += one.gradient[p] / problem.rows;
    first ??= one;
    validity = validity === undefined ? one.validity : worse(validity, one.validity);
    start = one.state ?? start;
  }
  if (first === undefined || validity === undefined) throw new RangeError('a problem has at least one row');
  return { ...first, cost, gradient, validity };
}

/** @throws InputError for a nudge that is none, and values that are not one for each parameter */
function demandNumbers({ parameters }: Problem, { beta }: RuleOptions, values: Float64Array): void {
  const refuse = (code: string, message: string, hint: string): never => {
    throw new InputError([{ severity: 'error', code, message, hint }]);
  };
  if (beta !== undefined && !(Number.isFinite(beta) && beta !== 0))
    refuse('bad-beta', `beta = ${beta} is no strength of a nudge`, 'a finite number other than 0, as 1e-4');
  if (values.length !== parameters.length)
    refuse(
      'wrong-length',
      `${values.length} values for ${parameters.length} parameters`,
      'give one for each of problem.parameters, in their order',
    );
}

/**
 * Every rule (or those named) beside the adjoint, in the order asked for. A rule that does not hold here says why, and
 * gives the biased answer that it would give, if it gives one.
 *
 * @param begin hears of every rule before it is computed
 * @throws LearningError, SimulationError when the exact gradient cannot be had
 */
export function compare(
  problem: Problem,
  rules: readonly string[] = RULES.map((r) => r.name),
  options: RuleOptions = {},
  begin: (rule: string) => void = () => {},
): readonly Comparison[] {
  const own = { ...options, workspace: options.workspace ?? createWorkspace() };
  begin(REFERENCE);
  const reference = estimate(problem, REFERENCE, own);
  const { cost } = reference;
  return rules.map((rule): Comparison => {
    begin(rule);
    const beside = (found: GradientEstimate): Comparison => ({
      rule,
      cost,
      estimate: found,
      fidelity: fidelity(found.gradient, reference.gradient, problem.parameters),
    });
    if (rule === REFERENCE) return beside(reference);
    const found = attempt(() => estimate(problem, rule, own));
    if (!(found instanceof Error)) return beside(found);
    const biased = options.force ? found : attempt(() => estimate(problem, rule, { ...own, force: true }));
    return biased instanceof Error ? { rule, cost, obstacle: found } : { ...beside(biased), obstacle: found };
  });
}

function worse(a: Validity, b: Validity): Validity {
  const largest = (of: (v: Validity) => number | undefined): number | undefined => {
    const [x, y] = [of(a), of(b)];
    return x === undefined ? y : y === undefined ? x : Math.max(x, y);
  };
  const entries = {
    asymmetry: largest((v) => v.asymmetry),
    tellegen: largest((v) => v.tellegen),
    beta: largest((v) => v.beta),
    settling: largest((v) => v.settling),
  };
  const known = Object.fromEntries(Object.entries(entries).filter(([, v]) => v !== undefined));
  const frozen = new Set([...(a.frozenInstants ?? []), ...(b.frozenInstants ?? [])]);
  const instants = frozen.size > 0 ? { frozenInstants: [...frozen] } : {};
  return { ...a, ...known, ...instants, residual: Math.max(a.residual, b.residual) };
}
