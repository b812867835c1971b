// Method of characteristics: what leaves one end, v + z0·i, arrives at the other td later.
import { add, div, mul, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { DeviceKind } from './device.js';

export const line: DeviceKind = {
  name: 'line',
  letter: 't',
  summary: 'Lossless transmission line.',
  doc: [
    'With port voltages v1, v2 and currents i1, i2 into the plus pins:',
    '  v1(t) − z0·i1(t) = v2(t − td) + z0·i2(t − td),  v2(t) − z0·i2(t) = v1(t − td) + z0·i1(t − td).',
    'The delay is td, or nl/f: nl wavelengths at the frequency f. At DC the ends are joined: v1 = v2, i1 = −i2.',
    'Both z0 and the delay can be trained; at rest nothing depends on them.',
    'Source: F. H. Branin, Proc. IEEE 55 (1967) 2012–2013.',
  ].join('\n'),
  pins: ['plus1', 'minus1', 'plus2', 'minus2'],
  card: { lists: { ic: ['v1', 'i1', 'v2', 'i2'] } },
  parameters: {
    z0: {
      unit: 'Ω',
      above: 0,
      required: true,
      doc: 'characteristic impedance',
      on: 'card',
      aliases: ['zo'],
    },
    td: { unit: 's', above: 0, doc: 'delay', on: 'card' },
    f: {
      unit: 'Hz',
      above: 0,
      doc: 'frequency at which nl is given, when td is not',
      on: 'card',
    },
    nl: {
      default: 0.25,
      unit: '1',
      above: 0,
      doc: 'length in wavelengths at f',
      on: 'card',
    },
    v1: {
      default: 0,
      unit: 'V',
      doc: 'voltage of port 1 before t = 0, with uic',
      on: 'card',
      trainable: false,
    },
    i1: {
      default: 0,
      unit: 'A',
      doc: 'current into port 1 before t = 0, with uic',
      on: 'card',
      trainable: false,
    },
    v2: {
      default: 0,
      unit: 'V',
      doc: 'voltage of port 2 before t = 0, with uic',
      on: 'card',
      trainable: false,
    },
    i2: {
      default: 0,
      unit: 'A',
      doc: 'current into port 2 before t = 0, with uic',
      on: 'card',
      trainable: false,
    },
  },
  check(p) {
    if (p.given('td') && (p.given('f') || p.given('nl')))
      return ['write the delay either as TD or as F with NL, not both'];
    if (!p.given('td') && !p.given('f'))
      return ['write the delay: TD=…, or F=… with NL=… (NL=0.25 when left out)'];
    return [];
  },
  variant: (p) =>
    [p.given('td') ? 'td' : 'f', ['v1', 'i1', 'v2', 'i2'].some((name) => p.given(name)) ? 'ic' : ''].join(
      ' ',
    ),
  law(at) {
    const z0 = at.p('z0');
    const by = at.variant.includes('td') ? at.p('td') : div(at.p('nl'), at.p('f'));
    const port = (k: 1 | 2): { v: Expr; zi: Expr } => ({
      v: at.v(`plus${k}`, `minus${k}`),
      zi: mul(z0, at.x(`i${k}`)),
    });
    const leaving = (k: 1 | 2) => ({
      of: add(port(k).v, port(k).zi),
      by,
      ...(at.variant.includes('ic') ? { initial: add(at.p(`v${k}`), mul(z0, at.p(`i${k}`))) } : {}),
    });
    const arrives = (k: 1 | 2) => ({ of: `i${k}`, f: sub(sub(port(k).v, port(k).zi), at.input(`e${k}`)) });
    return {
      unknowns: { i1: 'current', i2: 'current' },
      flows: [
        { from: 'plus1', to: 'minus1', i: at.x('i1') },
        { from: 'plus2', to: 'minus2', i: at.x('i2') },
      ],
      equations: [arrives(1), arrives(2)],
      delays: { e1: leaving(2), e2: leaving(1) },
    };
  },
};
