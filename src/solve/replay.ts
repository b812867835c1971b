// The relations of a tape solved anew, to rounding, for the same or other parameters: same grid, same modes, so that
// the trajectory is a smooth function of the parameters.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { addScaled } from '../math/loops.js';
import { type Arena, createArena } from '../math/vectors.js';
import { createState, DEPTH, lagrange, type State, signalOf } from './history.js';
import { createInputs } from './inputs.js';
import { pnjlim } from './junction.js';
import { HOLD } from './operating-point.js';
import type { SolveOptions } from './options.js';
import { createPastReader, type PastReader } from './past.js';
import { blankRelation, type Relation, type Tape } from './tape.js';
import { createLinearisation, type Linearisation, type Workspace } from './workspace.js';

export interface Replay {
  readonly system: System;
  readonly tape: Tape;
  readonly lin: Linearisation;
  /** Holds every state that `solve` is given, and λ where the relations are transposed. */
  readonly arena: Arena;
  readonly past: PastReader;
  /** x before the first relation, length size: what delayed signals were. */
  readonly origin: Float64Array;
  /**
   * y := the solution of relation k. Points before k come from `earlier`. Newton begins at the tape's own point, or, where
   * it keeps none, on the polynomial through the points that the relation names. All states are vectors of the arena.
   */
  solve(k: number, y: State, earlier: (place: number) => State): void;
  /** x[inputs] := values at t among the first `pieces` pieces, `left` as in `Inputs.at`. */
  inputsAt(t: number, left: number, pieces: number, modes: Float64Array, x: Float64Array): void;
  /** xdot[inputs] := slopes just after t, as a `slope` relation has them. */
  slopesAt(t: number, xdot: Float64Array): void;
  /** lin.G and lin.C at a point of the tape; G of the point at rest holds all that its rows do. */
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
}

/** Vectors of the residual, and of λ at every point that later ones still ask for. */
const VECTORS = 64;
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

/**
 * @param points states that will be made in its arena
 * @throws SimulationError `newton-diverged` from `solve` when a relation has no solution near its guess.
 */
