import { describe, expect, it } from 'vitest';
import { fidelity } from '../../src/learn/fidelity.js';

const of = (g: number[], r: number[], groups: string[] = []) =>
  fidelity(
    Float64Array.from(g),
    Float64Array.from(r),
    groups.map((group) => ({ group })),
  );

describe('the fidelity of an estimate', () => {
  it('of the reference itself is perfect', () => {
    expect(of([1, -2, 3], [1, -2, 3])).toMatchObject({
      relativeError: 0,
      misalignment: 0,
      normRatio: 1,
      snr: Infinity,
      signAgreement: 1,
      deadShare: 0,
    });
  });
  it('of a scaled one is aligned', () => {
    const { relativeError, misalignment, normRatio, snr } = of([2, -4], [1, -2]);
    expect(relativeError).toBeCloseTo(1, 15);
    expect(misalignment).toBeLessThan(1e-30);
    expect(normRatio).toBeCloseTo(2, 15);
    expect(snr).toBeCloseTo(1, 14);
  });
  it('of a rotated one is 1 − cos, without cancellation where the angle is small', () => {
    for (const angle of [1, 1e-3, 1e-9]) {
      const { misalignment } = of([Math.cos(angle), Math.sin(angle)], [1, 0]);
      expect(misalignment / (2 * Math.sin(angle / 2) ** 2)).toBeCloseTo(1, 6);
    }
    expect(of([-1, 0], [1, 0]).misalignment).toBe(2);
  });
  it('counts signs and dead edges among those that ought to move', () => {
    const { signAgreement, deadShare } = of([1, -1, 0, 5], [2, 3, 4, 0]);
    expect(signAgreement).toBeCloseTo(1 / 3, 15);
    expect(deadShare).toBeCloseTo(1 / 3, 15);
  });
  it('is told group by group', () => {
    const { groups } = of([1, 0, 1, 0], [1, 0, 0, -1], ['r', 'r', 'd', 'd']);
    expect([...groups]).toEqual([
      ['r', 0],
      ['d', 1],
    ]);
  });
  it('of anything against nothing is infinitely wrong, and of nothing against nothing perfect', () => {
    expect(of([1], [0])).toMatchObject({ relativeError: Infinity, misalignment: 1, normRatio: Infinity });
    expect(of([0], [0])).toMatchObject({ relativeError: 0, misalignment: 0, normRatio: 1 });
  });
  it('survives numbers whose squares do not', () => {
    expect(of([2e200, 0], [1e200, 0]).relativeError).toBeCloseTo(1, 15);
    expect(of([2e-200, 0], [1e-200, 0]).normRatio).toBeCloseTo(2, 15);
  });
});
