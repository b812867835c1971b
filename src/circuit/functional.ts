// c(x, p, t) of one instant: an expression of voltages, unknowns and currents with its gradient and its Hessian,
// compiled once for all expressions of one form.
import { InputError } from '../errors.js';
import { differentiator } from '../expression/derivative.js';
import { meaning } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { interpreter, program, toSource } from '../expression/program.js';
import { substituter } from '../expression/substitute.js';
import type { Numbered } from './bind.js';
import { homes } from './concerned.js';
import { makeReadings } from './reading.js';
import { shapeOfExpressions } from './shape.js';
import type { Functional } from './system.js';
import { number } from './values.js';

/** ∂c/∂(derived parameter) of an element whose law a functional reads. */
export interface FunctionalPart {
  readonly element: number;
  readonly derived: number;
  slope(x: Float64Array, t: number): number;
}

const parts = new WeakMap<Functional, readonly FunctionalPart[]>();

export const partsOf = (c: Functional): readonly FunctionalPart[] => parts.get(c) ?? [];

/** out[k] := output k, where reference r is x[slot[r]], or fixed[r] when its slot is −1; `lifted` are numbers. */
type Outputs = (
  slot: Int32Array,
  fixed: Float64Array,
  lifted: Float64Array,
  x: Float64Array,
  t: number,
  out: Float64Array,
) => void;

/** What all expressions of one form share; pairs and partials are by reference. */
interface Form {
  readonly value: Outputs;
  readonly gradient: Outputs;
  /** References that c depends on, in the order of `gradient`. */
  readonly partials: readonly number[];
  readonly hessian: Outputs;
  /** Upper triangle, in the order of `hessian`. */
  readonly pairs: readonly (readonly [number, number])[];
}

const forms = new Map<string, Form>();

/**
 * @throws InputError for names that mean nothing here, with what could be written instead, and for currents that only
 *   rates give
 */
export function makeFunctional(numbered: Numbered, expression: Expr): Functional {
  const { structure, bound, lookup } = numbered;
  const isNumber = (name: string): boolean => name === 'temper' || structure.circuit.parameters.has(name);
  const readings = makeReadings(structure, isNumber);
  const placed = substituter(readings.expression)(expression);
  if (readings.errors.length > 0) throw new InputError(readings.errors);
  const isPlaced = (name: string): boolean => name.includes('#');
  const { key, expressions, references, lifted } = shapeOfExpressions({ c: placed }, isPlaced);
  const fixedReference = references.map((name) => name.startsWith('d#'));
  const formKey = `${fixedReference.map(Number).join('')}|${key}`;
  let form = forms.get(formKey);
  if (form === undefined) forms.set(formKey, (form = makeForm(expressions.c, references.length)));

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
  const slopes = new Float64Array(partials.length);
  const moving = [...partials.keys()].filter((k) => !fixedReference[partials[k]]);
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
  const { value, gradient, hessian } = form;
  const functional: Functional = {
    name: textOf(expression),
    leavesOut: [...readings.leavesOut],
    value(x, t) {
      run(value, x, t, one);
      return one[0];
    },
    addGradient(x, t, factor, into) {
      run(gradient, x, t, slopes);
      for (let k = 0; k < moving.length; k++) into[slot[partials[moving[k]]]] += factor * slopes[moving[k]];
    },
    hessianRow: Int32Array.from(entries, ([row]) => row),
    hessianCol: Int32Array.from(entries, ([, col]) => col),
    hessian(x, t, values) {
      run(hessian, x, t, curvatures);
      for (let k = 0; k < entryOf.length; k++) values[k] = curvatures[entryOf[k]];
    },
  };
  const read = [...partials.keys()].filter((k) => fixedReference[partials[k]]);
  parts.set(
    functional,
    read.map((k) => ({
      element: derivedOf[partials[k]][0],
      derived: derivedOf[partials[k]][1],
      slope(x, t) {
        run(gradient, x, t, slopes);
        return slopes[k];
      },
    })),
  );
  return functional;
}

function textOf(e: Expr): string {
  try {
    return toSpice(e);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `a functional holds a number that is not finite: ${error.message}`;
    throw new InputError([{ severity: 'error', code: 'not-finite', message, hint: 'use finite numbers' }]);
  }
}

function makeForm(c: Expr, references: number): Form {
  const isZero = (e: Expr): boolean => e.op === 'const' && e.value === 0;
  const by = Array.from({ length: references }, (_, r) => differentiator(`r:${r}`));
  const all = by.map((d) => d(c));
  const partials = [...all.keys()].filter((r) => !isZero(all[r]));
  const pairs: [number, number][] = [];
  const second: Expr[] = [];
  for (const r of partials) {
    for (const s of partials) {
      if (s < r) continue;
      const e = by[s](all[r]);
      if (isZero(e)) continue;
      pairs.push([r, s]);
      second.push(e);
    }
  }
  const gradient = partials.map((r) => all[r]);
  return {
    value: outputsOf([c]),
    gradient: outputsOf(gradient),
    partials,
    hessian: outputsOf(second),
    pairs,
  };
}

function outputsOf(expressions: readonly Expr[]): Outputs {
  const p = program(expressions);
  try {
    const { lines, outputs } = toSource(p, (name) => {
      if (name === 'time') return 't';
      if (name.startsWith('p:#')) return `lifted[${name.slice(3)}]`;
      const r = name.slice(2);
      return `slot[${r}] < 0 ? fixed[${r}] : x[slot[${r}]]`;
    });
    const writes = outputs.map((o, k) => `out[${k}] = ${o};`);
    return new Function(
      'M',
      `'use strict';
return (slot, fixed, lifted, x, t, out) => {
  ${[...lines, ...writes].join('\n  ')}
};`,
    )(meaning) as Outputs;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    const run = interpreter(p);
    return (slot, fixed, lifted, x, t, out) =>
      run((name) => {
        if (name === 'time') return t;
        if (name.startsWith('p:#')) return lifted[Number(name.slice(3))];
        const r = Number(name.slice(2));
        return slot[r] < 0 ? fixed[r] : x[slot[r]];
      }, out);
  }
}
