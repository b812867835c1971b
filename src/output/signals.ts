// What was asked for, computed from what was recorded: `.save` expressions over base signals v(node), i(element), w(cell).
import type { Column, Dataset } from '../analysis/dataset.js';
import type { Quantity } from '../devices/device.js';
import { InputError } from '../errors.js';
import type { Complex } from '../expression/complex-arithmetic.js';
import type { Expr } from '../expression/expression.js';
import { type Reading, readingOf } from '../expression/phasor.js';
import { interpreter, program } from '../expression/program.js';
import type { SavedSignal } from '../netlist/deck.js';
import { evaluateComplex, isComplex, realOnly } from './complex.js';

/** The text a signal was asked by, and what it means. */
type Wanted = Pick<SavedSignal, 'name' | 'expr'>;

const symbolsOf = (e: Expr): readonly string[] =>
  e.op === 'const' ? [] : e.op === 'sym' ? [e.name] : e.args.flatMap(symbolsOf);

/** The base signals that expressions need, each once: `vdb(a,b)` needs `v(a)` and `v(b)`. Ground needs none. */
export function baseNames(expressions: readonly Expr[]): readonly string[] {
  const names = expressions.flatMap(symbolsOf).flatMap((name) => {
    const r = readingOf(name);
    return r ? [r.plus, r.minus ?? 'v(0)'] : [];
  });
  return [...new Set(names)].filter((n) => n !== 'v(0)');
}

/**
 * The columns asked for, in their order, over the axis of `base`. In an AC run `v(a)` is a phasor, `vm`, `vp` (radians),
 * `vr`, `vi` and `vdb` (20 log₁₀) are real, and arithmetic is complex.
 * @param scalars values of global parameters that the expressions mention.
 * @throws InputError (`unknown-signal`, `no-phasor-function`) when an expression cannot be evaluated.
 */
export function computeSignals(
  base: Dataset,
  saved: readonly Wanted[],
  scalars: ReadonlyMap<string, number> = new Map(),
): Dataset {
  const find = finder(base, scalars);
  return { ...base, columns: saved.map((s) => compute(s, find)) };
}

type Finder = (symbol: string) => Column;

/** Columns of symbols: recorded signals, differences and parts of them, the axis, parameters. */
function finder(base: Dataset, scalars: ReadonlyMap<string, number>): Finder {
  const points = base.axis?.values.length ?? base.columns[0]?.values.length ?? 1;
  const known = new Map<string, Column>(base.columns.map((c) => [c.name, c]));
  if (base.axis) known.set(base.axis.name, base.axis);
  if (base.analysis === 'ac' && base.axis) known.set('hertz', base.axis);
  known.set('v(0)', { name: 'v(0)', quantity: 'voltage', unit: 'V', values: new Float64Array(points) });
  for (const [name, value] of [...scalars, ...Object.entries(base.step ?? {})]) {
    const values = new Float64Array(points).fill(value);
    if (!known.has(name)) known.set(name, { name, quantity: 'number', unit: '', values });
  }
  const find: Finder = (symbol) => {
    const direct = known.get(symbol);
    if (direct) return direct;
    const r = readingOf(symbol);
    const plus = r && known.get(r.plus);
    const minus = r?.minus === undefined ? undefined : known.get(r.minus);
    if (!r || !plus || (r.minus !== undefined && !minus)) throw unknown(symbol, known);
    const column = part(r, minus ? difference(symbol, plus, minus) : plus, symbol);
    known.set(symbol, column);
    return column;
  };
  return find;
}

function unknown(symbol: string, known: ReadonlyMap<string, Column>): InputError {
  const names = [...known.keys()].filter((n) => n !== 'v(0)').slice(0, 8);
  return new InputError([
    {
      severity: 'error',
      code: 'unknown-signal',
      message: `no signal "${symbol}" was recorded`,
      hint: `recorded: ${names.join(', ')}${known.size > names.length + 1 ? ', …' : ''}`,
    },
  ]);
}

function difference(name: string, plus: Column, minus: Column): Column {
  const values = plus.values.map((a, k) => a - minus.values[k]);
  if (!plus.imaginary && !minus.imaginary) return { ...plus, name, values };
  const imaginary = values.map((_, k) => (plus.imaginary?.[k] ?? 0) - (minus.imaginary?.[k] ?? 0));
  return { ...plus, name, values, imaginary };
}

