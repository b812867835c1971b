// What counts as equal, per unknown: |δ_i| ≤ reltol·|y_i| + abs_i, with |y_i| the largest that it has been lately and
// abs_i by the quantity of the unknown.
import type { System } from '../circuit/system.js';
import type { Quantity } from '../devices/device.js';
import type { Passage } from '../math/passage.js';
import type { Arena, Measures } from '../math/vectors.js';

export interface ToleranceOptions {
  /** Share of the largest that an unknown has been lately. */
  readonly reltol: number;
  /** Currents, A. */
  readonly abstol: number;
  /** Voltages, V, and pure numbers. */
  readonly vntol: number;
  /** Charges, C, and fluxes, Wb. */
  readonly chgtol: number;
}

export interface Tolerances extends Measures {
  /** Nodes under control that do not appear under d/dt; none while narrowed. */
  readonly algebraic: Int32Array;
  /** 1 for unknowns that appear under d/dt. */
  readonly differential: Uint8Array;
  /** Under error control are exactly the n unknowns. */
  readonly everyUnknown: boolean;
  /** So fine that rounding may be what errors are made of: `concede` is then in place. */
  readonly fine: boolean;
  /** Takes note of a point accepted at t; with the next prediction, where y `stays` the newest point until then. */
  remember(y: Float64Array, t: number, stays: boolean): void;
  /** As the arena predicts, measured by these tolerances. */
  predict(m: number, t: number, value: Float64Array, rate: Float64Array, tol: Float64Array): number;
  /** tol, as it measures the larger of a and b. */
  allow(a: Float64Array, b: Float64Array, tol: Float64Array): void;
  /** max |a_i − b_i|/tol_i over what is under error control: every unknown obeys its own tolerance, idle ones dilute nothing. */
  distance(a: Float64Array, b: Float64Array, tol: Float64Array): number;
  /** Narrows the control to what appears under d/dt (an algebraic unknown may jump), or widens it again. */
  narrow(yes: boolean): void;
  /**
   * Where noise of these sizes (length n) explains an error: concedes it, abs_i being at least so much, unless that is
   * far beyond what was asked. Whether more is conceded than before.
   */
  concede(noise: Float64Array, error: number): boolean;
  /** Hands over what is remembered, between two steps. */
  pass(passage: Passage): void;
}

const FINE = 1e-6;
/** More than so many times what was asked for is not rounding to be lived with. */
const MOST_CONCEDED = 30;
/** A concession is larger than the last by this factor. */
const NOTICED = 1.2;
/** Errors of so many times the noise are explained by it. */
const EXPLAINED = 2;
const NONE = new Int32Array(0);
/** How much of what an unknown was lately counts at the next point: all of it, nothing, or the share that time leaves. */
const [ALL, NOTHING, SHARE] = [1, 0, -1];

/** abs_i for the n unknowns, in the first entries of `out`. */
export function absoluteTolerances(
  { n, unknowns }: System,
  options: ToleranceOptions,
  out: Float64Array = new Float64Array(n),
): Float64Array {
  const of: Record<Quantity, number> = {
    voltage: options.vntol,
    current: options.abstol,
    charge: options.chgtol,
    flux: options.chgtol,
    number: options.vntol,
  };
  for (let i = 0; i < n; i++) out[i] = of[unknowns[i].quantity];
  return out;
}

/**
 * An oscillation is no smaller where it crosses zero: an unknown is measured against the largest it has been lately, a
 * value at time s counting (s/t)^50 of itself at t. Lately is the last fiftieth of the time so far, as the largest step is
 * by default of tstop: in decays over decades of time nothing is lost, and it does not matter when a run is to end.
 * Unknowns that are not under d/dt carry no error on, and charges answer to voltages that are watched themselves: for
 * both, lately is always. Under error control are node voltages, unknowns under d/dt and nonlinear charges.
 */
export function createTolerances(system: System, options: ToleranceOptions, arena: Arena): Tolerances {
  const { n, size, charges, unknowns, isNode } = system;
  const absolute = absoluteTolerances(system, options, arena.vector().fill(options.vntol));
  absolute.fill(options.chgtol, size);
  const lately = arena.vector();
  const keep = arena.vector().fill(NOTHING).fill(ALL, size);
  const differential = new Uint8Array(n);
  const controlled: number[] = [];
  const algebraic: number[] = [];
  for (let i = 0; i < n; i++) {
    if (unknowns[i].differential) {
      differential[i] = 1;
      keep[i] = SHARE;
    } else if (isNode[i]) {
      algebraic.push(i);
      keep[i] = ALL;
    } else continue;
    controlled.push(i);
  }
  for (let k = 0; k < charges; k++) controlled.push(size + k);
  const wide = Int32Array.from(controlled);
  const nodes = Int32Array.from(algebraic);
  const every = charges === 0 && wide.length === n;
  let asked: Float64Array | undefined;
  let last = 0;
  let narrowed = false;
  /** A point that `lately` does not know of yet, and what it is then to keep. */
  let unknown: Float64Array | undefined;
  const fading = { keep, ratio: 1 };
  arena.choose(wide);
  const tolerances: { -readonly [K in keyof Tolerances]: Tolerances[K] } = {
    reltol: options.reltol,
    absolute,
    lately,
    algebraic: nodes,
    differential,
    everyUnknown: every,
    fine: options.reltol < FINE || options.vntol < FINE,
    remember(y, t, stays) {
      settle();
      unknown = y;
      fading.ratio = last < t ? last / t : 1;
      last = t;
      if (!stays) settle();
    },
    predict(m, t, value, rate, tol) {
      const pending = unknown === undefined ? undefined : fading;
      unknown = undefined;
      return arena.predict(m, t, value, rate, tol, tolerances, pending);
    },
    allow(a, b, tol) {
      settle();
      arena.allow(a, b, tol, tolerances);
    },
    distance: arena.distance,
    narrow(yes) {
      if (yes === narrowed || nodes.length === 0) return;
      narrowed = yes;
      tolerances.algebraic = narrowed ? NONE : nodes;
      tolerances.everyUnknown = every && !narrowed;
      arena.choose(narrowed ? wide.filter((i) => i >= n || differential[i] === 1) : wide);
    },
    concede(noise, error) {
      let largest = 0;
      for (let i = 0; i < n; i++)
        largest = Math.max(largest, Math.abs(noise[i]) / (options.reltol * lately[i] + absolute[i]));
      if (error > EXPLAINED * largest) return false;
      asked ??= absoluteTolerances(system, options);
      let more = false;
      for (let i = 0; i < n; i++) {
        const size = Math.abs(noise[i]);
        const most = MOST_CONCEDED * (options.reltol * lately[i] + asked[i]);
        if (size <= NOTICED * absolute[i] || size >= most) continue;
        absolute[i] = size;
        more = true;
      }
      return more;
    },
    pass(passage) {
      settle();
      passage.vector(lately);
      if (tolerances.fine) passage.vector(absolute);
      last = passage.number(last);
    },
  };
  return tolerances;

  function settle(): void {
    if (unknown === undefined) return;
    arena.remember(lately, unknown, keep, fading.ratio);
    unknown = undefined;
  }
}
