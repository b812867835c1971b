// Extrapolation of the explicit midpoint rule: what its weights are exact for, and what its dense output and its inputs
// give on long steps.
import { describe, expect, it } from 'vitest';
import { COLUMNS, offset, stagesOf, substeps, tableau } from '../../src/solve/steppers/extrapolation.js';
import { deviation, simulate } from '../support/run.js';
import { constant, handMade, rlc, waveform } from '../support/system.js';

const ks = Array.from({ length: COLUMNS - 1 }, (_, k) => k + 2);

/** q(t₀ + θh) for q̇ = λq from q = 1 with z = λh, by the weights b. */
function grown(z: number, k: number, b: Float64Array): number {
  const q = new Float64Array(stagesOf(k)).fill(1);
  for (let j = 1; j <= k; j++) {
    const first = offset(j);
    for (let i = 1; i <= substeps(j); i++) {
      const by = i === 1 ? 0 : first + i - 1;
      const from = i < 3 ? 0 : first + i - 2;
      q[first + i] = q[from] + ((i === 1 ? 1 : 2) * z * q[by]) / substeps(j);
    }
  }
  return b.reduce((sum, w, s) => sum + w * z * q[s], 1);
}

describe('k columns of the table', () => {
  it('are a Runge–Kutta method of order 2k', () => {
    for (const k of ks.slice(0, 4)) {
      const error = (z: number) => Math.abs(grown(z, k, tableau(k).end) - Math.exp(z));
      expect(Math.log2(error(1) / error(0.5))).toBeGreaterThan(2 * k + 1 - 0.6);
      expect(Math.log2(error(1) / error(0.5))).toBeLessThan(2 * k + 1 + 1);
    }
  });

  it('integrate polynomials of time up to degree 2k − 1, and on the way there up to 2k − 2', () => {
    for (const k of ks) {
      const at = new Float64Array(stagesOf(k));
      for (let j = 1; j <= k; j++) for (let i = 1; i <= substeps(j); i++) at[offset(j) + i] = i / substeps(j);
      const { end, theta, inner } = tableau(k);
      const error = (b: Float64Array, to: number, m: number) =>
        Math.abs(b.reduce((sum, w, s) => sum + w * at[s] ** m, 0) - to ** (m + 1) / (m + 1));
      for (let m = 0; m < 2 * k; m++) expect(error(end, 1, m)).toBeLessThan(1e-12);
      // Dense output has no more than 16 points.
      const most = Math.min(2 * k - 2, 14);
      inner.forEach((b, i) => {
        for (let m = 0; m <= most; m++) expect(error(b, theta[i], m)).toBeLessThan(1e-11);
      });
      expect(Math.max(...inner.map((b, i) => error(b, theta[i], most + 1)))).toBeGreaterThan(1e-12);
    }
  });

  it('tell dense output of almost the same order', () => {
    for (const k of ks.slice(0, 4)) {
      const { theta, inner } = tableau(k);
      const error = (z: number) =>
        Math.max(...inner.map((b, i) => Math.abs(grown(z, k, b) - Math.exp(theta[i] * z))));
      expect(Math.log2(error(1) / error(0.5))).toBeGreaterThan(2 * k - 0.6);
    }
  });
});

describe('odex', () => {
  const given = (reltol: number) =>
    ({ reltol, vntol: 1e-3 * reltol, abstol: 1e-3 * reltol, method: 'odex' }) as const;

  it('is as exact between its points as at them, in steps of half a period', () => {
    const tstop = 20 * Math.PI;
    const at = Array.from({ length: 1000 }, (_, k) => (tstop * (k + 0.5)) / 1000);
    for (const reltol of [1e-3, 1e-6, 1e-9]) {
      const points = simulate(rlc(0), { tstop, tmax: tstop, uic: true }, given(reltol));
      const between = simulate(rlc(0), { tstop, tmax: tstop, uic: true, at }, given(reltol));
      expect(points.statistics.accepted).toBeLessThan(40);
      expect(deviation(points, 0, Math.cos)).toBeLessThan(10 * reltol);
      expect(deviation(between, 0, Math.cos)).toBeLessThan(10 * reltol);
    }
  });

  it('raises the order as the tolerance tightens', () => {
    const mean = (reltol: number) => {
      const { statistics } = simulate(rlc(0.1), { tstop: 50, tmax: 50, uic: true }, given(reltol));
      const steps = String(statistics['steps by order']).split(' ').map(Number);
      return steps.reduce((sum, n, k) => sum + n * (k + 1), 0) / Number(statistics.accepted);
    };
    expect(mean(1e-3)).toBeLessThan(mean(1e-6));
    expect(mean(1e-6)).toBeLessThan(mean(1e-9));
  });

  it('needs no slopes of inputs that have charges: a high-pass of a sine', () => {
    // (v − u)˙ = −v/τ with u = sin ωt, from v = 0.
    const [tau, w] = [0.3, 5];
    const sine = waveform(
      (t) => Math.sin(w * t),
      () => Number.NaN,
    );
    const system = handMade({ n: 1, G: [[1]], C: [[tau, -tau]], sources: [sine], initial: [0] });
    const [x, scale] = [w * tau, 1 + (w * tau) ** 2];
    const v = (t: number) => (x * Math.cos(w * t) + x * x * Math.sin(w * t) - x * Math.exp(-t / tau)) / scale;
    const trace = simulate(system, { tstop: 4, tmax: 4 }, given(1e-6));
    expect(deviation(trace, 0, v)).toBeLessThan(1e-6);
  });

  it('refuses delays, switches and nodes without charge, each by name', () => {
    const signal = { index: Int32Array.of(0), weight: Float64Array.of(1) };
    const ode = { n: 1, G: [[1, -1]], C: [[1]], sources: [constant(1)], initial: [0] };
    const run = (spec: Parameters<typeof handMade>[0]) => () =>
      simulate(handMade(spec), { tstop: 1, uic: true }, { method: 'odex' });
    const refusal = (device: string) =>
      expect.objectContaining({
        report: expect.objectContaining({ code: 'not-an-ode', devices: [device] }),
      });
    expect(run({ ...ode, delays: [{ signal, by: 1, initial: 0 }] })).toThrow(refusal('t0'));
    expect(run({ ...ode, modes: [{ signal, on: 2, off: 2, initial: 0 }] })).toThrow(refusal('s0'));
    expect(run({ ...ode, C: [[0]] })).toThrow(refusal('device0'));
    expect(run(ode)).not.toThrow();
  });

  it('gives the same numbers twice', () => {
    const run = () => simulate(rlc(0.4), { tstop: 20, uic: true }, given(1e-6));
    const [first, second] = [run(), run()];
    expect([...second.time]).toEqual([...first.time]);
    expect([...second.columns[1]]).toEqual([...first.columns[1]]);
  });
});
