// What phases say: two of them by what every element measures itself, a circle of them by its first harmonic.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import type { OperatingCost } from '../cost.js';
import type { GradientEstimate } from '../estimate.js';
import type { Harmonic } from '../holomorphic.js';
import type { Sample } from '../problem.js';
import { createReader } from '../read.js';
import type { Settled } from '../settle.js';

/** A gradient read from phases, and how well these were at rest. */
export interface Reading {
  readonly estimate: Pick<GradientEstimate, 'cost' | 'gradient' | 'state'> & {
    readonly costate: Float64Array;
  };
  readonly rest: { readonly residual: number; readonly settling?: number };
}

/** Two phases of one circuit whose β differ by `span`, around its free phase. */
export interface Contrast {
  readonly free: Settled;
  readonly up: Settled;
  readonly down: Settled;
  readonly span: number;
}

/**
 * The phase at +β and the one to compare it with: at −β, or the free one.
 *
 * @throws LearningError `switched` when a switch is not in the same state in all of them.
 */
export function nudgedPhases(
  { modes }: System,
  at: (beta: number) => Settled,
  free: Settled,
  beta: number,
  oneSided: boolean,
): Contrast {
  const [up, down] = [at(beta), oneSided ? free : at(-beta)];
  const flipped = modes.filter((_, k) => up.modes[k] !== free.modes[k] || down.modes[k] !== free.modes[k]);
  if (flipped.length > 0) {
    const devices = flipped.map(({ element }) => element);
    throw new LearningError(
      `the nudge of β = ${beta.toPrecision(3)} throws a switch: ${devices.join(', ')}`,
      {
        code: 'switched',
        devices,
        hint: 'nudge less (beta), or keep the control of the switch away from its threshold',
      },
    );
  }
  return { free, up, down, span: oneSided ? beta : 2 * beta };
}

/**
 * λ = S Δx/span, and the difference of every element's own measure.
 *
 * @param weights diagonal of S; default 1
 */
export function readContrast(
  sample: Sample,
  cost: OperatingCost,
  { free, up, down, span }: Contrast,
  weights?: Float64Array,
): Reading {
  const reader = createReader(sample);
  reader.begin();
  reader.addContrast(down.x, up.x, 1 / span, weights);
  reader.addExplicit(cost, free.x);
  return {
    estimate: {
      cost: cost.value(free.x, 0),
      gradient: reader.gradient(),
      state: free.x,
      costate: Float64Array.from({ length: sample.system.n }, (_, i) => {
        return ((weights?.[i] ?? 1) * (up.x[i] - down.x[i])) / span;
      }),
    },
    rest: {
      residual: Math.max(free.residual, up.residual, down.residual),
      ...(up.settling === undefined ? {} : { settling: up.settling }),
    },
  };
}

/** λ = S dx/dβ, read where the circuit rests. */
export function readHarmonic(
  sample: Sample,
  cost: OperatingCost,
  free: Settled,
  { slope, residual }: Harmonic,
  weights: Float64Array,
): Reading {
  const costate = slope.map((w, i) => weights[i] * w);
  const reader = createReader(sample);
  reader.begin();
  reader.addCostate(costate, free.x);
  reader.addExplicit(cost, free.x);
  return {
    estimate: { cost: cost.value(free.x, 0), gradient: reader.gradient(), state: free.x, costate },
    rest: { residual: Math.max(free.residual, residual) },
  };
}
