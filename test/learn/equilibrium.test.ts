// Equilibrium propagation against the adjoint: where theory says exact, where it says biased, and by how much.
import { describe, expect, it } from 'vitest';
import { LearningError } from '../../src/errors.js';
import { estimate } from '../../src/learn/compare.js';
import type { RuleOptions } from '../../src/learn/estimate.js';
import { type Fidelity, fidelity } from '../../src/learn/fidelity.js';
import type { Problem } from '../../src/learn/problem.js';
import { problemOf as fromDeck } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { amplifierChain, reciprocalNetwork, turingChain } from './circuits.js';
import { problemOf } from './problems.js';

function against(problem: Problem, rule: string, options: RuleOptions = {}): Fidelity {
  const exact = estimate(problem, 'adjoint').gradient;
  return fidelity(estimate(problem, rule, options).gradient, exact);
}
const errorOf = (problem: Problem, rule: string, options: RuleOptions) =>
  against(problem, rule, options).relativeError;
const refused = (attempt: () => unknown): LearningError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof LearningError) return error;
    throw error;
  }
  throw new Error('not refused');
};
/** log10 of the error's growth over a decade of β. */
const slope = (error: (beta: number) => number, beta: number): number =>
  Math.log10(error(beta) / error(beta / 10));

/** Inputs 3, hidden 4, outputs 2 on a scale of volts and siemens, a diode pair at every node. */
const diodeNet = (): Problem => {
  const cards = ['v1 x0 0 0.8', 'v2 x1 0 -0.5', 'v3 x2 0 0.3', '.model dm d is=0.05 n=4'];
  const g = (k: number) => 0.6 + 0.35 * Math.sin(7.3 * k);
  const resistors: string[] = [];
  let k = 0;
  const wire = (a: string, b: string) => {
    resistors.push(`r${++k}.r`);
    cards.push(`r${k} ${a} ${b} ${1 / g(k)}`);
  };
  for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) wire(`x${i}`, `h${j}`);
  for (let j = 0; j < 4; j++) for (let o = 0; o < 2; o++) wire(`h${j}`, `y${o}`);
  for (let j = 0; j < 4; j++) cards.push(`da${j} h${j} 0 dm`, `db${j} 0 h${j} dm`);
  return problemOf(
    cards.join('\n'),
    [...resistors, 'da1.is', 'v2.dc'],
    [
      { unknown: 'v(y0)', target: 0.6 },
      { unknown: 'v(y1)', target: -0.7 },
    ],
  );
};

