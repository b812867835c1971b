// i = m·u(t)
import { mul } from '../expression/build.js';
import type { DeviceKind } from './device.js';
import { multiplier } from './temperature.js';
import { sourceParameters } from './voltage-source.js';

export const currentSource: DeviceKind = {
  name: 'current-source',
  letter: 'i',
  summary: 'Independent current source: DC, AC and a waveform.',
  doc: 'i = m·u(t) flows from plus through the source to minus.',
  pins: ['plus', 'minus'],
  card: { positional: ['dc'], waveform: true },
  parameters: { ...sourceParameters('A'), m: multiplier },
  law: (at) => ({
    source: 'value',
    flows: [{ from: 'plus', to: 'minus', i: mul(at.p('m'), at.input('value')) }],
  }),
};
