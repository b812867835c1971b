// Noise of reading and of heat in the difference of two phases, over the β between them: a variance that grows as 1/β².
import { createLu } from '../../../math/lu.js';
import { gains } from '../read-out.js';
import { dot } from '../settling.js';
import { BOLTZMANN, chargeNoise } from '../thermal.js';
import {
  type Contribution,
  isContrast,
  isHarmonic,
  isOneSided,
  isStress,
  type Law,
  type Request,
  readings,
  type Site,
  span,
  squared,
  weightsBy,
} from './law.js';

/** Σ over unknowns of what variance v_k of the difference of two phases does to the gradient. */
export function spread(site: Site, request: Request, variance: (k: number) => number): number {
  const weights = weightsBy(site, request);
  const weighted = (k: number) => (weights ? weights[k] : 1) ** 2 * variance(k);
  return (
    site.columns().reduce((sum, column, k) => sum + squared(column) * weighted(k), 0) / span(request) ** 2
  );
}

/** An error of the state about which a circuit is reversed displaces its phases by a multiple of itself: so much is allowed for. */
const REVERSED = 9;

/**
 * Errors of the difference and of the state that it is read at, which are independent; their product is left out, and a
 * rule that reverses the circuit about the state it has read, one-sided, sees that state twice.
 */
export function readWith(
  site: Site,
  request: Request,
  difference: (k: number) => number,
  state: (k: number) => number,
): Contribution | undefined {
  if (!isContrast(request) && !isStress(request)) return undefined;
  const isReversed =
    request.method.rule === 'asymmetric' && !(site.symmetrizable && site.weights.every((s) => s === 1));
  if (isReversed && isOneSided(request)) return undefined;
  const own = spread(site, request, difference);
  const beside = site.byState().reduce((sum, square, k) => sum + square * state(k), 0);
  const unsure = (own * beside) / squared(site.gradient) + (isReversed ? REVERSED : 0.5) * beside;
  return { variance: own + beside, unsure };
}

/** Variance of one reading of rms σ, M of them averaged: σ²/M. */
function ofReading(site: Site, { hardware: { read, reads } }: Request): (k: number) => number {
  const gain = gains(site.sample.system, site.x);
  return (k) => (read * read) / reads / gain[k] ** 2;
}

/** What noise of reading the difference of phases alone adds to the gradient: it grows as 1/β². */
export function readingVariance(site: Site, request: Request): number {
  const one = ofReading(site, request);
  return spread(site, request, (k) => readings(request) * one(k));
}

export const readingLaw: Law = (site, request) => {
  if (request.hardware.read === 0) return {};
  const one = ofReading(site, request);
  return readWith(site, request, (k) => readings(request) * one(k), one);
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
