// What a deck says about learning: which numbers may move, and what the circuit's behaviour costs.
import type { Value } from '../circuit/circuit.js';
import type { Trainable } from '../circuit/trainable.js';
import type { Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';

/** `.train`: numbers that may move between bounds. */
export interface TrainCard {
  /** Each once, in the order in which the card names them. */
  readonly parameters: readonly Trainable[];
  /** Inclusive; absent: the bounds that the device documents. */
  readonly min?: Value;
  readonly max?: Value;
  /** Optimisers step in the logarithm. */
  readonly log: boolean;
  /** The names as written, lower case. */
  readonly written: string;
  readonly span: Span;
}

interface CostBase {
  /** Over v(node), i(element), w(element), `time` (`tran` only), `.param` names and columns of tables. */
  readonly signal: Expr;
  /** Absent: the cost is the signal itself; else ½·(signal − target)². */
  readonly target?: Expr;
  /** Factor; 1 when not written. */
  readonly weight: Value;
  /** The table whose rows are averaged over. */
  readonly data?: string;
  readonly span: Span;
}
interface Spans {
  readonly from?: Span;
  readonly to?: Span;
  readonly at?: readonly Span[];
}
/** `.cost op`: at the operating point. */
export interface OpCost extends CostBase {
  readonly kind: 'op';
}
/** `.cost tran`: the integral from … to (s; absent: of the whole run), or the sum over given times (s). */
export interface TranCost extends CostBase {
  readonly kind: 'tran';
  readonly from?: Value;
  readonly to?: Value;
  readonly at?: readonly Value[];
  /** Where these stand. */
  readonly spans?: Spans;
}
/** `.cost ac`: of the response to the AC sources, a real number: the sum over given frequencies (Hz); absent: the mean over
 * the points of the deck's `.ac`. Its signals are `vm(out)`, `vdb(a,b)`, `ip(v1)`, …, and phasors under `abs`; `hertz`. */
export interface AcCost extends CostBase {
  readonly kind: 'ac';
  readonly at?: readonly Value[];
}
/** `.cost`, at rest, over time, or of AC responses. */
export type CostCard = OpCost | TranCost | AcCost;
