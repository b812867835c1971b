// What a deck says, as plain data: a circuit and the jobs to be done on it.
import type { Circuit, Value } from '../circuit/circuit.js';
import { number } from '../circuit/values.js';
import type { Diagnostic, Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import type { CostCard, TrainCard } from './learning.js';

/** Something a sweep can set. `parameter` is the element's or model's own parameter (`dc` of a source). */
export type SweepVariable =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'temperature'; readonly name: 'temp' }
  | { readonly kind: 'source'; readonly name: string; readonly parameter: string }
  | { readonly kind: 'element'; readonly name: string; readonly parameter: string }
  | { readonly kind: 'model'; readonly name: string; readonly parameter: string };

/** Values a sweep takes: every `step` from start to stop; `points` per decade or octave; or a list. */
export type Grid<V = Value> =
  | { readonly scale: 'lin'; readonly start: V; readonly stop: V; readonly step: V }
  | { readonly scale: 'dec' | 'oct'; readonly start: V; readonly stop: V; readonly points: V }
  | { readonly scale: 'list'; readonly values: readonly V[] };

/** `.dc`: the first sweep is the innermost. */
export interface DcSweep<V = Value> {
  readonly variable: SweepVariable;
  readonly start: V;
  readonly stop: V;
  readonly step: V;
}

interface AnalysisBase {
  readonly span: Span;
  /** `sweep data=name`: repeat for every row of that table. */
  readonly data?: string;
}
export interface OpCard extends AnalysisBase {
  readonly kind: 'op';
}
export interface DcCard<V = Value> extends AnalysisBase {
  readonly kind: 'dc';
  readonly sweeps: readonly DcSweep<V>[];
}
export interface AcCard<V = Value> extends AnalysisBase {
  readonly kind: 'ac';
  readonly variation: 'dec' | 'oct' | 'lin';
  /** Points per decade or octave, or in all (`lin`). */
  readonly points: V;
  /** Hz. */
  readonly fstart: V;
  readonly fstop: V;
}
export interface TranCard<V = Value> extends AnalysisBase {
  readonly kind: 'tran';
  /** Seconds. */
  readonly tstep: V;
  readonly tstop: V;
  readonly tstart: V;
  /** Largest step; absent: the simulator's choice. */
  readonly tmax?: V;
  readonly uic: boolean;
}
/** An analysis; with `V = number` its numbers are bound to parameter values (`bindAnalysis`). */
export type AnalysisCard<V = Value> = OpCard | DcCard<V> | AcCard<V> | TranCard<V>;

/** `.step`: runs everything once per value. Several cards nest, the first outermost. */
export interface StepCard {
  readonly variable: SweepVariable;
  readonly grid: Grid;
  readonly span: Span;
}
/** `.step data=name`. */
export interface DataStepCard {
  readonly data: string;
  readonly span: Span;
}

/** `.data`: rows of values, one column per variable. */
export interface DataTable {
  readonly name: string;
  readonly columns: readonly SweepVariable[];
  readonly rows: readonly (readonly Value[])[];
  readonly span: Span;
}

/** A signal asked for by `.save`, `.print`, `.plot` or `.probe`. */
export interface SavedSignal {
  /** As written, lower case, without blanks: `v(out)`, `v(a,b)`, `i(v1)*v(out)`. */
  readonly name: string;
  /** Over symbols `v(node)`, `i(element)`, `w(element)`, `time`, parameters; AC: `vr(out)`, `vi`, `vm`, `vp`, `vdb`, `ir` … */
  readonly expr: Expr;
  /** Only for this analysis (`.print ac …`); absent: for all. */
  readonly analysis?: 'op' | 'dc' | 'ac' | 'tran';
  readonly span: Span;
}

/** left = right, crossed for the count-th time (1-based; negative from the end: −1 is `last`) in that direction, after `td`. */
export interface Crossing<V = Value> {
  readonly left: Expr;
  readonly right: Expr;
  readonly edge: 'cross' | 'rise' | 'fall';
  readonly count: number;
  readonly td?: V;
}
export type MeasureEvent<V = Value> = { readonly at: V } | Crossing<V>;

