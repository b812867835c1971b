// What counts as equal, per unknown: |δ_i| ≤ reltol·|y_i| + abs_i, with |y_i| the largest that it has been lately and
// abs_i by the quantity of the unknown.

import type { System } from '../circuit/system.js';
import type { Quantity } from '../devices/device.js';
import type { Arena } from '../math/vectors.js';

export interface ToleranceOptions {
  readonly reltol: number;
  /** Currents, A. */
  readonly abstol: number;
  /** Voltages, V, and pure numbers. */
  readonly vntol: number;
  /** Charges, C, and fluxes, Wb. */
  readonly chgtol: number;
}

export interface Tolerances {
  readonly reltol: number;
  /** Absolute part for every entry of y = [x | q]. */
  readonly absolute: Float64Array;
  /** Entries of y under local error control: node voltages, unknowns under d/dt, nonlinear charges. */
  controlled: Int32Array;
  /**
   * An oscillation is no smaller where it crosses zero: an unknown is measured against the largest it has been lately,
   * a value at time s counting (s/t)^FADING of itself at t. Unknowns that are not under d/dt carry no error on, and
   * charges answer to voltages that are watched themselves: for both, lately is always.
   * `remember` takes note of a point accepted at t, `widen` raises tolerances.
   */
  remember(y: Float64Array, t: number): void;
  widen(tol: Float64Array): void;
  /** What `widen` raises tolerances to. */
  readonly floor: Float64Array;
  /** Narrows the control to what appears under d/dt (an algebraic unknown may jump), or widens it again. */
  narrow(yes: boolean): void;
  /** `controlled` is exactly the n unknowns. */
  everyUnknown: boolean;
  /** Nodes under control that do not appear under d/dt; none while narrowed. */
  algebraic: Int32Array;
  /** 1 for unknowns that appear under d/dt. */
  readonly differential: Uint8Array;
}

const NONE = new Int32Array(0);
/**
 * Lately is the last fiftieth of the time so far, as the largest step is by default of tstop: in decays over decades of
 * time nothing is lost, and it does not matter when a run is to end.
 */
const FADING = 50;

/** @param arena where `absolute` lives, when kernels are to read it */
export function createTolerances(system: System, options: ToleranceOptions, arena?: Arena): Tolerances {
  const { n, size, charges, unknowns } = system;
  const of: Record<Quantity, number> = {
    voltage: options.vntol,
    current: options.abstol,
    charge: options.chgtol,
    flux: options.chgtol,
    number: options.vntol,
  };
  const absolute = (arena?.vector() ?? new Float64Array(size + charges)).fill(options.vntol);
  const all: number[] = [];
  const under: number[] = [];
  const differential = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    absolute[i] = of[unknowns[i].quantity];
    if (unknowns[i].differential) {
      differential[i] = 1;
      under.push(i);
    }
    if (unknowns[i].differential || system.isNode[i]) all.push(i);
  }
  for (let k = 0; k < charges; k++) {
    absolute[size + k] = options.chgtol;
    all.push(size + k);
    under.push(size + k);
  }
  const lasting = Int32Array.from(all.filter((i) => i >= n || !differential[i]));
  const fading = Int32Array.from(all.filter((i) => i < n && differential[i]));
  const floor = arena?.vector() ?? new Float64Array(size + charges);
  floor.set(absolute);
  arena?.ease(lasting, fading);
  const algebraic = Int32Array.from(all.filter((i) => i < n && !differential[i]));
  const wide = Int32Array.from(all);
  const narrowed = Int32Array.from(under);
  let last = 0;
  const tolerances: Tolerances = {
    reltol: options.reltol,
    absolute,
    controlled: wide,
    algebraic,
    everyUnknown: charges === 0 && wide.length === n,
    differential,
    floor,
    remember(y, t) {
      const share = t > 0 ? Math.min(1, last / t) ** FADING : 1;
      arena?.raise(floor, y, absolute, options.reltol, share);
      last = t;
    },
    widen(tol) {
      for (let k = 0; k < wide.length; k++) {
        const i = wide[k];
        if (tol[i] < floor[i]) tol[i] = floor[i];
      }
    },
    narrow(yes) {
      tolerances.controlled = yes ? narrowed : wide;
      tolerances.everyUnknown = charges === 0 && tolerances.controlled.length === n;
      tolerances.algebraic = yes ? NONE : algebraic;
    },
  };
  return tolerances;
}
