// Straight lines between points, held at the ends or repeated.
import { reached, type WaveformKind } from './waveform.js';

const [TD, R, FIRST] = [0, 1, 2];

const points = (a: Float64Array): number => (a.length - FIRST) >> 1;
const timeOf = (a: Float64Array, k: number): number => a[FIRST + 2 * k];
const heightOf = (a: Float64Array, k: number): number => a[FIRST + 2 * k + 1];
const length = (a: Float64Array): number => timeOf(a, points(a) - 1) - a[R];

/** How many times the part from r on has begun anew by t. */
function turns(a: Float64Array, t: number): number {
  const stop = a[TD] + timeOf(a, points(a) - 1);
  if (a[R] < 0 || !reached(t, stop)) return 0;
  const span = length(a);
  let n = 1 + Math.max(0, Math.floor((t - stop) / span));
  if (reached(t, stop + n * span)) n++;
  else if (n > 1 && !reached(t, stop + (n - 1) * span)) n--;
  return n;
}

/** Last point that t has reached in the turn that is shifted by `shift`, −1 before the first. */
function segment(a: Float64Array, shift: number, t: number): number {
  let [low, high] = [-1, points(a)];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (reached(t, shift + timeOf(a, middle))) low = middle;
    else high = middle;
  }
  return low;
}

const shiftOf = (a: Float64Array, n: number): number => (n === 0 ? a[TD] : a[TD] + n * length(a));

export const piecewiseLinear: WaveformKind = {
  name: 'pwl',
  summary: 'Straight lines between points.',
  doc:
    'Through the points (t1, v1), (t2, v2), … shifted by td; v1 before the first. After the last, the last value, ' +
    'or, with r ≥ 0, the part from time r to the last point again and again.',
  named: [
    { name: 'td', unit: 's', doc: 'delay', default: 0 },
    { name: 'r', unit: 's', doc: 'time from which it repeats; −1: it does not', default: -1 },
  ],
  positional: [
    { name: 't1', unit: 's', doc: 'time of a point' },
    { name: 'v1', unit: 'u', doc: 'value there' },
  ],
  repeats: 2,
  straight: true,
  check(a) {
    if (a.length % 2 === 1) return ['pwl: the last time has no value beside it'];
    const wrong: string[] = [];
    for (let k = 1; k < points(a); k++) {
      if (!(timeOf(a, k) > timeOf(a, k - 1))) {
        wrong.push(
          `pwl: times must increase, but t${k + 1} = ${timeOf(a, k)} s follows t${k} = ${timeOf(a, k - 1)} s`,
        );
        break;
      }
    }
    if (a[R] < 0 && a[R] !== -1) wrong.push(`pwl: r = ${a[R]} s must be a time of the waveform, or −1`);
    if (a[R] >= 0 && !(length(a) > 0)) wrong.push(`pwl: r = ${a[R]} s must come before the last point`);
    return wrong;
  },
  period: (a) => (a[R] < 0 ? Number.POSITIVE_INFINITY : length(a)),
  value(a, t) {
    const shift = shiftOf(a, turns(a, t));
    const k = segment(a, shift, t);
    if (k < 0) return heightOf(a, 0);
    if (k === points(a) - 1) return heightOf(a, k);
    const s = (t - shift - timeOf(a, k)) / (timeOf(a, k + 1) - timeOf(a, k));
    return heightOf(a, k) + (heightOf(a, k + 1) - heightOf(a, k)) * Math.max(0, s);
  },
  slope(a, t) {
    const k = segment(a, shiftOf(a, turns(a, t)), t);
    if (k < 0 || k === points(a) - 1) return 0;
    return (heightOf(a, k + 1) - heightOf(a, k)) / (timeOf(a, k + 1) - timeOf(a, k));
  },
  partials(a, t, out) {
    out.fill(0);
    const n = turns(a, t);
    const shift = shiftOf(a, n);
    const k = segment(a, shift, t);
    const last = points(a) - 1;
    if (k < 0 || k === last) {
      out[FIRST + 2 * Math.max(k, 0) + 1] = 1;
      return;
    }
    const span = timeOf(a, k + 1) - timeOf(a, k);
    const s = (t - shift - timeOf(a, k)) / span;
    const slope = (heightOf(a, k + 1) - heightOf(a, k)) / span;
    out[FIRST + 2 * k + 1] = 1 - s;
    out[FIRST + 2 * k + 3] = s;
    out[FIRST + 2 * k] = -slope * (1 - s);
    out[FIRST + 2 * k + 2] = -slope * s;
    out[TD] = -slope;
    out[R] = n * slope;
    out[FIRST + 2 * last] -= n * slope;
  },
  next(a, t) {
    const n = turns(a, t);
    const shift = shiftOf(a, n);
    const k = segment(a, shift, t);
    return k === points(a) - 1 ? Number.POSITIVE_INFINITY : shift + timeOf(a, k + 1);
  },
};
