// The doubled circuit of dyadic backpropagation against the adjoint: on any circuit, in every form, by Newton's method
// and left to itself in time.
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import { LearningError } from '../../src/errors.js';
import { estimate } from '../../src/learn/compare.js';
import { type DyadicForm, dyadic } from '../../src/learn/compose/dyadic.js';
import { nudge } from '../../src/learn/compose/nudge.js';
import { operatingCost } from '../../src/learn/cost.js';
import type { RuleOptions } from '../../src/learn/estimate.js';
import { fidelity } from '../../src/learn/fidelity.js';
import type { Problem } from '../../src/learn/problem.js';
import { settleByRelaxing } from '../../src/learn/relax.js';
import { settleByNewton } from '../../src/learn/settle.js';
import { stability } from '../../src/solve/stability.js';
import { slowestTimeConstant } from '../../src/solve/time-constant.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { amplifierChain, reciprocalNetwork, turingChain } from './circuits.js';
import { problemOf } from './problems.js';

const FORMS: readonly DyadicForm[] = ['m-s', 'x-z', 'split'];
const inTime = settleByRelaxing({ tolerance: 1e-12 });

const errorOf = (problem: Problem, options: RuleOptions = {}): number =>
  fidelity(estimate(problem, 'stress', options).gradient, estimate(problem, 'adjoint').gradient)
    .relativeError;

/** Two common-source stages with a soft threshold and channel-length modulation, and a diode between them. */
const transistors = problemOf(
  `vdd dd 0 3
  vin g 0 1
  rg g gg 1k
  cg gg 0 1p
  r1 dd o1 5k
  b1 o1 0 i={50u*(1+0.05*v(o1))*ln(1+exp((v(gg)-0.5)/0.1))}
  c1 o1 0 1p
  r2 o1 m 10k
  d1 m 0 dm
  rm m 0 2k
  b2 o2 0 i={0.4m*ln(1+exp((v(m)-0.3)/0.1))*(1+0.02*v(o2))}
  r3 dd o2 4k
  c2 o2 0 2p
  c3 o2 m 0.3p
  .model dm d is=1e-13 cjo=1p tt=1n`,
  ['r1.r', 'r2.r', 'r3.r', 'rg.r', 'rm.r', 'vin.dc', 'vdd.dc', 'd1.is'],
  [
    { unknown: 'v(o2)', target: 1.3 },
    { unknown: 'v(m)', target: 0.2, weight: 3 },
  ],
);
const oneWay = problemOf(
  amplifierChain(3, 4, 0),
  ['r0.r', 'r1.r', 'r2.r', 'r3.r', 'rl.r', 'e0.gain', 'd1.is'],
  [{ unknown: 'v(n3)', target: 1 }],
);
const reciprocal = problemOf(
  reciprocalNetwork,
  ['r1.r', 'r2.r', 'r3.r', 'r4.r', 'r5.r', 'r6.r', 'r7.r', 'd1.is', 'i1.dc', 'v2.dc', 'y1.n'],
  [
    { unknown: 'v(b)', target: 0.4 },
    { unknown: 'i(l1)', target: 1e-4, weight: 1e3 },
  ],
);
const line = problemOf(
  'v1 in 0 1\nr1 in a 40\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 80\ng1 0 c b 0 2m\nr3 c 0 1k\nc3 c 0 1p\nd1 c 0 dm\n.model dm d is=1e-8',
  ['r1.r', 'r2.r', 'r3.r', 'g1.gain', 't1.z0'],
  [{ unknown: 'v(c)', target: 0.1 }],
);
const switched = problemOf(
  'v1 in 0 1\nr1 in a 1k\ns1 a b a 0 sm\nr2 b 0 2k\nc1 a 0 1n\nc2 b 0 1n\n.model sm sw vt=0.3 vh=0.1 ron=10 roff=1meg',
  ['r1.r', 'r2.r', 's1.ron'],
  [{ unknown: 'v(b)', target: 0.1 }],
);
const linear = problemOf(
  'v1 in 0 1\nr1 in a 40\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 80\ng1 0 c b 0 2m\nr3 c 0 1k\nl1 c d 1u\nr4 d 0 300',
  ['r1.r'],
  [
    { unknown: 'v(c)', target: 0.1 },
    { unknown: 'i(l1)', target: 1e-3, weight: 50 },
  ],
);
const CIRCUITS: readonly (readonly [string, Problem])[] = [
  ['transistor stages', transistors],
  ['one-way amplifiers', oneWay],
  ['a reciprocal network', reciprocal],
  ['a line', line],
  ['a switch', switched],
];

