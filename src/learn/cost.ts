// c(x) = Σ weight·c_k(x): what the operating point costs, with its gradient and where its Hessian is.
import type { Functional } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import type { Entries } from './compose/structure.js';
import { type CostTerm, nameOf } from './problem.js';

export type OperatingTerm = Extract<CostTerm, { at: 'op' }>;

/** The cost of an operating point: a weighted sum of functionals. */
export interface OperatingCost {
  readonly terms: readonly OperatingTerm[];
  value(x: Float64Array, t: number): number;
  /** gradient (length size) += factor·∇c. */
  addGradient(x: Float64Array, t: number, factor: number, gradient: Float64Array): void;
  /** Entries of ∇²c; entries may repeat. */
  readonly entries: Entries;
  /** values[k] := contribution to ∇²c at entry k. */
  hessian(x: Float64Array, t: number, values: Float64Array): void;
}

/** What to do where a cost is not of the operating point. */
export interface Hints {
  readonly time: string;
  readonly response: string;
}

/**
 * The cost of the operating point as one function.
 *
 * @param hints what to do about a cost over time, and of an AC response
 * @throws LearningError `cost-over-time` or `cost-of-response` when a term is not of the operating point: `rule` cannot speak
 * of it.
 */
export function operatingCost(
  costs: readonly CostTerm[],
  rule: string,
  hints: Hints = {
    time: 'for costs over time use the rules adjoint, direct, differences or replay; or write .cost op',
    response: 'for costs of AC responses use the rules adjoint, direct or differences; or write .cost op',
  },
): OperatingCost {
  const terms = costs.map((term): OperatingTerm => {
    if (term.at === 'op') return term;
    const isOfResponse = term.at === 'ac';
    const what = isOfResponse ? 'of an AC response' : 'over time';
    throw new LearningError(`${rule} says nothing of a cost ${what}, and ${nameOf(term)} is one`, {
      code: isOfResponse ? 'cost-of-response' : 'cost-over-time',
      devices: [],
      hint: isOfResponse ? hints.response : hints.time,
      ...(term.span ? { span: term.span } : {}),
    });
  });
  const pieces = terms.map(({ functional, weight }) => ({
    functional,
    weight,
    values: new Float64Array(functional.hessianRow.length),
  }));
  return {
    terms,
    value: (x, t) => terms.reduce((sum, { functional, weight }) => sum + weight * functional.value(x, t), 0),
    addGradient(x, t, factor, gradient) {
      for (const { functional, weight } of pieces) functional.addGradient(x, t, factor * weight, gradient);
    },
    entries: {
      rows: concatenated(terms, (c) => c.hessianRow),
      cols: concatenated(terms, (c) => c.hessianCol),
    },
    hessian(x, t, into) {
      let at = 0;
      for (const { functional, weight, values } of pieces) {
        functional.hessian(x, t, values);
        for (let k = 0; k < values.length; k++) into[at++] = weight * values[k];
      }
    },
  };
}

function concatenated(terms: readonly OperatingTerm[], of: (c: Functional) => Int32Array): Int32Array {
  return Int32Array.from(terms.flatMap(({ functional }) => [...of(functional)]));
}
