// The parts of a chip on the bench, each by itself: heat against kT/C and kT·L, energy against V²/R, copies, faults of
// programming, converters.
import { describe, expect, it } from 'vitest';
import { occasion, setUp } from '../../src/learn/hardware/apparatus.js';
import { createBench } from '../../src/learn/hardware/bench.js';
import { circumstances } from '../../src/learn/hardware/circumstances.js';
import { methodNamed } from '../../src/learn/hardware/methods.js';
import { type Hardware, IDEAL, isRandom, KNOB_NAMES, KNOBS } from '../../src/learn/hardware/registry.js';
import { fabricate } from '../../src/learn/hardware/specimen.js';
import { BOLTZMANN } from '../../src/learn/hardware/thermal.js';
import { createHeat } from '../../src/learn/hardware/thermal-phase.js';
import { problemOf } from '../../src/lesson/deck.js';
import { createRandom } from '../../src/math/random.js';
import { semidefiniteFactor } from '../../src/math/semidefinite.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { createWorkspace } from '../../src/solve/workspace.js';

const problem = (cards: string) => problemOf(parseDeck(`parts\n${cards}\n.end\n`));
const KELVIN = 300;

/** Variances of the unknowns over many instants at rest, or over means of a time in units of the slowest time constant. */
function variances(
  cards: string,
  names: readonly string[],
  average: number,
  tau: number,
  samples: number,
): number[] {
  const made = problem(cards);
  const workspace = createWorkspace();
  const at = circumstances(made, made.sample(made.values, 0), workspace);
  const { system } = at.sample;
  const heat = createHeat(at, { thermal: KELVIN, average }, tau, workspace);
  const sums = names.map(() => 0);
  for (let k = 0; k < samples; k++) {
    const x = heat.disturb(system, at.x, createRandom(1).split(k));
    names.forEach((name, j) => {
      const i = system.unknowns.findIndex((u) => u.name === name);
      sums[j] += (x[i] - at.x[i]) ** 2 / samples;
    });
  }
  return sums;
}

const kT = BOLTZMANN * KELVIN;
const near = (measured: number, expected: number, share = 0.15): void => {
  expect(measured / expected).toBeGreaterThan(1 - share);
  expect(measured / expected).toBeLessThan(1 + share);
};

describe('heat', () => {
  const ladder =
    'V1 a 0 1\nR1 a b 1k\nC1 b 0 1p\nR2 b c 10k\nC2 c 0 3p\n.train R1 R2\n.cost op v(c) target=0';

  it('leaves kT/C on every capacitor, whatever the resistors', () => {
    const [b, c] = variances(ladder, ['v(b)', 'v(c)'], 0, 40e-9, 1500);
    near(b, kT / 1e-12);
    near(c, kT / 3e-12);
  });

  it('leaves kT/C on a floating capacitor, and nothing on a node that a source holds', () => {
    const [c, b] = variances(
      'V1 a 0 1\nR1 a b 1k\nR2 b c 1k\nC1 c b 2p\n.train R1 R2\n.cost op v(b) target=0',
      ['v(c)', 'v(b)'],
      0,
      1e-9,
      1500,
    );
    near(c, kT / 2e-12);
    expect(b).toBeLessThan(1e-9 * c);
  });

  it('leaves kT/L in an inductor and kT/C beside it', () => {
    const [v, i] = variances(
      'V1 a 0 1\nR1 a b 100\nL1 b c 1u\nC1 c 0 1n\nR2 c 0 1k\n.train R1 R2\n.cost op v(c) target=0',
      ['v(c)', 'i(l1)'],
      0,
      1e-7,
      1500,
    );
    near(v, kT / 1e-9);
    near(i, kT / 1e-6);
  });

  it('is 2τ/T_a of that in the mean over a long time', () => {
    const rc = 'V1 a 0 1\nR1 a b 1k\nC1 b 0 1p\n.train R1\n.cost op v(b) target=0';
    const [mean] = variances(rc, ['v(b)'], 40, 1e-9, 400);
    near(mean, ((2 / 40) * kT) / 1e-12, 0.25);
  });

  it('is refused where the circuit is active', () => {
    const active = 'V1 a 0 1\nR1 a b 1k\nC1 b 0 1p\nR2 b 0 -500\n.train R1\n.cost op v(b) target=0';
    const [outcome] = createBench(problem(active)).run(
      [methodNamed('equilibrium')],
      { ...IDEAL, thermal: 300, average: 1 },
      1,
      0,
    );
    expect(outcome).toMatchObject({ failure: expect.stringMatching(/active/) });
  });
});

