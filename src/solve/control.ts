// How large an error is, in units of what is allowed, and what step size that suggests.
/** A step is tried at a size whose error would be this share of what is allowed, raised to 1/(order + 1). */
export const BIAS = 6;
export const BIAS_RAISE = 10;
export const LARGEST_GROWTH = 10;

/**
 * Local error allowed in units of the tolerances: reltol^(1 + share) in all, since n steps of order k that each err by ε
 * leave an error of order ε^(k/(k + 1)).
 */
export function allowance(trtol: number, reltol: number, share: number): number {
  return trtol * Math.min(1, (reltol / REFERENCE) ** share);
}

const REFERENCE = 1e-3;

/** Steps that new factors and a new start of the differences cost. */
const COST = 3;
/** Growth below this is not worth them ever. */
const LEAST_GROWTH = 1.2;

/**
 * Growth that is worth its cost after this many steps of one size: what has served for n steps is expected to serve for
 * n more, of which a growth by g saves about n(g − 1).
 */
export const worthwhile = (steps: number): number => Math.max(LEAST_GROWTH, 1 + COST / steps);

/** Step-size factor for an error of a method whose local error is O(h^(order + 1)). */
export function stepFactor(error: number, order: number, bias: number): number {
  return 1 / ((bias * error) ** (1 / (order + 1)) + 1e-6);
}

export function shrinkFactor(error: number, order: number): number {
  return Math.max(0.1, Math.min(0.9, stepFactor(error, order, BIAS)));
}
