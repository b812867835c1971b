// v = expression
import { force, terms } from './controlled.js';
import type { DeviceKind } from './device.js';

export const behaviouralVoltage: DeviceKind = {
  name: 'behavioural-voltage',
  letter: 'b',
  summary: 'Voltage source given by an expression, V={expression}.',
  doc: `v(plus) − v(minus) is ${terms} The current i is an unknown and flows from plus to minus.`,
  pins: ['plus', 'minus'],
  card: { expressions: ['v'], whenExpression: true },
  parameters: { v: { unit: 'V', doc: 'voltage, an expression', on: 'card' } },
  law: (at) => force(at, at.expression('v')),
};
