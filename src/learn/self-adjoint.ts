// Networks that are their own adjoint: linear, with G = Gᵀ and C = Cᵀ.
import type { System } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import { createRandom } from '../math/random.js';
import type { Linearisation } from '../solve/workspace.js';
import { devicesBetween, transposeDiffers } from './transposition.js';

const SEED = 1;

/**
 * Fills lin.G and lin.C of a network that is its own adjoint.
 *
 * @throws LearningError `nonlinear`, `delayed` or `not-reciprocal`, naming devices.
 */
export function demandSelfAdjoint(system: System, lin: Linearisation): void {
  const x = new Float64Array(system.size);
  system.evaluate(x, 0, lin.f, new Float64Array(system.charges), lin.G, lin.C);
  if (system.modes.length > 0 || !system.linear) {
    const bent = nonlinearDevices(system);
    throw refusal(
      'nonlinear',
      'a linear circuit',
      bent,
      'use adjoint, or stress, which linearises as it goes',
    );
  }
  if (system.delays.length > 0) {
    const lines = [...new Set(system.delays.map(({ element }) => element))];
    throw refusal('delayed', 'a circuit without lines', lines, 'use adjoint, or sections of L and C');
  }
  const found = transposeDiffers(system, lin.G) ?? transposeDiffers(system, lin.C);
  if (found === undefined) return;
  const hint = 'use adjoint or stress, which need no reciprocity';
  throw refusal('not-reciprocal', 'a reciprocal circuit', found.devices, hint);
}

const refusal = (code: string, needed: string, devices: readonly string[], hint: string): LearningError =>
  new LearningError(`replay needs ${needed}: this is not one with ${devices.join(', ')}`, {
    code,
    devices,
    hint,
  });

/** Switches, and the devices between unknowns where G or C holds more than its linear part. */
function nonlinearDevices(system: System): readonly string[] {
  const { n, pattern, modes } = system;
  const named = new Set(modes.map(({ element }) => element));
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  const q = new Float64Array(system.charges);
  const random = createRandom(SEED);
  const x = Float64Array.from({ length: system.size }, random.uniform);
  system.evaluate(x, 0, new Float64Array(system.size), q, G, C);
  for (const [whole, { start, column, value }] of [
    [G, system.linearRows.G],
    [C, system.linearRows.C],
  ] as const) {
    const linear = new Map<number, number>();
    for (let i = 0; i < n; i++)
      for (let k = start[i]; k < start[i + 1]; k++)
        if (column[k] < n) linear.set(i * n + column[k], (linear.get(i * n + column[k]) ?? 0) + value[k]);
    for (let j = 0; j < n; j++) {
      for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) {
        const i = pattern.rowIdx[k];
        if (whole[k] !== (linear.get(i * n + j) ?? 0))
          for (const name of devicesBetween(system, i, j)) named.add(name);
      }
    }
  }
  return [...named];
}
