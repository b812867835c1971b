// One way in which hardware falls short of the mathematics, as a number that can be turned up from its ideal value.
import type { CostKind } from './kinds.js';

/** A fault of hardware as a number: its unit, its bounds, and where it is off. */
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
  /** The only costs that it means anything for; default all. */
  readonly costs?: readonly CostKind[];
}

/** A knob that is off at 0 and may be turned up to any positive number, unless more is said. */
export const positive = (
  name: string,
  unit: string,
  summary: string,
  more: Partial<Pick<Knob, 'max' | 'whole' | 'costs'>> = {},
): Knob => ({ name, unit, summary, ideal: 0, min: 0, max: Number.MAX_VALUE, ...more });

/** Costs whose phases come to rest. */
export const AT_REST: readonly CostKind[] = ['op'];
/** Costs of phases that are nudged or played into, and may have a second copy: responses are measured without either. */
export const BUT_AC: readonly CostKind[] = ['op', 'tran'];
