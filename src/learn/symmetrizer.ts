// A diagonal S with Gᵀ = S G S⁻¹, edge by edge: s_j = s_i G_ij/G_ji, where every cycle must agree (Kolmogorov).
import type { System } from '../circuit/system.js';
import { type Reduced, reduce, type Sparse } from './reduce.js';

/** Two unknowns between which no S can make G symmetric. */
export interface Offence {
  readonly row: number;
  readonly col: number;
  /** Only one acts on the other; or the ways round a cycle disagree. */
  readonly why: 'one-way' | 'cycle';
}

export interface Symmetrizer {
  /** Diagonal of S, length n; 1 at the first unknown of every connected part. */
  readonly weights: Float64Array;
  /** Empty when S symmetrizes G. */
  readonly offences: readonly Offence[];
  /** Rows whose λ = S w is not the co-state's, and no gradient needs it. */
  readonly hidden: ReadonlySet<number>;
  /** S as elements read it: the two rows of a delay at rest share the λ of the one current that passes. */
  reading(weights: Float64Array): Float64Array;
  /** ‖Gᵀ − S G S⁻¹‖/‖G‖ (Frobenius), of what is left of G when currents in series are one. */
  asymmetry(weights: Float64Array): number;
}

/** Relative difference that counts as equal. */
const EQUAL = 1e-9;

/**
 * The symmetrizer of G at rest, in O(nnz).
 *
 * Source: Kolmogorov's criterion, Math. Ann. 112 (1936) 155, for matrices of any sign.
 *
 * @param G filled, with the coupling of delays at DC
 * @param keep unknowns that a cost reads; default none
 */
export function symmetrizer(
  system: System,
  G: Float64Array,
  keep: (unknown: number) => boolean = () => false,
): Symmetrizer {
  const reduced = reduce(system, G, keep);
  const { weights, offences } = walk(reduced);
  for (const { branch, of, factor } of [...reduced.branches].reverse())
    weights[branch] = factor * weights[of];
  for (const [left, gone] of reduced.joined) weights[gone] = weights[left];
  const shared = new Set(reduced.joined.flat());
  return {
    weights,
    offences,
    hidden: reduced.hidden,
    reading: (s) => s.map((v, i) => (shared.has(i) ? v / 2 : v)),
    asymmetry: (s) => asymmetry(reduced, s),
  };
}

/** Breadth first over the edges of the graph of G. */
function walk({ rows }: Reduced): { weights: Float64Array; offences: Offence[] } {
  const n = rows.length;
  const weights = new Float64Array(n);
  const offences: Offence[] = [];
  for (let root = 0; root < n; root++) {
    if (weights[root] !== 0) continue;
    weights[root] = 1;
    const queue = [root];
    for (let head = 0; head < queue.length; head++) {
      const i = queue[head];
      for (const [j, forth] of rows[i]) {
        if (j === i) continue;
        const back = rows[j].get(i);
        if (back === undefined) {
          offences.push({ row: i, col: j, why: 'one-way' });
          continue;
        }
        const s = snapped((weights[i] * forth) / back);
        if (weights[j] === 0) {
          weights[j] = s;
          queue.push(j);
        } else if (i < j && Math.abs(weights[j] - s) > EQUAL * Math.abs(s)) {
          offences.push({ row: i, col: j, why: 'cycle' });
        }
      }
    }
  }
  return { weights, offences };
}

/** ±1 is ±1 although it came by products. */
function snapped(s: number): number {
  return Math.abs(Math.abs(s) - 1) <= EQUAL ? Math.sign(s) : s;
}

/** ‖Aᵀ − S A S⁻¹‖/‖A‖ */
export function asymmetry({ rows }: Sparse, s: Float64Array): number {
  let difference = 0;
  let all = 0;
  rows.forEach((row, i) => {
    for (const [j, v] of row) {
      all += v * v;
      const back = rows[j].get(i) ?? 0;
      difference += (back - (s[i] * v) / s[j]) ** 2;
      if (back === 0) difference += v * v;
    }
  });
  return all > 0 ? Math.sqrt(difference / all) : 0;
}
