// What a pair of copies stores: q(a) and q(b), or q(m) and C(m)ᵀs where the second copy is the transposed network.
import type { System } from '../../circuit/system.js';
import { addProduct, type Rows } from '../../math/rows.js';
import type { Combination, Pair } from './pair.js';
import type { Scheme } from './scheme.js';

/** One point at which a circuit is evaluated. */
interface Evaluation {
  readonly x: Float64Array;
  readonly f: Float64Array;
  readonly q: Float64Array;
  readonly G: Float64Array;
  readonly C: Float64Array;
}

export interface PairedCharges {
  /** Nonlinear charges of the pair. */
  readonly count: number;
  /** Linear C of the pair; and rows without entries, for G. */
  readonly rows: Rows;
  readonly none: Rows;
  /** q := from the points as they have been evaluated, and the stress. */
  collect(s: Float64Array, q: Float64Array): void;
  /** The same from the states of the points. */
  evaluate(t: number, s: Float64Array, q: Float64Array): void;
  addChargeRates(qdot: Float64Array, f: Float64Array): void;
  addRates(xdot: Float64Array, qdot: Float64Array, f: Float64Array): void;
  /** Charges with which `uic` begins: both copies alike, the transposed network empty. */
  initial(x: Float64Array, rows: Float64Array, q: Float64Array): void;
  /** Rows of f of the circuit at a combination of the copies, rates and known nodes included. */
  knownRows(
    of: Combination,
    lines: number,
    x: Float64Array,
    t: number,
    xdot: Float64Array,
    qdot: Float64Array,
  ): Float64Array;
}

export function createPairedCharges(
  system: System,
  pair: Pair,
  { charges: stored }: Scheme,
  at: readonly Evaluation[],
): PairedCharges {
  const { n, size, charges, linearRows } = system;
  const { colPtr, rowIdx } = system.pattern;
  const transposed = stored.length === 1;
  /** Unknowns under d/dt, whose columns of C may be nonlinear: the transposed network has a charge in each such row. */
  const dual = Int32Array.from(
    transposed && charges > 0 ? system.unknowns.flatMap((u, j) => (u.differential ? [j] : [])) : [],
  );
  const linear = new Float64Array(system.pattern.nnz);
  const slotOf = new Map<number, number>();
  for (let j = 0; j < n; j++)
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) slotOf.set(rowIdx[k] * n + j, k);
  forEach(linearRows.C, (i, j, value) => {
    if (j < n) linear[slotOf.get(i * n + j)!] += value;
  });

  const f = new Float64Array(size);
  const rates = new Float64Array(charges);
  const x = new Float64Array(size);
  const xdot = new Float64Array(size);
  const q = new Float64Array(charges);

  const rows = matrix(2 * n, (add) => {
    forEach(linearRows.C, (i, j, value) => {
      for (const c of stored.keys()) add(c * n + i, j < n ? c * n + j : pair.input(0, j), value);
      if (transposed && j < n) add(n + j, n + i, value);
    });
  });

  const addChargeRates = (from: Float64Array, into: Float64Array): void => {
    for (let c = 0; c < stored.length; c++) {
      for (let k = 0; k < charges; k++) rates[k] = from[c * charges + k];
      f.fill(0);
      system.addChargeRates(rates, f);
      for (let i = 0; i < n; i++) into[c * n + i] += f[i];
    }
    for (let e = 0; e < dual.length; e++) into[n + dual[e]] += from[charges + e];
  };

  const collect = (s: Float64Array, into: Float64Array): void => {
    if (charges === 0) return;
    for (const [c, p] of stored.entries()) into.set(at[p].q, c * charges);
    for (let e = 0; e < dual.length; e++) {
      let sum = 0;
      for (let k = colPtr[dual[e]]; k < colPtr[dual[e] + 1]; k++)
        sum += (at[0].C[k] - linear[k]) * s[rowIdx[k]];
      into[charges + e] = sum;
    }
  };

  return {
    count: stored.length * charges + dual.length,
    rows,
    none: matrix(2 * n, () => {}),
    collect,
    evaluate(t, s, into) {
      for (const p of stored) {
        if (dual.length > 0) system.evaluate(at[p].x, t, at[p].f, at[p].q, at[p].G, at[p].C);
        else system.evaluateCharges(at[p].x, t, at[p].q);
      }
      collect(s, into);
    },
    addChargeRates,
    addRates(xdot, qdot, into) {
      addProduct(rows, xdot, into);
      addChargeRates(qdot, into);
    },
    initial(own, into, intoQ) {
      f.fill(0);
      q.fill(0);
      system.initialCharges(own, f, q);
      stored.forEach((_, c) => {
        into.set(f.subarray(0, n), c * n);
        intoQ.set(q, c * charges);
      });
    },
    knownRows([a, b], lines, at, t, atDot, qDot) {
      pair.state([a, b], lines, at, x);
      pair.state([a, b], lines, atDot, xdot);
      for (let k = 0; k < charges; k++) rates[k] = transposed ? qDot[k] : a * qDot[k] + b * qDot[charges + k];
      system.evaluate(x, t, f, q);
      system.addRates(xdot, rates, f);
      system.evaluateKnownRows(x, t, xdot, rates, f);
      return f;
    },
  };
}

function forEach(
  { start, column, value }: Rows,
  entry: (row: number, col: number, value: number) => void,
): void {
  for (let i = 0; i < start.length - 1; i++)
    for (let k = start[i]; k < start[i + 1]; k++) entry(i, column[k], value[k]);
}

function matrix(n: number, fill: (add: (row: number, col: number, value: number) => void) => void): Rows {
  const rows = Array.from({ length: n }, (): [number, number][] => []);
  fill((row, col, value) => rows[row].push([col, value]));
  const start = new Int32Array(n + 1);
  rows.forEach((row, i) => {
    start[i + 1] = start[i] + row.length;
  });
  const flat = rows.flat();
  return {
    start,
    column: Int32Array.from(flat, ([col]) => col),
    value: Float64Array.from(flat, ([, value]) => value),
  };
}