function part(r: Reading, c: Column, name: string): Column {
  const re = c.values;
  const im = c.imaginary ?? new Float64Array(re.length);
  const real = (unit: string, of: (re: number, im: number) => number): Column => ({
    name,
    quantity: unit === c.unit ? c.quantity : 'number',
    unit,
    values: re.map((a, k) => of(a, im[k])),
  });
  switch (r.part) {
    case '':
      return c;
    case 'r':
      return real(c.unit, (a) => a);
    case 'i':
      return real(c.unit, (_, b) => b);
    case 'm':
      return real(c.unit, Math.hypot);
    case 'p':
      return real('rad', (a, b) => Math.atan2(b, a));
    case 'db':
      return real('dB', (a, b) => 20 * Math.log10(Math.hypot(a, b)));
  }
}

function compute({ name, expr }: Wanted, find: Finder): Column {
  if (expr.op === 'sym') return { ...find(expr.name), name };
  const isPhasor = (symbol: string): boolean => find(symbol).imaginary !== undefined;
  const points = find('v(0)').values.length;
  const values = new Float64Array(points);
  const shape = { name, ...dimension(expr, find) };
  if (isComplex(expr, isPhasor) || symbolsOf(expr).some(isPhasor)) {
    const bad = realOnly(expr, isPhasor);
    if (bad) throw phasorError(name, bad);
    const imaginary = new Float64Array(points);
    let k = 0;
    const lookup = (symbol: string): Complex => {
      const c = find(symbol);
      return [c.values[k], c.imaginary?.[k] ?? 0];
    };
    for (; k < points; k++) {
      [values[k], imaginary[k]] = evaluateComplex(expr, lookup);
    }
    return isComplex(expr, isPhasor) ? { ...shape, values, imaginary } : { ...shape, values };
  }
  const run = interpreter(program([expr]));
  const out = new Float64Array(1);
  let k = 0;
  const read = (symbol: string): number => find(symbol).values[k];
  for (; k < points; k++) {
    run(read, out);
    values[k] = out[0];
  }
  return { ...shape, values };
}

const phasorError = (name: string, op: string): InputError =>
  new InputError([
    {
      severity: 'error',
      code: 'no-phasor-function',
      message: `${op}() has no meaning for the complex values of an AC analysis in "${name}"`,
      hint: 'take a real part of each signal first: vm(), vp(), vr(), vi() or vdb()',
    },
  ]);

/** Exponents of volt and ampere; undefined when an expression mixes units or leaves this group. */
type Dimension = readonly [number, number] | undefined;

const dimensions: readonly { readonly of: readonly [number, number]; unit: string; quantity: Quantity }[] = [
  { of: [1, 0], unit: 'V', quantity: 'voltage' },
  { of: [0, 1], unit: 'A', quantity: 'current' },
  { of: [1, 1], unit: 'W', quantity: 'number' },
  { of: [1, -1], unit: 'Ω', quantity: 'number' },
  { of: [-1, 1], unit: 'S', quantity: 'number' },
];

/** Unit and quantity of an expression of volts and amperes; pure numbers take the unit of what they are added to. */
function dimension(expr: Expr, find: Finder): { readonly unit: string; readonly quantity: Quantity } {
  const of = (e: Expr): Dimension => {
    if (e.op === 'const') return [0, 0];
    if (e.op === 'sym') {
      const { unit, quantity } = find(e.name);
      if (quantity === 'number' && unit === '') return [0, 0];
      return dimensions.find((d) => d.unit === unit)?.of;
    }
    const [a, b] = e.args.map(of);
    switch (e.op) {
      case 'neg':
      case 'abs':
        return a;
      case 'add':
      case 'sub':
      case 'min':
      case 'max':
        return same(a, b);
      case 'select':
        return same(b, of(e.args[2]));
      case 'mul':
        return a && b && [a[0] + b[0], a[1] + b[1]];
      case 'div':
        return a && b && [a[0] - b[0], a[1] - b[1]];
      default:
        return undefined;
    }
  };
  const found = of(expr);
  const named = found && dimensions.find((d) => d.of[0] === found[0] && d.of[1] === found[1]);
  return named ? { unit: named.unit, quantity: named.quantity } : { unit: '', quantity: 'number' };
}

function same(a: Dimension, b: Dimension): Dimension {
  if (!a || !b) return undefined;
  const pure = (d: readonly [number, number]): boolean => d[0] === 0 && d[1] === 0;
  if (pure(a)) return b;
  return pure(b) || (a[0] === b[0] && a[1] === b[1]) ? a : undefined;
}
