// Networks that are their own adjoint: linear, with G = Gᵀ and C = Cᵀ.
import type { System } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import { createRandom } from '../math/random.js';
import type { Linearisation } from '../solve/workspace.js';
import { entriesOf } from './compose/structure.js';
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

const MOST_NAMED = 8;

function refusal(code: string, needed: string, devices: readonly string[], hint: string): LearningError {
  const more = devices.length > MOST_NAMED ? ` and ${devices.length - MOST_NAMED} more` : '';
  const named = devices.slice(0, MOST_NAMED);
  const message = `replay needs ${needed}, and what prevents that is among ${named.join(', ')}${more}`;
  return new LearningError(message, { code, devices: named, hint });
}

/**
 * Switches, and the devices between two unknowns or inputs where G or C holds more than its linear part; where only a
 * diagonal entry does, those from there to ground.
 */
function nonlinearDevices(system: System): readonly string[] {
  const { n, size, modes, linearRows } = system;
  const bent = new Set<number>();
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  const random = createRandom(SEED);
  const x = Float64Array.from({ length: size }, random.uniform);
  system.evaluate(x, 0, new Float64Array(size), new Float64Array(system.charges), G, C);
  const { rows, cols } = entriesOf(system);
  for (const [whole, { start, column, value }] of [
    [G, linearRows.G],
    [C, linearRows.C],
  ] as const) {
    const left = new Map<number, number>();
    for (let k = 0; k < rows.length; k++) if (rows[k] < n) left.set(rows[k] * size + cols[k], whole[k]);
    for (let i = 0; i < n; i++)
      for (let k = start[i]; k < start[i + 1]; k++) {
        const key = i * size + column[k];
        left.set(key, (left.get(key) ?? 0) - value[k]);
      }
    for (const [key, value] of left) if (value !== 0 && key % size < size - 2) bent.add(key);
  }
  const named = new Set(modes.map(({ element }) => element));
  const places = countPlaces(system);
  for (const key of bent) {
    const [i, j] = [Math.floor(key / size), key % size];
    const here = system.devicesAt(i);
    const alone = here.filter((name) => places.get(name) === 1);
    const between = i !== j ? devicesBetween(system, i, j) : alone.length > 0 ? alone : here;
    for (const name of between) named.add(name);
  }
  return [...named];
}

/** At how many unknowns and inputs each device is; those at one only lead from there to ground. */
function countPlaces(system: System): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let j = 0; j < system.size - 2; j++)
    for (const name of system.devicesAt(j)) places.set(name, (places.get(name) ?? 0) + 1);
  return places;
}
