// The gradient of how large, or how late, a circuit answers its AC sources at one frequency.
import type { AnalysisOptions } from '../analysis/options.js';
import type { Circuit } from '../circuit/circuit.js';
import { InputError } from '../errors.js';
import { operatingCost } from '../learn/cost.js';
import type { Parameter } from '../learn/problem.js';
import { responseGradient } from '../learn/response/adjoint.js';
import { magnitude, phase } from '../learn/response/cost.js';
import { settleByNewton } from '../learn/settle.js';
import { createWorkspace } from '../solve/workspace.js';
import { complaint } from './complaint.js';
import { type Lesson, problemFor } from './lesson.js';
import { linear } from './response-cost.js';

/** One number of the response to the AC sources, and the parameters it is differentiated by. */
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

/** That number and its gradient. */
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
  const [term] = operatingCost(costs, 'a response').terms;
  const signal = linear(term.functional, system.size);
  const cost = request.of === 'magnitude' ? magnitude(signal) : phase(signal);
  const { x } = settleByNewton(system, problem.options, createWorkspace());
  const instance = { frequency, costs: [{ cost, factor: 1 }] };
  const { value, gradient } = responseGradient(system, sensitivity, problem.options, x, [instance]);
  return { value, gradient, parameters: problem.parameters };
}
