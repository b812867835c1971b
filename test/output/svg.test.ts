import { describe, expect, it } from 'vitest';
import { tracePath } from '../../src/output/decimate.js';
import { traceColour } from '../../src/output/palette.js';
import { linear, logarithmic, siNumber, tickStep } from '../../src/output/scale.js';
import { plotSvg, polar } from '../../src/output/svg.js';
import { amperes, numbers, operatingPoint, smallSignal, tabulate, transient, volts } from './datasets.js';

describe('axes', () => {
  it('tick at 1, 2 or 5 times a power of ten', () => {
    expect([7, 10, 23, 99, 0.04].map((span) => tickStep(span, 5))).toEqual([1, 2, 5, 20, 0.01]);
    expect(linear(-1.3, 2.2, [0, 100], 4).ticks).toEqual([-1, 0, 1, 2]);
  });

  it('map the ends of the domain to the ends of the pixels, linearly or by decades', () => {
    const x = linear(2, 4, [100, 300], 5);
    expect([x.pixel(2), x.pixel(3), x.pixel(4)]).toEqual([100, 200, 300]);
    const f = logarithmic(1, 1e4, [0, 400]);
    expect([f.pixel(1), f.pixel(100), f.pixel(1e4)]).toEqual([0, 200, 400]);
    expect(f.ticks).toEqual([1, 10, 100, 1000, 10000]);
  });

  it('survive a trace that is constant', () => {
    const y = linear(5, 5, [100, 0], 5);
    expect(y.pixel(5)).toBe(50);
  });

  it('write numbers with SI prefixes', () => {
    expect([4.7e-9, 1e6, 0.1, 0, -2200].map((v) => siNumber(v))).toEqual([
      '4.7 n',
      '1 M',
      '100 m',
      '0',
      '−2.2 k',
    ]);
  });
});

describe('decimation', () => {
  const n = 200_000;
  const path = (spike: number): string =>
    tracePath(
      n,
      (k) => (800 * k) / n,
      (k) => (k === spike ? 999 : Math.sin(k)),
      800,
    );

  it('draws a few points per pixel column however many there are', () => {
    expect(path(-1).split(/[ML]/).length).toBeLessThan(4 * 801 + 2);
  });

  it('never loses a spike one sample wide', () => {
    for (const at of [0, 1, 77_777, n - 1]) expect(path(at)).toMatch(/ 999(L|$)/);
  });

  it('leaves out what nobody would see missing: points on a straight line, not those of a bend', () => {
    const bend = (k: number): number => (k < 50 ? 0 : k - 50);
    expect(tracePath(100, (k) => k, bend, 1000)).toBe('M0 0L50 0L99 49');
    const y = (k: number): number => 100 * Math.sin(k / 40);
    const kept = tracePath(500, (k) => k, y, 1000)
      .slice(1)
      .split('L')
      .map((p) => p.split(' ').map(Number));
    expect(kept.length).toBeLessThan(150);
    for (let k = 0; k < 500; k++) {
      const n = kept.findIndex(([x]) => x >= k);
      const [[xa, ya], [xb, yb]] = [kept[Math.max(0, n - 1)], kept[n]];
      const drawn = xb === xa ? yb : ya + ((yb - ya) * (k - xa)) / (xb - xa);
      expect(Math.abs(drawn - y(k))).toBeLessThan(0.25);
    }
  });

  it('breaks the line where a value is not a number', () => {
    const y = [0, 1, Number.NaN, 3, 4];
    expect(
      tracePath(
        5,
        (k) => k,
        (k) => y[k],
        100,
      ),
    ).toBe('M0 0L1 1M3 3L4 4');
  });
});

describe('plot', () => {
  const t = numbers(0, 1e-6, 2e-6);

  it('has one panel per unit and one line per signal', () => {
    const svg = plotSvg([transient(t, volts('v(a)', t), volts('v(b)', t), amperes('i(v1)', t))]) ?? '';
    expect(svg.match(/<g>/g)?.length).toBe(2);
    expect(svg.match(/stroke-linejoin/g)?.length).toBe(3);
    expect(svg).toContain('time (µs)');
    expect(svg).toContain('voltage (µV)');
    expect(svg).toContain('current (µA)');
  });

  it('shows phasors as magnitude in decibel and phase in degrees over a logarithmic axis', () => {
    const svg = plotSvg([smallSignal(numbers(1, 10, 100), volts('v(a)', t, t))]) ?? '';
    expect(svg).toContain('magnitude (dB)');
    expect(svg).toContain('phase (°)');
    expect(svg).toContain('frequency (Hz)');
  });

  it('lets the phase run on through −180°', () => {
    const turn = tabulate(50, (k) => -k * 0.2);
    const { decibel, phase } = polar(turn.map(Math.cos), turn.map(Math.sin));
    expect(phase[49]).toBeCloseTo((-9.8 * 180) / Math.PI, 9);
    expect(Math.max(...decibel.map(Math.abs))).toBeLessThan(1e-12);
  });

  it('puts the runs of a step into one panel, told apart by their labels', () => {
    const run = transient(t, volts('v(a)', t));
    const svg = plotSvg([
      { ...run, step: { r: 1000 } },
      { ...run, step: { r: 2000 } },
    ]);
    expect(svg?.match(/<g>/g)?.length).toBe(1);
    expect(svg).toContain('v(a) r=1k');
    expect(svg).toContain('v(a) r=2k');
  });

  it('of long labels keeps what tells the runs apart', () => {
    const product = Array.from({ length: 8 }, (_, k) => volts(`v(out${k})*i(inductor)`, numbers(0, 1)));
    const runs = [10, 100].map((r) => ({ ...transient(numbers(0, 1), ...product), step: { r } }));
    const legend = [...(plotSvg(runs) ?? '').matchAll(/<text x="[\d.]+" y="\d+">([^<]*)<\/text>/g)];
    expect(legend.map(([, text]) => text)).toEqual(
      expect.arrayContaining(['v(out0)*i(… r=10', 'v(out0)*i… r=100']),
    );
  });

  it('writes out what tells the runs of two nested steps apart', () => {
    const run = { ...transient(t, volts('v(out)', t)), step: { r: 1500, temp: 27 } };
    expect(plotSvg([run])).toContain('>v(out) r=1.5k temp=27</text>');
  });

  it('calls decibel a magnitude and radians a phase', () => {
    const column = (name: string, unit: string) => ({ ...volts(name, t), quantity: 'number' as const, unit });
    const svg = plotSvg([transient(t, column('vdb(a)', 'dB'), column('vp(a)', 'rad'))]);
    expect(svg).toContain('>magnitude (dB)<');
    expect(svg).toContain('>phase (rad)<');
  });

  it('has nothing to draw for an operating point', () => {
    expect(plotSvg([operatingPoint(volts('v(a)', numbers(1)))])).toBeUndefined();
  });

  it('escapes what a title may hold', () => {
    const svg = plotSvg([{ ...transient(t, volts('v(a)', t)), title: 'a < b & c' }]);
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg).not.toContain('a < b');
  });

  it('gives every trace of a family a colour of its own', () => {
    for (const n of [1, 2, 8, 9, 40]) {
      expect(new Set(tabulate(n, (k) => Number.parseInt(traceColour(k, n).slice(1), 16))).size).toBe(n);
    }
  });
});
