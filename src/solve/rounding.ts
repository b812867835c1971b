// What rounding alone leaves of a solution: voltages have only so many digits, every term of a row of (G + αC)x is
// rounded with them, and (G + αC)⁻¹ carries what rows lose to the currents.
import type { System } from '../circuit/system.js';
import type { Linearisation } from './workspace.js';

/** Share of the terms of a row that their evaluation and elimination may lose. */
const SHARE = 2 ** -49;
/** Multiples of it without a rational ratio: what rows lose does not cancel. */
const IRRATIONAL = (Math.sqrt(5) - 1) / 2;
/** Share of the largest voltage by which rounding may move another. */
const LAST_DIGITS = 2 ** -44;
/** Nonlinear laws add a voltage to constants of this size, V: built-in potentials, thresholds. */
const BESIDE = 1;

/**
 * A test whether rounding explains corrections of x: each is at most goal·tol_i; or, of a voltage, in the last digits of
 * the largest, or, of another unknown, what would correct the loss of the rows. Reads G, C and the factors as they stand.
 */
export function createRoundingTest(
  system: System,
  { G, C, lu }: Linearisation,
): (alpha: number, x: Float64Array, correction: Float64Array, tol: Float64Array, goal: number) => boolean {
  const { n, pattern, borderRow, borderCol, isNode, linear } = system;
  const { colPtr, rowIdx, nnz } = pattern;
  let lost: Float64Array | undefined;

  function largestVoltage(x: Float64Array): number {
    let largest = linear ? 0 : BESIDE;
    for (let i = 0; i < n; i++) if (isNode[i]) largest = Math.max(largest, Math.abs(x[i]));
    return largest;
  }

  /** What rows lose, as corrections. */
  function loss(alpha: number, x: Float64Array): Float64Array {
    lost ??= new Float64Array(n);
    lost.fill(0);
    const term = (slot: number, value: number) =>
      (Math.abs(G[slot]) + alpha * Math.abs(C[slot])) * Math.abs(value);
    for (let j = 0; j < n; j++) {
      const value = linear ? x[j] : Math.max(Math.abs(x[j]), BESIDE * isNode[j]);
      for (let k = colPtr[j]; k < colPtr[j + 1]; k++) lost[rowIdx[k]] += term(k, value);
    }
    for (let k = 0; k < borderRow.length; k++)
      if (borderRow[k] < n) lost[borderRow[k]] += term(nnz + k, x[borderCol[k]]);
    for (let i = 0; i < n; i++) lost[i] *= SHARE * (1 + ((i * IRRATIONAL) % 1));
    lu.solve(lost);
    return lost;
  }

  return (alpha, x, correction, tol, goal) => {
    const beyond = (i: number, digits: number) => Math.abs(correction[i]) > Math.max(goal * tol[i], digits);
    const digits = LAST_DIGITS * largestVoltage(x);
    for (let i = 0; i < n; i++) if (isNode[i] && beyond(i, digits)) return false;
    const left = loss(alpha, x);
    for (let i = 0; i < n; i++) if (!isNode[i] && beyond(i, Math.abs(left[i]))) return false;
    return true;
  };
}
