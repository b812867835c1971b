// The waist of the house:  d/dt q(x, p, t) + f(x, p, t) = 0.  Everything above makes a System; everything
// below reads only a System. f is the current that LEAVES a node into the devices. Typed arrays and indices
// only; names are kept for the very end.
import type { Quantity } from '../devices/device.js';
import type { Pattern } from '../math/pattern.js';
import type { Rows } from '../math/rows.js';
import type { Straight } from '../math/straight.js';

/** One unknown (or input) by name, for messages and results. */
export interface Variable {
  /** `v(out)`, `i(l1)`, `w(n1)`, lower case. */
  readonly name: string;
  readonly quantity: Quantity;
  /** Appears under d/dt: its column of ∂q/∂x is not structurally zero. */
  readonly differential: boolean;
}

/** A linear functional of x: Σ weight[k]·x[index[k]]. */
export interface Signal {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/** `x[slot]` at t is the signal at t − by. */
export interface Delay {
  readonly slot: number;
  readonly signal: Signal;
  /** Seconds, > 0. */
  readonly by: number;
  /** Value before t = 0 with `uic`; NaN, and without `uic`: what the signal is at t = 0. */
  readonly initial: number;
  readonly element: string;
}

/** x[slot] ∈ {0, 1}: becomes 1 once signal > on, 0 once signal < off (off ≤ on). */
export interface Mode {
  readonly slot: number;
  readonly signal: Signal;
  readonly on: number;
  readonly off: number;
  readonly initial: number;
  readonly element: string;
}

/** An independent source; `System.applySources` turns the values of all of them into entries of x. */
export interface Source {
  readonly element: string;
  readonly dc: number;
  readonly acMagnitude: number;
  /** Degrees. */
  readonly acPhase: number;
  /** True when a waveform (not only DC) drives it. */
  readonly varies: boolean;
  /** Value at time t (s); at a jump, the value just after it. */
  value(t: number): number;
  /** Slope dvalue/dt just after t. */
  slope(t: number): number;
  /** First corner or jump strictly after t, or Infinity. */
  nextBreakpoint(t: number): number;
  /** The value is a straight line between any two corners: without a slope it stays until the next. */
  readonly straight?: boolean;
}

/** Complex numbers, real and imaginary parts apart. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A junction for Newton's limiter: voltage signal, n·Vt and critical voltage, and where the limited value goes. */
export interface Junctions {
  readonly count: number;
  readonly plus: Int32Array;
  readonly minus: Int32Array;
  readonly thermal: Float64Array;
  readonly critical: Float64Array;
}

/** What a system adds to its linear part. */
export interface Nonlinear {
  (
    x: Float64Array,
    t: number,
    f: Float64Array,
    q: Float64Array,
    G?: Float64Array,
    C?: Float64Array,
    limited?: Float64Array,
  ): void;
  /** f in rows < n and q in two parts, to the last bits but one: laws that a kernel can add, and a function for the rest. */
  readonly parts?: {
    readonly straight: readonly Straight[];
    /** Adds to f and q what the others leave. */
    rest(x: Float64Array, t: number, f: Float64Array, q: Float64Array): void;
  };
}

/**
 * A circuit with numbers bound. Extended state vector x of length `size`:
 * `[0, n)` unknowns; `[n, n + inputs)` everything given from outside: known node voltages and floating source
 * values, delayed signals, modes; then the constant 1 (`size − 2`) and ground (`size − 1`, always 0).
 * Nonlinear charges are a separate vector q of length `charges`; linear capacitances act on ẋ directly.
 */
export interface System {
  /** Unknowns; length of x, inputs and all; nonlinear charges. */
  readonly n: number;
  readonly size: number;
  readonly charges: number;
  /** Names of the n unknowns. */
  readonly unknowns: readonly Variable[];
  /** Names for x[n … size−2), same order. */
  readonly inputVariables: readonly Variable[];
  readonly sources: readonly Source[];
  readonly delays: readonly Delay[];
  readonly modes: readonly Mode[];
  readonly junctions: Junctions;
  /** n×n pattern, CSC, with a full diagonal, shared by all bindings of one compiled circuit. */
  readonly pattern: Pattern;
  /** Entries of G and C beyond the pattern: slot pattern.nnz + k sits at (borderRow[k], borderCol[k]), one of them ≥ n. */
  readonly borderRow: Int32Array;
  readonly borderCol: Int32Array;
  /** Length of G and C: pattern.nnz + border entries + 1 (the last is a dustbin). */
  readonly slots: number;
  /** Slots of the n diagonal entries. */
  readonly diagonal: Int32Array;
  /** f and q have no term that is nonlinear in x or explicit in t: G and C are constant. */
  readonly linear: boolean;
  /** Rows whose unknown is a node voltage get 1, others 0 (gmin stepping). */
  readonly isNode: Uint8Array;

