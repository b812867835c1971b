// c(x, p, t), ∂c/∂x, ∂²c/∂x² and ∂c/∂p of functionals.
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/circuit/circuit.js';
import { type Compiled, type CompileOptions, compile } from '../../src/circuit/compile.js';
import type { Functional, System } from '../../src/circuit/system.js';
import { add, call, constant, mul, square, sub, symbol } from '../../src/expression/build.js';
import type { Expr } from '../../src/expression/expression.js';
import { seeded } from '../devices/stand.js';
import { circuitOf, slope } from './bench.js';

const element = (kind: string, name: string, nodes: string[], values: Element['values'] = {}): Element => ({
  kind,
  name,
  nodes,
  values,
});

const elements: readonly Element[] = [
  element('voltage-source', 'v1', ['in', '0'], { dc: 1 }),
  element('resistor', 'r1', ['in', 'a'], { r: 2, tc1: 1e-3 }),
  { ...element('diode', 'd1', ['a', 'b']), model: 'dm' },
  { ...element('diode', 'd2', ['b', '0']), model: 'dc' },
  element('resistor', 'r2', ['b', '0'], { r: 3 }),
  element('inductor', 'l1', ['a', 'c'], { l: 1 }),
  element('capacitor', 'c1', ['c', '0'], { c: 1 }),
  element('resistor', 'r3', ['c', '0'], { r: 5 }),
  {
    ...element('behavioural-current', 'b1', ['c', '0']),
    expressions: { i: mul(symbol('gain'), call('tanh', sub(symbol('v(a)'), symbol('i(l1)')))) },
  },
];

const circuit = circuitOf(elements, {
  parameters: new Map<string, number>([
    ['gain', 1.5],
    ['target', 0.3],
  ]),
  models: new Map([
    ['dm', { name: 'dm', type: 'd', values: { is: 1e-9, rs: 0.1, n: 1.2 } }],
    ['dc', { name: 'dc', type: 'd', values: { is: 1e-9, cjo: 1e-9 } }],
  ]),
});

const v = (node: string): Expr => symbol(`v(${node})`);
const i = (name: string): Expr => symbol(`i(${name})`);
const squaredError = mul(constant(0.5), square(sub(v('b'), symbol('target'))));

const compiled = (options?: CompileOptions): Compiled => compile(circuit, options);

function point(system: System, seed = 5): Float64Array {
  const random = seeded(seed);
  const x = Float64Array.from({ length: system.size }, () => 0.6 * (2 * random() - 1));
  x[system.size - 2] = 1;
  x[system.size - 1] = 0;
  return x;
}

const gradientOf = (c: Functional, system: System, x: Float64Array, t = 0): Float64Array => {
  const gradient = new Float64Array(system.size);
  c.addGradient(x, t, 1, gradient);
  return gradient;
};

const moved = (x: Float64Array, k: number, value: number): Float64Array => {
  const copy = x.slice();
  copy[k] = value;
  return copy;
};

const many: readonly (readonly [string, Expr])[] = [
  ['a squared error', squaredError],
  ['a power', mul(sub(v('in'), v('a')), i('r1'))],
  ['a product of a voltage and an unknown current', mul(v('c'), i('l1'))],
  ['the current of a diode', i('d1')],
  ['the square of a behavioural current', square(i('b1'))],
  ['a function of time', mul(call('sin', symbol('time')), call('exp', v('a')))],
  ['a voltage inside a diode', square(symbol('inner(d1)'))],
  ['all at once', add(mul(i('d2'), v('a')), call('tanh', mul(i('r2'), i('d1'))))],
];

describe.each(many)('%s', (_, expression) => {
  const system = compiled().bind();
  const c = compiled().functional(compiled().bind(), expression);
  const x = point(system);
  const t = 0.4;

  test('has the gradient and the Hessian that differences give', () => {
    const gradient = gradientOf(c, system, x, t);
    const hessian = new Float64Array(c.hessianRow.length);
    c.hessian(x, t, hessian);
    for (let k = 0; k < system.size - 2; k++) {
      const g = slope((p) => c.value(moved(x, k, p), t), x[k], 1e-4);
      expect(Math.abs(gradient[k] - g), `∂c/∂x[${k}]`).toBeLessThanOrEqual(1e-8 * (Math.abs(g) + 1));
      for (let l = 0; l < system.size - 2; l++) {
        const h = slope((p) => gradientOf(c, system, moved(x, k, p), t)[l], x[k], 1e-4);
        const exact = hessian.reduce(
          (sum, entry, e) => (c.hessianRow[e] === l && c.hessianCol[e] === k ? sum + entry : sum),
          0,
        );
        expect(Math.abs(exact - h), `∂²c/∂x[${l}]∂x[${k}]`).toBeLessThanOrEqual(1e-7 * (Math.abs(h) + 1));
      }
    }
  });
});

