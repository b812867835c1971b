import { expect, test } from 'vitest';
import { createAudit } from '../../src/solve/tellegen.js';
import { createLinearisation, createWorkspace } from '../../src/solve/workspace.js';
import { handMade } from '../support/system.js';

test('Σ v·i across two companion networks vanishes for the solution, and grows with what is wrong with it', () => {
  const system = handMade({
    n: 3,
    G: [
      [2, -1, 0.3],
      [-1, 3, 0],
      [0.7, -2, 4],
    ],
    C: [
      [1, 0, 0],
      [0, 2, -1],
      [0, -1, 1],
    ],
  });
  const lin = createLinearisation(system, createWorkspace());
  system.evaluate(new Float64Array(system.size), 0, lin.f, new Float64Array(system.charges), lin.G, lin.C);
  const alpha = 5;
  expect(lin.factor(alpha)).toBe(0);
  const nu = Float64Array.of(1, 0, -2);
  const lambda = nu.map((v) => -v);
  lin.lu.solveTransposed(lambda);
  const audit = createAudit(system);
  const seen = (l: Float64Array) => audit(lin.G, lin.C, alpha, l, nu);
  expect(seen(lambda)).toBeLessThan(1e-15);
  const wrong = (by: number) => lambda.map((v) => v * (1 + by));
  // All of it 1 % too large: half of 1 %, for the sources are counted as often as the branches.
  expect(seen(wrong(0.01)) / 0.005).toBeCloseTo(1, 1);
  expect(seen(wrong(1e-6))).toBeGreaterThan(1e-7);
  const forth = nu.map((v) => -v);
  lin.lu.solve(forth);
  expect(seen(forth)).toBeGreaterThan(1e-2);
});
