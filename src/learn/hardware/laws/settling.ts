// Phases that end early: the slowest mode is short of its end by e^(−T/τ).
import { slowShare } from '../settling.js';
import { isContrast, isFaithful, isHarmonic, isOneSided, type Law, scaled } from './law.js';

/**
 * A nudged phase of length T₂ lacks e^(−T₂/τ) of the slowest mode of dx/dβ. What the free phase lacks, ρ₁ ~ e^(−T₁/τ),
 * is common to both nudged phases. Where a circuit that is not reciprocal is reversed it has modes of its own, of which
 * nothing is known. A one-sided difference contains it as ρ₁(1 − e^(−T₂/τ))/β.
 */
export const settlingLaw: Law = (site, request) => {
  const { free, nudged } = request.hardware;
  if (free === 0 && nudged === 0) return {};
  if (!isContrast(request) || isHarmonic(request) || !isFaithful(site, request) || !site.slowest.single)
    return undefined;
  const { rule } = request.method;
  if (rule === 'asymmetric' && !(site.symmetrizable && site.weights.every((s) => s === 1))) return undefined;
  const { n } = site.sample.system;
  const left = nudged > 0 ? Math.exp(-nudged) : 0;
  const short = slowShare(site, site.slowest, site.response);
  const error = scaled(short, -left);
  if (free > 0) {
    const rest = scaled(site.behind(), Math.exp(-free));
    if (isOneSided(request)) for (let i = 0; i < n; i++) error[i] -= (rest[i] * (1 - left)) / request.beta;
  }
  for (let i = 0; i < n; i++) error[i] *= site.weights[i];
  return { bias: site.read(error) };
};
