// Published end points of stiff problems, and what a decade of reltol buys.
import { describe, expect, it } from 'vitest';
import { last, simulate } from '../support/run.js';
import { STIFF, type StiffProblem } from '../support/stiff.js';

/** −log₁₀ of the largest relative error at the end. */
function digits(problem: StiffProblem, reltol: number): number {
  const trace = simulate(
    problem.system(),
    { tstop: problem.tstop, uic: true },
    { reltol, vntol: reltol * problem.smallest },
  );
  const error = problem.end.reduce(
    (m, v, i) => Math.max(m, Math.abs(last(trace.columns[i]) - v) / Math.abs(v)),
    0,
  );
  return -Math.log10(error);
}

describe.each(STIFF)('BDF on $name', (problem) => {
  it('has four correct digits at reltol 1e-6', () => {
    expect(digits(problem, 1e-6)).toBeGreaterThan(4);
  });

  it('errs at least five times less per decade of reltol, over four decades', () => {
    expect((digits(problem, 1e-8) - digits(problem, 1e-4)) / 4).toBeGreaterThan(Math.log10(5));
  });
});
