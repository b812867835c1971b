// One relation of a tape at a time: what it takes from earlier points, its residual and matrix, and its solution to
// rounding, so that the trajectory is a smooth function of the parameters.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { addScaled, clear } from '../math/loops.js';
import type { Passage } from '../math/passage.js';
import type { Arena } from '../math/vectors.js';
import { createState, type State } from './history.js';
import type { Inputs } from './inputs.js';
import { pnjlim } from './junction.js';
import { HOLD } from './operating-point.js';
import type { SolveOptions } from './options.js';
import type { Relation } from './relation.js';
import { createRoundingTest } from './rounding.js';
import type { Tape } from './tape.js';
import type { Linearisation } from './workspace.js';

export interface Relations {
  /**
   * y := the solution of a relation that names these points, or their mix: its residual becomes `remainder` (length n), or
   * zero. y.x holds a guess and, but for a mix, the inputs. All states are vectors of the arena.
   *
   * @throws SimulationError `newton-diverged` when there is no solution near the guess.
   */
  solve(relation: Relation, y: State, named: readonly State[], remainder?: Float64Array): void;
  /** out (length n) := the residual of a relation at y. */
  remainder(relation: Relation, y: State, named: readonly State[], out: Float64Array): void;
  /** y := Σ share_j·named_j over the points that a relation names. */
  combine(count: number, share: Float64Array, named: readonly State[], y: State): void;
  /** G and C at a point of the tape; G of the point at rest holds all that its rows do. */
  linearise(relation: Relation, x: Float64Array): void;
  /** Factors G + αC, or C with α = ∞, of what was linearised last. Returns as `Lu.factor`. */
  factor(relation: Relation): number;
  /** Whether the matrix of the relation is the same at every x. */
  isConstant(relation: Relation): boolean;
  /** Whether the present factors are near enough to those of the relation for iterations to converge with them. */
  nearlyFactored(relation: Relation): boolean;
  /** 1 for rows in which charges stand; the others are algebraic and hold at every instant by themselves. */
  readonly holdsCharge: Uint8Array;
  /** Largest last correction of Newton’s method so far, in units of the tolerances. */
  residual(): number;
  /** Hands over what is known of the factors, after the LU has handed over these. */
  pass(passage: Passage): void;
}

/** Vectors that `createRelations` makes in its arena. */
export const RELATION_VECTORS = 4;
const MOST_ITERATIONS = 60;
/** The correction that would follow is below rounding. */
const NEGLIGIBLE = 1e-14;
const SHARE_OF_LARGEST = 1e-3;
/** Corrections this small that no longer shrink are rounding. */
const SMALL = 1e-7;
const SHRINKING = 0.3;
/** Corrections this large move what they are measured against. */
const FAR = 0.01;
/** Corrections that shrink less than this call for a new matrix. */
const CONTRACTION = 0.01;
/** So far α may have moved from where the matrix was factored. */
const NEAR = 0.003;
/** Factors with so few entries per unknown are made anew sooner than a solution is refined. */
const FEW = 12;

