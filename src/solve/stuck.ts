// What to say when a march cannot go on.
import type { UndefinedLaw } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { blame, GUARD } from './blame.js';
import type { Method } from './options.js';
import type { StepContext, Stepper } from './steppers/stepper.js';

/** A law that has no value so many units of the last place after a time ends the march at it. */
const AHEAD = 64 * Number.EPSILON;

/** The error at time t with a step of this size (s); `code` unless a law had no value or the matrix was singular. */
export function stuck(
  context: StepContext,
  stepper: Stepper,
  method: Method,
  t: number,
  step: number,
  code: string,
): SimulationError {
  const { system, newton } = context;
  const tried = [
    `${method} with steps down to ${step} s`,
    'a new matrix in every iteration, junctions limited',
  ];
  const law = newton.undefinedLaw() ?? lawAhead(context, t, step);
  if (law) {
    const { what, ...named } = blame(law);
    const begun = t > 0 ? '' : ', or begin where it has one, with .ic';
    return new SimulationError(`no solution beyond t = ${t} s: ${what}`, {
      code: 'not-finite',
      time: t,
      step,
      ...named,
      tried,
      hint: GUARD + begun,
    });
  }
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
      tried,
    },
  );
}

/** A law without a value just after t, where unknowns are still what they were. */
function lawAhead(
  { system, history, inputs }: StepContext,
  t: number,
  step: number,
): UndefinedLaw | undefined {
  const x = history.points[0].x.slice();
  for (const ahead of [step, AHEAD * t]) {
    inputs.at(t + ahead, x, 0);
    const law = system.undefinedLaw?.(x, t + ahead);
    if (law) return law;
  }
  return undefined;
}
