// Operating points and their strategies, DC sweeps, small-signal analysis, stability.
import { describe, expect, it } from 'vitest';
import { ac, frequencies } from '../../src/analysis/ac.js';
import { dc } from '../../src/analysis/dc.js';
import { op } from '../../src/analysis/op.js';
import { readOptions } from '../../src/analysis/options.js';
import type { System } from '../../src/circuit/system.js';
import { type Diagnostic, SimulationError } from '../../src/errors.js';
import { operatingPoint } from '../../src/solve/operating-point.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { options, probe, probes } from '../support/run.js';
import { constant, handMade } from '../support/system.js';

const VT = 0.025;
const IS = 1e-14;

/** Source – 1 kΩ – diode, with the junction limited as a device would. */
function diode(volts: number): System {
  const current = (v: number) => IS * (Math.exp(v / VT) - 1);
  const slope = (v: number) => (IS / VT) * Math.exp(v / VT);
  return handMade({
    n: 1,
    G: [[1e-3, -1e-3]],
    sources: [constant(volts)],
    f: (x, _t, f, limited) => {
      const v = limited?.[0] ?? x[0];
      f[0] += current(v) + slope(v) * (x[0] - v);
    },
    jacobian: (x, _t, add, limited) => add(0, 0, slope(limited?.[0] ?? x[0])),
    junctions: {
      count: 1,
      plus: Int32Array.of(0),
      minus: Int32Array.of(3),
      thermal: Float64Array.of(VT),
      critical: Float64Array.of(VT * Math.log(VT / (Math.SQRT2 * IS))),
    },
  });
}

/** (V − v)/R = i(v) with i cubic, so that three equilibria exist: v³ − v + (v − u)·g = 0, C = 1. */
const cubic = (g: number, u: number, extra: Partial<Parameters<typeof handMade>[0]> = {}) =>
  handMade({
    n: 1,
    G: [[g - 1, -g]],
    C: [[1]],
    sources: [constant(u)],
    f: (x, _t, f) => {
      f[0] += x[0] ** 3;
    },
    jacobian: (x, _t, add) => add(0, 0, 3 * x[0] ** 2),
    ...extra,
  });

describe('operating point', () => {
  it('a diode behind a resistor satisfies its equation at 1 V and at 1000 V', () => {
    for (const volts of [1, 1000]) {
      const { x } = operatingPoint(diode(volts), options(), createWorkspace());
      const current = (volts - x[0]) / 1e3;
      expect((IS * (Math.exp(x[0] / VT) - 1)) / current).toBeCloseTo(1, 6);
    }
  });

  it('a nodeset chooses between stable states, and is let go', () => {
    const from = (v: number) =>
      operatingPoint(cubic(0.1, 0, { nodesets: [[0, v]] }), options(), createWorkspace()).x[0];
    expect(from(0.7)).toBeCloseTo(Math.sqrt(0.9), 6);
    expect(from(-0.7)).toBeCloseTo(-Math.sqrt(0.9), 6);
  });

  it('an initial condition is held when a transient asks for it', () => {
    const system = cubic(0.1, 0, { initialConditions: [[0, 0.3]] });
    expect(operatingPoint(system, options(), createWorkspace(), { holdInitial: true }).x[0]).toBeCloseTo(
      0.3,
      6,
    );
  });

  it('says which way it took when Newton alone does not arrive', () => {
    // arctan has a small basin of convergence for Newton started far away.
    const far = handMade({
      n: 1,
      f: (x, _t, f) => {
        f[0] += Math.atan(50 * (x[0] - 3));
      },
      jacobian: (x, _t, add) => add(0, 0, 50 / (1 + (50 * (x[0] - 3)) ** 2)),
    });
    const found = operatingPoint(far, options(), createWorkspace());
    expect(found.x[0]).toBeCloseTo(3, 6);
    expect(found.strategy).not.toBe('newton');
  });

  it('names the unknown and everything tried when there is no solution', () => {
    const none = handMade({
      n: 1,
      names: ['v(out)'],
      f: (x, _t, f) => {
        f[0] += 1 + x[0] ** 2;
      },
      jacobian: (x, _t, add) => add(0, 0, 2 * x[0]),
    });
    let caught: unknown;
    try {
      operatingPoint(none, options(), createWorkspace());
    } catch (error) {
      caught = error;
    }
    if (!(caught instanceof SimulationError)) throw new Error('expected a SimulationError');
    expect(caught.report.unknowns).toEqual(['v(out)']);
    expect(caught.report.tried).toHaveLength(4);
  });

  it('switches settle with their control signals', () => {
    // The switch (mode) pulls node 0 up to 1 once node 0 exceeds 0.2; a source of 0.3 starts it.
    const system = handMade({
      n: 1,
      G: [[1, -1, -0.5]],
      sources: [constant(0.3)],
      modes: [
        { signal: { index: Int32Array.of(0), weight: Float64Array.of(1) }, on: 0.2, off: 0.1, initial: 0 },
      ],
    });
    const point = operatingPoint(system, options(), createWorkspace());
    expect(point.x[0]).toBeCloseTo(0.8, 9);
    expect([...point.modes]).toEqual([1]);
  });
});

