// Switches that the state throws: the instants at which they flip follow from parameters as the state does, and so does all
// that comes after them.
import { describe, expect, test } from 'vitest';
import { record } from '../../src/analysis/record.js';
import { LearningError, SimulationError } from '../../src/errors.js';
import { sensitivityWaves } from '../../src/learn/transient/waves.js';
import { createTrajectory } from '../../src/solve/trajectory.js';
import { transpose } from '../../src/solve/transpose.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { circuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';
import { thrown } from './thrown-circuits.js';

const METHODS = ['bdf', 'trap', 'trbdf2'] as const;

describe.each(METHODS)('%s', (method) => {
  test.each(Object.entries(thrown))('is differentiated exactly, instants and all: %s', (_, deck) => {
    const problem = problemOfDeck(`${deck}\n.options method=${method} reltol=1e-4`);
    const adjoint = gradientBy('adjoint', problem);
    const direct = gradientBy('direct', problem);
    const judge = gradientBy('differences', problem);
    expect(adjoint.gradient.every((g) => g !== 0)).toBe(true);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-10);
    expect(distance(problem, judge.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-7);
    expect(adjoint.validity.frozenInstants).toBeUndefined();
    expect(adjoint.validity.tellegen).toBeLessThan(1e-10);
  });
});

describe('a capacitor that discharges itself whenever it is full', () => {
  // Between two flips v = v∞ + (v₀ − v∞)·e^(−t/τ), and it is at a threshold u after τ·ln((v₀ − v∞)/(u − v∞)).
  const [ON, OFF, RON, ROFF, T] = [0.7, 0.3, 1, 1e9, 3e-3];
  const values = [1e3, 1e-6, 100, 1];
  const problem = problemOfDeck(
    `${thrown['a switch that its own capacitor closes']}\n.options reltol=1e-8 vntol=1e-11`,
  );

  interface Stretch {
    readonly from: number;
    readonly to: number;
    readonly at: (t: number) => number;
    readonly integral: number;
  }
  function run([r, c, rg, u]: readonly number[]): Stretch[] {
    const stretches: Stretch[] = [];
    let [from, v, closed] = [0, 0, false];
    while (from < T) {
      const down = rg + (closed ? RON : ROFF);
      const rest = (u * down) / (r + down);
      const tau = (c * r * down) / (r + down);
      const [begin, first] = [from, v];
      const threshold = closed ? OFF : ON;
      const to = Math.min(T, begin + tau * Math.log((first - rest) / (threshold - rest)));
      const at = (t: number): number => rest + (first - rest) * Math.exp(-(t - begin) / tau);
      stretches.push({ from: begin, to, at, integral: rest * (to - begin) + tau * (first - at(to)) });
      [from, v, closed] = [to, threshold, !closed];
    }
    return stretches;
  }
  const slopes = (f: (p: readonly number[]) => number): Float64Array =>
    Float64Array.from(values, (value, k) => {
      const at = (p: number): number => f(values.map((other, i) => (i === k ? p : other)));
      const h = 1e-5 * value;
      return (at(value + h) - at(value - h)) / (2 * h);
    });
  const cost = (p: readonly number[]): number => run(p).reduce((sum, { integral }) => sum + integral, 0);

  test.each(METHODS)('has the slopes of its closed form by %s', (method) => {
    const { cost: found, gradient } = gradientBy('adjoint', {
      ...problem,
      options: { ...problem.options, method, reltol: method === 'bdf' ? 1e-8 : 1e-7 },
    });
    expect(run(values).length).toBe(5);
    expect(Math.abs(found / cost(values) - 1)).toBeLessThan(1e-6);
    expect(distance(problem, gradient, slopes(cost))).toBeLessThan(1e-5);
  });

  test('and of its wave at every instant', () => {
    const { time, waves } = sensitivityWaves(problem, problem.sample(problem.values, 0));
    const flips = run(values).map(({ to }) => to);
    const apart = [...time.keys()].filter((k) => flips.every((t) => Math.abs(time[k] - t) > 1e-5));
    expect(apart.length).toBeGreaterThan(100);
    for (const k of apart) {
      const exact = slopes((p) =>
        run(p)
          .find(({ to }) => time[k] <= to)!
          .at(time[k]),
      );
      waves[0].slopes.forEach((wave, p) => {
        expect(Math.abs(wave[k] - exact[p]) * values[p]).toBeLessThan(1e-5);
      });
    }
  });

  test('at one instant the wave is the gradient of a cost at that instant', () => {
    const { time, waves } = sensitivityWaves(problem, problem.sample(problem.values, 0));
    const k = Math.floor((3 * time.length) / 5);
    const at = gradientBy('adjoint', {
      ...problem,
      sample: (...of) => {
        const sample = problem.sample(...of);
        const [{ functional }] = sample.costs.filter((term) => term.at === 'interval');
        return { ...sample, costs: [{ at: 'times', times: [time[k]], functional, weight: 1 }] };
      },
    });
    const slopesAt = Float64Array.from(waves[0].slopes, (wave) => wave[k]);
    expect(distance(problem, slopesAt, at.gradient)).toBeLessThan(1e-9);
  });
});

