// What rounding alone leaves of a solution: every term of a row of G·x + C·ẋ is rounded, voltages have only so many
// digits, and (G + αC)⁻¹ carries what rows lose to the unknowns.
import type { System } from '../circuit/system.js';
import type { History } from './history.js';
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
 * How far rounding may leave the newest point of the history from where it should be: what would correct the loss of an ε
 * of every term of its rows. Undefined after a corner and where the matrix is singular. G, C and the factors are overwritten.
 *
 * @param shortest the step that is taken to have led there, if the last was shorter, s
 */
export function uncertainty(
  system: System,
  lin: Linearisation,
  history: History,
  shortest: number,
): Float64Array | undefined {
  const { times, count } = history;
  if (count < 2) return undefined;
  const [{ x }, { x: before }] = history.points;
  const h = Math.max(times[0] - times[1], shortest);
  const charges = new Float64Array(system.charges);
  system.evaluate(x, times[0], new Float64Array(system.size), charges, lin.G, lin.C);
  if (lin.factor(1 / h) !== 0) return undefined;
  const out = new Float64Array(system.n);
  const rate = (j: number) => Math.abs(x[j] - before[j]) / h;
  loss(system, lin, Number.EPSILON, (j) => Math.abs(x[j]), rate, out);
  return out.map(Math.abs);
}

/**
 * out (length n) := what would correct a loss of `share` of every term of the rows, by G, C and the factors as they stand.
 *
 * @param x, rate what stands for |x_j| and |ẋ_j|, j < size
 */
export function loss(
  { n, pattern, borderRow, borderCol }: System,
  { G, C, lu }: Linearisation,
  share: number,
  x: (j: number) => number,
  rate: (j: number) => number,
  out: Float64Array,
): void {
  const { colPtr, rowIdx, nnz } = pattern;
  const term = (slot: number, j: number) => Math.abs(G[slot]) * x(j) + Math.abs(C[slot]) * rate(j);
  out.fill(0);
  for (let j = 0; j < n; j++) for (let k = colPtr[j]; k < colPtr[j + 1]; k++) out[rowIdx[k]] += term(k, j);
  for (let k = 0; k < borderRow.length; k++)
    if (borderRow[k] < n) out[borderRow[k]] += term(nnz + k, borderCol[k]);
  for (let i = 0; i < n; i++) out[i] *= share * (1 + ((i * IRRATIONAL) % 1));
  lu.solve(out);
}

/**
 * A test whether rounding explains corrections of x: each is at most goal·tol_i; or, of a voltage, in the last digits of
 * the largest, or, of another unknown, what would correct the loss of the rows. Reads G, C and the factors as they stand.
 */
export function createRoundingTest(
  system: System,
  lin: Linearisation,
): (alpha: number, x: Float64Array, correction: Float64Array, tol: Float64Array, goal: number) => boolean {
  const { n, isNode, linear } = system;
  let lost: Float64Array | undefined;

  function largestVoltage(x: Float64Array): number {
    let largest = linear ? 0 : BESIDE;
    for (let i = 0; i < n; i++) if (isNode[i]) largest = Math.max(largest, Math.abs(x[i]));
    return largest;
  }

  return (alpha, x, correction, tol, goal) => {
    const beyond = (i: number, digits: number) => Math.abs(correction[i]) > Math.max(goal * tol[i], digits);
    const digits = LAST_DIGITS * largestVoltage(x);
    for (let i = 0; i < n; i++) if (isNode[i] && beyond(i, digits)) return false;
    lost ??= new Float64Array(n);
    const value = (j: number): number =>
      linear || j >= n ? Math.abs(x[j]) : Math.max(Math.abs(x[j]), BESIDE * isNode[j]);
    loss(system, lin, SHARE, value, (j) => alpha * value(j), lost);
    for (let i = 0; i < n; i++) if (!isNode[i] && beyond(i, Math.abs(lost[i]))) return false;
    return true;
  };
}
