// Noise of reading in an error played back: every point of the run and every answer is read anew, so that variances add,
// Σ σ²‖∂g/∂x_(k,i)‖² + (σ/β)²‖∂g/∂λ_(k,i)‖² and that of their products. Sums over all readings are traces, found by random
// signs (Hutchinson).

import type { System } from '../../../circuit/system.js';
import { createRandom, type Random } from '../../../math/random.js';
import type { Echo } from '../../transient/replay.js';
import { readingsAtRest } from '../echo.js';
import { gains } from '../read-out.js';
import { rms } from '../runs.js';
import { squared } from './law.js';

type Points = readonly Float64Array[];

/** Variances of the gradient, summed over the parameters, for readings of variance 1 V². */
export interface Heard {
  /** Of the run; it decides what is played, too. */
  readonly ofRun: number;
  /** Of the answers, at β = 1. */
  readonly ofAnswers: number;
  /** Of the products of both, at β = 1. */
  readonly ofBoth: number;
}

/** Vectors of random signs. */
const PROBES = 48;
/** By which readings are moved, relative to the largest rms of an unknown. */
const STEP = 1e-4;

/** @param read the part of the gradient that comes from co-states */
export function heardIn(
  { n }: System,
  echo: Echo,
  costates: Points,
  read: (costates: Points) => Float64Array,
  gain: Float64Array,
): Heard {
  const { points, errors, answers, gradient, first, h } = echo;
  const own = gradient(points, costates).slice();
  const step = STEP * rms(points, n).reduce((most, v) => Math.max(most, v), 0) || STEP;
  const lasting = Math.sqrt(readingsAtRest(costates, n));
  let ofRun = 0;
  let ofAnswers = 0;
  let ofBoth = 0;
  const none = costates.map((lambda) => new Float64Array(lambda.length));
  for (let probe = 0; probe < PROBES; probe++) {
    const random = createRandom(probe);
    const seen = points.map((x, k) => (k < first ? x : moved(x, gain, step, random)));
    const slope = gradient(seen, answers(errors(seen)).costates).map((g, p) => (g - own[p]) / step);
    ofRun += squared(slope) / PROBES;
    const noise = costates.map((lambda, k) => {
      if (k < first) return lambda;
      return moved(none[k], gain, k > 0 ? h : h * lasting, random);
    });
    const alone = read(noise);
    ofAnswers += squared(alone) / PROBES;
    const silent = gradient(seen, none).slice();
    const both = gradient(seen, noise).map((g, p) => (g - silent[p] - alone[p]) / step);
    ofBoth += squared(both) / PROBES;
  }
  return { ofRun, ofAnswers, ofBoth };
}

/** Readings that are off by a random sign each. */
function moved(x: Float64Array, gain: Float64Array, by: number, random: Random): Float64Array {
  const seen = x.slice();
  for (let i = 0; i < gain.length; i++) seen[i] += (random.uniform() < 0.5 ? -by : by) / gain[i];
  return seen;
}

/** As amplifiers have them that were set by this run. */
export const gainsIn = (system: System, points: Points): Float64Array => gains(system, rms(points, system.n));
