// Φ1 = l1·i1 + M·i2,  Φ2 = M·i1 + l2·i2,  M = k·√(l1·l2)
import { div, mul, neg, sqrt, zero } from '../expression/build.js';
import type { DeviceKind } from './device.js';

export const mutualInductance: DeviceKind = {
  name: 'mutual-inductance',
  letter: 'k',
  summary: 'Magnetic coupling of two inductors.',
  doc:
    'Adds −d(M·i2)/dt to the row of the first inductor and −d(M·i1)/dt to that of the second, ' +
    'M = k·√(l1·l2). The dots are at the inductors’ first nodes; k < 0 turns one of them round.',
  pins: [],
  card: { controls: 2, controlLetters: 'l', positional: ['k'] },
  parameters: {
    k: { unit: '1', min: -1, max: 1, required: true, doc: 'coefficient of coupling', on: 'card' },
  },
  law(at) {
    const inductance = (k: number) => div(at.controlParameter(k, 'l'), at.controlParameter(k, 'm'));
    const mutual = mul(at.p('k'), sqrt(mul(inductance(0), inductance(1))));
    return {
      equations: [
        { of: 0, f: zero, q: neg(mul(mutual, at.control(1))) },
        { of: 1, f: zero, q: neg(mul(mutual, at.control(0))) },
      ],
    };
  },
};
