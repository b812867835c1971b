// A scalar of references r:0, r:1, …, its gradient and the upper triangle of its Hessian, as code that all expressions
// of one form share.
import { differentiator } from '../expression/derivative.js';
import { meaning } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { interpreter, type Program, program, toSource } from '../expression/program.js';
import type { Structure } from './structure.js';

/** out[k] := output k, where reference r is x[slot[r]], or fixed[r] when its slot is −1; `lifted` are numbers. */
export type Outputs = (
  slot: Int32Array,
  fixed: Float64Array,
  lifted: Float64Array,
  x: Float64Array,
  t: number,
  out: Float64Array,
) => void;

/** What all expressions of one form share; pairs and partials are by reference. */
export interface Form {
  readonly value: Outputs;
  /** The partials, and c behind them. */
  readonly gradient: Outputs;
  /** References that c depends on, in the order of `gradient`. */
  readonly partials: readonly number[];
  readonly hessian: Outputs;
  /** ∂c/∂t: few ever ask for it. */
  readonly slope: () => Outputs;
  /** Upper triangle, in the order of `hessian`. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Gradient, then Hessian, as one program. */
  readonly derivatives: Program;
}

const formsOf = new WeakMap<Structure, Map<string, Form>>();

/** @param key same key, same form */
export function formOf(structure: Structure, key: string, c: Expr, references: number): Form {
  let forms = formsOf.get(structure);
  if (forms === undefined) formsOf.set(structure, (forms = new Map()));
  let form = forms.get(key);
  if (form === undefined) forms.set(key, (form = makeForm(c, references)));
  return form;
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
  let slope: Outputs | undefined;
  return {
    value: outputsOf([c]),
    slope: () => (slope ??= outputsOf([differentiator('time')(c)])),
    gradient: outputsOf([...gradient, c]),
    partials,
    hessian: outputsOf(second),
    pairs,
    derivatives: program([...gradient, ...second]),
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
