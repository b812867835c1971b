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
  return exchanged(lambda, e, gradient, w);
}

/**
 * The same where a rule has no λ of its own but knows what its parameters do: N is driven by what moves when they all
 * move, each by a random share θ of its value, e = −f_p θ; then ∇cᵀw is θᵀ times the slopes that the rule found, and
 * λᵀe that of the adjoint network, −θᵀ(λᵀf_p).
 *
 * @param values p
 * @param found ∇cᵀ ∂x/∂p, by the rule
 * @param byCostate λᵀ ∂f/∂p, by the adjoint network
 */
export function slopeAudit(values: Float64Array, found: Float64Array, byCostate: Float64Array): number {
  const random = createRandom(SEED);
  const theta = values.map((p) => random.normal() * (Math.abs(p) || 1));
  return exchanged(
    theta,
    found,
    theta,
    byCostate.map((v) => -v),
  );
}

/** |Σ (aᵢbᵢ + cᵢdᵢ)| over Σ (|aᵢbᵢ| + |cᵢdᵢ|). */
function exchanged(a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array): number {
  let sum = 0;
  let all = 0;
  for (let i = 0; i < a.length; i++) {
    sum += a[i] * b[i] + c[i] * d[i];
    all += Math.abs(a[i] * b[i]) + Math.abs(c[i] * d[i]);
  }
  return all > 0 ? Math.abs(sum) / all : 0;
}
