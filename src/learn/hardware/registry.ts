// Every way in which hardware may fall short, by its name. A new one is one file here and one line below.

import type { Diagnostic } from '../../errors.js';
import { copyMismatch, copyOffset } from './copies.js';
import { drift } from './drift.js';
import { dead, stuck } from './faults.js';
import type { CostKind } from './kinds.js';
import { BUT_AC, type Knob } from './knob.js';
import { leak } from './leak.js';
import { mismatch } from './mismatch.js';
import { dac, dacRange, gain, gainSpread, offset } from './nudge-source.js';
import { granularity } from './programming.js';
import { adc, adcRange, read, reads } from './read-out.js';
import { steps } from './sampling.js';
import { free, nudged } from './settling.js';
import { average, thermal } from './thermal.js';
import { wire } from './wires.js';

const beta: Knob = {
  name: 'beta',
  unit: '',
  summary:
    'strength of the nudge, in units of f over units of ∇c (unless given: what moves the most sensitive node by 10 mV)',
  ideal: 0,
  unasked: 'what moves the most sensitive node by 10 mV',
  min: 0,
  max: Number.MAX_VALUE,
  costs: BUT_AC,
};

/**
 * Every way in which hardware may fall short, by its name: unit, bounds, ideal value and the costs that it concerns. `Hardware`
 * has one number for each.
 */
export const KNOBS = {
  beta,
  mismatch,
  copymismatch: copyMismatch,
  copyoffset: copyOffset,
  thermal,
  average,
  read,
  reads,
  adc,
  adcrange: adcRange,
  dac,
  dacrange: dacRange,
  free,
  nudged,
  gain,
  gainspread: gainSpread,
  offset,
  leak,
  stuck,
  dead,
  granularity,
  drift,
  wire,
  steps,
} as const satisfies Readonly<Record<string, Knob>>;

/** Names of the faults of hardware, as `tellegen bench --list` prints them. */
export type KnobName = keyof typeof KNOBS;

/** How far each knob is turned, in the unit of the knob; begin with `{ ...IDEAL }`. */
export type Hardware = Readonly<Record<KnobName, number>>;

export const KNOB_NAMES = Object.keys(KNOBS) as readonly KnobName[];

/** Hardware without a fault. */
export const IDEAL = Object.fromEntries(KNOB_NAMES.map((name) => [name, KNOBS[name].ideal])) as Hardware;

/** Knobs that draw random numbers as soon as they are turned up. */
const RANDOM: readonly KnobName[] = [
  'mismatch',
  'copymismatch',
  'copyoffset',
  'thermal',
  'read',
  'adc',
  'gainspread',
  'offset',
  'leak',
  'stuck',
  'dead',
  'drift',
];

/** Faults of hardware that mean nothing for any of these costs. */
export const meaningless = (hardware: Hardware, kinds: readonly CostKind[]): readonly KnobName[] =>
  KNOB_NAMES.filter((name) => {
    const { ideal, costs }: Knob = KNOBS[name];
    return hardware[name] !== ideal && costs !== undefined && !costs.some((kind) => kinds.includes(kind));
  });

const COSTS: Readonly<Record<CostKind, string>> = {
  op: 'at the operating point',
  tran: 'over time',
  ac: 'of AC responses',
};

/** That a fault means nothing for costs of these kinds. */
export const withoutMeaning = (name: KnobName, kinds: readonly CostKind[]): Diagnostic => {
  const { costs = [], ideal, unasked }: Knob = KNOBS[name];
  const [its, theirs] = [costs, kinds].map((list) => list.map((kind) => COSTS[kind]).join(' or '));
  return {
    severity: 'error',
    code: 'no-meaning',
    message: `${name} is a matter of costs ${its}, and here all are ${theirs}`,
    hint: unasked === undefined ? `leave ${name} at ${ideal}` : `leave ${name} out`,
  };
};

/** Whether two specimens of this hardware differ. */
export const isRandom = (hardware: Hardware): boolean => RANDOM.some((name) => hardware[name] !== 0);
