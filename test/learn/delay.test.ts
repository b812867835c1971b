// The delay of a line as a parameter: what comes out moves against its own slope.
import { describe, expect, test } from 'vitest';
import { LearningError } from '../../src/errors.js';
import { unseen } from '../../src/lesson/unseen.js';
import { circuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const METHODS = ['bdf', 'trap', 'trbdf2'] as const;

describe('behind a matched line', () => {
  // v(b, t) = u(t − td)/2: dJ/dtd of J = ∫ ½(v − y)² dt is −∫ (v − y)·v′ dt = ½(v(0) − y)² − ½(v(T) − y)².
  const [td, T, y] = [2e-9, 14.3e-9, 0.1];
  const posed = (source: string, method: string, reltol: number) =>
    problemOfDeck(`
      V1 in 0 ${source}
      R1 in a 50
      T1 a 0 b 0 z0=50 td=${td}
      R2 b 0 50
      .tran 0.1n ${T}
      .train T1.td
      .cost tran v(b) target=${y}
      .options method=${method} reltol=${reltol} vntol=1e-9`);
  const sine = (t: number): number => (0.3 + 0.8 * Math.sin(2 * Math.PI * 90e6 * Math.max(0, t))) / 2;
  const pulse = (t: number): number => (0.1 + 0.9 * Math.min(1, Math.max(0, (t - 11e-9) / 3e-9))) / 2;

  test.each(METHODS)('a sine and an edge have the slopes of their closed forms by %s', (method) => {
    for (const [source, v] of [
      ['SIN(0.3 0.8 90meg)', sine],
      ['PULSE(0.1 1 11n 3n 3n 50n 200n)', pulse],
    ] as const) {
      const exact = ((v(0) - y) ** 2 - (v(T - td) - y) ** 2) / 2;
      for (const [reltol, bound] of [
        [1e-4, 3e-2],
        [1e-7, 1e-4],
      ]) {
        const [found] = gradientBy('adjoint', posed(source, method, reltol)).gradient;
        expect(Math.abs(found / exact - 1), `${source} at ${reltol}`).toBeLessThan(bound);
      }
    }
  });

  test('an edge that has passed moves nothing but its own time', () => {
    // 5 ns later v stands still: what a capacitor has become of it depends on td no more.
    const { gradient, cost } = gradientBy(
      'adjoint',
      problemOfDeck(`
        V1 in 0 PULSE(0 1 1n 0.2n 0.2n 50n 200n)
        R1 in a 50
        T1 a 0 b 0 z0=50 td=2n
        R2 b 0 50
        .tran 0.1n 9n
        .train T1.td
        .cost tran expr={v(b)} at=8n`),
    );
    expect(cost).toBeCloseTo(0.5, 12);
    expect(Math.abs(gradient[0] * 2e-9)).toBeLessThan(1e-12);
  });
});

describe.each(METHODS)('on the frozen grid of %s', (method) => {
  const reflections = (source: string) => `
    V1 in 0 ${source}
    R1 in a 20
    T1 a 0 b 0 z0=50 td=2n
    C1 b 0 1p
    T2 b 0 c 0 z0=80 f=300meg
    R2 c 0 300
    .tran 0.1n 20n
    .train T1.td T2.nl T2.f T1.z0 R*
    .cost tran v(c) target=0.3
    .cost tran v(a) target=0.2 weight=0.5`;
  test.each([
    ['a sine', reflections('SIN(0.5 1 100meg)')],
    ['a pulse with corners', reflections('PULSE(0.1 1 1.03n 0.7n 0.4n 5n 30n)')],
    ['a current of an expression', `${reflections('EXP(0 1 0 1n 5n 2n)')}\nB1 0 b I={1m*v(a)*v(c)}`],
  ])('%s is what differences find, and direct is adjoint', (_, deck) => {
    const problem = problemOfDeck(`${deck}\n.options method=${method} reltol=1e-4`);
    const adjoint = gradientBy('adjoint', problem);
    const judge = gradientBy('differences', problem);
    const direct = gradientBy('direct', problem);
    const [byDelay] = adjoint.gradient;
    const size = Math.max(...adjoint.gradient.map((g, k) => Math.abs(g * problem.values[k])));
    expect(Math.abs(byDelay * 2e-9)).toBeGreaterThan(0.01 * size);
    expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-10);
  });
});

test('points that are solved for again give the gradient of points that are kept', () => {
  const problem = problemOfDeck(circuits['two lines of other lengths with a diode between them, from rest']);
  for (const rule of ['adjoint', 'direct']) {
    const kept = gradientBy(rule, problem);
    const again = gradientBy(rule, problem, { capacity: 1 });
    expect(distance(problem, again.gradient, kept.gradient)).toBeLessThanOrEqual(1e-11);
  }
});

test('at rest a line joins its ends, however long it is, and that is said', () => {
  const problem = problemOfDeck(`
    V1 in 0 1
    R1 in a 50
    T1 a 0 b 0 z0=50 td=1n
    R2 b 0 70
    .train T1.td R1
    .cost op v(b) target=0.3`);
  for (const rule of ['adjoint', 'direct', 'differences', 'equilibrium'])
    expect(gradientBy(rule, problem).gradient[0], rule).toBe(0);
  expect(unseen(problem).map(({ message }) => message)).toEqual([
    'the gradient by t1.td is exactly 0: at an operating point nothing moves, and every cost is at one',
  ]);
});

describe('the instant of a jump', () => {
  const line = (source: string, tran: string, train = 'T1.td', more = '') => `
    V1 in 0 ${source}
    R1 in a 50
    T1 a 0 b 0 z0=50 td=2n
    R2 b 0 50
    ${more}
    .tran 0.1n ${tran}
    .train ${train}
    .cost tran v(b) target=0.3`;
  const sudden = 'PWL(0 0 3n 0 3.0000000000001n 1)';
  const switched =
    'S1 a 0 c 0 sw\nVc c 0 PULSE(0 1 1n 1n 1n 50n 100n)\n.model sw sw(vt=0.5 ron=50 roff=1meg)';
  const refused = (deck: string): LearningError | undefined => {
    try {
      gradientBy('adjoint', problemOfDeck(deck));
    } catch (error) {
      if (error instanceof LearningError) return error;
      throw error;
    }
    return undefined;
  };

  test.each([
    ['a source that jumps', line(sudden, '9n'), 3e-9],
    ['a beginning that is no equilibrium', line('1', '9n uic'), 0],
    ['a switch', line('1', '9n', 'T1.td', switched), 1.5e-9],
  ])('is not differentiated: %s', (_, deck, when) => {
    const error = refused(deck);
    expect(error?.obstacle).toMatchObject({ code: 'delayed-jump', devices: ['t1'] });
    expect(error?.obstacle.hint).toMatch(/out of .train/);
    expect(Number(/t = (\S+) s/.exec(error?.message ?? '')?.[1])).toBeCloseTo(when, 12);
  });

  test('does not matter where it does not come back, or no delay moves', () => {
    expect(refused(line(sudden, '4.5n'))).toBeUndefined();
    expect(refused(line(sudden, '9n', 'T1.z0'))).toBeUndefined();
  });
});
