// Values and structure of devices that can be written down by hand.
import { describe, expect, test } from 'vitest';
import type { DeviceKind } from '../../src/devices/device.js';
import { kindByName } from '../../src/devices/registry.js';
import { BOLTZMANN_OVER_CHARGE } from '../../src/devices/temperature.js';
import { symbol, zero } from '../../src/expression/build.js';
import { differentiator } from '../../src/expression/derivative.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { type Bench, bench, randomPoint, seeded, type Values, writings } from './stand.js';

const kind = (name: string): DeviceKind => {
  const found = kindByName(name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
};

const room = { celsius: 27, nominal: 27 };
const f = (b: Bench, row: string, at: Values): number => evaluate(b.rows.get(row)!.f, b.lookup(at));
const q = (b: Bench, row: string, at: Values): number => evaluate(b.rows.get(row)!.q, b.lookup(at));
const two = (v: number): Values => ({ 'v:anode': v, 'v:cathode': 0 });
const VT = BOLTZMANN_OVER_CHARGE * 300.15;

describe('the passives', () => {
  test('a resistor obeys Ohm, warmed by tc1 and tc2, m of them in parallel', () => {
    const r = bench(
      kind('resistor'),
      { r: 100, tc1: 0.01, tc2: 0.001, m: 2 },
      {},
      { celsius: 37, nominal: 27 },
    );
    expect(f(r, 'v:plus', { 'v:plus': 3, 'v:minus': 1 })).toBeCloseTo((2 * 2) / (100 * 1.2), 15);
    const c = bench(kind('capacitor'), { c: 1e-6, tc1: 0.01, m: 3 }, {}, { celsius: 37, nominal: 27 });
    expect(q(c, 'v:plus', { 'v:plus': 3, 'v:minus': 1 })).toBeCloseTo(3 * 1.1e-6 * 2, 18);
  });

  test('coupled inductors store ½·l1·i1² + M·i1·i2 + ½·l2·i2²', () => {
    const k = bench(kind('mutual-inductance'), { k: 0.5 });
    const at = { 'c:0': 2, 'c:1': 3 };
    const mutual = 0.5 * Math.sqrt(0.7 * 1.7);
    expect(q(k, 'c:0', at)).toBeCloseTo(-mutual * 3, 15);
    expect(q(k, 'c:1', at)).toBeCloseTo(-mutual * 2, 15);
  });

  test('at a transformer and at a gyrator no power is lost', () => {
    const random = seeded(5);
    for (const [name, parameters] of [
      ['transformer', { n: 3 }],
      ['gyrator', { g: 0.2 }],
    ] as const) {
      const b = bench(kind(name), parameters);
      const at = randomPoint(b.locals, random, 1);
      if (name === 'transformer') at['v:plus1'] = at['v:minus1'] + 3 * (at['v:plus2'] - at['v:minus2']);
      const power = [...b.rows.keys()]
        .filter((row) => row.startsWith('v:'))
        .reduce((sum, row) => sum + at[row] * f(b, row, at), 0);
      expect(Math.abs(power)).toBeLessThan(1e-15);
      if (name === 'transformer') expect(Math.abs(f(b, 'x:i', at))).toBeLessThan(1e-15);
    }
  });

  test('a line at rest joins its ends: v1 = v2 and i1 = −i2 solve both rows', () => {
    const b = bench(kind('line'), { z0: 50, f: 1e6 });
    const x = { 'v:plus1': 2, 'v:minus1': 0.5, 'v:plus2': 1, 'v:minus2': -0.5, 'x:i1': 0.1, 'x:i2': -0.1 };
    const { e1, e2 } = b.law.delays!;
    const at = {
      ...x,
      'u:e1': evaluate(e1.of, b.lookup(x)),
      'u:e2': evaluate(e2.of, b.lookup(x)),
    };
    expect(f(b, 'x:i1', at)).toBeCloseTo(0, 14);
    expect(f(b, 'x:i2', at)).toBeCloseTo(0, 14);
    expect(evaluate(e1.by, b.lookup(x))).toBeCloseTo(0.25e-6, 20);
    expect(e1.initial).toBeUndefined();
    const started = bench(kind('line'), { z0: 50, td: 1e-9, v2: 3, i2: 0.01 });
    expect(evaluate(started.law.delays!.e1.initial!, started.lookup(x))).toBeCloseTo(3.5, 14);
  });

  test('a line without a delay, or with two, is refused', () => {
    const check = (written: Values) =>
      kind('line').check!({ given: (n) => written[n] !== undefined, value: (n) => written[n] ?? Number.NaN });
    expect(check({ z0: 50 }).join()).toMatch(/TD/);
    expect(check({ z0: 50, td: 1, f: 1 }).join()).toMatch(/not both/);
    expect(check({ z0: 50, td: 1, nl: 0.5 }).join()).toMatch(/not both/);
    expect(check({ z0: 50, td: 1 })).toEqual([]);
  });

  test('a switch is one of two resistors and keeps its state between its thresholds', () => {
    const b = bench(kind('voltage-switch'), { ron: 2, roff: 1e6, vt: 1, vh: 0.25 });
    const at = { 'v:plus': 4, 'v:minus': 0, 'v:cplus': 0, 'v:cminus': 0 };
    expect(f(b, 'v:plus', { ...at, 'u:closed': 1 })).toBeCloseTo(2, 14);
    expect(f(b, 'v:plus', { ...at, 'u:closed': 0 })).toBeCloseTo(4e-6, 20);
    const { on, off } = b.law.modes!.closed;
    expect([evaluate(on, b.lookup(at)), evaluate(off, b.lookup(at))]).toEqual([1.25, 0.75]);
  });
});

describe('the diode', () => {
  const d = (written: Values, temperature = room): Bench => bench(kind('diode'), written, {}, temperature);

  test('conducts is·(exp(v/(n·Vt)) − 1) forward and is·(1 + (3·n·Vt/(e·v))³) in reverse', () => {
    const b = d({ is: 2e-14, n: 1.2, area: 3 });
    const vt = 1.2 * VT;
    for (const v of [-0.09, -0.01, 0, 0.3, 0.6, 0.8]) {
      const i = 6e-14 * Math.expm1(v / vt);
      expect(Math.abs(f(b, 'v:anode', two(v)) - i)).toBeLessThanOrEqual(1e-14 * Math.abs(i) + 1e-29);
    }
    for (const v of [-0.1, -1, -20]) {
      const i = -6e-14 * (1 + ((3 * vt) / (Math.E * v)) ** 3);
      expect(f(b, 'v:anode', two(v)) / i).toBeCloseTo(1, 12);
    }
    expect(f(b, 'v:anode', two(0))).toBe(0);
  });

  test('breaks down at bv with ibv, and by a factor e every nbv·Vt beyond', () => {
    const b = d({ bv: 5, ibv: 2e-3, nbv: 1.5 });
    const i = (v: number): number => f(b, 'v:anode', two(v));
    expect(i(-5) / -2e-3).toBeCloseTo(1, 9);
    expect(i(-5 - 1.5 * VT) / i(-5)).toBeCloseTo(Math.E, 9);
    expect(i(-2.5) / -1e-14).toBeCloseTo(1, 3);
  });

  test('has the charge of its capacitance cjo·(1 − v/vj)^(−m), and tt times its current', () => {
    const b = d({ cjo: 3e-12, vj: 0.7, m: 0.4, fc: 0.5, tt: 1e-9 });
    const capacitance = (v: number): number =>
      evaluate(differentiator('v:anode')(b.rows.get('v:anode')!.q), b.lookup(two(v)));
    for (const v of [-5, -0.5, 0, 0.3]) {
      const diffusion = ((1e-9 * 1e-14) / VT) * (v > -3 * VT ? Math.exp(v / VT) : 0);
      expect(capacitance(v) / (3e-12 * (1 - v / 0.7) ** -0.4 + diffusion)).toBeCloseTo(1, 7);
    }
    expect(q(b, 'v:anode', two(0))).toBeCloseTo(0, 30);
    const past = (v: number): number => capacitance(v) - ((1e-9 * 1e-14) / VT) * Math.exp(v / VT);
    expect(past(0.5) - past(0.4)).toBeCloseTo(past(0.6) - past(0.5), 20);
  });

  test('doubles its reverse current about every 4.5 K near room temperature', () => {
    const warm = f(d({}, { celsius: 31.5, nominal: 27 }), 'v:anode', two(-1));
    expect(warm / f(d({}), 'v:anode', two(-1))).toBeGreaterThan(1.8);
    expect(warm / f(d({}), 'v:anode', two(-1))).toBeLessThan(2.2);
  });

  test('takes its series resistance behind an inner node, divided by the area', () => {
    const b = d({ rs: 4, area: 2 });
    expect(b.law.nodes).toEqual(['inner']);
    expect(f(b, 'v:anode', { 'v:anode': 1, 'v:inner': 0.5, 'v:cathode': 0 })).toBeCloseTo(0.25, 15);
    expect(d({}).law.nodes).toEqual([]);
  });
});

describe('the tunnel diode', () => {
  const i = (v: number, written: Values = {}): number =>
    f(bench(kind('tunnel-diode'), written, {}, room), 'v:anode', two(v));

  test('carries no current at 0 V, exactly, whatever its parameters', () => {
    for (const written of writings(kind('tunnel-diode'))) {
      const b = bench(kind('tunnel-diode'), written);
      const at = { 'v:anode': 0, 'v:inner': 0, 'v:cathode': 0 };
      for (const row of b.rows.keys()) {
        expect(Math.abs(f(b, row, at))).toBe(0);
        expect(Math.abs(q(b, row, at))).toBe(0);
      }
    }
  });

  test('peaks at vp with ip when the tunnelling current is alone', () => {
    const alone = { iv: 0, vpp: 5, ip: 2e-3, vp: 0.07 };
    expect(i(0.07, alone)).toBeCloseTo(2e-3, 17);
    expect(i(0.07 - 1e-4, alone)).toBeLessThan(2e-3);
    expect(i(0.07 + 1e-4, alone)).toBeLessThan(2e-3);
  });

  test('as a 1N3716 has a peak, a valley and a rise', () => {
    expect(i(0.1) / 4.7e-3).toBeCloseTo(1, 1);
    expect(i(0.35)).toBeLessThan(i(0.1) / 3);
    expect(i(0.55)).toBeGreaterThan(i(0.1));
  });

  test('is the B source of the literature less its current at 0 V', () => {
    const [vp, ip, vpp, vt, iv, vv] = [0.1, 4.7e-3, 0.525, 0.026, 0.37e-3, 0.37];
    const drawn = (v: number): number =>
      ip * Math.exp(-vpp / vt) * (Math.exp(v / vt) - 1) +
      ip * (v / vp) * Math.exp(1 - v / vp) +
      iv * Math.exp(v - vv);
    for (const v of [-0.2, 0.05, 0.1, 0.3, 0.5, 0.6]) {
      expect(i(v, { vt: 0.026 })).toBeCloseTo(drawn(v) - drawn(0), 15);
    }
  });
});

describe('the FitzHugh–Nagumo cell', () => {
  const random = seeded(23);
  const shared = { ip: 3e-3, vp: 0.08, iv: 2e-4, vv: 0.3, vpp: 0.5, k: 1.3, n: 1.1 };
  const inductorCurrent = symbol('x:i');

  test.each([
    ['a cubic', { c: 2, g: 1.5, vs: 0.8, ibias: 0.3, tau: 7, gamma: 0.6, a: 0.4 }],
    ['a tunnel diode', { c: 25e-12, tau: 50e-9, gamma: 5, a: -0.25, ibias: 1e-3, ...shared }],
  ])('with %s equals the cell drawn with C, its conductance, R, L and a bias', (_, written) => {
    const cell = bench(kind('fitzhugh-nagumo'), written, {}, room);
    const { c, tau, gamma, a, ibias } = written;
    const r = bench(kind('resistor'), { r: gamma });
    const l = bench(kind('inductor'), { l: tau }, { flux: inductorCurrent });
    const conductance = (v: number): number => {
      if ('ip' in written) return f(bench(kind('tunnel-diode'), shared, {}, room), 'v:anode', two(v));
      const { g, vs } = written;
      return g * v * ((v * v) / (3 * vs * vs) - 1);
    };
    for (let n = 0; n < 20; n++) {
      const [v, w] = [2 * random() - 1, 2 * random() - 1];
      const at = { 'v:v': v, 'v:w': w };
      // The branch: L from v to m, R from m to the bias E = −a, with w the branch current.
      const across = f(r, 'v:plus', { 'v:plus': 1, 'v:minus': 0 });
      const drop = w / across - a;
      const membrane = conductance(v) + w - ibias;
      expect(Math.abs(f(cell, 'v:v', at) - membrane)).toBeLessThanOrEqual(
        4e-16 * (Math.abs(conductance(v)) + 4),
      );
      const recovery = f(l, 'x:i', { 'v:plus': v, 'v:minus': drop, 'x:i': w });
      expect(f(cell, 'v:w', at)).toBeCloseTo(-recovery, 14);
      expect(q(cell, 'v:v', at)).toBe(c * v);
      expect(q(cell, 'v:w', at)).toBe(-q(l, 'x:i', { 'v:plus': v, 'v:minus': 0, 'x:i': w }));
    }
  });

  test('with all scales one is v̇ = v − v³/3 − w + I, ẇ·tau = v − γ·w + a', () => {
    const b = bench(kind('fitzhugh-nagumo'), { ibias: 0.5 });
    const at = { 'v:v': 1.2, 'v:w': -0.4 };
    expect(-f(b, 'v:v', at)).toBeCloseTo(1.2 - 1.2 ** 3 / 3 + 0.4 + 0.5, 15);
    expect(-f(b, 'v:w', at)).toBeCloseTo(1.2 + 0.8 * 0.4 + 0.7, 15);
  });

  test('is either cubic or a tunnel diode, not both', () => {
    const check = (written: Values) =>
      kind('fitzhugh-nagumo').check!({
        given: (n) => written[n] !== undefined,
        value: (n) => written[n] ?? Number.NaN,
      });
    expect(check({ ip: 1e-3, vs: 2 })).toHaveLength(1);
    expect(check({ ip: 1e-3 })).toEqual([]);
    expect(check({ ip: 1e-3, vp: 0.1 })).toEqual([]);
    expect(check({ vp: 0.1, k: 2 }).join()).toMatch(/^vp, k: /);
  });
});

describe('the matrices G = ∂f/∂x and C = ∂q/∂x', () => {
  /** Rows and columns of the local unknowns; Σ gives the sign of each. */
  function asymmetry(b: Bench, sign: (row: string) => number): number {
    const at = b.lookup(randomPoint(b.locals, seeded(29), 0.5));
    const rows = [...new Set([...b.rows.keys(), ...b.locals.filter((name) => !/^[ur]:/.test(name))])];
    const entry = (row: string, column: string, of: 'f' | 'q'): number =>
      evaluate(differentiator(column)(b.rows.get(row)?.[of] ?? zero), at);
    let worst = 0;
    for (const of of ['f', 'q'] as const) {
      for (const r of rows) {
        for (const c of rows) {
          const [here, there] = [entry(r, c, of), sign(r) * sign(c) * entry(c, r, of)];
          worst = Math.max(worst, Math.abs(here - there) / Math.max(1, Math.abs(here)));
        }
      }
    }
    return worst;
  }
  const own = { op: 'tanh', args: [symbol('x:i')] } as const;
  const voltage = { op: 'tanh', args: [{ op: 'sub', args: [symbol('v:plus'), symbol('v:minus')] }] } as const;

  test.each([
    ['resistor'],
    ['capacitor'],
    ['charge-capacitor'],
    ['inductor'],
    ['flux-inductor'],
    ['mutual-inductance'],
    ['voltage-source'],
    ['current-source'],
    ['diode'],
    ['tunnel-diode'],
    ['line'],
    ['transformer'],
    ['current-switch'],
  ])('of a reciprocal device are symmetric: %s', (name) => {
    for (const written of writings(kind(name))) {
      const b = bench(kind(name), written, { q: voltage, flux: own });
      expect(asymmetry(b, () => 1)).toBe(0);
    }
  });

  test('of a cell and of a gyrator are symmetric under Σ: +1 at the membrane, −1 at the recovery', () => {
    for (const written of writings(kind('fitzhugh-nagumo'))) {
      const b = bench(kind('fitzhugh-nagumo'), written);
      expect(asymmetry(b, (row) => (row === 'v:w' ? -1 : 1))).toBe(0);
      expect(asymmetry(b, () => 1)).toBeGreaterThan(0.1);
    }
    const g = bench(kind('gyrator'), { g: 0.3 });
    expect(asymmetry(g, (row) => (row.endsWith('2') ? -1 : 1))).toBe(0);
  });

  test('of one-way devices are not', () => {
    for (const name of ['vcvs', 'vccs']) {
      expect(asymmetry(bench(kind(name), { gain: 2 }), () => 1)).toBeGreaterThan(0.5);
    }
  });
});
