// Networks that are their own adjoint: linear, with G = Gᵀ and C = Cᵀ.
import type { System } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import type { Linearisation } from '../solve/workspace.js';
import { transposeDiffers } from './transposition.js';

/**
 * Fills lin.G and lin.C of a network that is its own adjoint, or forced is only linear.
 *
 * @param linearises the way out of a circuit that is not linear
 * @throws LearningError `nonlinear`, `delayed` or `not-reciprocal`, naming devices.
 */
export function demandSelfAdjoint(
  system: System,
  lin: Linearisation,
  linearises: string,
  force = false,
): void {
  const x = new Float64Array(system.size);
  system.evaluate(x, 0, lin.f, new Float64Array(system.charges), lin.G, lin.C);
  const bent = [...new Set([...system.modes.map(({ element }) => element), ...system.nonlinearDevices()])];
  if (bent.length > 0) {
    throw refusal('nonlinear', 'a linear circuit', bent, linearises);
  }
  if (system.delays.length > 0) {
    const lines = [...new Set(system.delays.map(({ element }) => element))];
    throw refusal('delayed', 'a circuit without lines', lines, 'use adjoint, or sections of L and C');
  }
  if (force) return;
  const found = transposeDiffers(system, lin.G) ?? transposeDiffers(system, lin.C);
  if (found === undefined) return;
  const hint = 'use adjoint or stress, which need no reciprocity';
  throw refusal(
    'not-reciprocal',
    'a reciprocal circuit',
    found.devices,
    hint,
    found.devices.length > 1 ? 'among ' : '',
  );
}

const MOST_NAMED = 8;

function refusal(
  code: string,
  needed: string,
  devices: readonly string[],
  hint: string,
  among = '',
): LearningError {
  const more = devices.length > MOST_NAMED ? ` and ${devices.length - MOST_NAMED} more` : '';
  const named = devices.slice(0, MOST_NAMED);
  const message = `replay needs ${needed}, and what prevents that is ${among}${named.join(', ')}${more}`;
  return new LearningError(message, { code, devices: named, hint });
}
