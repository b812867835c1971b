// yᵀf and yᵀq of one instance as expressions, differentiated with respect to its derived parameters, and these
// with respect to the raw ones: two loops over the instances concerned, printed or interpreted as in loops.ts.
import { mul, one, sub, sum, symbol, zero } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import { meaning } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { interpreter, program, toSource } from '../expression/program.js';
import { mentions } from '../expression/split.js';
import { GROUND, ONE, symbolOf, type Template, unlimited } from './template.js';

/** Arrays that a loop reads: slots of locals (interleaved), derived and raw parameters. */
export interface Numbers {
  /** Which instances. */
  readonly rows: Int32Array;
  readonly index: Int32Array;
  readonly derived: Float64Array;
  readonly raw: Float64Array;
}

/** out[k·width + j] += output j of the k-th instance concerned; `sums` are what the chain rule starts from. */
export type GradientLoop = (
  numbers: Numbers,
  sums: Float64Array,
  out: Float64Array,
  y: Float64Array,
  x: Float64Array,
  t: number,
) => void;

export interface GradientLoops {
  /** Derived parameters that depend on the wanted raw ones: the columns of the sums. */
  readonly derived: readonly number[];
  /** The wanted raw parameters: the columns of the result. */
  readonly raw: readonly string[];
  /** sums += ∂(yᵀf)/∂derived; undefined when that is zero. */
  readonly currents: GradientLoop | undefined;
  /** sums += ∂(yᵀq)/∂derived. */
  readonly charges: GradientLoop | undefined;
  /** out += sums·∂derived/∂raw. */
  readonly chain: GradientLoop;
  /** ∂f/∂derived, and ∂q/∂derived of the nonlinear charges, entry by entry. */
  readonly entries: { readonly currents: EntryLoop; readonly charges: EntryLoop };
}

/** ∂(f or q of a local's row)/∂(derived parameter) where that is not structurally zero. */
export interface EntryLoop {
  /** Positions among the locals and in `GradientLoops.derived`, one of each per entry. */
  readonly rows: readonly number[];
  readonly derived: readonly number[];
  /** out[k·entries + j] += entry j of the k-th instance concerned. */
  readonly loop: GradientLoop;
}

/** Symbol of the weight of a local's row, and of a sum on its way through the chain rule. */
export const rowWeight = (local: number): Expr => (local === GROUND ? zero : symbol(`y:${local}`));
const sumSymbol = (derived: number): Expr => symbol(`a:${derived}`);

/** Σ y[row]·f[row] (matrix G) or Σ y[row]·q[row] (C) of one instance, over `y:local`, its locals and `d:k`. */
export function weighted(t: Template, matrix: 'G' | 'C'): Expr {
  const linear = t.linear
    .filter((term) => term.matrix === matrix)
    .map((term) => {
      const column = term.column === ONE ? one : symbol(symbolOf(t.locals[term.column]));
      return mul(mul(symbol(`d:${term.coefficient}`), column), weightOf(term));
    });
  return sum(...linear, weightedNonlinear(t, matrix));
}

/** What of it is nonlinear. */
function weightedNonlinear(t: Template, matrix: 'G' | 'C'): Expr {
  const plain = unlimited(t);
  const terms = matrix === 'G' ? t.currents : t.charges;
  return sum(...terms.map((term) => mul(plain(term.value), weightOf(term))));
}

const weightOf = ({ plus, minus }: { plus: number; minus: number }): Expr =>
  sub(rowWeight(plus), rowWeight(minus));

const made = new WeakMap<Template, Map<string, GradientLoops>>();

/** Loops for the raw parameters that are wanted of some instance of the template; made once. */
export function gradientLoops(t: Template, wanted: ReadonlySet<string>): GradientLoops {
  const raw = t.raw.filter((name) => wanted.has(name));
  const key = raw.join();
  let known = made.get(t);
  if (known === undefined) made.set(t, (known = new Map()));
  let loops = known.get(key);
  if (loops === undefined) known.set(key, (loops = make(t, raw)));
  return loops;
}

const byLocal = new WeakMap<Template, GradientLoop>();

/** out += ∂(yᵀq)/∂local, as many a piece as the template has locals; undefined when it has no charge. */
export function localLoop(t: Template): GradientLoop | undefined {
  if (t.charges.length === 0 && t.linear.every(({ matrix }) => matrix === 'G')) return undefined;
  let loop = byLocal.get(t);
  if (loop === undefined) {
    const charge = weighted(t, 'C');
    loop = makeLoop(
      t,
      [],
      t.locals.map((l) => differentiator(symbolOf(l))(charge)),
    );
    byLocal.set(t, loop);
  }
  return loop;
}

/** ∂f/∂t or ∂q/∂t at fixed x, by row. */
export interface TimeLoop {
  /** Positions among the locals of the rows where that is not structurally zero. */
  readonly rows: readonly number[];
  /** out[k·rows.length + j] += the slope in row j of the k-th instance. */
  readonly loop: GradientLoop;
}

const byTime = { G: new WeakMap<Template, TimeLoop>(), C: new WeakMap<Template, TimeLoop>() };

/** Of f (matrix G) or q (C); undefined when no law of the template is explicit in t. */
export function timeLoop(t: Template, matrix: 'G' | 'C'): TimeLoop | undefined {
  const saysTime = mentions((name) => name === 'time');
  if (!(matrix === 'G' ? t.currents : t.charges).some(({ value }) => saysTime(value))) return undefined;
  let known = byTime[matrix].get(t);
  if (known === undefined) {
    const slope = differentiator('time')(weightedNonlinear(t, matrix));
    const rows = [...t.locals.keys()].filter((row) => !isZero(differentiator(`y:${row}`)(slope)));
    const loop = makeLoop(
      t,
      [],
      rows.map((row) => differentiator(`y:${row}`)(slope)),
    );
    byTime[matrix].set(t, (known = { rows, loop }));
  }
  return known;
}

