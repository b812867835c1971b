// v = expression, in the notation of E
import { behaviouralVoltage } from './behavioural-voltage.js';
import { force } from './controlled.js';
import type { DeviceKind } from './device.js';

export const vcvsExpression: DeviceKind = {
  name: 'vcvs-expression',
  letter: 'e',
  summary: 'Voltage source given by an expression, VALUE={expression}.',
  doc: `${behaviouralVoltage.doc} The same as B with V=.`,
  pins: ['plus', 'minus'],
  card: { expressions: ['value'], whenExpression: true },
  parameters: { value: { unit: 'V', doc: 'voltage, an expression', on: 'card', aliases: ['vol'] } },
  law: (at) => force(at, at.expression('value')),
};
