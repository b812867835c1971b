// Chips whose costs are over time or of AC responses: what rules know of the chip and of its design, how readings, copies and
// leaks damage them, and what it takes.
import { describe, expect, it } from 'vitest';
import { type Diagnostic, InputError } from '../../src/errors.js';
import { type Bench, createBench, type Trial } from '../../src/learn/hardware/bench.js';
import { methodNamed } from '../../src/learn/hardware/methods.js';
import { type Hardware, IDEAL } from '../../src/learn/hardware/registry.js';
import { rowOf } from '../../src/learn/hardware/rows.js';
import { BOLTZMANN } from '../../src/learn/hardware/thermal.js';
import { fluctuation } from '../../src/learn/hardware/thermal-run.js';
import { problemOf } from '../../src/lesson/deck.js';
import { withWires } from '../../src/lesson/wires.js';
import { createRandom } from '../../src/math/random.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { systemOf } from './decks.js';

const benchOf = (cards: string): Bench => {
  const deck = parseDeck(`beyond rest\n${cards}\n.end\n`);
  return createBench(problemOf(deck), () => problemOf(withWires(deck)));
};

function trialOn(bench: Bench, rule: string, faults: Partial<Hardware> = {}, sample = 0): Trial {
  const [outcome] = bench.run([methodNamed(rule)], { ...IDEAL, ...faults }, 1, sample);
  if ('failure' in outcome) throw new Error(outcome.failure);
  return outcome;
}

/** √⟨rel²⟩ against the chip's own gradient. */
function rms(bench: Bench, rule: string, faults: Partial<Hardware>, samples = 12): number {
  let sum = 0;
  for (let k = 0; k < samples; k++) sum += trialOn(bench, rule, faults, k).perturbed.relativeError ** 2;
  return Math.sqrt(sum / samples);
}

const near = (measured: number, expected: number, share: number): void => {
  expect(measured / expected).toBeGreaterThan(1 - share);
  expect(measured / expected).toBeLessThan(1 + share);
};

const LADDER = `V1 in 0 sin(0 1 1k)
R1 in a 1k
C1 a 0 100n
R2 a b 2k
C2 b 0 50n
R3 b 0 10k
.train R* C*
.tran 10u 2m`;
const ladder = benchOf(`${LADDER}\n.cost tran expr={(v(b)-0.2)**2}`);
const RULES = ['adjoint', 'direct', 'differences', 'replay'];
const RUN = 2e-3;

const CLIPPER = `V1 in 0 sin(0 2 1k)
R1 in a 1k
C1 a 0 100n
D1 a 0 dd
R2 a b 2k
C2 b 0 50n
.model dd D(is=1e-9 cjo=10n)
.train R* C1 D1.is
.tran 10u 1m
.cost tran v(b) target=0.2`;

