// What a run of the library as a child process is asked and reports.
import type { Signal } from './decks.js';

export interface PhaseRequest {
  readonly path: string;
  /** Times at which the signals are wanted; empty: every accepted point is kept, none reported. */
  readonly times: readonly number[];
  readonly signals: readonly Signal[];
  /** Read and compile, simulate nothing. */
  readonly readOnly?: boolean;
}

export interface PhaseReport {
  /** CPU seconds of the process in each phase. */
  readonly seconds: {
    readonly parse: number;
    readonly compile: number;
    readonly operatingPoint: number;
    readonly analysis: number;
  };
  readonly unknowns: number;
  /** Entries of the Jacobian. */
  readonly entries: number;
  /** Accepted points, the first one included. */
  readonly points: number;
  readonly newton: number;
  readonly factorisations: number;
  readonly peakBytes: number;
  readonly samples: readonly (readonly number[])[];
}
