// Rows of data that drive sources through expressions are what a deck with the numbers written out is.
import { expect, test } from 'vitest';
import { estimate } from '../../src/learn/compare.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const deck = (x: string, y: string, data: string): string => `
  .param x=0.1 gain=2 y=0
  V1 in 0 {${x}*gain}
  V2 low 0 {-(${x})}
  I1 0 out {1m*${x}}
  V3 bias 0 {gain/4}
  R3 bias out 3k
  R1 in out 1k
  R2 out low 2k
  D1 out 0 dm
  .model dm d(is=1e-9)
  .cost op v(out) target={${y}} ${data}
  .train R* D1.is V3`;

const rows = [
  [0.3, 0.2],
  [-0.7, 0.1],
  [0.9, -0.4],
];
const table = `.data t x y\n${rows.map((r) => `+ ${r.join(' ')}`).join('\n')}\n.enddata`;

test('sources that follow a column by an expression are driven row by row', () => {
  const problem = problemOfDeck(`${deck('x', 'y', 'data=t')}\n${table}`);
  const all = estimate(problem, 'adjoint').gradient;
  const apart = new Float64Array(problem.parameters.length);
  for (const [x, y] of rows) {
    const alone = problemOfDeck(deck(`(${x})`, `${y}`, ''));
    gradientBy('adjoint', alone).gradient.forEach((g, p) => {
      apart[p] += g / rows.length;
    });
  }
  expect(distance(problem, all, apart)).toBeLessThan(1e-9);
});

test('a source whose expression speaks of no column can be trained', () => {
  const problem = problemOfDeck(`${deck('x', 'y', 'data=t')}\n${table}`);
  const values = problem.values.map((v, p) => (problem.parameters[p].name.startsWith('v3') ? 2 * v : v));
  expect(problem.sample(values, 1).system.sources.find((s) => s.element === 'v3')?.dc).toBe(1);
});
