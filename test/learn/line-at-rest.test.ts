// A line at rest is a wire: what one of its ports is given from outside reaches the other through the delay.
import { describe, expect, test } from 'vitest';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const circuits: Readonly<Record<string, string>> = {
  'a source that ties a port': `
    V1 a 0 0.8
    T1 a 0 b 0 z0=50 td=1n
    R1 b 0 70
    .train V1 R1
    .cost op v(b) target=0.3`,
  'a source that ties the far port, behind a diode': `
    V1 a 0 0.8
    R1 a c 100
    D1 c 0 dm
    R2 c d 200
    T1 d 0 b 0 z0=50 td=1n
    V2 b 0 0.2
    .model dm d(is=1e-9)
    .train V1 V2 R* D1.is
    .cost op v(c) target=0.3`,
  'a current through both ports': `
    I1 0 a 1m
    R2 a 0 1k
    T1 a 0 b 0 z0=50 td=1n
    R1 b 0 70
    .train I1 R1 R2
    .cost op v(b) target=0.3`,
  'two lines in a row behind a source': `
    V1 a 0 0.8
    T1 a 0 b 0 z0=50 td=1n
    T2 b 0 c 0 z0=75 td=2n
    R1 c d 70
    V2 d 0 0.1
    I1 0 b 1m
    R2 b 0 300
    .train V1 V2 I1 R1 R2
    .cost op expr={v(b)*i(v2)}`,
};

describe.each(['adjoint', 'direct'])('%s', (rule) => {
  test.each(Object.entries(circuits))('sees through a line: %s', (_, deck) => {
    const problem = problemOfDeck(deck);
    const judge = gradientBy('differences', problem).gradient;
    const { gradient } = gradientBy(rule, problem);
    expect(Math.abs(judge[0])).toBeGreaterThan(0);
    expect(distance(problem, gradient, judge)).toBeLessThan(1e-7);
  });
});

describe.each(['equilibrium', 'equilibrium:holomorphic', 'asymmetric', 'stress'])('%s', (rule) => {
  const amplified = `
    V1 s 0 0.1
    R0 s a 1k
    D0 a 0 dd
    E1 e 0 a 0 4
    Vs e b0 0
    F1 a 0 Vs 0.25
    R1 b0 b 1k
    T1 b 0 c 0 z0=50 td=1n
    R2 c d 1k
    T2 d 0 f 0 z0=50 td=1n
    V2 f 0 0.3
    .model dd d(is=1u)
    .train R* V*
    .cost op v(b) target=0.3`;
  const all = Object.entries({ ...circuits, 'amplifiers, 4 forth and 1/4 back, and a source': amplified });

  test.each(all)('a source reads its own gradient through a line: %s', (_, deck) => {
    const problem = problemOfDeck(deck);
    const { gradient } = gradientBy(rule, problem);
    expect(distance(problem, gradient, gradientBy('adjoint', problem).gradient)).toBeLessThan(1e-5);
  });
});

test('coupled learning of one output reads it, too, over the impedance of the output', () => {
  const cards = circuits['a source that ties a port']
    .replace('R1 b', 'R2 b c 30\n    R1 c')
    .replace('v(b)', 'v(c)');
  const problem = problemOfDeck(cards);
  const exact = gradientBy('adjoint', problem).gradient;
  const [bySource, byResistor] = gradientBy('coupled', problem).gradient.map((g, k) => g / exact[k]);
  expect(bySource).toBeCloseTo(1 / 30 + 1 / 70, 6);
  expect(byResistor).toBeCloseTo(bySource, 5);
});

test('coupled learning cannot clamp what a source holds, and says so', () => {
  const held = problemOfDeck(circuits['a source that ties a port']);
  expect(() => gradientBy('coupled', held)).toThrow(/v\(b\) is held/);
});

test('the current of a port is no reciprocal output: equilibrium refuses it, stress does not', () => {
  const problem = problemOfDeck(circuits['a current through both ports'].replace('v(b)', 'i(t1)'));
  expect(() => gradientBy('equilibrium', problem)).toThrow(/t1/);
  const exact = gradientBy('adjoint', problem).gradient;
  expect(distance(problem, gradientBy('stress', problem).gradient, exact)).toBeLessThan(1e-9);
});
