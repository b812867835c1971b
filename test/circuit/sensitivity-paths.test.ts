// How a number on a card reaches the equations: through sources and the nodes they tie, models and defaults, elements
// that read each other, delays, and the charges with which `uic` begins.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bind } from '../../src/circuit/bind.js';
import type { Circuit, Element } from '../../src/circuit/circuit.js';
import { compile } from '../../src/circuit/compile.js';
import { makeStructure } from '../../src/circuit/structure.js';
import type { Sensitivity, System } from '../../src/circuit/system.js';
import type { Binding } from '../../src/circuit/values.js';
import { constant, mul, square, symbol } from '../../src/expression/build.js';
import { seeded } from '../devices/stand.js';
import { circuitOf, dot, rows, slope } from './bench.js';

const element = (
  kind: string,
  name: string,
  nodes: readonly string[],
  values: Element['values'] = {},
  more: Partial<Element> = {},
): Element => ({ kind, name, nodes, values, ...more });
const r = (name: string, a: string, b: string, ohms: number): Element =>
  element('resistor', name, [a, b], { r: ohms });

const random = seeded(41);
const vector = (size: number, scale = 1): Float64Array => {
  const v = Float64Array.from({ length: size }, () => scale * (2 * random() - 1));
  v[size - 2] = 1;
  v[size - 1] = 0;
  return v;
};

/** One number by the sensitivity, another by differences, for every parameter. */
function agree(
  circuit: Circuit,
  parameters: Readonly<Record<string, number>>,
  add: (sensitivity: Sensitivity, system: System) => void,
  scalar: (system: System) => number,
  binding: Binding = {},
  bound = 1e-8,
): Float64Array {
  const structure = makeStructure(circuit, binding);
  const names = Object.keys(parameters);
  const system = bind(structure, binding);
  const sensitivity = system.sensitivity(names);
  add(sensitivity, system);
  const gradient = sensitivity.gradient();
  expect(sensitivity.parameters).toEqual(names);
  names.forEach((name, k) => {
    const at = (p: number): number =>
      scalar(bind(structure, { ...binding, values: new Map(binding.values).set(name, p) }));
    const numeric = slope(at, parameters[name]);
    expect(Math.abs(gradient[k] - numeric), `∂/∂${name}: ${gradient[k]}, ${numeric}`).toBeLessThanOrEqual(
      bound * (Math.abs(numeric) + 1),
    );
  });
  return gradient;
}

/** f and q at random points with random weights. */
function agreeOnRows(circuit: Circuit, parameters: Readonly<Record<string, number>>): Float64Array {
  const { size } = bind(makeStructure(circuit, {}), {});
  const [x, lambda, mu] = [vector(size, 0.2), vector(size), vector(size)];
  return agree(
    circuit,
    parameters,
    (sensitivity) => {
      sensitivity.addCurrents(lambda, x, 0.3);
      sensitivity.addCharges(mu, x, 0.3);
    },
    (system) => {
      const { f, q } = rows(system, x, 0.3);
      return dot(lambda, f) + dot(mu, q);
    },
  );
}