describe('the bill', () => {
  /** Time and energy of one estimate. */
  function bill(cards: string, faults: Partial<Hardware>) {
    const made = problem(cards);
    const hardware = { ...IDEAL, ...faults };
    const workspace = createWorkspace();
    const random = createRandom(1);
    const specimen = fabricate(made, hardware, random, workspace);
    const there = occasion(made, specimen.sample(0), 0, workspace);
    const apparatus = setUp(made, specimen, there, hardware, methodNamed('adjoint'), 1, random, workspace);
    apparatus.settle(there.exact.sample.system, made.options, workspace);
    return apparatus.bill;
  }
  const rest = '.train R1\n.cost op v(b) target=0';

  it('of a phase at rest is 10 τ of V²/R', () => {
    const { seconds, joules } = bill(`V1 a 0 2\nR1 a b 1k\nR2 b 0 1k\nC1 b 0 1u\n${rest}`, {});
    expect(seconds).toBeCloseTo(10 * 0.5e-3, 9);
    expect(joules).toBeCloseTo(10 * 0.5e-3 * (4 / 2e3), 12);
  });

  it('counts current sources, and voltage sources between two nodes', () => {
    const current = bill(`I1 0 b 1m\nR1 b 0 1k\nC1 b 0 1u\n${rest}`, {});
    expect(current.joules / current.seconds).toBeCloseTo(1e-3, 12);
    const floating = bill(`R1 b 0 1k\nV1 c b 2\nR2 c 0 1k\nC1 b 0 1u\n${rest}`, {});
    expect(floating.joules / floating.seconds).toBeCloseTo(4 / 2e3, 12);
  });

  it('of charging a capacitor is CV², half of it stored', () => {
    const { joules } = bill(`V1 a 0 2\nR1 a b 1k\nC1 b 0 1u\n${rest}`, { free: 20 });
    expect(joules).toBeCloseTo(1e-6 * 4, 8);
  });
});

describe('a chain of amplifiers that work one way', () => {
  const chain =
    'V1 a 0 1\nR1 a b 1\nR2 b 0 2\nE1 c 0 b 0 2\nR3 c d 1\nR4 d 0 3\nE2 e 0 d 0 2\nR5 e f 1\nR6 f 0 1\n.train R*\n.cost op v(f) target=0.5';
  const bench = createBench(problem(chain));
  const relative = (rule: string, faults: Partial<Hardware>): number => {
    const [outcome] = bench.run([methodNamed(rule)], { ...IDEAL, ...faults }, 1, 0);
    return 'failure' in outcome ? Number.NaN : outcome.perturbed.relativeError;
  };

  it('defeats equilibrium, by as much as the law of asymmetry says, and not stress', () => {
    const biased = relative('equilibrium', { beta: 1e-4 });
    expect(biased).toBeGreaterThan(0.1);
    near(biased, bench.predictor.relativeError(methodNamed('equilibrium'), IDEAL, 1e-4));
    expect(relative('stress', { beta: 1e-4 })).toBeLessThan(1e-9);
  });
});

