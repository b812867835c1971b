// i = d/dt q(v, …): a capacitor given by its charge.
import type { DeviceKind } from './device.js';

export const chargeCapacitor: DeviceKind = {
  name: 'charge-capacitor',
  letter: 'c',
  summary: 'Nonlinear capacitor given by its charge, Q={expression}.',
  doc:
    'i = dq/dt, where q is an expression of node voltages, branch currents and time; `x` stands in it for ' +
    'v(plus) − v(minus). It is reciprocal (∂i/∂v symmetric) when q depends on its own voltage only.',
  pins: ['plus', 'minus'],
  card: { expressions: ['q'], whenExpression: true, own: 'voltage' },
  parameters: {
    q: { unit: 'C', doc: 'charge, an expression', on: 'card' },
    ic: { unit: 'V', doc: 'voltage at t = 0, with uic', on: 'card' },
  },
  law: (at) => ({
    flows: [{ from: 'plus', to: 'minus', q: at.expression('q') }],
    initial: [{ of: at.v('plus', 'minus'), parameter: 'ic' }],
  }),
};
