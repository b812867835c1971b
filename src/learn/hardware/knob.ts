// One way in which hardware falls short of the mathematics, as a number that can be turned up from its ideal value.

export interface Knob {
  /** What `--sweep` and `--set` call it. */
  readonly name: string;
  /** SI unit; empty for a pure number. */
  readonly unit: string;
  /** One line: what the number is. */
  readonly summary: string;
  /** The value at which it does nothing; for a choice such as β the one that is taken when nothing is said. */
  readonly ideal: number;
  /** Inclusive. */
  readonly min: number;
  readonly max: number;
  /** The ideal is no value that can be asked for: what is taken in its place when nothing is said. */
  readonly unasked?: string;
  /** Only whole numbers make sense. */
  readonly whole?: boolean;
}

/** A knob that is off at 0 and may be turned up to any positive number. */
export const positive = (name: string, unit: string, summary: string, max = Number.MAX_VALUE): Knob => ({
  name,
  unit,
  summary,
  ideal: 0,
  min: 0,
  max,
});