describe('on a reciprocal circuit', () => {
  const net = diodeNet();
  const centred = (beta: number) => errorOf(net, 'equilibrium', { beta });
  const oneSided = (beta: number) => errorOf(net, 'equilibrium', { beta, phases: 'one-sided' });

  it('the error of centred nudges is of second order in β, and below 1e-7 at 1e-4', () => {
    for (const beta of [1e-1, 1e-2, 1e-3]) expect(slope(centred, beta)).toBeCloseTo(2, 1);
    expect(centred(1e-4)).toBeLessThan(1e-7);
  });

  it('the error of a one-sided nudge is of first order in β', () => {
    for (const beta of [1e-2, 1e-3, 1e-4]) expect(slope(oneSided, beta)).toBeCloseTo(1, 1);
  });

  it('a cost that has no value where Newton begins is nudged only from rest on', () => {
    const logarithm = fromDeck(
      parseDeck('t\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.train r*\n.cost op expr={ln(v(out))}\n.end\n'),
    );
    expect(errorOf(logarithm, 'equilibrium', {})).toBeLessThan(1e-6);
  });

  it('every parameter of every element reads its own gradient', () => {
    const everything = problemOf(reciprocalNetwork, 'all', [
      { unknown: 'v(g)', target: 0.3 },
      { unknown: 'v(c)', target: 0.1 },
    ]);
    const exact = estimate(everything, 'adjoint').gradient;
    const read = estimate(everything, 'equilibrium').gradient;
    everything.parameters.forEach(({ name }, k) => {
      expect(Math.abs(read[k] - exact[k]), name).toBeLessThanOrEqual(1e-5 * Math.abs(exact[k]));
    });
    expect(exact.filter((v) => v !== 0).length).toBeGreaterThan(20);
  });

  it('the contrast of a conductance is ½Δv² in one phase less ½Δv² in the other', () => {
    const beta = 0.1;
    const g = 0.5;
    const divider = problemOf(
      `v1 a 0 1\nr1 a b ${1 / g}\nr2 b 0 1`,
      ['r1.r'],
      [{ unknown: 'v(b)', target: 1 }],
    );
    // f = g(v − 1) + v, nudged by β(v − 1).
    const at = (nudge: number) => (g + nudge) / (g + 1 + nudge);
    const half = (nudge: number) => 0.5 * (1 - at(nudge)) ** 2;
    const byG = (half(beta) - half(-beta)) / (2 * beta);
    const { gradient } = estimate(divider, 'equilibrium', { beta });
    expect(gradient[0]).toBeCloseTo(byG * -(g ** 2), 14);
  });

  it('is as good near the target as far from it: the nudge does not take the error away', () => {
    for (const target of [0.6, 0.5001, 0.500001, 0.50000001]) {
      const divider = problemOf(
        'v1 in 0 1\nr1 in out 1k\nr2 out 0 1k',
        ['r1.r'],
        [{ unknown: 'v(out)', target }],
      );
      expect(errorOf(divider, 'equilibrium', {})).toBeLessThan(2e-6);
      expect(errorOf(divider, 'equilibrium', { phases: 'holomorphic' })).toBeLessThan(2e-6);
      expect(errorOf(divider, 'equilibrium', { phases: 'one-sided' })).toBeLessThan(2e-3);
      expect(errorOf(divider, 'asymmetric', {})).toBeLessThan(2e-6);
    }
    // 10 µV is what the usual nudge moves: an error of 1 µV goes and comes back with the other sign.
    const near = problemOf(
      'v1 in 0 1\nr1 in out 1k\nr2 out 0 1k',
      ['r1.r'],
      [{ unknown: 'v(out)', target: 0.500001 }],
    );
    expect(errorOf(near, 'equilibrium', { beta: 1e-5 / (500 * 1e-6) })).toBeGreaterThan(1);
  });

  it('a delayed line between is as good as a wire', () => {
    const line = problemOf(
      'v1 a 0 1\nr1 a b 50\nt1 b 0 c 0 z0=75 td=1n\nr2 c 0 100\nd1 c 0 dm\n.model dm d is=1e-6',
      ['r1.r', 'r2.r', 't1.z0', 'd1.is', 'v1.dc'],
      [{ unknown: 'v(c)', target: 0.1 }],
    );
    expect(errorOf(line, 'equilibrium', {})).toBeLessThan(1e-6);
  });

  it.each([2, 4, 6])(
    'the error of %i nudges on a circle in the complex plane is of that order in its radius',
    (points) => {
      const circle = (beta: number) => errorOf(net, 'equilibrium', { beta, phases: 'holomorphic', points });
      expect(slope(circle, points === 6 ? 1 : 0.3)).toBeCloseTo(points, 0);
      expect(circle(0.1)).toBeLessThan(0.3 ** points);
    },
  );

  it('twelve nudges at a radius of 0.1 leave rounding', () => {
    const error = errorOf(net, 'equilibrium', { beta: 0.1, phases: 'holomorphic', points: 12 });
    expect(error).toBeLessThan(1e-11);
  });

  it('two nudges on a circle are the centred ones', () => {
    const of = (phases: 'centred' | 'holomorphic') =>
      estimate(net, 'equilibrium', { beta: 1e-3, phases, points: 2 }).costate ?? new Float64Array(0);
    const [a, b] = [of('centred'), of('holomorphic')];
    a.forEach((v, i) => {
      expect(b[i]).toBeCloseTo(v, 10);
    });
  });

  it('a law without continuation refuses the circle, and says which', () => {
    const bent = problemOf(
      'v1 a 0 1\nr1 a b 1\nb1 b 0 i={abs(v(b))}',
      ['r1.r'],
      [{ unknown: 'v(b)', target: 0 }],
    );
    const { message, obstacle } = refused(() => estimate(bent, 'equilibrium', { phases: 'holomorphic' }));
    expect(obstacle.code).toBe('not-analytic');
    expect(message).toContain('b1');
    expect(errorOf(bent, 'equilibrium', {})).toBeLessThan(1e-6);
  });

  it('a nudge that throws a switch is refused, by name', () => {
    const edge = problemOf(
      'v1 a 0 1\nr1 a b 1k\nr2 b 0 1k\nr3 a c 1k\ns1 c 0 b 0 sv\n.model sv sw vt=0.505 ron=1',
      ['r1.r'],
      [{ unknown: 'v(b)', target: 1 }],
    );
    expect(errorOf(edge, 'equilibrium', {})).toBeLessThan(1e-6);
    const { obstacle } = refused(() => estimate(edge, 'equilibrium', { beta: 1e-4 }));
    expect([obstacle.code, ...obstacle.devices]).toEqual(['switched', 's1']);
  });

  it('without a β the nudge moves the most sensitive node by 10 µV', () => {
    expect(errorOf(net, 'equilibrium', {})).toBeLessThan(1e-8);
  });

  it('Tellegen across the pair of networks shows the error of the co-state', () => {
    const seen = (beta: number) => estimate(net, 'equilibrium', { beta }).validity.tellegen ?? 0;
    expect(slope(seen, 1e-2)).toBeCloseTo(2, 1);
  });
});

