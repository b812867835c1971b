// One row by one rule: a cost and a gradient that are numbers, or why they are none.
import { LearningError, SimulationError } from '../errors.js';
import { createWorkspace } from '../solve/workspace.js';
import { attempt } from './attempt.js';
import type { GradientEstimate, Rule, RuleOptions } from './estimate.js';
import { demandFiniteCosts, inRow, notFinite } from './finite.js';
import { nameOf, type Problem, type Sample } from './problem.js';
import { settleByNewton } from './settle.js';

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
    const isRestless =
      error instanceof SimulationError ||
      (error instanceof LearningError && error.obstacle.code === 'not-settled');
    throw isRestless ? explained(error, problem, sample, row, options) : error;
  }
}

function demandFinite(
  found: GradientEstimate,
  problem: Problem,
  sample: Sample,
  row: number,
): GradientEstimate {
  const { cost, gradient, state } = found;
  const where = inRow(problem, row);
  const p = gradient.findIndex((slope) => !Number.isFinite(slope));
  if (Number.isFinite(cost) && p < 0) return found;
  if (state) demandFiniteCosts(sample, state, where);
  const terms = sample.costs.filter(({ at }) => at !== 'op');
  const names = terms.map(nameOf).join(' + ');
  const span = terms.length === 1 ? terms[0].span : undefined;
  if (!Number.isFinite(cost)) throw notFinite(`the cost ${names} is ${cost}${where}`, span);
  throw notFinite(`the derivative by ${problem.parameters[p].name} is ${gradient[p]}${where}`, span);
}

/** Why a phase finds no rest: because what nudges it is no number, or too strong, or an error that names the row. */
function explained(
  error: SimulationError | LearningError,
  problem: Problem,
  sample: Sample,
  row: number,
  { beta }: RuleOptions,
): Error {
  const alone = attempt(() => {
    const { x, residual } = settleByNewton(sample.system, problem.options, createWorkspace());
    demandFiniteCosts(sample, x, inRow(problem, row));
    return residual <= 1;
  });
  if (alone instanceof LearningError) return alone;
  if (error instanceof LearningError) return error;
  const where = problem.rows === 1 ? '' : `row ${row + 1} of the table: `;
  const { report } = error;
  const isAtRest = sample.costs.every(({ at }) => at === 'op');
  const isTooStrong = isAtRest && alone === true && beta !== undefined && report.hint === undefined;
  if (!isTooStrong) return where === '' ? error : new SimulationError(`${where}${error.message}`, report);
  return new SimulationError(`${where}nudged by β = ${beta}, ${error.message}`, {
    ...report,
    hint: 'without the nudge the circuit comes to rest: choose a smaller beta, or leave it to its default',
  });
}
