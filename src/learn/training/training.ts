// Descent on the mean cost over the rows of data, by the gradient that a rule reads. Everything that the next epoch
// depends on is in `TrainingState`: from a stored state training goes on as if it had never stopped.
import { createRandom } from '../../math/random.js';
import type { Problem } from '../problem.js';
import type { Optimiser } from './optimisers.js';

/** What a training is begun and continued with. */
export interface TrainingOptions {
  readonly optimiser: Optimiser;
  /** Step per unit of gradient; in the logarithm for parameters marked `log`. */
  readonly rate: number;
  /** Rows to a step; default all. Their order in an epoch is drawn from the seed. */
  readonly batch?: number;
  readonly seed: number;
}

/** As plain numbers, so that JSON keeps every bit. */
export interface TrainingState {
  readonly epoch: number;
  /** Steps taken. */
  readonly taken: number;
  /** Of the parameters, in their order; what the optimiser remembers of each. */
  readonly values: readonly number[];
  readonly memory: readonly (readonly number[])[];
}

/** What an epoch was like, measured on the way. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean cost over the rows, each before the step that it took part in. */
  readonly cost: number;
  /** Share of the rows whose outputs are nearest to their own class; absent when targets are no classes. */
  readonly accuracy?: number;
  /** Switches that flipped at instants which the gradients left where they were (`Validity.frozenInstants`), if any. */
  readonly frozenInstants?: readonly string[];
}

/** The gradient of one row's cost, and the cost, at given values. */
export interface Reading {
  readonly cost: number;
  readonly gradient: Float64Array;
  /** Whether the outputs name the right class; undefined when targets are no classes. */
  readonly right?: boolean;
  /** As in `Validity`. */
  readonly frozenInstants?: readonly string[];
}

/** Reads row `row` at `values`; must depend on nothing else. */
export type Reader = (values: Float64Array, row: number) => Reading;

/** The state before the first epoch: parameters as written. */
export function beginTraining(problem: Problem, { optimiser }: TrainingOptions): TrainingState {
  const zeros = Array.from(problem.values, () => 0);
  return {
    epoch: 0,
    taken: 0,
    values: Array.from(problem.values),
    memory: Array.from({ length: optimiser.memory }, () => zeros),
  };
}

/**
 * One pass over all rows. Parameters move in the coordinate that `.train` chose (p, or ln p) and stop at their bounds.
 */
export function trainEpoch(
  problem: Problem,
  read: Reader,
  options: TrainingOptions,
  state: TrainingState,
): { readonly state: TrainingState; readonly report: EpochReport } {
  const { parameters, rows } = problem;
  const batch = Math.min(options.batch ?? rows, rows);
  const values = Float64Array.from(state.values);
  const memory = state.memory.map((vector) => Float64Array.from(vector));
  const gradient = new Float64Array(values.length);
  const step = new Float64Array(values.length);
  const order = batch < rows ? shuffled(rows, options.seed, state.epoch) : undefined;
  let { taken } = state;
  let cost = 0;
  let right = 0;
  let judged = 0;
  const frozen = new Set<string>();
  for (let first = 0; first < rows; first += batch) {
    const last = Math.min(first + batch, rows);
    gradient.fill(0);
    for (let k = first; k < last; k++) {
      const reading = read(values, order ? order[k] : k);
      cost += reading.cost;
      for (const element of reading.frozenInstants ?? []) frozen.add(element);
      if (reading.right !== undefined) {
        judged++;
        if (reading.right) right++;
      }
      for (let i = 0; i < gradient.length; i++) gradient[i] += reading.gradient[i] / (last - first);
    }
    for (let i = 0; i < gradient.length; i++) if (parameters[i].log) gradient[i] *= values[i];
    taken++;
    options.optimiser.step(gradient, options.rate, memory, taken, step);
    for (let i = 0; i < values.length; i++) {
      const { min, max, log } = parameters[i];
      const moved = log ? values[i] * Math.exp(step[i]) : values[i] + step[i];
      values[i] = Math.min(max, Math.max(min, moved));
    }
  }
  return {
    state: {
      epoch: state.epoch + 1,
      taken,
      values: Array.from(values),
      memory: memory.map((vector) => Array.from(vector)),
    },
    report: {
      epoch: state.epoch + 1,
      cost: cost / rows,
      ...(judged > 0 ? { accuracy: right / judged } : {}),
      ...(frozen.size > 0 ? { frozenInstants: [...frozen] } : {}),
    },
  };
}

/** A permutation of 0 … n − 1 that depends on seed and epoch alone (Fisher & Yates). */
function shuffled(n: number, seed: number, epoch: number): Int32Array {
  const random = createRandom(seed).split(epoch);
  const order = Int32Array.from({ length: n }, (_, k) => k);
  for (let k = n - 1; k > 0; k--) {
    const other = Math.floor(random.uniform() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}
