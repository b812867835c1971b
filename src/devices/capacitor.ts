// q = m·c·(1 + tc1 ΔT + tc2 ΔT²)·v
import { mul, product } from '../expression/build.js';
import type { DeviceKind } from './device.js';
import { multiplier, polynomialParameters, polynomialScale } from './temperature.js';

export const capacitor: DeviceKind = {
  name: 'capacitor',
  letter: 'c',
  summary: 'Linear capacitor with temperature coefficients.',
  doc: 'i = dq/dt, q = m·c·s·(v(plus) − v(minus)) with s = 1 + tc1·ΔT + tc2·ΔT², ΔT = temp − tnom.',
  pins: ['plus', 'minus'],
  card: { positional: ['c'], model: 'optional', lists: { tc: ['tc1', 'tc2'] } },
  modelTypes: ['c', 'cap'],
  parameters: {
    c: { unit: 'F', required: true, doc: 'capacitance', on: 'both', aliases: ['cap', 'capacitance'] },
    ic: { unit: 'V', doc: 'voltage at t = 0, with uic', on: 'card' },
    ...polynomialParameters,
    m: multiplier,
  },
  law(at) {
    const c = product(at.p('m'), at.p('c'), polynomialScale(at));
    const v = at.v('plus', 'minus');
    return {
      flows: [{ from: 'plus', to: 'minus', q: mul(c, v) }],
      initial: [{ of: v, parameter: 'ic' }],
    };
  },
};
