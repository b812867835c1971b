// An antisymmetric K beside a symmetric G: phases find G⁻¹∇c where the gradient wants G⁻ᵀ∇c, 2 G⁻¹K G⁻¹∇c apart.
import { unit } from '../circumstances.js';
import { conductingPairs, frobenius } from '../leak.js';
import { type Law, scaled } from './law.js';

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
  return { shared };
};
