// vo + va·sin(2π·fc·u + phasec + mdi·sin(2π·fm·u + phasem)), u = t − td
import { checkFrequencies, delayAndPhases, periodsPerRun, TURN } from './modulation.js';
import { RADIANS, type WaveformKind } from './waveform.js';

const [VO, VA, FM, MDI, FC, TD, PHASEM, PHASEC] = [0, 1, 2, 3, 4, 5, 6, 7];

const inner = (a: Float64Array, u: number): number => TURN * a[FM] * u + a[PHASEM] * RADIANS;
const angle = (a: Float64Array, u: number): number =>
  TURN * a[FC] * u + a[PHASEC] * RADIANS + a[MDI] * Math.sin(inner(a, u));

export const frequencyModulated: WaveformKind = {
  name: 'sffm',
  summary: 'Sine whose frequency is modulated by a sine.',
  doc:
    'vo + va·sin(2π·fc·u + phasec + mdi·sin(2π·fm·u + phasem)), u = t − td, from td on; 0 before. ' +
    'The order of the arguments is that of ngspice 45.',
  named: [],
  positional: [
    { name: 'vo', unit: 'u', doc: 'offset' },
    { name: 'va', unit: 'u', doc: 'amplitude' },
    {
      name: 'fm',
      unit: 'Hz',
      doc: 'frequency of the modulation',
      default: periodsPerRun(5),
      zeroIsDefault: true,
    },
    { name: 'mdi', unit: '1', doc: 'modulation index, at most fc/fm', default: 90 },
    {
      name: 'fc',
      unit: 'Hz',
      doc: 'frequency of the carrier',
      default: periodsPerRun(500),
      zeroIsDefault: true,
    },
    ...delayAndPhases,
  ],
  check(a) {
    const [fm, mdi, fc] = [a[FM], a[MDI], a[FC]];
    const wrong = checkFrequencies('sffm', '(vo va fm mdi fc …)', '(vo va fc mdi fm)', fm, fc);
    if (mdi < 0) wrong.push(`sffm: mdi = ${mdi} must not be negative`);
    if (fm <= fc && mdi * fm > fc * (1 + 1e-12)) {
      wrong.push(`sffm: mdi = ${mdi} is above fc/fm = ${fc / fm}, where the frequency would turn negative`);
    }
    return wrong;
  },
  value: (a, t) => (t < a[TD] ? 0 : a[VO] + a[VA] * Math.sin(angle(a, t - a[TD]))),
  slope(a, t) {
    if (t < a[TD]) return 0;
    const u = t - a[TD];
    return a[VA] * Math.cos(angle(a, u)) * TURN * (a[FC] + a[MDI] * a[FM] * Math.cos(inner(a, u)));
  },
  partials(a, t, out) {
    out.fill(0);
    if (t < a[TD]) return;
    const u = t - a[TD];
    const byAngle = a[VA] * Math.cos(angle(a, u));
    const byInner = byAngle * a[MDI] * Math.cos(inner(a, u));
    out[VO] = 1;
    out[VA] = Math.sin(angle(a, u));
    out[FM] = byInner * TURN * u;
    out[MDI] = byAngle * Math.sin(inner(a, u));
    out[FC] = byAngle * TURN * u;
    out[TD] = -TURN * (byAngle * a[FC] + byInner * a[FM]);
    out[PHASEM] = byInner * RADIANS;
    out[PHASEC] = byAngle * RADIANS;
  },
  next: (a, t) => (t < a[TD] ? a[TD] : Number.POSITIVE_INFINITY),
};
