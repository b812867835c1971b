// f(x, t) + d/dt q = 0 with the stepper's rate ẏ = base + α(y − ref): modified Newton on G + αC. The factors are kept
// from step to step for as long as they converge.
import type { System, UndefinedLaw } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';
import type { Arena } from '../math/vectors.js';
import type { State } from './history.js';
import { ASLEEP, junctionNorm, pnjlim } from './junction.js';
import { createRoundingTest } from './rounding.js';
import type { Tolerances } from './tolerances.js';
import type { Counters, Linearisation } from './workspace.js';

export interface StepProblem {
  /** Entered with the first guess and with inputs set; left with the solution. */
  y: State;
  /** The first guess is `ref`: of y only the inputs need then be set. */
  readonly fromRef?: boolean;
  readonly ref: State;
  readonly base: State;
  alpha: number;
  t: number;
  /** A vector of the arena, added to the n rows. */
  extra: Float64Array | undefined;
  /** |δ_i| and errors are measured by tol_i, length of y. */
  readonly tol: Float64Array;
  /** Error left in y allowed, in units of tol. */
  goal: number;
}

export interface Newton {
  /** Iterations used, or −1. */
  solve(p: StepProblem): number;
  /** The unknown that moved most in the last iteration. */
  worst(): number;
  /** max |δ_i|/tol_i of the last iteration over the unknowns: after a single one the way from the first guess. */
  lastNorm(): number;
  /** ẏ of the solution: rate := base + α(y − ref). */
  rates(p: StepProblem, rate: State): void;
  /** (G + ᾱC)⁻¹ b by the present factors, in place, b of length n. */
  backsolve(b: Float64Array): void;
  /** What the last solution is estimated to be off by, in units of tol. */
  remainder(): number;
  /** Forget the factors (another run, another mode). */
  invalidate(): void;
  /** Hands over what is known of the factors, which are the LU's to hand over. */
  pass(passage: Passage): void;
  /** The last failure was a singular matrix at this column, else −1. */
  singular(): number;
  /** A law without a value where the last failure happened. */
  undefinedLaw(): UndefinedLaw | undefined;
}

const STALE_ALPHA = 0.3;
const OLDEST = 50;
const MODIFIED_ITERATIONS = 4;
/** A junction that has moved by this share of n·Vt conducts too differently for old factors. */
const MOVED = 0.25;
/** Corrections that shrink no faster than this have stopped converging. */
const STAGNANT = 0.5;
const ROUNDING = 1e-8;

/**
 * The arena must be made for the straight parts of the system.
 *
 * Source for the convergence test and the correction by 2/(1 + α/ᾱ): Brenan, Campbell & Petzold, Numerical Solution of
 * IVPs in DAEs, 5.2.2.
 */