describe('a number that is not written where it acts', () => {
  const models = new Map([
    ['dm', { name: 'dm', type: 'd', values: { is: 1e-3, n: 1.3, bv: 0.2, cjo: 0.2 } }],
  ]);
  const two = ['d1', 'd2'].map((name, k) => element('diode', name, [`a${k}`, 'b'], {}, { model: 'dm' }));

  test('stands in a model: each element has its own derivative', () => {
    const circuit = circuitOf([...two, r('r1', 'a0', 'a1', 2)], { models });
    const gradient = agreeOnRows(circuit, { 'd1.is': 1e-3, 'd2.is': 1e-3, 'd2.cjo': 0.2 });
    expect(gradient[0]).not.toBe(gradient[1]);
  });

  test('is the default of another: n moves nbv until nbv is written or asked for, too', () => {
    const circuit = circuitOf([...two, r('r1', 'a0', 'a1', 2)], { models });
    const [alone] = agreeOnRows(circuit, { 'd1.n': 1.3 });
    const written = new Map([
      ['dm', { ...models.get('dm')!, values: { ...models.get('dm')!.values, nbv: 1.3 } }],
    ]);
    agreeOnRows(circuitOf([...two, r('r1', 'a0', 'a1', 2)], { models: written }), { 'd1.n': 1.3 });
    const system = bind(makeStructure(circuit, {}), {});
    const both = system.sensitivity(['d1.n', 'd1.nbv']);
    const one = system.sensitivity(['d1.n']);
    const [x, lambda] = [vector(system.size, 0.2), vector(system.size)];
    both.addCurrents(lambda, x, 0);
    one.addCurrents(lambda, x, 0);
    const [n, nbv] = both.gradient();
    expect(nbv).not.toBe(0);
    expect(one.gradient()[0]).toBeCloseTo(
      n + nbv,
      10 - Math.ceil(Math.log10(Math.abs(n) + Math.abs(nbv) + 1)),
    );
    expect(alone).not.toBe(0);
  });

  test('is a temperature, absolute or above the circuit’s', () => {
    const hot = element('resistor', 'r2', ['a', 'b'], { r: 2, tc1: 1e-2, temp: 60 });
    const warm = element('resistor', 'r3', ['a', 'b'], { r: 2, tc1: 1e-2, tc2: 1e-4 });
    const diode = element('diode', 'd1', ['a', 'b'], { dtemp: 5 }, { model: 'dm' });
    const circuit = circuitOf([hot, warm, diode], { models });
    const gradient = agreeOnRows(circuit, { 'r2.temp': 60, 'r2.dtemp': 0, 'r3.dtemp': 0, 'd1.dtemp': 5 });
    expect(gradient[1]).toBe(0);
    expect(gradient[2]).not.toBe(0);
  });

  test('belongs to an element that another reads: mutual inductance', () => {
    const circuit = circuitOf([
      element('inductor', 'l1', ['a', '0'], { l: 2 }),
      element('inductor', 'l2', ['b', '0'], { l: 0.5 }),
      element('mutual-inductance', 'k1', [], { k: 0.6 }, { controls: ['l1', 'l2'] }),
      r('r1', 'a', 'b', 1),
    ]);
    agreeOnRows(circuit, { 'l1.l': 2, 'l2.l': 0.5, 'k1.k': 0.6 });
  });

  test('belongs to the tunnel diode inside a neuron', () => {
    const neuron = element('fitzhugh-nagumo', 'n1', ['a'], { ip: 1e-2, vt: 0.03 });
    agreeOnRows(circuitOf([neuron, r('r1', 'a', '0', 1)]), { 'n1.ip': 1e-2, 'n1.vt': 0.03, 'n1.vp': 0.1 });
  });

  test('is lost on what does not depend on it, and nothing else is visited', () => {
    const circuit = circuitOf([r('r1', 'a', '0', 1), r('r2', 'a', 'b', 2), r('r3', 'b', '0', 3)]);
    const system = compile(circuit).bind();
    const sensitivity = system.sensitivity(['r2.r', 'r2.r', 'r2.tc1']);
    const x = Float64Array.from([3, 1, 1, 0]);
    sensitivity.addCurrents(Float64Array.from([1, 0, 0, 0]), x, 0);
    // ∂/∂r (v/(r·(1 + tc1·13))) = −v/r², ∂/∂tc1 = −13·v/r
    const gradient = sensitivity.gradient();
    expect(gradient[0]).toBeCloseTo(-2 / 4, 14);
    expect(gradient[1]).toBe(gradient[0]);
    expect(gradient[2]).toBeCloseTo((-13 * 2) / 2, 12);
    sensitivity.clear();
    expect([...sensitivity.gradient()]).toEqual([0, 0, 0]);
  });
});

