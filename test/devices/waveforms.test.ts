// Waveforms of independent sources: closed forms, exact partials, and corners that are neither missed nor repeated.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentsOf, checkWaveform, type WaveformKind, waveforms } from '../../src/devices/waveforms.js';
import { seeded } from './stand.js';

const kind = (name: string): WaveformKind => {
  const found = waveforms.get(name);
  if (found === undefined) throw new Error(`no waveform ${name}`);
  return found;
};
const timing = { tstep: 1e-3, tstop: 10 };
const of = (name: string, ...written: number[]) => {
  const w = kind(name);
  const args = argumentsOf(w, written, timing);
  return {
    args,
    value: (t: number) => w.value(args, t),
    slope: (t: number) => w.slope(args, t),
    next: (t: number) => w.next(args, t),
  };
};
/** All corners in (from, to], by walking. */
function corners(w: { next(t: number): number }, from: number, to: number, limit = 1e5): number[] {
  const found: number[] = [];
  for (let t = w.next(from); t <= to && found.length < limit; t = w.next(t)) found.push(t);
  return found;
}

describe('PULSE', () => {
  const p = of('pulse', -1, 3, 1, 0.5, 0.25, 2, 5);

  test('rises, stays, falls and repeats', () => {
    for (const n of [0, 1, 7]) {
      const at = (t: number): number => p.value(1 + 5 * n + t);
      expect([at(0), at(0.25), at(0.5), at(1.7), at(2.5)]).toEqual([-1, 1, 3, 3, 3]);
      expect(at(2.625)).toBeCloseTo(1, 12);
      expect([at(2.75), at(4)]).toEqual([-1, -1]);
    }
    expect(p.value(0)).toBe(-1);
    expect(p.value(-4)).toBe(-1);
  });

  test('has its corners at td + n·per + {0, tr, tr + pw, tr + pw + tf}', () => {
    expect(corners(p, -1, 12)).toEqual([1, 1.5, 3.5, 3.75, 6, 6.5, 8.5, 8.75, 11, 11.5]);
  });

  test('takes tstep and tstop for edges and width that are 0 or left out, as SPICE does, and comes once', () => {
    expect([...of('pulse', 0, 1).args]).toEqual([0, 1, 0, 1e-3, 1e-3, 10, Infinity, 0]);
    expect([...of('pulse', 0, 1, 2, 0, 0, 0, 0).args]).toEqual([0, 1, 2, 1e-3, 1e-3, 10, Infinity, 0]);
    expect(of('pulse', 0, 1).value(10)).toBe(1);
    const still = argumentsOf(kind('pulse'), [0, 1, 2]);
    expect([1, 2, 1e9].map((t) => kind('pulse').value(still, t))).toEqual([0, 1, 1]);
    expect(kind('pulse').next(still, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  test('that is longer than its period is cut off there, with the jump as a corner and the value after it', () => {
    const cut = of('pulse', 0, 1, 0, 0.1, 0.1, 5, 0.7);
    const jumps = corners(cut, 0, 7).filter((_, k) => k % 2 === 1);
    expect(jumps).toHaveLength(10);
    for (const t of jumps) {
      expect(cut.value(t)).toBeCloseTo(0, 9);
      expect(cut.value(t * (1 - 1e-9))).toBe(1);
      expect(cut.slope(t)).toBeCloseTo(10, 9);
    }
  });

  test('ends after np periods', () => {
    const two = of('pulse', 0, 1, 0, 0.1, 0.1, 0.3, 1, 2);
    expect(corners(two, -1, 50).map((t) => t.toFixed(6))).toEqual(
      [0, 0.1, 0.4, 0.5, 1, 1.1, 1.4, 1.5, 2].map((t) => t.toFixed(6)),
    );
    expect(two.value(2.2)).toBe(0);
  });

  test('finds a corner after a million periods at once, and not twice', () => {
    const fast = of('pulse', 0, 1, 1e-9, 1e-10, 1e-10, 3e-10, 1e-9);
    const t = 1e-9 + 1e6 * 1e-9;
    const found = corners(fast, t - 0.6e-9, t + 0.55e-9);
    expect(found.map((c) => Math.round((c - t) * 1e11))).toEqual([-50, 0, 10, 40, 50]);
  });

  test('never stalls: corners grow by more than rounding and none is left out', () => {
    const time = fc.double({ min: 1e-12, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        time,
        time,
        time,
        time,
        time,
        fc.integer({ min: 0, max: 2e6 }),
        (td, tr, tf, pw, per, n) => {
          const w = of('pulse', 0, 1, td, tr, tf, pw, per);
          let t = td + n * per;
          for (let k = 0; k < 12; k++) {
            const c = w.next(t);
            expect(c).toBeGreaterThan(t * (1 + Number.EPSILON));
            if (!Number.isFinite(c)) break;
            // Between two corners a pulse is straight.
            const [a, b] = [t + (c - t) * 0.25, t + (c - t) * 0.75];
            if (c - t > 1e-9 * c) {
              const line = (w.value(a) + w.value(b)) / 2;
              expect(w.value((a + b) / 2)).toBeCloseTo(line, 5);
            }
            t = c;
          }
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('SIN', () => {
  test('is a damped sine after td, and stands still before', () => {
    const s = of('sin', 1, 2, 0.5, 3, 0.1, 30);
    expect(s.value(0)).toBeCloseTo(2, 14);
    expect(s.value(3.5)).toBeCloseTo(1 + 2 * Math.exp(-0.05) * Math.sin(Math.PI / 2 + Math.PI / 6), 13);
    expect(corners(s, -1, 100)).toEqual([3]);
  });

  test('of frequency 0 or none has one period in tstop', () => {
    expect(of('sin', 0, 1).args[2]).toBe(0.1);
    expect(of('sin', 0, 1, 0).args[2]).toBe(0.1);
  });
});

describe('EXP', () => {
  test('rises from td1 with tau1 and falls from td2 with tau2', () => {
    const e = of('exp', 1, 3, 1, 0.5, 4, 2);
    expect(e.value(0.5)).toBe(1);
    expect(e.value(2)).toBeCloseTo(1 + 2 * (1 - Math.exp(-2)), 14);
    expect(e.value(6)).toBeCloseTo(1 + 2 * (1 - Math.exp(-10)) - 2 * (1 - Math.exp(-1)), 14);
    expect(corners(e, -1, 100)).toEqual([1, 4]);
  });

  test('defaults: td1 = tau1 = tau2 = tstep, td2 = td1 + tstep', () => {
    expect([...of('exp', 0, 1, 0, 2).args]).toEqual([0, 1, 1e-3, 2, 2e-3, 1e-3]);
  });
});

describe('PWL', () => {
  const points = [0, 0, 1, 2, 3, -2];

  test('joins its points, holds its ends, and waits for td', () => {
    const w = of('pwl', 0.5, -1, ...points);
    expect([0, 0.5, 1, 1.5, 2.5, 3.5, 9].map(w.value)).toEqual([0, 0, 1, 2, 0, -2, -2]);
    expect(corners(w, -1, 100)).toEqual([0.5, 1.5, 3.5]);
  });

  test('repeats the part after r, with a jump where its ends differ', () => {
    const w = of('pwl', 0, 1, ...points);
    expect([1, 2, 2.5, 3, 4, 5, 6].map(w.value)).toEqual([2, 0, -1, 2, 0, 2, 0]);
    expect(corners(w, 0, 9)).toEqual([1, 3, 5, 7, 9]);
  });

  test('repeated never stalls and its corners keep their spacing', () => {
    const w = of('pwl', 0.1, 0, 0, 0, 0.1, 1, 0.3, 0);
    const found = corners(w, 1e5, 1e5 + 3);
    expect(found.length).toBe(20);
    for (let k = 1; k < found.length; k++) expect(found[k] - found[k - 1]).toBeGreaterThan(0.09);
  });
});

describe('SFFM and AM', () => {
  test('start at td', () => {
    const f = of('sffm', 1, 2, 3, 0.5, 20, 0.1, 30, 60);
    expect(f.value(0.05)).toBe(0);
    const u = 0.37;
    const angle = 2 * Math.PI * 20 * u + Math.PI / 3 + 0.5 * Math.sin(2 * Math.PI * 3 * u + Math.PI / 6);
    expect(f.value(0.1 + u)).toBeCloseTo(1 + 2 * Math.sin(angle), 12);
    const a = of('am', 0.5, 1, 0.7, 3, 20, 0.1, 30, 60);
    const envelope = 1 + 0.7 * Math.sin(2 * Math.PI * 3 * u + Math.PI / 6);
    expect(a.value(0.1 + u)).toBeCloseTo(0.5 + envelope * Math.sin(2 * Math.PI * 20 * u + Math.PI / 3), 12);
    expect([corners(f, 0, 9), corners(a, 0, 9)]).toEqual([[0.1], [0.1]]);
  });

  test('in the older order of arguments are refused with the new one', () => {
    expect(checkWaveform(kind('sffm'), [0, 1, 20e3, 5, 1e3]).join()).toMatch(/vo va fm mdi fc/);
    expect(checkWaveform(kind('am'), [0.5, 1, 1e3, 20e3, 1e-4]).join()).toMatch(/vo vmo vma fm fc/);
  });
});

describe('every waveform', () => {
  const samples: readonly (readonly [string, number[]])[] = [
    ['pulse', [-1, 3, 0.2, 0.5, 0.25, 1.1, 2.3]],
    ['pulse', [1, -3, 0.2, 0.5, 0.25, 5, 1.3, 3]],
    ['sin', [1, 2, 0.7, 0.3, 0.2, 40]],
    ['exp', [1, 3, 0.6, 0.5, 2, 0.9]],
    ['pwl', [0.3, -1, 0.1, 1, 1.2, 3, 2.7, -2]],
    ['pwl', [0.3, 0.5, 0.1, 1, 1.2, 3, 2.7, -2]],
    ['sffm', [1, 2, 0.6, 1.5, 2.1, 0.2, 30, 60]],
    ['am', [0.5, 1, 0.7, 0.6, 2.1, 0.2, 30, 60]],
  ];

  test('is sampled here', () => {
    expect(new Set(samples.map(([name]) => name))).toEqual(new Set(waveforms.keys()));
  });

  test.each(samples)('%s: slope and partials are those of its value', (name, written) => {
    const w = kind(name);
    const args = argumentsOf(w, written, timing);
    expect(checkWaveform(w, written, timing)).toEqual([]);
    const random = seeded(31);
    const out = new Float64Array(args.length);
    let used = 0;
    for (let n = 0; n < 60; n++) {
      const t = 8 * random();
      const h = 1e-6;
      // Not across a corner, whose place depends on the arguments.
      if (w.next(args, t - 1e-3) <= t + 1e-3) continue;
      used++;
      expect(w.slope(args, t)).toBeCloseTo((w.value(args, t + h) - w.value(args, t - h)) / (2 * h), 6);
      w.partials(args, t, out);
      for (let k = 0; k < args.length; k++) {
        if ((name === 'pulse' && k === 7) || (name === 'pwl' && k === 1 && args[1] < 0)) continue;
        const moved = (d: number): number =>
          w.value(
            Float64Array.from(args, (a, j) => (j === k ? a + d : a)),
            t,
          );
        expect(out[k], `∂/∂argument ${k} at ${t}`).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 5);
      }
    }
    expect(used).toBeGreaterThan(20);
  });

  test.each([...waveforms.values()].map((w) => [w.name, w] as const))('%s is documented', (_, w) => {
    expect(w.summary.length).toBeGreaterThan(8);
    expect(w.doc.length).toBeGreaterThan(20);
    for (const a of [...w.named, ...w.positional]) {
      expect(a.doc.length).toBeGreaterThan(2);
      expect(a.unit.length).toBeGreaterThan(0);
      if (w.named.includes(a)) expect(typeof a.default).toBe('number');
    }
  });

  test.each<[string, number[], RegExp]>([
    ['pulse', [1], /v2 missing/],
    ['pulse', [0, 1, 0, -1, 1, 1, 3], /tr = -1/],
    ['pulse', [0, 1, 0, 1, 1, 1, -3], /per = -3/],
    ['pulse', [0, 1, 0, 1, 1, 1, 3, 1.5], /np = 1.5/],
    ['pulse', [0, 1, 0, 1, 1, 1, 3, 1, 2], /1 arguments? too many/],
    ['sin', [0, 1, -5], /freq/],
    ['sin', [0, Number.NaN], /va is not a number/],
    ['exp', [0, 1, 0, -1], /tau1/],
    ['pwl', [0, -1, 0, 0, 1, 1, 1, 2], /increase.*t3/],
    ['pwl', [0, -1, 0, 0, 1], /no value/],
    ['pwl', [0, 1, 0, 0, 1, 1], /r = 1/],
    ['sffm', [0, 1, 1, 50, 20], /mdi/],
  ])('%s(%j) is refused', (name, written, message) => {
    expect(checkWaveform(kind(name), written, timing).join()).toMatch(message);
  });
});
