// Errors of the sources that nudge reach the gradient through the co-state that they excite: a gain ε leaves rel ≈ ε, an
// offset o leaves o/|∇c|, whatever β.
import { unit } from '../circumstances.js';
import { converted } from '../nudge-source.js';
import { isRandom } from '../registry.js';
import { isFaithful, isStress, type Law, type Site, scaled, squared, sum } from './law.js';

/** What a nudge of the k-th unknown alone is read as. */
const readOf = (site: Site, k: number): Float64Array =>
  site.read(site.solveTransposed(scaled(unit(site.slope.length, k), -1)));

const outputs = ({ slope, cost }: Site): readonly number[] =>
  [...slope.keys()].filter((k) => slope[k] !== 0 || cost.entries.rows.includes(k));

export const gainLaw: Law = (site, request) => {
  const { gain } = request.hardware;
  if (gain === 0) return {};
  return isFaithful(site, request) ? { bias: scaled(site.read(site.lambda), gain) } : undefined;
};

/** To first order: what another β does to the bias of each is left to the bias. */
export const gainSpreadLaw: Law = (site, request) => {
  const { gainspread } = request.hardware;
  if (gainspread === 0) return {};
  if (!isFaithful(site, request)) return undefined;
  return { shared: outputs(site).map((k) => scaled(readOf(site, k), gainspread * site.slope[k])) };
};

export const offsetLaw: Law = (site, request) => {
  const { offset } = request.hardware;
  if (offset === 0) return {};
  if (!isFaithful(site, request)) return undefined;
  return { shared: outputs(site).map((k) => scaled(readOf(site, k), offset)) };
};

/**
 * What is asked of a converter lies somewhere on its steps Δ: on chips that are alike it is known by how much each nudge
 * is off, and by that much the gradient. Where it differs from chip to chip, or from one reading to the next, the error
 * has a variance of Δ²/12 if it spans many steps, which is not known; the largest nudge is met when it sets the range. A transposed network that the error drives without a free phase holds nothing.
 */
export const nudgeConversionLaw: Law = (site, request) => {
  const { hardware, beta } = request;
  const { dac, dacrange } = hardware;
  if (dac === 0 || isStress(request)) return {};
  if (!isFaithful(site, request)) return undefined;
  const asked = outputs(site).map((k) => beta * site.slope[k]);
  const largest = asked.reduce((most, a) => Math.max(most, Math.abs(a)), 0);
  const range = dacrange > 0 ? dacrange : 2 * largest;
  const step = range / 2 ** dac;
  if (step === 0) return {};
  const read = outputs(site).map((k) => readOf(site, k));
  const off = asked.map((a) => converted(a, step, range) - a);
  if (!isRandom(hardware))
    return {
      bias: sum(
        read.map((v, j) => scaled(v, off[j] / beta)),
        site.gradient.length,
      ),
    };
  if (off.some((error) => Math.abs(error) > step)) return undefined;
  const inexact = read.filter((_, j) => dacrange > 0 || Math.abs(asked[j]) !== largest);
  const variance = inexact.reduce((total, v) => total + ((step / beta) ** 2 / 12) * squared(v), 0);
  return { variance, unsure: variance };
};