describe('on a skew circuit', () => {
  const stripes = (): Problem => {
    const cells = 40;
    const train = Array.from({ length: cells }, (_, k) => [
      `n${k + 1}.ibias`,
      `n${k + 1}.gamma`,
      ...(k > 0 ? [`rv${k + 1}.r`, `rw${k + 1}.r`] : []),
    ]).flat();
    return problemOf(turingChain(cells), train, [
      { unknown: 'v(v7)', target: -0.3 },
      { unknown: 'v(v20)', target: 0.6 },
      { unknown: 'v(v33)', target: -0.3 },
    ]);
  };
  const chain = stripes();

  it('the stripes are there', () => {
    const { state } = estimate(chain, 'adjoint');
    const v = Array.from({ length: 40 }, (_, k) => state?.[2 * k] ?? 0);
    expect(Math.max(...v)).toBeGreaterThan(0.5);
    expect(Math.min(...v)).toBeLessThan(-0.5);
  });

  it('Σ = ±1 makes equilibrium propagation exact', () => {
    expect(errorOf(chain, 'equilibrium', { beta: 1e-4 })).toBeLessThan(1e-7);
    expect(errorOf(chain, 'equilibrium', { beta: 1e-4, weights: 'skew' })).toBeLessThan(1e-7);
    expect(slope((beta) => errorOf(chain, 'equilibrium', { beta }), 1e-2)).toBeCloseTo(2, 1);
  });

  it('without the inhibitor’s sign it is wrong, and refuses', () => {
    expect(errorOf(chain, 'equilibrium', { beta: 1e-4, weights: 'plain', force: true })).toBeGreaterThan(
      1e-2,
    );
    const { message, obstacle } = refused(() => estimate(chain, 'equilibrium', { weights: 'plain' }));
    expect(message).toContain('skew (Σ = ±1)');
    expect(obstacle.devices).toContain('n1');
  });
});

describe('on a chain of amplifiers, 4 forth and 1/4 back', () => {
  const train = ['r0.r', 'rg0.r', 'r1.r', 'rg1.r', 'r2.r', 'rg2.r', 'r3.r', 'rl.r', 'd1.is'];
  const chain = problemOf(amplifierChain(3, 4, 1 / 4), train, [{ unknown: 'v(n3)', target: 0.5 }]);

  it('S = 1/16 a stage makes equilibrium propagation exact', () => {
    expect(errorOf(chain, 'equilibrium', {})).toBeLessThan(1e-6);
    const { validity } = estimate(chain, 'equilibrium');
    expect(validity.asymmetry).toBe(0);
  });

  it('without S almost nothing of the gradient is left', () => {
    const plain = against(chain, 'equilibrium', { weights: 'plain', force: true });
    expect(plain.relativeError).toBeGreaterThan(0.9);
    expect(
      estimate(chain, 'equilibrium', { weights: 'plain', force: true }).validity.asymmetry,
    ).toBeGreaterThan(0.1);
    expect(refused(() => estimate(chain, 'equilibrium', { weights: 'plain' })).obstacle.code).toBe(
      'not-reciprocal',
    );
    expect(refused(() => estimate(chain, 'equilibrium', { weights: 'skew' })).message).toContain(
      'layer-weighted',
    );
  });

  it('one-way there is no S: refused by name, and the reversed antisymmetric part still serves', () => {
    const oneWay = problemOf(amplifierChain(3, 4, 0), train, [{ unknown: 'v(n3)', target: 0.5 }]);
    const { obstacle } = refused(() => estimate(oneWay, 'equilibrium'));
    expect(obstacle.devices).toEqual(expect.arrayContaining(['e0', 'e1', 'e2']));
    expect(obstacle.hint).toContain('stress');
    expect(errorOf(oneWay, 'equilibrium', { force: true })).toBeGreaterThan(0.5);
    expect(errorOf(oneWay, 'asymmetric', {})).toBeLessThan(1e-6);
  });
});

