// P R A Q = L U + F: sparse LU with a fill-reducing column order Q, block triangular form (F holds what lies outside
// the diagonal blocks), powers of two R that scale the rows, and row pivoting P. Analysed once, refactored often.
import { instantiate, type Kernels } from './kernels/instance.js';
import { copy } from './loops.js';
import type { Passage } from './passage.js';
import type { Pattern } from './pattern.js';

/** How often what was done, and how many entries the factors hold. */
export interface LuStatistics {
  /** Factorisations with a search for pivots. */
  factorisations: number;
  /** Factorisations on the pivots found before. */
  refactorisations: number;
  /** Entries of L without its unit diagonal. */
  nnzL: number;
  /** Entries of U with its diagonal. */
  nnzU: number;
}

export interface Lu {
  readonly stats: Readonly<LuStatistics>;
  /**
   * Factors with a fresh search for pivots. `values` holds the entries of the pattern in its order (more may follow
   * and are ignored). Returns 0, or 1 + a column of A that depends linearly on the others.
   */
  factor(values: Float64Array): number;
  /**
   * Factors on the pivots of the last `factor`. Returns 0, or non-zero when these no longer serve (a pivot vanished or
   * the entries grew): the factors are then not to be used.
   */
  refactor(values: Float64Array): number;
  /**
   * `refactor` where it serves, else `factor`, as where all pivots may stand on the diagonal for the first time: the one
   * call a solver needs. Returns as `factor` does.
   */
  factorise(values: Float64Array): number;
  /** `factorise` of G + αC, formed where it is factored. */
  factoriseSum(G: Float64Array, alpha: number, C: Float64Array): number;
  /** b := A⁻¹ b, length n, in place. */
  solve(b: Float64Array): void;
  /** b := A⁻ᵀ b, length n, in place. */
  solveTransposed(b: Float64Array): void;
  /** As newly made: what follows does not depend, to the last bit, on what was factored before. */
  forget(): void;
  /** Hands order, pivots and factors over, as the values that they were made of: the last bit is the same. */
  pass(passage: Passage): void;
}

export interface ComplexLu {
  readonly stats: Readonly<LuStatistics>;
  /** As `Lu.factor`, for re + i·im. */
  factor(re: Float64Array, im: Float64Array): number;
  /** As `Lu.refactor`. */
  refactor(re: Float64Array, im: Float64Array): number;
  /** As `Lu.factorise`. */
  factorise(re: Float64Array, im: Float64Array): number;
  /** re + i·im := A⁻¹ (re + i·im), in place. */
  solve(re: Float64Array, im: Float64Array): void;
  /** re + i·im := A⁻ᵀ (re + i·im), in place; transposed, not conjugated. */
  solveTransposed(re: Float64Array, im: Float64Array): void;
  /** As `Lu.forget`. */
  forget(): void;
}

/** A diagonal entry of this share of the largest candidate is good enough to be the pivot. */
const DIAGONAL_TOLERANCE = 1e-3;
/** Growth of the entries by more than this costs more digits than a new search for pivots. */
const GROWTH_LIMIT = 1e5;
/** A pivot below this share of its column is suspected to be rounding. */
const RATIO_LIMIT = 1e-13;
/** What is allowed beyond the quality that the last search for pivots itself achieved. */
const SLACK = 16;

/**
 * A sparse LU of matrices with one pattern. Memory is its own and is collected with it.
 *
 * Source: Gilbert & Peierls, SIAM J. Sci. Stat. Comput. 9 (1988); Davis & Palamadai Natarajan, ACM TOMS 37 (2010).
 */
