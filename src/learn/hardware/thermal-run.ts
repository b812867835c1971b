// A linear network at a temperature, over time: C dξ/dt + G ξ = noise of covariance 2kT·G_s about whatever its sources make
// it do, in steps of the implicit midpoint rule, under which charges keep their covariance kT·E whatever the step.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createLu, type Lu } from '../../math/lu.js';
import type { Random } from '../../math/random.js';
import { product } from './product.js';
import { BOLTZMANN, chargeNoise, currentNoise } from './thermal.js';

/** Share of a step in which charges cannot move. */
const INSTANT = 1e-7;

/**
 * What heat adds to the n unknowns at the instants 0, h, … Kh of a run.
 *
 * @param isFresh charges at t = 0 are given; else those of rest fluctuate
 */
export type Fluctuation = (random: Random, isFresh: boolean) => readonly Float64Array[];

/** @throws LearningError `not-thermal`, `too-large` where thermal noise is not defined, or not known */
export function fluctuation(system: System, thermal: number, K: number, h: number): Fluctuation {
  const bent = [...system.modes, ...system.delays].map(({ element }) => element);
  const [first] = [...system.nonlinearDevices(), ...bent];
  if (first !== undefined) {
    throw new LearningError(`thermal noise over time is known for linear circuits, and here is ${first}`, {
      code: 'not-thermal',
      devices: [first],
      hint: 'leave thermal at 0, or bench the linear part of the circuit',
    });
  }
  const { n } = system;
  const [G, C] = [new Float64Array(system.slots), new Float64Array(system.slots)];
  system.evaluate(
    new Float64Array(system.size),
    0,
    new Float64Array(system.size),
    new Float64Array(system.charges),
    G,
    C,
  );
  const charges = chargeNoise(system, C);
  const currents = currentNoise(system, G);
  const factored = (values: Float64Array): Lu => {
    const lu = createLu(system.pattern);
    lu.factor(values);
    return lu;
  };
  const middle = factored(G.map((g, k) => g + (2 / h) * C[k]));
  const instant = factored(C.map((c, k) => c + INSTANT * h * G[k]));
  const [ofCharge, ofCurrent] = [Math.sqrt(BOLTZMANN * thermal), Math.sqrt((2 * BOLTZMANN * thermal) / h)];

  return (random, isFresh) => {
    let stored = isFresh ? new Float64Array(n) : mixture(charges, n, ofCharge, random);
    return Array.from({ length: K + 1 }, (_, k) => {
      if (k > 0) {
        const state = mixture(currents, n, ofCurrent, random);
        for (let i = 0; i < n; i++) state[i] += (2 / h) * stored[i];
        middle.solve(state);
        const between = product(system, C, state, false);
        stored = stored.map((q, i) => 2 * between[i] - q);
      }
      const seen = stored.slice();
      instant.solve(seen);
      return seen;
    });
  };
}

/** Σ scale·z_k·column_k with standard normal z. */
export function mixture(
  columns: readonly Float64Array[],
  n: number,
  scale: number,
  random: Random,
): Float64Array {
  const sum = new Float64Array(n);
  for (const column of columns) {
    const z = scale * random.normal();
    for (let i = 0; i < n; i++) sum[i] += z * column[i];
  }
  return sum;
}
