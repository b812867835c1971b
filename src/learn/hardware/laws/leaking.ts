// An antisymmetric K beside a symmetric G: phases find G⁻¹∇c where the gradient wants G⁻ᵀ∇c, 2 G⁻¹K G⁻¹∇c apart, to first
// order in K.
import { unit } from '../circumstances.js';
import { conductingPairs, frobenius } from '../leak.js';
import { type Law, type Site, scaled, squared } from './law.js';

export const leakLaw: Law = (site, { method, hardware: { leak } }) => {
  if (leak === 0 || method.rule !== 'equilibrium') return {};
  if (site.weights.some((s) => s !== 1) || !site.symmetrizable) return undefined;
  const { system } = site.sample;
  const pairs = conductingPairs(system, site.G);
  const each = (leak * frobenius(system, site.G)) / Math.sqrt(2 * pairs.length);
  // λ = −G⁻¹∇c in the reciprocal circuit: what K does to it is one source in each of two nodes.
  const shared = pairs.map(({ i, j }) => {
    const b = scaled(unit(system.n, i), site.lambda[j]);
    b[j] -= site.lambda[i];
    return scaled(site.read(site.solve(b)), 2 * each);
  });
  return { shared, offBy: secondOrder(shared, site) };
};

/** About half the square of a relative first order. */
function secondOrder(shared: readonly Float64Array[], { gradient }: Site): number {
  const square = shared.reduce((sum, v) => sum + squared(v), 0);
  return square / 2 / Math.sqrt(squared(gradient));
}

/** By how much a leak moves what a chip's own gradient is, relative to it: λ' − λ = −G⁻ᵀKᵀλ. */
export function leakage(site: Site, leak: number): number {
  if (leak === 0) return 0;
  const { system } = site.sample;
  const pairs = conductingPairs(system, site.G);
  const each = (leak * frobenius(system, site.G)) / Math.sqrt(2 * pairs.length);
  const square = pairs.reduce((sum, { i, j }) => {
    const b = scaled(unit(system.n, j), -site.lambda[i]);
    b[i] += site.lambda[j];
    return sum + squared(site.read(site.solveTransposed(b)));
  }, 0);
  return each * Math.sqrt(square / squared(site.gradient));
}
