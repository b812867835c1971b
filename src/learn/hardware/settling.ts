// How fast a circuit settles: the slowest mode of C ẋ + G x = 0, and phases that end before it has died away.

import type { Workspace } from '../../solve/workspace.js';
import type { Problem } from '../problem.js';
import { relax } from '../relax.js';
import { type Circumstances, norm } from './circumstances.js';
import { AT_REST, positive } from './knob.js';
import { product } from './product.js';

export const free = positive(
  'free',
  'τ',
  'time of the free phase in slowest time constants (0: until it has settled)',
  { costs: AT_REST },
);
export const nudged = positive(
  'nudged',
  'τ',
  'time of every nudged phase in slowest time constants (0: until it has settled)',
  { costs: AT_REST },
);

/** Time constants charged for a phase that is left until it has settled. */
export const SETTLED = 10;

/** C v = τ·G v and uᵀC = τ·uᵀG: the mode that decays as e^(−t/τ). */
export interface SlowestMode {
  /** s; 0 without dynamics. */
  readonly tau: number;
  readonly right: Float64Array;
  readonly left: Float64Array;
  /** uᵀ C v. */
  readonly weight: number;
  /** The iteration found one real mode that dominates. */
  readonly single: boolean;
}

const ITERATIONS = 2000;
const CONVERGED = 1e-12;

/** By power iteration on G⁻¹C and its transpose. Of a pair of complex modes, τ is the reciprocal of their modulus, about. */
export function slowestMode(at: Circumstances): SlowestMode {
  const right = iterate(at, false);
  const left = iterate(at, true);
  const weight = dot(left.v, product(at.sample.system, at.C, right.v, false));
  return {
    tau: Math.abs(right.tau),
    right: right.v,
    left: left.v,
    weight,
    single: right.single && left.single && weight !== 0 && right.tau > 0,
  };
}

function iterate(
  { sample: { system }, C, solve, solveTransposed }: Circumstances,
  transposed: boolean,
): { v: Float64Array; tau: number; single: boolean } {
  const { n } = system;
  let v: Float64Array = Float64Array.from({ length: n }, (_, i) => 1 + 1 / (i + 2));
  let scale = norm(v);
  v = v.map((a) => a / scale);
  let tau = 0;
  for (let k = 0; k < ITERATIONS; k++) {
    const b = product(system, C, v, transposed);
    const next = transposed ? solveTransposed(b) : solve(b);
    scale = norm(next);
    if (scale === 0) return { v, tau: 0, single: true };
    const sign = dot(next, v) < 0 ? -1 : 1;
    let moved = 0;
    for (let i = 0; i < n; i++) {
      const value = (sign * next[i]) / scale;
      moved = Math.max(moved, Math.abs(value - v[i]));
      v[i] = value;
    }
    tau = sign * scale;
    if (moved < CONVERGED) return { v, tau, single: true };
  }
  return { v, tau, single: false };
}

/** The share of the slowest mode in a deviation δ of the state: v·(uᵀCδ)/(uᵀCv). */
export function slowShare(at: Circumstances, mode: SlowestMode, deviation: Float64Array): Float64Array {
  const along = dot(mode.left, product(at.sample.system, at.C, deviation, false)) / mode.weight;
  return mode.right.map((v) => along * v);
}

/** After so many slowest time constants a free phase is linear, and only its slowest mode is left. */
const LATE = 5;

/** What a free phase of length T from zero lacks in the end, in units of e^(−T/τ): seen late, and reckoned back. */
export function lag(
  at: Circumstances,
  mode: SlowestMode,
  { options }: Pick<Problem, 'options'>,
  workspace: Workspace,
): Float64Array {
  const { system } = at.sample;
  const late = relax(system, undefined, options, workspace, { duration: LATE, timeConstant: mode.tau });
  const deviation = late.x.subarray(0, system.n).map((v, i) => v - at.x[i]);
  return slowShare(at, mode, deviation).map((v) => v * Math.exp(LATE));
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
