// Where within a step the signal of a mode crosses first, on the polynomial of the step.
import type { System } from '../circuit/system.js';
import type { History } from './history.js';
import type { Inputs } from './inputs.js';

const MOST_HALVINGS = 60;
/** Share of t to which a crossing is found. */
const CLOSE = 1e-12;

/** Where the signal of a mode crosses. */
export interface Crossing {
  readonly t: number;
  /** The number of the mode. */
  readonly mode: number;
}

/** The first in (from, t] at which a mode should flip, on the polynomial through the m newest points, if there is one. */
export function firstCrossing(
  { modes }: System,
  inputs: Inputs,
  history: History,
  m: number,
  from: number,
  t: number,
): Crossing | undefined {
  let first: Crossing | undefined;
  for (let k = 0; k < modes.length; k++) {
    const { signal, on, off } = modes[k];
    const beyond = (at: number) => {
      const s = history.signal(signal, at, m, false);
      return inputs.modes[k] > 0 ? s < off : s > on;
    };
    if (!beyond(t)) continue;
    let lo = from;
    let hi = t;
    for (let i = 0; i < MOST_HALVINGS && hi - lo > CLOSE * t; i++) {
      const middle = 0.5 * (lo + hi);
      if (middle <= lo || middle >= hi) break;
      if (beyond(middle)) hi = middle;
      else lo = middle;
    }
    if (first === undefined || hi < first.t) first = { t: hi, mode: k };
  }
  return first;
}
