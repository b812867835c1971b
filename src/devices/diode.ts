// i = is·(exp(v/(n·Vt)) − 1), a reverse current that falls as 1/v³, breakdown, and q = depletion + tt·i.
import { add, constant, div, gt, limexp, mul, neg, one, pow, select, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { DeviceKind } from './device.js';
import {
  area,
  capacitanceParameters,
  criticalVoltage,
  junctionCharge,
  leak,
  leakage,
  leakVariant,
  off,
  saturationCurrent,
  series,
  seriesResistance,
} from './junction.js';
import { temperatureParameters, thermalVoltage } from './temperature.js';

/** Exponent above which the breakdown current, then 5e8·ibv, grows linearly: Newton comes back from there in few steps. */
const STEEPEST = 20;
const shift = 80 - STEEPEST;
const limitedExponential = (x: Expr): Expr =>
  mul(constant(Math.exp(-shift)), limexp(add(x, constant(shift))));

export const diode: DeviceKind = {
  name: 'diode',
  letter: 'd',
  modelTypes: ['d'],
  summary: 'Junction diode of SPICE: conduction, breakdown, junction and diffusion charge, temperature.',
  doc: [
    'With v across the junction and vt = n·k·T/q:',
    '  v ≥ −3·vt:  i = is·(exp(v/vt) − 1), the exponential continued linearly above v = 80·vt;',
    '  v < −3·vt:  i = −is·(1 + (3·vt/(e·v))³), which meets the former with equal slope;',
    '  with bv:    i −= ibv·exp(−(v + bv)/(nbv·k·T/q)), continued linearly above exponent 20.',
    '  q = tt·i + ∫ cjo·(1 − v/vj)^(−m) dv, the capacitance continued linearly above fc·vj.',
    'rs > 0 adds an inner node. is, vj and cjo follow the temperature as in SPICE3f5:',
    '  is(T) = is·exp((T/Tnom − 1)·eg/(n·k·T/q))·(T/Tnom)^(xti/n).',
    'No conductance is added across the junction unless it is asked for by gmin.',
  ].join('\n'),
  pins: ['anode', 'cathode'],
  card: { model: 'required', positional: ['area'], flags: { on: { off: 0 }, off: { off: 1 } } },
  parameters: {
    is: { default: 1e-14, unit: 'A', above: 0, doc: 'saturation current', on: 'model', aliases: ['js'] },
    n: { default: 1, unit: '1', above: 0, doc: 'emission coefficient', on: 'model' },
    rs: seriesResistance,
    ...capacitanceParameters(0.5),
    tt: { default: 0, unit: 's', min: 0, doc: 'transit time', on: 'model' },
    bv: { unit: 'V', above: 0, doc: 'reverse breakdown voltage (unset: none)', on: 'model', aliases: ['vb'] },
    ibv: { default: 1e-3, unit: 'A', above: 0, doc: 'current at breakdown', on: 'model', aliases: ['ib'] },
    nbv: { default: 'n', unit: '1', above: 0, doc: 'emission coefficient of the breakdown', on: 'model' },
    eg: { default: 1.11, unit: 'eV', above: 0, doc: 'activation energy of is', on: 'model' },
    xti: { default: 3, unit: '1', doc: 'temperature exponent of is', on: 'model' },
    gmin: leak,
    area,
    ic: { unit: 'V', doc: 'junction voltage at t = 0, with uic', on: 'card' },
    off,
    ...temperatureParameters,
  },
  ignored: {
    kf: 'noise is not simulated',
    af: 'noise is not simulated',
    iave: 'a rating',
    vpk: 'a rating',
    mfg: 'it names the maker',
    type: 'it names the sort',
  },
  variant: (p) =>
    [
      p.value('rs') > 0 ? 'rs' : '',
      p.given('bv') ? 'bv' : '',
      p.value('cjo') > 0 ? 'cjo' : '',
      p.value('tt') > 0 ? 'tt' : '',
      leakVariant(p),
    ].join(' '),
  law(at) {
    const { inner, nodes, flows } = series(at);
    const thermal = thermalVoltage(at);
    const vt = mul(at.p('n'), thermal);
    const is = mul(at.p('area'), saturationCurrent(at));
    const of = at.v(inner, 'cathode');
    const v = at.limited('vd', of, { thermal: vt, critical: criticalVoltage(vt, is) });

    const knee = mul(constant(-3), vt);
    const forward = sub(limexp(div(v, vt)), one);
    const reverse = sub(pow(div(mul(constant(-1 / Math.E), knee), neg(v)), constant(3)), one);
    const conduction = mul(is, select(gt(v, knee), forward, reverse));
    const beyond = neg(div(add(v, at.p('bv')), mul(at.p('nbv'), thermal)));
    const breakdown = at.variant.includes('bv') ? mul(at.p('ibv'), limitedExponential(beyond)) : constant(0);
    const i = sub(conduction, breakdown);
    const charges = [
      ...(at.variant.includes('cjo') ? [mul(at.p('area'), junctionCharge(at, v))] : []),
      ...(at.variant.includes('tt') ? [mul(at.p('tt'), i)] : []),
    ];
    return {
      nodes,
      flows: [
        {
          from: inner,
          to: 'cathode',
          i: add(i, leakage(at, v)),
          ...(charges.length > 0 ? { q: charges.reduce(add) } : {}),
        },
        ...flows,
      ],
      initial: [{ of, parameter: 'ic' }],
    };
  },
};
