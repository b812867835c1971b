// Heat: every dissipative part of a linearised network carries noise currents of covariance 2kT·G_s per unit of time,
// under which its charges fluctuate with covariance kT·E, E = diag(C, L): kT/2 for every degree of freedom.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { semidefiniteFactor } from '../../math/semidefinite.js';
import { AT_REST, BUT_AC, positive } from './knob.js';

export const thermal = positive('thermal', 'K', 'temperature of the noise (300: room temperature, 0: none)', {
  costs: BUT_AC,
});
export const average = positive(
  'average',
  'τ',
  'time over which thermal noise is averaged in every phase, in slowest time constants (0: one instant)',
  { costs: AT_REST },
);

/** J/K. */
export const BOLTZMANN = 1.380649e-23;
/** Relative asymmetry that is taken for rounding. */
const SYMMETRIC = 1e-9;
/** Larger networks would need more memory than a factor of a full matrix is worth. */
const LARGEST = 1200;

/** With the rows of branches reversed (Σ = ±1) the matrices of R, L, C read diag(C, L) and [[Y, A], [−Aᵀ, Z]]. */
function dense({ n, pattern, isNode }: System, a: Float64Array): Float64Array {
  const full = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) {
      const i = pattern.rowIdx[k];
      full[i * n + j] = isNode[i] ? a[k] : -a[k];
    }
  }
  return full;
}

/**
 * Columns B with B Bᵀ = E: √(kT)·B z, z standard normal, is a sample of the charges (fluxes) at rest about their mean.
 * @param C slots of ∂q/∂x
 * @throws LearningError when C is not that of positive, reciprocal storage
 */
export function chargeNoise(system: System, C: Float64Array): readonly Float64Array[] {
  const columns = factor(system, symmetric(system, dense(system, C), 'stores energy one way only'));
  return columns.map((column) => signed(system, column));
}

/**
 * Columns B with B Bᵀ = G_s: √(2kT/h)·B z is a sample of the noise currents held over a step h. Half the difference of G
 * and its transpose dissipates nothing and makes no noise.
 * @throws LearningError when the linearised network is not passive: its noise is not thermal
 */
export function currentNoise(system: System, G: Float64Array): readonly Float64Array[] {
  const { n } = system;
  const full = dense(system, G);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) full[i * n + j] = full[j * n + i] = (full[i * n + j] + full[j * n + i]) / 2;
  }
  return factor(system, full).map((column) => signed(system, column));
}

function symmetric({ n }: System, a: Float64Array, why: string): Float64Array {
  let largest = 0;
  for (const value of a) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(a[i * n + j] - a[j * n + i]) > SYMMETRIC * largest) throw notThermal(why);
    }
  }
  return a;
}

function factor({ n }: System, a: Float64Array): readonly Float64Array[] {
  if (n > LARGEST) {
    throw new LearningError(`thermal noise of ${n} unknowns is too much for a full matrix`, {
      code: 'too-large',
      devices: [],
      hint: `bench circuits of at most ${LARGEST} unknowns, or leave thermal at 0`,
    });
  }
  const columns = semidefiniteFactor(a, n);
  if (!columns) throw notThermal('is active: its linearised conductances or capacitances are not positive');
  return columns;
}

const notThermal = (why: string): LearningError =>
  new LearningError(`thermal noise is not defined here: the circuit ${why}`, {
    code: 'not-thermal',
    devices: [],
    hint: 'leave thermal at 0, or bench the passive part of the circuit',
  });

/** From rows of [v | −i] back to the rows of the system. */
const signed = ({ isNode }: System, column: Float64Array): Float64Array =>
  column.map((value, i) => (isNode[i] ? value : -value));
