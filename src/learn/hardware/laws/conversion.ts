// Converters that read in steps: an error that is no noise. All phases of a chip pass the same converters, each with an
// offset of its own, and what is read of their difference depends on where it lies between two steps.
import { POINTS } from '../../rules/equilibrium.js';
import { converterStep, gains } from '../read-out.js';
import {
  isContrast,
  isHarmonic,
  isOneSided,
  isStress,
  type Law,
  type Request,
  readings,
  responseOf,
} from './law.js';
import { readWith, spread } from './noise.js';

/** A reading of the state of the circuit displaced by `place` steps, and how often it counts. */
interface Place {
  readonly place: number;
  readonly weight: number;
}

/** What is read of an unknown that a nudge of β moves by `moved` steps from `rest`, all in steps. */
function placesOf(request: Request, rest: number, moved: number): readonly Place[] {
  if (isStress(request)) return [{ place: moved, weight: 1 }];
  if (!isHarmonic(request)) {
    const down = isOneSided(request) ? rest : rest - moved;
    return [
      { place: rest + moved, weight: 1 },
      { place: down, weight: -1 },
    ];
  }
  return Array.from({ length: POINTS / 2 + 1 }, (_, k): Place[] => {
    const angle = (2 * Math.PI * k) / POINTS;
    const weight = (2 * k) % POINTS === 0 ? 1 / POINTS : 2 / POINTS;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [
      { place: rest + moved * cos, weight: weight * cos },
      ...(Math.abs(sin) > EVEN ? [{ place: moved * sin, weight: weight * sin }] : []),
    ];
  }).flat();
}

/** sin π, but for rounding. */
const EVEN = 1e-9;
/** Offsets that the mean over all is taken at. */
const OFFSETS = 200;

interface Conversion {
  readonly variance: number;
  readonly often: number;
}

const meanOf = (all: readonly Conversion[]): Conversion => ({
  variance: all.reduce((sum, c) => sum + c.variance, 0) / all.length,
  often: all.reduce((sum, c) => sum + c.often, 0) / all.length,
});

/** Mean square of Σ weight·(⌊place + u⌋ − place) over offsets u of one converter, and how often it is off at all. */
function conversion(places: readonly Place[]): Conversion {
  const exact = places.reduce((sum, { place, weight }) => sum + weight * place, 0);
  const values = Array.from({ length: OFFSETS }, (_, j) =>
    places.reduce((sum, { place, weight }) => sum + weight * Math.floor(place + (j + 0.5) / OFFSETS), 0),
  );
  const sorted = [...values].sort((a, b) => a - b);
  const usual = sorted[OFFSETS / 2];
  return {
    variance: values.reduce((sum, v) => sum + (v - exact) ** 2, 0) / OFFSETS,
    often: values.filter((v) => Math.abs(v - usual) > EVEN).length / OFFSETS,
  };
}

/** Steps that less than this share of the converters takes are too rare to be met on a hundred chips. */
const RARE = 0.12;
/** Noise of this many steps makes errors of conversion independent of each other, q²/12 each; less leaves them related. */
const DITHER = 0.4;
/** Quantiles of a normal distribution. */
const QUANTILES = [-1.6, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.6];

/**
 * Steps q of a converter with any offset, the same in all phases: a difference d is read as one of the two multiples of q
 * beside it, with variance q²φ(1 − φ), φ the fraction of d/q; round a circle the readings of one unknown are related in the
 * same way, as long as they lie within a step of where β dx/dβ says. Valid where readings stay within the range, steps are neither rare nor the prediction sharp in where they
 * lie, and the state is many steps.
 */
export const conversionLaw: Law = (site, request) => {
  const { adc, adcrange, read, reads } = request.hardware;
  const step = converterStep({ bits: adc, range: adcrange });
  if (step === 0) return {};
  if (!isContrast(request) && !isStress(request)) return undefined;
  const noise = read / Math.sqrt(reads) / step;
  if (noise > 0 && noise < DITHER) return undefined;
  const gain = gains(site.sample.system, site.x);
  const columns = site.columns();
  const response = responseOf(site, request);
  const isRead = (k: number): boolean => columns[k].some((c) => c !== 0);
  const clips = columns.some((_, k) => isRead(k) && Math.abs(site.x[k] * gain[k]) > adcrange / 2 - step);
  if (clips) return undefined;
  const inVolts = (k: number, v: number): number => (v * step * step) / gain[k] ** 2;
  const state = (k: number): number => inVolts(k, 1 / 12);
  if (noise > 0) return readWith(site, request, (k) => inVolts(k, readings(request) / 12), state);
  const steps = (k: number, v: number): number => (v * gain[k]) / step;
  const moved = columns.map((_, k) => steps(k, request.beta * response[k]));
  /** Of displacements (1 + by) times as large, and of those of chips that scatter about them. */
  const at = (by: number): readonly Conversion[] =>
    moved.map((far, k) => {
      const scales = request.scatter > 0 ? QUANTILES.map((z) => 1 + by + z * request.scatter) : [1 + by];
      return meanOf(scales.map((scale) => conversion(placesOf(request, steps(k, site.x[k]), scale * far))));
    });
  const total = (of: (k: number) => number): number => spread(site, request, (k) => inVolts(k, of(k)));
  const found = at(0);
  const rare = total((k) => (found[k].often < RARE ? found[k].variance : 0));
  const whole = readWith(site, request, (k) => inVolts(k, found[k].variance), state);
  if (isHarmonic(request)) {
    const lost = moved.map((far) => Math.min(1, request.shift * Math.abs(far)));
    const unrelated = total((k) => lost[k] * found[k].variance);
    return whole && { ...whole, unsure: (whole.unsure ?? 0) + rare + unrelated };
  }
  const beside = [-request.shift, request.shift].map((by) => {
    const shifted = at(by);
    return Math.abs(total((k) => shifted[k].variance - found[k].variance));
  });
  return whole && { ...whole, unsure: (whole.unsure ?? 0) + rare + Math.max(...beside) };
};
