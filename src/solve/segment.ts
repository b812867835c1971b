// Where a march begins, and what it gives: one accepted step after the other.
import type { State } from './history.js';

/** Where the march begins. */
export interface Beginning {
  /** Length size; inputs are set by the march. */
  readonly x: Float64Array;
  readonly modes: Float64Array;
  /** `uic`: the charges of `initialCharges`; x need not be consistent with anything. */
  readonly charges?: { readonly rows: Float64Array; readonly q: Float64Array };
  /** x was held away from an equilibrium: algebraic unknowns are solved for once more. */
  readonly inconsistent?: boolean;
}

/** One accepted step, valid until the next. */
export interface Segment {
  /** Begin and end, s; equal for the very first point. */
  readonly from: number;
  readonly to: number;
  /** The solution at the end. */
  readonly end: State;
  /** ẏ at the end. */
  endRates(out: State): void;
  /** Dense output: y at from ≤ t ≤ to. */
  at(t: number, out: State): void;
  /** Dense output: ẏ at from ≤ t ≤ to. */
  ratesAt(t: number, out: State): void;
}

/** Hears of every accepted step. */
export type Sink = (segment: Segment) => void;