test('a law of time has the gradient of the waveform that it spells', () => {
  const wave = thrown['a relaxation oscillator under a sine, read in part and at instants'].replace(
    /\.train .*/,
    '.train R1 C1 Rg\n.options reltol=1e-7 vntol=1e-9 abstol=1e-12',
  );
  const [told, spelt] = [wave, wave.replace(/V1 in 0 SIN.*/, 'B1 in 0 V={1+0.2*sin(2*pi*1300*time)}')].map(
    (deck) => {
      const problem = problemOfDeck(deck);
      return { problem, ...gradientBy('adjoint', problem) };
    },
  );
  expect(Math.abs(spelt.cost / told.cost - 1)).toBeLessThan(1e-5);
  expect(distance(told.problem, spelt.gradient, told.gradient)).toBeLessThan(1e-4);
});

describe('a capacitor that a growing current fills, and a switch that empties it once', () => {
  // v = v∞(t) + (v₀ − v∞(t₀))·e^(−(t − t₀)/τ) with v∞ = kG⁻¹(t − τ), τ = C/G, while I = kt flows into C and G.
  const [K, ROFF, T] = [1, 1e6, 1.5e-3];
  const values = [1e-6, 2e3, 4e3];
  const problem = problemOfDeck(`
    B1 0 out I={${K}*time}
    C1 out 0 1u ic=0
    R1 out 0 2k
    S1 out g out 0 sm
    Rg g 0 4k
    .model sm sw(vt=0.25 vh=0.05 ron=1 roff=${ROFF})
    .tran 10u ${T} uic
    .train C1 R1 Rg
    .cost tran expr={v(out)}
    .options reltol=1e-8 vntol=1e-11 abstol=1e-15`);
  const along = ([c, r, rg]: readonly number[], on: number, t0: number, v0: number) => {
    const g = 1 / r + 1 / (rg + on);
    const tau = c / g;
    const rest = (t: number): number => (K / g) * (t - tau);
    const at = (t: number): number => rest(t) + (v0 - rest(t0)) * Math.exp(-(t - t0) / tau);
    const integral = (t: number): number =>
      (K / g) * ((t * t - t0 * t0) / 2 - tau * (t - t0)) + tau * (v0 - rest(t0) - at(t) + rest(t));
    return { at, integral };
  };
  function cost(p: readonly number[]): number {
    const filling = along(p, ROFF, 0, 0);
    let [low, high] = [0, T];
    for (let k = 0; k < 200; k++) {
      const middle = (low + high) / 2;
      if (filling.at(middle) < 0.3) low = middle;
      else high = middle;
    }
    return filling.integral(low) + along(p, 1, low, 0.3).integral(T);
  }
  const slopes = Float64Array.from(values, (value, k) => {
    const h = 1e-5 * value;
    return (cost(values.with(k, value + h)) - cost(values.with(k, value - h))) / (2 * h);
  });
  test.each(METHODS)('has the slopes of its closed form by %s', (method) => {
    const { cost: found, gradient } = gradientBy('adjoint', {
      ...problem,
      options: { ...problem.options, method, reltol: method === 'bdf' ? 1e-8 : 1e-7 },
    });
    expect(Math.abs(found / cost(values) - 1)).toBeLessThan(1e-6);
    expect(distance(problem, gradient, slopes)).toBeLessThan(1e-5);
  });
});

