// One row by one rule. A gradient is numbers: a logarithm of a negative voltage is no cost to descend.
import { LearningError, SimulationError } from '../errors.js';
import type { GradientEstimate, Rule, RuleOptions } from './estimate.js';
import type { Problem, Sample } from './problem.js';

/**
 * What a rule says of one row (from 0).
 *
 * @throws LearningError when the rule is not valid here; `not-finite`, naming the cost or the parameter, and the row, when
 * cost or gradient are no finite numbers; SimulationError that names the row when a phase finds no rest
 */
export function readRow(
  rule: Rule,
  problem: Problem,
  sample: Sample,
  row: number,
  options: RuleOptions,
): GradientEstimate {
  try {
    return demandFinite(rule.estimate(problem, sample, options), problem, sample, row);
  } catch (error) {
    if (!(error instanceof SimulationError) || problem.rows === 1) throw error;
    throw new SimulationError(`row ${row + 1} of the table: ${error.message}`, error.report);
  }
}

function demandFinite(
  found: GradientEstimate,
  problem: Problem,
  sample: Sample,
  row: number,
): GradientEstimate {
  const { cost, gradient, state } = found;
  const where = problem.rows > 1 ? ` in row ${row + 1} of the table` : '';
  if (!Number.isFinite(cost)) {
    const term = sample.costs.find(
      ({ at, functional }) => at === 'op' && state && !Number.isFinite(functional.value(state, 0)),
    );
    const which = term ? `the cost ${term.functional.name}` : 'the cost';
    throw refusal(`${which} is ${cost}${where}`);
  }
  const p = gradient.findIndex((slope) => !Number.isFinite(slope));
  if (p >= 0) throw refusal(`the derivative by ${problem.parameters[p].name} is ${gradient[p]}${where}`);
  return found;
}

const refusal = (message: string): LearningError =>
  new LearningError(message, {
    code: 'not-finite',
    devices: [],
    hint: 'keep logarithms, roots and quotients of .cost from where they have no value: ln(max(v(out),1u))',
  });
