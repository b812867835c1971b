// i = gain·(control voltage)
import { mul } from '../expression/build.js';
import { drive } from './controlled.js';
import type { DeviceKind } from './device.js';

export const vccs: DeviceKind = {
  name: 'vccs',
  letter: 'g',
  summary: 'Voltage-controlled current source (transconductance).',
  doc: 'i = gain·(v(cplus) − v(cminus)) flows from plus through the source to minus.',
  pins: ['plus', 'minus', 'cplus', 'cminus'],
  card: { positional: ['gain'] },
  parameters: { gain: { unit: 'A/V', required: true, doc: 'transconductance', on: 'card' } },
  law: (at) => drive(mul(at.p('gain'), at.v('cplus', 'cminus'))),
};
