// What is doubtful about a training that came to its end.
import type { Diagnostic } from '../errors.js';
import type { Problem } from '../learn/problem.js';
import type { EpochReport } from '../learn/training/training.js';

/** What a training may end in without failing: numbers that changed their sign, a cost that rose. */
export function doubtsOn(
  { parameters, values: begun }: Problem,
  values: readonly number[],
  history: readonly EpochReport[],
): Diagnostic[] {
  const doubts: Diagnostic[] = [];
  const crossed = parameters.filter((_, k) => values[k] * begun[k] < 0 && SIGNED.has(parameters[k].unit));
  if (crossed.length > 0)
    doubts.push({
      severity: 'warning',
      code: 'sign-changed',
      message: `no such part is passive: ${crossed.map(({ name }) => name).join(', ')} changed sign`,
      hint: 'give .train a min=, or log, which keeps its sign; or a smaller --lr',
    });
  const [first, last] = [history[0], history[history.length - 1]];
  if (history.length > 1 && last.cost > first.cost)
    doubts.push({
      severity: 'warning',
      code: 'cost-rose',
      message: `the cost rose from ${first.cost.toPrecision(4)} to ${last.cost.toPrecision(4)}`,
      hint: 'try a smaller --lr, or --optimiser adam',
    });
  return doubts;
}

/** Units of what is positive in a passive part. */
const SIGNED: ReadonlySet<string> = new Set(['Ω', 'F', 'H']);
