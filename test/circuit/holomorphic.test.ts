// f, q, G and C at complex x, for every device of the registry.
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/circuit/circuit.js';
import { compile } from '../../src/circuit/compile.js';
import type { Complex, System } from '../../src/circuit/system.js';
import { deviceKinds } from '../../src/devices/registry.js';
import { add, call, constant, mul, select, square, sub, symbol } from '../../src/expression/build.js';
import type { Expr } from '../../src/expression/expression.js';
import { seeded, writings } from '../devices/stand.js';
import { alone, bound, circuitOf } from './bench.js';

const complex = (size: number): Complex => ({ re: new Float64Array(size), im: new Float64Array(size) });

function all(system: System, x: Complex, t: number) {
  const [f, q] = [complex(system.size), complex(system.charges)];
  const [G, C] = [complex(system.slots), complex(system.slots)];
  system.evaluateComplex!(x, t, f, q, G, C);
  return { f, q, G, C };
}

const random = seeded(61);
const real = (size: number, scale: number): Complex => {
  const x = complex(size);
  for (let k = 0; k < size - 2; k++) x.re[k] = scale * (2 * random() - 1);
  x.re[size - 2] = 1;
  return x;
};

describe.each(deviceKinds.map((kind) => [kind.name, kind] as const))('the law of %s', (_, kind) => {
  const systems = writings(kind).map((written) => bound(alone(kind, written)).at());

  test('is the real one on the real axis', () => {
    for (const system of systems) {
      const x = real(system.size, 0.7);
      const { f, q, G, C } = all(system, x, 0.2);
      const [rf, rq] = [new Float64Array(system.size), new Float64Array(system.charges)];
      const [rG, rC] = [new Float64Array(system.slots), new Float64Array(system.slots)];
      system.evaluate(x.re, 0.2, rf, rq, rG, rC);
      const same = (a: Complex, b: Float64Array, count: number): void => {
        for (let k = 0; k < count; k++) {
          expect(Math.abs(a.re[k] - b[k])).toBeLessThanOrEqual(1e-13 * Math.abs(b[k]));
          expect(Math.abs(a.im[k])).toBe(0);
        }
      };
      same(f, rf, system.n);
      same(q, rq, system.charges);
      same(G, rG, system.slots);
      same(C, rC, system.slots);
    }
  });

  test('takes a step of 1e-30·i and returns G and C', () => {
    for (const system of systems) {
      const x = real(system.size, 0.7);
      const { G } = all(system, x, 0.2);
      for (let k = 0; k < system.n; k++) {
        x.im.fill(0);
        x.im[k] = 1e-30;
        const { f } = all(system, x, 0.2);
        const { colPtr, rowIdx } = system.pattern;
        for (let s = colPtr[k]; s < colPtr[k + 1]; s++) {
          const slope = f.im[rowIdx[s]] / 1e-30;
          expect(Math.abs(slope - G.re[s])).toBeLessThanOrEqual(1e-12 * Math.abs(slope));
        }
      }
    }
  });
});

const element = (kind: string, name: string, nodes: string[], more: Partial<Element> = {}): Element => ({
  kind,
  name,
  nodes,
  values: kind === 'resistor' ? { r: 2 } : {},
  ...more,
});
const models = new Map([
  ['dm', { name: 'dm', type: 'd', values: { is: 1e-6, cjo: 0.2, tt: 0.1, bv: 2 } }],
  ['tm', { name: 'tm', type: 'tunnel', values: { rs: 0.1 } }],
]);
const behavioural = (i: Expr) =>
  circuitOf([
    element('resistor', 'r1', ['a', '0']),
    element('behavioural-current', 'b1', ['a', '0'], { expressions: { i } }),
  ]);

