// Costs of AC responses: `.cost ac` against closed forms, central differences, ngspice, and the sum of its parts.
import { describe, expect, test } from 'vitest';
import { InputError, LearningError } from '../../src/errors.js';
import { compare, estimate } from '../../src/learn/compare.js';
import type { Problem } from '../../src/learn/problem.js';
import { ruleByName } from '../../src/learn/rules/registry.js';
import { optimisers } from '../../src/learn/training/optimisers.js';
import { makeReader } from '../../src/learn/training/reader.js';
import { beginTraining, trainEpoch } from '../../src/learn/training/training.js';
import { dualDeck } from '../../src/lesson/dual-deck.js';
import { problemFor } from '../../src/lesson/lesson.js';
import { unseen } from '../../src/lesson/unseen.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { ngspice } from '../support/ngspice.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const RULES = ['adjoint', 'direct', 'differences'] as const;

describe('a low-pass of a resistor and a capacitor', () => {
  const [R, C] = [1e3, 1e-6];
  const deck = (cost: string) => `
    V1 in 0 AC 1
    R1 in out ${R}
    C1 out 0 ${C}
    .train R1 C1
    .ac dec 3 10 1k
    ${cost}`;
  /** Value and slopes by R and by C of a function of w = ωRC. */
  const closed = (f: number, value: (w: number) => number, slope: (w: number) => number) => {
    const omega = 2 * Math.PI * f;
    const w = omega * R * C;
    return { cost: value(w), gradient: [slope(w) * omega * C, slope(w) * omega * R] };
  };
  const near = (cost: string, expected: { cost: number; gradient: number[] }): void => {
    for (const rule of RULES) {
      const found = gradientBy(rule, problemOfDeck(deck(cost)));
      expect(found.cost, rule).toBeCloseTo(expected.cost, 10);
      found.gradient.forEach((g, k) => {
        expect(Math.abs(g / expected.gradient[k] - 1), `${cost} by ${rule}`).toBeLessThan(1e-8);
      });
    }
  };

  test.each([20, 159, 4e3])('has the slopes of |H|, dB, angle and parts at %d Hz', (f) => {
    const size = (w: number) => 1 / Math.hypot(1, w);
    const bySize = (w: number) => -w / (1 + w * w) ** 1.5;
    const toDecibels = 20 / Math.LN10;
    near(`.cost ac expr={vm(out)} at=${f}`, closed(f, size, bySize));
    near(
      `.cost ac expr={vdb(out)} at=${f}`,
      closed(
        f,
        (w) => toDecibels * Math.log(size(w)),
        (w) => (-toDecibels * w) / (1 + w * w),
      ),
    );
    near(
      `.cost ac expr={vp(out)} at=${f}`,
      closed(
        f,
        (w) => -Math.atan(w),
        (w) => -1 / (1 + w * w),
      ),
    );
    near(
      `.cost ac expr={vr(out)} at=${f}`,
      closed(
        f,
        (w) => 1 / (1 + w * w),
        (w) => (-2 * w) / (1 + w * w) ** 2,
      ),
    );
    near(
      `.cost ac expr={vi(out)} at=${f}`,
      closed(
        f,
        (w) => -w / (1 + w * w),
        (w) => (w * w - 1) / (1 + w * w) ** 2,
      ),
    );
    near(
      `.cost ac vm(out) target={hertz/4k} weight=3 at=${f}`,
      closed(
        f,
        (w) => 1.5 * (size(w) - f / 4e3) ** 2,
        (w) => 3 * (size(w) - f / 4e3) * bySize(w),
      ),
    );
    near(`.cost ac expr={abs(v(out)/v(in))} at=${f}`, closed(f, size, bySize));
  });

  test('adds up over given frequencies, and is a mean over those of .ac', () => {
    const at = (where: string) =>
      gradientBy('adjoint', problemOfDeck(deck(`.cost ac expr={vm(out)} ${where}`)));
    const single = [100, 300].map((f) => at(`at=${f}`));
    const both = at('at=100,300');
    expect(both.cost).toBeCloseTo(single[0].cost + single[1].cost, 14);
    expect(both.gradient[0]).toBeCloseTo(single[0].gradient[0] + single[1].gradient[0], 14);
    const decade = Array.from({ length: 7 }, (_, k) => at(`at=${10 * 10 ** (k / 3)}`));
    const swept = at('');
    expect(swept.cost).toBeCloseTo(
      decade.reduce((sum, { cost }) => sum + cost / 7, 0),
      13,
    );
    expect(swept.gradient[1] / decade.reduce((sum, { gradient }) => sum + gradient[1] / 7, 0)).toBeCloseTo(
      1,
      12,
    );
  });
});