export function createNewton(
  system: System,
  lin: Linearisation,
  arena: Arena,
  tolerances: Tolerances,
  counters: Counters,
  fullIterations: number,
): Newton {
  const { n, charges, linear, junctions } = system;
  const { f, residual, G, C, lu } = lin;
  const { parts } = system.addNonlinear;
  const { differential } = tolerances;
  const roundingExplains = createRoundingTest(system, lin);
  const chargeRates = new Float64Array(charges);
  const limited = new Float64Array(junctions.count);
  const before = new Float64Array(junctions.count);
  const factoredAt = new Float64Array(junctions.count);
  let factored = Number.NaN;
  let assembled = false;
  let age = 0;
  let convergence = 1;
  let slow = false;
  /** What the last correction, which stands in f, was measured by. */
  let measure: Float64Array = f;
  let lastNorm = 0;
  let singularColumn = -1;
  /** Where Newton with a new matrix in every iteration was last, and when; NaN unless it failed there. */
  const visited = new Float64Array(system.size);
  let failedAt = Number.NaN;

  const newton: Newton = {
    solve(p) {
      singularColumn = -1;
      failedAt = Number.NaN;
      const guess = p.fromRef ? p.ref.y : p.y.y;
      if (linear) return solveOnce(p, guess);
      const fresh = needsFactors(p.alpha, guess);
      let iterations = iterate(p, guess, fresh ? 0 : -1, MODIFIED_ITERATIONS);
      if (iterations > 0) return iterations;
      // From where the stale factors led (or, if not finite, the reference) with factors of today.
      if (!fresh) {
        restoreGuess(p);
        iterations = iterate(p, p.y.y, 0, MODIFIED_ITERATIONS);
        if (iterations > 0) return iterations;
      }
      restoreGuess(p);
      iterations = iterateFully(p);
      if (iterations < 0) {
        factored = Number.NaN;
        failedAt = p.t;
      }
      return iterations;
    },
    worst: worstUnknown,
    lastNorm: () => lastNorm,
    rates(p, rate) {
      rateOf(p, rate.y);
    },
    backsolve(b) {
      lu.solve(b);
    },
    remainder: () => (linear ? 0 : lastNorm * Math.min(1, convergence)),
    invalidate() {
      factored = Number.NaN;
      assembled = false;
      convergence = 1;
    },
    pass(passage) {
      factored = passage.number(factored);
      age = passage.number(age);
      convergence = passage.number(convergence);
      slow = passage.flag(slow);
      passage.vector(factoredAt);
      if (passage.back) assembled = false;
    },
    singular: () => singularColumn,
    undefinedLaw: () => (Number.isNaN(failedAt) ? undefined : system.undefinedLaw?.(visited, failedAt)),
  };
  return newton;

  /** Whether a junction has left the neighbourhood in which the factors know its conductance. */
  function junctionsMoved(x: Float64Array): boolean {
    const { count, plus, minus, thermal, critical } = junctions;
    for (let k = 0; k < count; k++) {
      const v = x[plus[k]] - x[minus[k]];
      const known = factoredAt[k];
      if (Math.abs(v - known) <= MOVED * thermal[k]) continue;
      const asleep = critical[k] - ASLEEP * thermal[k];
      if (v > asleep || known > asleep) return true;
    }
    return false;
  }

  function needsFactors(alpha: number, x: Float64Array): boolean {
    if (!(factored > 0)) return true;
    return slow || age >= OLDEST || Math.abs(alpha / factored - 1) > STALE_ALPHA || junctionsMoved(x);
  }

  function restoreGuess(p: StepProblem): void {
    const y = p.y.y;
    const ref = p.ref.y;
    for (let i = 0; i < n; i++) y[i] = ref[i];
  }

  function rateOf(p: StepProblem, out: Float64Array): void {
    const y = p.y.y;
    const ref = p.ref.y;
    const base = p.base.y;
    const alpha = p.alpha;
    for (let i = 0; i < y.length; i++) out[i] = base[i] + alpha * (y[i] - ref[i]);
  }

  /** f := residual at x, a guess of y; with factors made when `refresh`. Returns false when singular. */
  function linearise(
    p: StepProblem,
    x: Float64Array,
    refresh: boolean,
    clamp: Float64Array | undefined,
  ): boolean {
    const { y, extra } = p;
    counters.evaluations++;
    arena.linearResidual(x, p.ref.y, p.base.y, p.alpha, f);
    for (let i = n; i < f.length; i++) f[i] = 0;
    if (refresh) system.addNonlinear(x, p.t, f, y.q, G, C, clamp);
    else if (parts) {
      arena.addStraight(x, p.t, f);
      parts.rest(x, p.t, f, y.q);
    } else system.addNonlinear(x, p.t, f, y.q, undefined, undefined, clamp);
    if (charges > 0) {
      const { ref, base, alpha } = p;
      for (let k = 0; k < charges; k++) chargeRates[k] = base.q[k] + alpha * (y.q[k] - ref.q[k]);
      system.addChargeRates(chargeRates, f);
    }
    if (extra) arena.add(f, extra);
    return !refresh || factor(p.alpha, x);
  }

  /** Factors G + αC, assembled at x. False when it is singular. */
  function factor(alpha: number, x: Float64Array): boolean {
    counters.factorisations++;
    readJunctions(x, factoredAt);
    const status = lin.factor(alpha);
    age = 0;
    slow = false;
    factored = status === 0 ? alpha : Number.NaN;
    if (status !== 0) singularColumn = status - 1;
    return status === 0;
  }

  /** The solution of a linear system: one correction. */
  function solveOnce(p: StepProblem, x: Float64Array): number {
    counters.iterations++;
    counters.evaluations++;
    arena.linearResidual(x, p.ref.y, p.base.y, p.alpha, f);
    if (p.alpha !== factored) {
      if (!assembled) system.addNonlinear(x, p.t, f, p.y.q, G, C);
      assembled = true;
      if (!factor(p.alpha, x)) return -1;
    }
    const { extra } = p;
    if (extra) arena.add(f, extra);
    lu.solve(residual);
    measure = p.tol;
    lastNorm = arena.update(p.y.y, f, p.tol, 1, x);
    return lastNorm < Infinity ? 1 : -1;
  }

  /** y := x − scale·A⁻¹f; returns max |δ_i|/tol_i, NaN when anything is not finite. */
  function update(p: StepProblem, x: Float64Array, scale: number): number {
    lu.solve(residual);
    const norm = arena.update(p.y.y, f, p.tol, scale, x);
    measure = p.tol;
    lastNorm = norm;
    if (Number.isNaN(norm) || junctions.count === 0) return norm;
    return Math.max(norm, junctionNorm(junctions, p.y.y, f, n, tolerances.reltol));
  }

  /** Where the last correction was largest. */
  function worstUnknown(): number {
    let worst = 0;
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const size = Math.abs(f[i]);
      if (size > norm * measure[i]) {
        norm = size / measure[i];
        worst = i;
      }
    }
    return worst;
  }

  /** Modified Newton; factors are made in iteration `refreshAt`. Iterations used, or −1. */
  function iterate(p: StepProblem, from: Float64Array, refreshAt: number, most: number): number {
    let previous = 0;
    for (let m = 0; m < most; m++) {
      const x = m === 0 ? from : p.y.y;
      counters.iterations++;
      if (!linearise(p, x, m === refreshAt, undefined)) return -1;
      if (m === refreshAt) convergence = Math.max(0.25, Math.min(1, convergence));
      const norm = update(p, x, p.alpha === factored ? 1 : 2 / (1 + p.alpha / factored));
      if (!(norm < Infinity)) return -1;
      if (m > 0) {
        const ratio = norm / previous;
        convergence = Math.max(0.3 * convergence, ratio);
        if (ratio > 2) return -1;
        if (ratio > 0.9 && m > 1 && norm < 1 && !differential[worstUnknown()]) return finish(p, m);
        if (ratio > STAGNANT && m > 1 && isRounding(p, norm)) return finish(p, m);
      }
      if (norm * Math.min(1, convergence) <= p.goal) return finish(p, m);
      previous = norm;
    }
    convergence = 1;
    return -1;
  }

  /** Newton with a new matrix in every iteration and junction limiting. */
  function iterateFully(p: StepProblem): number {
    readJunctions(p.y.y, before);
    let previous = Infinity;
    for (let m = 0; m < fullIterations; m++) {
      counters.iterations++;
      let clamped = false;
      if (junctions.count > 0) {
        readJunctions(p.y.y, limited);
        for (let k = 0; k < junctions.count; k++) {
          const v = pnjlim(limited[k], before[k], junctions.thermal[k], junctions.critical[k]);
          if (Math.abs(v - limited[k]) > 1e-9 + 1e-6 * Math.abs(v)) clamped = true;
          limited[k] = before[k] = v;
        }
      }
      visited.set(p.y.x);
      if (!linearise(p, p.y.y, true, clamped ? limited : undefined)) return -1;
      const norm = update(p, p.y.y, 1);
      if (!(norm < Infinity)) return -1;
      if (!clamped && norm <= Math.max(p.goal, previous < 1 ? 0.3 : 0)) return finish(p, m);
      if (!clamped && norm > STAGNANT * previous && isRounding(p, previous)) return finish(p, m);
      previous = norm;
    }
    return -1;
  }

  /**
   * The last correction is within tolerance and so small beside the largest unknown that rounding in an ill-conditioned
   * matrix explains it; or what rows lose by rounding does where tolerances lie below that: a current between charges
   * is as uncertain as α times these, and one that drives a jump is measured by what it was before.
   */
  function isRounding(p: StepProblem, norm: number): boolean {
    const y = p.y.y;
    if (norm >= 1) return roundingExplains(p.alpha, y, f, p.tol, lastNorm < 1 ? 0 : p.goal);
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(y[i]));
    return Math.abs(f[worstUnknown()]) <= ROUNDING * largest;
  }

  function finish(p: StepProblem, m: number): number {
    age++;
    slow = m >= 2;
    if (charges > 0) {
      counters.evaluations++;
      system.evaluateCharges(p.y.y, p.t, p.y.q);
    }
    return m + 1;
  }

  function readJunctions(x: Float64Array, v: Float64Array): void {
    for (let k = 0; k < junctions.count; k++) v[k] = x[junctions.plus[k]] - x[junctions.minus[k]];
  }
}
