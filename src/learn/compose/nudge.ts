// f(x) + β S⁻¹∇c(x) = 0: the circuit pushed towards a lower cost (β > 0), on the same unknowns.
import type { System } from '../../circuit/system.js';
import type { OperatingCost } from '../cost.js';
import { augment } from './augment.js';

export interface NudgeOptions {
  /** Strength: a current −β ∂c/∂v into each output. A for a cost in V·A, S for one in V². */
  readonly beta: number;
  /** Diagonal of S, length n, for circuits with Gᵀ = S G S⁻¹; default 1. */
  readonly weights?: Float64Array;
}

/**
 * The nudged system: `system` with β S⁻¹∇c added to its rows and β S⁻¹∇²c to G. With dx/dβ = w at β = 0, λ = S w is
 * the co-state, Gᵀλ = −∇c, wherever Gᵀ = S G S⁻¹. At β = 0 the cost is not asked: on its way to rest the circuit may pass
 * where it has no value.
 *
 * Source: Scellier & Bengio, Front. Comput. Neurosci. 11 (2017) 24; S by Kolmogorov's criterion.
 */
export function nudge(system: System, cost: OperatingCost, { beta, weights }: NudgeOptions): System {
  const { n, size } = system;
  const gradient = new Float64Array(size);
  const { rows } = cost.entries;
  const share = (row: number): number => (weights === undefined ? beta : beta / weights[row]);
  return augment(system, {
    entries: knownRowsDropped(cost, size, n),
    addCurrents(x, t, f) {
      if (beta === 0) return;
      gradient.fill(0);
      cost.addGradient(x, t, 1, gradient);
      for (let i = 0; i < n; i++) if (gradient[i] !== 0) f[i] += share(i) * gradient[i];
    },
    partials(x, t, values) {
      if (beta === 0) {
        values.fill(0);
        return;
      }
      cost.hessian(x, t, values);
      for (let k = 0; k < values.length; k++) values[k] = rows[k] < n ? share(rows[k]) * values[k] : 0;
    },
  });
}

/** Rows of known nodes are held by their sources: their entries go to ground. */
function knownRowsDropped(cost: OperatingCost, size: number, n: number): OperatingCost['entries'] {
  const { rows, cols } = cost.entries;
  return { rows: rows.map((row) => (row < n ? row : size - 1)), cols };
}