describe('independent sources', () => {
  const wave = (kind: string, ...args: number[]): Partial<Element> => ({ waveform: { kind, args } });
  const inputs = (system: System, t: number | 'dc'): Float64Array => {
    const x = new Float64Array(system.size);
    system.applySources(
      Float64Array.from(system.sources, (s) => (t === 'dc' ? s.dc : s.value(t))),
      x,
    );
    return x;
  };

  test('tie nodes to ground one upon the other, float, or drive a current', () => {
    const circuit = circuitOf([
      element('voltage-source', 'v1', ['a', '0'], { dc: 1 }),
      element('voltage-source', 'v2', ['a', 'b'], { dc: 2 }),
      element('voltage-source', 'v3', ['c', 'b'], { dc: 3 }, wave('sin', 0.1, 0.4, 2)),
      element('voltage-source', 'v4', ['e', 'd'], { dc: 4 }),
      element('current-source', 'i1', ['d', '0'], { dc: 5 }),
      ...['a', 'b', 'c', 'd', 'e'].map((node) => r(`r${node}`, node, '0', 1)),
    ]);
    const parameters = {
      'v1.dc': 1,
      'v2.dc': 2,
      'v3.dc': 3,
      'v4.dc': 4,
      'i1.dc': 5,
      'v3.freq': 2,
      'v3.va': 0.4,
    };
    const { size } = compile(circuit).bind();
    const nu = vector(size);
    nu[size - 2] = 0;
    for (const t of [0.37, 'dc'] as const) {
      const gradient = agree(
        circuit,
        parameters,
        (sensitivity) => sensitivity.addSources(nu, t),
        (system) => dot(nu, inputs(system, t)),
      );
      // With a waveform, dc is the value at the operating point only.
      expect(gradient[2] === 0).toBe(t !== 'dc');
      expect(gradient[5] === 0).toBe(t === 'dc');
    }
  });

  const shapes: readonly (readonly [string, readonly number[], Readonly<Record<string, number>>])[] = [
    [
      'pulse',
      [0.1, 1.3, 0.2, 0.3, 0.4, 0.5, 2],
      { v1: 0.1, v2: 1.3, td: 0.2, tr: 0.3, tf: 0.4, pw: 0.5, per: 2 },
    ],
    ['sin', [0.1, 0.7, 0.9, 0.2, 0.3, 40], { vo: 0.1, va: 0.7, freq: 0.9, td: 0.2, theta: 0.3, phase: 40 }],
    ['exp', [0.1, 0.9, 0.2, 0.3, 0.8, 0.6], { v1: 0.1, v2: 0.9, td1: 0.2, tau1: 0.3, td2: 0.8, tau2: 0.6 }],
    ['exp', [0.1, 0.9, 0.2], { td1: 0.2, tau1: 0.05 }],
    [
      'pwl',
      [0.1, -1, 0.2, 0.4, 1.1, 0.9, 1.9, -0.5],
      { td: 0.1, t2: 1.1, v2: 0.9, t3: 1.9, v3: -0.5, v1: 0.4 },
    ],
    [
      'sffm',
      [0.1, 0.9, 0.7, 1.5, 2.1, 0.2],
      { vo: 0.1, va: 0.9, fm: 0.7, mdi: 1.5, fc: 2.1, td: 0.2, phasec: 0 },
    ],
    [
      'am',
      [0.1, 0.9, 0.7, 0.6, 2.1, 0.2],
      { vo: 0.1, vmo: 0.9, vma: 0.7, fm: 0.6, fc: 2.1, td: 0.2, phasem: 0 },
    ],
  ];

  test.each(shapes)('%s%j has a derivative by every argument, written or not', (kind, args, named) => {
    const circuit = circuitOf([
      element('voltage-source', 'v1', ['a', '0'], {}, wave(kind, ...args)),
      r('r1', 'a', '0', 1),
    ]);
    const parameters = Object.fromEntries(
      Object.entries(named).map(([name, value]) => [`v1.${name}`, value]),
    );
    const nu = Float64Array.from([1.5, 0, 0]);
    const reached = new Set<number>();
    for (const t of [0.31, 0.77, 0.93, 1.23, 2.31, 3.41]) {
      const gradient = agree(
        circuit,
        parameters,
        (sensitivity) => sensitivity.addSources(nu, t),
        (system) => dot(nu, inputs(system, t)),
        { timing: { tstep: 0.05, tstop: 5 } },
      );
      gradient.forEach((g, k) => {
        if (g !== 0) reached.add(k);
      });
    }
    expect(reached.size).toBe(Object.keys(named).length);
  });

  test('have a small signal, by magnitude and phase', () => {
    const circuit = circuitOf([
      element('voltage-source', 'v1', ['a', '0'], { acmag: 2, acphase: 30 }),
      r('r1', 'a', '0', 1),
    ]);
    const [re, im] = [Float64Array.from([0.3, 0, 0]), Float64Array.from([-0.8, 0, 0])];
    agree(
      circuit,
      { 'v1.acmag': 2, 'v1.acphase': 30 },
      (sensitivity) => sensitivity.addStimulus(re, im),
      ({ sources: [{ acMagnitude, acPhase }] }) =>
        acMagnitude *
        (re[0] * Math.cos((acPhase * Math.PI) / 180) + im[0] * Math.sin((acPhase * Math.PI) / 180)),
    );
  });
});

