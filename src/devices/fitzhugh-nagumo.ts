// c·dv/dt + g(v) + gm·w = ibias,  tau·dw/dt + gamma·w − gm·v = a: an excitable membrane and its recovery.
import { constant, div, mul, one, product, square, sub, sum } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { DeviceKind, ParameterDoc, Place } from './device.js';
import { temperatureParameters } from './temperature.js';
import { esaki, esakiParameters, esakiVariant } from './tunnel-diode.js';

/** g·v·(v²/(3·vs²) − 1): slope −g at 0, extremes ∓(2/3)·g·vs at v = ±vs. */
function cubic(at: Place, v: Expr): Expr {
  const u = div(square(v), mul(constant(3), square(at.p('vs'))));
  return product(at.p('g'), v, sub(u, one));
}

const { ip, ...tail } = esakiParameters;
const peak: ParameterDoc = {
  unit: ip.unit,
  above: 0,
  doc: 'peak current; when written, g(v) is a tunnel diode’s current instead of the cubic',
  on: ip.on,
};

export const fitzhughNagumo: DeviceKind = {
  name: 'fitzhugh-nagumo',
  letter: 'n',
  modelTypes: ['fhn'],
  summary: 'FitzHugh–Nagumo cell: membrane v and recovery w, each a node against ground.',
  doc: [
    'Currents that leave the two nodes into the cell:',
    '  at v:  c·dv/dt + g(v) + gm·w − ibias',
    '  at w:  tau·dw/dt + gamma·w − gm·v − a',
    'with g(v) = g·v·(v²/(3·vs²) − 1), or, when ip is written, the current of the tunnel diode with the same',
    'parameters. With c = τ_u, tau = τ_w, gm = g = vs = 1 these are the FitzHugh–Nagumo equations',
    '  τ_u·dv/dt = v − v³/3 − w + I,  τ_w·dw/dt = v − gamma·w + a;',
    'g(v) = v³ − v is vs = 1/√3. w is the current, in units of gm, of the same cell drawn with an inductor tau and',
    'a resistor gamma in series to a source −a. Resistors between v nodes or between w nodes let either diffuse.',
    'The two nodes are joined by a gyrator: G transposed is Σ·G·Σ with +1 at v and −1 at w.',
  ].join('\n'),
  pins: ['v', 'w'],
  card: { model: 'required', lists: { ic: ['v0', 'w0'] } },
  parameters: {
    c: { default: 1, unit: 'F', above: 0, doc: 'membrane capacitance (τ_u)', on: 'both', aliases: ['tauu'] },
    g: { default: 1, unit: 'S', doc: 'conductance scale: g(v) has slope −g at v = 0', on: 'both' },
    vs: {
      default: 1,
      unit: 'V',
      above: 0,
      doc: 'voltage scale: the cubic has its extremes at ±vs',
      on: 'both',
    },
    ibias: { default: 0, unit: 'A', doc: 'current into the membrane (I)', on: 'both', aliases: ['i'] },
    tau: {
      default: 12.5,
      unit: 'F',
      above: 0,
      doc: 'recovery’s capacitance (τ_w)',
      on: 'both',
      aliases: ['tauw'],
    },
    gamma: { default: 0.8, unit: 'S', min: 0, doc: 'recovery’s leak (γ)', on: 'both' },
    a: { default: 0.7, unit: 'A', doc: 'recovery’s bias', on: 'both' },
    gm: { default: 1, unit: 'S', nonzero: true, doc: 'coupling between membrane and recovery', on: 'both' },
    ip: peak,
    ...tail,
    v0: { unit: 'V', doc: 'v at t = 0, with uic', on: 'card' },
    w0: { unit: 'V', doc: 'w at t = 0, with uic', on: 'card' },
    ...temperatureParameters,
  },
  check(p) {
    if (p.given('ip') && (p.given('g') || p.given('vs')))
      return ['g and vs belong to the cubic, ip to the tunnel diode: write one or the other'];
    const idle = Object.keys(tail).filter((name) => p.given(name));
    if (!p.given('ip') && idle.length > 0)
      return [`${idle.join(', ')}: of the tunnel diode, which ip brings in; without ip, g(v) is the cubic`];
    return [];
  },
  variant: (p) => (p.given('ip') ? `tunnel ${esakiVariant(p)}` : 'cubic'),
  law(at) {
    const [v, w] = [at.v('v'), at.v('w')];
    const conductance = at.variant === 'cubic' ? cubic(at, v) : esaki(at, v).i;
    const p = at.p;
    return {
      flows: [
        { from: 'v', to: '0', i: sub(sum(conductance, mul(p('gm'), w)), p('ibias')), q: mul(p('c'), v) },
        {
          from: 'w',
          to: '0',
          i: sub(sub(mul(p('gamma'), w), mul(p('gm'), v)), p('a')),
          q: mul(p('tau'), w),
        },
      ],
      initial: [
        { of: v, parameter: 'v0' },
        { of: w, parameter: 'w0' },
      ],
    };
  },
};
