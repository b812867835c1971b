// What the two modulated carriers share: their last arguments, defaults and checks.
import { end, type Timing, type WaveformArgument } from './waveform.js';

export const TURN = 2 * Math.PI;

/** So many periods within the transient analysis. */
export const periodsPerRun = (periods: number) => ({
  text: `${periods}/tstop`,
  of: (_: ArrayLike<number>, timing: Timing) => periods / end(timing),
});

export const delayAndPhases: readonly WaveformArgument[] = [
  { name: 'td', unit: 's', doc: 'delay: 0 before it', default: 0 },
  { name: 'phasem', unit: '°', doc: 'phase of the modulation', default: 0 },
  { name: 'phasec', unit: '°', doc: 'phase of the carrier', default: 0 },
];

/** Complaints about the two frequencies; older SPICEs had another order of arguments, which shows as fm > fc. */
export function checkFrequencies(
  name: string,
  order: string,
  older: string,
  fm: number,
  fc: number,
): string[] {
  if (!(fm >= 0) || !(fc >= 0)) return [`${name}: frequencies must not be negative`];
  if (fm <= fc) return [];
  return [
    `${name}: the modulation’s frequency fm = ${fm} Hz is above the carrier’s fc = ${fc} Hz; ` +
      `the arguments are ${order}, as in ngspice 45, where older SPICEs had ${older}`,
  ];
}
