// Two copies are never alike: what the devices of the second one add to its rows, and what its readings are off by.
import type { System } from '../../circuit/system.js';
import type { Random } from '../../math/random.js';
import type { Addition } from '../compose/augment.js';
import { type Entries, entriesOf } from '../compose/structure.js';
import { BUT_AC, positive } from './knob.js';

export const copyMismatch = positive(
  'copymismatch',
  '',
  'relative σ (lognormal) of the second copy against the first; rules on one copy do not see it',
  { costs: BUT_AC },
);
export const copyOffset = positive(
  'copyoffset',
  '',
  'rms offset of the second copy against the first, relative to the rms of the difference between them',
  { costs: BUT_AC },
);

/** Whether a second copy is there that differs from the first. */
export const usesCopy = ({
  copymismatch,
  copyoffset,
}: Readonly<Record<'copymismatch' | 'copyoffset', number>>): boolean => copymismatch > 0 || copyoffset > 0;

/** How a pair of 2n unknowns is made of two copies: m and s, or x and z with s = x − z. */
export type Pairing = 'm-s' | 'x-z';

/**
 * What makes the second half of a pair another specimen: (G₂(m) − G(m))ᵀs in the rows of s, or f₂(z) − f(z) in those of
 * z. The dependence of the first on m is left out of the partials: m does not see s.
 */
export function secondCopy(system: System, twin: System, pairing: Pairing): Addition {
  const { n, size, pattern } = system;
  const own = entriesOf(system);
  const inside = Array.from({ length: pattern.nnz }, (_, k) => k);
  const entries: Entries =
    pairing === 'm-s'
      ? {
          rows: Int32Array.from(inside, (k) => n + own.cols[k]),
          cols: Int32Array.from(inside, (k) => n + own.rows[k]),
        }
      : {
          rows: Int32Array.from(inside, (k) => n + own.rows[k]),
          cols: Int32Array.from(inside, (k) => n + own.cols[k]),
        };
  const x = new Float64Array(size);
  const q = new Float64Array(system.charges);
  const f = [new Float64Array(size), new Float64Array(size)];
  const G = [new Float64Array(system.slots), new Float64Array(system.slots)];
  const C = new Float64Array(system.slots);
  const look = (pair: Float64Array, t: number): void => {
    const first = pairing === 'm-s' ? 0 : n;
    x.set(pair.subarray(first, first + n));
    x.set(pair.subarray(2 * n, n + size), n);
    system.evaluate(x, t, f[0], q, G[0], C);
    twin.evaluate(x, t, f[1], q, G[1], C);
  };
  return {
    entries,
    addCurrents(pair, t, into) {
      look(pair, t);
      if (pairing === 'x-z') for (let i = 0; i < n; i++) into[n + i] += f[1][i] - f[0][i];
      else for (const k of inside) into[n + own.cols[k]] += (G[1][k] - G[0][k]) * pair[n + own.rows[k]];
    },
    partials(pair, t, values) {
      look(pair, t);
      for (const k of inside) values[k] = G[1][k] - G[0][k];
    },
  };
}

/** A pair as it is read when the second copy is off by `offset` times the rms stress at every unknown. */
export function withOffset(
  x: Float64Array,
  n: number,
  pairing: Pairing,
  offset: number,
  random: Random,
): Float64Array {
  const seen = x.slice();
  const stress = Float64Array.from({ length: n }, (_, i) => (pairing === 'm-s' ? x[n + i] : x[i] - x[n + i]));
  const rms = Math.sqrt(stress.reduce((sum, s) => sum + s * s, 0) / n);
  for (let i = 0; i < n; i++) seen[n + i] += offset * rms * random.normal();
  return seen;
}
