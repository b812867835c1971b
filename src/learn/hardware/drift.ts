// Values that move while nobody writes: between one phase and the next every trained parameter takes a random step.
import type { System } from '../../circuit/system.js';
import type { Random } from '../../math/random.js';
import type { Addition } from '../compose/augment.js';
import { entriesOf } from '../compose/structure.js';
import { positive } from './knob.js';

export const drift = positive(
  'drift',
  '',
  'relative rms by which every trained parameter moves from one phase to the next (a random walk)',
);

/** The values one phase later. */
export const drifted = (values: Float64Array, rate: number, random: Random): Float64Array =>
  values.map((v) => v * Math.exp(rate * random.normal()));

/** A walk: what values asked for have become, further away each time. */
export function createWalk(rate: number): (values: Float64Array, random: Random) => Float64Array {
  let moves: Float64Array | undefined;
  return (values, random) => {
    const now = drifted(moves ?? values.map(() => 1), rate, random);
    moves = now;
    return values.map((v, p) => v * now[p]);
  };
}

/**
 * f_moved − f: what turns any system made of `system` into the same made of `moved`, another binding of its circuit.
 * @param isFree 0 for rows that are no longer those of the circuit (clamped nodes); default all are
 */
export function difference(system: System, moved: System, isFree?: ArrayLike<number>): Addition {
  const f = new Float64Array(system.size);
  const q = new Float64Array(system.charges);
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  const entries = entriesOf(system);
  const free = (i: number): number => (isFree === undefined || i >= system.n ? 1 : isFree[i]);
  return {
    entries,
    addCurrents(x, t, into) {
      moved.evaluate(x, t, f, q);
      for (let i = 0; i < system.n; i++) into[i] += free(i) * f[i];
      system.evaluate(x, t, f, q);
      for (let i = 0; i < system.n; i++) into[i] -= free(i) * f[i];
    },
    partials(x, t, values) {
      moved.evaluate(x, t, f, q, G, C);
      values.set(G.subarray(0, values.length));
      system.evaluate(x, t, f, q, G, C);
      for (let k = 0; k < values.length; k++) values[k] = free(entries.rows[k]) * (values[k] - G[k]);
    },
  };
}
