// No two devices are alike: every number of every device is multiplied by e^(σ·z), z standard normal (lognormal, median 1).
import type { Random } from '../../math/random.js';
import { positive } from './knob.js';

export const mismatch = positive(
  'mismatch',
  '',
  'static mismatch: relative σ (lognormal) of every number of every device against the design',
);

/**
 * Numbers that no fabrication scatters: counts (of wavelengths on a line too, whose delay is nl/f), initial states,
 * temperatures, constants of the material.
 */
const CERTAIN: ReadonlySet<string> = new Set(
  'm area nl ic off temp dtemp tnom tc1 tc2 n nbv nf nr eg xti fc vj mj k'.split(' '),
);

/** Those of the physical values that fabrication scatters; sources are not of the chip. */
export function scattering(
  physical: ReadonlyMap<string, number>,
  sources: readonly { readonly element: string }[],
): ReadonlyMap<string, number> {
  const given = new Set(sources.map((s) => s.element));
  return new Map(
    [...physical].filter(([name]) => {
      const dot = name.lastIndexOf('.');
      return !CERTAIN.has(name.slice(dot + 1)) && !given.has(name.slice(0, dot));
    }),
  );
}

/**
 * Physical values of one specimen. The draws do not depend on σ: a specimen that is twice as far from the design is far
 * in the same direction.
 */
export function mismatched(
  values: ReadonlyMap<string, number>,
  sigma: number,
  random: Random,
): ReadonlyMap<string, number> {
  if (sigma === 0) return values;
  return new Map([...values].map(([name, value]) => [name, value * Math.exp(sigma * random.normal())]));
}
