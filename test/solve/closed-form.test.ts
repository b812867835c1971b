// RC, RLC and LC against their closed forms, by every stepper.
import { describe, expect, it } from 'vitest';
import type { Method } from '../../src/solve/options.js';
import { deviation, last, simulate } from '../support/run.js';
import { constant, handMade, rlc, waveform } from '../support/system.js';

const METHODS: readonly Method[] = ['bdf', 'trap', 'trbdf2', 'odex'];

/** v' = (u − v)/τ: a resistor from source u to a capacitor at v. */
const rc = (tau: number, u = constant(1), initial = 0) =>
  handMade({ n: 1, G: [[1, -1]], C: [[tau]], sources: [u], initial: [initial] });

const TIGHT = { reltol: 1e-6, vntol: 1e-9, abstol: 1e-9 };

describe.each(METHODS)('%s', (method) => {
  it('charges a capacitor as 1 − exp(−t/τ)', () => {
    const trace = simulate(rc(1e-3), { tstop: 5e-3, uic: true }, { ...TIGHT, method });
    expect(deviation(trace, 0, (t) => 1 - Math.exp(-t / 1e-3))).toBeLessThan(1e-5);
  });

  it('rings, is critically damped, and creeps as RLC does', () => {
    const forms: readonly (readonly [number, (t: number) => number])[] = [
      [
        0.4,
        (t) => {
          const w = Math.sqrt(1 - 0.04);
          return Math.exp(-0.2 * t) * (Math.cos(w * t) + (0.2 / w) * Math.sin(w * t));
        },
      ],
      [2, (t) => Math.exp(-t) * (1 + t)],
      [
        5,
        (t) => {
          const a = (-5 + Math.sqrt(21)) / 2;
          const b = (-5 - Math.sqrt(21)) / 2;
          return (a * Math.exp(b * t) - b * Math.exp(a * t)) / (a - b);
        },
      ],
    ];
    for (const [r, v] of forms) {
      const trace = simulate(rlc(r), { tstop: 20, uic: true }, { ...TIGHT, method });
      expect(deviation(trace, 0, v)).toBeLessThan(2e-5);
    }
  });

  it('errs clearly less for a smaller reltol', () => {
    const error = (reltol: number) => {
      const given = { reltol, vntol: reltol * 1e-3, abstol: reltol * 1e-3, method };
      return deviation(simulate(rlc(0.4), { tstop: 20, tmax: 20, uic: true }, given), 0, (t) => {
        const w = Math.sqrt(1 - 0.04);
        return Math.exp(-0.2 * t) * (Math.cos(w * t) + (0.2 / w) * Math.sin(w * t));
      });
    };
    expect(error(1e-4) / error(1e-7)).toBeGreaterThan(method === 'bdf' || method === 'odex' ? 125 : 60);
  });
});

it('LC keeps its energy over a thousand periods of the trapezoidal rule', () => {
  const lc = rlc(0);
  const { columns } = simulate(lc, { tstop: 2000 * Math.PI, tmax: 0.1, uic: true }, { method: 'trap' });
  const energy = (k: number) => columns[0][k] ** 2 + columns[1][k] ** 2;
  const drift = columns[0].reduce((m, _, k) => Math.max(m, Math.abs(energy(k) - energy(1))), 0);
  expect(columns[0].length).toBeGreaterThan(60_000);
  expect(drift).toBeLessThan(1e-6);
});

it('an undamped oscillation is followed in steps of one size, wherever it crosses zero', () => {
  const { time, columns } = simulate(rlc(0), { tstop: 60 * Math.PI, tmax: 100, uic: true }, TIGHT);
  const late = time.filter((t) => t > 30 * Math.PI && t < 59 * Math.PI);
  const steps = late.slice(1).map((t, k) => t - late[k]);
  expect(Math.max(...steps) / Math.min(...steps)).toBeCloseTo(1, 10);
  expect(columns[0].reduce((m, v, k) => Math.max(m, Math.abs(v - Math.cos(time[k]))), 0)).toBeLessThan(2e-4);
});

it('what decays is followed down to its own size, whatever it has been', () => {
  const { columns } = simulate(rc(1, constant(0), 1), { tstop: 25, uic: true }, { ...TIGHT, vntol: 1e-18 });
  expect(last(columns[0]) / Math.exp(-25)).toBeCloseTo(1, 3);
});

describe.each([
  ['trap', 2],
  ['trbdf2', 2],
] as const)('%s with steps of fixed size', (method, order) => {
  it('converges as h²', () => {
    const error = (h: number) => {
      const loose = { method, reltol: 0.9, vntol: 1e3 };
      const { columns } = simulate(rc(1, constant(0), 1), { tstop: 4, tmax: h, uic: true }, loose);
      return Math.abs(last(columns[0]) - Math.exp(-4));
    };
    expect(Math.log2(error(0.04) / error(0.02))).toBeGreaterThan(order - 0.2);
  });
});

it('BDF of order k follows a polynomial of degree k exactly', () => {
  for (let k = 2; k <= 5; k++) {
    const system = handMade({
      n: 1,
      C: [[1]],
      G: [[1]],
      f: (_x, t, f) => {
        f[0] -= k * t ** (k - 1) + t ** k;
      },
      jacobian: () => {},
      initial: [0],
    });
    const given = { reltol: 1e-9, vntol: 1e-11, maxord: k };
    const trace = simulate(system, { tstop: 10, tmax: 1, uic: true }, given);
    expect(deviation(trace, 0, (t) => t ** k) / 10 ** k).toBeLessThan(1e-8);
    const share = String(trace.statistics['steps by order']).split(' ').map(Number);
    expect(share[k - 1]).toBeGreaterThan(0);
    expect(trace.statistics.rejected).toBeLessThan(20);
  }
});

it('a ramp of the source is followed with one-sided corners', () => {
  const up = waveform(
    (t) => Math.min(1, Math.max(0, t - 1)),
    (t) => (t >= 1 && t < 2 ? 1 : 0),
    [1, 2],
  );
  const trace = simulate(rc(1, up), { tstop: 4 }, TIGHT);
  const ramp = (t: number) => (t < 0 ? 0 : t - 1 + Math.exp(-t));
  expect([...trace.time]).toEqual(expect.arrayContaining([1, 2, 4]));
  expect(deviation(trace, 0, (t) => ramp(t - 1) - ramp(t - 2))).toBeLessThan(1e-5);
});