  /**
   * x[known nodes and source slots] := linear in `values` (one per source). Also writes the constant 1 and ground.
   * Leaves unknowns, delays and modes alone.
   */
  applySources(values: Float64Array, x: Float64Array): void;
  /**
   * f := f(x, t) (length `size`; rows ≥ n are not filled) and q := nonlinear charges. When G and C are given they
   * are filled too (length `slots`). `limited` (length junctions.count) replaces junction voltages, with the law
   * extended linearly from there.
   */
  evaluate(
    x: Float64Array,
    t: number,
    f: Float64Array,
    q: Float64Array,
    G?: Float64Array,
    C?: Float64Array,
    limited?: Float64Array,
  ): void;
  /** Rows < n of the constant part of G and C; columns are slots in x. */
  readonly linearRows: { readonly G: Rows; readonly C: Rows };
  /**
   * `evaluate` at complex x, every law continued analytically; where a law is made of pieces (a diode's continuation
   * by a straight line), real parts decide. A step that changes what is evaluated must replace or drop it.
   * @throws InputError that names a device with an expression that has no continuation: abs, min, conditions, …
   */
  evaluateComplex?(x: Complex, t: number, f: Complex, q: Complex, G?: Complex, C?: Complex): void;
  /** What `evaluate` adds to the linear part G·x of f; q, and G and C (whole) when given. */
  readonly addNonlinear: Nonlinear;
  /** q := nonlinear charges alone. */
  evaluateCharges(x: Float64Array, t: number, q: Float64Array): void;
  /** f += rates of the nonlinear charges. */
  addChargeRates(qdot: Float64Array, f: Float64Array): void;
  /** f += d/dt of all charges, from ẋ (length `size`) and q̇ (length `charges`): linear C·ẋ plus the nonlinear rates. */
  addRates(xdot: Float64Array, qdot: Float64Array, f: Float64Array): void;
  /** f rows ≥ n: what flows out of each known node, after `evaluate` (and `addRates`) of the same arguments. */
  evaluateKnownRows(
    x: Float64Array,
    t: number,
    xdot: Float64Array,
    qdot: Float64Array,
    f: Float64Array,
  ): void;
  /**
   * How a delayed signal acts through its input: an entry G[from] in the input's column stands, at DC, for
   * G[from]·weight at G[to]; at frequency ω for that times e^(−jω·by).
   */
  readonly delayCoupling: {
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly weight: Float64Array;
    readonly by: Float64Array;
  };
  /** Adds the coupling at DC to a filled G; x[slot] of every delay must then equal its signal. */
  dcCoupling(G: Float64Array): void;
  /**
   * `uic`: charges at t = 0 from IC= and `.ic` (zero where nothing was said). `rows` (length size) receives the linear
   * charges summed per row, q the nonlinear ones, x (length size) a first guess of the unknowns. The march then solves
   * α·(charge(x) − charge₀) + f(x, 0) = 0 with α → ∞ for a consistent x.
   */
  initialCharges(x: Float64Array, rows: Float64Array, q: Float64Array): void;
  /** `.ic` and `.nodeset` as [unknown index, value]. */
  readonly initialConditions: readonly (readonly [number, number])[];
  readonly nodesets: readonly (readonly [number, number])[];
  /** Devices attached to an unknown, for error messages. */
  devicesAt(unknown: number): readonly string[];
  /** Devices whose laws are nonlinear in x or explicit in t, for error messages. */
  nonlinearDevices(): readonly string[];
  /**
   * f (length size) += ∂f/∂t and q (length size) += ∂q/∂t by rows, at fixed x, of laws that are explicit in t. A step that
   * adds such laws must replace or drop it. Absent where one may jump at an instant of its own.
   */
  addTimeSlopes?(x: Float64Array, t: number, f: Float64Array, q: Float64Array): void;
  /** Devices whose laws are explicit in t. */
  timedDevices(): readonly string[];
  /** The first device whose law, or a slope of it, is no finite number at (x, t), for error messages; slow. */
  undefinedLaw?(x: Float64Array, t: number): UndefinedLaw | undefined;
  /**
   * Derivatives with respect to parameters by name, `r1.r`, `x1.r2.r`, `v1.dc`, `v1.freq`, each as written on the card:
   * a number that a model or another parameter's default supplies counts as the element's own.
   * @throws InputError for a name that is no trainable parameter, or one that has no value
   */
  sensitivity(names: readonly string[]): Sensitivity;
}

/** A law without a value. */
export interface UndefinedLaw {
  readonly device: string;
  /** Its value is finite, a partial derivative of it is not. */
  readonly isSlope: boolean;
  /** NaN or ±Infinity. */
  readonly value: number;
  /** What the law speaks of, and its values. */
  readonly at: readonly { readonly name: string; readonly value: number }[];
}

/** An accepted point, as a probe reads it. */
export interface Point {
  /** s */
  readonly t: number;
  /** Length size, inputs and all; q: length charges. */
  readonly x: Float64Array;
  readonly q: Float64Array;
  /** ẋ (length size) and q̇ (length charges) of the stepper; zero at an operating point. */
  readonly xdot: Float64Array;
  readonly qdot: Float64Array;
  /** All rows of f with rates, rows ≥ n included; filled only when some probe needs 'rows'. */
  readonly f: Float64Array;
}

/** Reads one base signal: a node voltage, a device's own unknown, or a device's current. */
export interface Probe {
  readonly name: string;
  readonly quantity: Quantity;
  /** What of a point must be filled for it. */
  readonly needs: 'x' | 'rates' | 'rows';
  /** In the unit of the quantity: V, A, Wb, C or a number. */
  read(at: Point): number;
  /** Small-signal reading at x: Σ (g + jω c)·δx[index]. */
  small(
    x: Float64Array,
    t: number,
  ): { readonly index: Int32Array; readonly g: Float64Array; readonly c: Float64Array };
}

/**
 * λᵀ∂f/∂p and μᵀ∂q/∂p for a list of parameters, `element.parameter` as written on the card: the only thing a learning
 * rule asks of the parameters. Contributions are summed per instance; `gradient` applies the chain rule to the card's
 * numbers (temperature, models, units of length) once, at the end.
 */
export interface Sensitivity {
  readonly parameters: readonly string[];
  /** Whether any of them is a number of a source; if not, nothing comes of `addSources`. */
  readonly ofSources: boolean;
  /** Numbers of the delays that any of them makes longer or shorter. */
  readonly ofDelays: readonly number[];
  /** Whether any of them says when something happens: how long a delay is, or a time or frequency of a waveform. */
  readonly movesCorners: boolean;
  /** Forgets every contribution. */
  clear(): void;
  /** += λᵀ ∂f/∂p at (x, t). λ has length size; its entries ≥ n weigh the rows of known nodes. */
  addCurrents(lambda: Float64Array, x: Float64Array, t: number): void;
  /** += μᵀ ∂q/∂p at (x, t), where q are all charges by rows: linear C·x and nonlinear ones. μ has length size. */
  addCharges(mu: Float64Array, x: Float64Array, t: number): void;
  /** += μᵀ ∂(C ẋ)/∂p, C of the linear charges; μ and ẋ have length size. */
  addRates(mu: Float64Array, xdot: Float64Array): void;
  /** += νᵀ ∂x_inputs/∂p at t: entries n … size of ν (length size) weigh what sources put into x; `dc`: their DC values. */
  addSources(nu: Float64Array, t: number | 'dc'): void;
  /** += Re (re + j·im)ᴴ ∂s/∂p, where s is what the AC stimulus acmag·e^(j·acphase) of all sources puts into x. */
  addStimulus(re: Float64Array, im: Float64Array): void;
  /** += factor · ∂(signal of delay k)/∂p at x: the weights of a delayed signal depend on p. */
  addDelayed(k: number, factor: number, x: Float64Array): void;
  /** += factor · ∂(value of delay k before t = 0, with `uic`)/∂p. */
  addDelayedInitial(k: number, factor: number): void;
  /** += factor · ∂by/∂p: how long delay k is. */
  addDelay(k: number, factor: number): void;
  /** += μᵀ ∂q₀/∂p of the charges with which `uic` begins; μ by rows, length size. */
  addInitialCharges(mu: Float64Array): void;
  /** += factor · ∂c/∂p at fixed x: a functional may read a current whose law holds p. */
  addFunctional(c: Functional, factor: number, x: Float64Array, t: number): void;
  /** The sum of all contributions, one entry per parameter. */
  gradient(): Float64Array;
  /** Where each parameter acts. */
  reach(): readonly Reach[];
  /** The same derivatives one parameter at a time. */
  partials(): Partials;
}

/** Where a parameter acts, from the structure alone: where it does not its derivative is exactly 0. */
export interface Reach {
  /** Number of its element in the circuit. */
  readonly element: number;
  /** Unknowns in whose rows its devices stand. */
  readonly rows: readonly number[];
  /** Entries of x from n on that it sets. */
  readonly inputs: readonly number[];
  /** It acts on currents at rest. */
  readonly rest: boolean;
  /** It acts on charges, delays, waveforms, or on how these begin. */
  readonly motion: boolean;
  /** Of the DC value of a source with a waveform: names of the levels of that, which stands in its place over time. */
  readonly instead?: readonly string[];
}

/**
 * ∂f/∂p, ∂q/∂p and ∂x_inputs/∂p of one parameter at a time, p counting as in `Sensitivity.parameters`: what direct
 * sensitivities are driven by. Every `out` has length size.
 */
export interface Partials {
  /** Currents and charges are from now on those at (x, t). */
  moveTo(x: Float64Array, t: number): void;
  /** out += factor · ∂f/∂p, rows of known nodes included. */
  addCurrents(p: number, factor: number, out: Float64Array): void;
  /** out += factor · ∂q/∂p of the nonlinear charges by rows. */
  addCharges(p: number, factor: number, out: Float64Array): void;
  /** out += ∂(C ẋ)/∂p by rows, C of the linear charges. */
  addRates(p: number, xdot: Float64Array, out: Float64Array): void;
  /** out[inputs] += factor · ∂x_inputs/∂p at t: what sources put into x; `dc`: their DC values. */
  addSources(p: number, factor: number, t: number | 'dc', out: Float64Array): void;
  /** (re + j·im)[inputs] += ∂s/∂p, where s is what the AC stimulus of all sources puts into x. */
  addStimulus(p: number, re: Float64Array, im: Float64Array): void;
  /** ∂(signal of delay k)/∂p at x. */
  delayed(p: number, k: number, x: Float64Array): number;
  /** ∂(value of delay k before t = 0, with `uic`)/∂p. */
  delayedInitial(p: number, k: number): number;
  /** ∂by/∂p of delay k. */
  delay(p: number, k: number): number;
}

/** A base signal in motion: still(x, p, t) + d/dt stored(x, p, t). */
export interface Moving {
  readonly still: Functional;
  readonly stored: Functional;
}

/** A scalar c(x, p, t) of one instant with exact derivatives: what a cost is made of. */
export interface Functional {
  readonly name: string;
  /** Elements of whose current it reads only the static part: right at rest, and not while their charges move. */
  readonly leavesOut?: readonly string[];
  /** The only entries of x that it reads, each once; absent: it may read all. */
  readonly reads?: Int32Array;
  /** c(x, t) with x of length size. */
  value(x: Float64Array, t: number): number;
  /** gradient (length size) += factor · ∂c/∂x. Returns c, of which most is then known. */
  addGradient(x: Float64Array, t: number, factor: number, gradient: Float64Array): number;
  /** ∂c/∂t at fixed x. */
  slope(x: Float64Array, t: number): number;
  /** Where ∂²c/∂x² is not structurally zero, both triangles; columns and rows are indices in x, < size. */
  readonly hessianRow: Int32Array;
  readonly hessianCol: Int32Array;
  /** values[k] := ∂²c/∂x²[hessianRow[k], hessianCol[k]]. */
  hessian(x: Float64Array, t: number, values: Float64Array): void;
  /**
   * ∂c/∂x (written, not added; length size) and ∂²c/∂x² at complex x, c continued analytically.
   * @throws InputError when c has no continuation: abs, min, conditions, …
   */
  derivativesComplex?(x: Complex, t: number, gradient: Complex, hessian: Complex): void;
}