describe('the stress of a doubled circuit', () => {
  it.each(CIRCUITS)('is the co-state at rest: %s', (_, problem) => {
    expect(errorOf(problem)).toBeLessThan(1e-12);
    expect(errorOf(problem, { form: 'x-z' })).toBeLessThan(1e-11);
    expect(errorOf(problem, { form: 'split' })).toBeLessThan(1e-5);
    expect(estimate(problem, 'stress').validity.tellegen).toBeLessThan(1e-12);
  });

  it.each([
    ['transistor stages', transistors],
    ['a line', line],
    ['a switch', switched],
  ] as const)('is reached in time, from zero: %s', (_, problem) => {
    for (const form of ['m-s', 'x-z'] as const) {
      expect(errorOf(problem, { form, settle: inTime })).toBeLessThan(1e-10);
    }
    const { settling } = estimate(problem, 'stress', { settle: inTime }).validity;
    expect(settling).toBeGreaterThan(10);
  });

  it('is exact on one-way amplifiers, where equilibrium propagation is refused and, forced, wrong', () => {
    expect(() => estimate(oneWay, 'equilibrium')).toThrow(LearningError);
    const forced = estimate(oneWay, 'equilibrium', { force: true, weights: 'plain' });
    expect(fidelity(forced.gradient, estimate(oneWay, 'adjoint').gradient).relativeError).toBeGreaterThan(
      0.1,
    );
    expect(errorOf(oneWay)).toBeLessThan(1e-12);
  });

  it('of split copies has a bias of β², and that of coupled copies none', () => {
    const error = (beta: number, form: DyadicForm) => errorOf(transistors, { form, beta });
    const { beta = 0 } = estimate(transistors, 'stress', { form: 'split' }).validity;
    const slope = Math.log10(error(100 * beta, 'split') / error(10 * beta, 'split'));
    expect(Math.abs(slope - 2)).toBeLessThan(0.1);
    expect(error(100 * beta, 'x-z')).toBeLessThan(1e-11);
  });

  it('is reached in time in standing stripes, where .nodeset leads', () => {
    const stripes = problemOf(
      turingChain(20),
      ['rv2.r', 'rw7.r', 'rv12.r'],
      [
        { unknown: 'v(v3)', target: 0.5 },
        { unknown: 'v(v14)', target: -0.2 },
      ],
    );
    expect(errorOf(stripes)).toBeLessThan(1e-11);
    expect(errorOf(stripes, { settle: inTime })).toBeLessThan(1e-10);
  });

  it('does not know how strongly it is driven', () => {
    for (const beta of [1e-6, 1, 1e3]) expect(errorOf(transistors, { beta })).toBeLessThan(1e-12);
  });
});