/** @param lin of the same arena; what it holds is overwritten */
export function createRelations(
  tape: Tape,
  options: SolveOptions,
  system: System,
  inputs: Inputs,
  lin: Linearisation,
  arena: Arena,
): Relations {
  const { n, size, charges, junctions, delays, linear, isNode } = system;
  const { f, residual, G, C, lu } = lin;
  const tol = arena.vector();
  const nodes = arena.vector();
  nodes.set(isNode);
  const ref = createState(size, charges, arena);
  const base = createState(size, charges, arena);
  const qdot = new Float64Array(charges);
  const extra = new Float64Array(n);
  const carried = new Float64Array(size);
  const scratch = new Float64Array(size);
  const unused = new Float64Array(charges);
  const border = new Float64Array(system.slots - system.pattern.nnz);
  const before = new Float64Array(junctions.count);
  const limited = new Float64Array(junctions.count);
  const holdsCharge = rowsWithCharge(system);
  const roundingExplains = createRoundingTest(system, lin);
  const initialRows = new Float64Array(size);
  const initialCharges = new Float64Array(charges);
  if (tape.begin.charges) system.initialCharges(scratch, initialRows, initialCharges);
  /** f of the points at these places. */
  const currents: Float64Array[] = [];
  const held: number[] = [];
  let assembled = false;
  let factored = Number.NaN;
  let made = -1;
  let worst = 0;

  const makings = (): number => lu.stats.factorisations + lu.stats.refactorisations;

  const relations: Relations = {
    solve(r, y, named, remainder) {
      held[r.place % (tape.reach + 1)] = -1;
      if (r.kind === 'mix') {
        relations.combine(r.count, r.share, named, y);
        return;
      }
      prepare(r, named);
      iterate(r, y, remainder);
      if (charges > 0) system.evaluateCharges(y.x, r.t, y.q);
    },
    remainder(r, y, named, out) {
      prepare(r, named);
      evaluate(r, y, false, undefined);
      out.set(residual);
    },
    combine(count, share, named, y) {
      if (count === 0) y.y.fill(0);
      for (let j = 0; j < count; j++) {
        arena.setPoint(j, named[j].y);
        arena.a[j] = share[j];
      }
      if (count > 0) arena.combine(count, y.y);
    },
    linearise(r, x) {
      if (r.kind === 'rest') assembleAtRest(x, unused, undefined);
      else if (!(linear && assembled)) {
        scratch.fill(0);
        system.addNonlinear(x, r.t, scratch, unused, G, C);
        assembled = true;
      }
    },
    factor(r) {
      const { kind, alpha } = r;
      const untouched = made === makings();
      if (relations.isConstant(r) && alpha === factored && untouched) return 0;
      const status = lin.factor(alpha);
      factored = kind === 'rest' ? Number.NaN : alpha;
      made = makings();
      return status;
    },
    isConstant: ({ kind }) => (linear && kind !== 'rest') || (kind === 'explicit' && charges === 0),
    nearlyFactored(r) {
      const { kind, alpha } = r;
      const { stats } = lu;
      if (kind === 'rest' || made !== makings()) return false;
      if (relations.isConstant(r)) return alpha === factored;
      return stats.nnzL + stats.nnzU > FEW * n && Math.abs(alpha / factored - 1) <= NEAR;
    },
    holdsCharge,
    residual: () => worst / options.reltol,
    pass(passage) {
      const own = passage.flag(made === makings());
      factored = passage.number(factored);
      if (!passage.back) return;
      made = own ? makings() : -1;
      assembled = false;
    },
  };
  return relations;

  /** What the relation takes from earlier points. */
  function prepare({ kind, t, alpha, count, from, share }: Relation, named: readonly State[]): void {
    if (kind === 'rest') return;
    if (kind === 'explicit') {
      ref.y.set(named[0].y);
      extra.fill(0);
      for (let j = 1; j < count; j++) addScaled(extra, share[j], currentsOf(from[j], named[j].x), n);
      return;
    }
    relations.combine(count, share, named, ref);
    if (kind === 'charges') {
      ref.q.set(initialCharges);
      for (let i = 0; i < n; i++) extra[i] = -alpha * initialRows[i];
    } else if (kind === 'trapezoid') {
      system.evaluate(named[0].x, tape.timeOf(from[0]), carried, unused);
      for (let i = 0; i < n; i++) extra[i] = holdsCharge[i] ? carried[i] : 0;
    }
    clear(base.y, base.y.length);
    if (kind === 'slope') inputs.slopes(t, base.x);
  }

  /** f of an earlier point, rows < n. */
  function currentsOf(place: number, x: Float64Array): Float64Array {
    const k = place % (tape.reach + 1);
    currents[k] ??= new Float64Array(n);
    if (held[k] !== place) {
      system.evaluate(x, tape.timeOf(place), carried, unused);
      currents[k].set(carried.subarray(0, n));
      held[k] = place;
    }
    return currents[k];
  }

  function iterate(r: Relation, y: State, remainder: Float64Array | undefined): void {
    const { x } = y;
    const constant = relations.isConstant(r);
    readJunctions(x, before);
    measure(x);
    let previous = Infinity;
    let fresh = !relations.nearlyFactored(r);
    for (let m = 0; m < MOST_ITERATIONS; m++) {
      if (r.kind === 'rest' && delays.length > 0) inputs.settleDelays(x);
      const clamped = previous > SMALL && r.kind !== 'explicit' && limitJunctions(x);
      evaluate(r, y, fresh, clamped ? limited : undefined);
      if (remainder) addScaled(f, -1, remainder, n);
      if (fresh && relations.factor(r) !== 0) break;
      lu.solve(residual);
      const norm = arena.update(y.y, f, tol, 1);
      if (!Number.isFinite(norm)) break;
      const ratio = previous < Infinity ? norm / previous : 1;
      const done = norm * Math.min(1, ratio) <= NEGLIGIBLE || (constant && norm <= SMALL);
      const stagnant = ratio > SHRINKING && (fresh || constant);
      const rounding = stagnant && (norm <= SMALL ? previous <= SMALL : m > 1 && isRounding(r, x));
      if (!clamped && (done || rounding)) {
        worst = Math.max(worst, norm);
        if (r.kind === 'rest' && delays.length > 0) inputs.settleDelays(x);
        return;
      }
      if (norm > FAR) measure(x);
      fresh = !constant && m > 0 && ratio > CONTRACTION;
      previous = clamped ? Infinity : norm;
    }
    throw new SimulationError(`the recorded step to t = ${r.t} s has no solution here`, {
      code: 'newton-diverged',
      time: r.t,
      unknowns: [],
      devices: [],
      tried: ['Newton from the recorded trajectory'],
    });
  }

  /** Tolerances may lie below what an unknown, small beside those around it, is rounded by. */
  function isRounding({ kind, alpha }: Relation, x: Float64Array): boolean {
    return kind !== 'explicit' && roundingExplains(alpha, x, f, tol, SMALL);
  }

  /** f := residual of the relation; G and C when a new matrix is wanted. */
  function evaluate(r: Relation, { y, x, q }: State, fresh: boolean, clamp: Float64Array | undefined): void {
    const { kind, alpha } = r;
    if (kind === 'rest') {
      if (fresh) assembleAtRest(x, q, clamp);
      else system.evaluate(x, r.t, f, q, undefined, undefined, clamp);
      for (let i = 0; i < n; i++) if (isNode[i]) f[i] += options.gmin * x[i];
      for (const [i, v] of system.initialConditions) f[i] += HOLD * (x[i] - v);
      return;
    }
    if (kind === 'explicit') {
      evaluateCharges(r.t, x, q, fresh);
      return;
    }
    arena.linearResidual(y, ref.y, base.y, alpha, f);
    clear(f, size, n);
    if (fresh && !(linear && assembled)) {
      system.addNonlinear(x, r.t, f, q, G, C, clamp);
      assembled = true;
    } else system.addNonlinear(x, r.t, f, q, undefined, undefined, clamp);
    if (charges > 0) {
      for (let i = 0; i < charges; i++) qdot[i] = alpha * (q[i] - ref.q[i]);
      system.addChargeRates(qdot, f);
    }
    if (kind === 'trapezoid' || kind === 'charges') for (let i = 0; i < n; i++) f[i] += extra[i];
  }

  /** f := what the charges of an explicit relation are off by. */
  function evaluateCharges(t: number, x: Float64Array, q: Float64Array, fresh: boolean): void {
    if (fresh && !(linear && assembled)) {
      system.addNonlinear(x, t, scratch, q, G, C);
      assembled = true;
    } else if (charges > 0) system.evaluateCharges(x, t, q);
    for (let i = 0; i < size; i++) scratch[i] = x[i] - ref.x[i];
    for (let i = 0; i < charges; i++) qdot[i] = q[i] - ref.q[i];
    f.fill(0);
    system.addRates(scratch, qdot, f);
    addScaled(f, 1, extra, n);
  }

  /** f, q, G and C at x, with what the operating point has besides: delays at rest, gmin, `.ic` held. */
  function assembleAtRest(x: Float64Array, q: Float64Array, clamp: Float64Array | undefined): void {
    system.evaluate(x, 0, f, q, G, C, clamp);
    assembled = false;
    // Inputs other than delays keep columns of their own.
    border.set(G.subarray(system.pattern.nnz));
    system.dcCoupling(G);
    G.set(border, system.pattern.nnz);
    for (let i = 0; i < n; i++) if (isNode[i]) G[system.diagonal[i]] += options.gmin;
    for (const [i] of system.initialConditions) G[system.diagonal[i]] += HOLD;
  }

  /** tol: corrections are measured against an unknown itself, or a share of the largest one of its kind. */
  function measure(x: Float64Array): void {
    const { vntol, abstol } = options;
    arena.scales(x, nodes, vntol / SHARE_OF_LARGEST, abstol / SHARE_OF_LARGEST, SHARE_OF_LARGEST, tol);
  }

  function readJunctions(x: Float64Array, v: Float64Array): void {
    for (let k = 0; k < junctions.count; k++) v[k] = x[junctions.plus[k]] - x[junctions.minus[k]];
  }

  function limitJunctions(x: Float64Array): boolean {
    let clamped = false;
    readJunctions(x, limited);
    for (let k = 0; k < junctions.count; k++) {
      const v = pnjlim(limited[k], before[k], junctions.thermal[k], junctions.critical[k]);
      if (Math.abs(v - limited[k]) > 1e-9 + 1e-6 * Math.abs(v)) clamped = true;
      limited[k] = before[k] = v;
    }
    return clamped;
  }
}

function rowsWithCharge(system: System): Uint8Array {
  const { n, size, charges, linearRows } = system;
  const { start, value } = linearRows.C;
  const holds = new Uint8Array(n);
  // Rates without a rational ratio: contributions to a row cannot cancel.
  const rows = new Float64Array(size);
  system.addChargeRates(
    Float64Array.from({ length: charges }, (_, k) => Math.sqrt(k + 2)),
    rows,
  );
  for (let i = 0; i < n; i++) {
    if (rows[i] !== 0) holds[i] = 1;
    for (let k = start[i]; k < start[i + 1]; k++) if (value[k] !== 0) holds[i] = 1;
  }
  return holds;
}