describe('a chip in time', () => {
  const faults: readonly Partial<Hardware>[] = [
    { mismatch: 0.05 },
    { stuck: 0.3, dead: 0.2 },
    { granularity: 0.2 },
    { wire: 20 },
    { leak: 0.02 },
  ];
  it.each(faults)('%j knows its own gradient, and not the design’s', (fault) => {
    for (const rule of ['adjoint', 'direct']) {
      const { perturbed, nominal } = trialOn(ladder, rule, fault, 1);
      expect(perturbed.relativeError).toBeLessThan(1e-12);
      expect(nominal.relativeError).toBeGreaterThan(0.01);
    }
    expect(trialOn(ladder, 'differences', fault, 1).perturbed.relativeError).toBeLessThan(1e-4);
  });

  it('is away from its design in proportion to mismatch', () => {
    const [one, two, four] = [0.005, 0.01, 0.02].map(
      (mismatch) => trialOn(ladder, 'adjoint', { mismatch }).nominal.relativeError,
    );
    expect(one).toBeGreaterThan(1e-3);
    near(two / one, 2, 0.05);
    near(four / two, 2, 0.05);
  });

  it('of diodes has all but replay, which says why', () => {
    const clipper = benchOf(CLIPPER);
    expect(trialOn(clipper, 'adjoint', { mismatch: 0.1 }).perturbed.relativeError).toBe(0);
    expect(trialOn(clipper, 'differences', { mismatch: 0.1 }).perturbed.relativeError).toBeLessThan(1e-3);
    const [outcome] = clipper.run([methodNamed('replay')], IDEAL, 1, 0);
    expect(outcome).toMatchObject({
      failure: expect.stringMatching(/linear circuit.*d1/),
      hint: 'use adjoint',
    });
  });

  it('with a switch that its own state throws knows its gradient', () => {
    const thrown = benchOf(
      `${LADDER.replace('R2 a b 2k', 'S1 a b a 0 sm\nR2 b 0 2k')}\n.model sm sw vt=0.3 vh=0.05 ron=10 roff=1meg\n.cost tran v(b) target=0.2`,
    );
    for (const fault of [{}, { mismatch: 0.02 }]) {
      expect(trialOn(thrown, 'adjoint', fault).perturbed.relativeError).toBe(0);
      expect(trialOn(thrown, 'differences', { ...fault, steps: 4000 }).perturbed.relativeError).toBeLessThan(
        0.03,
      );
    }
  });

  it.each(['td=0.1m', 'f=2.5k'])('with a line of %s has another delay than its design', (delay) => {
    const line = benchOf(
      `V1 in 0 sin(0 1 1k)\nR1 in a 50\nT1 a 0 b 0 z0=50 ${delay}\nR2 b 0 70\n.train R*\n.tran 5u 2m\n.cost tran v(b) target=0.2`,
    );
    const { perturbed, nominal } = trialOn(line, 'adjoint', { mismatch: 0.05 });
    expect(perturbed.relativeError).toBe(0);
    expect(nominal.relativeError).toBeGreaterThan(0.01);
  });

  it('that begins from given charges, without an operating point, has a gradient and leaks', () => {
    const ringing = benchOf(
      'C1 a 0 1n ic=1\nL1 a b 1u\nR1 b 0 20\nC2 b 0 0.5n\nR2 a b 100\n.train C1 L1 R1 C2\n.tran 1n 0.3u uic\n.cost tran expr={v(b)**2}',
    );
    for (const fault of [{}, { mismatch: 0.05 }, { leak: 0.02 }])
      expect(trialOn(ringing, 'differences', fault).perturbed.relativeError).toBeLessThan(1e-3);
    expect(trialOn(ringing, 'replay').perturbed.relativeError).toBeLessThan(0.05);
  });
});

describe('the error played back', () => {
  const bias = trialOn(ladder, 'replay').perturbed.relativeError;

  it('in K steps is off by O(1/K); the cost read at K instants by O(1/K²)', () => {
    for (const [rule, ratio] of [
      ['replay', 2],
      ['differences', 4],
    ] as const) {
      const [coarse, fine] = [500, 1000].map(
        (steps) => trialOn(ladder, rule, { steps }).perturbed.relativeError,
      );
      near(coarse / fine, ratio, 0.15);
    }
  });

  it('into a copy errs in proportion to its mismatch; into the network itself there is none', () => {
    const [one, two] = [0.05, 0.1].map((copymismatch) => rms(ladder, 'replay', { copymismatch }));
    expect(one).toBeGreaterThan(3 * bias);
    near(two / one, 2, 0.15);
    for (const rule of ['adjoint', 'differences'])
      expect(trialOn(ladder, rule, { copymismatch: 0.1 })).toEqual(trialOn(ladder, rule));
  });

  it('into a copy that is misread errs in proportion', () => {
    const [one, two] = [0.5, 1].map((copyoffset) => rms(ladder, 'replay', { copyoffset }));
    expect(one).toBeGreaterThan(3 * bias);
    near(two / one, 2, 0.15);
  });

  it('by sources of gain 1 + ε is 1 + ε times as large', () => {
    const { normRatio } = trialOn(ladder, 'replay').perturbed;
    near(trialOn(ladder, 'replay', { gain: 0.2 }).perturbed.normRatio, 1.2 * normRatio, 1e-9);
    near(trialOn(ladder, 'replay', { gain: -0.5 }).perturbed.normRatio, 0.5 * normRatio, 1e-9);
  });

  it('by a coarse converter errs by steps, by a fine one not', () => {
    const [coarse, fine] = [2, 16].map((dac) => trialOn(ladder, 'replay', { dac }).perturbed.relativeError);
    expect(Math.abs(fine - bias)).toBeLessThan(1e-4);
    expect(Math.abs(coarse - bias)).toBeGreaterThan(1e-3);
  });

  it('by sources with offsets errs in proportion to them', () => {
    const [one, two] = [1, 2].map((offset) => rms(ladder, 'replay', { offset }));
    expect(one).toBeGreaterThan(3 * bias);
    near(two / one, 2, 0.15);
  });

  it('into a network with a one-way leak, whose transpose it is not, errs in proportion to the leak', () => {
    const [one, two] = [0.05, 0.1].map((leak) => rms(ladder, 'replay', { leak }, 3));
    expect(one).toBeGreaterThan(5 * bias);
    near(two / one, 2, 0.15);
  });

  it('is read under noise the better the louder it is', () => {
    const [quiet, loud] = [1, 10].map((times) =>
      rms(ladder, 'replay', { read: 5e-3, beta: 0.1 * times * ladder.beta }),
    );
    expect(quiet).toBeGreaterThan(20 * bias);
    near(quiet / loud, 10, 0.3);
  });
});