describe('stability', () => {
  const warnings = (system: System) => {
    const heard: Diagnostic[] = [];
    op(system, probes(system), options(), { warn: (w) => heard.push(w) });
    return heard;
  };

  /** A row of cells v' = a·v − w, w' = v − w/2, coupled by resistors: linearised FitzHugh–Nagumo at rest. */
  const chain = (cells: number, gain: number) => {
    const n = 2 * cells;
    const row = () => new Array<number>(n).fill(0);
    const G = Array.from({ length: n }, row);
    const C = Array.from({ length: n }, row);
    for (let k = 0; k < cells; k++) {
      G[2 * k][2 * k] = -gain;
      G[2 * k][2 * k + 1] = 1;
      G[2 * k + 1][2 * k] = -1;
      G[2 * k + 1][2 * k + 1] = 0.5;
      C[2 * k][2 * k] = 1;
      C[2 * k + 1][2 * k + 1] = 1;
      for (const j of [k - 1, k + 1]) {
        if (j < 0 || j >= cells) continue;
        G[2 * k][2 * k] += 0.1;
        G[2 * k][2 * j] -= 0.1;
      }
    }
    return handMade({ n, G, C });
  };

  it('a cell with more gain than damping is reported with its growth rate', () => {
    // λ² + (0.5 − a)λ + 1 − a/2 = 0 for one cell: Re λ = (a − 0.5)/2.
    const [warning] = warnings(chain(1, 0.9));
    expect(warning.code).toBe('unstable-operating-point');
    expect(warning.message).toContain('0.200');
  });

  it('a damped cell, and a lossless resonator, are not', () => {
    expect(warnings(chain(1, 0.4))).toEqual([]);
    const lc = handMade({
      n: 2,
      G: [
        [0, 1],
        [-1, 0],
      ],
      C: [
        [1e-9, 0],
        [0, 1e-6],
      ],
    });
    expect(warnings(lc)).toEqual([]);
  });

  it('is judged by Arnoldi in circuits of more than 120 unknowns', () => {
    expect(warnings(chain(80, 0.9))).toHaveLength(1);
    expect(warnings(chain(80, 0.4))).toEqual([]);
  });
});

describe('DC sweep', () => {
  it('meets the same points up and down where the solution is unique', () => {
    const system = cubic(2, 0);
    const up = Float64Array.from({ length: 41 }, (_, k) => -2 + 0.1 * k);
    const run = (values: Float64Array) =>
      dc(
        { system, probes: probes(system) },
        [{ name: 'v1', quantity: 'voltage', values, source: 0 }],
        options(),
      )[0];
    const forth = run(up).columns[0].values;
    const back = run(up.slice().reverse()).columns[0].values.slice().reverse();
    forth.forEach((v, k) => {
      expect(v).toBeCloseTo(back[k], 6);
      expect(v + v ** 3).toBeCloseTo(2 * up[k], 6);
    });
  });

  it('of nothing, or of a source that is not there, is refused', () => {
    const system = cubic(2, 0);
    const bound = { system, probes: probes(system) };
    expect(() => dc(bound, [], options())).toThrow(RangeError);
    const sweep = { name: 'v9', quantity: 'voltage' as const, values: [1], source: 9 };
    expect(() => dc(bound, [sweep], options())).toThrow(/v9: there is no source 9/);
    expect(() => dc(bound, [{ ...sweep, source: 0 }], { ...options(), reltol: -1 })).toThrow(RangeError);
  });

  it('nests: one dataset per outer value, and parameters come from the caller', () => {
    const bound = (g: number) => {
      const system = handMade({ n: 1, G: [[g, -1]], sources: [constant(0)] });
      return { system, probes: probes(system) };
    };
    const sweeps = [
      { name: 'v1', quantity: 'voltage' as const, values: [1, 2], source: 0 },
      { name: 'g', quantity: 'parameter' as const, values: [1, 4] },
    ];
    const sets = dc(bound(1), sweeps, options(), {}, ([g]) => bound(g));
    expect(sets.map((d) => d.step)).toEqual([{ g: 1 }, { g: 4 }]);
    expect(sets.map((d) => [...d.columns[0].values])).toEqual([
      [1, 2],
      [0.25, 0.5],
    ]);
  });
});

