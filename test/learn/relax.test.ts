import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import type { System } from '../../src/circuit/system.js';
import { LearningError } from '../../src/errors.js';
import { estimate } from '../../src/learn/compare.js';
import { fidelity } from '../../src/learn/fidelity.js';
import { type RelaxOptions, relax, settleByRelaxing } from '../../src/learn/relax.js';
import { operatingPoint } from '../../src/solve/operating-point.js';
import { slowestTimeConstant } from '../../src/solve/time-constant.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { systemOf } from './decks.js';
import { problemOf } from './problems.js';

const TIGHT = { ...DEFAULT_OPTIONS, reltol: 1e-12, vntol: 1e-14, abstol: 1e-16 };
const relaxed = (system: System, how: RelaxOptions = {}) =>
  relax(system, undefined, DEFAULT_OPTIONS, createWorkspace(), how);
const slowest = (system: System) =>
  slowestTimeConstant(system, new Float64Array(system.size), createWorkspace());

/** `cells` resistances R in a row from a source, a capacitance C behind each. */
const ladder = (cells: number): string =>
  [
    'v1 n0 0 1',
    ...Array.from({ length: cells }, (_, k) => `r${k} n${k} n${k + 1} 1k\nc${k} n${k + 1} 0 1n`),
  ].join('\n');
/** Of that ladder: RC / (4 sin²(π / (4·cells + 2))). */
const ladderTau = (cells: number): number => 1e-6 / (4 * Math.sin(Math.PI / (4 * cells + 2)) ** 2);

describe('the slowest time constant', () => {
  it.each([1, 5, 40])('of a ladder of %i cells is that of its longest wave', (cells) => {
    expect(slowest(systemOf(ladder(cells))) / ladderTau(cells)).toBeCloseTo(1, 9);
  });
  it('is found by Arnoldi where a dense spectrum would be long', () => {
    expect(slowest(systemOf(ladder(400))) / ladderTau(400)).toBeCloseTo(1, 6);
  });
  it('of a ringing circuit is that of its envelope, 2L/R', () => {
    expect(slowest(systemOf('v1 a 0 1\nr1 a b 1\nl1 b c 1m\nc1 c 0 1n'))).toBeCloseTo(2e-3, 9);
  });
  it('is zero without storage, and without end without loss', () => {
    expect(slowest(systemOf('v1 a 0 1\nr1 a b 1\nr2 b 0 1'))).toBe(0);
    expect(slowest(systemOf('i1 0 c 1m\nl1 c 0 1m\nc1 c 0 1n'))).toBe(Infinity);
  });
});

