// i = expression, in the notation of G
import { behaviouralCurrent } from './behavioural-current.js';
import { drive } from './controlled.js';
import type { DeviceKind } from './device.js';

export const vccsExpression: DeviceKind = {
  name: 'vccs-expression',
  letter: 'g',
  summary: 'Current source given by an expression, VALUE={expression}.',
  doc: `${behaviouralCurrent.doc} The same as B with I=.`,
  pins: ['plus', 'minus'],
  card: { expressions: ['value'], whenExpression: true },
  parameters: { value: { unit: 'A', doc: 'current, an expression', on: 'card', aliases: ['cur'] } },
  law: (at) => drive(at.expression('value')),
};