describe('readings of a run', () => {
  it('make costs at moved parameters uncertain in proportion to their noise, less when more are averaged', () => {
    const error = (faults: Partial<Hardware>) => rms(ladder, 'differences', faults, 8);
    const one = error({ read: 1e-4 });
    near(error({ read: 2e-4 }) / one, 2, 0.05);
    near(error({ read: 1e-4, reads: 25 }) / one, 1 / 5, 0.05);
    near(error({ read: 1e-4, steps: 4000 }) / one, 1 / 2, 0.35);
  });

  it('make what is reckoned from one run uncertain in proportion, and far less', () => {
    const [one, two] = [1e-3, 2e-3].map((read) => rms(ladder, 'adjoint', { read }, 6));
    near(two / one, 2, 0.05);
    expect(rms(ladder, 'direct', { read: 1e-3 }, 6)).toBeCloseTo(one, 12);
    expect(one).toBeLessThan(0.05 * rms(ladder, 'differences', { read: 1e-3 }, 6));
  });

  it('by converters of more bits are better', () => {
    for (const rule of RULES.filter((name) => name !== 'replay')) {
      const [coarse, fine] = [8, 14].map((adc) => rms(ladder, rule, { adc }, 4));
      expect(coarse).toBeGreaterThan(10 * fine);
    }
  });

  it('of a chip that drifts from run to run ruin differences in proportion, and hardly replay', () => {
    const [one, two] = [1e-4, 2e-4].map((drift) => rms(ladder, 'differences', { drift }, 6));
    expect(one).toBeGreaterThan(5e-3);
    near(two / one, 2, 0.05);
    const still = trialOn(ladder, 'replay').perturbed.relativeError;
    near(rms(ladder, 'replay', { drift: 2e-4 }, 6), still, 0.02);
  });
});

describe('heat in a run', () => {
  const system = systemOf('V1 in 0 1\nR1 in a 1k\nC1 a 0 1p\nR2 a b 10k\nC2 b 0 3p\nR3 b c 1k\nL1 c 0 1m');
  const kT = BOLTZMANN * 300;
  /** ⟨ξ²⟩ of an unknown over the instants of many runs. */
  const variance = (name: string, h: number): number => {
    const i = system.unknowns.findIndex((u) => u.name === name);
    const fluctuates = fluctuation(system, 300, 50, h);
    let sum = 0;
    for (let run = 0; run < 100; run++)
      for (const x of fluctuates(createRandom(run), false)) sum += x[i] ** 2 / (100 * 51);
    return sum;
  };

  it('is kT/C at every capacitor and kT/L in an inductor at all instants, whatever their distance', () => {
    for (const h of [1e-10, 1e-8, 1e-6]) {
      near(variance('v(a)', h), kT / 1e-12, 0.25);
      near(variance('v(b)', h), kT / 3e-12, 0.25);
      near(variance('i(l1)', h), kT / 1e-3, 0.25);
    }
  });

  it('forgets itself in a time constant: the mean over T varies by 2τ/T of kT/C', () => {
    const rc = systemOf('V1 in 0 1\nR1 in a 1k\nC1 a 0 1n');
    const [K, h, tau] = [400, 1e-7, 1e-6];
    const fluctuates = fluctuation(rc, 300, K, h);
    let square = 0;
    for (let run = 0; run < 200; run++) {
      const mean = fluctuates(createRandom(run), false).reduce((sum, [v]) => sum + v, 0) / (K + 1);
      square += mean ** 2 / 200;
    }
    near(square, ((2 * tau) / (K * h)) * (kT / 1e-9), 0.3);
  });

  it('begins at nothing where charges are given', () => {
    const [first, second] = fluctuation(system, 300, 1, 1e-9)(createRandom(1), true);
    expect(Math.max(...first.map(Math.abs))).toBe(0);
    expect(Math.max(...second.map(Math.abs))).toBeGreaterThan(0);
  });

  it('makes gradients uncertain as √T, of an error played back the less the louder it is', () => {
    for (const rule of ['differences', 'replay']) {
      const [one, two] = [1e11, 4e11].map((thermal) =>
        rms(ladder, rule, { thermal, beta: 0.1 * ladder.beta }, 6),
      );
      expect(one).toBeGreaterThan(0.05);
      near(two / one, 2, 0.05);
    }
    const [quiet, loud] = [0.01, 0.1].map((times) =>
      rms(ladder, 'replay', { thermal: 1e11, beta: times * ladder.beta }, 6),
    );
    near(quiet / loud, 10, 0.1);
  });

  it('is refused where the circuit is not linear', () => {
    const [outcome] = benchOf(CLIPPER).run([methodNamed('differences')], { ...IDEAL, thermal: 300 }, 1, 0);
    expect(outcome).toMatchObject({ failure: expect.stringMatching(/known for linear circuits.*d1/) });
  });
});