interface MeasureBase {
  readonly name: string;
  readonly analysis: 'tran' | 'dc' | 'ac' | 'op';
  readonly span: Span;
}
/** Statistic of a signal over the window [from, to] of the axis. `min-at`, `max-at`: where the extreme is. */
export interface StatisticMeasure extends MeasureBase {
  readonly kind: 'min' | 'max' | 'pp' | 'avg' | 'rms' | 'integ' | 'min-at' | 'max-at';
  readonly signal: Expr;
  readonly from?: Value;
  readonly to?: Value;
}
/** Value (`find`) or slope (`deriv`) of a signal at a place on the axis or at a crossing. */
export interface FindMeasure extends MeasureBase {
  readonly kind: 'find' | 'deriv';
  readonly signal: Expr;
  readonly at: MeasureEvent;
  readonly from?: Value;
  readonly to?: Value;
}
/** Place on the axis of a crossing. */
export interface WhenMeasure extends MeasureBase {
  readonly kind: 'when';
  readonly when: Crossing;
  readonly from?: Value;
  readonly to?: Value;
}
/** Distance on the axis from `trig` to `targ`. */
export interface DelayMeasure extends MeasureBase {
  readonly kind: 'trig-targ';
  readonly trig: MeasureEvent;
  readonly targ: MeasureEvent;
}
/** Arithmetic on earlier measures (by name) and parameters. */
export interface ParamMeasure extends MeasureBase {
  readonly kind: 'param';
  readonly expr: Expr;
}
/** `.measure`. */
export type MeasureCard = StatisticMeasure | FindMeasure | WhenMeasure | DelayMeasure | ParamMeasure;

/** A value of `.options`: number, word, or `true` for a bare flag. */
export interface OptionSetting {
  readonly value: number | string | boolean;
  readonly span: Span;
}

/** A deck that was read: the circuit, and what is to be done with it. */
export interface Deck {
  readonly circuit: Circuit;
  readonly analyses: readonly AnalysisCard[];
  readonly options: ReadonlyMap<string, OptionSetting>;
  readonly saves: readonly SavedSignal[];
  /** `.save all` was written: the default signals as well as `saves`. */
  readonly saveAll: boolean;
  readonly measures: readonly MeasureCard[];
  readonly steps: readonly (StepCard | DataStepCard)[];
  readonly data: ReadonlyMap<string, DataTable>;
  /** What may be learnt; no run looks at it. */
  readonly trains: readonly TrainCard[];
  /** What is to become small: their sum. No run looks at it. */
  readonly costs: readonly CostCard[];
  readonly warnings: readonly Diagnostic[];
}

/** A value as a number; `lookup` gives the value of each global parameter (and of `temper`). */
export const numberOf: (value: Value, lookup: (name: string) => number) => number = number;

/** Numbers of all global parameters of a circuit, in order; `overrides` take the place of what the deck says. */
export function parameterValues(
  circuit: Pick<Circuit, 'parameters' | 'temperature'>,
  overrides: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const values = new Map<string, number>([['temper', circuit.temperature]]);
  const lookup = (name: string): number => values.get(name) ?? Number.NaN;
  for (const [name, value] of circuit.parameters) {
    values.set(name, overrides.get(name) ?? number(value, lookup));
  }
  return values;
}

/** An analysis with its expressions replaced by their values; `lookup` gives those of global parameters. */
export function bindAnalysis(card: AnalysisCard, lookup: (name: string) => number): AnalysisCard<number> {
  const at = (value: Value): number => number(value, lookup);
  switch (card.kind) {
    case 'op':
      return card;
    case 'dc':
      return {
        ...card,
        sweeps: card.sweeps.map((s) => ({ ...s, start: at(s.start), stop: at(s.stop), step: at(s.step) })),
      };
    case 'ac':
      return { ...card, points: at(card.points), fstart: at(card.fstart), fstop: at(card.fstop) };
    case 'tran': {
      const { tmax, ...rest } = card;
      return {
        ...rest,
        tstep: at(card.tstep),
        tstop: at(card.tstop),
        tstart: at(card.tstart),
        ...(tmax === undefined ? {} : { tmax: at(tmax) }),
      };
    }
  }
}
