// Decks whose waveforms are known in closed form.
import { describe, expect, it } from 'vitest';
import { jointVoltages, pulse } from './lattice.js';
import { column, deckText, run } from './run.js';

const tight = '.options reltol=1e-6 vntol=1e-9 abstol=1e-12';

/** max |v − of(t)| over all points of a run. */
function deviation(deck: string, signal: string, of: (t: number) => number, at?: readonly number[]): number {
  const dataset = run(deck, 'tran', at ? { at } : {});
  const time = dataset.axis!.values;
  return column(dataset, signal).reduce((worst, v, k) => Math.max(worst, Math.abs(v - of(time[k]))), 0);
}

/** Integral from 0 to t of the unit step response of a series R L C, taken across C. */
function rampOfRlc(R: number, L: number, C: number): (t: number) => number {
  const a = R / (2 * L);
  const d = a * a - 1 / (L * C);
  if (Math.abs(d) < 1e-9 * a * a) {
    // v = 1 − e^(−at)(1 + at)
    return (t) => (t <= 0 ? 0 : t + (Math.exp(-a * t) * (2 + a * t) - 2) / a);
  }
  if (d > 0) {
    // v = 1 − (p e^(−qt) − q e^(−pt))/(p − q), q and p the two decay rates
    const [p, q] = [a + Math.sqrt(d), a - Math.sqrt(d)];
    return (t) =>
      t <= 0 ? 0 : t - ((p * (1 - Math.exp(-q * t))) / q - (q * (1 - Math.exp(-p * t))) / p) / (p - q);
  }
  // v = 1 − e^(−at)(cos wt + (a/w) sin wt)
  const w = Math.sqrt(-d);
  return (t) => {
    if (t <= 0) return 0;
    const [c, s] = [Math.exp(-a * t) * Math.cos(w * t), Math.exp(-a * t) * Math.sin(w * t)];
    const [re, im] = [(a * (1 - c) + w * s) / (a * a + w * w), (w * (1 - c) - a * s) / (a * a + w * w)];
    return t - re - (a / w) * im;
  };
}

/** Response to a ramp from 0 to 1 V between t = at and at + rise, from the integral S of the step response. */
const rampResponse =
  (S: (t: number) => number, at: number, rise: number) =>
  (t: number): number =>
    (S(t - at) - S(t - at - rise)) / rise;

describe('a resistor and a capacitor', () => {
  it('charge as 1 − exp(−t/RC)', () => {
    const deck = `rc\nV1 a 0 PULSE(0 1 0.1m 1u 1u 1 2)\nR1 a b 1k\nC1 b 0 1u\n.tran 10u 5m\n${tight}\n.save v(b)\n.end\n`;
    const S = (t: number) => (t <= 0 ? 0 : t - 1e-3 * (1 - Math.exp(-t / 1e-3)));
    expect(deviation(deck, 'v(b)', rampResponse(S, 0.1e-3, 1e-6))).toBeLessThan(2e-5);
  });

  it('discharge from the voltage given with uic', () => {
    const deck = `rc\nR1 b 0 1k\nC1 b 0 1u IC=2\n.tran 10u 5m uic\n${tight}\n.save v(b)\n.end\n`;
    expect(deviation(deck, 'v(b)', (t) => 2 * Math.exp(-t / 1e-3))).toBeLessThan(4e-5);
  });
});

describe('a series R L C', () => {
  it.each([
    ['underdamped', 100],
    ['critically damped', 2 * Math.sqrt(1e-3 / 1e-8)],
    ['overdamped', 2000],
  ])('%s, answers a step as its two natural frequencies say', (_, R) => {
    const deck = `rlc\nV1 in 0 PULSE(0 1 10u 1u 1u 1 2)\nR1 in a ${R}\nL1 a out 1m\nC1 out 0 10n\n.tran 1u 200u\n${tight}\n.save v(out)\n.end\n`;
    expect(deviation(deck, 'v(out)', rampResponse(rampOfRlc(R, 1e-3, 1e-8), 10e-6, 1e-6))).toBeLessThan(5e-5);
  });

  it('without damping keeps on ringing at its frequency', () => {
    const deck = `lc\nL1 a 0 1m IC=0\nC1 a 0 1u IC=1\n.tran 10u 2m uic\n${tight}\n.save v(a)\n.end\n`;
    const w = 1 / Math.sqrt(1e-9);
    expect(deviation(deck, 'v(a)', (t) => Math.cos(w * t))).toBeLessThan(2e-3);
  });
});

