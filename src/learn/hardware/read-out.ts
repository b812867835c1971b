// What is measured of a state: unknowns read M times with noise, averaged, and converted to B bits.
import type { System } from '../../circuit/system.js';
import type { Random } from '../../math/random.js';
import { type Knob, positive } from './knob.js';

export const read = positive('read', 'V', 'rms noise of one reading of an unknown');
export const reads: Knob = {
  name: 'reads',
  unit: '',
  summary: 'readings that are averaged before they are converted',
  ideal: 1,
  min: 1,
  max: 1e9,
  whole: true,
};
export const adc: Knob = positive(
  'adc',
  'bit',
  'bits of the converters that read (0: unlimited); each has an offset below one step',
  { max: 52, whole: true },
);
export const adcRange: Knob = {
  name: 'adcrange',
  unit: 'V',
  summary: 'what the converters that read can tell apart, from −range/2 to range/2',
  ideal: 2,
  min: 1e-12,
  max: 1e12,
};

/** How a state is read. */
export interface ReadOut {
  /** V. */
  readonly noise: number;
  readonly reads: number;
  readonly bits: number;
  /** V. */
  readonly range: number;
}

export const readOutOf = ({
  read,
  reads,
  adc,
  adcrange,
}: Readonly<Record<'read' | 'reads' | 'adc' | 'adcrange', number>>): ReadOut => ({
  noise: read,
  reads,
  bits: adc,
  range: adcrange,
});

/** One step of a converter, V; 0 for an ideal one. */
export const converterStep = ({ bits, range }: Pick<ReadOut, 'bits' | 'range'>): number =>
  bits === 0 ? 0 : range / 2 ** bits;

/**
 * Volts that stand for one unit of each unknown at the converter: 1 for voltages; currents pass an amplifier that gives
 * them the rms value of the voltages.
 */
export function gains({ n, isNode }: System, x: Float64Array): Float64Array {
  let [volts, nodes, amperes, branches] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (isNode[i]) [volts, nodes] = [volts + x[i] * x[i], nodes + 1];
    else [amperes, branches] = [amperes + x[i] * x[i], branches + 1];
  }
  const ratio = Math.sqrt(volts / nodes / (amperes / branches));
  const transresistance = Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
  return Float64Array.from({ length: n }, (_, i) => (isNode[i] ? 1 : transresistance));
}

/** Offsets of the converters, in steps, one per unknown: what makes their errors independent of each other. */
export const converterOffsets = (n: number, random: Random): Float64Array =>
  Float64Array.from({ length: n }, () => random.uniform());

/** The n unknowns of x as they are read; what comes from outside is known. */
export function measured(
  x: Float64Array,
  gain: Float64Array,
  readOut: ReadOut,
  offsets: Float64Array,
  random: Random,
): Float64Array {
  const { noise, reads: count, range } = readOut;
  const step = converterStep(readOut);
  const seen = x.slice();
  for (let i = 0; i < gain.length; i++) {
    let volts = x[i] * gain[i];
    if (noise > 0) volts += (noise / Math.sqrt(count)) * random.normal();
    if (step > 0) {
      volts = Math.max(-range / 2, Math.min(range / 2, volts));
      volts = step * Math.floor(volts / step + offsets[i]);
    }
    seen[i] = volts / gain[i];
  }
  return seen;
}
