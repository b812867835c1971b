// What to say when a march cannot go on.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import type { Newton } from './newton.js';
import type { Method } from './options.js';
import type { Stepper } from './steppers/stepper.js';

/** The error at time t with a step of this size (s); `code` unless the matrix was singular. */
export function stuck(
  system: System,
  newton: Newton,
  stepper: Stepper,
  method: Method,
  t: number,
  step: number,
  code: string,
): SimulationError {
  const singular = newton.singular() >= 0;
  const worst = singular ? newton.singular() : (stepper.worst?.() ?? newton.worst());
  const name = system.unknowns[worst]?.name ?? '';
  const devices = system.devicesAt(worst);
  const why = singular ? 'the matrix is singular at' : 'the worst unknown is';
  return new SimulationError(
    `no solution beyond t = ${t} s with a step of ${step} s: ${why} ${name} (${devices.join(', ')})`,
    {
      code: singular ? 'singular-matrix' : code,
      time: t,
      step,
      unknowns: name ? [name] : [],
      devices,
      tried: [`${method} with steps down to ${step} s`, 'a new matrix in every iteration, junctions limited'],
    },
  );
}
