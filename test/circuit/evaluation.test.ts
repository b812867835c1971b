// Large systems are evaluated by kernels: f, q, G and C must be what the laws say, whoever was evaluated before.
import { describe, expect, it } from 'vitest';
import type { Complex, System } from '../../src/circuit/system.js';
import { createRandom } from '../../src/math/random.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { study } from '../../src/study/study.js';

const CELLS = 120;

const compiled = (cell: (k: number) => string, ...more: string[]) => {
  const cells = Array.from({ length: CELLS }, (_, k) => cell(k + 1));
  return study(
    parseDeck(['* cells in a row', 'V0 n0 0 1', ...cells, ...more, '.tran 1 2', '.end'].join('\n')),
  ).compiled;
};

const chain = (law: (k: number) => string) => (k: number) =>
  `R${k} n${k - 1} n${k} ${k}k\nL${k} n${k} m${k} 1m\nC${k} m${k} 0 ${k}u\n${law(k)}`;

const cube = (k: number) => `B${k} n${k} 0 I=${k}m*V(n${k})**3-V(n${k})*V(n${k})*time`;

const random = createRandom(3);

function pointOf({ n, size, sources, applySources }: System): Float64Array {
  const x = new Float64Array(size);
  applySources(
    Float64Array.from(sources, (s) => s.dc),
    x,
  );
  for (let i = 0; i < n; i++) x[i] = 0.5 * random.normal();
  return x;
}

/** f, G and C by the same laws at complex numbers whose imaginary parts are zero. */
function byComplexNumbers(system: System, x: Float64Array, t: number) {
  const zeros = (length: number): Complex => ({ re: new Float64Array(length), im: new Float64Array(length) });
  const [f, q, G, C] = [system.size, system.charges, system.slots, system.slots].map(zeros);
  system.evaluateComplex!({ re: x, im: new Float64Array(x.length) }, t, f, q, G, C);
  return { f: f.re, q: q.re, G: G.re, C: C.re };
}

function evaluated(system: System, x: Float64Array, t: number) {
  const zeros = (length: number) => new Float64Array(length).fill(7);
  const [f, q, G, C] = [system.size, system.charges, system.slots, system.slots].map(zeros);
  system.evaluate(x, t, f, q, G, C);
  return { f, q, G, C };
}

function expectEqual(a: Float64Array, b: Float64Array, count: number): void {
  for (let i = 0; i < count; i++)
    expect(Math.abs(a[i] - b[i]), `entry ${i}`).toBeLessThanOrEqual(1e-13 * (1e-3 + Math.abs(b[i])));
}

function expectWhatTheLawsSay(system: System): void {
  const x = pointOf(system);
  const found = evaluated(system, x, 0.3);
  const wanted = byComplexNumbers(system, x, 0.3);
  expectEqual(found.f, wanted.f, system.n);
  expectEqual(found.q, wanted.q, system.charges);
  // The last slot is a dustbin.
  expectEqual(found.G, wanted.G, system.slots - 1);
  expectEqual(found.C, wanted.C, system.slots - 1);
}

describe.each<[string, ReturnType<typeof compiled>]>([
  ['polynomials that speak of time', compiled(chain(cube))],
  ['exponentials', compiled(chain((k) => `B${k} n${k} m${k} I=1n*exp(${k}*V(n${k}))`))],
  ['a law that no kernel knows beside one that it knows', compiled(chain(cube), 'Bs n1 n2 I=sin(V(n1))')],
  [
    'laws with charge and junctions beside others',
    compiled(
      chain((k) => `${cube(k)}\nD${k} n${k} m${k} d`),
      '.model d d cjo=1p',
    ),
  ],
  ['a linear circuit', compiled(chain(() => '* nothing'))],
])('%s', (_, circuit) => {
  const system = circuit.bind({});

  it('are what the laws say at complex numbers without imaginary parts', () => {
    expect(system.n).toBeGreaterThan(200);
    expectWhatTheLawsSay(system);
  });

  it('without G and C f is the same to the last bit', () => {
    const x = pointOf(system);
    const f = new Float64Array(system.size);
    system.evaluate(x, 0.3, f, new Float64Array(system.charges));
    expect(f.subarray(0, system.n)).toEqual(evaluated(system, x, 0.3).f.subarray(0, system.n));
  });

  it('what is nonlinear is added to what is there', () => {
    const x = pointOf(system);
    const q = new Float64Array(system.charges);
    const [nothing, something] = [0, 5].map((value) => new Float64Array(system.size).fill(value));
    for (const f of [nothing, something]) system.addNonlinear(x, 0.3, f, q);
    expectEqual(
      something,
      nothing.map((v) => v + 5),
      system.n,
    );
  });
});

it('two bindings of one circuit, evaluated in turn, keep their own numbers', () => {
  const circuit = compiled(chain(cube));
  const systems = [1, 2, 3].map((r) => circuit.bind({ values: new Map([['r1.r', 1000 * r]]) }));
  for (let round = 0; round < 2; round++) systems.forEach(expectWhatTheLawsSay);
});

it('what flows out of a known node counts the laws, too', () => {
  const system = compiled(chain(cube), 'Bn n1 n0 I=V(n1)*V(n1)').bind({});
  const x = pointOf(system);
  const { f, q } = evaluated(system, x, 0.3);
  system.evaluateKnownRows(x, 0.3, new Float64Array(system.size), q, f);
  const slotOf = (name: string) =>
    [...system.unknowns, ...system.inputVariables].findIndex((v) => v.name === name);
  const [v0, v1] = ['v(n0)', 'v(n1)'].map((name) => x[slotOf(name)]);
  expect(slotOf('v(n0)')).toBeGreaterThanOrEqual(system.n);
  expect(f[slotOf('v(n0)')]).toBeCloseTo((v0 - v1) / 1e3 - v1 * v1, 13);
});
