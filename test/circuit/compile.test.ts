// The waist: what compile promises about f, q and their exact partials, for any circuit.
import { describe, expect, it } from 'vitest';
import type { Circuit, Element, Model } from '../../src/circuit/circuit.js';
import { compile } from '../../src/circuit/compile.js';
import type { System } from '../../src/circuit/system.js';
import { InputError } from '../../src/errors.js';
import { add, call, constant, mul, sub, symbol } from '../../src/expression/build.js';
import { createRandom } from '../../src/math/random.js';

const element = (
  kind: string,
  name: string,
  nodes: string[],
  values: Element['values'] = {},
  more: Partial<Element> = {},
): Element => ({
  kind,
  name,
  nodes,
  values,
  ...more,
});

function circuit(elements: Element[], models: Model[] = [], parameters: [string, number][] = []): Circuit {
  return {
    title: 'test',
    elements,
    models: new Map(models.map((m) => [m.name, m])),
    parameters: new Map(parameters),
    temperature: 27,
    nominalTemperature: 27,
    initialConditions: new Map(),
    nodesets: new Map(),
  };
}

const v = (node: string) => symbol(`v(${node})`);

/** A circuit with something of everything in it. */
const mixed = circuit(
  [
    element('voltage-source', 'vin', ['in', '0'], { dc: 0.7 }),
    element('voltage-source', 'vup', ['up', 'in'], { dc: 0.2 }),
    element('voltage-source', 'vfloat', ['b', 'c'], { dc: 0.1 }),
    element('resistor', 'r1', ['in', 'a'], { r: 50 }),
    element('resistor', 'r2', ['up', 'b'], { r: 70 }),
    element('capacitor', 'c1', ['a', 'c'], { c: 1e-6 }),
    element('diode', 'd1', ['a', 'b'], {}, { model: 'dm' }),
    element('inductor', 'l1', ['c', '0'], { l: 1e-3 }),
    element('fitzhugh-nagumo', 'n1', ['a', 'w'], {}, { model: 'cell' }),
    element(
      'behavioural-current',
      'b1',
      ['w', '0'],
      {},
      {
        expressions: { i: mul(constant(1e-3), call('tanh', mul(v('a'), sub(v('b'), symbol('i(l1)'))))) },
      },
    ),
    element('line', 't1', ['b', '0', 'far', '0'], { z0: 50, td: 1e-9 }),
    element('resistor', 'rl', ['far', '0'], { r: 75 }),
  ],
  [
    { name: 'dm', type: 'd', values: { is: 1e-9, rs: 2, cjo: 1e-9, tt: 1e-8, bv: 5 } },
    { name: 'cell', type: 'fhn', values: {} },
  ],
);

function states(system: System, seed: number): { x: Float64Array; f: Float64Array; q: Float64Array } {
  const random = createRandom(seed);
  const x = new Float64Array(system.size);
  system.applySources(
    Float64Array.from(system.sources, (s) => s.dc),
    x,
  );
  for (let k = 0; k < system.n; k++) x[k] = 0.8 * (2 * random.uniform() - 1);
  return { x, f: new Float64Array(system.size), q: new Float64Array(system.charges) };
}

/** Total charge per row: nonlinear charges scattered by addRates, linear ones through C·x. */
function chargeRows(system: System, x: Float64Array): Float64Array {
  const rows = new Float64Array(system.size);
  const q = new Float64Array(system.charges);
  system.evaluate(x, 0, new Float64Array(system.size), q);
  system.addRates(x, q, rows);
  return rows;
}

