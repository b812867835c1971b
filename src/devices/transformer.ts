// v1 = n·v2, i2 = −n·i1: neither stores nor loses energy, and is reciprocal.
import { mul, neg, sub } from '../expression/build.js';
import type { DeviceKind } from './device.js';

export const transformer: DeviceKind = {
  name: 'transformer',
  letter: 'y',
  modelTypes: ['transformer'],
  summary: 'Ideal transformer, down to DC.',
  doc: [
    'With port voltages v1, v2 and currents i1, i2 into the plus pins: v1 = n·v2, i2 = −n·i1; i1 is an unknown.',
    'A resistor r at port 2 looks like n²·r at port 1.',
    'ngspice: E1 plus1 x plus2 minus2 {n}, V1 x minus1 0 and F1 plus2 minus2 V1 {-n}.',
  ].join('\n'),
  pins: ['plus1', 'minus1', 'plus2', 'minus2'],
  card: { model: 'required' },
  parameters: {
    n: { default: 1, unit: '1', nonzero: true, doc: 'turns ratio, port 1 : port 2', on: 'both' },
  },
  law(at) {
    const i = at.x('i');
    return {
      unknowns: { i: 'current' },
      flows: [
        { from: 'plus1', to: 'minus1', i },
        { from: 'plus2', to: 'minus2', i: neg(mul(at.p('n'), i)) },
      ],
      equations: [{ of: 'i', f: sub(at.v('plus1', 'minus1'), mul(at.p('n'), at.v('plus2', 'minus2'))) }],
    };
  },
};
