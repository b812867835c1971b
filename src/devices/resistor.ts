// i = v / (r · (1 + tc1 ΔT + tc2 ΔT²))
import { add, div, mul, one, sub } from '../expression/build.js';
import type { DeviceKind } from './device.js';

export const resistor: DeviceKind = {
  name: 'resistor',
  letter: 'r',
  summary: 'Linear resistor with temperature coefficients.',
  doc: 'Current r⁻¹·(v(plus) − v(minus)), with r scaled by 1 + tc1·ΔT + tc2·ΔT², ΔT = temp − tnom.',
  pins: ['plus', 'minus'],
  card: { positional: ['r'], model: 'optional' },
  modelTypes: ['r', 'res'],
  parameters: {
    r: { unit: 'Ω', nonzero: true, required: true, doc: 'resistance', on: 'both', aliases: ['resistance'] },
    tc1: { default: 0, unit: '1/K', doc: 'first-order temperature coefficient', on: 'both', aliases: ['tc'] },
    tc2: { default: 0, unit: '1/K²', doc: 'second-order temperature coefficient', on: 'both' },
    temp: { unit: '°C', doc: 'device temperature (default: the circuit’s)', on: 'card', trainable: false },
    dtemp: { default: 0, unit: 'K', doc: 'temperature above the circuit’s', on: 'card', trainable: false },
    tnom: { unit: '°C', doc: 'temperature at which r was measured', on: 'model', trainable: false },
  },
  law(at) {
    const dT = sub(at.celsius, at.nominal);
    const scale = add(one, mul(dT, add(at.p('tc1'), mul(at.p('tc2'), dT))));
    return { flows: [{ from: 'plus', to: 'minus', i: div(at.v('plus', 'minus'), mul(at.p('r'), scale)) }] };
  },
};
