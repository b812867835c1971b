// i = m·v / (r · (1 + tc1 ΔT + tc2 ΔT²))
import { div, mul } from '../expression/build.js';
import type { DeviceKind } from './device.js';
import { multiplier, polynomialParameters, polynomialScale } from './temperature.js';

export const resistor: DeviceKind = {
  name: 'resistor',
  letter: 'r',
  summary: 'Linear resistor with temperature coefficients.',
  doc: 'i = m·(v(plus) − v(minus)) / (r·s) with s = 1 + tc1·ΔT + tc2·ΔT², ΔT = temp − tnom.',
  pins: ['plus', 'minus'],
  card: { positional: ['r'], model: 'optional', lists: { tc: ['tc1', 'tc2'] } },
  modelTypes: ['r', 'res'],
  parameters: {
    r: { unit: 'Ω', nonzero: true, required: true, doc: 'resistance', on: 'both', aliases: ['resistance'] },
    ...polynomialParameters,
    m: multiplier,
  },
  law(at) {
    const r = mul(at.p('r'), polynomialScale(at));
    return { flows: [{ from: 'plus', to: 'minus', i: div(mul(at.p('m'), at.v('plus', 'minus')), r) }] };
  },
};
