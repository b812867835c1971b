// Where factors hold many entries an unknown, old ones serve several points, and solutions are refined: the gradient
// is the same.
import { expect, test } from 'vitest';
import { countingWorkspace, distance, gradientBy, problemOfDeck } from './over-time.js';

const NODES = 30;

/** Every node joined to every other, with a capacitor and a diode each. */
function complete(): string {
  const lines = ['V1 in 0 SIN(0 1 1k)', 'Rin in n0 100', '.model dm d(is=1e-9)', '.tran 2u 0.3m'];
  for (let i = 0; i < NODES; i++) {
    lines.push(`C${i} n${i} 0 ${10 + i}n`, `D${i} n${i} 0 dm`);
    for (let j = 0; j < i; j++) lines.push(`R${i}_${j} n${i} n${j} ${1000 + 37 * ((7 * i + 11 * j) % 23)}`);
  }
  return [...lines, '.train Rin R5_3 C7 D9.is V1.va', '.cost tran v(n29) target=0.2'].join('\n');
}

test('old factors and new ones tell the same slopes', () => {
  const problem = problemOfDeck(complete());
  const { workspace, solved } = countingWorkspace();
  const adjoint = gradientBy('adjoint', problem, { workspace });
  const { stats } = workspace.lu(problem.sample(problem.values, 0).system.pattern);
  expect(solved.transposed).toBeGreaterThan(2 * (stats.factorisations + stats.refactorisations));
  expect(stats.nnzL + stats.nnzU).toBeGreaterThan(20 * NODES);
  const judge = gradientBy('differences', problem);
  expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
});
