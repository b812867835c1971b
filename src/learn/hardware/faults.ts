// Devices that cannot be programmed: stuck ones stand at a random value of their range, dead ones conduct nothing.
import type { Random } from '../../math/random.js';
import type { Parameter } from '../problem.js';
import { positive } from './knob.js';

export const stuck = positive(
  'stuck',
  '',
  'share of the trained parameters that stand at a random value of their range (of a factor 4 where it has no bounds)',
  { max: 1 },
);
export const dead = positive(
  'dead',
  '',
  'share of the trained parameters whose device has failed: resistances and inductances ×10⁶, all others ×10⁻⁶',
  { max: 1 },
);

const FAILED = 1e6;
const WIDTH = 4;

/** Values as they stand on the chip when `values` were asked for. Which devices fail first does not depend on the shares. */
export function faulty(
  parameters: readonly Parameter[],
  values: Float64Array,
  stuckShare: number,
  deadShare: number,
  random: Random,
): Float64Array {
  return values.map((value, k) => {
    const [fate, place] = [random.uniform(), random.uniform()];
    if (fate < deadShare) return /^(Ω|H)$/.test(parameters[k].unit) ? value * FAILED : value / FAILED;
    if (fate >= 1 - stuckShare) return anywhere(parameters[k], value, place);
    return value;
  });
}

/** The value at `place` ∈ [0, 1) of a parameter's range, logarithmically where it is so or where it has no bounds. */
function anywhere({ min, max, log }: Parameter, value: number, place: number): number {
  if (Number.isFinite(min) && Number.isFinite(max))
    return log && min > 0 ? min * (max / min) ** place : min + (max - min) * place;
  return value * WIDTH ** (place - 0.5);
}
