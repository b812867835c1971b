import { expect, it } from 'vitest';
import { gaussRule } from '../../src/math/gauss.js';

it('a rule of m nodes integrates polynomials of degree 2m − 1, and no more', () => {
  for (let m = 1; m <= 16; m++) {
    const { nodes, weights } = gaussRule(m);
    const integral = (degree: number) =>
      nodes.reduce((sum, t, k) => sum + weights[k] * (2 * t - 1) ** degree, 0);
    for (let d = 0; d < 2 * m; d++)
      expect(Math.abs(integral(d) - (d % 2 === 0 ? 1 / (d + 1) : 0))).toBeLessThan(1e-15);
    expect(1 / (2 * m + 1) - integral(2 * m)).toBeGreaterThan(1e-11);
  }
});

it('three nodes are where their closed form has them', () => {
  const { nodes, weights } = gaussRule(3);
  const abscissae = [0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)];
  for (let k = 0; k < 3; k++) {
    expect(nodes[k]).toBeCloseTo(abscissae[k], 15);
    expect(weights[k]).toBeCloseTo([5 / 18, 8 / 18, 5 / 18][k], 15);
  }
});
