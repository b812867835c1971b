// v = gain·(control current)
import { mul } from '../expression/build.js';
import { force } from './controlled.js';
import type { DeviceKind } from './device.js';

export const ccvs: DeviceKind = {
  name: 'ccvs',
  letter: 'h',
  summary: 'Current-controlled voltage source (transresistance).',
  doc:
    'v(plus) − v(minus) = gain·I(control), the current of a voltage source; ' +
    'its own current i is an unknown and flows from plus to minus.',
  pins: ['plus', 'minus'],
  card: { controls: 1, controlLetters: 'v', positional: ['gain'] },
  parameters: { gain: { unit: 'V/A', required: true, doc: 'transresistance', on: 'card' } },
  law: (at) => force(at, mul(at.p('gain'), at.control(0))),
};