describe('the bill of runs', () => {
  it('is one run for what is reckoned from it, two for replay, 1 + 4P for differences', () => {
    const runs = { adjoint: 1, direct: 1, replay: 2, differences: 1 + 4 * 5 };
    for (const [rule, count] of Object.entries(runs)) {
      const { seconds, phases } = trialOn(ladder, rule);
      expect(phases).toBe(count);
      near(seconds, count * RUN, 1e-9);
    }
  });

  it('of charging a capacitor is CV², and what plays an error back delivers β²', () => {
    const charging = benchOf(
      'V1 a 0 2\nR1 a b 1k\nC1 b 0 1u ic=0\n.train R1\n.tran 10u 20m uic\n.cost tran expr={v(b)**2}',
    );
    near(trialOn(charging, 'adjoint').joules, 1e-6 * 4, 1e-3);
    const played = (beta: number) => trialOn(charging, 'replay', { beta }).joules;
    const [none, one, two] = [0, 1, 2].map((times) => played(times * charging.beta || 1e-30));
    expect(one).toBeGreaterThan(none);
    near((two - none) / (one - none), 4, 1e-6);
  });

  it('counts a copy where there is one', () => {
    const copies = (rule: string, faults: Partial<Hardware>): number => {
      const hardware = { ...IDEAL, ...faults };
      const outcomes = ladder.run([methodNamed(rule)], hardware, 1, 0);
      return rowOf(ladder, methodNamed(rule), hardware, outcomes).copies;
    };
    expect(copies('replay', {})).toBe(1);
    expect(copies('replay', { copymismatch: 0.01 })).toBe(2);
    expect(copies('differences', { copymismatch: 0.01 })).toBe(1);
  });
});

const filterOf = (amplitude: number) =>
  benchOf(`V1 in 0 dc 0.6 AC ${amplitude}
R1 in a 1k
C1 a 0 100n
D1 a 0 dd
R2 a b 2k
C2 b 0 50n
.model dd D(is=1e-9)
.train R* C*
.cost ac expr={abs(v(b)/v(in))} at=1k,2k`);

describe('a chip whose AC response costs', () => {
  const bench = filterOf(1);

  it('knows its own gradient, and the design’s the less the further it is from it', () => {
    const [one, two] = [0.01, 0.02].map((mismatch) => trialOn(bench, 'adjoint', { mismatch }));
    near(two.nominal.relativeError / one.nominal.relativeError, 2, 0.1);
    for (const fault of [{ mismatch: 0.02 }, { leak: 0.02 }, { wire: 20 }, { dead: 0.3 }]) {
      for (const rule of ['adjoint', 'direct'])
        expect(trialOn(bench, rule, fault, 1).perturbed.relativeError).toBeLessThan(1e-9);
      expect(trialOn(bench, 'differences', fault, 1).perturbed.relativeError).toBeLessThan(1e-6);
    }
  });

  it('is measured under noise the better the larger the AC sources', () => {
    const [small, large] = [bench, filterOf(10)].map((on) => rms(on, 'differences', { read: 1e-5 }, 6));
    near(small / large, 10, 0.05);
    near(rms(bench, 'differences', { read: 2e-5 }, 6) / small, 2, 0.05);
    expect(rms(bench, 'adjoint', { read: 1e-5 }, 6)).toBeLessThan(0.1 * small);
  });

  it('drifts between measurements', () => {
    const [one, two] = [1e-4, 2e-4].map((drift) => rms(bench, 'differences', { drift }, 4));
    near(two / one, 2, 0.05);
  });
});