describe('with a small one-way part', () => {
  /** A 6 × 6 sheet of conductances near 1 S, weakly tied to ground, with transconductances K across every other edge. */
  const sheet = (leak: number): Problem => {
    const cards = ['v1 s 0 1', 'rs s n0_0 1'];
    const resistors: string[] = [];
    let k = 0;
    const edge = (a: string, b: string) => {
      resistors.push(`r${++k}.r`);
      cards.push(`r${k} ${a} ${b} ${1 / (1 + 0.5 * Math.sin(5.1 * k))}`);
      if (k % 2 === 0) cards.push(`ga${k} ${a} 0 ${b} 0 ${leak}`, `gb${k} ${b} 0 ${a} 0 ${-leak}`);
    };
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) {
        cards.push(`rg${i}${j} n${i}_${j} 0 50`, `b${i}${j} n${i}_${j} 0 i={0.01*v(n${i}_${j})^3}`);
        if (j < 5) edge(`n${i}_${j}`, `n${i}_${j + 1}`);
        if (i < 5) edge(`n${i}_${j}`, `n${i + 1}_${j}`);
      }
    }
    return problemOf(cards.join('\n'), resistors, [{ unknown: 'v(n5_5)', target: 0.4 }]);
  };

  it('2 % of it bias plain nudging by far more than 2 %, in proportion to it', () => {
    const biased = (leak: number) => errorOf(sheet(leak), 'equilibrium', { weights: 'plain', force: true });
    expect(biased(0)).toBeLessThan(1e-6);
    expect(biased(0.02)).toBeGreaterThan(0.1);
    expect(biased(0.02) / biased(0.002)).toBeGreaterThan(7);
    expect(biased(0.02) / biased(0.002)).toBeLessThan(13);
  });

  it('reversing it in the nudged phases is exact: slope 2 in β', () => {
    const error = (beta: number) => errorOf(sheet(0.02), 'asymmetric', { beta });
    expect(slope(error, 1e-1)).toBeCloseTo(2, 1);
    expect(error(1e-4)).toBeLessThan(1e-7);
  });
});