describe('the charges with which uic begins', () => {
  const begin = (mu: Float64Array) => (system: System) => {
    const x = new Float64Array(system.size);
    const charges = new Float64Array(system.size);
    const q = new Float64Array(system.charges);
    system.initialCharges(x, charges, q);
    system.addChargeRates(q, charges);
    return dot(mu, charges);
  };

  test('depend on IC=, on what it says of a neighbour’s nodes, and on capacitances, but on no source', () => {
    const circuit = circuitOf(
      [
        element('voltage-source', 'v1', ['in', '0'], { dc: 0.7 }),
        element(
          'voltage-source',
          'v2',
          ['pin', '0'],
          {},
          { waveform: { kind: 'sin', args: [0.2, 1, 3, 0, 0, 50] } },
        ),
        element('capacitor', 'c1', ['a', '0'], { c: 2, ic: 0.5 }),
        element('capacitor', 'c2', ['a', 'b'], { c: 3 }),
        element('capacitor', 'c3', ['b', 'c'], { c: 4, ic: -0.25 }),
        element('capacitor', 'c4', ['in', 'c'], { c: 5, tc1: 1e-3 }),
        element('capacitor', 'c5', ['0', 'b'], { c: 1.5, ic: 0.1 }),
        element('capacitor', 'c6', ['pin', 'c'], { c: 0.5 }),
        element(
          'charge-capacitor',
          'c7',
          ['a', 'c'],
          {},
          {
            expressions: { q: mul(constant(0.3), square(symbol('v(a)'))) },
          },
        ),
        element('diode', 'd1', ['a', 'b'], { ic: 0.2 }, { model: 'dm' }),
        element('diode', 'd2', ['b', '0'], {}, { model: 'dm' }),
        element('inductor', 'l1', ['a', 'c'], { l: 2, ic: 0.4 }),
        element('inductor', 'l2', ['b', 'c'], { l: 3 }),
        element('mutual-inductance', 'k1', [], { k: 0.5 }, { controls: ['l1', 'l2'] }),
        r('r1', 'c', '0', 1),
      ],
      {
        models: new Map([['dm', { name: 'dm', type: 'd', values: { cjo: 0.5, tt: 0.1, is: 1e-3 } }]]),
        initialConditions: new Map([
          ['b', 0.3],
          ['c', -0.15],
        ]),
      },
    );
    const mu = vector(compile(circuit, { start: 'uic' }).bind().size);
    const gradient = agree(
      circuit,
      {
        'c1.ic': 0.5,
        'c3.ic': -0.25,
        'c5.ic': 0.1,
        'd1.ic': 0.2,
        'l1.ic': 0.4,
        'c1.c': 2,
        'c2.c': 3,
        'c4.c': 5,
        'c4.tc1': 1e-3,
        'd1.cjo': 0.5,
        'd2.tt': 0.1,
        'l1.l': 2,
        'l2.l': 3,
        'k1.k': 0.5,
        'v1.dc': 0.7,
        'v2.va': 1,
        'v2.phase': 50,
      },
      (sensitivity) => sensitivity.addInitialCharges(mu),
      begin(mu),
    );
    expect(gradient.map((g) => (g === 0 ? 0 : 1)).join('')).toBe('11111111111111000');
  });

  test('of a neuron depend on both its initial values', () => {
    const circuit = circuitOf([
      element('fitzhugh-nagumo', 'n1', ['a'], { v0: 0.3, w0: -0.2 }),
      element('capacitor', 'c1', ['a', '0'], { c: 2 }),
    ]);
    const mu = vector(compile(circuit, { start: 'uic' }).bind().size);
    agree(circuit, { 'n1.v0': 0.3, 'n1.w0': -0.2, 'c1.c': 2 }, (s) => s.addInitialCharges(mu), begin(mu));
  });
});

