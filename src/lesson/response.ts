// The gradient of how large, or how late, a circuit answers its AC sources at one frequency.
import type { AnalysisOptions } from '../analysis/options.js';
import type { Circuit } from '../circuit/circuit.js';
import { partsOf } from '../circuit/functional.js';
import type { Functional, Signal } from '../circuit/system.js';
import { InputError } from '../errors.js';
import { magnitude, phase, responseGradient } from '../learn/ac.js';
import type { Parameter } from '../learn/problem.js';
import { type Lesson, problemFor } from './lesson.js';
import { complaint } from './problem.js';

export interface ResponseRequest {
  readonly train: Lesson['train'];
  /** `V(out)`, `V(a,b)`, `I(V1)`, `I(L1)`, or a weighted sum of such. */
  readonly signal: string;
  /** Size in V or A, or angle in rad. */
  readonly of: 'magnitude' | 'phase';
  /** Hz, ≥ 0. */
  readonly frequency: number;
  readonly options?: Partial<AnalysisOptions>;
}

export interface ResponseAnswer {
  readonly value: number;
  readonly parameters: readonly Parameter[];
  /** ∂value/∂p, one entry per parameter. */
  readonly gradient: Float64Array;
}

/**
 * The response of a circuit to its AC sources, linearised at its operating point, which moves with the parameters, too.
 *
 * @throws InputError for names that are not there, signals that are not sums of unknowns, and a frequency below 0;
 *   LearningError `singular` where there is no response; SimulationError without an operating point
 */
export function responseOf(circuit: Circuit, request: ResponseRequest): ResponseAnswer {
  const { train, frequency, options = {} } = request;
  if (!(frequency >= 0 && frequency < Infinity)) {
    const hint = 'a number of hertz, 0 or more';
    throw new InputError([complaint('bad-frequency', `there is no response at ${frequency} Hz`, hint)]);
  }
  const problem = problemFor(circuit, { train, costs: [{ signal: request.signal }], options });
  const { system, sensitivity, costs } = problem.sample(problem.values, 0);
  const signal = linear(costs[0].functional, system.size);
  const cost = request.of === 'magnitude' ? magnitude(signal) : phase(signal);
  const { value, gradient } = responseGradient(system, sensitivity, problem.options, frequency, cost);
  return { value, gradient, parameters: problem.parameters };
}

/** Σ weight·x[index] of a functional that is such a sum. @throws InputError `not-linear` */
function linear(functional: Functional, size: number): Signal {
  const { name, leavesOut = [], hessianRow } = functional;
  if (hessianRow.length > 0 || leavesOut.length > 0 || partsOf(functional).length > 0) {
    const hint =
      'V(node), V(node,node), or the current of a source or an inductor; a source of 0 V in series shows any';
    throw new InputError([complaint('not-linear', `${name} is not a sum of unknowns of the circuit`, hint)]);
  }
  const slope = new Float64Array(size);
  functional.addGradient(new Float64Array(size), 0, 1, slope);
  const index = Int32Array.from([...slope.keys()].filter((i) => slope[i] !== 0));
  return { index, weight: Float64Array.from(index, (i) => slope[i]) };
}
