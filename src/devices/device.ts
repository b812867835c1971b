// A device is a law: currents and charges between its pins as expressions of its local voltages, its own
// unknowns, its parameters and time. Every partial derivative, every loop and every page of documentation
// is derived from that law. A device never sees a step size, an analysis, a node number or another device.
import type { Expr } from '../expression/expression.js';

/** What is measured by an unknown; decides its unit and its tolerance. */
export type Quantity = 'voltage' | 'current' | 'flux' | 'charge' | 'number';

/** A parameter as data: default, unit, bounds, one line of documentation. SI units. */
export interface ParameterDoc {
  /** A number, or the name of another parameter of the same device whose value is taken; absent: `required` or unset. */
  readonly default?: number | string;
  readonly unit: string;
  /** Inclusive bounds; `above` is an exclusive lower bound. */
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly nonzero?: boolean;
  readonly integer?: boolean;
  readonly doc: string;
  /** Where it is written: on the element's card, in its `.model`, or in either (the card wins). */
  readonly on: 'card' | 'model' | 'both';
  readonly required?: boolean;
  /** Other spellings, e.g. `c0` for `cjo`. */
  readonly aliases?: readonly string[];
  /** May be marked `.train`; default true. */
  readonly trainable?: boolean;
}

/** How the device's card is read; the parser knows no device, only this. */
export interface CardSyntax {
  /** Number of names of other elements after the nodes (F, H, W: 1 voltage source; K: `many` inductors). */
  readonly controls?: number | 'many';
  /** Which letters a control may have, for the error message (`v`, `l`). */
  readonly controlLetters?: string;
  /** Parameters that bare values fill, in order (`R1 a b 1k`). */
  readonly positional?: readonly string[];
  /** Parameters that hold an expression of V(), I() and time instead of a number (`i`, `v`, `q`, `flux`, `value`). */
  readonly expressions?: readonly string[];
  /** The kind is chosen only when one of these expressions is written (B-like E, G; nonlinear C, L). */
  readonly whenExpression?: boolean;
  /** In its expressions `x` stands for the element's own voltage v(first) − v(second), or its own current. */
  readonly own?: 'voltage' | 'current';
  /** DC, AC and a waveform may follow (V, I). */
  readonly waveform?: boolean;
  /** A model name follows the nodes (or controls). */
  readonly model?: 'required' | 'optional';
  /** Bare words and the parameter they set: `{ on: { on: 1 }, off: { on: 0 } }`. */
  readonly flags?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Parameters written as a comma-separated list: `IC=v1,i1,v2,i2` → `['v1','i1','v2','i2']` by key `ic`. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** A kind of device: how its cards are written, what its numbers mean, and its law. */
export interface DeviceKind {
  /** Registry name, e.g. `tunnel-diode`. */
  readonly name: string;
  /** First letter of its cards, lower case. */
  readonly letter: string;
  /** `.model` types it answers to, lower case; several kinds may share a letter and differ in model type. */
  readonly modelTypes?: readonly string[];
  readonly summary: string;
  /** Longer documentation: the equations in words and where they come from (Markdown). */
  readonly doc: string;
  readonly pins: readonly string[];
  readonly card: CardSyntax;
  readonly parameters: Readonly<Record<string, ParameterDoc>>;
  /** Model parameters of other simulators that have no effect here, and why: read with a warning. */
  readonly ignored?: Readonly<Record<string, string>>;
  /** Checks that span several parameters, e.g. "Z0 with TD, or F with NL". Messages, empty when fine. */
  check?(p: Given): readonly string[];
  /** Structural choice made from parameter values, e.g. whether there is a series resistance. */
  variant?(p: Given): string;
  /** Called once per variant (and expression shape), not once per instance. */
  law(at: Place): Law;
}

/** An instance's parameters by value, and whether they were written. */
export interface Given {
  value(name: string): number;
  given(name: string): boolean;
}

/** What a law may speak of. */
export interface Place {
  readonly variant: string;
  /** Parameter as a symbol (defaults applied). */
  p(name: string): Expr;
  /** Voltage of a pin or internal node against ground, or between two. */
  v(pin: string, other?: string): Expr;
  /** One of the law's own unknowns that is not a node (branch current, recovery variable). */
  x(unknown: string): Expr;
  /** An independent source's present value (see `Law.inputs`), a delayed signal or a mode. */
  input(name: string): Expr;
  /** Branch current of the k-th controlling element (F, H, W, K). */
  control(k: number): Expr;
  /** A parameter of the k-th controlling element (K needs the inductances). */
  controlParameter(k: number, name: string): Expr;
  /** The behavioural expression of parameter `name` (B, E, G, nonlinear C and L). */
  expression(name: string): Expr;
  /** A junction voltage that Newton may limit at the operating point; stands for `of` everywhere else. */
  limited(name: string, of: Expr, options: { thermal: Expr; critical: Expr }): Expr;
  readonly time: Expr;
  /** Device temperature in °C: parameter `temp` when given, else the circuit's, plus `dtemp`. */
  readonly celsius: Expr;
  /** Nominal temperature in °C at which the parameters were measured. */
  readonly nominal: Expr;
}

/** A current `i` (A) and/or the rate of a charge `q` (C) that flows from pin `from` through the device to pin `to`; `'0'` is ground. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly i?: Expr;
  readonly q?: Expr;
}

/** The row of one of the device's own unknowns, or (a number k) a term added to the branch row of the k-th control: d/dt q + f = 0. */
export interface Equation {
  readonly of: string | number;
  readonly f: Expr;
  readonly q?: Expr;
}

/** What an element does: the currents, charges and equations of its pins and own unknowns. */
export interface Law {
  /** Nodes inside the device (quantity voltage), named `element.node`. */
  readonly nodes?: readonly string[];
  /** Unknowns that are not nodes: name → quantity. A current named `i` is what `I(element)` reads. */
  readonly unknowns?: Readonly<Record<string, Quantity>>;
  readonly flows?: readonly Flow[];
  readonly equations?: readonly Equation[];
  /** Independent source value that follows the element's waveform (V, I): the input's name, at most one. */
  readonly source?: string;
  /** Signals that come back later: input name → a signal linear in the unknowns, a delay in s, its value before t = 0. */
  readonly delays?: Readonly<
    Record<string, { readonly of: Expr; readonly by: Expr; readonly initial?: Expr }>
  >;
  /** Two-valued state with hysteresis: input name → 1 when `signal` has risen above `on`, 0 when it fell below `off`. */
  readonly modes?: Readonly<
    Record<string, { readonly signal: Expr; readonly on: Expr; readonly off: Expr; readonly initial: Expr }>
  >;
  /** Values at t = 0 with `uic`, when the parameter was written: a voltage difference or an unknown. */
  readonly initial?: readonly { readonly of: Expr; readonly parameter: string }[];
  /** What `I(element)` reads when there is no unknown `i`: index of a flow. Default 0. */
  readonly current?: number;
}
