// v = d/dt Φ(i, …): an inductor given by its flux linkage.
import { neg } from '../expression/build.js';
import type { DeviceKind } from './device.js';

export const fluxInductor: DeviceKind = {
  name: 'flux-inductor',
  letter: 'l',
  summary: 'Nonlinear inductor given by its flux linkage, Flux={expression}.',
  doc:
    'v(plus) − v(minus) = dΦ/dt, where Φ is an expression of its own current, written I(name) or `x`, and ' +
    'of any other voltage, current or time; i flows from plus to minus and is an unknown.',
  pins: ['plus', 'minus'],
  card: { expressions: ['flux'], whenExpression: true, own: 'current' },
  parameters: {
    flux: { unit: 'V·s', doc: 'flux linkage, an expression', on: 'card' },
    ic: { unit: 'A', doc: 'current at t = 0, with uic', on: 'card' },
  },
  law(at) {
    const i = at.x('i');
    return {
      unknowns: { i: 'current' },
      flows: [{ from: 'plus', to: 'minus', i }],
      equations: [{ of: 'i', f: at.v('plus', 'minus'), q: neg(at.expression('flux')) }],
      initial: [{ of: i, parameter: 'ic' }],
    };
  },
};
