// Break-points, corners, delays, switches, dense output, interruption and failure of the march in time.
import { describe, expect, it } from 'vitest';
import { transient } from '../../src/analysis/transient.js';
import type { Source } from '../../src/circuit/system.js';
import { SimulationError } from '../../src/errors.js';
import { createBreakpoints } from '../../src/solve/breakpoints.js';
import { deviation, last, options, probe, probes, simulate } from '../support/run.js';
import { constant, handMade, ode, waveform } from '../support/system.js';

const rc = (tau: number, u: Source, initial = 0) =>
  handMade({ n: 1, G: [[1, -1]], C: [[tau]], sources: [u], initial: [initial] });

/** 0 before t = 1, 1 from there on. */
const jump = waveform(
  (t) => (t >= 1 ? 1 : 0),
  () => 0,
  [1],
);

describe('corners', () => {
  it('a jump of the source starts the exponential at the break-point, which is hit exactly', () => {
    const trace = simulate(rc(1, jump), { tstop: 4 }, { reltol: 1e-6, vntol: 1e-9 });
    expect(trace.time).toContain(1);
    expect(last(trace.time)).toBe(4);
    expect(deviation(trace, 0, (t) => (t <= 1 ? 0 : 1 - Math.exp(1 - t)))).toBeLessThan(1e-5);
  });

  it('a node without charge follows a jump at once, and a capacitive divider shares it', () => {
    // Two capacitors in series from the source; node 0 also drives a resistive node 1 = v0/2.
    const system = handMade({
      n: 2,
      G: [
        [1e-6, 0, 0],
        [-0.5, 1, 0],
      ],
      C: [
        [3, 0, -1],
        [0, 0, 0],
      ],
      sources: [jump],
    });
    const trace = simulate(system, { tstop: 2 });
    expect(last(trace.columns[0])).toBeCloseTo(1 / 3, 5);
    expect(last(trace.columns[1])).toBeCloseTo(1 / 6, 5);
  });

  it('corners of a cluster are one break-point', () => {
    const source = waveform(
      () => 0,
      () => 0,
      [1, 1 + 1e-14, 1 + 2e-14, 2],
    );
    const points = createBreakpoints([source], 10);
    expect(points.next(0)).toBe(1);
    expect(points.clusterEnd(1)).toBe(1 + 2e-14);
    expect(points.next(points.clusterEnd(1))).toBe(2);
  });
});

describe('dense output', () => {
  it('gives exactly the times asked for, as accurately as the points', () => {
    const at = [0, 0.1, 1 / 3, 1, Math.PI, 5];
    const given = { reltol: 1e-6, vntol: 1e-9 };
    for (const method of ['bdf', 'trap', 'trbdf2', 'odex'] as const) {
      const trace = simulate(rc(1, constant(1)), { tstop: 5, at, uic: true }, { ...given, method });
      expect([...trace.time]).toEqual(at);
      expect(deviation(trace, 0, (t) => 1 - Math.exp(-t))).toBeLessThan(2e-5);
    }
  });

  it('keeps points from tstart on, the first one at tstart itself', () => {
    const trace = simulate(rc(1, constant(1)), { tstop: 5, tstart: 2, uic: true });
    expect(trace.time[0]).toBe(2);
    expect(deviation(trace, 0, (t) => 1 - Math.exp(-t))).toBeLessThan(5e-3);
  });

  it('times are strictly ascending', () => {
    const trace = simulate(rc(1e-3, jump), { tstop: 4 });
    for (let k = 1; k < trace.time.length; k++) expect(trace.time[k]).toBeGreaterThan(trace.time[k - 1]);
  });
});

