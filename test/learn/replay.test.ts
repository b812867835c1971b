// The error played back into the network itself, in reversed time, against differences of the very run and against the
// adjoint of the adaptive one.
import { describe, expect, it } from 'vitest';
import { LearningError } from '../../src/errors.js';
import type { Problem } from '../../src/learn/problem.js';
import { replay } from '../../src/learn/rules/replay.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

/** Three sections of a line with losses in series and across, a transformer, mutual inductance and an inner source. */
const line = `v1 in 0 dc 0.2 sin(0.2 1 2meg)
r0 in a1 50
l1 a1 b1 1u
ra1 b1 n1 2
c1 n1 0 0.4n
rb1 n1 0 4k
l2 n1 b2 1.2u
ra2 b2 n2 3
c2 n2 0 0.3n
rb2 n2 0 3k
k1 l1 l2 0.3
y1 n2 0 p 0 tr n=1.5
i1 0 p dc 1m pulse(1m 3m 0.1u 0.05u 0.05u 0.2u 1u)
c3 p 0 0.2n
c4 n1 p 0.1n
rl p 0 80
.model tr transformer
.train r0 ra* rb* rl l1 l2 c1 c2 c3 k1 y1.n v1.dc v1.freq
.tran 1n 0.8u
.cost tran expr={0.5*(v(p)-0.1)^2+0.1*v(n1)*i(l2)} from=0.1u to=0.75u`;

/** Largest distance of the gradient from central differences of the cost that the rule itself returns. */
function fromDifferences(problem: Problem, steps: number): number {
  const costAt = (k: number, h: number) =>
    replay.estimate(problem, problem.sample(problem.values.with(k, problem.values[k] + h), 0), { steps })
      .cost;
  const judged = problem.values.map((v, k) => {
    const h = 1e-4 * Math.abs(v);
    const central = (step: number) => (costAt(k, step) - costAt(k, -step)) / (2 * step);
    return (4 * central(h / 2) - central(h)) / 3;
  });
  return distance(problem, gradientBy('replay', problem, { steps }).gradient, judged);
}

describe('replay', () => {
  it('is the gradient of the discrete run, losses and all', () => {
    expect(fromDifferences(problemOfDeck(line), 100)).toBeLessThan(1e-7);
  });
  it('at given times too', () => {
    const deck = line.replace(/\.cost .*/, '.cost tran expr={v(p)^2+i(l1)*10} at=0,0.123u,0.5u,0.8u');
    expect(fromDifferences(problemOfDeck(deck), 80)).toBeLessThan(1e-7);
  });
  it('from charges given by IC=', () => {
    const deck = `c1 a 0 1n ic=1\nl1 a b 1u ic=1m\nr1 b 0 20\nc2 b 0 0.5n\nr2 a 0 1k
.train c1 c1.ic l1 l1.ic r1 r2 c2\n.tran 1n 0.5u uic\n.cost tran expr={v(b)^2} from=0 to=0.5u`;
    expect(fromDifferences(problemOfDeck(deck), 100)).toBeLessThan(1e-7);
  });
  it('approaches the adjoint of the adaptive run with the step', () => {
    const problem = problemOfDeck(`${line}\n.options reltol=1e-6`);
    const exact = gradientBy('adjoint', problem).gradient;
    const error = (steps: number) =>
      distance(problem, gradientBy('replay', problem, { steps }).gradient, exact);
    expect(error(4000)).toBeLessThan(0.02);
    expect(gradientBy('replay', problem).validity.tellegen).toBeLessThan(1e-12);
    expect(error(1000) / error(4000)).toBeGreaterThan(3);
  });
  it('takes steps no larger than the .tran allows, and says how many', () => {
    const stepsOf = (tran: string) => {
      const problem = problemOfDeck(line.replace('.tran 1n 0.8u', tran));
      return replay.estimate(problem, problem.sample(problem.values, 0), {}).validity.steps;
    };
    expect(stepsOf('.tran 1n 0.8u')).toBe(1000);
    expect(stepsOf('.tran 1n 0.8u 0 0.5n')).toBe(1600);
  });

  it('names the cell that bends a node, and not the resistors there', () => {
    const cells = problemOfDeck(
      'n1 a w cell\nr1 a 0 10\nr2 w 0 10\n.model cell fhn(ibias=0.5)\n.train n1.ibias\n.tran 0.1 1\n.cost tran expr={v(a)**2}',
    );
    expect(() => replay.estimate(cells, cells.sample(cells.values, 0), {})).toThrow(/linear circuit.*is n1$/);
  });

  it('at the operating point is the same network driven by the error', () => {
    const problem = problemOfDeck(
      line.replace(/\.cost .*/, '.cost op v(p) target=0.3\n.cost op expr={i(l1)} weight=100'),
    );
    const exact = gradientBy('adjoint', problem).gradient;
    expect(distance(problem, gradientBy('replay', problem).gradient, exact)).toBeLessThan(1e-12);
  });
  it.each([
    ['nonlinear', 'd1', 'd1 p 0 dm\n.model dm d'],
    ['nonlinear', 'sw', 'sw n1 0 p 0 sm\n.model sm sw vt=9 ron=1k'],
    ['not-reciprocal', 'g1', 'g1 n2 0 n1 0 1m'],
    ['delayed', 't1', 't1 p 0 q 0 z0=50 td=1n\nrq q 0 50'],
  ])('is refused: %s, naming %s', (code, device, cards) => {
    for (const deck of [line, line.replace(/\.cost .*/, '.cost op v(p) target=0.3')]) {
      const problem = problemOfDeck(`${deck}\n${cards}`);
      let found: unknown;
      try {
        gradientBy('replay', problem);
      } catch (error) {
        found = error;
      }
      expect(found).toBeInstanceOf(LearningError);
      expect((found as LearningError).obstacle.code).toBe(code);
      expect((found as LearningError).obstacle.devices).toContain(device);
      expect((found as LearningError).obstacle.devices).not.toContain('ra1');
    }
  });
});
