// Two exponentials: one that begins at td1, one back that begins at td2.
import { STEP, type WaveformKind } from './waveform.js';

const [V1, V2, TD1, TAU1, TD2, TAU2] = [0, 1, 2, 3, 4, 5];

/** 1 − e^(−u/τ) from u = 0 on. */
const rise = (u: number, tau: number): number => (u > 0 ? -Math.expm1(-u / tau) : 0);
/** Its slope just after u. */
const rate = (u: number, tau: number): number => (u >= 0 ? Math.exp(-u / tau) / tau : 0);

export const exponential: WaveformKind = {
  name: 'exp',
  summary: 'Exponential rise and fall.',
  doc: 'v1 + (v2 − v1)·r(t − td1, tau1) + (v1 − v2)·r(t − td2, tau2), where r(u, τ) is 1 − exp(−u/τ) for u > 0, else 0.',
  named: [],
  positional: [
    { name: 'v1', unit: 'u', doc: 'initial value' },
    { name: 'v2', unit: 'u', doc: 'value it rises to' },
    { name: 'td1', unit: 's', doc: 'start of the rise', default: STEP, zeroIsDefault: true },
    { name: 'tau1', unit: 's', doc: 'time constant of the rise', default: STEP, zeroIsDefault: true },
    {
      name: 'td2',
      unit: 's',
      doc: 'start of the fall',
      default: {
        text: 'td1 + tstep',
        of: (a, timing) => a[TD1] + timing.tstep,
        slope: (k) => (k === TD1 ? 1 : 0),
      },
      zeroIsDefault: true,
    },
    { name: 'tau2', unit: 's', doc: 'time constant of the fall', default: STEP, zeroIsDefault: true },
  ],
  check: (a) =>
    (
      [
        ['tau1', TAU1],
        ['tau2', TAU2],
      ] as const
    )
      .filter(([, k]) => !(a[k] > 0))
      .map(([name, k]) => `exp: ${name} = ${a[k]} s must be above 0`),
  value: (a, t) => a[V1] + (a[V2] - a[V1]) * (rise(t - a[TD1], a[TAU1]) - rise(t - a[TD2], a[TAU2])),
  slope: (a, t) => (a[V2] - a[V1]) * (rate(t - a[TD1], a[TAU1]) - rate(t - a[TD2], a[TAU2])),
  partials(a, t, out) {
    const [u1, u2] = [t - a[TD1], t - a[TD2]];
    const [r1, r2] = [rate(u1, a[TAU1]), rate(u2, a[TAU2])];
    const height = a[V2] - a[V1];
    out[V2] = rise(u1, a[TAU1]) - rise(u2, a[TAU2]);
    out[V1] = 1 - out[V2];
    out[TD1] = -height * r1;
    out[TAU1] = (-height * r1 * u1) / a[TAU1];
    out[TD2] = height * r2;
    out[TAU2] = (height * r2 * u2) / a[TAU2];
  },
  next(a, t) {
    const [first, second] = a[TD1] < a[TD2] ? [a[TD1], a[TD2]] : [a[TD2], a[TD1]];
    if (t < first) return first;
    return t < second ? second : Number.POSITIVE_INFINITY;
  },
};