export function createLu(pattern: Pattern): Lu {
  const core = createCore(pattern, 8);
  const { kernels } = core;
  const { n, nnz } = pattern;
  const setValues = copier(nnz);
  const setAddend = copier(nnz);
  let values = core.values();
  let addend = core.addend();
  let rhs = core.rhs();
  const valuesAt = values.byteOffset;
  const addendAt = addend.byteOffset;
  /** Memory that has grown leaves its old views with nothing. */
  const refresh = () => {
    if (values.length > 0) return;
    values = core.values();
    addend = core.addend();
    rhs = core.rhs();
  };
  /** Nothing but a factorisation makes memory grow. */
  const through = (status: number): number => {
    refresh();
    return status;
  };
  return {
    stats: core.stats,
    factor(a) {
      setValues(values, a, 0);
      return through(core.factor());
    },
    refactor(a) {
      setValues(values, a, 0);
      return through(core.refactor());
    },
    factorise(a) {
      setValues(values, a, 0);
      return through(core.factorise());
    },
    factoriseSum(G, alpha, C) {
      setValues(values, G, 0);
      setAddend(addend, C, 0);
      kernels.addMultiple(nnz, valuesAt, alpha, addendAt);
      return through(core.factorise());
    },
    solve(b) {
      core.assertFactored();
      copy(rhs, b, n);
      kernels.solveReal();
      copy(b, rhs, n);
    },
    solveTransposed(b) {
      core.assertFactored();
      copy(rhs, b, n);
      kernels.solveTransposedReal();
      copy(b, rhs, n);
    },
    forget: core.forget,
    pass(passage) {
      core.pass(passage);
      refresh();
    },
  };
}

/** As `createLu`, for complex values given and solved as separate real and imaginary parts. */
export function createComplexLu(pattern: Pattern): ComplexLu {
  const { n, nnz } = pattern;
  const core = createCore(pattern, 16);
  const { kernels } = core;
  const setReal = copier(nnz);
  const setImaginary = copier(nnz);
  let values = core.values();
  let rhs = core.rhs();
  const refresh = () => {
    if (values.buffer === kernels.memory.buffer) return;
    values = core.values();
    rhs = core.rhs();
  };
  const load = (re: Float64Array, im: Float64Array) => {
    refresh();
    setReal(values, re, 0);
    setImaginary(values, im, nnz);
  };
  const through = (kernel: () => void, re: Float64Array, im: Float64Array) => {
    core.assertFactored();
    refresh();
    for (let i = 0; i < n; i++) {
      rhs[2 * i] = re[i];
      rhs[2 * i + 1] = im[i];
    }
    kernel();
    for (let i = 0; i < n; i++) {
      re[i] = rhs[2 * i];
      im[i] = rhs[2 * i + 1];
    }
  };
  return {
    stats: core.stats,
    factor(re, im) {
      load(re, im);
      return core.factor();
    },
    refactor(re, im) {
      load(re, im);
      return core.refactor();
    },
    factorise(re, im) {
      load(re, im);
      return core.factorise();
    },
    solve(re, im) {
      through(kernels.solveComplex, re, im);
    },
    solveTransposed(re, im) {
      through(kernels.solveTransposedComplex, re, im);
    },
    forget: core.forget,
  };
}

/** Copies the first `count` numbers of `source` to `target[at…]` without allocating for a source seen before. */
function copier(count: number): (target: Float64Array, source: Float64Array, at: number) => void {
  let last: Float64Array | undefined;
  let head: Float64Array = new Float64Array(0);
  return (target, source, at) => {
    if (source.length < count) throw new RangeError(`expected ${count} values, got ${source.length}`);
    if (source !== last) {
      last = source;
      head = source.length === count ? source : source.subarray(0, count);
    }
    if (at === 0) copy(target, head, count);
    else target.set(head, at);
  };
}

interface Core {
  readonly kernels: Kernels;
  readonly stats: LuStatistics;
  values(): Float64Array;
  /** Where the second term of a sum may stand until that is factored. */
  addend(): Float64Array;
  rhs(): Float64Array;
  factor(): number;
  refactor(): number;
  factorise(): number;
  forget(): void;
  pass(passage: Passage): void;
  assertFactored(): void;
}

