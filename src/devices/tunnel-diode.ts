// i = ip·(v/vp)·exp(1 − v/vp) + iv·(exp(k·(v − vv)) − exp(−k·vv)) + ip·exp(−vpp/vt)·(exp(v/vt) − 1)
import { add, div, limexp, mul, neg, one, product, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { DeviceKind, Given, ParameterDoc, Place } from './device.js';
import {
  area,
  capacitanceParameters,
  criticalVoltage,
  junctionCharge,
  leak,
  leakage,
  leakVariant,
  off,
  series,
  seriesResistance,
} from './junction.js';
import { temperatureParameters, thermalVoltage } from './temperature.js';

/** Parameters of the current; defaults are those of a 1N3716. */
export const esakiParameters: Readonly<Record<string, ParameterDoc>> = {
  ip: { default: 4.7e-3, unit: 'A', above: 0, doc: 'peak current', on: 'both' },
  vp: { default: 0.1, unit: 'V', above: 0, doc: 'peak voltage', on: 'both' },
  iv: { default: 0.37e-3, unit: 'A', min: 0, doc: 'valley (excess) current', on: 'both' },
  vv: { default: 0.37, unit: 'V', min: 0, doc: 'valley voltage', on: 'both' },
  vpp: {
    default: 0.525,
    unit: 'V',
    above: 0,
    doc: 'projected peak voltage: the diffusion current is ip there',
    on: 'both',
  },
  k: { default: 1, unit: '1/V', above: 0, doc: 'exponent of the excess current', on: 'both' },
  n: { default: 1, unit: '1', above: 0, doc: 'emission coefficient of the diffusion current', on: 'both' },
  vt: { unit: 'V', above: 0, doc: 'thermal voltage of the diffusion current (unset: n·k·T/q)', on: 'both' },
};

export const esakiVariant = (p: Given): string => (p.given('vt') ? 'vt' : '');

/**
 * Current of a tunnel diode between two points of the device; 0 exactly at v = 0.
 * Source: Sze, "Physics of Semiconductor Devices", ch. 8: tunnelling, excess and diffusion currents.
 * @param of its voltage, a pin's or the difference of two
 */
export function esaki(at: Place, of: Expr): { i: Expr; v: Expr } {
  const vt = at.variant.includes('vt') ? at.p('vt') : mul(at.p('n'), thermalVoltage(at));
  const is = mul(at.p('ip'), limexp(neg(div(at.p('vpp'), vt))));
  const v = at.limited('vd', of, { thermal: vt, critical: criticalVoltage(vt, is) });
  const u = div(v, at.p('vp'));
  const tunnelling = product(at.p('ip'), u, limexp(sub(one, u)));
  const valley = mul(at.p('iv'), limexp(neg(mul(at.p('k'), at.p('vv')))));
  const excess = mul(valley, sub(limexp(mul(at.p('k'), v)), one));
  const diffusion = mul(is, sub(limexp(div(v, vt)), one));
  return { i: add(add(tunnelling, excess), diffusion), v };
}

export const tunnelDiode: DeviceKind = {
  name: 'tunnel-diode',
  letter: 'd',
  modelTypes: ['tunnel'],
  summary: 'Tunnel (Esaki) diode: a current with a peak and a valley, capacitance, series resistance.',
  doc: [
    'With v across the junction and vt = n·k·T/q (or vt as written):',
    '  i = ip·(v/vp)·exp(1 − v/vp)  tunnelling, with its peak ip at v = vp',
    '    + iv·(exp(k·(v − vv)) − exp(−k·vv))  excess current of the valley',
    '    + ip·exp(−vpp/vt)·(exp(v/vt) − 1)  diffusion.',
    'i(0) = 0 exactly: the often printed iv·exp(v − vv) is this excess term with k = 1 less its offset iv·exp(−vv).',
    'Exponentials are continued linearly above exponent 80. q = ∫ cjo·(1 − v/vj)^(−m) dv; with m = 0, the',
    'default, a constant capacitance. rs > 0 adds an inner node. ngspice: a B source, a capacitor and a resistor.',
  ].join('\n'),
  pins: ['anode', 'cathode'],
  card: { model: 'required', positional: ['area'], flags: { on: { off: 0 }, off: { off: 1 } } },
  parameters: {
    ...esakiParameters,
    rs: seriesResistance,
    ...capacitanceParameters(0),
    gmin: leak,
    area,
    ic: { unit: 'V', doc: 'junction voltage at t = 0, with uic', on: 'card' },
    off,
    ...temperatureParameters,
  },
  variant: (p) =>
    [esakiVariant(p), p.value('rs') > 0 ? 'rs' : '', p.value('cjo') > 0 ? 'cjo' : '', leakVariant(p)].join(
      ' ',
    ),
  law(at) {
    const { inner, nodes, flows } = series(at);
    const of = at.v(inner, 'cathode');
    const { i, v } = esaki(at, of);
    const charge = at.variant.includes('cjo') ? { q: mul(at.p('area'), junctionCharge(at, v)) } : {};
    return {
      nodes,
      flows: [
        { from: inner, to: 'cathode', i: add(mul(at.p('area'), i), leakage(at, v)), ...charge },
        ...flows,
      ],
      initial: [{ of, parameter: 'ic' }],
    };
  },
};
