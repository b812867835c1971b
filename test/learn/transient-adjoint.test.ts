// The discrete adjoint is exact: on the accepted grid it is what the judge, central differences, finds.
import { describe, expect, test } from 'vitest';
import { deviceKinds } from '../../src/devices/registry.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { circuits } from './moving-circuits.js';
import { countingWorkspace, distance, gradientBy, problemOfDeck } from './over-time.js';

const METHODS = ['bdf', 'trap', 'trbdf2'] as const;

describe('the gradient of a trajectory', () => {
  test('is asked of every kind of device', () => {
    const used = new Set(
      Object.values(circuits).flatMap((deck) =>
        parseDeck(`title\n${deck}\n.end\n`).circuit.elements.map((e) => e.kind),
      ),
    );
    expect(deviceKinds.map((k) => k.name).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe.each(METHODS)('%s', (method) => {
  test.each(Object.entries(circuits))('is differentiated exactly through %s', (_, deck) => {
    const problem = problemOfDeck(`${deck}\n.options method=${method} reltol=1e-4`);
    const adjoint = gradientBy('adjoint', problem);
    const judge = gradientBy('differences', problem);
    expect(Math.abs(adjoint.cost - judge.cost)).toBeLessThanOrEqual(1e-12 * Math.abs(judge.cost));
    expect(adjoint.gradient.some((g) => g !== 0)).toBe(true);
    expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
    // Tellegen's theorem across the companion networks, and across the run and its moved parameters.
    expect(adjoint.validity.tellegen).toBeLessThan(1e-10);
    expect(judge.validity.tellegen).toBeLessThan(1e-6);
  });
});

describe('a capacitor that a resistor charges', () => {
  // v(t) = 1 − e^(−t/RC): ∂v/∂R = −t/(R²C)·e^(−t/RC), and J = ∫₀ᵀ v dt has ∂J/∂R by parts.
  const [R, C, T] = [1e3, 1e-6, 2e-3];
  const tau = R * C;
  const problem = problemOfDeck(`
    V1 in 0 1
    R1 in out ${R}
    C1 out 0 ${C} ic=0
    .tran 10u ${T} uic
    .train R1 C1 V1
    .cost tran expr={v(out)}
    .cost tran expr={v(out)} at=1m weight=1m
    .options reltol=1e-8 vntol=1e-11`);
  const slope = ((T + tau) * Math.exp(-T / tau)) / tau - 1;
  const instant = -(1e-3 / tau) * Math.exp(-1e-3 / tau) * 1e-3;
  const exact = [
    C * slope + instant / R,
    R * slope + instant / C,
    T - tau * (1 - Math.exp(-T / tau)) + 1e-3 * (1 - Math.exp(-1e-3 / tau)),
  ];

  test.each([...METHODS, 'odex'] as const)('has the slopes of its closed form by %s', (method) => {
    const by = { ...problem, options: { ...problem.options, method } };
    const { gradient, cost } = gradientBy('adjoint', by);
    expect(Math.abs(cost - exact[2])).toBeLessThan(1e-6 * exact[2]);
    expect(distance(problem, gradient, Float64Array.from(exact))).toBeLessThan(1e-5);
  });

  test('is judged at a bound from the side that is allowed', () => {
    const bounded = (max: string) =>
      problemOfDeck(`
        V1 in 0 1
        R1 in out 1k
        C1 out 0 1u ic=0
        .tran 10u 2m uic
        .train R1 max=${max}
        .cost tran expr={v(out)}`);
    const [least, free] = ['1k', '2k'].map((max) => gradientBy('differences', bounded(max)).gradient[0]);
    expect(Math.abs(least / free - 1)).toBeLessThan(1e-6);
    expect(least).not.toBe(free);
  });

  test('shows by Tellegen how wrong differences of wide steps are', () => {
    const seen = (step: number) => gradientBy('differences', problem, { step }).validity.tellegen ?? 0;
    expect(seen(0.1)).toBeGreaterThan(1e-7);
    expect(seen(0.1) / seen(0.05)).toBeGreaterThan(8);
  });
});

describe('an edge that a divider halves', () => {
  // v = u/2 with u = (t − td)/tr on the edge: J = ∫ ½(v − y)² dt has ∂J/∂td = ½y² − ½(½ − y)², and ∂J/∂tr follows from
  // ∂u/∂tr = −u/tr.
  const y = 0.2;
  const exact = [(y ** 2 - (0.5 - y) ** 2) / 2, -(1 / 12 - y / 4)];
  const posed = (method: string, train: string) =>
    problemOfDeck(`
      V1 in 0 PULSE(0 1 1.3u 0.4u 0.4u 10u 50u)
      R1 in out 1k
      R2 out 0 1k
      .tran 0.1u 6u
      .train ${train}
      .cost tran v(out) target=${y}
      .options method=${method}`);

  test.each(METHODS)(
    'moves with its beginning and its length, the corners seen from both sides: %s',
    (method) => {
      const { gradient } = gradientBy('adjoint', posed(method, 'V1.td V1.tr'));
      gradient.forEach((g, k) => {
        expect(Math.abs(g / exact[k] - 1)).toBeLessThan(1e-9);
      });
      const direct = gradientBy('direct', posed(method, 'V1.td V1.tr')).gradient;
      direct.forEach((g, k) => {
        expect(Math.abs(g / gradient[k] - 1)).toBeLessThan(1e-12);
      });
    },
  );

  test('is beyond differences on a grid that stays where it was', () => {
    const { gradient } = gradientBy('differences', posed('bdf', 'V1.td V1.tr'));
    gradient.forEach((g, k) => {
      expect(Math.abs(g / exact[k] - 1)).toBeGreaterThan(1e-2);
    });
  });

  test('is read from one side where no time may move', () => {
    const { sensitivity } = posed('bdf', 'V1.v2').sample(Float64Array.of(1), 0);
    expect(sensitivity.movesCorners).toBe(false);
    const times = posed('bdf', 'V1.tr');
    expect(times.sample(times.values, 0).sensitivity.movesCorners).toBe(true);
  });
});

test('costs at rest and over time add up', () => {
  const deck = `
    V1 in 0 PULSE(1 2 0 1u 1u 1 2)
    R1 in a 1k
    R2 a 0 2k
    C1 a 0 0.1u
    .tran 10u 1m
    .train R* V1.v1`;
  const [op, tran] = ['.cost op v(a) target=0.3', '.cost tran v(a) target=0.3 weight=1e3'];
  const both = problemOfDeck(`${deck}\n${op}\n${tran}`);
  const adjoint = gradientBy('adjoint', both);
  const still = gradientBy('adjoint', problemOfDeck(`${deck}\n${op}`));
  const moving = gradientBy('adjoint', problemOfDeck(`${deck}\n${tran}`));
  expect(adjoint.cost).toBe(still.cost + moving.cost);
  expect([...adjoint.gradient]).toEqual([...still.gradient].map((g, k) => g + moving.gradient[k]));
  expect(distance(both, adjoint.gradient, gradientBy('differences', both).gradient)).toBeLessThan(1e-8);
});

test('a thousand parameters take one transposed solution a point, as one does', () => {
  const cells = Array.from({ length: 500 }, (_, k) => `R${k} n${k} n${k + 1} 1k\nC${k} n${k + 1} 0 1n`).join(
    '\n',
  );
  const solutions = (train: string): { solved: number; parameters: number } => {
    const problem = problemOfDeck(`
      V1 n0 0 SIN(0 1 10k)
      ${cells}
      .tran 10u 100u
      .train ${train}
      .cost tran v(n9) target=0.2`);
    const { workspace, solved } = countingWorkspace();
    gradientBy('adjoint', problem, { workspace });
    return { solved: solved.transposed, parameters: problem.parameters.length };
  };
  const many = solutions('R* C*');
  const one = solutions('R3');
  expect(many.parameters).toBe(1000);
  expect(many.solved).toBe(one.solved);
  expect(many.solved).toBeGreaterThan(10);
});