describe('a delayed wave', () => {
  const line = (values: Element['values']): Circuit =>
    circuitOf([
      element('line', 't1', ['a', '0', 'b', '0'], { z0: 50, td: 1, ...values }),
      r('r1', 'a', '0', 1),
      element('line', 't2', ['b', '0', 'c', '0'], { z0: 75, td: 2 }),
      r('r2', 'c', '0', 1),
    ]);

  test('holds z0·i: its weight is a derivative', () => {
    const circuit = line({});
    const x = vector(compile(circuit).bind().size);
    const factors = [0.4, -0.7, 1.1, 0.2];
    agree(
      circuit,
      { 't1.z0': 50, 't2.z0': 75 },
      (sensitivity) => {
        for (const [k, factor] of factors.entries()) sensitivity.addDelayed(k, factor, x);
      },
      (system) =>
        factors.reduce((sum, factor, k) => {
          const { index, weight } = system.delays[k].signal;
          return sum + factor * index.reduce((s, slot, j) => s + weight[j] * x[slot], 0);
        }, 0),
    );
    const none = compile(circuit).bind().sensitivity(['t2.z0']);
    none.addDelayed(0, 1, x);
    expect(none.gradient()[0]).toBe(0);
  });

  test('before t = 0 is v + z0·i of its IC=', () => {
    const circuit = line({ v1: 1, i1: 0.2, v2: 0.5, i2: -0.1 });
    const factors = [0.4, -0.7];
    agree(
      circuit,
      { 't1.z0': 50 },
      (sensitivity) => {
        for (const [k, factor] of factors.entries()) sensitivity.addDelayedInitial(k, factor);
        sensitivity.addDelayedInitial(2, 1);
      },
      (system) => factors.reduce((sum, factor, k) => sum + factor * system.delays[k].initial, 0),
    );
  });
});

describe('how long a wave is delayed', () => {
  const circuit = circuitOf([
    element('line', 't1', ['a', '0', 'b', '0'], { z0: 50, td: 1.3 }),
    element('line', 't2', ['b', '0', 'c', '0'], { z0: 75, f: 0.4, nl: 0.3 }),
    element('line', 't3', ['c', '0', 'd', '0'], { z0: 75, f: 0.2 }),
    r('r1', 'a', '0', 1),
    r('r2', 'd', '0', 1),
  ]);
  const factors = [0.4, -0.7, 1.1, 0.2, 0.6, -0.3];

  test('is td, or nl/f, for the waves of both directions', () => {
    const parameters = { 't1.td': 1.3, 't2.f': 0.4, 't2.nl': 0.3, 't2.z0': 75, 't3.f': 0.2 };
    const gradient = agree(
      circuit,
      parameters,
      (sensitivity) => {
        for (const [k, factor] of factors.entries()) sensitivity.addDelay(k, factor);
      },
      (system) => factors.reduce((sum, factor, k) => sum + factor * system.delays[k].by, 0),
    );
    expect(gradient.map(Math.sign)).toEqual(Float64Array.of(-1, -1, 1, 0, -1));
    const partials = compile(circuit).bind().sensitivity(Object.keys(parameters)).partials();
    for (const p of gradient.keys())
      expect(factors.reduce((sum, factor, k) => sum + factor * partials.delay(p, k), 0)).toBeCloseTo(
        gradient[p],
        12,
      );
  });

  test('is known to move with its own numbers alone', () => {
    const moved = (names: readonly string[]) => compile(circuit).bind().sensitivity(names).ofDelays;
    expect(moved(['t2.nl'])).toEqual([2, 3]);
    expect(moved(['t1.z0', 't2.f', 'r1.r'])).toEqual([2, 3]);
    expect(moved(['t1.z0', 'r1.r'])).toEqual([]);
  });
});