describe('a compiled circuit', () => {
  const compiled = compile(mixed);
  const system = compiled.bind();

  it('knows the nodes that grounded sources hold, through chains of sources too', () => {
    const unknown = system.unknowns.map((u) => u.name);
    expect(unknown).not.toContain('v(in)');
    expect(unknown).not.toContain('v(up)');
    expect(unknown).toContain('i(vfloat)');
    const { x } = states(system, 1);
    expect(x[compiled.probe(system, 'v(up)') === undefined ? -1 : system.n + 1]).toBeCloseTo(0.9, 15);
  });

  it('delivers the exact partials of f and q with respect to every unknown and input', () => {
    const { x, f, q } = states(system, 2);
    const G = new Float64Array(system.slots);
    const C = new Float64Array(system.slots);
    system.evaluate(x, 0, f, q, G, C);
    const dense = (values: Float64Array): Map<string, number> => {
      const m = new Map<string, number>();
      const { colPtr, rowIdx, nnz } = system.pattern;
      for (let c = 0; c < system.n; c++)
        for (let k = colPtr[c]; k < colPtr[c + 1]; k++) m.set(`${rowIdx[k]},${c}`, values[k]);
      for (const [k, row] of system.borderRow.entries())
        m.set(`${row},${system.borderCol[k]}`, values[nnz + k]);
      return m;
    };
    const [denseG, denseC] = [dense(G), dense(C)];
    const fAt = (): Float64Array => {
      const out = new Float64Array(system.size);
      system.evaluate(x, 0, out, new Float64Array(system.charges));
      return out;
    };
    for (let column = 0; column < system.size - 2; column++) {
      const x0 = x[column];
      const h = 1e-6;
      x[column] = x0 + h;
      const [fp, qp] = [fAt(), chargeRows(system, x)];
      x[column] = x0 - h;
      const [fm, qm] = [fAt(), chargeRows(system, x)];
      x[column] = x0;
      for (let row = 0; row < system.n; row++) {
        const g = denseG.get(`${row},${column}`) ?? 0;
        const c = denseC.get(`${row},${column}`) ?? 0;
        expect((fp[row] - fm[row]) / (2 * h), `G ${row},${column}`).toBeCloseTo(
          g,
          5 - Math.max(0, Math.ceil(Math.log10(Math.abs(g) + 1))),
        );
        expect(1e6 * ((qp[row] - qm[row]) / (2 * h) - c), `C ${row},${column}`).toBeCloseTo(0, 3);
      }
    }
  });

  it('conserves current: what leaves all nodes, known ones included, is what flows to ground', () => {
    const isolated = circuit(
      [
        element('resistor', 'r1', ['a', 'b'], { r: 3 }),
        element('diode', 'd1', ['b', 'c'], {}, { model: 'dm' }),
        element('capacitor', 'c1', ['a', 'c'], { c: 1 }),
        element('voltage-source', 'v1', ['a', '0'], { dc: 1 }),
        element('resistor', 'r2', ['c', 'b'], { r: 3 }),
      ],
      [{ name: 'dm', type: 'd', values: {} }],
    );
    const s = compile(isolated).bind();
    const { x, f, q } = states(s, 3);
    s.evaluate(x, 0, f, q);
    s.addRates(x, q, f);
    s.evaluateKnownRows(x, 0, x, q, f);
    const total = f.subarray(0, s.size - 2).reduce((sum, y) => sum + y, 0);
    expect(Math.abs(total)).toBeLessThan(1e-15 * f.reduce((m, y) => Math.max(m, Math.abs(y)), 0) * 10);
  });

  it('is unchanged by limited voltages that are the actual ones, and linear in x when they are not', () => {
    const { x, f, q } = states(system, 4);
    const { junctions } = system;
    const limited = Float64Array.from(
      { length: junctions.count },
      (_, k) => x[junctions.plus[k]] - x[junctions.minus[k]],
    );
    const G = new Float64Array(system.slots);
    const C = new Float64Array(system.slots);
    const g = new Float64Array(system.size);
    system.evaluate(x, 0, f, q);
    system.evaluate(x, 0, g, q, G, C, limited);
    for (let k = 0; k < system.n; k++) expect(g[k]).toBeCloseTo(f[k], 14);
  });

  it('shares pattern between bindings, and takes new numbers', () => {
    const other = compiled.bind({ values: new Map([['r1.r', 25]]) });
    expect(other.pattern).toBe(system.pattern);
    const { x, f, q } = states(system, 5);
    const g = f.slice();
    system.evaluate(x, 0, f, q);
    other.evaluate(x, 0, g, q);
    const a = system.unknowns.findIndex((u) => u.name === 'v(a)');
    expect(g[a] - f[a]).toBeCloseTo((x[a] - 0.7) * (1 / 25 - 1 / 50), 14);
  });

  it('recompiles when a number changes the structure', () => {
    const other = compiled.bind({ models: new Map([['dm.rs', 0]]) });
    expect(other.n).toBe(system.n - 1);
  });
});

describe('behavioural expressions', () => {
  it('of one shape share one loop, whatever their nodes and numbers', () => {
    const cells = Array.from({ length: 50 }, (_, k) => [
      element(
        'behavioural-current',
        `b${k}`,
        [`n${k}`, '0'],
        {},
        {
          expressions: {
            i: sub(mul(v(`n${k}`), mul(v(`n${k}`), v(`n${k}`))), mul(constant(0.5 + k), v(`n${k}`))),
          },
        },
      ),
      element('resistor', `r${k}`, [`n${k}`, '0'], { r: 1 }),
    ]).flat();
    const s = compile(circuit(cells)).bind();
    const { x, f, q } = states(s, 6);
    s.evaluate(x, 0, f, q);
    for (let k = 0; k < 50; k++) expect(f[k]).toBeCloseTo(x[k] ** 3 - (0.5 + k) * x[k] + x[k], 12);
    expect(s.linear).toBe(false);
  });

  it('that are linear are folded: the system is linear', () => {
    const s = compile(
      circuit([
        element(
          'behavioural-current',
          'b1',
          ['a', '0'],
          {},
          { expressions: { i: add(mul(constant(2), v('a')), mul(v('b'), constant(3))) } },
        ),
        element('resistor', 'r1', ['a', 'b'], { r: 1 }),
        element('resistor', 'r2', ['b', '0'], { r: 1 }),
      ]),
    ).bind();
    expect(s.linear).toBe(true);
  });

  it('may read currents only where they are unknowns, and say so', () => {
    const bad = circuit([
      element('resistor', 'r1', ['a', '0'], { r: 1 }),
      element('behavioural-current', 'b1', ['a', '0'], {}, { expressions: { i: symbol('i(r1)') } }),
    ]);
    expect(() => compile(bad)).toThrow(InputError);
    expect(() => compile(bad)).toThrow(/0 V in series/);
  });
});

