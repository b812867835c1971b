// f, q, G and C at complex x: the same laws continued analytically, for nudges on a circle in the complex plane.
import { InputError } from '../errors.js';
import { complexInterpreter, notAnalytic } from '../expression/complex.js';
import { addProduct, type Rows } from '../math/rows.js';
import type { BoundGroup } from './bind.js';
import { locate, type Plan, plan } from './loops.js';
import type { Complex, System } from './system.js';
import type { Template } from './template.js';

const plans = new WeakMap<Template, Plan>();

function planOf(t: Template): Plan {
  let found = plans.get(t);
  if (found === undefined) plans.set(t, (found = plan(t, 'jacobian')));
  return found;
}

/** @param linear the constant part of G and C, by rows < n and by slots */
export function complexEvaluation(
  nonlinear: readonly BoundGroup[],
  linear: { readonly rows: Rows; readonly G: Float64Array; readonly C: Float64Array },
): NonNullable<System['evaluateComplex']> {
  let loops: readonly ReturnType<typeof complexLoop>[] | undefined;
  return (x, t, f, q, G, C) => {
    loops ??= nonlinear.map(complexLoop);
    for (const [values, part] of [
      [x.re, f.re],
      [x.im, f.im],
    ]) {
      part.fill(0);
      addProduct(linear.rows, values, part);
    }
    for (const [matrix, constant] of [
      [G, linear.G],
      [C, linear.C],
    ] as const) {
      matrix?.re.set(constant);
      matrix?.im.fill(0);
    }
    for (const loop of loops) loop(x, t, f, q, G, C);
  };
}

function complexLoop({ group, block }: BoundGroup) {
  const { template: t, elements } = group;
  const { program, writes } = planOf(t);
  // The pieces of a device's own law join with equal slopes; those of an expression may not.
  const offence = notAnalytic(program, t.kind.card.expressions === undefined);
  if (offence !== undefined) throw new InputError([complaint(elements[0].name, offence)]);
  const where = locate(t);
  const places = program.symbols.map(where);
  const run = complexInterpreter(program);
  const re = new Float64Array(program.outputs.length);
  const im = new Float64Array(program.outputs.length);
  const slots = writes.filter((w) => w.array === 'G' || w.array === 'C').length;
  return (
    x: Complex,
    time: number,
    f: Complex,
    q: Complex,
    G: Complex | undefined,
    C: Complex | undefined,
  ): void => {
    for (let k = 0; k < block.count; k++) {
      const first = k * t.locals.length;
      run(
        (symbol) => {
          const { from, at } = places[symbol];
          if (from === 'time') return [time, 0];
          if (from === 'derived') return [block.derived[k * t.derived.length + at], 0];
          const slot = block.index[first + at];
          return [x.re[slot], x.im[slot]];
        },
        re,
        im,
      );
      for (const { output, array, at, sign } of writes) {
        const [a, b] = [sign * re[output], sign * im[output]];
        if (array === 'q') {
          const charge = block.firstCharge + k * t.charges.length + at;
          q.re[charge] = a;
          q.im[charge] = b;
          continue;
        }
        const [into, slot] =
          array === 'f' ? [f, block.index[first + at]] : [array === 'G' ? G : C, block.slots[k * slots + at]];
        if (into === undefined) continue;
        into.re[slot] += a;
        into.im[slot] += b;
      }
    }
  };
}

const complaint = (name: string, what: string) => ({
  severity: 'error' as const,
  code: 'not-analytic',
  message: `${name} has no continuation to complex voltages: it holds ${what}`,
  hint: 'nudge with real β (one-sided or centred), or write the expression with analytic functions such as tanh',
});
