// Where a matrix of a circuit differs from its own transpose, and the devices between the two unknowns.
import type { System } from '../circuit/system.js';

export interface Difference {
  /** Names of the two unknowns. */
  readonly unknowns: readonly [string, string];
  /** Those attached to both. */
  readonly devices: readonly string[];
}

/** Relative difference that is rounding. */
const EQUAL = 1e-9;

/** The first entry of `values` (over the pattern, length ≥ nnz) that is not the one across the diagonal, if any. */
export function transposeDiffers(system: System, values: Float64Array): Difference | undefined {
  const { n, pattern, unknowns } = system;
  const at = new Map<number, number>();
  for (let j = 0; j < n; j++)
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++)
      at.set(pattern.rowIdx[k] * n + j, values[k]);
  for (const [key, value] of at) {
    const [i, j] = [Math.floor(key / n), key % n];
    const across = at.get(j * n + i) ?? 0;
    if (Math.abs(value - across) <= EQUAL * Math.abs(value)) continue;
    return { unknowns: [unknowns[i].name, unknowns[j].name], devices: devicesBetween(system, i, j) };
  }
  return undefined;
}

/** Devices attached to both unknowns. */
export function devicesBetween(system: System, i: number, j: number): readonly string[] {
  const there = system.devicesAt(j);
  return system.devicesAt(i).filter((name) => there.includes(name));
}
