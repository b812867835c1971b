// Memory and factorisations that runs over systems with the same pattern share.
import type { System } from '../circuit/system.js';
import { type ComplexLu, createComplexLu, createLu, type Lu } from '../math/lu.js';
import type { Pattern } from '../math/pattern.js';
import { createPool, type Pool } from '../math/pool.js';
import type { Arena } from '../math/vectors.js';

/** What runs and rules may share, so that a matrix is analysed once; results do not depend on it but in the last bits. */
export interface Workspace {
  /** The real LU for this pattern, analysed once. */
  lu(pattern: Pattern): Lu;
  /** The complex one, for AC analyses. */
  complexLu(pattern: Pattern): ComplexLu;
  readonly pool: Pool;
  /** Keeps memory and forgets numbers: the next run does not depend, to the last bit, on those before it. */
  renew(): void;
}

/** Keeps the LU of the pattern asked for last; `.step` runs of one compiled circuit share one pattern object. */
export function createWorkspace(): Workspace {
  let real: { pattern: Pattern; lu: Lu } | undefined;
  let complex: { pattern: Pattern; lu: ComplexLu } | undefined;
  return {
    lu(pattern) {
      if (real?.pattern !== pattern) real = { pattern, lu: createLu(pattern) };
      return real.lu;
    },
    complexLu(pattern) {
      if (complex?.pattern !== pattern) complex = { pattern, lu: createComplexLu(pattern) };
      return complex.lu;
    },
    pool: createPool(),
    renew() {
      real?.lu.forget();
      complex?.lu.forget();
    },
  };
}

/** G, C and a residual for one system, and the LU of its pattern. */
export interface Linearisation {
  readonly lu: Lu;
  readonly G: Float64Array;
  readonly C: Float64Array;
  /** Length size; `residual` is its first n entries. */
  readonly f: Float64Array;
  readonly residual: Float64Array;
  /** Factors G + αC, or C with α = ∞. Returns 0 or 1 + a dependent column. */
  factor(alpha: number): number;
}

/** @param arena where f lives, when kernels are to fill it */
export function createLinearisation(system: System, workspace: Workspace, arena?: Arena): Linearisation {
  const lu = workspace.lu(system.pattern);
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  const f = (arena?.vector() ?? new Float64Array(system.size)).subarray(0, system.size);
  return {
    lu,
    G,
    C,
    f,
    residual: f.subarray(0, system.n),
    factor(alpha) {
      if (alpha === 0) return lu.factorise(G);
      return alpha === Infinity ? lu.factorise(C) : lu.factoriseSum(G, alpha, C);
    },
  };
}

/** Counters of one run. */
export interface Counters {
  accepted: number;
  rejected: number;
  newtonFailures: number;
  iterations: number;
  evaluations: number;
  factorisations: number;
  restarts: number;
  /** Steps accepted at order k. */
  readonly orders: Int32Array;
}

/** @param highest order that a stepper has */
export function createCounters(highest = 5): Counters {
  return {
    accepted: 0,
    rejected: 0,
    newtonFailures: 0,
    iterations: 0,
    evaluations: 0,
    factorisations: 0,
    restarts: 0,
    orders: new Int32Array(highest + 1),
  };
}
