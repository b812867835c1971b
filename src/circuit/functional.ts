// c(x, p, t) of one instant: an expression of voltages, unknowns and currents with its gradient and its Hessian,
// compiled once for all expressions of one form.
import { InputError } from '../errors.js';
import { complexInterpreter, notAnalytic } from '../expression/complex.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { type Program, program } from '../expression/program.js';
import { substituter } from '../expression/substitute.js';
import type { Numbered } from './bind.js';
import { homes } from './concerned.js';
import { formOf, type Outputs } from './form.js';
import { makeReadings, type Share } from './reading.js';
import { shapeOfExpressions } from './shape.js';
import type { Functional } from './system.js';
import { number } from './values.js';

/** ∂c/∂(derived parameter) of an element whose law a functional reads. */
export interface FunctionalPart {
  readonly element: number;
  readonly derived: number;
  slope(x: Float64Array, t: number): number;
}

/** Where a functional holds its parts: they are asked for at every reading. */
const PARTS = Symbol('parts');
const NONE: readonly FunctionalPart[] = [];

export const partsOf = (c: Functional): readonly FunctionalPart[] =>
  (c as { readonly [PARTS]?: readonly FunctionalPart[] })[PARTS] ?? NONE;

/**
 * @param share what is read of signals
 * @throws InputError for names that mean nothing here, with what could be written instead, and for currents that only
 *   rates give, unless these are left out
 */
export function makeFunctional(numbered: Numbered, expression: Expr, share: Share = 'rest'): Functional {
  const { structure, bound, lookup } = numbered;
  const isNumber = (name: string): boolean => name === 'temper' || structure.circuit.parameters.has(name);
  const readings = makeReadings(structure, isNumber, share);
  const placed = substituter(readings.expression)(expression);
  if (readings.errors.length > 0) throw new InputError(readings.errors);
  const isPlaced = (name: string): boolean => name.includes('#');
  const { key, expressions, references, lifted } = shapeOfExpressions({ c: placed }, isPlaced);
  const fixedReference = references.map((name) => name.startsWith('d#'));
  const formKey = `${fixedReference.map(Number).join('')}|${key}`;
  const form = formOf(structure, formKey, expressions().c, references.length);

  const slot = Int32Array.from(references, (name, r) => (fixedReference[r] ? -1 : Number(name.slice(2))));
  const { group, position } = homes(structure);
  const derivedOf = references.map((name) => name.slice(2).split(':').map(Number));
  const fixed = Float64Array.from(derivedOf, ([e, k], r) => {
    if (!fixedReference[r]) return 0;
    const { block, group: own } = bound[group[e]];
    return block.derived[position[e] * own.template.derived.length + k];
  });
  const numbers = Float64Array.from(lifted, (value) => number(value, lookup));
  const run = (outputs: Outputs, x: Float64Array, t: number, out: Float64Array): void =>
    outputs(slot, fixed, numbers, x, t, out);

  const { partials, pairs } = form;
  const one = new Float64Array(1);
  const slopes = new Float64Array(partials.length + 1);
  const moving = [...partials.keys()].filter((k) => !fixedReference[partials[k]]);
  const movingSlot = Int32Array.from(moving, (k) => slot[partials[k]]);
  const curved = [...pairs.keys()].filter((k) => pairs[k].every((r) => !fixedReference[r]));
  const curvatures = new Float64Array(pairs.length);
  const entries = curved.flatMap((k) => {
    const [row, col] = pairs[k].map((r) => slot[r]);
    return row === col
      ? [[row, col, k]]
      : [
          [row, col, k],
          [col, row, k],
        ];
  });
  const entryOf = Int32Array.from(entries, ([, , k]) => k);
  const { value, gradient, hessian, derivatives } = form;
  let complex: ReturnType<typeof complexDerivatives> | undefined;
  const functional: Functional = {
    name: textOf(expression),
    leavesOut: [...readings.leavesOut],
    reads: Int32Array.from(new Set(slot.filter((at) => at >= 0))),
    value(x, t) {
      run(value, x, t, one);
      return one[0];
    },
    addGradient(x, t, factor, into) {
      run(gradient, x, t, slopes);
      for (let k = 0; k < moving.length; k++) into[movingSlot[k]] += factor * slopes[moving[k]];
      return slopes[partials.length];
    },
    slope(x, t) {
      run(form.slope(), x, t, one);
      return one[0];
    },
    hessianRow: Int32Array.from(entries, ([row]) => row),
    hessianCol: Int32Array.from(entries, ([, col]) => col),
    hessian(x, t, values) {
      run(hessian, x, t, curvatures);
      for (let k = 0; k < entryOf.length; k++) values[k] = curvatures[entryOf[k]];
    },
    derivativesComplex(x, t, into, values) {
      into.re.fill(0);
      into.im.fill(0);
      complex ??= complexDerivatives(derivatives, expression, functional.name);
      complex.run((symbol) => {
        if (symbol === 'time') return [t, 0];
        if (symbol.startsWith('p:#')) return [numbers[Number(symbol.slice(3))], 0];
        const r = Number(symbol.slice(2));
        return slot[r] < 0 ? [fixed[r], 0] : [x.re[slot[r]], x.im[slot[r]]];
      });
      const { re, im } = complex;
      for (const k of moving) {
        into.re[slot[partials[k]]] += re[k];
        into.im[slot[partials[k]]] += im[k];
      }
      for (let k = 0; k < entryOf.length; k++) {
        values.re[k] = re[partials.length + entryOf[k]];
        values.im[k] = im[partials.length + entryOf[k]];
      }
    },
  };
  const read = [...partials.keys()].filter((k) => fixedReference[partials[k]]);
  const own = read.map(
    (k): FunctionalPart => ({
      element: derivedOf[partials[k]][0],
      derived: derivedOf[partials[k]][1],
      slope(x, t) {
        run(gradient, x, t, slopes);
        return slopes[k];
      },
    }),
  );
  return Object.assign(functional, { [PARTS]: own });
}

/** @throws InputError when the functional, or the law of a current in it, has no continuation */
function complexDerivatives(p: Program, expression: Expr, name: string) {
  const offence = notAnalytic(program([expression]), false) ?? notAnalytic(p, true);
  if (offence !== undefined) {
    const message = `${name} has no continuation to complex voltages: it holds ${offence}`;
    const hint =
      'nudge with real β (one-sided or centred), or write the cost with analytic functions such as tanh';
    throw new InputError([{ severity: 'error', code: 'not-analytic', message, hint }]);
  }
  const interpret = complexInterpreter(p);
  const re = new Float64Array(p.outputs.length);
  const im = new Float64Array(p.outputs.length);
  return {
    re,
    im,
    run: (read: (symbol: string) => readonly [number, number]) =>
      interpret((k) => read(p.symbols[k]), re, im),
  };
}

/** @throws InputError `not-finite` when it holds a number that is not */
export function textOf(e: Expr): string {
  try {
    return toSpice(e);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `a functional holds a number that is not finite: ${error.message}`;
    throw new InputError([{ severity: 'error', code: 'not-finite', message, hint: 'use finite numbers' }]);
  }
}
