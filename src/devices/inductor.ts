// v − l·di/dt = 0, with its current as an unknown.
import { div, mul, neg } from '../expression/build.js';
import type { DeviceKind } from './device.js';
import { multiplier } from './temperature.js';

export const inductor: DeviceKind = {
  name: 'inductor',
  letter: 'l',
  summary: 'Linear inductor.',
  doc:
    'v(plus) − v(minus) = (l/m)·di/dt; i flows from plus to minus and is an unknown. ' +
    'Its row is v(plus) − v(minus) − d(l·i/m)/dt = 0, so that the matrices stay symmetric.',
  pins: ['plus', 'minus'],
  card: { positional: ['l'] },
  parameters: {
    l: { unit: 'H', nonzero: true, required: true, doc: 'inductance', on: 'card', aliases: ['inductance'] },
    ic: { unit: 'A', doc: 'current at t = 0, with uic', on: 'card' },
    m: multiplier,
  },
  law(at) {
    const i = at.x('i');
    return {
      unknowns: { i: 'current' },
      flows: [{ from: 'plus', to: 'minus', i }],
      equations: [{ of: 'i', f: at.v('plus', 'minus'), q: neg(mul(div(at.p('l'), at.p('m')), i)) }],
      initial: [{ of: i, parameter: 'ic' }],
    };
  },
};
