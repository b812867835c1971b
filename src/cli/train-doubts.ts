// What is doubtful about a training that came to its end.
import type { Diagnostic } from '../errors.js';
import { some } from '../expression/suggest.js';
import type { Problem } from '../learn/problem.js';
import type { EpochReport } from '../learn/training/training.js';

/** What a training may end in without failing: numbers that changed their sign or their scale, a cost that rose. */
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
  const strayed = parameters.flatMap(({ name, log }, k) =>
    !log && begun[k] !== 0 && Math.abs(values[k]) > STRAYED * Math.abs(begun[k])
      ? [`${name} from ${begun[k]} to ${values[k].toPrecision(3)}`]
      : [],
  );
  if (strayed.length > 0)
    doubts.push({
      severity: 'warning',
      code: 'scale-left',
      message: `more than a thousandfold: ${some(strayed)}`,
      hint: 'steps of --lr are in the unit of the parameter: write .train … log, or a smaller --lr',
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

/** Factor beyond which a number has left its scale. */
const STRAYED = 1e3;

/** Units of what is positive in a passive part. */
const SIGNED: ReadonlySet<string> = new Set(['Ω', 'F', 'H']);