describe('off the real axis', () => {
  const system = compile(
    circuitOf(
      [
        element('diode', 'd1', ['a', 'b'], { model: 'dm' }),
        element('tunnel-diode', 'd2', ['b', '0'], { model: 'tm' }),
        element('resistor', 'r1', ['a', '0']),
        element('behavioural-current', 'b1', ['b', '0'], {
          expressions: { i: call('tanh', mul(symbol('v(a)'), symbol('v(b)'))) },
        }),
      ],
      { models },
    ),
  ).bind();

  test('f moves with G along both directions of the plane', () => {
    const x = real(system.size, 0.2);
    for (let k = 0; k < system.n; k++) x.im[k] = 0.02 * (2 * random() - 1);
    const { G, C } = all(system, x, 0);
    const h = 1e-6;
    for (const [dx, dy] of [
      [h, 0],
      [0, h],
    ]) {
      for (let k = 0; k < system.n; k++) {
        const moved = (sign: number): ReturnType<typeof all> => {
          const y = { re: x.re.slice(), im: x.im.slice() };
          y.re[k] += sign * dx;
          y.im[k] += sign * dy;
          return all(system, y, 0);
        };
        const [up, down] = [moved(1), moved(-1)];
        const { colPtr, rowIdx } = system.pattern;
        for (let s = colPtr[k]; s < colPtr[k + 1]; s++) {
          const row = rowIdx[s];
          const re = (up.f.re[row] - down.f.re[row]) / (2 * h);
          const im = (up.f.im[row] - down.f.im[row]) / (2 * h);
          const [a, b] = dx > 0 ? [re, im] : [im, -re];
          expect(Math.abs(a - G.re[s]) + Math.abs(b - G.im[s])).toBeLessThanOrEqual(
            1e-7 * (Math.abs(a) + Math.abs(b) + 1),
          );
        }
      }
    }
    expect(C.im.some((c) => c !== 0)).toBe(true);
  });

  test.each([
    ['abs()', call('abs', symbol('v(a)'))],
    ['min()', call('min', symbol('v(a)'), constant(1))],
    [
      'a condition',
      select(call('gt', symbol('v(a)'), constant(0.5)), symbol('v(a)'), square(symbol('v(a)'))),
    ],
  ])('an expression with %s is refused by the name of its element', (what, i) => {
    const own = compile(behavioural(i)).bind();
    const x = real(own.size, 0.3);
    expect(() => all(own, x, 0)).toThrow(
      expect.objectContaining({
        diagnostics: [
          expect.objectContaining({ code: 'not-analytic', message: expect.stringContaining(`b1`) }),
        ],
      }),
    );
    expect(() => all(own, x, 0)).toThrow(what);
  });
});

describe('a functional off the real axis', () => {
  const circuit = behavioural(call('tanh', symbol('v(a)')));
  const compiled = compile(circuit);
  const system = compiled.bind();
  const va = symbol('v(a)');
  const derivatives = (expression: Expr, x: Complex) => {
    const c = compiled.functional(system, expression);
    const gradient = complex(system.size);
    const hessian = complex(c.hessianRow.length);
    c.derivativesComplex!(x, 0, gradient, hessian);
    return { gradient, hessian };
  };

  test('½(v − 0.3)² has the gradient v − 0.3, and a step of 1e-30·i returns the Hessian of any', () => {
    const x = complex(system.size);
    x.re.set([0.5, 1, 0]);
    x.im[0] = 0.25;
    const error = mul(constant(0.5), square(sub(va, constant(0.3))));
    const { gradient, hessian } = derivatives(error, x);
    expect(gradient.re[0]).toBeCloseTo(0.2, 15);
    expect(gradient.im[0]).toBe(0.25);
    expect(hessian.re).toEqual(Float64Array.of(1));
    x.im[0] = 1e-30;
    const other = mul(symbol('i(b1)'), add(va, call('exp', va)));
    const step = derivatives(other, x);
    expect(step.gradient.im[0] / 1e-30).toBeCloseTo(step.hessian.re[0], 13);
    const own = new Float64Array(system.size);
    compiled.functional(system, other).addGradient(x.re, 0, 1, own);
    expect(step.gradient.re[0]).toBeCloseTo(own[0], 14);
  });

  test('with corners is refused', () => {
    expect(() => derivatives(call('abs', va), complex(system.size))).toThrow(
      /abs\(v\(a\)\) has no continuation.*abs\(\)/,
    );
  });
});
