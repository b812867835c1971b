// i1 = g·v2, i2 = −g·v1: neither stores nor loses energy, and is antireciprocal.
import { mul, neg } from '../expression/build.js';
import type { DeviceKind } from './device.js';

export const gyrator: DeviceKind = {
  name: 'gyrator',
  letter: 'y',
  modelTypes: ['gyrator'],
  summary: 'Ideal gyrator.',
  doc: [
    'With port voltages v1, v2 and currents i1, i2 into the plus pins: i1 = g·v2, i2 = −g·v1.',
    'A capacitor c at port 2 looks like an inductor c/g² at port 1.',
    'ngspice: G1 plus1 minus1 plus2 minus2 {g} and G2 plus2 minus2 plus1 minus1 {-g}.',
  ].join('\n'),
  pins: ['plus1', 'minus1', 'plus2', 'minus2'],
  card: { model: 'required' },
  parameters: { g: { default: 1, unit: 'S', nonzero: true, doc: 'gyration conductance', on: 'both' } },
  law: (at) => ({
    flows: [
      { from: 'plus1', to: 'minus1', i: mul(at.p('g'), at.v('plus2', 'minus2')) },
      { from: 'plus2', to: 'minus2', i: neg(mul(at.p('g'), at.v('plus1', 'minus1'))) },
    ],
  }),
};