test.each([
  ['a relaxation oscillator under a sine, read in part and at instants', 'R1 V1.va'],
  ['currents, voltages and charges that laws of time drive past two switches', 'R1 R2'],
])('runs at moved parameters, each on a grid of its own, have the same slope: %s', (name, train) => {
  const deck = thrown[name];
  const problem = problemOfDeck(
    `${deck.replace(/\.train .*/, `.train ${train}`)}\n.options reltol=1e-8 vntol=1e-10 abstol=1e-13`,
  );
  const costAt = (values: Float64Array): number =>
    gradientBy('adjoint', { ...problem, sample: (_, row) => problem.sample(values, row) }).cost;
  const slope = Float64Array.from(problem.values, (value, k) => {
    const [up, down] = [1, -1].map((sign) => problem.values.with(k, value * (1 + sign * 2e-4)));
    return (costAt(up) - costAt(down)) / (4e-4 * value);
  });
  expect(distance(problem, gradientBy('adjoint', problem).gradient, slope)).toBeLessThan(1e-4);
});

test.each(['adjoint', 'differences'])('what is marched for again has the same last bit by %s', (rule) => {
  const problem = problemOfDeck(thrown['two switches between charges and flux, behind corners of a pulse']);
  const again = gradientBy(rule, problem, { capacity: 1 });
  expect(again.gradient).toEqual(gradientBy(rule, problem).gradient);
});

describe('where an instant is not differentiated', () => {
  const named = (deck: string, rule = 'adjoint'): readonly string[] | undefined =>
    gradientBy(rule, problemOfDeck(deck)).validity.frozenInstants;
  const oscillator = thrown['a switch that its own capacitor closes'];
  const line = 'T1 out 0 far 0 z0=50k td=0.1m\nRf far 0 50k';

  test.each(['adjoint', 'direct', 'differences'])('beside a line the switch is named by %s', (rule) => {
    expect(named(`${oscillator}\n${line}`, rule)).toEqual(['s1']);
  });
  test('but not beside a law of time, which moves along', () => {
    expect(named(`${oscillator}\nB1 out 0 I={1u*max(0,sin(6283*time))}`)).toBeUndefined();
  });
  test.each([
    'if(time>0.7m,1u,0)',
    '1u*floor(2000*time)',
    'v(out)*1u*sgn(sin(6283*time))',
    '1u*u(time-0.7m)',
    '1u*(0.7m<time)',
  ])(
    'unless that jumps at an instant of its own, which must not move with the points around it: %s',
    (law) => {
      expect(named(`${oscillator}\nB1 out 0 I={${law}}`)).toEqual(['s1']);
    },
  );
  test('a law that jumps with the state is no law of time', () => {
    expect(named(`${oscillator}\nB1 out 0 I={1u*(v(out)>0.5)*sin(6283*time)}`)).toBeUndefined();
  });

  const driven = (train: string): string =>
    `${circuits['a switch that opens and closes'].replace(/\.train .*/, `.train ${train}`)}
     T1 a 0 far 0 z0=50k td=0.1m
     Rf far 0 50k`;
  test('but not where a source throws it', () => {
    expect(named(driven('R* C1 V1'))).toBeUndefined();
  });
  test('unless that is trained', () => {
    expect(named(driven('R1 Vc.v2'))).toEqual(['s1']);
  });

  test('for its signal stands still where it flips, it is said', () => {
    const problem = problemOfDeck(oscillator);
    const { system, sensitivity } = problem.sample(problem.values, 0);
    const workspace = createWorkspace();
    const tape = record(system, problem.transient!, problem.options, { capacity: 2 ** 20 }, { workspace });
    system.modes[0].signal.weight.fill(0);
    const trajectory = createTrajectory(system, tape, problem.options, workspace);
    const attempt = (): unknown => transpose(trajectory, sensitivity, () => {});
    expect(attempt).toThrow(LearningError);
    expect(attempt).toThrow(/s1 flips at t = .* only touches the threshold/);
  });

  test('for the signal no longer crosses, the judge says so', () => {
    const attempt = (): unknown => gradientBy('differences', problemOfDeck(oscillator), { step: 0.7 });
    expect(attempt).toThrow(SimulationError);
    expect(attempt).toThrow(/s1 does not cross/);
  });
});
