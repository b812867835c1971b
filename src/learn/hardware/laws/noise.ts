// Noise of reading, of conversion and of heat in the difference of two phases, over the β between them: a variance that
// grows as 1/β².
import { createLu } from '../../../math/lu.js';
import { converterStep, gains } from '../read-out.js';
import { dot } from '../settling.js';
import { BOLTZMANN, chargeNoise } from '../thermal.js';
import {
  isContrast,
  isHarmonic,
  isStress,
  type Law,
  type Request,
  readings,
  responseOf,
  type Site,
  span,
  squared,
  weightsBy,
} from './law.js';

/** Σ over unknowns of what variance v_k of the difference of two phases does to the gradient. */
function spread(site: Site, request: Request, variance: (k: number) => number): number {
  const weights = weightsBy(site, request);
  const weighted = (k: number) => (weights ? weights[k] : 1) ** 2 * variance(k);
  return (
    site.columns().reduce((sum, column, k) => sum + squared(column) * weighted(k), 0) / span(request) ** 2
  );
}

/** Readings of rms σ, M of them averaged: σ²/M, twice that in the difference of two phases. */
export const readingLaw: Law = (site, request) => {
  const { read, reads } = request.hardware;
  if (read === 0) return {};
  if (!isContrast(request) && !isStress(request)) return undefined;
  const gain = gains(site.sample.system, site.x);
  return {
    variance: spread(site, request, (k) => (readings(request) * read * read) / reads / gain[k] ** 2),
  };
};

/**
 * Steps q of a converter with any offset: a difference d is read as one of the two multiples of q beside it, with
 * variance q²φ(1 − φ), φ the fraction of d/q; its mean over φ is the q²/6 of two errors that are independent.
 */
export const conversionLaw: Law = (site, request) => {
  const { adc, adcrange, read } = request.hardware;
  const step = converterStep({ bits: adc, range: adcrange });
  if (step === 0) return {};
  if (!isContrast(request) && !isStress(request)) return undefined;
  const apart = span(request);
  const response = responseOf(site, request);
  const gain = gains(site.sample.system, site.x);
  const variance = (k: number): number => {
    const steps = Math.abs(apart * response[k] * gain[k]) / step;
    const fraction = steps - Math.floor(steps);
    const smooth = isHarmonic(request) ? readings(request) / 12 : 1 / 6;
    const share = read > 0 || isHarmonic(request) ? smooth : fraction * (1 - fraction);
    return (share * step * step) / gain[k] ** 2;
  };
  return { variance: spread(site, request, variance) };
};

/**
 * Charges at rest have covariance kT·E; the mean over a time T_a has 2kT·G⁻¹/T_a, which is 2τ/T_a times the variance in
 * every mode (T_a ≫ τ, reciprocal networks). What it does to the mean of a product cancels in the difference.
 */
export const thermalLaw: Law = (site, request) => {
  const { thermal, average } = request.hardware;
  if (thermal === 0) return {};
  if (!isContrast(request) || isHarmonic(request) || site.weights.some((s) => s !== 1)) return undefined;
  const { n } = site.sample.system;
  const energy = BOLTZMANN * thermal;
  const apart = span(request);
  let total = 0;
  if (average > 0) {
    for (let p = 0; p < site.gradient.length; p++) {
      const column = Float64Array.from({ length: n }, (_, k) => site.columns()[k][p]);
      total += dot(column, site.solve(column.slice()));
    }
    total *= (2 * energy) / (average * site.slowest.tau);
  } else {
    const moved = atOnce(site);
    for (const charge of chargeNoise(site.sample.system, site.C))
      total += energy * squared(site.read(moved(charge)));
  }
  return { variance: (2 * total) / apart ** 2 };
};

/** Rate at which charges cannot follow, in units of 1/τ. */
const INSTANT = 1e7;

/** What additional charges do to the state before anything has moved: (C + G/α)δx = charge, α → ∞. */
function atOnce({ sample: { system }, G, C, slowest }: Site): (charge: Float64Array) => Float64Array {
  const lu = createLu(system.pattern);
  const alpha = INSTANT / slowest.tau;
  lu.factor(C.map((c, k) => c + G[k] / alpha));
  return (charge) => {
    const x = charge.slice();
    lu.solve(x);
    return x;
  };
}
