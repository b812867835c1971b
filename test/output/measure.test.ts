import { describe, expect, it } from 'vitest';
import { constant, symbol as s, sub } from '../../src/expression/build.js';
import type { MeasureCard } from '../../src/netlist/deck.js';
import { evaluateMeasures } from '../../src/output/measure.js';
import { numbers, smallSignal, tabulate, transient, volts } from './datasets.js';

const span = { file: 'deck.cir', line: 1, column: 1, length: 1, text: '' };
const common = { name: 'm', analysis: 'tran', span } as const;
const v = s('v(out)');
const over = (from: number, to: number) => ({ from, to });

/** A triangle: 0 → 2 → −2 → 2 at t = 0, 1, 3, 5. */
const triangle = transient(numbers(0, 1, 3, 5), volts('v(out)', numbers(0, 2, -2, 2)));
/** Five periods of a sine of 1 Hz, finely sampled. */
const sine = transient(
  tabulate(50_001, (k) => k * 1e-4),
  volts(
    'v(out)',
    tabulate(50_001, (k) => 3 * Math.sin(2 * Math.PI * k * 1e-4)),
  ),
);

const value = (run: typeof triangle, card: MeasureCard): number => evaluateMeasures(run, [card])[0].value;
const reason = (run: typeof triangle, card: MeasureCard): string | undefined =>
  evaluateMeasures(run, [card])[0].reason;
const crossing = (level: number, edge: 'cross' | 'rise' | 'fall', count: number, td?: number) => ({
  left: v,
  right: constant(level),
  edge,
  count,
  ...(td === undefined ? {} : { td }),
});

describe('statistics', () => {
  it('of a whole run', () => {
    const of = (kind: 'min' | 'max' | 'pp' | 'min-at' | 'max-at' | 'integ' | 'avg'): number =>
      value(triangle, { ...common, kind, signal: v });
    expect(of('min')).toBe(-2);
    expect(of('max')).toBe(2);
    expect(of('pp')).toBe(4);
    expect(of('min-at')).toBe(3);
    expect(of('max-at')).toBe(1);
    expect(of('integ')).toBe(1);
    expect(of('avg')).toBe(1 / 5);
  });

  it('of a window whose ends fall between points', () => {
    expect(value(triangle, { ...common, kind: 'max', signal: v, ...over(1.5, 4) })).toBe(1);
    expect(value(triangle, { ...common, kind: 'integ', signal: v, ...over(0.5, 1.5) })).toBeCloseTo(1.5, 14);
    expect(value(triangle, { ...common, kind: 'avg', signal: v, ...over(2, 4) })).toBeCloseTo(-1, 14);
  });

  it('of a sine: rms is amplitude / √2, the average over whole periods is 0', () => {
    expect(value(sine, { ...common, kind: 'rms', signal: v })).toBeCloseTo(3 / Math.SQRT2, 6);
    expect(value(sine, { ...common, kind: 'avg', signal: v })).toBeCloseTo(0, 12);
  });

  it('say so when the window lies outside the run', () => {
    const card: MeasureCard = { ...common, kind: 'max', signal: v, ...over(7, 9) };
    expect(value(triangle, card)).toBeNaN();
    expect(reason(triangle, card)).toMatch(/outside/);
  });
});