describe('a current that is no unknown', () => {
  test('is its element’s law: ∂c/∂p at fixed x by the sensitivity', () => {
    const all = compiled();
    const parameters = {
      'r1.r': 2,
      'r1.tc1': 1e-3,
      'd1.is': 1e-9,
      'd1.n': 1.2,
      'd2.is': 1e-9,
      'r2.r': 3,
      'c1.c': 1,
    };
    const names = Object.keys(parameters);
    const at = (values: Record<string, number>): System =>
      all.bind({ values: new Map(Object.entries({ ...parameters, ...values })) });
    const expression = add(mul(i('r1'), add(v('a'), i('r2'))), mul(constant(1e6), mul(i('d1'), i('r2'))));
    const system = at({});
    const x = point(system);
    const sensitivity = system.sensitivity(names);
    sensitivity.addFunctional(all.functional(system, expression), 2, x, 0);
    const gradient = sensitivity.gradient();
    names.forEach((name, k) => {
      const p = parameters[name as keyof typeof parameters];
      const numeric = slope((value) => 2 * all.functional(at({ [name]: value }), expression).value(x, 0), p);
      expect(Math.abs(gradient[k] - numeric), name).toBeLessThanOrEqual(1e-7 * (Math.abs(numeric) + 1));
    });
    expect(gradient.map((g) => Math.sign(Math.abs(g)))).toEqual(Float64Array.from([1, 1, 1, 1, 0, 1, 0]));
  });

  test('of a junction with charge says that it leaves the charge out, and reads what the circuit adds up to', () => {
    const all = compiled();
    const system = all.bind();
    expect(all.functional(system, i('d1')).leavesOut).toEqual([]);
    expect(all.functional(system, add(i('d2'), i('r2'))).leavesOut).toEqual(['d2']);
    const x = point(system);
    const f = new Float64Array(system.size);
    system.evaluate(x, 0, f, new Float64Array(system.charges));
    const b = system.unknowns.findIndex(({ name }) => name === 'v(b)');
    // What leaves b: the two to ground less what comes through d1.
    const sum = all.functional(system, sub(add(i('d2'), i('r2')), i('d1')));
    expect(sum.value(x, 0)).toBeCloseTo(f[b], 12);
  });

  test('has global parameters at the values of the binding', () => {
    const all = compiled();
    const x = point(all.bind());
    const at = (target: number): number =>
      all.functional(all.bind({ parameters: new Map([['target', target]]) }), squaredError).value(x, 0);
    const vb = all.functional(all.bind(), v('b')).value(x, 0);
    expect(at(0.3)).toBeCloseTo(0.5 * (vb - 0.3) ** 2, 15);
    expect(at(-2)).toBeCloseTo(0.5 * (vb + 2) ** 2, 14);
  });

  test('of a source that ties a node to ground is kept on request', () => {
    const all = compiled({ keep: ['v1'] });
    const system = all.bind();
    const x = point(system);
    const slot = system.unknowns.findIndex(({ name }) => name === 'i(v1)');
    expect(all.functional(system, i('v1')).value(x, 0)).toBe(x[slot]);
    expect(
      [...gradientOf(all.functional(system, i('v1')), system, x).keys()].filter((k) => k === slot),
    ).toEqual([slot]);
    expect(compiled().bind().n).toBe(system.n - 2);
    expect(() => compiled({ keep: ['v7'] })).toThrow(/no element v7 to keep[\s\S]*did you mean "v1"/);
  });
});

