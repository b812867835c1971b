// max |y − Σ a_j·p_j|/tol over some entries, in one pass: how far a polynomial through m points misses y.
import type { State } from '../history.js';

/** `m` = 2 … 7 points, newest first; the entries of y listed in `entries` count. */
export function remainder(
  m: number,
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  switch (m) {
    case 2:
      return remainder2(points, a, y, tol, entries);
    case 3:
      return remainder3(points, a, y, tol, entries);
    case 4:
      return remainder4(points, a, y, tol, entries);
    case 5:
      return remainder5(points, a, y, tol, entries);
    case 6:
      return remainder6(points, a, y, tol, entries);
    default:
      return remainder7(points, a, y, tol, entries);
  }
}

function remainder2(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const a0 = a[0],
    a1 = a[1];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(y[i] - (a0 * p0[i] + a1 * p1[i]));
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}

function remainder3(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(y[i] - (a0 * p0[i] + a1 * p1[i] + a2 * p2[i]));
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}

function remainder4(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const p3 = points[3].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2],
    a3 = a[3];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(y[i] - (a0 * p0[i] + a1 * p1[i] + a2 * p2[i] + a3 * p3[i]));
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}

function remainder5(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const p3 = points[3].y;
  const p4 = points[4].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2],
    a3 = a[3],
    a4 = a[4];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(y[i] - (a0 * p0[i] + a1 * p1[i] + a2 * p2[i] + a3 * p3[i] + a4 * p4[i]));
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}

function remainder6(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const p3 = points[3].y;
  const p4 = points[4].y;
  const p5 = points[5].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2],
    a3 = a[3],
    a4 = a[4],
    a5 = a[5];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(
      y[i] - (a0 * p0[i] + a1 * p1[i] + a2 * p2[i] + a3 * p3[i] + a4 * p4[i] + a5 * p5[i]),
    );
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}

function remainder7(
  points: readonly State[],
  a: Float64Array,
  y: Float64Array,
  tol: Float64Array,
  entries: Int32Array,
): number {
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const p3 = points[3].y;
  const p4 = points[4].y;
  const p5 = points[5].y;
  const p6 = points[6].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2],
    a3 = a[3],
    a4 = a[4],
    a5 = a[5],
    a6 = a[6];
  let norm = 0;
  for (let k = 0; k < entries.length; k++) {
    const i = entries[k];
    const miss = Math.abs(
      y[i] - (a0 * p0[i] + a1 * p1[i] + a2 * p2[i] + a3 * p3[i] + a4 * p4[i] + a5 * p5[i] + a6 * p6[i]),
    );
    if (miss > norm * tol[i]) norm = miss / tol[i];
  }
  return norm;
}
