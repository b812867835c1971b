// The laws of degradation (bias, noise, settling, asymmetry, converters, heat) against chips on the bench: what is
// measured lies within 30 % of what is predicted.
import { describe, expect, it } from 'vitest';
import { type Bench, createBench, type Trial } from '../../src/learn/hardware/bench.js';
import { METHOD_NAMES, methodNamed } from '../../src/learn/hardware/methods.js';
import { type Hardware, IDEAL } from '../../src/learn/hardware/registry.js';
import { rowOf } from '../../src/learn/hardware/rows.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { DIODES } from './decks.js';

const bench = createBench(problemOf(parseDeck(`a diode and resistors\n${DIODES}\n.end\n`)));

/** One row of the result. */
function measure(on: Bench, rule: string, faults: Partial<Hardware>, samples: number) {
  const hardware = { ...IDEAL, ...faults };
  const method = methodNamed(rule);
  const outcomes = Array.from({ length: samples }, (_, k) => on.run([method], hardware, 1, k)[0]);
  return rowOf(on, method, hardware, outcomes);
}

const within = (measured: number, predicted: number, share = 0.3): void => {
  expect(measured).toBeGreaterThan((1 - share) * predicted);
  expect(measured).toBeLessThan((1 + share) * predicted);
};

describe('what is measured agrees with what is predicted', () => {
  it.each<[string, string, Partial<Hardware>, number]>([
    ['the bias k₃β² of a centred nudge', 'equilibrium', { beta: 0.05 }, 1],
    ['the bias k₂β of a one-sided nudge', 'equilibrium:one-sided', { beta: 0.05 }, 1],
    ['noise of reading, centred', 'equilibrium', { beta: 0.1, read: 1e-3 }, 150],
    ['noise of reading, one-sided', 'equilibrium:one-sided', { beta: 0.1, read: 1e-3 }, 150],
    ['the steps of a 10-bit converter', 'equilibrium', { beta: 0.1, adc: 10 }, 150],
    ['the steps of a 6-bit converter, most of them too coarse', 'equilibrium', { beta: 0.1, adc: 6 }, 200],
    ['a gain of the nudge of 1.1', 'equilibrium', { beta: 0.01, gain: 0.1 }, 1],
    [
      'scattered gains and offsets of the nudge',
      'equilibrium',
      { beta: 0.01, gainspread: 0.1, offset: 0.05 },
      150,
    ],
    ['a gain of the nudge of 1.1 on a circle', 'equilibrium:holomorphic', { beta: 0.1, gain: 0.1 }, 1],
    [
      'scattered gains and offsets of the nudge on a circle',
      'equilibrium:holomorphic',
      { beta: 0.1, gainspread: 0.1, offset: 0.05 },
      150,
    ],
    ['nudges on a circle under noise of reading', 'equilibrium:holomorphic', { beta: 0.1, read: 1e-3 }, 150],
    ['the bias O(r⁶) of six nudges on a circle', 'equilibrium:holomorphic', { beta: 0.2 }, 1],
    ['noise of reading a transposed network', 'stress', { beta: 0.1, read: 1e-3 }, 150],
    ['a transposed network of other devices', 'stress', { copymismatch: 0.02 }, 150],
    ['a transposed network that is read with offsets', 'stress', { copyoffset: 0.02 }, 150],
    ['a unilateral leak of 2 %', 'equilibrium', { beta: 0.01, leak: 0.02 }, 150],
    ['the same leak seen by nudges on a circle', 'equilibrium:holomorphic', { beta: 0.1, leak: 0.02 }, 150],
    ['the same leak under the rule that reverses it', 'asymmetric', { beta: 0.05, leak: 0.02 }, 20],
    ['heat at one instant', 'equilibrium', { beta: 0.05, thermal: 1e15 }, 150],
    ['heat averaged over 20 τ', 'equilibrium', { beta: 0.05, thermal: 1e15, average: 20 }, 60],
    ['nudged phases of 3 τ after free ones of 6', 'equilibrium', { beta: 0.01, free: 6, nudged: 3 }, 1],
    ['a free phase of 4 τ, seen one-sided', 'equilibrium:one-sided', { beta: 0.01, free: 4, nudged: 3 }, 1],
  ])('%s', (_, rule, faults, samples) => {
    const { perturbed, predicted } = measure(bench, rule, faults, samples);
    within(perturbed.relativeError, predicted);
  });

  it('the best nudge under noise of reading, and the error there', () => {
    for (const rule of ['equilibrium', 'equilibrium:one-sided']) {
      const read = 1e-4;
      const { optimum } = measure(bench, rule, { read }, 1);
      const error = (beta: number): number =>
        measure(bench, rule, { beta, read }, 80).perturbed.relativeError;
      const [less, best, more] = [0.5, 1, 2].map((factor) => error(factor * optimum!.beta));
      within(best, optimum!.relativeError);
      expect(best).toBeLessThan(less);
      expect(best).toBeLessThan(more);
    }
  });
});