describe('relaxing in time', () => {
  it('for one time constant leaves 1/e to go', () => {
    const { x, time, settled } = relaxed(systemOf('v1 a 0 1\nr1 a b 1k\nc1 b 0 1u'), { duration: 1 });
    expect(x[0]).toBeCloseTo(1 - Math.exp(-1), 7);
    expect(time).toBeCloseTo(1e-3, 12);
    expect(settled).toBe(false);
  });
  it('takes ln(1/tolerance) time constants', () => {
    const { settling, residual } = relaxed(systemOf('v1 a 0 1\nr1 a b 1k\nc1 b 0 1u'), { tolerance: 1e-8 });
    expect(residual).toBeLessThanOrEqual(1);
    expect(settling).toBeGreaterThan(Math.log(1e8));
    expect(settling).toBeLessThan(Math.log(1e8) + 1);
  });
  it.each([
    ['ringing', 'v1 a 0 1\nr1 a b 10\nl1 b c 1m\nc1 c 0 1u\nr2 c 0 100'],
    [
      'diodes with nonlinear charges',
      'v1 a 0 1\nr1 a b 1k\nd1 b 0 dm\nc1 b 0 1n\nr2 b c 10k\nc2 c 0 10n\nd2 0 c dm\n.model dm d is=1e-14 cjo=1p',
    ],
    ['a mismatched line', 'v1 a 0 1\nr1 a b 40\nt1 b 0 c 0 z0=50 td=1n\nr2 c 0 80\nc1 c 0 1p'],
    ['waves that jump from end to end', 'v1 a 0 1\nr1 a b 10\nt1 b 0 c 0 z0=50 td=1n\nr2 c 0 200'],
    [
      'waves in a line that a source holds',
      'v1 a 0 1\nr1 a c 1k\nt1 a 0 b 0 z0=50 td=1n\nr2 b c 60\nr3 c 0 1k',
    ],
    ['no storage at all', 'v1 a 0 1\nr1 a b 1k\nd1 b 0 dm\n.model dm d is=1e-14'],
  ])('ends where Newton does: %s', (_, deck) => {
    const system = systemOf(deck);
    const there = operatingPoint(system, TIGHT, createWorkspace()).x;
    const { x } = relaxed(system, { tolerance: 1e-12 });
    for (let i = 0; i < system.n; i++) expect(x[i] / there[i]).toBeCloseTo(1, 10);
  });
  it('holds every source at its DC value and stops the clock of expressions', () => {
    const { x } = relaxed(
      systemOf('v1 a 0 dc 0.5 sin(0.5 1 1meg)\nb1 0 b i=cos(1e6*time)*1m\nr1 a b 1k\nc1 b 0 1n'),
    );
    expect(x[0]).toBeCloseTo(1.5, 9);
  });
  it('of an oscillator is refused, and says what does not settle', () => {
    const oscillator = systemOf('c1 v 0 1\nb1 v 0 i=v(v)^3/3-v(v)\nl1 v w 12.5\nr1 w 0 0.8\ni1 0 v 0.1');
    const attempt = () => relaxed(oscillator, { patience: 30 });
    expect(attempt).toThrow(LearningError);
    expect(attempt).toThrow(/not settled after 30 .* (v\(v\)|i\(l1\)|v\(w\)) still moves/);
    expect(attempt).toThrow(
      expect.objectContaining({
        obstacle: expect.objectContaining({
          hint: expect.stringMatching(/as rules without :relax do \(in code: /),
        }),
      }),
    );
  });
  it('of a resonator without loss is refused', () => {
    expect(() => relaxed(systemOf('i1 0 c 1m\nl1 c 0 1m\nc1 c 0 1n'))).toThrow(/rings without loss/);
  });
});

describe('a rule whose phases relax in time', () => {
  const networks = problemOf(
    'v1 in 0 0.8\nr1 in a 1k\nd1 a b dm\nr2 b 0 3k\nl1 b c 1m\nr3 c 0 2k\nc1 a 0 1n\nc2 c 0 2n\n.model dm d is=1e-12 cjo=1p',
    ['r1.r', 'r2.r', 'r3.r', 'd1.is'],
    [{ unknown: 'v(c)', target: 0.05 }],
  );
  const errorOf = (rule: string, how: RelaxOptions, force = false) =>
    fidelity(
      estimate(networks, rule, { settle: settleByRelaxing(how), force }).gradient,
      estimate(networks, 'adjoint').gradient,
    ).relativeError;

  it.each(['adjoint', 'equilibrium', 'asymmetric'])('has the gradient it has by Newton: %s', (rule) => {
    expect(errorOf(rule, { tolerance: 1e-13 })).toBeLessThan(1e-6);
  });
  it('is refused when the free phase had too little time, and is wrong when forced', () => {
    const short = () => errorOf('equilibrium', { duration: 2 });
    expect(short).toThrow(/free phase has not settled/);
    expect(errorOf('equilibrium', { duration: 2 }, true)).toBeGreaterThan(0.01);
  });
  it('says how long it took', () => {
    const { validity } = estimate(networks, 'equilibrium', { settle: settleByRelaxing() });
    expect(validity.settling).toBeGreaterThan(10);
    expect(validity.residual).toBeLessThanOrEqual(1);
  });
});
