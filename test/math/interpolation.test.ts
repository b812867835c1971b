import { describe, expect, test } from 'vitest';
import { interpolationOf } from '../../src/math/interpolation.js';
import { createRandom } from '../../src/math/random.js';

const TIMES = [1, 0.7, 0.65, 0.2, 0.1, -0.3];
const INSTANTS = [0.95, 0.8, 0.72, 0.7];

describe('polynomials through points', () => {
  test.each([2, 3, 4, 5, 6])('of %i points read what a polynomial of lower degree is', (m) => {
    const polynomials = [(t: number) => (1 + t) ** (m - 1), (t: number) => 3 - t ** (m - 1)];
    const { times, instants, points, readings, read } = interpolationOf(2);
    times.set(TIMES);
    instants.set(INSTANTS);
    for (let j = 0; j < m; j++) points.set([polynomials[0](TIMES[j]), polynomials[1](TIMES[j])], 2 * j);
    read(m, INSTANTS.length);
    INSTANTS.forEach((t, g) => {
      for (const k of [0, 1]) expect(readings[2 * g + k]).toBeCloseTo(polynomials[k](t), 12);
    });
  });

  test.each([1, 3])('of %i numbers ask of their points what is asked of the readings, transposed', (few) => {
    const random = createRandom(1873);
    const draw = (count: number) => Float64Array.from({ length: count }, () => random.uniform() - 0.5);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    const [m, q] = [TIMES.length, INSTANTS.length];
    const { times, instants, points, readings, slopes, read, ask } = interpolationOf(few);
    times.set(TIMES);
    instants.set(INSTANTS);
    const [p, s] = [draw(m * few), draw(q * few)];
    points.set(p);
    read(m, q);
    slopes.set(s);
    const asked = dot(s, readings.slice(0, q * few));
    ask(m, q);
    expect(dot(p, points.slice(0, m * few)) / asked).toBeCloseTo(1, 12);
  });
});
