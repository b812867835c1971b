// The gradient of a response at one frequency: closed forms, and differences of the response itself.
import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import { compile } from '../../src/circuit/compile.js';
import type { Signal, System } from '../../src/circuit/system.js';
import { InputError } from '../../src/errors.js';
import { responseGradient } from '../../src/learn/response/adjoint.js';
import { magnitude, phase } from '../../src/learn/response/cost.js';
import { settleByNewton } from '../../src/learn/settle.js';
import { type ResponseRequest, responseOf } from '../../src/lesson/response.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { positionOf } from './problems.js';

const compiled = (deck: string) => compile(parseDeck(`title\n${deck}\n.end\n`).circuit);

const at = (system: System, name: string): Signal => ({
  index: Int32Array.of(positionOf(system, name)),
  weight: Float64Array.of(1),
});

function gradientOf(
  deck: string,
  parameters: readonly string[],
  values: readonly number[],
  output: string,
  frequency: number,
  cost: typeof magnitude,
): { readonly value: number; readonly gradient: Float64Array } {
  const system = compiled(deck).bind({ values: new Map(parameters.map((name, k) => [name, values[k]])) });
  const costs = [{ cost: cost(at(system, output)), factor: 1 }];
  const { x } = settleByNewton(system, DEFAULT_OPTIONS, createWorkspace());
  return responseGradient(system, system.sensitivity(parameters), DEFAULT_OPTIONS, x, [{ frequency, costs }]);
}

describe('a low-pass of a resistor and a capacitor', () => {
  const deck = 'V1 in 0 AC 2 30\nR1 in out 1k\nC1 out 0 1u';
  const names = ['r1.r', 'c1.c', 'v1.acmag', 'v1.acphase'];
  const [R, C, A] = [1e3, 1e-6, 2];
  test.each([0, 20, 159, 4e3])('has the slopes of its closed form at %s Hz', (frequency) => {
    const omega = 2 * Math.PI * frequency;
    const w = omega * R * C;
    const size = gradientOf(deck, names, [R, C, A, 30], 'v(out)', frequency, magnitude);
    const angle = gradientOf(deck, names, [R, C, A, 30], 'v(out)', frequency, phase);
    const bySize = (-A * w * omega) / (1 + w * w) ** 1.5;
    const byAngle = -omega / (1 + w * w);
    const near = (found: number, exact: number) =>
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-9 * Math.abs(exact) + 1e-15);
    near(size.value, A / Math.hypot(1, w));
    near(size.gradient[0], bySize * C);
    near(size.gradient[1], bySize * R);
    near(size.gradient[2], 1 / Math.hypot(1, w));
    near(size.gradient[3], 0);
    near(angle.value, Math.PI / 6 - Math.atan(w));
    near(angle.gradient[0], byAngle * C);
    near(angle.gradient[1], byAngle * R);
    near(angle.gradient[2], 0);
    near(angle.gradient[3], Math.PI / 180);
  });
});

test('a matched line turns the phase by −ω·td, and changes no magnitude', () => {
  const deck = 'V1 in 0 AC 1\nR1 in a 50\nT1 a 0 b 0 z0=50 f=1g nl=0.4\nR2 b 0 50';
  const [f, nl, frequency] = [1e9, 0.4, 3e8];
  const of = (cost: typeof phase) => gradientOf(deck, ['t1.f', 't1.nl'], [f, nl], 'v(b)', frequency, cost);
  const turn = 2 * Math.PI * frequency;
  const { value, gradient } = of(phase);
  expect(value).toBeCloseTo((-turn * nl) / f, 12);
  expect(gradient[0] / ((turn * nl) / f ** 2)).toBeCloseTo(1, 12);
  expect(gradient[1] / (-turn / f)).toBeCloseTo(1, 12);
  of(magnitude).gradient.forEach((g, k) => {
    expect(Math.abs(g * [f, nl][k])).toBeLessThan(1e-14);
  });
});

const circuits: Readonly<
  Record<string, readonly [deck: string, output: string, frequency: number, p: object]>