/** What real and complex factorisations share; values stand in the memory of `kernels` already. */
function createCore(pattern: Pattern, scalar: 8 | 16): Core {
  const { n, nnz } = pattern;
  const words = scalar / 8;
  const kernels = instantiate();
  kernels.create(n, nnz, scalar);
  const { buffer } = kernels.memory;
  new Int32Array(buffer, kernels.addressOfColPtr(), n + 1).set(pattern.colPtr);
  new Int32Array(buffer, kernels.addressOfRowIdx(), nnz).set(pattern.rowIdx);
  const analyse = scalar === 8 ? kernels.analyseReal : kernels.analyseComplex;
  const orderStands = scalar === 8 ? kernels.orderStandsReal : kernels.orderStandsComplex;
  const orderImproves = scalar === 8 ? kernels.orderImprovesReal : kernels.orderImprovesComplex;
  const numericFactor = scalar === 8 ? kernels.factorReal : kernels.factorComplex;
  const numericRefactor = scalar === 8 ? kernels.refactorReal : kernels.refactorComplex;
  const stats: LuStatistics = { factorisations: 0, refactorisations: 0, nnzL: 0, nnzU: 0 };
  let ordered = false;
  let unmatched = 0;
  let pivoted = false;
  let usable = false;
  let growthLimit = GROWTH_LIMIT;
  let ratioLimit = RATIO_LIMIT;
  /** Values that the order was made for, and those of the last search for pivots. */
  const orderedFor = new Float64Array(nnz * words);
  const searchedFor = new Float64Array(nnz * words);
  /** Factors have been made on those pivots since. */
  let refactored = false;

  const values = () => new Float64Array(kernels.memory.buffer, kernels.addressOfValues(), nnz * words);

  const within = (growth: number, ratio: number) =>
    kernels.growthOfLast() <= growth && kernels.pivotRatioOfLast() >= ratio;

  function order(): void {
    unmatched = analyse();
    ordered = unmatched === 0;
    orderedFor.set(values());
  }

  function factor(): number {
    usable = false;
    pivoted = false;
    if (!ordered || !orderStands()) order();
    searchedFor.set(values());
    refactored = false;
    if (ordered) stats.factorisations++;
    let singular = ordered ? numericFactor(DIAGONAL_TOLERANCE) : 0;
    if (!ordered || singular !== 0 || !within(GROWTH_LIMIT, RATIO_LIMIT)) {
      stats.factorisations++;
      singular = numericFactor(1) || unmatched;
    }
    if (singular !== 0) return singular;
    growthLimit = Math.max(GROWTH_LIMIT, SLACK * kernels.growthOfLast());
    ratioLimit = Math.min(RATIO_LIMIT, kernels.pivotRatioOfLast() / SLACK);
    stats.nnzL = kernels.countL();
    stats.nnzU = kernels.countU();
    usable = pivoted = true;
    return 0;
  }

  function refactor(): number {
    if (!pivoted) return factor();
    usable = false;
    refactored = true;
    stats.refactorisations++;
    const lost = numericRefactor();
    if (lost !== 0) return lost;
    if (!within(growthLimit, ratioLimit)) return -1;
    usable = true;
    return 0;
  }

  return {
    kernels,
    stats,
    values,
    addend: () => new Float64Array(kernels.memory.buffer, kernels.addressOfAddend(), nnz * words),
    rhs: () => new Float64Array(kernels.memory.buffer, kernels.addressOfRhs(), n * words),
    factor,
    refactor,
    factorise: () => (pivoted && !orderImproves() && refactor() === 0 ? 0 : factor()),
    forget() {
      ordered = pivoted = usable = false;
    },
    pass(passage) {
      const did = [ordered, pivoted, refactored].map((what) => passage.flag(what));
      const count = [...did, false].indexOf(false);
      const madeOf = [orderedFor, searchedFor, values()];
      if (!passage.back) {
        for (const made of madeOf.slice(0, count)) passage.vector(made);
        return;
      }
      // Order and pivots that were found for these values are there already; factors made since are others.
      const stands = [ordered, pivoted && count > 2, false];
      ordered &&= count > 0;
      pivoted &&= count > 1;
      usable = false;
      let same = true;
      [order, factor, refactor].slice(0, count).forEach((make, k) => {
        passage.vector(values());
        same &&= stands[k] && isSame(values(), madeOf[k]);
        if (!same) make();
      });
    },
    assertFactored() {
      if (!usable) throw new Error('solve before a successful factorisation');
    },
  };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}
