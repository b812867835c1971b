// An exponential junction is not to be trusted far beyond where it was linearised: its voltage may rise only as fast
// as its current would have predicted.

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
