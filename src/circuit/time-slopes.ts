// ∂f/∂t and ∂q/∂t at fixed x: of the laws that speak of time, one loop for all instances of a template.
import type { Expr, Operator } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import type { BoundGroup } from './bind.js';
import { type GradientLoop, type Numbers, timeLoop } from './gradient-loops.js';
import type { System } from './system.js';
import type { Template } from './template.js';

interface Part {
  readonly loop: GradientLoop;
  readonly numbers: Numbers;
  /** What the loop gives, and where in x the rows of that stand. */
  readonly values: Float64Array;
  readonly slots: Int32Array;
}

/** Operators that may jump. */
const JUMPS: ReadonlySet<Operator> = new Set<Operator>([
  ...(['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not'] as const),
  ...(['sgn', 'floor', 'ceil', 'round', 'nint', 'trunc', 'mod'] as const),
]);

const saysTime = mentions((name) => name === 'time');
const jumping = new WeakMap<Template, boolean>();

/** Whether a law may jump at an instant of its own: between two points that move, what that does moves as well, and should not. */
function jumpsInTime(t: Template): boolean {
  let known = jumping.get(t);
  if (known === undefined) {
    const seen = new Map<Expr, boolean>();
    const jumps = (e: Expr): boolean => {
      if (e.op === 'const' || e.op === 'sym') return false;
      let found = seen.get(e);
      if (found === undefined) {
        const decides = e.op === 'select' ? e.args.slice(0, 1) : JUMPS.has(e.op) ? e.args : [];
        found = e.args.some(jumps) || decides.some(saysTime);
        seen.set(e, found);
      }
      return found;
    };
    known = [...t.currents, ...t.charges].some(({ value }) => jumps(value));
    jumping.set(t, known);
  }
  return known;
}

/**
 * Undefined where a law may jump in time.
 *
 * @param bound groups with laws that are nonlinear or explicit in t
 */
export function timeSlopes(bound: readonly BoundGroup[]): System['addTimeSlopes'] {
  if (bound.some(({ group }) => jumpsInTime(group.template))) return undefined;
  let currents: readonly Part[] | undefined;
  let charges: readonly Part[] | undefined;
  return (x, t, f, q) => {
    currents ??= partsOf(bound, 'G');
    charges ??= partsOf(bound, 'C');
    add(currents, x, t, f);
    add(charges, x, t, q);
  };
}

function add(parts: readonly Part[], x: Float64Array, t: number, out: Float64Array): void {
  for (const { loop, numbers, values, slots } of parts) {
    values.fill(0);
    loop(numbers, values, values, x, x, t);
    for (let k = 0; k < slots.length; k++) out[slots[k]] += values[k];
  }
}

const partsOf = (bound: readonly BoundGroup[], matrix: 'G' | 'C'): readonly Part[] =>
  bound.flatMap(({ group, block, raw }) => {
    const found = timeLoop(group.template, matrix);
    if (found === undefined) return [];
    const { index, derived, count } = block;
    const { loop, rows } = found;
    const width = rows.length;
    const stride = group.template.locals.length;
    const slots = Int32Array.from(
      { length: count * width },
      (_, k) => index[Math.floor(k / width) * stride + rows[k % width]],
    );
    const numbers = { rows: Int32Array.from({ length: count }, (_, k) => k), index, derived, raw };
    return [{ loop, numbers, values: new Float64Array(slots.length), slots }];
  });
