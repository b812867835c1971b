// `.meas`: one number from a whole curve. Between points the curve is a straight line; places of crossings and the
// ends of windows are interpolated.

import type { Dataset } from '../analysis/dataset.js';
import type { Value } from '../circuit/circuit.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import type { Crossing, MeasureCard, MeasureEvent } from '../netlist/deck.js';
import { average, type Curve, crossings, cut, integral, rootMeanSquare, slopeAt, valueAt } from './curve.js';
import { computeSignals } from './signals.js';

/** One measure of one run. `value` is NaN, and `reason` says why, when there is none. */
export interface MeasureResult {
  readonly name: string;
  readonly analysis: Dataset['analysis'];
  readonly value: number;
  readonly reason?: string;
  /** The run of `.step` or `.data` that it is of. */
  readonly step?: Readonly<Record<string, number>>;
}

/** Why a measure has no value; caught in this file. */
class NotFound extends Error {}

/**
 * All measures of one run, in their order; later ones may use earlier ones by name. A phasor is measured by its magnitude.
 * @param base the recorded base signals (see `baseNames` and `measureExpressions`)
 * @param scalars values of global parameters
 * @throws InputError when a measure speaks of a signal that was not recorded.
 */
export function evaluateMeasures(
  base: Dataset,
  cards: readonly MeasureCard[],
  scalars: ReadonlyMap<string, number> = new Map(),
): readonly MeasureResult[] {
  const known = new Map(scalars);
  return cards
    .filter((card) => card.analysis === base.analysis)
    .map((card) => {
      const common = {
        name: card.name,
        analysis: base.analysis,
        ...(base.step ? { step: base.step } : {}),
      };
      try {
        const value = measure(base, card, known);
        known.set(card.name, value);
        return { ...common, value };
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        return { ...common, value: Number.NaN, reason: error.message };
      }
    });
}

/** Every expression over signals that a measure reads. */
export function measureExpressions(card: MeasureCard): readonly Expr[] {
  const ofEvent = (e: MeasureEvent): readonly Expr[] => ('at' in e ? [] : [e.left, e.right]);
  switch (card.kind) {
    case 'param':
      return [];
    case 'trig-targ':
      return [...ofEvent(card.trig), ...ofEvent(card.targ)];
    case 'when':
      return ofEvent(card.when);
    case 'find':
    case 'deriv':
      return [card.signal, ...ofEvent(card.at)];
    default:
      return [card.signal];
  }
}

function measure(base: Dataset, card: MeasureCard, known: ReadonlyMap<string, number>): number {
  const lookup = (name: string): number => {
    const value = known.get(name);
    if (value === undefined) throw new NotFound(`it needs ${name}, which has no value`);
    return value;
  };
  const number = (value: Value): number => (typeof value === 'number' ? value : evaluate(value, lookup));
  const curve = (expr: Expr): Curve => {
    const [c] = computeSignals(base, [{ name: card.name, expr }], known).columns;
    const { imaginary } = c;
    const y = imaginary ? c.values.map((a, k) => Math.hypot(a, imaginary[k])) : c.values;
    return { x: base.axis?.values ?? new Float64Array(y.length), y };
  };
  const window = (c: Curve, from?: Value, to?: Value): Curve => {
    const part = cut(
      c,
      from === undefined ? undefined : number(from),
      to === undefined ? undefined : number(to),
    );
    if (part.x.length === 0) throw new NotFound('the window lies outside the run');
    return part;
  };
  const cross = (at: Crossing, from?: Value, to?: Value): number => {
    const left = curve(at.left);
    const right = curve(at.right);
    const difference = { x: left.x, y: left.y.map((v, k) => v - right.y[k]) };
    const td = at.td === undefined ? Number.NEGATIVE_INFINITY : number(at.td);
    const places = crossings(window(difference, from, to), at.edge).filter((x) => x >= td);
    const place = places.at(at.count > 0 ? at.count - 1 : at.count);
    if (place === undefined) {
      throw new NotFound(missing(at, places.length));
    }
    return place;
  };
  const place = (at: MeasureEvent, from?: Value, to?: Value): number =>
    'at' in at ? number(at.at) : cross(at, from, to);
  const inside = (value: number | undefined): number => {
    if (value === undefined) throw new NotFound('the place lies outside the run');
    return value;
  };

  switch (card.kind) {
    case 'param':
      return evaluate(card.expr, lookup);
    case 'trig-targ':
      return place(card.targ) - place(card.trig);
    case 'when':
      return cross(card.when, card.from, card.to);
    case 'find':
      return inside(valueAt(curve(card.signal), place(card.at, card.from, card.to)));
    case 'deriv':
      return inside(slopeAt(curve(card.signal), place(card.at, card.from, card.to)));
  }
  const c = window(curve(card.signal), card.from, card.to);
  const extreme = (better: (a: number, b: number) => boolean): number =>
    c.y.reduce((best, y, k) => (better(y, c.y[best]) ? k : best), 0);
  switch (card.kind) {
    case 'min':
      return c.y[extreme((a, b) => a < b)];
    case 'max':
      return c.y[extreme((a, b) => a > b)];
    case 'pp':
      return c.y[extreme((a, b) => a > b)] - c.y[extreme((a, b) => a < b)];
    case 'min-at':
      return c.x[extreme((a, b) => a < b)];
    case 'max-at':
      return c.x[extreme((a, b) => a > b)];
    case 'integ':
      return integral(c);
    case 'avg':
      return average(c);
    case 'rms':
      return rootMeanSquare(c);
  }
}

/** `no rise number 3, only 2`. */
function missing({ edge, count }: Crossing, found: number): string {
  const what = edge === 'cross' ? 'crossing' : edge;
  if (found === 0) return `there is no ${what}`;
  return `there is no ${what} number ${count}, only ${found}`;
}
