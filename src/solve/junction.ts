// An exponential junction is not to be trusted far beyond where it was linearised: its voltage may rise only as fast
// as its current would have predicted.
import type { Junctions } from '../circuit/system.js';

/** A junction this many n·Vt below its critical voltage carries no current worth iterating for. */
export const ASLEEP = 20;
/** Share of its current that an iteration may leave wrong, in units of reltol. */
const CURRENT_SHARE = 10;

/**
 * max |δv|/(10·reltol·n·Vt) over the conducting junctions: what is small for a node at 100 V may be all the difference
 * to the current of a diode there.
 *
 * @param delta the last correction of the first n entries of x, which was x −= delta
 */
export function junctionNorm(
  junctions: Junctions,
  x: Float64Array,
  delta: Float64Array,
  n: number,
  reltol: number,
): number {
  const { count, plus, minus, thermal, critical } = junctions;
  let norm = 0;
  for (let k = 0; k < count; k++) {
    const p = plus[k];
    const m = minus[k];
    if (x[p] - x[m] < critical[k] - ASLEEP * thermal[k]) continue;
    const d = Math.abs((p < n ? delta[p] : 0) - (m < n ? delta[m] : 0));
    norm = Math.max(norm, d / (CURRENT_SHARE * reltol * thermal[k]));
  }
  return norm;
}

/**
 * Limited junction voltage: above the critical voltage a step of more than 2·n·Vt is replaced by the logarithm of the
 * current step it stands for.
 *
 * Source: Nagel, SPICE2, ERL-M520 (1975), appendix 4; the ramp out of deep reverse bias as usual in its successors.
 * @param v proposed voltage, V
 * @param before voltage of the last iteration, V
 * @param thermal n·kT/q, V
 * @param critical voltage of greatest curvature, V
 */
export function pnjlim(v: number, before: number, thermal: number, critical: number): number {
  if (v <= critical || Math.abs(v - before) <= 2 * thermal) return v;
  if (before <= 0) return thermal * Math.log(Math.max(v / thermal, Math.E));
  const rise = 1 + (v - before) / thermal;
  return rise > 0 ? before + thermal * Math.log(rise) : critical;
}