describe('on a circuit with S = 1, 1/16, of two amplifiers 4 forth and 1/4 back', () => {
  const layered = createBench(
    problemOf(
      parseDeck(`amplifiers
V1 in 0 0.1
R0 in n0 1k
Rg0 n0 0 2k
E0 m0 0 n0 0 4
B0 n0 0 i={-0.25*i(E0)}
R1 m0 n1 1k
RL n1 0 3k
.train R*
.cost op v(n1) target=0.5
.end
`),
    ),
  );

  it.each(['equilibrium', 'asymmetric', 'stress'])(
    'noise of reading goes through S only where the rule reads by S: %s',
    (rule) => {
      const { perturbed, predicted } = measure(layered, rule, { beta: 1e-5, read: 1e-4 }, 200);
      within(perturbed.relativeError, predicted);
    },
  );

  it('a chip has an S of its own, and the design’s is wrong for it by what no law says', () => {
    const of = (rule: string) => measure(layered, rule, { beta: 1e-6, mismatch: 0.1 }, 30);
    expect(of('equilibrium').perturbed.relativeError).toBeGreaterThan(0.02);
    expect(of('equilibrium').predicted).toBeNaN();
    within(of('asymmetric').perturbed.relativeError, of('asymmetric').predicted);
  });
});

describe('the law', () => {
  it('of bias ends where phases are rounded off: of less than that nothing is predicted', () => {
    const [fine, lost] = [1e-3, 1e-8].map((beta) => measure(bench, 'equilibrium', { beta }, 1));
    within(fine.perturbed.relativeError, fine.predicted);
    expect(lost.perturbed.relativeError).toBeGreaterThan(1e-14);
    expect(lost.predicted).toBeNaN();
  });

  it('of M averaged readings is σ²/M', () => {
    const once = measure(bench, 'equilibrium', { beta: 0.05, read: 1e-3 }, 150).perturbed.relativeError;
    const often = measure(bench, 'equilibrium', { beta: 0.05, read: 1e-3, reads: 100 }, 150).perturbed
      .relativeError;
    within(once / often, 10);
  });

  it('of an error of gain is rel ≈ ε', () => {
    const { perturbed } = measure(bench, 'equilibrium', { beta: 1e-3, gain: 0.05 }, 1);
    expect(perturbed.relativeError).toBeCloseTo(0.05, 3);
    expect(perturbed.normRatio).toBeCloseTo(1.05, 3);
    expect(perturbed.misalignment).toBeLessThan(1e-6);
  });

  it('of asymmetry is rel ∝ ‖K‖', () => {
    const [one, two] = [0.005, 0.01].map(
      (leak) => measure(bench, 'equilibrium', { beta: 1e-3, leak }, 40).perturbed.relativeError,
    );
    expect(two / one).toBeCloseTo(2, 1);
  });

  it('of settling is e^(−T/τ), and a one-sided rule pays ρ₁/β for a free phase that ends early', () => {
    const [short, long] = [4, 6].map(
      (nudged) => measure(bench, 'equilibrium', { beta: 1e-3, nudged }, 1).perturbed.relativeError,
    );
    expect(Math.log(short / long)).toBeCloseTo(2, 1);
    const early = { beta: 1e-3, free: 4, nudged: 8 };
    const oneSided = measure(bench, 'equilibrium:one-sided', early, 1).perturbed.relativeError;
    const centred = measure(bench, 'equilibrium', early, 1).perturbed.relativeError;
    expect(oneSided).toBeGreaterThan(100);
    expect(centred).toBeLessThan(0.05);
  });

  it('of coarse converters is dead edges, more with fewer bits', () => {
    const rows = [6, 8, 10, 14].map((adc) => measure(bench, 'equilibrium', { beta: 0.02, adc }, 100));
    const dead = rows.map((row) => row.perturbed.deadShare);
    for (const { perturbed, predictedDead } of rows.slice(0, 2)) within(perturbed.deadShare, predictedDead);
    expect(dead[0]).toBeGreaterThan(0.5);
    expect(dead[3]).toBe(0);
    for (let k = 1; k < dead.length; k++) expect(dead[k]).toBeLessThanOrEqual(dead[k - 1]);
  });
});