const circuits: Readonly<Record<string, string>> = {
  'a diode whose operating point moves': `
    V1 in 0 DC 0.8 AC 1 20
    R1 in a 1k
    D1 a out dm
    R2 out 0 500
    C1 out 0 1n
    .model dm d(is=1e-12 cjo=20p tt=5n rs=3)
    .train R* C1 D1.is D1.cjo D1.tt D1.rs V1.dc V1.acmag V1.acphase
    .cost ac vdb(out) target=-20 at=1k,200k,5meg
    .cost ac vp(out) target=-0.4 at=200k`,
  'a tunnel diode at its falling branch, and coupled inductors': `
    V1 in 0 DC 0.22 AC 1
    Vs in b 0
    R1 b a 5
    L1 a d 10n
    L2 e 0 20n
    K1 L1 L2 0.5
    R2 e 0 50
    D1 d 0 td
    .model td TUNNEL(ip=4.7m vp=0.1 iv=0.37m vv=0.37 vpp=0.525 cjo=20p)
    .train R* L* K1 D1.ip D1.cjo V1.dc
    .ac lin 5 100meg 500meg
    .cost ac im(l2) target=1m weight=1e4
    .cost ac expr={abs(v(in)/i(vs))} at=300meg weight=1m`,
  'mismatched lines behind a diode': `
    V1 in 0 DC 0.9 AC 1
    R1 in a 300
    D1 a b dm
    T1 b 0 c 0 z0=50 td=2n
    R2 c d 20
    T2 d 0 e 0 z0=75 f=200meg nl=0.3
    R3 e 0 200
    C2 e 0 1p
    V2 f 0 DC 0.1 AC 0.3 90
    T3 f 0 g 0 z0=60 td=1n
    R4 g c 500
    .model dm d(is=1e-12 cjo=1p)
    .train R* C2 D1.is D1.cjo V1.dc T1.td T1.z0 T2.f T2.nl V2.dc V2.acmag V2.acphase T3.td
    .cost ac vm(e) target=0.1 at=70meg
    .cost ac vdb(c,e) target=-3 at=30meg,150meg weight=1m`,
  'behavioural sources, a charge of its own, and a cell': `
    V1 in 0 DC 0.5 AC 1
    R1 in a 1
    C1 a 0 Q={0.2*x + 0.1*x^3}
    B1 0 b I={tanh(2*v(a))+v(a)*v(b)*0.3}
    R2 b 0 1
    N1 b w1 cell
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .train R* V1.dc N1.a N1.gamma N1.c N1.tau
    .cost ac expr={vr(b)+2*vi(b)+abs(v(a)*v(b)+1)} at=0,0.1,2`,
  'controlled sources, a gyrator and a closed switch': `
    V1 in 0 DC 1 AC 1
    Vs in a 0
    R1 a b 1k
    C1 b 0 0.1u
    E1 c 0 b 0 1.5
    R2 c d 500
    C2 d 0 0.2u
    G1 d 0 b 0 0.4m
    F1 d 0 Vs 0.3
    Y1 d 0 e 0 gy
    R3 e 0 2k
    S1 d g in 0 sw
    R4 g 0 1k
    D1 d 0 dm
    .model gy gyrator(g=1m)
    .model sw sw(vt=0.5 ron=100 roff=1meg)
    .model dm d(is=1e-12 cjo=10n)
    .train R* C* E1.gain G1.gain F1.gain Y1.g D1.is V1.dc
    .cost ac vdb(d) target=-3 at=100,1k
    .cost ac ip(vs) target=0 at=3k`,
};

describe.each(Object.entries(circuits))('through %s', (_, deck) => {
  test('the gradient is what differences find, forward as backward', () => {
    const problem = problemOfDeck(deck);
    const [adjoint, direct, judge] = RULES.map((rule) => gradientBy(rule, problem));
    expect(adjoint.gradient.filter((g) => g !== 0).length).toBe(problem.values.length);
    expect(Math.abs(adjoint.cost - judge.cost)).toBeLessThanOrEqual(1e-12 * Math.abs(judge.cost));
    expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-8);
    // One parameter at a time.
    const single = gradientBy('direct', problem, { capacity: 1 });
    expect(distance(problem, single.gradient, direct.gradient)).toBeLessThanOrEqual(1e-12);
    // Tellegen's theorem across the network at a frequency and its transpose.
    expect(adjoint.validity.tellegen).toBeLessThan(1e-10);
    expect(judge.validity.tellegen).toBeLessThan(1e-6);
  });
});

