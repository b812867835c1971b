// Central differences with steps h and h/2, extrapolated: error O(h⁴); at a bound from the side that is allowed.
import type { Parameter } from './problem.js';

/** Step, in the parameter's unit, where the value is 0 and nothing says how large it may be. */
const STEP_AT_ZERO = 1e-6;

/**
 * ∂c/∂p at a value.
 *
 * @param step relative to the value, or to the range of a parameter that is 0
 * @param here c at the value
 */
export function centralSlope(
  { min, max }: Pick<Parameter, 'min' | 'max'>,
  value: number,
  step: number,
  costAt: (value: number) => number,
  here: number,
): number {
  const range = max - min < Infinity ? max - min : 0;
  const h = step * (Math.abs(value) || range) || STEP_AT_ZERO;
  const slope = (k: number): number => {
    if (value - k >= min && value + k <= max) {
      const [up, down] = [value + k, value - k];
      return (costAt(up) - costAt(down)) / (up - down);
    }
    const side = value + k <= max ? k : -k;
    return (4 * costAt(value + side / 2) - costAt(value + side) - 3 * here) / side;
  };
  return (4 * slope(h / 2) - slope(h)) / 3;
}
