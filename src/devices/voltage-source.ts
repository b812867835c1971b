// v(plus) − v(minus) = u(t)
import { sub } from '../expression/build.js';
import type { DeviceKind, ParameterDoc } from './device.js';

/** Values of an independent source besides its waveform. */
export function sourceParameters(unit: 'V' | 'A'): Readonly<Record<string, ParameterDoc>> {
  return {
    dc: {
      default: 0,
      unit,
      doc: 'value at the operating point, and always when there is no waveform; beside one that at t = 0 unless written',
      on: 'card',
    },
    acmag: { default: 0, unit, doc: 'magnitude of the small signal (AC)', on: 'card' },
    acphase: { default: 0, unit: '°', doc: 'phase of the small signal (AC)', on: 'card' },
  };
}

export const voltageSource: DeviceKind = {
  name: 'voltage-source',
  letter: 'v',
  summary: 'Independent voltage source: DC, AC and a waveform.',
  doc:
    'v(plus) − v(minus) = u(t). Its current i is an unknown and flows from plus through the source to minus, ' +
    'as in SPICE: a source that delivers power has a negative current.',
  pins: ['plus', 'minus'],
  card: { positional: ['dc'], waveform: true },
  parameters: sourceParameters('V'),
  law: (at) => ({
    unknowns: { i: 'current' },
    source: 'value',
    flows: [{ from: 'plus', to: 'minus', i: at.x('i') }],
    equations: [{ of: 'i', f: sub(at.v('plus', 'minus'), at.input('value')) }],
  }),
};
