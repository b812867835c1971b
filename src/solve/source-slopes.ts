// ∂u̇/∂p of what sources put into x, just after an instant.
import type { System } from '../circuit/system.js';
import type { Relation } from './relation.js';
import type { Tape } from './tape.js';

/** Share of the way to the next corner over which the slope of a source is differenced. */
const SLOPE_STEP = 1e-4;
/** Forward difference of second order: waveforms are smooth between corners. */
const WEIGHTS = [-1.5, 2, -0.5];

/**
 * Times and weights with ∂u̇/∂p = Σ weight·∂u/∂p(t) at a relation; none at the end of the run.
 */
export function sourceSlopes(
  { sources }: System,
  tape: Tape,
  { t, left }: Relation,
): readonly (readonly [t: number, weight: number])[] {
  let corner = tape.end;
  if (corner <= t) return [];
  for (const source of sources) corner = Math.min(corner, source.nextBreakpoint(t - left));
  const step = SLOPE_STEP * (corner - t);
  return WEIGHTS.map((weight, k) => [t - left + k * step, weight / step]);
}
