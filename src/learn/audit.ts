// Tellegen's theorem across the pair of networks: branch voltages of one against branch currents of the other.
import type { System } from '../circuit/system.js';
import { createRandom } from '../math/random.js';
import type { Linearisation } from '../solve/workspace.js';

const SEED = 1952;

/**
 * |Σ v·i| / Σ |v·i| across the linearised network N, driven by small currents e into its rows, G w = e, and the adjoint
 * network, whose state λ is meant to satisfy Gᵀλ = −∇c. Over all branches inside, Σ (v_N·i_adj − v_adj·i_N) =
 * wᵀGᵀλ − λᵀGw vanishes identically, so what the sources exchange must too: λᵀe + ∇cᵀw = 0. Rounding if λ is the
 * co-state, and the error of λ as e sees it if not: a test of any rule's λ by a solution in the other direction.
 * (λᵀf(x) instead would test Kirchhoff's law of the circuit alone, whatever λ is.)
 *
 * Source: Penfield, Spence & Duinker, Tellegen's Theorem and Electrical Networks (1970), the difference form.
 *
 * @param lin factored at the operating point
 * @param gradient ∇c, length ≥ n
 * @param hidden rows whose λ a rule does not know: no current is sent into them
 */
export function tellegenAudit(
  system: System,
  lin: Linearisation,
  lambda: Float64Array,
  gradient: Float64Array,
  hidden: Iterable<number> = [],
): number {
  const { n } = system;
  const random = createRandom(SEED);
  const e = Float64Array.from({ length: n }, () => random.normal());
  for (const row of hidden) e[row] = 0;
  const w = e.slice();
  lin.lu.solve(w);
  let sum = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    sum += lambda[i] * e[i] + gradient[i] * w[i];
    all += Math.abs(lambda[i] * e[i]) + Math.abs(gradient[i] * w[i]);
  }
  return all > 0 ? Math.abs(sum) / all : 0;
}