describe('delays', () => {
  const echo = (by: number) =>
    handMade({
      n: 1,
      G: [[1, -1, -0.5]],
      sources: [
        waveform(
          (t) => Math.max(0, Math.min(1, t)),
          (t) => (t >= 0 && t < 1 ? 1 : 0),
          [1],
        ),
      ],
      delays: [{ signal: { index: Int32Array.of(0), weight: Float64Array.of(1) }, by, initial: 0 }],
    });

  it('x(t) = u(t) + x(t − τ)/2 is summed as the geometric series of its echoes', () => {
    const trace = simulate(echo(1.7), { tstop: 20, uic: true }, { reltol: 1e-6, vntol: 1e-9 });
    const ramp = (t: number) => Math.max(0, Math.min(1, t));
    const sum = (t: number) => {
      let s = 0;
      for (let k = 0; k < 20; k++) s += 0.5 ** k * ramp(t - 1.7 * k);
      return s;
    };
    expect(deviation(trace, 0, sum)).toBeLessThan(1e-6);
  });

  it('start where the operating point has each equal to its signal', () => {
    const system = handMade({
      n: 1,
      G: [[1, -1, -0.5]],
      sources: [constant(1)],
      delays: [
        { signal: { index: Int32Array.of(0), weight: Float64Array.of(1) }, by: 1, initial: Number.NaN },
      ],
    });
    expect(deviation(simulate(system, { tstop: 5 }), 0, () => 2)).toBeLessThan(1e-9);
  });

  it('stop breeding break-points once their echoes are small', () => {
    const trace = simulate(echo(0.013), { tstop: 3, uic: true });
    expect(trace.complete).toBe(true);
    expect(trace.statistics.restarts).toBeLessThan(40);
  });
});

describe('modes', () => {
  /** τv' = 1 − 2m − v from v(0), with m once v is above 1/2 and until it is below `off`. */
  const comparator = (off: number, initial = 0) =>
    handMade({
      n: 1,
      G: [[1, 2]],
      C: [[1]],
      f: (_x, _t, f) => {
        f[0] -= 1;
      },
      jacobian: () => {},
      modes: [{ signal: { index: Int32Array.of(0), weight: Float64Array.of(1) }, on: 0.5, off, initial: 0 }],
      initial: [initial],
    });

  it('flip where the signal crosses, with hysteresis', () => {
    // Between the thresholds ±1/2 it is a relaxation oscillator of period 2·ln 3.
    const system = comparator(-0.5, -0.5);
    const trace = simulate(system, { tstop: 20, uic: true }, { reltol: 1e-6, vntol: 1e-9 });
    const crests = [...trace.time].filter(
      (_, k) =>
        k > 0 && trace.columns[0][k] > 0.4999 && trace.columns[0][k] >= (trace.columns[0][k + 1] ?? 0),
    );
    const first = Math.log(3);
    crests.forEach((t, k) => {
      expect(t).toBeCloseTo(first + 2 * k * Math.log(3), 4);
    });
    expect(crests.length).toBe(9);
  });

  it('without hysteresis it slides along its threshold from t = ln 2 on, which is told by name', () => {
    let points = 0;
    const run = () =>
      transient(comparator(0.5), probes(comparator(0.5)), { tstop: 2, uic: true }, options(), {
        partial: (data) => {
          points = data.axis?.values.length ?? 0;
        },
      });
    expect(run).toThrow(/s0 chatters at t = 0\.693/);
    expect(points).toBeGreaterThan(20);
    const trace = simulate(comparator(0.499), { tstop: 2, uic: true });
    expect(last(trace.time)).toBe(2);
    expect(last(trace.columns[0])).toBeCloseTo(0.5, 2);
  });

  it('many that flip at nearly the same instant do not chatter', () => {
    const n = 120;
    const row = (k: number, at: number) => Array.from({ length: n + 1 }, (_, j) => (j === k ? at : 0));
    const system = handMade({
      n,
      G: Array.from({ length: n }, (_, k) => [...row(k, 1).slice(0, n), -1]),
      C: Array.from({ length: n }, (_, k) => row(k, 1).slice(0, n)),
      sources: [constant(1)],
      modes: Array.from({ length: n }, (_, k) => ({
        signal: { index: Int32Array.of(k), weight: Float64Array.of(1) },
        on: 0.5 + k * 1e-11,
        off: 0,
        initial: 0,
      })),
    });
    const trace = simulate(system, { tstop: 2, uic: true });
    expect(last(trace.columns[0])).toBeCloseTo(1 - Math.exp(-2), 3);
  });
});

