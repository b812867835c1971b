// v = gain·(control voltage)
import { mul } from '../expression/build.js';
import { force } from './controlled.js';
import type { DeviceKind } from './device.js';

export const vcvs: DeviceKind = {
  name: 'vcvs',
  letter: 'e',
  summary: 'Voltage-controlled voltage source.',
  doc: 'v(plus) − v(minus) = gain·(v(cplus) − v(cminus)); its current i is an unknown and flows from plus to minus.',
  pins: ['plus', 'minus', 'cplus', 'cminus'],
  card: { positional: ['gain'] },
  parameters: { gain: { unit: 'V/V', required: true, doc: 'voltage gain', on: 'card' } },
  law: (at) => force(at, mul(at.p('gain'), at.v('cplus', 'cminus'))),
};
