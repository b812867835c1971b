// Errors of the sources that nudge reach the gradient through the co-state that they excite: a gain ε leaves rel ≈ ε, an
// offset o leaves o/|∇c|, whatever β.
import { unit } from '../circumstances.js';
import { isFaithful, type Law, type Site, scaled, squared } from './law.js';

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

/** Steps Δ of a converter: an error of variance Δ²/12 in every nudge; the largest one is met when it sets the range. */
export const nudgeConversionLaw: Law = (site, request) => {
  const { dac, dacrange } = request.hardware;
  if (dac === 0) return {};
  if (!isFaithful(site, request)) return undefined;
  const largest = site.slope.reduce((most, c) => Math.max(most, Math.abs(c)), 0);
  const range = dacrange > 0 ? dacrange / request.beta : 2 * largest;
  const step = range / 2 ** dac;
  const inexact = outputs(site).filter((k) => dacrange > 0 || Math.abs(site.slope[k]) !== largest);
  return { variance: inexact.reduce((sum, k) => sum + ((step * step) / 12) * squared(readOf(site, k)), 0) };
};