function make(t: Template, raw: readonly string[]): GradientLoops {
  const depends = mentions((name) => name.startsWith('p:') && raw.includes(name.slice(2)));
  const derived = [...t.derived.keys()].filter((k) => depends(t.derived[k]));
  const byDerived = (e: Expr): Expr[] => derived.map((k) => differentiator(`d:${k}`)(e));
  const chained = sum(...derived.map((k) => mul(sumSymbol(k), t.derived[k])));
  const loop = (outputs: readonly Expr[]): GradientLoop => makeLoop(t, derived, outputs);
  const unlessZero = (outputs: readonly Expr[]): GradientLoop | undefined =>
    outputs.every(isZero) ? undefined : loop(outputs);
  const currents = byDerived(weighted(t, 'G'));
  let entries: GradientLoops['entries'] | undefined;
  return {
    derived,
    raw,
    currents: unlessZero(currents),
    charges: unlessZero(byDerived(weighted(t, 'C'))),
    chain: loop(raw.map((name) => differentiator(`p:${name}`)(chained))),
    get entries() {
      entries ??= {
        currents: entryLoop(t, derived, currents),
        charges: entryLoop(t, derived, byDerived(weightedNonlinear(t, 'C'))),
      };
      return entries;
    },
  };
}

/** @param slopes ∂(yᵀf)/∂derived, linear in the weights y of the rows */
function entryLoop(t: Template, derived: readonly number[], slopes: readonly Expr[]): EntryLoop {
  const found = slopes.flatMap((slope, d) =>
    t.locals.flatMap((_, row) => {
      const value = differentiator(`y:${row}`)(slope);
      return isZero(value) ? [] : [{ row, d, value }];
    }),
  );
  return {
    rows: found.map(({ row }) => row),
    derived: found.map(({ d }) => d),
    loop: makeLoop(
      t,
      derived,
      found.map(({ value }) => value),
    ),
  };
}

const isZero = (e: Expr): boolean => e.op === 'const' && e.value === 0;

type Place =
  | { readonly from: 'x' | 'y' | 'derived' | 'raw' | 'sums'; readonly at: number }
  | { readonly from: 't' };

/** Where a symbol's number is found: position `at` among the instance's own. */
function places(t: Template, derived: readonly number[]): (name: string) => Place {
  const locals = new Map(t.locals.map((l, k) => [symbolOf(l), k]));
  return (name) => {
    if (name === 'time') return { from: 't' };
    if (name.startsWith('y:')) return { from: 'y', at: Number(name.slice(2)) };
    if (name.startsWith('d:')) return { from: 'derived', at: Number(name.slice(2)) };
    if (name.startsWith('p:')) return { from: 'raw', at: t.raw.indexOf(name.slice(2)) };
    if (name.startsWith('a:')) return { from: 'sums', at: derived.indexOf(Number(name.slice(2))) };
    return { from: 'x', at: locals.get(name)! };
  };
}

function makeLoop(t: Template, derived: readonly number[], outputs: readonly Expr[]): GradientLoop {
  try {
    return printed(t, derived, outputs);
  } catch (error) {
    if (error instanceof EvalError) return interpreted(t, derived, outputs);
    throw error;
  }
}

function printed(t: Template, derived: readonly number[], all: readonly Expr[]): GradientLoop {
  const where = places(t, derived);
  const { lines, outputs } = toSource(program(all), (name) => {
    const place = where(name);
    switch (place.from) {
      case 't':
        return 't';
      case 'x':
      case 'y':
        return `${place.from}[index[i + ${place.at}]]`;
      case 'derived':
        return `derived[d + ${place.at}]`;
      case 'raw':
        return `raw[r + ${place.at}]`;
      case 'sums':
        return `sums[k * ${derived.length} + ${place.at}]`;
    }
  });
  const writes = outputs.flatMap((o, j) =>
    isZero(all[j]) ? [] : [`out[k * ${outputs.length} + ${j}] += ${o};`],
  );
  return new Function(
    'M',
    `'use strict';
return ({ rows, index, derived, raw }, sums, out, y, x, t) => {
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k] * ${t.locals.length}, d = rows[k] * ${t.derived.length}, r = rows[k] * ${t.raw.length};
    ${[...lines, ...writes].join('\n    ')}
  }
};`,
  )(meaning) as GradientLoop;
}

function interpreted(t: Template, derived: readonly number[], all: readonly Expr[]): GradientLoop {
  const where = places(t, derived);
  const run = interpreter(program(all));
  const result = new Float64Array(all.length);
  return (numbers, sums, out, y, x, time) => {
    for (let k = 0; k < numbers.rows.length; k++) {
      const row = numbers.rows[k];
      run((name) => {
        const place = where(name);
        switch (place.from) {
          case 't':
            return time;
          case 'x':
          case 'y':
            return (place.from === 'x' ? x : y)[numbers.index[row * t.locals.length + place.at]];
          case 'derived':
            return numbers.derived[row * t.derived.length + place.at];
          case 'raw':
            return numbers.raw[row * t.raw.length + place.at];
          case 'sums':
            return sums[k * derived.length + place.at];
        }
      }, result);
      for (let j = 0; j < all.length; j++) out[k * all.length + j] += result[j];
    }
  };
}
