// Waveforms as points, read between the points by a local cubic, and their distance from a reference.
import type { Signal } from './decks.js';

/** Node voltages by lower-case name over one axis of time. */
export interface Waveforms {
  readonly time: Float64Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Values of every signal at the wanted times. */
export type Samples = readonly Float64Array[];

/** A signal straight from the columns: `v(a,b)` where it was saved, else v(a) − v(b). Ground reads zero. */
export function columnOf(waveforms: Waveforms, signal: Signal): Float64Array {
  const { columns } = waveforms;
  const read = (name: string): Float64Array => {
    if (name === '0') return new Float64Array(waveforms.time.length);
    const found = columns.get(`v(${name})`);
    if (!found) throw new Error(`no v(${name}) among ${[...columns.keys()].join(', ')}`);
    return found;
  };
  const { plus, minus } = signal;
  if (minus === undefined) return read(plus);
  const together = columns.get(`v(${plus},${minus})`);
  if (together) return together;
  const low = read(minus);
  return read(plus).map((value, k) => value - low[k]);
}

/** Lagrange's polynomial through points from…from+3, or NaN where they do not exist or coincide. */
function cubic(time: Float64Array, y: Float64Array, from: number, t: number): number {
  if (from < 0 || from + 3 >= time.length) return Number.NaN;
  let sum = 0;
  for (let i = from; i < from + 4; i++) {
    let weight = 1;
    for (let j = from; j < from + 4; j++) if (j !== i) weight *= (t - time[j]) / (time[i] - time[j]);
    sum += weight * y[i];
  }
  return sum;
}

function bracket(time: Float64Array, t: number): number {
  let low = 0;
  let high = time.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (time[middle] <= t) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The value at t nearest to `hoped`: of the straight line and the three cubics through neighbouring points. A corner
 * spoils a cubic across it and a bend spoils the line, so reading between the points never makes a contestant worse
 * than it is.
 */
function readAt(time: Float64Array, y: Float64Array, t: number, hoped: number): number {
  const k = bracket(time, t);
  const span = time[k + 1] - time[k];
  let best = span > 0 ? y[k] + ((t - time[k]) / span) * (y[k + 1] - y[k]) : y[k];
  for (let from = k - 2; from <= k; from++) {
    const value = cubic(time, y, from, t);
    if (Math.abs(value - hoped) < Math.abs(best - hoped)) best = value;
  }
  return best;
}

/** Reads each signal at each time; `reference` settles between ways of reading (see readAt). */
export function sample(
  waveforms: Waveforms,
  signals: readonly Signal[],
  times: Float64Array,
  reference: Samples,
): Samples {
  const end = waveforms.time.at(-1)!;
  return signals.map((signal, s) => {
    const y = columnOf(waveforms, signal);
    return times.map((t, k) =>
      t > end * (1 + 1e-9) ? Number.NaN : readAt(waveforms.time, y, t, reference[s][k]),
    );
  });
}

/**
 * Largest |difference| over all signals and times, each relative to the range of the reference's signal; a signal
 * that rests (by less than a thousandth of the liveliest) to the range of the liveliest. NaN when a value is missing.
 */
export function distance(found: Samples, reference: Samples): number {
  const ranges = reference.map((exact) => largest(exact, (v) => v) + largest(exact, (v) => -v));
  const liveliest = Math.max(...ranges);
  return reference.reduce((worst, exact, s) => {
    const range = ranges[s] > 1e-3 * liveliest ? ranges[s] : liveliest;
    return Math.max(worst, largest(exact, (v, k) => Math.abs(found[s][k] - v)) / range);
  }, 0);
}

/** Largest value of a function of the entries; NaN when one is NaN. */
const largest = (values: Float64Array, of: (value: number, k: number) => number): number =>
  values.reduce((most, value, k) => Math.max(most, of(value, k)), -Infinity);