describe('where generated code is forbidden', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('the same numbers come from interpreted loops', () => {
    const diode = element('diode', 'd1', ['a', '0'], {}, { model: 'dm' });
    const models = new Map([['dm', { name: 'dm', type: 'd', values: { cjo: 0.3, tt: 0.2 } }]]);
    const gradient = (): Float64Array => {
      const compiled = compile(circuitOf([diode, r('r1', 'a', '0', 2)], { models }));
      const system = compiled.bind();
      const sensitivity = system.sensitivity(['d1.is', 'd1.n', 'd1.cjo', 'r1.r']);
      const x = Float64Array.from([0.4, 1, 0]);
      sensitivity.addCurrents(Float64Array.from([2, 0, 0]), x, 0);
      sensitivity.addCharges(Float64Array.from([3, 0, 0]), x, 0);
      return sensitivity.gradient();
    };
    const printed = gradient();
    vi.stubGlobal(
      'Function',
      class {
        constructor() {
          throw new EvalError('forbidden');
        }
      },
    );
    expect(gradient()).toEqual(printed);
  });
});

describe('a name that cannot be trained', () => {
  const circuit = circuitOf(
    [
      r('r1', 'a', '0', 1),
      element('capacitor', 'c1', ['a', '0'], { c: 1 }),
      element('behavioural-current', 'b1', ['a', '0'], {}, { expressions: { i: symbol('v(a)') } }),
      element('voltage-source', 'v1', ['b', '0'], {}, { waveform: { kind: 'pulse', args: [0, 1] } }),
      r('r2', 'b', 'a', 1),
      element('diode', 'd1', ['a', '0'], {}, { model: 'dm' }),
      element('fitzhugh-nagumo', 'n1', ['a']),
    ],
    { models: new Map([['dm', { name: 'dm', type: 'd', values: {} }]]) },
  );
  const system = bind(makeStructure(circuit, {}), {});
  test.each([
    ['r1.m', /r1\.m cannot be trained/, /r, tc1, tc2/],
    ['r1.rr', /r1 has no parameter rr/, /did you mean "r"/],
    ['r9.r', /no element r9/, /did you mean "r1"/],
    ['r1', /r1 names no parameter/, /as in r1\.r/],
    ['b1.i', /b1\.i cannot be trained: it is an expression/, /no number of b1/],
    ['r1.resistance', /r1 has no parameter resistance/, /r, tc1, tc2/],
    ['v1.np', /v1 has no parameter np that could be trained/, /dc, acmag/],
    ['c1.ic', /c1\.ic has no value/, /ic=… on the card of c1/],
    ['d1.rs', /d1\.rs has no derivative at 0: moved from there/, /rs=… with a value/],
    ['n1.ip', /n1\.ip has no value/, /ip=… on the card of n1/],
    ['r1.constructor', /no parameter constructor/, /r, tc1/],
  ])('%s', (name, message, hint) => {
    expect(() => system.sensitivity(['r2.r', name])).toThrow(
      expect.objectContaining({
        name: 'InputError',
        diagnostics: [
          expect.objectContaining({
            message: expect.stringMatching(message),
            hint: expect.stringMatching(hint),
          }),
        ],
      }),
    );
  });
});
