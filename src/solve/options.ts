// What the solvers need to be told, with every default filled in.
import type { ToleranceOptions } from './tolerances.js';

/** How a run is integrated: variable-order BDF, trapezoid, TR-BDF2, or extrapolation of explicit midpoint steps. */
export type Method = 'bdf' | 'trap' | 'trbdf2' | 'odex';

/** Tolerances and limits of the solvers. */
export interface SolveOptions extends ToleranceOptions {
  /** Siemens added to every node at the operating point; 0 adds none. */
  readonly gmin: number;
  /** Newton iterations of an operating point. */
  readonly itl1: number;
  /** Newton iterations of a time step once the matrix is renewed in each. */
  readonly itl4: number;
  readonly method: Method;
  /** Largest order of bdf, 1 … 5. */
  readonly maxord: number;
  /** The error of a step may be that many times its tolerance, less where reltol is tight. */
  readonly trtol: number;
}

/** Asked now and then whether to stop. An AbortSignal serves. */
export interface Interruption {
  readonly aborted: boolean;
}