describe('stopping', () => {
  it('an interruption keeps what was computed', () => {
    const system = rc(1, constant(1));
    let seen = 0;
    const signal = { aborted: false };
    const data = transient(system, probes(system), { tstop: 5, uic: true }, options(), {
      signal,
      progress: () => {
        signal.aborted = ++seen >= 7;
      },
    });
    expect(data.complete).toBe(false);
    expect(data.axis?.values.length).toBe(7);
  });

  it('a solution that escapes in finite time is reported with time, unknown and device, after its points', () => {
    const system = ode(
      [1],
      ([y]) => [y * y],
      ([y]) => [[2 * y]],
    );
    let points = 0;
    const run = () =>
      transient(system, [probe(system, 0)], { tstop: 2, uic: true }, options(), {
        partial: (data) => {
          points = data.axis?.values.length ?? 0;
          expect(data.complete).toBe(false);
        },
      });
    let caught: unknown;
    try {
      run();
    } catch (error) {
      caught = error;
    }
    if (!(caught instanceof SimulationError)) throw new Error('expected a SimulationError');
    expect(caught.report.time).toBeCloseTo(1, 2);
    expect(caught.report.unknowns).toEqual(['v(0)']);
    expect(caught.report.devices).toEqual(['device0']);
    expect(caught.report.tried.length).toBeGreaterThan(1);
    expect(points).toBeGreaterThan(5);
  });

  it('odex refuses a circuit that is no ODE by name', () => {
    const system = handMade({
      n: 2,
      G: [
        [1, -1],
        [-1, 2],
      ],
      C: [
        [1, 0],
        [0, 0],
      ],
      initial: [1, 0.5],
    });
    expect(() => simulate(system, { tstop: 1, uic: true }, { method: 'odex' })).toThrow(/v\(1\)/);
  });

  it('times that make no sense are refused', () => {
    const system = rc(1, constant(1));
    expect(() => simulate(system, { tstop: 0 })).toThrow(RangeError);
    expect(() => simulate(system, { tstop: 1, tstart: 2 })).toThrow(RangeError);
    expect(() => simulate(system, { tstop: 1, tmax: -1 })).toThrow(RangeError);
    expect(() => simulate(system, { tstop: 1, at: [0.5, 2] })).toThrow(/from 0 to 1 s, not at 2 s/);
    expect(() => simulate(system, { tstop: 1, at: [0.5, 0.2] })).toThrow(/ascending/);
    expect(() => simulate(system, { tstop: 1, at: [Number.NaN] })).toThrow(RangeError);
  });

  it.each([
    { reltol: -1 },
    { reltol: 2 },
    { vntol: 0 },
    { abstol: Number.NaN },
    { gmin: -1 },
    { maxord: 6 },
    { itl1: 1.5 },
  ])('so are options: %o', (options) => {
    expect(() => simulate(rc(1, constant(1)), { tstop: 1 }, options)).toThrow(RangeError);
  });
});

describe('nonlinear charges', () => {
  it('q = v³ discharged through a resistor follows 3v·v̇ = −1', () => {
    const system = handMade({
      n: 1,
      G: [[1]],
      charges: [{ row: 0, q: (x) => x[0] ** 3, partials: (x) => [[0, 3 * x[0] ** 2]] }],
      initial: [2],
    });
    const given = { reltol: 1e-6, vntol: 1e-9 };
    for (const method of ['bdf', 'trap', 'trbdf2', 'odex'] as const) {
      const trace = simulate(system, { tstop: 4, uic: true }, { ...given, method });
      expect(deviation(trace, 0, (t) => Math.sqrt(4 - (2 * t) / 3))).toBeLessThan(1e-4);
    }
  });
});