describe('a filter at a frequency', () => {
  it('is its transfer function, to rounding', () => {
    const dataset = run(deckText('rlc-filter'), 'ac');
    const [R, L, C] = [158.113883, 1e-3, 1e-8];
    const [re, im] = [column(dataset, 'vr(out)'), column(dataset, 'vi(out)')];
    dataset.axis!.values.forEach((f, k) => {
      const w = 2 * Math.PI * f;
      const [dr, di] = [1 - w * w * L * C, w * R * C];
      const m = dr * dr + di * di;
      expect(Math.hypot(re[k] - dr / m, im[k] + di / m)).toBeLessThan(1e-12 / Math.sqrt(m) + 1e-15);
    });
  });

  it('of two coupled coils passes M/L of the voltage', () => {
    const deck =
      'k\nV1 s 0 AC 1\nR0 s a 1n\nL1 a 0 1m\nL2 b 0 4m\nK1 L1 L2 0.5\nR1 b 0 1g\n.ac dec 1 1k 1k\n.save v(b)\n.end\n';
    const dataset = run(deck, 'ac');
    expect(column(dataset, 'vr(b)')[0]).toBeCloseTo(0.5 * Math.sqrt(4), 6);
  });
});

describe('lossless lines', () => {
  it('bring back what a resistor beside a capacitor reflects, between the accepted points too', () => {
    const deck = `edge on a capacitive load
V1 s 0 PULSE(0 1 0 100p 100p 1 2)
Rs s a 50
T1 a 0 b 0 Z0=50 TD=5n
RL b 0 200
CL b 0 2p
.tran 0.1n 20n
.save v(a) v(b)
.end`;
    const [rise, tau, td] = [100e-12, 40 * 2e-12, 5e-9];
    const ramp = (t: number) => Math.min(1, Math.max(0, t / rise));
    const smoothed = (t: number) => {
      if (t <= 0) return 0;
      if (t <= rise) return (t - tau * (1 - Math.exp(-t / tau))) / rise;
      return 1 - (tau / rise) * (Math.exp(rise / tau) - 1) * Math.exp(-t / tau);
    };
    const load = (t: number) => 0.8 * smoothed(t - td);
    const at = Array.from({ length: 120 }, (_, k) => 9.9e-9 + 1e-11 * k);
    expect(deviation(deck, 'v(b)', load, at)).toBeLessThan(1e-3);
    const returned = (t: number) => 0.5 * ramp(t) + load(t - td) - 0.5 * ramp(t - 2 * td);
    expect(deviation(deck, 'v(a)', returned, at)).toBeLessThan(5e-3);
  });

  it('carry a pulse to a mismatched load and back', () => {
    const at = Array.from({ length: 100 }, (_, k) => 0.5e-9 * k + 0.25e-9);
    const chain = {
      source: pulse(2, 1e-9, 0.1e-9, 0.1e-9, 5e-9),
      sourceResistance: 50,
      loadResistance: 150,
      lines: [[50, 100]] as const,
      grid: 1e-10,
    };
    const deck = deckText('line-reflection');
    expect(deviation(deck, 'v(in)', (t) => jointVoltages(chain, t)[0], at)).toBeLessThan(1e-9);
    expect(deviation(deck, 'v(out)', (t) => jointVoltages(chain, t)[1], at)).toBeLessThan(1e-9);
  });

  it('in a row of ten spray echoes as the lattice of waves says', () => {
    const steps = [10, 8, 12, 7, 13, 9, 11, 6, 14, 10];
    const lines = steps.map((s, k): [number, number] => [k % 2 === 0 ? 75 : 50, s]);
    const chain = {
      source: pulse(2, 1e-9, 0.2e-9, 0.2e-9, 2e-9),
      sourceResistance: 50,
      loadResistance: 50,
      lines,
      grid: 1e-10,
    };
    const at = Array.from({ length: 110 }, (_, k) => 0.5e-9 * k + 0.25e-9);
    const deck = deckText('line-chain');
    expect(deviation(deck, 'v(n10)', (t) => jointVoltages(chain, t)[10], at)).toBeLessThan(1e-5);
    expect(deviation(deck, 'v(n0)', (t) => jointVoltages(chain, t)[0], at)).toBeLessThan(1e-5);
  });

  it('in a row of a hundred let the pulse through, and finish', () => {
    const steps = Array.from({ length: 100 }, (_, k) => 6 + ((7 * k) % 9));
    const lines = steps.map((s, k): [number, number] => [k % 2 === 0 ? 60 : 50, s]);
    const chain = {
      source: pulse(2, 1e-9, 0.2e-9, 0.2e-9, 2e-9),
      sourceResistance: 50,
      loadResistance: 50,
      lines,
      grid: 1e-10,
    };
    const cards = lines.map(([z, s], k) => `T${k} n${k} 0 n${k + 1} 0 Z0=${z} TD=${s * 1e-10}`);
    const deck = [
      'a hundred lines',
      'V1 s 0 PULSE(0 2 1n 0.2n 0.2n 2n 1)',
      'Rs s n0 50',
      ...cards,
      'Rl n100 0 50',
      '.tran 0.1n 150n',
      '.save v(n0) v(n100)',
      '.end',
    ].join('\n');
    const at = Array.from({ length: 100 }, (_, k) => 1.5e-9 * k + 0.25e-9);
    expect(deviation(deck, 'v(n100)', (t) => jointVoltages(chain, t)[100], at)).toBeLessThan(1e-4);
    expect(deviation(deck, 'v(n0)', (t) => jointVoltages(chain, t)[0], at)).toBeLessThan(1e-4);
  });
});
