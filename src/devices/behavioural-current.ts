// i = expression
import { drive, terms } from './controlled.js';
import type { DeviceKind } from './device.js';

export const behaviouralCurrent: DeviceKind = {
  name: 'behavioural-current',
  letter: 'b',
  summary: 'Current source given by an expression, I={expression}.',
  doc: `The current that flows from plus through the source to minus is ${terms}`,
  pins: ['plus', 'minus'],
  card: { expressions: ['i'], whenExpression: true },
  parameters: { i: { unit: 'A', doc: 'current, an expression', on: 'card' } },
  law: (at) => drive(at.expression('i')),
};
