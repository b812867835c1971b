// A cost is a number and has a slope: a logarithm of a negative voltage is none to descend. What is not finite is said at
// the card of the cost.
import { LearningError, type Span } from '../errors.js';
import type { Problem, Sample } from './problem.js';

/** ` in row 2 of the table`, where there are several. */
export const inRow = ({ rows }: Pick<Problem, 'rows'>, row: number): string =>
  rows > 1 ? ` in row ${row + 1} of the table` : '';

/** LearningError `not-finite`. */
export const notFinite = (message: string, span?: Span): LearningError =>
  new LearningError(message, {
    code: 'not-finite',
    devices: [],
    hint: 'keep logarithms, roots and quotients of .cost from where they have no value: ln(max(v(out),1u))',
    ...(span ? { span } : {}),
  });

/**
 * @param x the circuit at rest, length size
 * @param where what the message ends in
 * @throws LearningError `not-finite` for a cost at the operating point whose value or slope is not finite there
 */
export function demandFiniteCosts(
  { system, costs }: Pick<Sample, 'system' | 'costs'>,
  x: Float64Array,
  where: string,
): void {
  const slope = new Float64Array(system.size);
  for (const term of costs) {
    if (term.at !== 'op') continue;
    const { functional, weight, span } = term;
    const value = weight * functional.value(x, 0);
    if (!Number.isFinite(value)) throw notFinite(`the cost ${functional.name} is ${value}${where}`, span);
    slope.fill(0);
    functional.addGradient(x, 0, weight, slope);
    const i = slope.findIndex((c) => !Number.isFinite(c));
    if (i < 0) continue;
    const { name } = system.unknowns[i] ?? system.inputVariables[i - system.n];
    throw notFinite(`the slope of the cost ${functional.name} by ${name} is ${slope[i]}${where}`, span);
  }
}
