// What an independent source is at rest, where its card says only what it does over time.
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';

describe('a source with a waveform and no DC value', () => {
  const divider = (v1: string, rest = '') =>
    parseDeck(`t\nV1 in 0 ${v1}\nR1 in out 1k\nR2 out 0 1k\n${rest}\n.end\n`);
  const out = (v1: string): number => {
    const found = simulate(divider(v1, '.op\n.save v(out)'));
    return found.datasets[0].columns[0].values[0];
  };

  it('rests at its value at t = 0, as in SPICE; a DC value stands in its place', () => {
    expect(out('SIN(1 0.5 1k 0 0 90)')).toBeCloseTo(0.75, 15);
    expect(out('PULSE(3 5)')).toBeCloseTo(1.5, 15);
    expect(out('PULSE(3 5 0 0 0 1m 2m)')).toBeCloseTo(1.5, 15);
    expect(out('PWL(0 4 1m 6)')).toBeCloseTo(2, 15);
    expect(out('EXP(2 4 1u 1u 1m 1u)')).toBeCloseTo(1, 15);
    expect(out('SIN(1 0.5)')).toBeCloseTo(0.5, 15);
    expect(out('DC 0.2 SIN(1 0.5 1k)')).toBeCloseTo(0.1, 15);
  });

  it('is differentiated by what the waveform says there, and by nothing of it beside a DC value', () => {
    const cards = '.train V1.va V1.phase V1.vo\n.cost op expr={v(out)}';
    const slopes = (v1: string) => [...estimate(problemOf(divider(v1, cards)), 'adjoint').gradient];
    const [va, phase, vo] = slopes('SIN(1 0.5 1k 0 0 30)');
    expect(va).toBeCloseTo(Math.sin(Math.PI / 6) / 2, 14);
    expect(phase).toBeCloseTo((0.25 * Math.cos(Math.PI / 6) * Math.PI) / 180, 14);
    expect(vo).toBeCloseTo(0.5, 14);
    expect(slopes('DC 1 SIN(1 0.5 1k 0 0 30)')).toEqual([0, 0, 0]);
  });

  it('has that value to train', () => {
    const [dc] = problemOf(divider('SIN(1 0.5 1k 0 0 90)', '.train V1\n.cost op v(out) target=0')).values;
    expect(dc).toBe(1.5);
  });
});