test('ngspice, by differences of its .ac, finds the same gradient', async () => {
  const written = (r: number, c: number, level: number) => `a diode
V1 in 0 DC ${level} AC 1
R1 in a ${r}
D1 a out dm
R2 out 0 500
C1 out 0 ${c}
.model dm d(is=1e-12 cjo=20p tt=5n rs=3)
`;
  const values: [number, number, number] = [1e3, 1e-9, 0.8];
  const sizeIn = async (p: readonly number[]): Promise<number> => {
    const [r, c, level] = p;
    const { columns, imaginary } = await ngspice(
      `${written(r, c, level)}.options reltol=1e-9 abstol=1e-15 vntol=1e-12 gmin=1e-15\n.ac lin 1 200k 200k\n.end\n`,
    );
    return Math.hypot(columns.get('v(out)')![0], imaginary.get('v(out)')![0]);
  };
  const problem = problemOfDeck(
    `${written(...values).replace(/^.*\n/, '')}.train R1 C1 V1.dc\n.cost ac expr={vm(out)} at=200k`,
  );
  const { cost, gradient } = gradientBy('adjoint', problem);
  expect(Math.abs((await sizeIn(values)) / cost - 1)).toBeLessThan(1e-6);
  for (const [k, p] of values.entries()) {
    const h = 1e-3 * p;
    const slope = ((await sizeIn(values.with(k, p + h))) - (await sizeIn(values.with(k, p - h)))) / (2 * h);
    expect(Math.abs(slope / gradient[k] - 1), problem.parameters[k].name).toBeLessThan(1e-4);
  }
});

describe('together with other cards', () => {
  const deck = (costs: string, tran = '.tran 10u 1m') => `
    V1 in 0 DC 0.7 AC 1 SIN(0.7 0.3 1k)
    R1 in out 1k
    D1 out 0 dm
    C1 out 0 0.1u
    .model dm d(is=1e-12 cjo=1n)
    .train R1 C1 D1.is
    ${tran}
    ${costs}`;
  const cards = [
    '.cost op v(out) target=0.3',
    '.cost tran v(out) target=0.3 weight=1e3',
    '.cost ac vdb(out) target=-3 at=1k weight=0.1',
  ];

  test.each(RULES)('costs at rest, over time and of responses add up by %s', (rule) => {
    const all = gradientBy(rule, problemOfDeck(deck(cards.join('\n'))));
    const single = cards.map((card) => gradientBy(rule, problemOfDeck(deck(card))));
    expect(all.cost).toBeCloseTo(
      single.reduce((sum, { cost }) => sum + cost, 0),
      12,
    );
    all.gradient.forEach((g, k) => {
      expect(g / single.reduce((sum, { gradient }) => sum + gradient[k], 0)).toBeCloseTo(1, 9);
    });
    expect(single.every(({ gradient }) => gradient.some((g) => g !== 0))).toBe(true);
  });

  test('is a mean over the rows of a table that sets levels and targets', () => {
    const table = '.data rows V1 want\n+ 0.6 -1\n+ 0.8 -4\n.enddata\n';
    const of = (level: number, want: number) =>
      gradientBy(
        'adjoint',
        problemOfDeck(deck(`.cost ac vdb(out) target=${want} at=1k`).replace('DC 0.7', `DC ${level}`)),
      );
    const problem = problemOfDeck(
      deck(`${table}.cost ac vdb(out) target=want at=1k`).replace('SIN(0.7 0.3 1k)', ''),
    );
    const mean = estimate(problem, 'adjoint');
    const rows = [of(0.6, -1), of(0.8, -4)];
    expect(problem.rows).toBe(2);
    expect(mean.cost).toBeCloseTo((rows[0].cost + rows[1].cost) / 2, 10);
    mean.gradient.forEach((g, k) => {
      expect(g / ((rows[0].gradient[k] + rows[1].gradient[k]) / 2)).toBeCloseTo(1, 8);
    });
  });
});

describe('what it is for', () => {
  test('a filter learns where its corner is', () => {
    const problem = problemOfDeck(`
      V1 in 0 AC 1
      R1 in out 1k
      C1 out 0 1u
      .train R1 log
      .cost ac vdb(out) target={-10*log10(2)} at=1k`);
    const read = makeReader(problem, ruleByName('adjoint'), {});
    const options = { optimiser: optimisers.get('adam')!, rate: 0.05, seed: 1 };
    let state = beginTraining(problem, options);
    for (let epoch = 0; epoch < 200; epoch++) ({ state } = trainEpoch(problem, read, options, state));
    expect(state.values[0] * 2 * Math.PI * 1e3 * 1e-6).toBeCloseTo(1, 3);
  });

  test('the same from code', () => {
    const { circuit } = parseDeck('t\nV1 in 0 AC 1\nR1 in out 1k\nC1 out 0 1u\n.end\n');
    const from = (problem: Problem) => gradientBy('adjoint', problem);
    const sweep = { variation: 'dec', points: 3, fstart: 10, fstop: 1e3 } as const;
    const asked = problemFor(circuit, {
      train: ['R1', 'C1'],
      costs: [
        { signal: 'VDB(out)', target: -3, weight: 2, response: { at: [100, 300] } },
        { signal: 'abs(V(in,out)/V(in)) + VP(out)*hertz/1e3 + IM(V1)', response: sweep },
      ],
    });
    const deck = problemOfDeck(`
      V1 in 0 AC 1
      R1 in out 1k
      C1 out 0 1u
      .train R1 C1
      .ac dec 3 10 1k
      .cost ac vdb(out) target=-3 weight=2 at=100,300
      .cost ac expr={abs(v(in,out)/v(in)) + vp(out)*hertz/1e3 + im(v1)}`);
    expect(from(asked).cost).toBe(from(deck).cost);
    expect(from(asked).gradient).toEqual(from(deck).gradient);
  });
});

