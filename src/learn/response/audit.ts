// Tellegen's theorem across a linearised network at a frequency and its transpose, as `tellegenAudit` has it at rest.
import type { Complex } from '../../circuit/system.js';
import type { ComplexLu } from '../../math/lu.js';
import { createRandom } from '../../math/random.js';

const SEED = 1952;

/**
 * @param lu of A
 * @returns |μᵀe + wᵀy| over the sum of magnitudes, with Aᵀμ = −w and A·y = e for random currents e into the rows of the network:
 * rounding if μ is the co-state.
 */
export function audit(lu: ComplexLu, mu: Complex, w: Complex, n: number): number {
  const random = createRandom(SEED);
  const normals = (): Float64Array => Float64Array.from({ length: n }, () => random.normal());
  const e: Complex = { re: normals(), im: normals() };
  const y: Complex = { re: e.re.slice(), im: e.im.slice() };
  lu.solve(y.re, y.im);
  let [re, im, all] = [0, 0, 0];
  const add = (a: Complex, b: Complex): void => {
    for (let i = 0; i < n; i++) {
      const [p, q] = [a.re[i] * b.re[i] - a.im[i] * b.im[i], a.re[i] * b.im[i] + a.im[i] * b.re[i]];
      re += p;
      im += q;
      all += Math.hypot(p, q);
    }
  };
  add(mu, e);
  add(w, y);
  return all > 0 ? Math.hypot(re, im) / all : 0;
}
