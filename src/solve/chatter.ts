// A mode that flips without end: closed, a switch takes its signal back below the threshold, and open, above it.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import type { Passage } from '../math/passage.js';

export interface Chatter {
  /**
   * Modes flip at t to what they are now.
   *
   * @throws SimulationError `chattering`
   */
  flips(t: number, modes: Float64Array): void;
  pass(passage: Passage): void;
}

/** Flips of a mode that follow each other this fast, over tstop, … */
const FAST = 1e-9;
/** … so many times in a row do not end. */
const MOST = 100;

export function createChatter({ modes: all }: System, tstop: number): Chatter {
  const before = new Float64Array(all.length);
  /** When a mode flipped last, and how many times in a row it has been fast. */
  const last = new Float64Array(all.length).fill(-Infinity);
  const count = new Float64Array(all.length);
  return {
    flips(t, modes) {
      for (let k = 0; k < all.length; k++) {
        if (modes[k] === before[k]) continue;
        count[k] = t - last[k] <= FAST * tstop ? count[k] + 1 : 0;
        last[k] = t;
        before[k] = modes[k];
        if (count[k] >= MOST) throw chattering(t, all[k].element);
      }
    },
    pass(passage) {
      for (const v of [before, last, count]) passage.vector(v);
    },
  };
}

function chattering(t: number, element: string): SimulationError {
  return new SimulationError(
    `${element} chatters at t = ${t} s: what it switches takes its own signal back across the threshold at once`,
    {
      code: 'chattering',
      time: t,
      unknowns: [],
      devices: [element],
      tried: [`${MOST} flips, each within ${FAST}·tstop of the one before`],
      hint: `give the model of ${element} a hysteresis (vh or ih), or its signal a capacitor of its own`,
    },
  );
}
