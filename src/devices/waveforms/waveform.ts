// A waveform u(t; args) is data and five functions: value, slope, exact partials, the next corner, and its checks.

/** `.tran` print step and end in seconds: defaults of some arguments refer to them. */
export interface Timing {
  readonly tstep: number;
  readonly tstop: number;
}

export interface WaveformArgument {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  /** Absent: must be written. */
  readonly default?: number | DerivedDefault;
  /** A written 0 stands for the default, as in SPICE. */
  readonly zeroIsDefault?: boolean;
  /** A count, which has no derivative. */
  readonly integer?: boolean;
}

/** A text for the documentation, and a function of the arguments before it. */
export interface DerivedDefault {
  readonly text: string;
  of(args: ArrayLike<number>, timing: Timing): number;
  /** ∂default/∂args[k]; absent: it depends on none of them. */
  slope?(k: number): number;
}

/**
 * Arguments are SI numbers in the order named, then positional. Times in seconds, phases in degrees.
 * `u` is the unit of the source, V or A.
 */
export interface WaveformKind {
  /** Lower case, as on a card: `pulse`. */
  readonly name: string;
  readonly summary: string;
  readonly doc: string;
  /** Arguments written `name=value` after the others; they come first in `args`, a reader fills in their defaults. */
  readonly named: readonly WaveformArgument[];
  readonly positional: readonly WaveformArgument[];
  /** How many of the last positional arguments repeat as a group (PWL: 2). */
  readonly repeats?: number;
  /** It is a straight line between any two corners. */
  readonly straight?: boolean;
  /** What is wrong with these arguments; empty when nothing is. */
  check(args: Float64Array): readonly string[];
  /** At a jump, the value just after it. */
  value(args: Float64Array, t: number): number;
  /** du/dt just after t. */
  slope(args: Float64Array, t: number): number;
  /** out[k] := ∂u/∂args[k], each argument on its own. */
  partials(args: Float64Array, t: number, out: Float64Array): void;
  /** Seconds after which its corners come again; absent or Infinity when they do not. */
  period?(args: Float64Array): number;
  /** First corner or jump strictly after t (further than rounding), or Infinity. */
  next(args: Float64Array, t: number): number;
}

const SLACK = 16 * Number.EPSILON;

/** t is at or after the corner c, where a few units of the last place do not count as before. */
export const reached = (t: number, c: number): boolean => t >= c - SLACK * Math.max(Math.abs(t), Math.abs(c));

export const RADIANS = Math.PI / 180;

/** tstop, or Infinity when there is no transient analysis. */
export const end = (timing: Timing): number => (timing.tstop > 0 ? timing.tstop : Number.POSITIVE_INFINITY);

export const STEP = { text: 'tstep', of: (_: ArrayLike<number>, timing: Timing) => timing.tstep };
export const STOP = { text: 'tstop', of: (_: ArrayLike<number>, timing: Timing) => end(timing) };
export const NEVER = { text: 'never again', of: () => Number.POSITIVE_INFINITY };