describe('AC', () => {
  it('an RC low pass is 1/(1 + jωRC)', () => {
    const system = handMade({ n: 1, G: [[1e-3, -1e-3]], C: [[1e-6, 0]], sources: [constant(0, 2)] });
    const data = ac(
      system,
      [probe(system, 0)],
      { variation: 'dec', points: 5, fstart: 1, fstop: 1e5 },
      options(),
    );
    const [column] = data.columns;
    data.axis?.values.forEach((f, k) => {
      const w = 2 * Math.PI * f * 1e-3;
      expect(column.values[k]).toBeCloseTo(2 / (1 + w * w), 12);
      expect(column.imaginary?.[k]).toBeCloseTo((-2 * w) / (1 + w * w), 12);
    });
  });

  it('a delayed echo is 1/(1 − e^(−jωτ)/2)', () => {
    const system = handMade({
      n: 1,
      G: [[1, -1, -0.5]],
      sources: [constant(0, 1)],
      delays: [{ signal: { index: Int32Array.of(0), weight: Float64Array.of(1) }, by: 1e-3, initial: 0 }],
    });
    const data = ac(
      system,
      [probe(system, 0)],
      { variation: 'lin', points: 9, fstart: 0, fstop: 1000 },
      options(),
    );
    data.axis?.values.forEach((f, k) => {
      const angle = 2 * Math.PI * f * 1e-3;
      const a = 1 - Math.cos(angle) / 2;
      const b = Math.sin(angle) / 2;
      expect(data.columns[0].values[k]).toBeCloseTo(a / (a * a + b * b), 12);
      expect(data.columns[0].imaginary?.[k]).toBeCloseTo(-b / (a * a + b * b), 12);
    });
  });

  it('frequencies of a decade, an octave and a line', () => {
    expect(
      [...frequencies({ variation: 'dec', points: 2, fstart: 1, fstop: 100 })].map((f) => f.toFixed(3)),
    ).toEqual(['1.000', '3.162', '10.000', '31.623', '100.000']);
    expect(frequencies({ variation: 'oct', points: 1, fstart: 1, fstop: 9 })).toHaveLength(4);
    expect([...frequencies({ variation: 'lin', points: 3, fstart: 0, fstop: 10 })]).toEqual([0, 5, 10]);
    expect(() => frequencies({ variation: 'dec', points: 2, fstart: 0, fstop: 1 })).toThrow(RangeError);
  });
});

describe('options', () => {
  it('have SPICE defaults and aliases', () => {
    const { options: read, diagnostics } = readOptions({ method: 'GEAR', reltol: 1e-4 });
    expect(diagnostics).toEqual([]);
    expect(read).toMatchObject({
      method: 'bdf',
      reltol: 1e-4,
      abstol: 1e-12,
      vntol: 1e-6,
      chgtol: 1e-14,
      maxord: 5,
    });
  });

  it('complain about every wrong value at once and go on with defaults', () => {
    const { options: read, diagnostics } = readOptions({ method: 'euler', reltol: -1, maxord: 6, itl1: 50 });
    expect(diagnostics.map((d) => d.hint?.split(' ')[0]).sort()).toEqual(['maxord', 'one', 'reltol']);
    expect(read).toMatchObject({ method: 'bdf', reltol: 1e-3, maxord: 5, itl1: 50 });
  });
});