> = {
  'a diode whose operating point moves': [
    `V1 in 0 DC 0.8 AC 1
     R1 in a 1k
     D1 a out dm
     R2 out 0 500
     C1 out 0 1n
     .model dm d(is=1e-12 cjo=20p tt=5n rs=3)`,
    'v(out)',
    2e5,
    { 'r1.r': 1e3, 'r2.r': 500, 'c1.c': 1e-9, 'd1.is': 1e-12, 'd1.cjo': 2e-11, 'd1.tt': 5e-9, 'v1.dc': 0.8 },
  ],
  'a tunnel diode at its falling branch, and coupled inductors': [
    `V1 in 0 DC 0.22 AC 1
     R1 in a 5
     L1 a d 10n
     L2 b 0 20n
     K1 L1 L2 0.5
     R2 b 0 50
     D1 d 0 td
     .model td TUNNEL(ip=4.7m vp=0.1 iv=0.37m vv=0.37 vpp=0.525 cjo=20p)`,
    'v(b)',
    3e8,
    { 'r1.r': 5, 'r2.r': 50, 'l1.l': 1e-8, 'l2.l': 2e-8, 'k1.k': 0.5, 'd1.ip': 4.7e-3, 'v1.dc': 0.22 },
  ],
  'a mismatched line behind a diode': [
    `V1 in 0 DC 0.9 AC 1
     R1 in a 300
     D1 a b dm
     T1 b 0 c 0 z0=50 td=2n
     R2 c 0 200
     C2 c 0 1p
     .model dm d(is=1e-12 cjo=1p)`,
    'v(c)',
    7e7,
    { 't1.td': 2e-9, 'r1.r': 300, 'r2.r': 200, 'c2.c': 1e-12, 'd1.is': 1e-12, 'd1.cjo': 1e-12, 'v1.dc': 0.9 },
  ],
  'behavioural sources and a charge of its own': [
    `V1 in 0 DC 0.5 AC 1
     R1 in a 1k
     C1 a 0 Q={1n*x + 0.5n*x^3}
     B1 b 0 V={tanh(2*v(a))}
     R2 b c 1k
     C2 c 0 2n`,
    'v(c)',
    1e5,
    { 'r1.r': 1e3, 'r2.r': 1e3, 'c2.c': 2e-9, 'v1.dc': 0.5 },
  ],
};

describe.each(Object.entries(circuits))('through %s', (_, [deck, output, frequency, parameters]) => {
  test.each([
    ['magnitude', magnitude],
    ['phase', phase],
  ] as const)('the %s has the gradient that differences find', (_name, cost) => {
    const names = Object.keys(parameters);
    const values: number[] = Object.values(parameters);
    const valueAt = (k: number, value: number) =>
      gradientOf(deck, names, values.with(k, value), output, frequency, cost).value;
    const { gradient } = gradientOf(deck, names, values, output, frequency, cost);
    const differences = values.map((p, k) => {
      const central = (h: number) => (valueAt(k, p + h) - valueAt(k, p - h)) / (2 * h);
      return (4 * central(5e-4 * p) - central(1e-3 * p)) / 3;
    });
    const scale = Math.max(...differences.map((d, k) => Math.abs(d * values[k])));
    expect(scale).toBeGreaterThan(0);
    for (let k = 0; k < names.length; k++) {
      const error = Math.abs(gradient[k] - differences[k]) * values[k];
      expect(error / scale, names[k]).toBeLessThanOrEqual(1e-8);
    }
  });
});

describe('from the package', () => {
  const { circuit } = parseDeck('low-pass\nV1 in 0 AC 1\nR1 in out 1k\nC1 out 0 1u\nR2 out 0 1meg\n.end\n');
  const [R, C, omega] = [1e3, 1e-6, 2 * Math.PI * 159];
  const ask = (request: Partial<ResponseRequest>) =>
    responseOf(circuit, { train: ['R1', 'C1'], signal: 'V(out)', of: 'phase', frequency: 159, ...request });

  test('a circuit is asked by names', () => {
    const { value, parameters, gradient } = ask({});
    // R1 and R2 in parallel, 999 Ω, charge C1.
    const parallel = 1 / (1 / R + 1e-6);
    const w = omega * C * parallel;
    expect(value).toBeCloseTo(-Math.atan(w), 12);
    expect(parameters.map(({ name }) => name)).toEqual(['r1.r', 'c1.c']);
    expect(gradient[0] / ((-omega * C * (parallel / R) ** 2) / (1 + w * w))).toBeCloseTo(1, 9);
    expect(gradient[1] / ((-omega * parallel) / (1 + w * w))).toBeCloseTo(1, 9);
  });

  test('the voltage and current of a source are as large as each other makes them', () => {
    expect(ask({ signal: 'V(in)', of: 'magnitude' })).toMatchObject({
      value: 1,
      gradient: Float64Array.of(0, 0),
    });
    const drawn = ask({ signal: 'I(V1)', of: 'magnitude' }).value;
    const across = ask({ signal: 'V(in,out)', of: 'magnitude' }).value;
    expect(drawn).toBeCloseTo(across / R, 15);
  });

  test.each<[string, Partial<ResponseRequest>, string]>([
    ['a product', { signal: 'V(out)*V(in)' }, 'not-linear'],
    ['a current that a law gives', { signal: 'I(R1)' }, 'not-linear'],
    ['a node that is not there', { signal: 'V(nope)' }, 'unknown-signal'],
    ['an element that is not there', { train: ['R9'] }, 'unknown-element'],
    ['a negative frequency', { frequency: -1 }, 'bad-frequency'],
  ])('%s is refused', (_, request, code) => {
    let found: unknown;
    try {
      ask(request);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(InputError);
    expect((found as InputError).diagnostics.map((d) => d.code)).toEqual([code]);
    expect((found as InputError).diagnostics[0].hint).toBeTruthy();
  });
});
