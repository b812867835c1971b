// Direct sensitivities over time are the adjoint read forward: two sweeps in opposite directions find one gradient.
import { describe, expect, test } from 'vitest';
import { circuits, explicitCircuits } from './moving-circuits.js';
import { countingWorkspace, distance, gradientBy, problemOfDeck } from './over-time.js';

const METHODS = ['bdf', 'trap', 'trbdf2'] as const;

describe.each([...METHODS.map((method) => [method, circuits] as const), ['odex', explicitCircuits] as const])(
  '%s',
  (method, decks) => {
    test.each(Object.entries(decks))('forward is backward: %s', (_, deck) => {
      const problem = problemOfDeck(`${deck}\n.options method=${method} reltol=1e-4`);
      const adjoint = gradientBy('adjoint', problem);
      const direct = gradientBy('direct', problem);
      expect(direct.cost).toBe(adjoint.cost);
      expect(direct.gradient.some((g) => g !== 0)).toBe(true);
      expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-10);
      expect(direct.validity.tellegen).toBeLessThan(1e-10);
    });
  },
);

test('forward is backward to the last digits next to corners, where elimination adds αL·G ≫ 1 to the ±1 of a branch', () => {
  const problem = problemOfDeck(`
    B1 b 0 V={0.1*sin(2k*time)}
    R2 b c 2k
    C2 c 0 0.3u
    S1 c d ctl 0 sw
    Vc ctl 0 PULSE(0 1 0.31m 20u 20u 0.5m 2m)
    R3 d 0 500
    L1 d e 10m
    R4 e 0 300
    E1 f 0 e 0 2
    .model sw SW(vt=0.5 vh=0.1 ron=10 roff=1meg)
    .tran 10u 0.5m
    .train L1 R4
    .cost tran v(e) target=0.1
    .options reltol=1e-8 vntol=1e-10`);
  const adjoint = gradientBy('adjoint', problem);
  const direct = gradientBy('direct', problem);
  expect(direct.gradient.every((g) => g !== 0)).toBe(true);
  adjoint.gradient.forEach((g, k) => {
    expect(Math.abs(g / direct.gradient[k] - 1)).toBeLessThanOrEqual(1e-10);
  });
});

describe('parameters a few at a time', () => {
  const decks = {
    rectifier: circuits['a rectifier whose diode stores charge'],
    switch: circuits['a switch that opens and closes'],
    line: circuits['two lines with a diode between them, after uic'],
    sources: circuits['controlled sources of every kind between charges'],
  };
  test.each(Object.entries(decks))('on points that are solved for again: %s', (_, deck) => {
    const problem = problemOfDeck(deck);
    const together = gradientBy('direct', problem);
    const single = gradientBy('direct', problem, { capacity: 1 });
    expect(Math.abs(single.cost - together.cost)).toBeLessThanOrEqual(1e-12 * Math.abs(together.cost));
    expect(distance(problem, single.gradient, together.gradient)).toBeLessThanOrEqual(1e-11);
  });
});

test('an oscillator: the slope of its last voltage by R, L and C is that of its closed form', () => {
  // v(0) = 1 V on C, discharged through R and L in series: v(t) = e^(−at)(cos wt + (a/w) sin wt), a = R/2L, w² = 1/LC − a².
  const [R, L, C, T] = [20, 1e-3, 1e-6, 2e-4];
  const voltage = (r: number, l: number, c: number): number => {
    const a = r / (2 * l);
    const w = Math.sqrt(1 / (l * c) - a * a);
    return Math.exp(-a * T) * (Math.cos(w * T) + (a / w) * Math.sin(w * T));
  };
  const slope = (f: (p: number) => number, p: number): number => (f(p * 1.0001) - f(p * 0.9999)) / (2e-4 * p);
  const exact = Float64Array.of(
    slope((r) => voltage(r, L, C), R),
    slope((l) => voltage(R, l, C), L),
    slope((c) => voltage(R, L, c), C),
  );
  const problem = problemOfDeck(`
    C1 a 0 ${C} ic=1
    R1 a b ${R}
    L1 b 0 ${L}
    .tran 1u ${T} uic
    .train R1 L1 C1
    .cost tran expr={v(a)} at=${T}
    .options reltol=1e-8 vntol=1e-11 abstol=1e-14`);
  const { gradient, cost } = gradientBy('direct', problem);
  expect(cost).toBeCloseTo(voltage(R, L, C), 6);
  expect(distance(problem, gradient, exact)).toBeLessThan(1e-5);
});

describe('what it takes', () => {
  const cells = Array.from({ length: 20 }, (_, k) => `R${k} n${k} n${k + 1} 1k\nD${k} n${k + 1} 0 dm`).join(
    '\n',
  );
  const counted = (train: string): { parameters: number; solved: number; factored: number } => {
    const problem = problemOfDeck(`
      V1 n0 0 SIN(0 1 10k)
      ${cells}
      .model dm d(is=1e-14 cjo=1n)
      .tran 10u 100u
      .train ${train}
      .cost tran v(n9) target=0.2`);
    const { workspace, solved } = countingWorkspace();
    gradientBy('direct', problem, { workspace });
    const { stats } = workspace.lu(problem.sample(problem.values, 0).system.pattern);
    const factored = stats.factorisations + stats.refactorisations;
    return { parameters: problem.parameters.length, solved: solved.plain, factored };
  };

  test('is one solution a point and a parameter, and factors that all parameters share', () => {
    const [one, two, many] = [counted('R3'), counted('R3 R4'), counted('R* D*.cjo')];
    expect(many.parameters).toBe(40);
    expect(many.factored).toBe(one.factored);
    const points = two.solved - one.solved;
    expect(points).toBeGreaterThan(10);
    expect(one.factored).toBeGreaterThan(points);
    expect(many.solved - one.solved).toBe(39 * points);
  });
});

test('costs at rest and over time add up', () => {
  const deck = `
    V1 in 0 PULSE(1 2 0 1u 1u 1 2)
    R1 in a 1k
    R2 a 0 2k
    C1 a 0 0.1u
    .tran 10u 1m
    .train R* V1.v1
    .cost op v(a) target=0.3
    .cost tran v(a) target=0.3 weight=1e3`;
  const problem = problemOfDeck(deck);
  const [direct, adjoint] = ['direct', 'adjoint'].map((rule) => gradientBy(rule, problem));
  expect(direct.cost).toBe(adjoint.cost);
  expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThan(1e-12);
});