describe('the doubled circuit', () => {
  const pairOf = (problem: Problem, form: DyadicForm, beta = 1) => {
    const { system, costs } = problem.sample(problem.values, 0);
    return { system, cost: operatingCost(costs, 'stress'), ...dyadOf(system, form) };
    function dyadOf(of: typeof system, as: DyadicForm) {
      return { dyad: dyadic(of, operatingCost(costs, 'stress'), as, beta) };
    }
  };

  it('settles as fast as the circuit alone and is stable where it is', () => {
    const { system, dyad } = pairOf(transistors, 'm-s');
    const workspace = createWorkspace();
    const rest = settleByNewton(dyad.system, DEFAULT_OPTIONS, workspace);
    const { mean } = dyad.read(rest.x);
    const alone = slowestTimeConstant(system, mean, createWorkspace());
    const both = slowestTimeConstant(dyad.system, rest.x, workspace);
    // Every eigenvalue is double, which an eigensolver sees to half of its digits.
    expect(both / alone).toBeCloseTo(1, 5);
    const q = new Float64Array(dyad.system.charges);
    expect(stability(dyad.system, { x: rest.x, q }, workspace).unstable).toBe(false);
  });

  it.each(FORMS)('of a linear circuit has the partial derivatives of its own equations in %s', (form) => {
    const { dyad } = pairOf(linear, form, 1e-3);
    const { system } = dyad;
    const rest = settleByNewton(system, DEFAULT_OPTIONS, createWorkspace()).x;
    const G = new Float64Array(system.slots);
    const C = new Float64Array(system.slots);
    const q = new Float64Array(system.charges);
    const f = () => new Float64Array(system.size);
    system.evaluate(rest, 0, f(), q, G, C);
    for (let j = 0; j < system.n; j++) {
      const h = 1e-4;
      const [up, down] = [f(), f()];
      system.evaluate(rest.with(j, rest[j] + h), 0, up, q);
      system.evaluate(rest.with(j, rest[j] - h), 0, down, q);
      const column = f();
      for (let k = system.pattern.colPtr[j]; k < system.pattern.colPtr[j + 1]; k++)
        column[system.pattern.rowIdx[k]] = G[k];
      for (let i = 0; i < system.n; i++) expect(column[i]).toBeCloseTo((up[i] - down[i]) / (2 * h), 8);
    }
  });

  it('on a linear reciprocal circuit decouples: its copies are the nudged phases at ∓β/2', () => {
    const problem = problemOf(
      'v1 in 0 1\nr1 in a 1k\nr2 a 0 2k\nr3 a b 3k\nr4 b 0 1k\nl1 b c 1m\nr5 c 0 500\nc1 a 0 1n',
      ['r1.r'],
      [{ unknown: 'v(b)', target: 0.3 }],
    );
    const beta = 1e-3;
    // The split copies see the cost where they are, a nudged phase likewise.
    const { system, cost, dyad } = pairOf(problem, 'split', beta);
    const workspace = createWorkspace();
    const { x } = settleByNewton(dyad.system, DEFAULT_OPTIONS, workspace);
    for (const [copy, sign] of [
      [0, -1],
      [1, 1],
    ] as const) {
      const nudged = nudge(system, cost, { beta: (sign * beta) / 2 });
      const phase = settleByNewton(nudged, DEFAULT_OPTIONS, workspace);
      for (let i = 0; i < system.n; i++) expect(x[copy * system.n + i]).toBeCloseTo(phase.x[i], 12);
    }
  });

  it('on a nonlinear reciprocal circuit its copies approach the nudged phases as β²', () => {
    const distance = (beta: number): number => {
      const { system, cost, dyad } = pairOf(reciprocal, 'split', beta);
      const workspace = createWorkspace();
      const start = settleByNewton(system, DEFAULT_OPTIONS, workspace);
      const begin = { x: dyad.unstressed(start.x), modes: start.modes };
      const { x } = settleByNewton(dyad.system, DEFAULT_OPTIONS, workspace, begin);
      const nudged = nudge(system, cost, { beta: -beta / 2 });
      const phase = settleByNewton(nudged, DEFAULT_OPTIONS, workspace, start);
      return Math.hypot(...phase.x.subarray(0, system.n).map((v, i) => v - x[i]));
    };
    expect(Math.log10(distance(1e-4) / distance(1e-5))).toBeCloseTo(2, 1);
  });

  it('of copies is refused where charges are not symmetric, and names the device', () => {
    const problem = problemOf(
      'v1 in 0 1\nr1 in a 1k\nr2 b 0 1k\nc1 a 0 1n\nc2 b 0 q={1n*v(b)+0.5n*v(a)}\nr3 a b 1k',
      ['r1.r'],
      [{ unknown: 'v(b)', target: 0.3 }],
    );
    expect(() => estimate(problem, 'stress', { form: 'x-z' })).toThrow(
      /only where C = Cᵀ: not so at v\(b\), v\(a\)/,
    );
    expect(errorOf(problem, { settle: inTime })).toBeLessThan(1e-10);
  });

  it('that does not settle in the time given says so', () => {
    const attempt = () => estimate(transistors, 'stress', { settle: settleByRelaxing({ duration: 3 }) });
    expect(attempt).toThrow(/doubled circuit has not settled/);
    expect(errorOf(transistors, { settle: settleByRelaxing({ duration: 12 }), force: true })).toBeLessThan(
      1e-2,
    );
  });
});