export function createReplay(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  points: number,
): Replay {
  const { n, size, charges, junctions, delays, linear } = system;
  const { begin } = tape;
  const arena = createArena(n, size + charges, VECTORS + points, DEPTH, system.linearRows, workspace.pool);
  const lin = createLinearisation(system, workspace, arena);
  const { f, residual, G, C, lu } = lin;
  const { isNode } = system;
  const inputs = createInputs(system);
  const past = createPastReader(tape);
  const tol = arena.vector();
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
  const times = new Float64Array(DEPTH);
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  const relation = blankRelation();
  const holdsCharge = rowsWithCharge(system);
  const origin = begin.x.slice();
  const initialRows = new Float64Array(size);
  const initialCharges = new Float64Array(charges);
  if (begin.charges) {
    origin.fill(0);
    system.initialCharges(origin, initialRows, initialCharges);
  }
  /** Signals of every delay at every point solved. */
  const signals = delays.map(() => new Float64Array(tape.count));
  const initials = delays.map((d) => (begin.charges && !Number.isNaN(d.initial) ? d.initial : Number.NaN));
  /** f of the points at these places. */
  const held = new Int32Array(tape.reach + 1).fill(-1);
  const currents: Float64Array[] = [];
  let assembled = false;
  let factored = Number.NaN;
  let worst = 0;
  let made = -1;

  inputs.past = {
    value: (k, t) => {
      const m = past.at(t - delays[k].by, standing);
      if (m === 0) return Number.isNaN(initials[k]) ? signalOf(delays[k].signal, origin) : initials[k];
      let sum = 0;
      for (let j = 0; j < m; j++) sum += past.weights[j] * signals[k][past.places[j]];
      return sum;
    },
  };
  let standing = 0;

  const replay: Replay = {
    system,
    tape,
    lin,
    arena,
    past,
    origin,
    solve(k, y, earlier) {
      tape.relation(k, relation);
      held[k % held.length] = -1;
      if (relation.kind === 'mix') combine(relation, y, earlier);
      else {
        prepare(relation, y, earlier);
        iterate(relation, y);
        if (charges > 0) system.evaluateCharges(y.x, relation.t, y.q);
        if (relation.kind === 'rest') origin.set(y.x);
      }
      for (let d = 0; d < delays.length; d++) signals[d][k] = signalOf(delays[d].signal, y.x);
    },
    inputsAt(t, left, pieces, modes, x) {
      standing = pieces;
      inputs.modes.set(modes);
      inputs.at(t, x, left);
    },
    slopesAt: (t, xdot) => inputs.slopes(t, xdot),
    linearise(relation, x) {
      if (relation.kind === 'rest') assemble(relation, x, unused, undefined);
      else if (!(linear && assembled)) {
        scratch.fill(0);
        system.addNonlinear(x, relation.t, scratch, unused, G, C);
        assembled = true;
      }
    },
    factor(relation) {
      const { kind, alpha } = relation;
      const { stats } = lu;
      const same =
        replay.isConstant(relation) &&
        alpha === factored &&
        made === stats.factorisations + stats.refactorisations;
      if (same) return 0;
      const status = lin.factor(alpha);
      factored = kind === 'rest' ? Number.NaN : alpha;
      made = stats.factorisations + stats.refactorisations;
      return status;
    },
    isConstant: ({ kind }) => (linear && kind !== 'rest') || (kind === 'explicit' && charges === 0),
    nearlyFactored(relation) {
      const { kind, alpha } = relation;
      const { stats } = lu;
      if (kind === 'rest' || made !== stats.factorisations + stats.refactorisations) return false;
      if (replay.isConstant(relation)) return alpha === factored;
      return stats.nnzL + stats.nnzU > FEW * n && Math.abs(alpha / factored - 1) <= NEAR;
    },
    holdsCharge,
    residual: () => worst / options.reltol,
  };
  return replay;

  /** y := Σ u_j·y_j. */
  function combine(r: Relation, y: State, earlier: (place: number) => State): void {
    sum(r, r.share, y, earlier);
  }

  function sum(
    { count, from }: Relation,
    shares: Float64Array,
    y: State,
    earlier: (place: number) => State,
  ): void {
    if (count === 0) y.y.fill(0);
    for (let j = 0; j < count; j++) {
      arena.setPoint(j, earlier(from[j]).y);
      arena.a[j] = shares[j];
    }
    if (count > 0) arena.combine(count, y.y);
  }

  /** The guess and inputs in y, and what the relation takes from earlier points. */
  function prepare(r: Relation, y: State, earlier: (place: number) => State) {
    const { kind, from, alpha } = r;
    base.y.fill(0);
    extra.fill(0);
    if (kind === 'explicit') explicit(r, earlier);
    else combine(r, ref, earlier);
    if (kind === 'slope') inputs.slopes(r.t, base.x);
    if (kind === 'charges') {
      ref.q.set(initialCharges);
      for (let i = 0; i < n; i++) extra[i] = -alpha * initialRows[i];
    }
    if (kind === 'trapezoid') {
      system.evaluate(earlier(from[0]).x, tape.timeOf(from[0]), carried, unused);
      for (let i = 0; i < n; i++) if (holdsCharge[i]) extra[i] += carried[i];
    }
    if (tape.keepsPoints) tape.point(r.place, y.x);
    else if (kind === 'explicit') y.x.set(ref.x);
    else if (r.count === 0) y.x.set(origin);
    else extrapolate(r, y, earlier);
    if (kind === 'rest') {
      inputs.modes.set(r.modes);
      for (let k = 0; k < system.sources.length; k++) inputs.values[k] = system.sources[k].value(0);
      inputs.steady(y.x);
    } else replay.inputsAt(r.t, r.left, r.pieces, r.modes, y.x);
  }

  /** The charges from which the point follows, and what currents carry away from them. */
  function explicit({ count, from, share }: Relation, earlier: (place: number) => State): void {
    ref.y.set(earlier(from[0]).y);
    for (let j = 1; j < count; j++) addScaled(extra, share[j], currentsAt(from[j], earlier), n);
  }

  /** f of an earlier point, rows < n. */
  function currentsAt(place: number, earlier: (place: number) => State): Float64Array {
    const k = place % held.length;
    currents[k] ??= new Float64Array(n);
    if (held[k] !== place) {
      system.evaluate(earlier(place).x, tape.timeOf(place), carried, unused);
      currents[k].set(carried.subarray(0, n));
      held[k] = place;
    }
    return currents[k];
  }

  function extrapolate(r: Relation, y: State, earlier: (place: number) => State): void {
    for (let j = 0; j < r.count; j++) times[j] = tape.timeOf(r.from[j]);
    lagrange(times, r.count, r.t, weights, slopes);
    sum(r, weights, y, earlier);
  }

  function iterate(r: Relation, y: State): void {
    const { x } = y;
    const constant = replay.isConstant(r);
    readJunctions(x, before);
    measure(x, isNode, options, tol);
    let previous = Infinity;
    let fresh = !replay.nearlyFactored(r);
    for (let m = 0; m < MOST_ITERATIONS; m++) {
      if (r.kind === 'rest' && delays.length > 0) inputs.settleDelays(x);
      const clamped = previous > SMALL && r.kind !== 'explicit' && limitJunctions(x);
      evaluate(r, y, fresh, clamped ? limited : undefined);
      if (fresh && replay.factor(r) !== 0) break;
      lu.solve(residual);
      const norm = arena.update(y.y, f, tol, 1);
      if (!Number.isFinite(norm)) break;
      const ratio = previous < Infinity ? norm / previous : 1;
      const done = norm * Math.min(1, ratio) <= NEGLIGIBLE || (constant && norm <= SMALL);
      const rounding = norm <= SMALL && previous <= SMALL && ratio > SHRINKING && (fresh || constant);
      if (!clamped && (done || rounding)) {
        worst = Math.max(worst, norm);
        if (r.kind === 'rest' && delays.length > 0) inputs.settleDelays(x);
        return;
      }
      if (norm > FAR) measure(x, isNode, options, tol);
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

  /** f := residual of the relation; G and C when a new matrix is wanted. */
  function evaluate(r: Relation, { y, x, q }: State, fresh: boolean, clamp: Float64Array | undefined): void {
    const { alpha } = r;
    if (r.kind === 'rest') {
      if (fresh) assemble(r, x, q, clamp);
      else system.evaluate(x, r.t, f, q, undefined, undefined, clamp);
      for (let i = 0; i < n; i++) if (system.isNode[i]) f[i] += options.gmin * x[i];
      for (const [i, v] of system.initialConditions) f[i] += HOLD * (x[i] - v);
      return;
    }
    if (r.kind === 'explicit') {
      evaluateCharges(r, { x, q }, fresh);
      return;
    }
    arena.linearResidual(y, ref.y, base.y, alpha, f);
    f.fill(0, n);
    if (fresh && !(linear && assembled)) {
      system.addNonlinear(x, r.t, f, q, G, C, clamp);
      assembled = true;
    } else system.addNonlinear(x, r.t, f, q, undefined, undefined, clamp);
    for (let i = 0; i < charges; i++) qdot[i] = alpha * (q[i] - ref.q[i]);
    system.addChargeRates(qdot, f);
    if (r.kind === 'trapezoid' || r.kind === 'charges') for (let i = 0; i < n; i++) f[i] += extra[i];
  }

  /** f := what the charges of an explicit relation are off by. */
  function evaluateCharges({ t }: Relation, { x, q }: Pick<State, 'x' | 'q'>, fresh: boolean): void {
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

  /** f, q, G and C at x; G and C of a linear system are kept. */
  function assemble(r: Relation, x: Float64Array, q: Float64Array, clamp: Float64Array | undefined): void {
    const rests = r.kind === 'rest';
    if (linear && assembled && !rests) system.evaluate(x, r.t, f, q);
    else system.evaluate(x, r.t, f, q, G, C, clamp);
    assembled = !rests;
    if (!rests) return;
    // Inputs other than delays keep columns of their own.
    border.set(G.subarray(system.pattern.nnz));
    system.dcCoupling(G);
    G.set(border, system.pattern.nnz);
    for (let i = 0; i < n; i++) if (system.isNode[i]) G[system.diagonal[i]] += options.gmin;
    for (const [i] of system.initialConditions) G[system.diagonal[i]] += HOLD;
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

/** tol: corrections are measured against an unknown itself, or a share of the largest one of its kind. */
function measure(
  x: Float64Array,
  isNode: Uint8Array,
  { vntol, abstol }: SolveOptions,
  tol: Float64Array,
): void {
  let node = vntol / SHARE_OF_LARGEST;
  let other = abstol / SHARE_OF_LARGEST;
  for (let i = 0; i < isNode.length; i++) {
    const size = Math.abs(x[i]);
    if (isNode[i] === 0) other = Math.max(other, size);
    else node = Math.max(node, size);
  }
  node *= SHARE_OF_LARGEST;
  other *= SHARE_OF_LARGEST;
  for (let i = 0; i < isNode.length; i++) tol[i] = Math.abs(x[i]) + (isNode[i] === 0 ? other : node);
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
