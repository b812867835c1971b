// Every way in which hardware may fall short, by its name. A new one is one file here and one line below.

import { copyMismatch, copyOffset } from './copies.js';
import { drift } from './drift.js';
import { dead, stuck } from './faults.js';
import type { Knob } from './knob.js';
import { leak } from './leak.js';
import { mismatch } from './mismatch.js';
import { dac, dacRange, gain, gainSpread, offset } from './nudge-source.js';
import { granularity } from './programming.js';
import { adc, adcRange, read, reads } from './read-out.js';
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
};

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
} as const satisfies Readonly<Record<string, Knob>>;

export type KnobName = keyof typeof KNOBS;

/** How far each knob is turned. */
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

/** Whether two specimens of this hardware differ. */
export const isRandom = (hardware: Hardware): boolean => RANDOM.some((name) => hardware[name] !== 0);
