// Phases that end early: the slowest mode is short of its end by e^(−T/τ).
import { norm } from '../circumstances.js';
import { slowShare } from '../settling.js';
import { isContrast, isFaithful, isHarmonic, isOneSided, type Law, scaled } from './law.js';

/** Slowest time constants after which a phase is near its rest, where modes are those of the point of rest. */
const LATE = 2.5;
/** Rate of the modes that are left out, in units of the slowest. */
const FASTER = 2;

/**
 * A nudged phase of length T₂ lacks e^(−T₂/τ) of the slowest mode of dx/dβ. What the free phase lacks, ρ₁ ~ e^(−T₁/τ),
 * is common to both nudged phases. Where a circuit that is not reciprocal is reversed it has modes of its own, of which
 * nothing is known. A one-sided difference contains it as ρ₁(1 − e^(−T₂/τ))/β. Other modes are left out: of phases that are
 * long they have died away, taken to be twice as fast.
 */
export const settlingLaw: Law = (site, request) => {
  const { free, nudged } = request.hardware;
  if (free === 0 && nudged === 0) return {};
  if ([free, nudged].some((time) => time > 0 && time < LATE)) return undefined;
  if (!isContrast(request) || isHarmonic(request) || !isFaithful(site, request) || !site.slowest.single)
    return undefined;
  const { rule } = request.method;
  if (rule === 'asymmetric' && !(site.symmetrizable && site.weights.every((s) => s === 1))) return undefined;
  const { n } = site.sample.system;
  const left = nudged > 0 ? Math.exp(-nudged) : 0;
  const short = slowShare(site, site.slowest, site.response);
  const error = scaled(short, -left);
  const weighted = (v: Float64Array): Float64Array => v.map((e, i) => site.weights[i] * e);
  const others = site.response.map((w, i) => w - short[i]);
  let offBy = nudged > 0 ? left ** FASTER * norm(site.read(weighted(others))) : 0;
  if (free > 0) {
    const rest = scaled(site.behind(), Math.exp(-free));
    if (isOneSided(request)) {
      for (let i = 0; i < n; i++) error[i] -= (rest[i] * (1 - left)) / request.beta;
      offBy += (norm(site.read(weighted(rest))) * Math.exp(-free * (FASTER - 1))) / request.beta;
    }
  }
  return { bias: site.read(weighted(error)), offBy };
};
