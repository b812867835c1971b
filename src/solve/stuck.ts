// What to say when a march cannot go on.
import type { UndefinedLaw } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { blame, GUARD } from './blame.js';
import { allowance } from './control.js';
import type { Method } from './options.js';
import { uncertainty } from './rounding.js';
import type { StepContext, Stepper } from './steppers/stepper.js';

/** A law that has no value so many units of the last place after a time ends the march at it. */
const AHEAD = 64 * Number.EPSILON;
/** Steps below this share of tstop say nothing of how uncertain rounding leaves those that would do. */
const SHORTEST = 1e-9;
/** No voltage and no current of a circuit. */
const WITHOUT_BOUND = 1e30;
/** As steppers tighten what they allow. */
const TIGHTENING = 0.2;
/** What rounding leaves, over the error allowed, where it may have ended the march; and how much more is then advised. */
const UNCERTAIN = 0.3;
/** Rounding that leaves an unknown so much more uncertain is that of a matrix next to a singular one. */
const ABSURD = 1e8;
const ROOM = 3;

/** The error at time t with a step of this size (s); `code` unless a law had no value or the matrix was singular. */
export function stuck(
  context: StepContext,
  stepper: Stepper,
  { method, tstop }: { readonly method: Method; readonly tstop: number },
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
    const hint = withoutBound(context) ?? GUARD + begun;
    return new SimulationError(`no solution beyond t = ${t} s: ${what}`, {
      code: 'not-finite',
      time: t,
      step,
      ...named,
      tried,
      hint,
    });
  }
  const singular = newton.singular() >= 0;
  const worst = singular ? newton.singular() : (stepper.worst?.() ?? newton.worst());
  const name = system.unknowns[worst]?.name ?? '';
  const devices = system.devicesAt(worst);
  const why = singular ? 'the matrix is singular at' : 'the worst unknown is';
  const hint =
    withoutBound(context) ??
    (code === 'step-too-small' ? beneathRounding(context, SHORTEST * tstop) : undefined);
  return new SimulationError(
    `no solution beyond t = ${t} s with a step of ${step} s: ${why} ${name} (${devices.join(', ')})`,
    {
      code: singular ? 'singular-matrix' : code,
      time: t,
      step,
      unknowns: name ? [name] : [],
      devices,
      tried,
      ...(hint ? { hint } : {}),
    },
  );
}

/** What has grown beyond all that a circuit holds. */
function withoutBound({ system, history }: StepContext): string | undefined {
  const { x } = history.points[0];
  const k = system.unknowns.findIndex((_, i) => Math.abs(x[i]) > WITHOUT_BOUND);
  if (k < 0) return undefined;
  const { name } = system.unknowns[k];
  return `${name} has grown without bound: look for a gain above 1 or a negative resistance that nothing limits`;
}

/** What the tolerances should be, where rounding leaves unknowns less certain than they ask for. */
function beneathRounding(context: StepContext, shortest: number): string | undefined {
  const { system, history, lin, tolerances, trtol } = context;
  const { n, unknowns } = system;
  const lost = uncertainty(system, lin, history, shortest);
  if (lost === undefined) return undefined;
  const [{ x }] = history.points;
  const { reltol, absolute, lately } = tolerances;
  const allowed = allowance(trtol, reltol, TIGHTENING);
  const ratio = (i: number) =>
    lost[i] / (allowed * (reltol * Math.max(Math.abs(x[i]), lately[i]) + absolute[i]));
  let worst = 0;
  for (let i = 1; i < n; i++) if (unknowns[i].differential && ratio(i) > ratio(worst)) worst = i;
  if (!(ratio(worst) > UNCERTAIN && ratio(worst) < ABSURD)) return undefined;
  const { name, quantity } = unknowns[worst];
  const option = quantity === 'current' ? 'abstol' : 'vntol';
  const enough = `1e${Math.ceil(Math.log10((ROOM * lost[worst]) / allowed))}`;
  return `rounding leaves ${name} uncertain by ${lost[worst].toExponential(0)}: ask for less, with ${option}=${enough} and a larger reltol`;
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