describe('readings', () => {
  it('of an eliminated source are what its nodes send into the devices', () => {
    const compiled = compile(
      circuit([
        element('voltage-source', 'v1', ['a', '0'], { dc: 2 }),
        element('voltage-source', 'v2', ['b', 'a'], { dc: 1 }),
        element('resistor', 'r1', ['a', '0'], { r: 1 }),
        element('resistor', 'r2', ['b', '0'], { r: 1 }),
      ]),
    );
    const s = compiled.bind();
    expect(s.n).toBe(0);
    const { x, f, q } = states(s, 7);
    s.evaluate(x, 0, f, q);
    s.evaluateKnownRows(x, 0, new Float64Array(s.size), q, f);
    const at = { t: 0, x, q, xdot: new Float64Array(s.size), qdot: q, f };
    expect(compiled.probe(s, 'i(v2)')!.read(at)).toBeCloseTo(-3, 14);
    expect(compiled.probe(s, 'i(v1)')!.read(at)).toBeCloseTo(-5, 14);
    expect(compiled.probe(s, 'i(r1)')!.read(at)).toBeCloseTo(2, 14);
    expect(compiled.probe(s, 'i(nothing)')).toBeUndefined();
  });
});

describe('a source', () => {
  const pulsed = compile(
    circuit([
      element(
        'voltage-source',
        'v1',
        ['a', '0'],
        {},
        { waveform: { kind: 'pulse', args: [0, 1, 0, 1e-9, 1e-9, 1e-9, 2e-18] } },
      ),
      element('resistor', 'r1', ['a', '0'], { r: 1 }),
    ]),
  );

  it('that would repeat without end in a run is refused, with how often', () => {
    expect(() => pulsed.bind({ timing: { tstep: 1e-6, tstop: 1 } })).toThrow(/repeat 5\.00e\+17 times/);
    expect(() => pulsed.bind()).not.toThrow();
  });
});

describe('a binding', () => {
  const dd: Model = { name: 'dd', type: 'd', values: {} };
  const compiled = compile(
    circuit(
      [
        element('voltage-source', 'v1', ['in', '0'], { dc: 1 }),
        element('resistor', 'r1', ['in', 'out'], { r: symbol('r') }),
        element('diode', 'd1', ['out', '0'], {}, { model: 'dd' }),
      ],
      [dd],
      [['r', 1e3]],
    ),
  );
  const one = (name: string, value = 1) => new Map([[name, value]]);

  it('of what the circuit does not have, or of no number, is refused', () => {
    expect(() => compiled.bind({ parameters: one('q') })).toThrow(/no parameter q[\s\S]*its parameters: r/);
    expect(() => compiled.bind({ parameters: one('R') })).toThrow(/names are in lower case: r/);
    expect(() => compiled.bind({ parameters: one('r', Number.NaN) })).toThrow('r is not a number');
    expect(() => compiled.bind({ models: one('de.is') })).toThrow(/no model whose parameter de.is/);
    expect(() => compiled.bind({ values: one('R1.r') })).toThrow(/names are in lower case: r1/);
    expect(() => compiled.bind({ parameters: one('r', 2), models: one('dd.is', 1e-12) })).not.toThrow();
  });

  it('may leave the bounds of devices, of which `faults` tells', () => {
    expect(() => compiled.bind({ parameters: one('r', 0) })).not.toThrow();
    expect(compiled.faults({ parameters: one('r', 0) }).map((f) => f.message)).toEqual([
      'r1: r = 0 must not be zero',
    ]);
    expect(compiled.faults({ values: one('r1.r', 0), models: one('dd.is', -1) })).toHaveLength(2);
    expect(compiled.faults({ parameters: one('r', 2), celsius: 50 })).toEqual([]);
  });

  it('and probes take names in any case', () => {
    expect(compiled.probe(compiled.bind(), 'V(Out)')?.name).toBe('v(out)');
  });
});
