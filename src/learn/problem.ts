// What is to be learnt: which parameters may move, which rows of data there are, and what they cost.
import type { AnalysisOptions } from '../analysis/options.js';
import type { TransientRequest } from '../analysis/transient.js';
import type { Functional, Sensitivity, System } from '../circuit/system.js';
import type { Span } from '../errors.js';
import type { ResponseCost } from './response/cost.js';

/** A number that may move. */
export interface Parameter {
  /** `r1.r`, `x1.r2.r`: element and parameter in lower case. */
  readonly name: string;
  readonly unit: string;
  /** Inclusive; ±Infinity where there is none. */
  readonly min: number;
  readonly max: number;
  /** Optimisers step in its logarithm. */
  readonly log: boolean;
  /** The `.train` card it came from; gradients are also compared group by group. */
  readonly group: string;
  /** That card. */
  readonly span?: Span;
}

interface WeightedCost {
  readonly weight: number;
  /** Its card. */
  readonly span?: Span;
}

/** c of an instant. */
type Instantaneous = { readonly functional: Functional } & (
  | {
      readonly at: 'op';
      /** `v(out) target=0.3`: what is compared with what; functional is then ½(output − target)². */
      readonly output?: { readonly functional: Functional; readonly target: number };
    }
  | { readonly at: 'interval'; readonly from: number; readonly to: number }
  | { readonly at: 'times'; readonly times: readonly number[] }
);

/** c of the response to the AC sources: `share` · Σ c over frequencies (Hz). */
interface OfResponse {
  readonly at: 'ac';
  readonly response: ResponseCost;
  readonly frequencies: ArrayLike<number> & Iterable<number>;
  readonly share: number;
}

/**
 * weight · c at the operating point; over time ∫ c dt in [from, to] (s), or Σ c at given times; of the AC response Σ c at
 * given frequencies, or their mean.
 */
export type CostTerm = WeightedCost & (Instantaneous | OfResponse);

/** What a cost speaks of, as text. */
export const nameOf = (term: CostTerm): string =>
  term.at === 'ac' ? term.response.name : term.functional.name;

/** One row of data at one choice of parameters. */
export interface Sample {
  /** Values of the parameters, in their order. */
  readonly values: Float64Array;
  /** The same row on the same devices at other values of the parameters. */
  at(values: Float64Array): Sample;
  readonly system: System;
  readonly costs: readonly CostTerm[];
  /** For the parameters of the problem, in their order. */
  readonly sensitivity: Sensitivity;
}

/** A circuit with parameters that may move and a cost that is to become small, over rows of data. */
export interface Problem {
  readonly parameters: readonly Parameter[];
  /** Their values as written. */
  readonly values: Float64Array;
  /** Rows of data, at least 1; the cost is the mean over them. */
  readonly rows: number;
  readonly options: AnalysisOptions;
  /** The `.tran` that costs over time refer to. */
  readonly transient?: TransientRequest;
  /** Every number of every device, trainable or not, by `element.parameter`: what mismatch acts on. */
  readonly physical: ReadonlyMap<string, number>;
  /**
   * The circuit, its costs and its derivatives for one row of data (from 0), at values of the parameters in their order.
   *
   * @param moved values of other parameters, by `element.parameter`
   */
  sample(values: Float64Array, row: number, moved?: ReadonlyMap<string, number>): Sample;
}