describe('places', () => {
  it('of crossings, counted in one direction, in both, and from the end', () => {
    const when = (edge: 'cross' | 'rise' | 'fall', count: number, level = 1): number =>
      value(triangle, { ...common, kind: 'when', when: crossing(level, edge, count) });
    expect(when('rise', 1)).toBe(0.5);
    expect(when('fall', 1)).toBe(1.5);
    expect(when('rise', 2)).toBe(4.5);
    expect(when('cross', 2)).toBe(1.5);
    expect(when('cross', -1)).toBe(4.5);
    expect(when('rise', -2)).toBe(0.5);
  });

  it('start to count after the delay', () => {
    expect(value(triangle, { ...common, kind: 'when', when: crossing(1, 'rise', 1, 2) })).toBe(4.5);
  });

  it('are where the curve arrives, even with its last point, but not where it only touches', () => {
    expect(value(triangle, { ...common, kind: 'when', when: crossing(2, 'rise', 1) })).toBe(5);
    expect(value(triangle, { ...common, kind: 'when', when: crossing(-2, 'cross', 1) })).toBeNaN();
  });

  it('are missed with the number of crossings that there were', () => {
    expect(reason(triangle, { ...common, kind: 'when', when: crossing(1, 'rise', 3) })).toMatch(/only 2/);
    expect(reason(triangle, { ...common, kind: 'when', when: crossing(9, 'rise', 1) })).toMatch(/no rise/);
  });

  it('of a descending sweep come in the order of the sweep', () => {
    const down = {
      ...transient(numbers(5, 3, 1), volts('v(out)', numbers(0, 2, 4))),
      analysis: 'dc' as const,
    };
    const card: MeasureCard = { ...common, analysis: 'dc', kind: 'when', when: crossing(1, 'rise', 1) };
    expect(value(down, card)).toBe(4);
    expect(value(down, { ...common, analysis: 'dc', kind: 'find', signal: v, at: { at: 2 } })).toBe(3);
    expect(value(down, { ...common, analysis: 'dc', kind: 'integ', signal: v })).toBe(8);
  });
});

describe('find, slope, delay and arithmetic', () => {
  it('find a signal at a place or at a crossing of another', () => {
    expect(value(triangle, { ...common, kind: 'find', signal: v, at: { at: 2.5 } })).toBe(-1);
    expect(value(triangle, { ...common, kind: 'find', signal: s('time'), at: crossing(0, 'fall', 1) })).toBe(
      2,
    );
    expect(reason(triangle, { ...common, kind: 'find', signal: v, at: { at: 6 } })).toMatch(/outside/);
  });

  it('take the slope of a sine to second order', () => {
    const slope = value(sine, { ...common, kind: 'deriv', signal: v, at: { at: 0.3 } });
    expect(slope).toBeCloseTo(6 * Math.PI * Math.cos(0.6 * Math.PI), 5);
  });

  it('measure a delay from trigger to target, in either order', () => {
    const trig = crossing(1, 'rise', 1);
    const targ = crossing(-1, 'fall', 1);
    expect(value(triangle, { ...common, kind: 'trig-targ', trig, targ })).toBe(2);
    expect(value(triangle, { ...common, kind: 'trig-targ', trig: targ, targ: { at: 0 } })).toBe(-2.5);
  });

  it('compute with earlier measures and parameters, and miss what they miss', () => {
    const peak: MeasureCard = { ...common, name: 'peak', kind: 'max', signal: v };
    const never: MeasureCard = { ...common, name: 'never', kind: 'when', when: crossing(9, 'rise', 1) };
    const with2 = (name: string): MeasureCard => ({
      ...common,
      kind: 'param',
      expr: sub(s(name), s('k')),
    });
    const scalars = new Map([['k', 0.5]]);
    const results = evaluateMeasures(triangle, [peak, never, with2('peak'), with2('never')], scalars);
    expect(results[2].value).toBe(1.5);
    expect(results[3].reason).toMatch(/never/);
  });

  it('belong to one analysis, and measure a phasor by its magnitude', () => {
    const ac = smallSignal(numbers(1, 10), volts('v(out)', numbers(3, 0), numbers(4, 1)));
    expect(evaluateMeasures(ac, [{ ...common, kind: 'max', signal: v }])).toEqual([]);
    expect(value(ac, { ...common, analysis: 'ac', kind: 'max', signal: v })).toBe(5);
    expect(value(ac, { ...common, analysis: 'ac', kind: 'min', signal: s('vdb(out)') })).toBe(0);
  });
});
