// A train of trapezoids.
import { NEVER, reached, STEP, STOP, type WaveformKind } from './waveform.js';

const [V1, V2, TD, TR, TF, PW, PER, NP] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Number of the period that t is in, 0 before the first; −1 after the last. */
function period(a: Float64Array, t: number): number {
  if (!Number.isFinite(a[PER]) || !reached(t, a[TD])) return 0;
  let n = Math.max(0, Math.floor((t - a[TD]) / a[PER]));
  if (reached(t, a[TD] + (n + 1) * a[PER])) n++;
  else if (n > 0 && !reached(t, a[TD] + n * a[PER])) n--;
  return a[NP] > 0 && n >= a[NP] ? -1 : n;
}

const begin = (a: Float64Array, n: number): number => (n === 0 ? a[TD] : a[TD] + n * a[PER]);

/** Corner k of the trapezoid of a period: start, top, end of top, foot. */
function corner(a: Float64Array, start: number, k: number): number {
  if (k === 0) return start;
  if (k === 1) return start + a[TR];
  return k === 2 ? start + (a[TR] + a[PW]) : start + (a[TR] + a[PW] + a[TF]);
}

/** The last corner that t has reached, −1 before the first. */
function phase(a: Float64Array, start: number, t: number): number {
  let k = 3;
  while (k >= 0 && !reached(t, corner(a, start, k))) k--;
  return k;
}

const clamp = (s: number): number => Math.min(1, Math.max(0, s));

export const pulse: WaveformKind = {
  name: 'pulse',
  summary: 'Periodic pulses with straight edges.',
  doc:
    'v1 until td; then, every per, up to v2 within tr, there for pw, back within tf, and v1 for the rest. ' +
    'A period that is shorter than its pulse cuts it off. With np > 0 there are np periods, then v1.',
  named: [],
  positional: [
    { name: 'v1', unit: 'u', doc: 'initial value' },
    { name: 'v2', unit: 'u', doc: 'pulsed value' },
    { name: 'td', unit: 's', doc: 'delay', default: 0 },
    { name: 'tr', unit: 's', doc: 'rise time', default: STEP, zeroIsDefault: true },
    { name: 'tf', unit: 's', doc: 'fall time', default: STEP, zeroIsDefault: true },
    { name: 'pw', unit: 's', doc: 'pulse width', default: STOP, zeroIsDefault: true },
    { name: 'per', unit: 's', doc: 'period', default: NEVER, zeroIsDefault: true },
    { name: 'np', unit: '1', doc: 'number of pulses, 0: without end', default: 0, integer: true },
  ],
  straight: true,
  check(a) {
    const wrong: string[] = [];
    for (const [name, k] of [
      ['tr', TR],
      ['tf', TF],
      ['pw', PW],
    ] as const) {
      if (a[k] < 0) wrong.push(`pulse: ${name} = ${a[k]} s must not be negative`);
    }
    if (!(a[PER] > 0)) wrong.push(`pulse: per = ${a[PER]} s must be above 0`);
    if (a[NP] < 0 || !Number.isInteger(a[NP]))
      wrong.push(`pulse: np = ${a[NP]} must be a whole number, 0 or more`);
    return wrong;
  },
  period: (a) => (a[NP] > 0 ? Number.POSITIVE_INFINITY : a[PER]),
  value(a, t) {
    const n = period(a, t);
    if (n < 0) return a[V1];
    const start = begin(a, n);
    const k = phase(a, start, t);
    if (k < 0 || k === 3) return a[V1];
    if (k === 1) return a[V2];
    if (k === 0) return a[V1] + (a[V2] - a[V1]) * clamp((t - start) / a[TR]);
    return a[V2] + (a[V1] - a[V2]) * clamp((t - corner(a, start, 2)) / a[TF]);
  },
  slope(a, t) {
    const n = period(a, t);
    const k = n < 0 ? 3 : phase(a, begin(a, n), t);
    if (k === 0) return (a[V2] - a[V1]) / a[TR];
    return k === 2 ? (a[V1] - a[V2]) / a[TF] : 0;
  },
  partials(a, t, out) {
    out.fill(0);
    const n = period(a, t);
    const start = begin(a, Math.max(n, 0));
    const k = n < 0 ? 3 : phase(a, start, t);
    if (k === 0 || k === 2) {
      const edge = k === 0 ? TR : TF;
      const s = clamp((t - corner(a, start, k)) / a[edge]);
      const slope = (k === 0 ? a[V2] - a[V1] : a[V1] - a[V2]) / a[edge];
      out[V1] = k === 0 ? 1 - s : s;
      out[V2] = 1 - out[V1];
      out[TD] = -slope;
      out[PER] = -n * slope;
      if (k === 2) out[TR] = out[PW] = -slope;
      out[edge] -= s * slope;
    } else out[k === 1 ? V2 : V1] = 1;
  },
  next(a, t) {
    const n = period(a, t);
    if (n < 0) return Number.POSITIVE_INFINITY;
    const start = begin(a, n);
    const last = Number.isFinite(a[PER]) ? begin(a, n + 1) : Number.POSITIVE_INFINITY;
    for (let k = 0; k < 4; k++) {
      const c = corner(a, start, k);
      if (c < last && !reached(t, c)) return c;
    }
    return last;
  },
};
