// i = gain·(control current)
import { mul } from '../expression/build.js';
import { drive } from './controlled.js';
import type { DeviceKind } from './device.js';

export const cccs: DeviceKind = {
  name: 'cccs',
  letter: 'f',
  summary: 'Current-controlled current source.',
  doc: 'i = gain·I(control), the current of a voltage source, flows from plus through the source to minus.',
  pins: ['plus', 'minus'],
  card: { controls: 1, controlLetters: 'v', positional: ['gain'] },
  parameters: { gain: { unit: 'A/A', required: true, doc: 'current gain', on: 'card' } },
  law: (at) => drive(mul(at.p('gain'), at.control(0))),
};
