// Scalars of one instant: what of them depends on the numbers of devices.
import type { Functional } from './system.js';
export interface FunctionalPart {
  readonly element: number;
  readonly derived: number;
  slope(x: Float64Array, t: number): number;
}
const parts = new WeakMap<Functional, readonly FunctionalPart[]>();
export const partsOf = (c: Functional): readonly FunctionalPart[] => parts.get(c) ?? [];