describe('what is refused, with a way out', () => {
  const low = 'V1 in 0 AC 1\nR1 in out 1k\nC1 out 0 1u\n.train R1 C1\n';
  const complaints = (
    make: () => unknown,
  ): readonly { code: string; hint: string | undefined; line: number | undefined }[] => {
    try {
      make();
    } catch (error) {
      if (error instanceof InputError)
        return error.diagnostics.map(({ code, hint, span }) => ({ code, hint, line: span?.line }));
      if (error instanceof LearningError)
        return [{ code: error.obstacle.code, hint: error.obstacle.hint, line: error.obstacle.span?.line }];
      throw error;
    }
    return [];
  };
  const pose = (cards: string) => () => gradientBy('adjoint', problemOfDeck(low + cards));

  test.each([
    ['.cost ac vm(out) target=1', 'no-sweep', /at=1k.*\.ac dec/],
    ['.cost ac vm(out) target=1 at={-1}', 'out-of-bounds', undefined],
    ['.param f=-1\n.cost ac vm(out) target=1 at={f*1k}', 'bad-frequency', /0 or more/],
    ['.cost ac im(r9) target=1 at=1k', 'unknown-element', /r1/],
    ['.cost ac expr={ln(-vm(out))} at=1k', 'not-finite', undefined],
    ['.param a=2k\n.ac dec 3 {a} 1k\n.cost ac vm(out) target=1', 'bad-sweep', /\.ac dec/],
  ])('%s', (cards, code, hint) => {
    const [found] = complaints(() => {
      const { cost } = pose(cards)();
      if (!Number.isFinite(cost)) estimate(problemOfDeck(low + cards), 'adjoint');
    });
    expect(found.code).toBe(code);
    expect(found.line).toBeGreaterThan(5);
    if (hint) expect(found.hint).toMatch(hint);
  });

  test('a response to nothing', () => {
    const silent = (train: string) => () =>
      problemOfDeck(`V1 in 0 1\nR1 in out 1k\nR2 out 0 1k\n.train ${train}\n.cost ac expr={vr(out)} at=1k`);
    expect(complaints(silent('R1'))).toEqual([{ code: 'no-stimulus', hint: 'V1 in 0 AC 1', line: 6 }]);
    expect(gradientBy('adjoint', silent('V1.acmag')()).gradient[0]).toBeCloseTo(0.5, 12);
  });

  test('rules of the operating point say what has an answer', () => {
    const problem = problemOfDeck(`${low}.cost ac vm(out) target=1 at=100`);
    for (const { rule, obstacle, estimate: found } of compare(problem)) {
      if (RULES.some((name) => name === rule)) expect(obstacle, rule).toBeUndefined();
      else {
        expect(found, rule).toBeUndefined();
        expect((obstacle as LearningError).obstacle).toMatchObject({
          code: 'cost-of-response',
          span: { line: 6 },
        });
        expect((obstacle as LearningError).obstacle.hint).toMatch(/adjoint, direct or differences/);
      }
    }
  });

  test('a dual network is for costs at rest', () => {
    const deck = parseDeck(`t\n${low}.cost ac vm(out) target=1 at=100\n.end\n`);
    expect(complaints(() => dualDeck(deck))).toMatchObject([{ code: 'cost-of-response', line: 6 }]);
  });

  test('what a response cannot see is said, and nothing else', () => {
    const warnings = (train: string) =>
      unseen(
        problemOfDeck(
          `V1 in 0 AC 1\nR1 in out 1k\nC1 out 0 1u\nV2 b 0 1\nR2 b 0 1k\n.train ${train}\n.cost ac vm(out) target=1 at=100`,
        ),
      ).map(({ message }) => message);
    expect(warnings('R1 C1 V1.acmag V1.acphase')).toEqual([]);
    expect(warnings('R2')).toEqual([
      'the gradient by r2.r is exactly 0: nothing connects it with what the costs read',
    ]);
  });
});
