// A signal of the linearised circuit: s = (a + jωb)ᵀX, where a and b are the slopes at the operating point of what the
// signal is and of the charge whose rate it has besides; how s moves with X, with the point and with parameters.
import type { Functional, Moving, Sensitivity } from '../../circuit/system.js';
import type { Answer } from './cost.js';
import { pointsAlong } from './stencil.js';

export interface Phasor {
  /** The only entries of x that it reads. */
  readonly reads: Int32Array;
  /** What it is, and what it stores: their laws hold parameters. */
  readonly functionals: readonly Functional[];
  /** s at ω, rad/s. */
  value(answer: Answer, omega: number): readonly [re: number, im: number];
  /** byRe + j·byIm += the gradient of α·Re s + β·Im s by the parts of X. */
  addGradient(
    answer: Answer,
    omega: number,
    alpha: number,
    beta: number,
    byRe: Float64Array,
    byIm: Float64Array,
  ): void;
  /** byPoint += the gradient of α·Re s + β·Im s by the operating point; the sensitivity += that by parameters, X fixed. */
  addExplicit(
    answer: Answer,
    omega: number,
    alpha: number,
    beta: number,
    byPoint: Float64Array,
    sensitivity: Sensitivity,
  ): void;
}

export function phasorOf({ still, stored }: Moving, size: number): Phasor {
  const a = slopesOf(still, size);
  const b = slopesOf(stored, size);
  const way = new Float64Array(size);

  return {
    reads: Int32Array.from(new Set([...a.index, ...b.index])),
    functionals: [still, stored],
    value({ x, re, im }, omega) {
      const [own, charge] = [a.at(x), b.at(x)];
      return [
        dot(a.index, own, re) - omega * dot(b.index, charge, im),
        dot(a.index, own, im) + omega * dot(b.index, charge, re),
      ];
    },
    addGradient({ x }, omega, alpha, beta, byRe, byIm) {
      add(a.index, a.at(x), alpha, byRe);
      add(a.index, a.at(x), beta, byIm);
      add(b.index, b.at(x), omega * beta, byRe);
      add(b.index, b.at(x), -omega * alpha, byIm);
    },
    addExplicit(answer, omega, alpha, beta, byPoint, sensitivity) {
      // α·Re s + β·Im s = aᵀ(α·Re X + β·Im X) + ω·bᵀ(β·Re X − α·Im X).
      along(still, answer, alpha, beta, byPoint, sensitivity);
      along(stored, answer, omega * beta, -omega * alpha, byPoint, sensitivity);
    },
  };

  /** += derivatives of the slope of c along α·Re X + β·Im X. */
  function along(
    c: Functional,
    { x, re, im }: Answer,
    alpha: number,
    beta: number,
    byPoint: Float64Array,
    sensitivity: Sensitivity,
  ): void {
    if (c.reads?.length === 0) return;
    for (let i = 0; i < size; i++) way[i] = alpha * re[i] + beta * im[i];
    for (const { at, factor } of pointsAlong({ size }, x, way)) sensitivity.addFunctional(c, factor, at, 0);
    const { hessianRow, hessianCol } = c;
    if (hessianRow.length === 0) return;
    const curvature = new Float64Array(hessianRow.length);
    c.hessian(x, 0, curvature);
    for (let k = 0; k < curvature.length; k++) byPoint[hessianRow[k]] += curvature[k] * way[hessianCol[k]];
  }
}

/** ∂c/∂x at the entries that c reads, found once where it is the same at every x. */
function slopesOf(c: Functional, size: number) {
  const index = c.reads ?? Int32Array.from({ length: size }, (_, i) => i);
  const slopes = new Float64Array(index.length);
  const all = new Float64Array(size);
  const constant = c.hessianRow.length === 0;
  let known = false;
  return {
    index,
    at(x: Float64Array): Float64Array {
      if (known) return slopes;
      c.addGradient(x, 0, 1, all);
      index.forEach((i, k) => {
        slopes[k] = all[i];
        all[i] = 0;
      });
      known = constant;
      return slopes;
    },
  };
}

function dot(index: Int32Array, weight: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < index.length; k++) sum += weight[k] * v[index[k]];
  return sum;
}

function add(index: Int32Array, weight: Float64Array, factor: number, to: Float64Array): void {
  for (let k = 0; k < index.length; k++) to[index[k]] += factor * weight[k];
}
