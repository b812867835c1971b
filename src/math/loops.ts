// Passes over vectors and sparse matrices as functions of their own: an engine makes each of them fast once and for
// all, whoever calls.
import type { Pattern } from './pattern.js';
import type { Rows } from './rows.js';

/** Vectors up to here are copied and cleared sooner by a loop than by a call of the engine. */
const SHORT = 32;

/** to := v in the first n entries, which are all that v has. */
export function copy(to: Float64Array, v: Float64Array, n: number): void {
  if (n > SHORT) to.set(v);
  else for (let i = 0; i < n; i++) to[i] = v[i];
}

/** v := 0 in its entries from … n − 1. */
export function clear(v: Float64Array, n: number, from = 0): void {
  if (n - from > SHORT) v.fill(0, from, n);
  else for (let i = from; i < n; i++) v[i] = 0;
}

/** to += factor·v in the first n entries. */
export function addScaled(to: Float64Array, factor: number, v: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) to[i] += factor * v[i];
}

/** out := factor·v in the first n entries. */
export function scale(out: Float64Array, factor: number, v: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i] = factor * v[i];
}

/** out := factor·Σ b_s·v_s of vectors v_s of length n that stand one behind the other. */
export function combineRows(
  out: Float64Array,
  factor: number,
  b: Float64Array,
  vectors: Float64Array,
  n: number,
): void {
  out.fill(0, 0, n);
  for (let s = 0, at = 0; s < b.length; s++, at += n) {
    const weight = factor * b[s];
    if (weight === 0) continue;
    for (let i = 0; i < n; i++) out[i] += weight * vectors[at + i];
  }
}

/** A := G + αC in the first nnz entries. */
export function formMatrix(
  A: Float64Array,
  G: Float64Array,
  alpha: number,
  C: Float64Array,
  nnz: number,
): void {
  for (let k = 0; k < nnz; k++) A[k] = G[k] + alpha * C[k];
}

/** out += Av. */
export function addProducts(
  { n, colPtr, rowIdx }: Pattern,
  A: Float64Array,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let j = 0, k = 0; j < n; j++) {
    const end = colPtr[j + 1];
    const factor = v[j];
    for (; k < end; k++) out[rowIdx[k]] += A[k] * factor;
  }
}

/** out += Aᵀv. */
export function addTransposed(
  { n, colPtr, rowIdx }: Pattern,
  A: Float64Array,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let j = 0, k = 0; j < n; j++) {
    const end = colPtr[j + 1];
    let sum = 0;
    for (; k < end; k++) sum += A[k] * v[rowIdx[k]];
    out[j] += sum;
  }
}

/** out += Aᵀv for a matrix by rows, of whose entries the rows are given too. */
export function addTransposedRows(
  { column, value }: Rows,
  row: Int32Array,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < value.length; k++) out[column[k]] += value[k] * v[row[k]];
}

/** v[i] := 0 where nothing is marked. */
export function keepMarked(v: Float64Array, marked: Uint8Array): void {
  for (let i = 0; i < marked.length; i++) if (marked[i] === 0) v[i] = 0;
}

/** max |v_i|/(|of_i| + share·max |of|) over the first n entries. */
export function relativeSize(v: Float64Array, of: Float64Array, share: number, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(of[i]));
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const size = Math.abs(v[i]) / (Math.abs(of[i]) + share * largest);
    if (!(size <= norm)) norm = size;
  }
  return norm;
}