describe('costs of several kinds', () => {
  const mixed = benchOf(`${LADDER.replace('sin(0', 'dc 0.6 sin(0.6')}
.data rows V1 y
+ 0.6 0.1
+ 0.3 0.2
.enddata
.cost op v(b) target=y
.cost tran expr={v(b)**2} weight=100`);

  it('add, and so does what they take', () => {
    for (const rule of RULES) {
      const { perturbed, phases, seconds } = trialOn(mixed, rule, { mismatch: 0.02 });
      expect(perturbed.relativeError).toBeLessThan(0.02);
      expect(phases).toBe(
        2 *
          (1 +
            { adjoint: 1, direct: 1, replay: 2, differences: 1 }[rule]! +
            (rule === 'differences' ? 40 : 0)),
      );
      expect(seconds).toBeGreaterThan(phases * 1e-3);
    }
    const [outcome] = mixed.run([methodNamed('equilibrium')], IDEAL, 1, 0);
    expect(outcome).toMatchObject({
      failure: 'equilibrium says nothing of a cost over time',
      hint: 'take adjoint, direct, differences, replay',
    });
  });
});

describe('what means nothing', () => {
  it.each<[Bench, Partial<Hardware>, RegExp]>([
    [ladder, { free: 3 }, /free is a matter of costs at the operating point, and here all are over time/],
    [ladder, { average: 3 }, /average is a matter of costs at the operating point/],
    [filterOf(1), { thermal: 300 }, /thermal is a matter of costs at the operating point or over time/],
  ])('is refused', (bench, fault, why) => {
    let found: unknown;
    try {
      trialOn(bench, 'adjoint', fault);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(InputError);
    expect((found as InputError).diagnostics[0]).toMatchObject({ code: 'no-meaning' });
    expect((found as InputError).diagnostics[0].message).toMatch(why);
    expect((found as InputError).diagnostics[0].hint).toBe(`leave ${Object.keys(fault)[0]} at 0`);
  });
});

describe('a knob turned to where it cannot go', () => {
  const complaints = (hardware: object): readonly Diagnostic[] => {
    try {
      ladder.run([methodNamed('adjoint')], { ...IDEAL, ...hardware } as Hardware, 1, 0);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as InputError).diagnostics;
    }
    return [];
  };
  it.each([
    [{ mismatch: -1 }, 'mismatch = -1 is out of its range, 0 or more', /choose 0 or more; .* it is 0$/],
    [{ stuck: 2 }, 'stuck = 2 is out of its range, from 0 to 1', /choose from 0 to 1/],
    [{ read: Number.NaN }, 'read = NaN is out of its range, 0 or more', /choose/],
    [{ leak: Infinity }, 'leak = Infinity is out of its range, 0 or more', /choose/],
    [{ adc: 8.5 }, 'adc = 8.5 is not a whole number', /choose a whole number from 0 to 52/],
    [{ beta: -1 }, 'beta = -1 is out of its range, above 0', /it is what moves the most sensitive node/],
    [{ read: undefined }, 'read = undefined is no number', /begin with \{ \.\.\.IDEAL/],
    [{ mismach: 0.1 }, 'nothing on the bench is called "mismach"', /there is beta, mismatch, /],
  ])('from code is refused as on the command line: %j', (fault, message, hint) => {
    const [complaint, ...others] = complaints(fault);
    expect(others).toEqual([]);
    expect(complaint).toMatchObject({ severity: 'error', message });
    expect(complaint.hint).toMatch(hint);
  });
  it('and everything that is wrong is said at once', () => {
    expect(complaints({ mismatch: -1, adc: 60, mismach: 1 }).map(({ code }) => code)).toEqual([
      'out-of-range',
      'out-of-range',
      'unknown-knob',
    ]);
  });
  it('what is not turned is not complained about: strengths and steps that nobody asked for', () => {
    expect(complaints({ beta: 0, steps: 0, gain: -1, reads: 1 })).toEqual([]);
  });
});

it('a chip gives the same bits whatever was done before', () => {
  const faults = {
    mismatch: 0.1,
    copymismatch: 0.05,
    read: 1e-3,
    adc: 12,
    drift: 1e-4,
    thermal: 300,
    steps: 300,
  };
  const all = RULES.map(methodNamed);
  const other = benchOf(`${LADDER}\n.cost tran expr={(v(b)-0.2)**2}`);
  other.run(all, { ...IDEAL, mismatch: 0.3, wire: 3, gainspread: 0.1 }, 7, 3);
  const [a, b] = [ladder, other].map((bench) => bench.run(all, { ...IDEAL, ...faults }, 5, 2));
  expect(a).toEqual(b);
  expect(ladder.run(all, { ...IDEAL, ...faults }, 6, 2)).not.toEqual(a);
});
