// Two contestants where they err by the same: curves of power laws have a ratio that is known.
import { describe, expect, it } from 'vitest';
import { atEqualError, type Curve } from './precision.js';

/** CPU = factor·error^(−power), at these errors. */
const curve = (errors: readonly number[], factor: number, power: number): Curve => ({
  contestant: 'tellegen',
  limited: true,
  efforts: errors.map((error) => ({
    reltol: error,
    tmax: 1,
    points: 1,
    error,
    analysis: factor * error ** -power,
  })),
});

describe('work at equal error', () => {
  it('is the ratio of the factors of two curves of one power, wherever their points lie', () => {
    const found = atEqualError(curve([1e-2, 3e-4, 1e-6], 2, 0.2), curve([1e-1, 2e-3, 5e-5, 1e-7], 5, 0.2))!;
    expect(found.from).toBe(1e-6);
    expect(found.to).toBe(1e-2);
    for (const ratio of [found.ratio, found.least, found.most]) expect(ratio).toBeCloseTo(0.4, 12);
  });

  it('is the geometric mean of a ratio that grows as a power of the error', () => {
    const found = atEqualError(curve([1e-2, 1e-6], 1, 0.1), curve([1e-2, 1e-6], 1, 0.2))!;
    expect(found.least).toBeCloseTo(1e-6 ** 0.1, 12);
    expect(found.most).toBeCloseTo(1e-2 ** 0.1, 12);
    expect(found.ratio).toBeCloseTo(1e-4 ** 0.1, 12);
  });

  it('leaves out points that cost more and err more than another', () => {
    const ours = curve([1e-2, 1e-4], 1, 0.2);
    const wasteful = {
      ...ours,
      efforts: [...ours.efforts, { ...ours.efforts[0], error: 5e-3, analysis: 99 }],
    };
    expect(atEqualError(wasteful, ours)!.ratio).toBeCloseTo(1, 12);
  });

  it('does not exist where no error is reached by both', () => {
    expect(atEqualError(curve([1e-2, 1e-3], 1, 0.2), curve([1e-4, 1e-5], 1, 0.2))).toBeUndefined();
    expect(atEqualError(curve([], 1, 0.2), curve([1e-4, 1e-5], 1, 0.2))).toBeUndefined();
  });
});
