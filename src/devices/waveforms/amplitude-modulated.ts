// vo + (vmo + vma·sin(2π·fm·u + phasem))·sin(2π·fc·u + phasec), u = t − td
import { checkFrequencies, delayAndPhases, periodsPerRun, TURN } from './modulation.js';
import { RADIANS, type WaveformKind } from './waveform.js';

const [VO, VMO, VMA, FM, FC, TD, PHASEM, PHASEC] = [0, 1, 2, 3, 4, 5, 6, 7];

const inner = (a: Float64Array, u: number): number => TURN * a[FM] * u + a[PHASEM] * RADIANS;
const angle = (a: Float64Array, u: number): number => TURN * a[FC] * u + a[PHASEC] * RADIANS;
const envelope = (a: Float64Array, u: number): number => a[VMO] + a[VMA] * Math.sin(inner(a, u));

export const amplitudeModulated: WaveformKind = {
  name: 'am',
  summary: 'Sine whose amplitude is modulated by a sine.',
  doc:
    'vo + (vmo + vma·sin(2π·fm·u + phasem))·sin(2π·fc·u + phasec), u = t − td, from td on; 0 before. ' +
    'The order of the arguments is that of ngspice 45.',
  named: [],
  positional: [
    { name: 'vo', unit: 'u', doc: 'offset' },
    { name: 'vmo', unit: 'u', doc: 'mean amplitude' },
    { name: 'vma', unit: 'u', doc: 'amplitude of the modulation', default: 1 },
    {
      name: 'fm',
      unit: 'Hz',
      doc: 'frequency of the modulation',
      default: periodsPerRun(5),
      zeroIsDefault: true,
    },
    {
      name: 'fc',
      unit: 'Hz',
      doc: 'frequency of the carrier',
      default: periodsPerRun(500),
      zeroIsDefault: true,
    },
    ...delayAndPhases,
  ],
  check: (a) => checkFrequencies('am', '(vo vmo vma fm fc …)', '(va vo fm fc td)', a[FM], a[FC]),
  value(a, t) {
    const u = t - a[TD];
    return u < 0 ? 0 : a[VO] + envelope(a, u) * Math.sin(angle(a, u));
  },
  slope(a, t) {
    const u = t - a[TD];
    if (u < 0) return 0;
    const byEnvelope = a[VMA] * Math.cos(inner(a, u)) * Math.sin(angle(a, u));
    return TURN * (a[FM] * byEnvelope + a[FC] * envelope(a, u) * Math.cos(angle(a, u)));
  },
  partials(a, t, out) {
    out.fill(0);
    const u = t - a[TD];
    if (u < 0) return;
    const carrier = Math.sin(angle(a, u));
    const byInner = a[VMA] * Math.cos(inner(a, u)) * carrier;
    const byAngle = envelope(a, u) * Math.cos(angle(a, u));
    out[VO] = 1;
    out[VMO] = carrier;
    out[VMA] = Math.sin(inner(a, u)) * carrier;
    out[FM] = byInner * TURN * u;
    out[FC] = byAngle * TURN * u;
    out[TD] = -TURN * (byInner * a[FM] + byAngle * a[FC]);
    out[PHASEM] = byInner * RADIANS;
    out[PHASEC] = byAngle * RADIANS;
  },
  next: (a, t) => (t < a[TD] ? a[TD] : Number.POSITIVE_INFINITY),
};
