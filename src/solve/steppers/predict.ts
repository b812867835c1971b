// ref := Σ a_j·p_j, base := Σ b_j·p_j, y := ref, tol := reltol·max(|p_0|, |ref|) + abs in one pass over memory.
import type { State } from '../history.js';

export interface Prediction {
  readonly y: Float64Array;
  readonly ref: Float64Array;
  readonly base: Float64Array;
  readonly tol: Float64Array;
  readonly absolute: Float64Array;
  readonly reltol: number;
}

/** `m` = 2 … 6 points, newest first. */
export function predict(
  m: number,
  points: readonly State[],
  a: Float64Array,
  b: Float64Array,
  out: Prediction,
): void {
  switch (m) {
    case 2:
      predict2(points, a, b, out);
      break;
    case 3:
      predict3(points, a, b, out);
      break;
    case 4:
      predict4(points, a, b, out);
      break;
    case 5:
      predict5(points, a, b, out);
      break;
    default:
      predict6(points, a, b, out);
  }
}

function predict2(points: readonly State[], a: Float64Array, b: Float64Array, out: Prediction): void {
  const { y, ref, base, tol, absolute, reltol } = out;
  const p0 = points[0].y;
  const p1 = points[1].y;
  const a0 = a[0],
    a1 = a[1];
  const b0 = b[0],
    b1 = b[1];
  for (let i = 0; i < y.length; i++) {
    const v0 = p0[i];
    const v1 = p1[i];
    const v = a0 * v0 + a1 * v1;
    y[i] = ref[i] = v;
    base[i] = b0 * v0 + b1 * v1;
    tol[i] = reltol * Math.max(Math.abs(v0), Math.abs(v)) + absolute[i];
  }
}

function predict3(points: readonly State[], a: Float64Array, b: Float64Array, out: Prediction): void {
  const { y, ref, base, tol, absolute, reltol } = out;
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2];
  const b0 = b[0],
    b1 = b[1],
    b2 = b[2];
  for (let i = 0; i < y.length; i++) {
    const v0 = p0[i];
    const v1 = p1[i];
    const v2 = p2[i];
    const v = a0 * v0 + a1 * v1 + a2 * v2;
    y[i] = ref[i] = v;
    base[i] = b0 * v0 + b1 * v1 + b2 * v2;
    tol[i] = reltol * Math.max(Math.abs(v0), Math.abs(v)) + absolute[i];
  }
}

function predict4(points: readonly State[], a: Float64Array, b: Float64Array, out: Prediction): void {
  const { y, ref, base, tol, absolute, reltol } = out;
  const p0 = points[0].y;
  const p1 = points[1].y;
  const p2 = points[2].y;
  const p3 = points[3].y;
  const a0 = a[0],
    a1 = a[1],
    a2 = a[2],
    a3 = a[3];
  const b0 = b[0],
    b1 = b[1],
    b2 = b[2],
    b3 = b[3];
  for (let i = 0; i < y.length; i++) {
    const v0 = p0[i];
    const v1 = p1[i];
    const v2 = p2[i];
    const v3 = p3[i];
    const v = a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
    y[i] = ref[i] = v;
    base[i] = b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
    tol[i] = reltol * Math.max(Math.abs(v0), Math.abs(v)) + absolute[i];
  }
}

function predict5(points: readonly State[], a: Float64Array, b: Float64Array, out: Prediction): void {
  const { y, ref, base, tol, absolute, reltol } = out;
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
  const b0 = b[0],
    b1 = b[1],
    b2 = b[2],
    b3 = b[3],
    b4 = b[4];
  for (let i = 0; i < y.length; i++) {
    const v0 = p0[i];
    const v1 = p1[i];
    const v2 = p2[i];
    const v3 = p3[i];
    const v4 = p4[i];
    const v = a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3 + a4 * v4;
    y[i] = ref[i] = v;
    base[i] = b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3 + b4 * v4;
    tol[i] = reltol * Math.max(Math.abs(v0), Math.abs(v)) + absolute[i];
  }
}

function predict6(points: readonly State[], a: Float64Array, b: Float64Array, out: Prediction): void {
  const { y, ref, base, tol, absolute, reltol } = out;
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
  const b0 = b[0],
    b1 = b[1],
    b2 = b[2],
    b3 = b[3],
    b4 = b[4],
    b5 = b[5];
  for (let i = 0; i < y.length; i++) {
    const v0 = p0[i];
    const v1 = p1[i];
    const v2 = p2[i];
    const v3 = p3[i];
    const v4 = p4[i];
    const v5 = p5[i];
    const v = a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3 + a4 * v4 + a5 * v5;
    y[i] = ref[i] = v;
    base[i] = b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3 + b4 * v4 + b5 * v5;
    tol[i] = reltol * Math.max(Math.abs(v0), Math.abs(v)) + absolute[i];
  }
}
