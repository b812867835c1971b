// A damped sine that starts at td.
import { end, RADIANS, type WaveformKind } from './waveform.js';

const [VO, VA, FREQ, TD, THETA, PHASE] = [0, 1, 2, 3, 4, 5];
const TURN = 2 * Math.PI;

export const sine: WaveformKind = {
  name: 'sin',
  summary: 'Damped sine.',
  doc: 'vo + va·sin(2π·freq·(t − td) + phase)·exp(−(t − td)·theta) from td on; before it, vo + va·sin(phase).',
  named: [],
  positional: [
    { name: 'vo', unit: 'u', doc: 'offset' },
    { name: 'va', unit: 'u', doc: 'amplitude' },
    {
      name: 'freq',
      unit: 'Hz',
      doc: 'frequency',
      default: { text: '1/tstop', of: (_, timing) => 1 / end(timing) },
      zeroIsDefault: true,
    },
    { name: 'td', unit: 's', doc: 'delay', default: 0 },
    { name: 'theta', unit: '1/s', doc: 'damping', default: 0 },
    { name: 'phase', unit: '°', doc: 'phase', default: 0 },
  ],
  check: (a) => (a[FREQ] < 0 ? [`sin: freq = ${a[FREQ]} Hz must not be negative`] : []),
  value(a, t) {
    const u = Math.max(0, t - a[TD]);
    return a[VO] + a[VA] * Math.sin(TURN * a[FREQ] * u + a[PHASE] * RADIANS) * Math.exp(-u * a[THETA]);
  },
  slope(a, t) {
    const u = t - a[TD];
    if (u < 0) return 0;
    const angle = TURN * a[FREQ] * u + a[PHASE] * RADIANS;
    const envelope = a[VA] * Math.exp(-u * a[THETA]);
    return envelope * (TURN * a[FREQ] * Math.cos(angle) - a[THETA] * Math.sin(angle));
  },
  partials(a, t, out) {
    const u = Math.max(0, t - a[TD]);
    const angle = TURN * a[FREQ] * u + a[PHASE] * RADIANS;
    const decay = Math.exp(-u * a[THETA]);
    const [s, c] = [decay * Math.sin(angle), decay * Math.cos(angle)];
    out[VO] = 1;
    out[VA] = s;
    out[FREQ] = a[VA] * c * TURN * u;
    out[TD] = t < a[TD] ? 0 : -a[VA] * (TURN * a[FREQ] * c - a[THETA] * s);
    out[THETA] = -u * a[VA] * s;
    out[PHASE] = a[VA] * c * RADIANS;
  },
  next: (a, t) => (t < a[TD] ? a[TD] : Number.POSITIVE_INFINITY),
};
