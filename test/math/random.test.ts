import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random.js';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

function moments(sample: readonly number[]) {
  const n = sample.length;
  const mean = sample.reduce((s, v) => s + v, 0) / n;
  const central = (k: number) => sample.reduce((s, v) => s + (v - mean) ** k, 0) / n;
  return {
    mean,
    variance: central(2),
    skew: central(3) / central(2) ** 1.5,
    kurtosis: central(4) / central(2) ** 2,
  };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const ma = moments(a);
  const mb = moments(b);
  const product = a.reduce((s, v, k) => s + (v - ma.mean) * (b[k] - mb.mean), 0) / a.length;
  return product / Math.sqrt(ma.variance * mb.variance);
}

describe('random streams', () => {
  it('repeat for a seed and differ between seeds', () => {
    expect(draw(20, createRandom(7).uniform)).toEqual(draw(20, createRandom(7).uniform));
    const firsts = new Set(draw(2000, () => 0).map((_, seed) => createRandom(seed - 1000).uniform()));
    expect(firsts.size).toBe(2000);
    expect(createRandom(1).uniform()).not.toBe(createRandom(1 + 2 ** 32).uniform());
  });

  it('are uniform on [0, 1): moments within five standard errors', () => {
    const n = 100_000;
    const sample = draw(n, createRandom(1).uniform);
    expect(sample.every((v) => v >= 0 && v < 1)).toBe(true);
    const { mean, variance } = moments(sample);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  it('are normal: four moments within five standard errors', () => {
    const n = 100_000;
    const { mean, variance, skew, kurtosis } = moments(draw(n, createRandom(2).normal));
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(skew)).toBeLessThan(5 * Math.sqrt(6 / n));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / n));
  });

  it('split into streams that do not depend on what was drawn before, nor on one another', () => {
    const parent = createRandom(3);
    const early = draw(10, parent.split(4).uniform);
    draw(100, parent.normal);
    expect(draw(10, parent.split(4).uniform)).toEqual(early);
    const n = 20_000;
    const streams = [parent, parent.split(0), parent.split(1), parent.split(0).split(0)].map((r) =>
      draw(n, r.uniform),
    );
    for (let a = 0; a < streams.length; a++) {
      for (let b = 0; b < a; b++)
        expect(Math.abs(correlation(streams[a], streams[b]))).toBeLessThan(5 / Math.sqrt(n));
    }
  });

  it('refuse a seed that is no integer', () => {
    expect(() => createRandom(0.5)).toThrow('safe integer');
    expect(() => createRandom(1).split(Number.NaN)).toThrow(RangeError);
  });

  it('stay what they are (frozen)', () => {
    const random = createRandom(42);
    expect(draw(3, random.bits)).toMatchInlineSnapshot(`
      [
        3699709911,
        2954676284,
        239917375,
      ]
    `);
    expect(random.split(5).uniform()).toMatchInlineSnapshot(`0.9482374646186171`);
  });
});
