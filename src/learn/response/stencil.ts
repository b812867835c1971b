// How f, q, G, C and their slopes by parameters change along a direction: central differences of fourth order, exact for
// what is linear in x.
import type { System } from '../../circuit/system.js';

/** How far the operating point is moved along a response, V or A at the largest entry. */
const REACH = 2e-4;
const STENCIL = [
  [-2, 1 / 12],
  [-1, -2 / 3],
  [1, 2 / 3],
  [2, -1 / 12],
] as const;

/** Points about x along `way`, and factors with which what is found there adds up to the slope at x. */
export function pointsAlong(
  { size }: Pick<System, 'size'>,
  x: Float64Array,
  way: Float64Array,
): readonly { readonly at: Float64Array; readonly factor: number }[] {
  const largest = way.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  if (largest === 0) return [];
  const step = REACH / largest;
  return STENCIL.map(([k, weight]) => {
    const at = new Float64Array(size);
    for (let i = 0; i < size; i++) at[i] = x[i] + k * step * way[i];
    return { at, factor: weight / step };
  });
}
