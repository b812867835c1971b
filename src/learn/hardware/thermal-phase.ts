// A phase at a temperature: one instant of the state, its charges drawn from their distribution at rest, or the mean over
// a time in which noise currents drive it.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import type { Random } from '../../math/random.js';
import type { Workspace } from '../../solve/workspace.js';
import type { Circumstances } from './circumstances.js';
import { createFlow, type State } from './flow.js';
import type { Hardware } from './registry.js';
import { BOLTZMANN, chargeNoise, currentNoise } from './thermal.js';
import { mixture } from './thermal-run.js';

/** Steps to a slowest time constant. */
const RESOLUTION = 20;

export interface Heat {
  /** What a phase that came to rest at x shows. */
  disturb(system: System, x: Float64Array, random: Random): Float64Array;
}

/** @throws LearningError where thermal noise is not defined */
export function createHeat(
  at: Circumstances,
  { thermal, average }: Pick<Hardware, 'thermal' | 'average'>,
  tau: number,
  workspace: Workspace,
): Heat {
  const { system } = at.sample;
  const { n } = system;
  const energy = BOLTZMANN * thermal;
  const charges = chargeNoise(system, at.C);
  const currents = average > 0 ? currentNoise(system, at.G) : [];
  if (tau === 0) {
    throw new LearningError('thermal noise of a circuit that stores nothing has no bounds', {
      code: 'not-thermal',
      devices: [],
      hint: 'give its nodes the capacitances that they have',
    });
  }
  const h = tau / RESOLUTION;
  return {
    disturb(target, x, random) {
      if (target.n !== n) {
        throw new LearningError('thermal noise is known for one circuit, not for a composition of two', {
          code: 'not-thermal',
          devices: [],
          hint: 'leave thermal at 0 for rules on two copies',
        });
      }
      const flow = createFlow(target, workspace);
      const state = stateAt(target, x);
      const now = stateAt(target, x);
      flow.instant(state, now, h, mixture(charges, n, Math.sqrt(energy), random));
      if (average === 0) return now.x;
      const steps = Math.max(1, Math.ceil(average * RESOLUTION));
      const step = (average * tau) / steps;
      const middle = stateAt(target, x);
      const mean = x.slice();
      mean.fill(0, 0, n);
      for (let k = 0; k < steps; k++) {
        flow.midpoint(now, middle, step, mixture(currents, n, Math.sqrt((2 * energy) / step), random));
        for (let i = 0; i < n; i++) mean[i] += middle.x[i] / steps;
      }
      return mean;
    },
  };
}

function stateAt(system: System, x: Float64Array): State {
  const state = { x: x.slice(), q: new Float64Array(system.charges) };
  system.evaluateCharges(state.x, 0, state.q);
  return state;
}