describe('coupled learning', () => {
  const deck =
    'v1 a 0 1\nr1 a b 1k\nr2 b c 2k\nr3 c 0 3k\nr4 b d 4k\nr5 d 0 1k\nd1 b 0 dm\n.model dm d is=1e-9';
  const train = ['r1.r', 'r2.r', 'r3.r', 'r4.r', 'r5.r', 'd1.is'];

  it('of one output is the gradient over the output’s impedance', () => {
    const one = problemOf(deck, train, [{ unknown: 'v(c)', target: 0.1 }]);
    const { misalignment } = against(one, 'coupled', { beta: 1e-5, phases: 'centred' });
    expect(misalignment).toBeLessThan(1e-12);
    expect(estimate(one, 'coupled').validity.metric).toContain('Z⁻¹');
  });

  it('of two outputs descends ½(v − y)ᵀ Z⁻¹ (v − y), and not the squared error', () => {
    const targets = [
      { unknown: 'v(c)', target: 0.1 },
      { unknown: 'v(d)', target: 0.3 },
    ];
    const two = problemOf(deck, train, targets);
    const { state } = estimate(two, 'adjoint');
    const { system } = two.sample(two.values, 0);
    const at = targets.map(({ unknown }) => system.unknowns.findIndex((u) => u.name === unknown));
    const away = at.map((i, k) => (state?.[i] ?? 0) - targets[k].target);
    // Z by what a current into each output raises: adjoints of v(c) and of v(d) alone, against a current source there.
    const z = targets.map((_, k) => {
      const alone = problemOf(
        `${deck}\ni1 0 c 1e-300\ni2 0 d 1e-300`,
        ['i1.dc', 'i2.dc'],
        [{ unknown: targets[k].unknown, target: (state?.[at[k]] ?? 0) - 1 }],
      );
      return estimate(alone, 'adjoint').gradient;
    });
    const det = z[0][0] * z[1][1] - z[0][1] * z[1][0];
    const pull = [
      (z[1][1] * away[0] - z[0][1] * away[1]) / det,
      (z[0][0] * away[1] - z[1][0] * away[0]) / det,
    ];
    // The slope of the metric as a weighted sum of the slopes of v(c) and v(d).
    const slopes = targets.map((t, k) => {
      const unit = problemOf(deck, train, [{ ...t, target: (state?.[at[k]] ?? 0) - 1 }]);
      return estimate(unit, 'adjoint').gradient;
    });
    const metric = slopes[0].map((v, p) => pull[0] * v + pull[1] * slopes[1][p]);
    const clamped = estimate(two, 'coupled', { beta: 1e-5 }).gradient;
    expect(fidelity(clamped, metric).relativeError).toBeLessThan(1e-6);
    expect(against(two, 'coupled', {}).misalignment).toBeGreaterThan(1e-3);
  });

  it('needs a reciprocal circuit, and targets', () => {
    const oneWay = problemOf(amplifierChain(1, 4, 0), ['r0.r'], [{ unknown: 'v(n1)', target: 0.5 }]);
    expect(refused(() => estimate(oneWay, 'coupled')).obstacle.devices).toContain('e0');
    const current = problemOf('v1 a 0 1\nl1 a b 1m\nr1 b 0 1k', ['r1.r'], [{ unknown: 'i(l1)', target: 0 }]);
    expect(refused(() => estimate(current, 'coupled')).obstacle.code).toBe('no-target');
  });
});

describe('words after a rule’s name', () => {
  const net = diodeNet();

  it('choose its variant, alone or together', () => {
    const oneSided = estimate(net, 'Equilibrium:one-sided', { beta: 1e-3 });
    expect(oneSided.rule).toBe('equilibrium:one-sided');
    expect(oneSided.gradient).toEqual(
      estimate(net, 'equilibrium', { beta: 1e-3, phases: 'one-sided' }).gradient,
    );
    const both = estimate(net, 'equilibrium:one-sided:plain', { beta: 1e-3 });
    expect(both.gradient).toEqual(oneSided.gradient);
  });

  it('are refused where the rule does not know them, with those that it knows', () => {
    expect(refused(() => estimate(net, 'equilibrium:sideways')).obstacle.hint).toContain('one-sided');
    expect(refused(() => estimate(net, 'adjoint:relax')).obstacle.code).toBe('unknown-variant');
    expect(refused(() => estimate(net, 'backprop')).obstacle.hint).toContain('adjoint');
  });

  it('are refused where they contradict one another', () => {
    for (const both of [
      'equilibrium:one-sided:holomorphic',
      'equilibrium:plain:relax:skew',
      'stress:m-s:split',
    ])
      expect(refused(() => estimate(net, both)).obstacle.code).toBe('contradictory-variants');
    expect(estimate(net, 'equilibrium:plain:plain').rule).toBe('equilibrium:plain:plain');
  });

  it('`relax` lets the phases come to rest in time', () => {
    const dynamic = problemOf(
      'v1 a 0 1\nr1 a b 1k\nd1 b 0 dm\nc1 b 0 1n\nr2 b c 2k\nc2 c 0 1n\nr3 c 0 3k\n.model dm d is=1e-12',
      ['r1.r', 'r2.r', 'r3.r', 'd1.is'],
      [{ unknown: 'v(c)', target: 0.1 }],
    );
    for (const rule of ['equilibrium:relax', 'asymmetric:relax']) {
      expect(errorOf(dynamic, rule, {})).toBeLessThan(1e-4);
      expect(estimate(dynamic, rule).validity.settling).toBeGreaterThan(5);
    }
  });
});