describe('a second copy', () => {
  const graph = [...Array(24).keys()]
    .flatMap((i) => [1, 5].map((step) => [i, (i + step) % 24]))
    .map(([i, j], k) => `R${k} n${i} n${j} ${1 + ((7 * k) % 5)}`)
    .join('\n');
  const bench = createBench(
    problem(
      `V1 n0 0 1\nV2 n7 0 0\nV3 n15 0 0.3\n${graph}\n.train R*\n.cost op v(n11) target=0\n.cost op v(n20) target=1`,
    ),
  );
  const rms = (rule: string, faults: Partial<Hardware>, samples = 25): number => {
    let sum = 0;
    for (let k = 0; k < samples; k++) {
      const [outcome] = bench.run([methodNamed(rule)], { ...IDEAL, ...faults }, 1, k);
      sum += ('failure' in outcome ? Number.NaN : outcome.perturbed.relativeError ** 2) / samples;
    }
    return Math.sqrt(sum);
  };

  it('of another σ ruins stress in proportion, at β → 0 too; a rule on one copy does not see it', () => {
    const [one, two] = [0.01, 0.02].map((copymismatch) => rms('stress', { copymismatch, beta: 1e-4 }));
    expect(two / one).toBeCloseTo(2, 1);
    near(one, bench.predictor.relativeError(methodNamed('stress'), { ...IDEAL, copymismatch: 0.01 }, 1), 0.3);
    expect(one / 0.01).toBeGreaterThan(0.3);
    expect(one / 0.01).toBeLessThan(1.2);
    expect(rms('equilibrium', { copymismatch: 0.02, beta: 1e-3 }, 3)).toBeLessThan(1e-5);
  });
});

describe('programming', () => {
  const bench = createBench(
    problem(
      'V1 a 0 1\nR1 a b 1\nR2 b 0 2\nR3 b c 1\nR4 c 0 3\n.train R* min=0.5 max=8 log\n.cost op v(c) target=0',
    ),
  );
  const trial = (faults: Partial<Hardware>, sample = 0) => {
    const [outcome] = bench.run([methodNamed('equilibrium')], { ...IDEAL, beta: 1e-4, ...faults }, 1, sample);
    if ('failure' in outcome) throw new Error(outcome.failure);
    return outcome;
  };

  it.each<[string, Partial<Hardware>]>([
    ['coarse values', { granularity: 0.3 }],
    ['stuck devices', { stuck: 0.9 }],
    ['dead devices', { dead: 0.5 }],
    ['scattered devices', { mismatch: 0.2 }],
  ])('with %s leaves a chip that knows its own gradient and not the design’s', (_, faults) => {
    const { perturbed, nominal } = trial(faults);
    expect(perturbed.relativeError).toBeLessThan(1e-5);
    expect(nominal.relativeError).toBeGreaterThan(0.02);
  });

  it('that drifts between the phases costs 1/β', () => {
    const [strong, weak] = [1e-2, 1e-3].map((beta) => trial({ drift: 1e-4, beta }).perturbed.relativeError);
    expect(weak / strong).toBeGreaterThan(8);
    expect(weak / strong).toBeLessThan(12);
  });

  it('a converter that nudges with 3 bits of a given range errs by steps, one with 16 does not', () => {
    const [coarse, fine] = [3, 16].map(
      (dac) => trial({ dac, dacrange: 1e-3, beta: 1e-3 }).perturbed.relativeError,
    );
    expect(coarse).toBeGreaterThan(100 * fine);
  });
});

describe('the registry', () => {
  it('documents every fault under its own name, idle at its ideal value', () => {
    for (const name of KNOB_NAMES) {
      const { name: own, summary, ideal, min, max } = KNOBS[name];
      expect(own).toBe(name);
      expect(summary.length).toBeGreaterThan(10);
      expect(ideal).toBeGreaterThanOrEqual(min);
      expect(ideal).toBeLessThanOrEqual(max);
    }
    expect(isRandom(IDEAL)).toBe(false);
    expect(isRandom({ ...IDEAL, read: 1e-3 })).toBe(true);
  });
});

describe('a semidefinite matrix', () => {
  it('is L Lᵀ with as many columns as its rank; an indefinite one has no factor', () => {
    const a = Float64Array.of(4, -2, -2, -2, 1, 1, -2, 1, 5);
    const columns = semidefiniteFactor(a.slice(), 3)!;
    expect(columns).toHaveLength(2);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        expect(columns.reduce((sum, c) => sum + c[i] * c[j], 0)).toBeCloseTo(a[i * 3 + j], 12);
    expect(semidefiniteFactor(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(semidefiniteFactor(Float64Array.of(0, 1, 1, 0), 2)).toBeUndefined();
  });
});
