// A circuit as plain, immutable data: what a deck says once subcircuits are expanded, or what code has built.
import type { Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';

/** A number, or an expression of global parameters (`.param` names, `temper`); SI units. */
export type Value = number | Expr;

/** `PULSE(…)`, `SIN(…)`, …: the kind's name in lower case and its arguments in order. */
export interface Waveform {
  readonly kind: string;
  readonly args: readonly Value[];
}

/** One element: a card, once subcircuits are expanded. */
export interface Element {
  /** Name of its kind in the device registry. */
  readonly kind: string;
  /** Lower case; inside subcircuits with the path before it: `x1.r2`. */
  readonly name: string;
  /** Node names in the order of the kind's pins; ground is `0`. */
  readonly nodes: readonly string[];
  /** Parameters written on the card. */
  readonly values: Readonly<Record<string, Value>>;
  /** Behavioural expressions: over symbols `v(node)`, `i(element)`, `time` and global parameters. */
  readonly expressions?: Readonly<Record<string, Expr>>;
  /** Names of controlling elements. */
  readonly controls?: readonly string[];
  /** V and I: the waveform, when there is one besides `values.dc`. */
  readonly waveform?: Waveform;
  /** Name of its model. */
  readonly model?: string;
  readonly span?: Span;
}

/** Numbers that elements share: a `.model` card. */
export interface Model {
  readonly name: string;
  /** `.model` type, lower case. */
  readonly type: string;
  readonly values: Readonly<Record<string, Value>>;
  readonly span?: Span;
}

/** Elements, models and parameters; no analysis. Made by `parseDeck` or `createCircuit`. */
export interface Circuit {
  readonly title: string;
  readonly elements: readonly Element[];
  readonly models: ReadonlyMap<string, Model>;
  /** Global parameters in an order in which each uses only earlier ones. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Circuit temperature and nominal temperature in °C. */
  readonly temperature: number;
  readonly nominalTemperature: number;
  /** `.ic`: node → volts. */
  readonly initialConditions: ReadonlyMap<string, Value>;
  /** `.nodeset`: node → volts. */
  readonly nodesets: ReadonlyMap<string, Value>;
}
