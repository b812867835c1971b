// The discrete adjoint of extrapolation: every stage of an accepted step is a point of the tape, and is transposed.
import { describe, expect, test } from 'vitest';
import { explicitCircuits as circuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

describe('the gradient of a run by odex', () => {
  test.each(Object.entries(circuits))('is exact on its grid through %s', (_, deck) => {
    const problem = problemOfDeck(`${deck}\n.options method=odex reltol=1e-4`);
    const adjoint = gradientBy('adjoint', problem);
    const judge = gradientBy('differences', problem);
    expect(Math.abs(adjoint.cost - judge.cost)).toBeLessThanOrEqual(1e-12 * Math.abs(judge.cost));
    expect(adjoint.gradient.some((g) => g !== 0)).toBe(true);
    expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
    const direct = gradientBy('direct', problem);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-9);
    expect(adjoint.validity.tellegen).toBeLessThan(1e-10);
    expect(judge.validity.tellegen).toBeLessThan(1e-6);
  });
});

describe('a resonance that begins at v = a', () => {
  // v = a·cos ωt with ω = 1/√(LC): J = ∫₀ᵀ v² dt = a²·(T/2 + sin(2ωT)/4ω).
  const [L, C, T] = [2, 0.5, 7.3];
  const w = 1 / Math.sqrt(L * C);
  const cost = T / 2 + Math.sin(2 * w * T) / (4 * w);
  const slope = (T * Math.cos(2 * w * T)) / (2 * w) - Math.sin(2 * w * T) / (4 * w * w);
  const exact = Float64Array.of((-w / (2 * C)) * slope, 2 * cost, (-w / (2 * L)) * slope);
  const problem = (reltol: number) =>
    problemOfDeck(`
      C1 a 0 ${C} ic=1
      L1 a 0 ${L} ic=0
      .tran 1 ${T} 0 ${T} uic
      .train C1 C1.ic L1
      .cost tran expr={v(a)^2}
      .options method=odex reltol=${reltol} vntol=${reltol * 1e-3} abstol=${reltol * 1e-3}`);

  test.each([1e-4, 1e-7, 1e-10])('has the slopes of its closed form to a tolerance of %d', (reltol) => {
    const { gradient, cost: found } = gradientBy('adjoint', problem(reltol));
    expect(Math.abs(found - cost)).toBeLessThan(reltol * cost);
    expect(distance(problem(reltol), gradient, exact)).toBeLessThan(10 * reltol);
  });
});
