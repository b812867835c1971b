// ∂c/∂p(t) at every instant: closed forms, and sums of them are what the adjoint of a cost at times finds.
import { describe, expect, test } from 'vitest';
import { LearningError } from '../../src/errors.js';
import { sensitivityWaves } from '../../src/learn/transient/waves.js';
import { circuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

describe('the wave of a capacitor that a resistor charges', () => {
  // v = 1 − e^(−t/RC): ∂v/∂R = −t/(R²C)·e^(−t/RC), and i = e^(−t/RC)/R has an R of its own.
  const [R, C] = [1e3, 1e-6];
  const problem = problemOfDeck(`
    V1 in 0 1
    R1 in out ${R}
    C1 out 0 ${C} ic=0
    .tran 10u 3m uic
    .train R1 C1 V1
    .cost tran expr={v(out)}
    .cost tran expr={i(r1)}
    .options reltol=1e-8 vntol=1e-11`);
  const { time, waves } = sensitivityWaves(problem, problem.sample(problem.values, 0));

  test('moves as its closed form does', () => {
    expect(time.length).toBeGreaterThan(20);
    expect(time.at(-1)).toBe(3e-3);
    expect(waves.map(({ name }) => name)).toEqual(['v(out)', 'i(r1)']);
    time.forEach((t, k) => {
      const e = Math.exp(-t / (R * C));
      const [voltage, current] = waves;
      const near = (found: number, exact: number, scale: number): void =>
        expect(Math.abs(found - exact)).toBeLessThan(1e-6 * scale);
      near(voltage.value[k], 1 - e, 1);
      near(voltage.slopes[0][k], (-t / (R * R * C)) * e, 1 / R);
      near(voltage.slopes[1][k], (-t / (R * C * C)) * e, 1 / C);
      near(voltage.slopes[2][k], 1 - e, 1);
      near(current.slopes[0][k], (-e / R + (t / (R * R * C)) * e) / R, 1 / R ** 2);
      near(current.slopes[2][k], e / R, 1 / R);
    });
  });

  test('is the same for one parameter at a time', () => {
    const single = sensitivityWaves(problem, problem.sample(problem.values, 0), { capacity: 1 });
    single.waves.forEach(({ slopes }, w) => {
      slopes.forEach((wave, p) => {
        const largest = Math.max(...waves[w].slopes[p].map(Math.abs));
        wave.forEach((s, k) => {
          expect(Math.abs(s - waves[w].slopes[p][k])).toBeLessThanOrEqual(1e-12 * largest);
        });
      });
    });
  });
});

test.each(['a switch that a sine throws', 'two lines with a diode between them, after uic'])(
  'at one instant it is the gradient of a cost at that instant: %s',
  (name) => {
    const deck = circuits[name].replaceAll(/\n *\.cost.*/g, '');
    const output = deck.includes('T2') ? 'v(c)' : 'v(a)';
    const problem = problemOfDeck(`${deck}\n.cost tran expr={${output}}`);
    const { time, waves } = sensitivityWaves(problem, problem.sample(problem.values, 0));
    const k = Math.floor((2 * time.length) / 3);
    const at = problemOfDeck(`${deck}\n.cost tran expr={${output}} at=${time[k]}`);
    const { cost, gradient } = gradientBy('adjoint', at);
    expect(Math.abs(waves[0].value[k] - cost)).toBeLessThanOrEqual(1e-12 * Math.abs(cost));
    const slopes = Float64Array.from(waves[0].slopes, (wave) => wave[k]);
    expect(distance(problem, slopes, gradient)).toBeLessThan(1e-10);
  },
);

test('there is none without a cost over time', () => {
  const problem = problemOfDeck('V1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.train R1\n.cost op v(b) target=0.3');
  const attempt = (): unknown => sensitivityWaves(problem, problem.sample(problem.values, 0));
  expect(attempt).toThrow(LearningError);
  expect(attempt).toThrow(/no cost is over time/);
});