describe('a functional of what is not there', () => {
  test.each([
    [v('nowhere'), /no node nowhere/, /name a node of the circuit: a, b/],
    [v('inn'), /no node inn/, /did you mean "in"/],
    [i('r9'), /no element r9/, /did you mean "r1"/],
    [i('c1'), /i\(c1\) is the rate of a charge/, /0 V in series with c1/],
    [i('v1'), /i\(v1\) is not an unknown of this system/, /keep: \['v1'\]/],
    [symbol('w(r1)'), /a resistor has no w/, /i\(r1\), plus\(r1\), minus\(r1\)/],
    [symbol('tarket'), /nothing is called tarket/, /did you mean "target"/],
    [mul(constant(Number.POSITIVE_INFINITY), v('a')), /not finite/, /finite/],
  ])('%#', (expression, message, hint) => {
    const all = compiled();
    expect(() => all.functional(all.bind(), expression)).toThrow(
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

  test('or of a system of another circuit', () => {
    const other = compile(circuitOf([element('resistor', 'r1', ['a', '0'], { r: 1 })]));
    expect(() => compiled().functional(other.bind(), v('a'))).toThrow(/same circuit/);
  });
});

describe('the numbers of a circuit', () => {
  test('are listed with unit, bounds and value, whoever supplies it', () => {
    const list = compiled().parameters({ values: new Map([['r2.r', 7]]) });
    const by = new Map(list.map((p) => [p.name, p]));
    expect(by.get('r2.r')).toEqual({
      name: 'r2.r',
      element: 'r2',
      parameter: 'r',
      unit: 'Ω',
      min: Number.NEGATIVE_INFINITY,
      max: Number.POSITIVE_INFINITY,
      value: 7,
      trainable: true,
    });
    expect(by.get('d1.is')).toMatchObject({ value: 1e-9, unit: 'A', trainable: true });
    expect(by.get('d1.is')!.min).toBeGreaterThan(0);
    expect(Number.isFinite(1 / by.get('d1.is')!.min)).toBe(true);
    expect(by.get('d1.nbv')).toMatchObject({ value: 1.2 });
    expect(by.get('r1.m')).toMatchObject({ value: 1, trainable: false });
    expect(by.has('c1.ic')).toBe(false);
    expect(list.some((p) => p.element === 'b1')).toBe(false);
  });

  test('and what is called trainable there can be trained', () => {
    const all = compiled();
    const list = all.parameters();
    const names = list.filter((p) => p.trainable).map((p) => p.name);
    expect(all.bind().sensitivity(names).parameters).toEqual(names);
    for (const { name, trainable } of list)
      if (!trainable)
        expect(() => all.bind().sensitivity([name])).toThrow(/cannot be trained|no derivative at 0/);
  });

  test('hold the arguments of waveforms, which a binding may override', () => {
    const wave = { waveform: { kind: 'sin', args: [0, 2] } };
    const all = compile(
      circuitOf([
        { ...element('current-source', 'i1', ['0', 'a']), ...wave },
        element('resistor', 'r1', ['a', '0'], { r: 1 }),
      ]),
    );
    const timing = { tstep: 0.1, tstop: 4 };
    const listed = all.parameters({ timing }).filter(({ element: e }) => e === 'i1');
    expect(listed.map(({ name }) => name).slice(-6)).toEqual([
      'i1.vo',
      'i1.va',
      'i1.freq',
      'i1.td',
      'i1.theta',
      'i1.phase',
    ]);
    expect(listed.find(({ name }) => name === 'i1.va')).toMatchObject({ value: 2, unit: 'A' });
    expect(listed.find(({ name }) => name === 'i1.freq')).toMatchObject({ value: 0.25, unit: 'Hz' });
    const values = new Map([
      ['i1.va', 3],
      ['i1.phase', 90],
    ]);
    expect(all.bind({ timing, values }).sources[0].value(0)).toBeCloseTo(3, 14);
    expect(() => all.bind({ timing, values: new Map([['i1.freq', -1]]) })).toThrow(/freq = -1 Hz/);
  });
});

describe('an override in a binding', () => {
  test.each([
    ['r9.r', 1, /no element r9/],
    ['r2.q', 1, /r2 has no parameter q[\s\S]*choose from r, tc1/],
    ['r2.r', Number.NaN, /r2\.r is not a number/],
  ])('%s = %d is refused', (name, value, message) => {
    expect(() => compiled().bind({ values: new Map([[name, value]]) })).toThrow(message);
  });
});
