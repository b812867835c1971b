// Costs of the AC currents of elements that are no unknowns, (a + jωb)ᵀX: their slopes hold how the law is linearised
// elsewhere when the operating point moves, and the element's own parameters. Judges: closed forms, a source of 0 V in
// series, central differences.
import { describe, expect, test } from 'vitest';
import { unseen } from '../../src/lesson/unseen.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const RULES = ['adjoint', 'direct', 'differences'] as const;

describe('a resistor and a capacitor in series', () => {
  const [R, C, f] = [1e3, 1e-6, 130];
  const omega = 2 * Math.PI * f;
  const root = Math.hypot(1, omega * R * C);
  const of = (rule: string, cost: string) =>
    gradientBy(
      rule,
      problemOfDeck(`V1 in 0 AC 1\nR1 in out ${R}\nC1 out 0 ${C}\n.train R1 C1\n.cost ac ${cost} at=${f}`),
    );

  test.each(['im(r1)', 'im(c1)', 'im(v1)'])('%s is ωC/√(1 + (ωRC)²), and has its slopes', (signal) => {
    const expected = [(-((omega * C) ** 3) * R) / root ** 3, omega / root ** 3];
    for (const rule of RULES) {
      const { cost, gradient } = of(rule, `expr={${signal}}`);
      expect(cost).toBeCloseTo((omega * C) / root, 14);
      gradient.forEach((g, k) => {
        expect(Math.abs(g / expected[k] - 1), rule).toBeLessThan(1e-8);
      });
    }
  });

  test('ip(r1) is 90° − atan ωRC, as the angle of the source is but for its sign', () => {
    const [own, drawn] = ['ip(r1)', 'ip(v1)'].map((signal) => of('adjoint', `expr={${signal}}`));
    expect(own.cost).toBeCloseTo(Math.PI / 2 - Math.atan(omega * R * C), 13);
    expect(Math.abs(own.cost - drawn.cost)).toBeCloseTo(Math.PI, 13);
    own.gradient.forEach((g, k) => {
      expect(g / drawn.gradient[k]).toBeCloseTo(1, 12);
    });
  });
});

test('behind a node that a source ties down its own parameter is all that moves a current', () => {
  const problem = problemOfDeck('V1 in 0 AC 2\nR1 in 0 1k\n.train R1\n.cost ac expr={ir(r1)} at=1k');
  expect(unseen(problem)).toEqual([]);
  for (const rule of RULES) {
    const { cost, gradient } = gradientBy(rule, problem);
    expect(cost).toBeCloseTo(2e-3, 15);
    expect(Math.abs(gradient[0] / -2e-6 - 1), rule).toBeLessThan(1e-8);
  }
});

test('the share of an alternating current that a diode takes moves with its bias and its saturation current', () => {
  // Through a diode that carries I at rest it has the conductance g = (I + Is)/Vt.
  const vt = 8.617333262145179e-5 * 300.15;
  const [I, Is, w] = [1e-3, 1e-4, 2 * Math.PI * 1e3];
  const problem = problemOfDeck(`
    I1 0 a DC ${I} AC 1u
    D1 a 0 dm
    C1 a 0 1u
    .model dm d(is=${Is})
    .train I1.dc D1.is C1
    .cost ac expr={im(d1)} at=1k`);
  const g = (I + Is) / vt;
  const share = (conductance: number) => (1e-6 * conductance) / Math.hypot(conductance, w * 1e-6);
  const byG = (share(g * 1.0001) - share(g * 0.9999)) / (2e-4 * g);
  for (const rule of RULES) {
    const { cost, gradient } = gradientBy(rule, problem);
    expect(cost / share(g)).toBeCloseTo(1, 6);
    expect(gradient[0] / (byG / vt)).toBeCloseTo(1, 6);
    expect(gradient[1] / (byG / vt)).toBeCloseTo(1, 6);
    expect(gradient[2] / ((-1e-6 * g * w * w * 1e-6) / Math.hypot(g, w * 1e-6) ** 3)).toBeCloseTo(1, 6);
  }
});

describe('elements of every kind between charges', () => {
  const cards: Readonly<Record<string, string>> = {
    v1: 'V1 in 0 DC 0.8 AC 1',
    r1: 'R1 in a 1k',
    d1: 'D1 a b dm',
    d2: 'D2 b 0 dz',
    c1: 'C1 a 0 Q={1n*x + 0.3n*x^3}',
    g1: 'G1 b 0 VALUE={1m*v(a)^2*v(b)}',
    b1: 'B1 0 c I={1m*tanh(v(a))}',
    r2: 'R2 c 0 2k',
    g2: 'G2 c 0 b 0 0.4m',
    c2: 'C2 c 0 2n',
    s1: 'S1 c d ctl 0 sw',
    vc: 'Vc ctl 0 1',
    r3: 'R3 d 0 700',
    d3: 'D3 d 0 td1',
    l1: 'L1 a d 1m',
    f1: 'F1 0 d V1 0.2',
    i1: 'I1 0 b DC 0.1m AC 1m',
  };
  const rest = `
    .model sw SW(vt=0.5 vh=0.1 ron=100 roff=1meg)
    .model dm d(is=1e-9 cjo=100p tt=10n rs=20)
    .model dz d(is=1e-8 cjo=20p)
    .model td1 TUNNEL(ip=4.7m vp=0.1 iv=0.37m vv=0.37 vpp=0.525 cjo=20p)
    .train R* C2 L1 D1.is D1.rs D1.cjo D1.tt D2.is D2.n D3.ip D3.cjo V1.dc V1.acmag I1.dc I1.acmag G2.gain F1.gain`;
  const deck = (cost: string, changed: Readonly<Record<string, string>> = {}) =>
    problemOfDeck(
      `${Object.values({ ...cards, ...changed }).join('\n')}\n${rest}\n.cost ac expr={${cost}} at=20k, 300k`,
    );
  /** The same circuit with a source of 0 V between the first node of an element and the element. */
  const withMeter = (name: string, cost: string) => {
    const [letter, first, ...others] = cards[name].split(' ');
    return deck(cost, { [name]: `Vmeter ${first} meter 0\n${[letter, 'meter', ...others].join(' ')}` });
  };
  const close = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);
  const NAMES = ['r1', 'd1', 'd2', 'c1', 'g1', 'b1', 'r2', 'g2', 'c2', 's1', 'd3', 'f1'];

  test.each(NAMES)('what flows through %s is what flows through a source of 0 V before it', (name) => {
    for (const part of ['im', 'ip', 'ir']) {
      const problem = deck(`${part}(${name})`);
      const own = gradientBy('adjoint', problem);
      const metered = gradientBy('adjoint', withMeter(name, `${part}(vmeter)`));
      expect(close(own.cost, metered.cost)).toBeLessThan(1e-11);
      expect(distance(problem, own.gradient, metered.gradient)).toBeLessThan(1e-9);
      expect(own.validity.tellegen).toBeLessThan(1e-14);
    }
  });

  test.each([...NAMES, 'i1'])('backward is forward, and differences agree: %s', (name) => {
    const problem = deck(`abs(i(${name})*v(a) + 2m*v(b,d)) + 10*im(${name})*hertz/1k`);
    const [adjoint, direct, differences] = RULES.map((rule) => gradientBy(rule, problem));
    expect(direct.cost).toBe(adjoint.cost);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThan(1e-10);
    expect(distance(problem, differences.gradient, adjoint.gradient)).toBeLessThan(1e-8);
    expect(unseen(problem)).toEqual([]);
  });
});
