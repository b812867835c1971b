// Two copies that differ: the transposed network is built of other devices, so that λ₂ − λ = −G⁻ᵀδGᵀλ; and an offset in
// reading its state is one in λ.
import type { Problem } from '../../problem.js';
import { scattering } from '../mismatch.js';
import { product } from '../product.js';
import { type Law, type Site, scaled, squared } from './law.js';

const STEP = 1e-5;

/** d(gradient)/d(ln p) through the second copy alone, for every number p that fabrication scatters. */
export function copySensitivity(problem: Problem, site: Site, row: number): readonly Float64Array[] {
  const { system } = site.sample;
  const scattered = scattering(problem.physical, system.sources);
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  return [...scattered].map(([name, value]) => {
    const other = problem.sample(problem.values, row, new Map([[name, value * (1 + STEP)]]));
    other.system.evaluate(site.x, 0, new Float64Array(system.size), new Float64Array(system.charges), G, C);
    for (let k = 0; k < G.length; k++) G[k] = (G[k] - site.G[k]) / STEP;
    return site.read(site.solveTransposed(scaled(product(system, G, site.lambda, true), -1)));
  });
}

/** @param sensitivity of every row's gradient to the numbers of the second copy */
export const copyMismatchLaw =
  (sensitivity: (site: Site) => readonly Float64Array[]): Law =>
  (site, { method, hardware: { copymismatch } }) => {
    if (copymismatch === 0 || method.copies === 1) return {};
    if (method.pairing !== 'm-s') return undefined;
    const shared = sensitivity(site).map((v) => scaled(v, copymismatch));
    const square = shared.reduce((sum, v) => sum + squared(v), 0);
    return { shared, offBy: square / 2 / Math.sqrt(squared(site.gradient)) };
  };

export const copyOffsetLaw: Law = (site, { method, hardware: { copyoffset } }) => {
  if (copyoffset === 0 || method.pairing === undefined) return {};
  const rms = Math.sqrt(site.lambda.reduce((sum, v) => sum + v * v, 0) / site.lambda.length);
  return { shared: site.columns().map((column) => scaled(column, copyoffset * rms)) };
};
