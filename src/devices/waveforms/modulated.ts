// A carrier whose frequency (SFFM) or amplitude (AM) follows a sine; both begin at td.
import { end, RADIANS, type Timing, type WaveformArgument, type WaveformKind } from './waveform.js';

const TURN = 2 * Math.PI;
const perStop = (periods: number) => ({
  text: `${periods}/tstop`,
  of: (_: ArrayLike<number>, timing: Timing) => periods / end(timing),
});
const tail: readonly WaveformArgument[] = [
  { name: 'td', unit: 's', doc: 'delay: 0 before it', default: 0 },
  { name: 'phasem', unit: '°', doc: 'phase of the modulation', default: 0 },
  { name: 'phasec', unit: '°', doc: 'phase of the carrier', default: 0 },
];
const begins = (td: number) => (a: Float64Array, t: number) => (t < a[td] ? a[td] : Number.POSITIVE_INFINITY);

function checkFrequencies(name: string, order: string, older: string, fm: number, fc: number): string[] {
  if (!(fm >= 0) || !(fc >= 0)) return [`${name}: frequencies must not be negative`];
  if (fm <= fc) return [];
  return [
    `${name}: the modulation’s frequency fm = ${fm} Hz is above the carrier’s fc = ${fc} Hz; ` +
      `the arguments are ${order}, as in ngspice 45, where older SPICEs had ${older}`,
  ];
}

/** SFFM(vo va fm mdi fc td phasem phasec) */
export const frequencyModulated: WaveformKind = {
  name: 'sffm',
  summary: 'Sine whose frequency is modulated by a sine.',
  doc: 'vo + va·sin(2π·fc·u + phasec + mdi·sin(2π·fm·u + phasem)), u = t − td, from td on; 0 before. Order as in ngspice 45.',
  named: [],
  positional: [
    { name: 'vo', unit: 'u', doc: 'offset' },
    { name: 'va', unit: 'u', doc: 'amplitude' },
    { name: 'fm', unit: 'Hz', doc: 'frequency of the modulation', default: perStop(5) },
    { name: 'mdi', unit: '1', doc: 'modulation index, at most fc/fm', default: 90 },
    { name: 'fc', unit: 'Hz', doc: 'frequency of the carrier', default: perStop(500), zeroIsDefault: true },
    ...tail,
  ],
  check: ([, , fm, mdi, fc]) => [
    ...checkFrequencies('sffm', '(vo va fm mdi fc …)', '(vo va fc mdi fm)', fm, fc),
    ...(mdi < 0 ? [`sffm: mdi = ${mdi} must not be negative`] : []),
    ...(fm <= fc && mdi * fm > fc * (1 + 1e-12)
      ? [`sffm: mdi = ${mdi} is above fc/fm = ${fc / fm}, where the frequency would turn negative`]
      : []),
  ],
  value([vo, va, fm, mdi, fc, td, pm, pc], t) {
    const u = t - td;
    if (u < 0) return 0;
    return vo + va * Math.sin(TURN * fc * u + pc * RADIANS + mdi * Math.sin(TURN * fm * u + pm * RADIANS));
  },
  slope([, va, fm, mdi, fc, td, pm, pc], t) {
    const u = t - td;
    if (u < 0) return 0;
    const inner = TURN * fm * u + pm * RADIANS;
    const angle = TURN * fc * u + pc * RADIANS + mdi * Math.sin(inner);
    return va * Math.cos(angle) * TURN * (fc + mdi * fm * Math.cos(inner));
  },
  partials([, va, fm, mdi, fc, td, pm, pc], t, out) {
    out.fill(0);
    const u = t - td;
    if (u < 0) return;
    const inner = TURN * fm * u + pm * RADIANS;
    const angle = TURN * fc * u + pc * RADIANS + mdi * Math.sin(inner);
    const byAngle = va * Math.cos(angle);
    const byInner = byAngle * mdi * Math.cos(inner);
    out[0] = 1;
    out[1] = Math.sin(angle);
    out[2] = byInner * TURN * u;
    out[3] = byAngle * Math.sin(inner);
    out[4] = byAngle * TURN * u;
    out[5] = -TURN * (byAngle * fc + byInner * fm);
    out[6] = byInner * RADIANS;
    out[7] = byAngle * RADIANS;
  },
  next: begins(5),
};

/** AM(vo vmo vma fm fc td phasem phasec) */
export const amplitudeModulated: WaveformKind = {
  name: 'am',
  summary: 'Sine whose amplitude is modulated by a sine.',
  doc: 'vo + (vmo + vma·sin(2π·fm·u + phasem))·sin(2π·fc·u + phasec), u = t − td, from td on; 0 before. Order as in ngspice 45.',
  named: [],
  positional: [
    { name: 'vo', unit: 'u', doc: 'offset' },
    { name: 'vmo', unit: 'u', doc: 'mean amplitude' },
    { name: 'vma', unit: 'u', doc: 'amplitude of the modulation', default: 1 },
    { name: 'fm', unit: 'Hz', doc: 'frequency of the modulation', default: perStop(5) },
    { name: 'fc', unit: 'Hz', doc: 'frequency of the carrier', default: perStop(500) },
    ...tail,
  ],
  check: ([, , , fm, fc]) => checkFrequencies('am', '(vo vmo vma fm fc …)', '(va vo fm fc td)', fm, fc),
  value([vo, vmo, vma, fm, fc, td, pm, pc], t) {
    const u = t - td;
    if (u < 0) return 0;
    return vo + (vmo + vma * Math.sin(TURN * fm * u + pm * RADIANS)) * Math.sin(TURN * fc * u + pc * RADIANS);
  },
  slope([, vmo, vma, fm, fc, td, pm, pc], t) {
    const u = t - td;
    if (u < 0) return 0;
    const [inner, angle] = [TURN * fm * u + pm * RADIANS, TURN * fc * u + pc * RADIANS];
    const envelope = vmo + vma * Math.sin(inner);
    return TURN * (vma * fm * Math.cos(inner) * Math.sin(angle) + envelope * fc * Math.cos(angle));
  },
  partials([, vmo, vma, fm, fc, td, pm, pc], t, out) {
    out.fill(0);
    const u = t - td;
    if (u < 0) return;
    const [inner, angle] = [TURN * fm * u + pm * RADIANS, TURN * fc * u + pc * RADIANS];
    const carrier = Math.sin(angle);
    const byInner = vma * Math.cos(inner) * carrier;
    const byAngle = (vmo + vma * Math.sin(inner)) * Math.cos(angle);
    out[0] = 1;
    out[1] = carrier;
    out[2] = Math.sin(inner) * carrier;
    out[3] = byInner * TURN * u;
    out[4] = byAngle * TURN * u;
    out[5] = -TURN * (byInner * fm + byAngle * fc);
    out[6] = byInner * RADIANS;
    out[7] = byAngle * RADIANS;
  },
  next: begins(5),
};
