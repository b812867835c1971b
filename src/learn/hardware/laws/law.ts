// A law of degradation: what one fault of the hardware does to the gradient of one row, to first order.

import { POINTS } from '../../rules/equilibrium.js';
import type { Circumstances } from '../circumstances.js';
import type { Method } from '../methods.js';
import type { Hardware } from '../registry.js';
import type { SlowestMode } from '../settling.js';

/** What a fault adds to a gradient: an error that is always there, and random ones. */
export interface Contribution {
  readonly bias?: Float64Array;
  /** One vector per independent standard normal that all rows share (the same devices serve them all). */
  readonly shared?: readonly Float64Array[];
  /** Σ over the parameters of the variance of what is drawn anew in every row. */
  readonly variance?: number;
  /** Norm of what the bias leaves out: the next order of its series. */
  readonly offBy?: number;
  /** Part of the variance that may be there or not: rare events, positions between two steps. */
  readonly unsure?: number;
}

/** One row of the nominal circuit, as laws see it. */
export interface Site extends Circumstances {
  /** Diagonal of S with Gᵀ = S G S⁻¹. */
  readonly weights: Float64Array;
  /** There is such an S; where there is none the weights are 1. */
  readonly symmetrizable: boolean;
  /** w = dx/dβ = −G⁻¹S⁻¹∇c, which is λ/S where S is one. */
  readonly response: Float64Array;
  readonly slowest: SlowestMode;
  /** ‖∂(λᵀ∂f/∂p)/∂x_k‖² for every unknown k: what an error of the state that elements read does to the gradient. */
  byState(): Float64Array;
  /** What a free phase of length T from zero lacks in the end, in units of e^(−T/τ). */
  behind(): Float64Array;
}

export interface Request {
  readonly method: Method;
  readonly hardware: Hardware;
  readonly beta: number;
  /** Relative amount by which displacements, of single phases on a circle, differ from β dx/dβ: on all chips, and from chip to chip. */
  readonly shift: number;
  readonly scatter: number;
}

/** Undefined when the law is not known for this method. */
export type Law = (site: Site, request: Request) => Contribution | undefined;

/** How the difference of two phases is formed. */
export const isOneSided = ({ method }: Request): boolean => method.phases === 'one-sided';

/** The method reads the difference of a free and a nudged phase, or of nudged phases, of one circuit. */
export const isContrast = ({ method }: Request): boolean =>
  method.rule === 'equilibrium' || method.rule === 'asymmetric';

/** Nudges go round a circle in the complex plane: dx/dβ is the first harmonic of what they do. */
export const isHarmonic = ({ method }: Request): boolean => method.phases === 'holomorphic';

/** What the method's phases respond with is the co-state: its errors are those of the sources and of the readings. */
export const isFaithful = (site: Site, request: Request): boolean =>
  isStress(request) || (isContrast(request) && (site.symmetrizable || request.method.rule === 'asymmetric'));

/** The method reads a co-state times β from a transposed network that is there: no difference, no bias. */
export const isStress = ({ method }: Request): boolean => method.pairing === 'm-s';

/** S by which a method multiplies what it reads: only equilibrium propagation does. */
export const weightsBy = (site: Site, { method }: Request): Float64Array | undefined =>
  method.rule === 'equilibrium' && site.weights.some((s) => s !== 1) ? site.weights : undefined;

/** What unknowns differ by between phases, per β: S⁻¹λ, or λ itself where the method answers for the transposition. */
export const responseOf = (site: Site, { method }: Request): Float64Array =>
  method.rule === 'equilibrium' ? site.response : site.lambda;

/** λ is what is read over this many β. */
export const span = (request: Request): number =>
  (isContrast(request) && !isOneSided(request) && !isHarmonic(request) ? 2 : 1) * request.beta;

/**
 * The variance of a difference over that of one reading. Of N nudges on a circle half are read, in phase and in
 * quadrature, and stand for their conjugates: Σ (2/N)² + 2(1/N)² = (2N − 2)/N².
 */
export const readings = (request: Request): number => {
  if (isStress(request)) return 1;
  return isHarmonic(request) ? (2 * POINTS - 2) / POINTS ** 2 : 2;
};

export const squared = (a: Float64Array): number => a.reduce((sum, v) => sum + v * v, 0);

export const scaled = (a: Float64Array, factor: number): Float64Array => a.map((v) => factor * v);

export function sum(vectors: readonly Float64Array[], length: number): Float64Array {
  const total = new Float64Array(length);
  for (const v of vectors) for (let k = 0; k < length; k++) total[k] += v[k];
  return total;
}