describe('the mean over rows of data', () => {
  const table = '.param y=0\n.data points v1 v2 y\n+ 1 0.5 0.1\n+ 0.2 0.9 0.4\n+ 0.7 0.1 0.2\n.enddata\n.end';
  const rows = createBench(
    problemOf(parseDeck(`a diode and resistors\n${DIODES.replace('target=0.1', 'target={y}')}\n${table}\n`)),
  );

  it('averages what is drawn anew in every row, and not the sources that serve them all', () => {
    expect(rows.problem.rows).toBe(3);
    for (const faults of [{ read: 1e-3 }, { offset: 0.1, gainspread: 0.1 }, { leak: 0.02 }]) {
      const { perturbed, predicted } = measure(rows, 'equilibrium', { beta: 0.05, ...faults }, 80);
      within(perturbed.relativeError, predicted);
    }
  });
});

describe('nudges on a circle', () => {
  it('meet a unilateral leak as real ones do', () => {
    const [circle, line] = ['equilibrium:holomorphic', 'equilibrium'].map(
      (rule) => measure(bench, rule, { beta: 0.01, leak: 0.02 }, 20).perturbed.relativeError,
    );
    expect(circle / line).toBeCloseTo(1, 3);
  });

  it.each([{ thermal: 300 }, { drift: 0.01 }, { nudged: 3 }])(
    'refuse what is a matter of time: %o',
    (fault) => {
      const { failure, samples } = measure(bench, 'equilibrium:holomorphic', fault, 2);
      expect(samples).toBe(0);
      expect(failure).toMatch(new RegExp(`${Object.keys(fault)[0]} is a matter of time.*take equilibrium`));
    },
  );
});

describe('static mismatch', () => {
  it('is invisible to a rule on one copy: only the bias of β is left', () => {
    const ideal = measure(bench, 'equilibrium', { beta: 0.02 }, 1).perturbed.relativeError;
    const row = measure(bench, 'equilibrium', { beta: 0.02, mismatch: 0.1 }, 30);
    within(row.perturbed.relativeError, ideal);
    expect(row.nominal.relativeError).toBeGreaterThan(0.05);
    const finer = measure(bench, 'equilibrium', { beta: 0.01, mismatch: 0.1 }, 30);
    expect(row.perturbed.relativeError / finer.perturbed.relativeError).toBeCloseTo(4, 1);
  });

  it('of the second copy ruins a free circuit compared with a clamped twin, all the more the softer the clamp', () => {
    const alike = measure(bench, 'coupled', { beta: 0.01 }, 1).perturbed.relativeError;
    const [hard, soft] = [0.1, 0.01].map(
      (beta) => measure(bench, 'coupled', { beta, copymismatch: 0.05 }, 20).perturbed.relativeError,
    );
    expect(hard).toBeGreaterThan(alike);
    expect(soft / hard).toBeGreaterThan(5);
  });
});

describe('a chip', () => {
  const faults = { ...IDEAL, mismatch: 0.1, read: 1e-3, leak: 0.01, offset: 0.1, adc: 12 };

  it('is the same for the same seed, whatever was benched before', () => {
    const other = createBench(problemOf(parseDeck(`a diode and resistors\n${DIODES}\n.end\n`)));
    other.run(METHOD_NAMES.map(methodNamed), { ...IDEAL, mismatch: 0.3, thermal: 300 }, 7, 3);
    const [a] = bench.run([methodNamed('equilibrium')], faults, 5, 2) as readonly Trial[];
    const [b] = other.run([methodNamed('equilibrium')], faults, 5, 2) as readonly Trial[];
    expect(b).toEqual(a);
    const [c] = bench.run([methodNamed('equilibrium')], faults, 6, 2) as readonly Trial[];
    expect(c.perturbed.relativeError).not.toBe(a.perturbed.relativeError);
  });
});
