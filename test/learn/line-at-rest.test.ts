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
