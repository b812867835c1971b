// A gradient is numbers: a logarithm of a negative voltage or a quotient by zero is no cost to descend.
import { LearningError } from '../errors.js';
import type { GradientEstimate } from './estimate.js';
import type { Problem, Sample } from './problem.js';

/**
 * What a rule says of one row, when cost and gradient are finite.
 *
 * @param row from 0
 * @throws LearningError `not-finite`, naming the cost or the parameter, and the row
 */
export function demandFinite(
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
