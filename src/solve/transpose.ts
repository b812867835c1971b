// The discrete adjoint: the relations of a tape transposed, from the last point to the first. With A = G + αC at a
// point, Aᵀλ = −(what later points and the cost ask of it), and every relation passes λ on to the points it names.
import type { Sensitivity, System } from '../circuit/system.js';
import { addScaled, addTransposed, addTransposedRows, keepMarked, scale } from '../math/loops.js';
import { type Costate, createCostates, noShares, type Shares } from './costates.js';
import { DEPTH } from './history.js';
import { blankRelation, type Relation } from './tape.js';
import { createAudit } from './tellegen.js';
import type { Trajectory } from './trajectory.js';
import { createTransposedSolve } from './transposed-solve.js';

/** Receives ∂J/∂x of the points through which a piece of dense output goes. */
export interface Claims {
  /** ∂J/∂x of the point += factor·gradient over the entries `which`, of unknowns only unless the point itself is read. */
  addPoint(place: number, factor: number, gradient: Float64Array, which: Int32Array, count: number): void;
  /** ν (length size, entries ≥ n) of inputs read as by `Replay.inputsAt`. */
  addInputs(nu: Float64Array, t: number, left: number, pieces: number): void;
}

/** What later relations and the cost ask of a point: of its x (length size), of its charges and its currents. */
interface Claim {
  x: Float64Array | undefined;
  readonly charge: Shares;
  readonly current: Shares;
}

/** One point in so many is audited. */
const AUDITED = 8;
/** Share of the way to the next corner over which the slope of a source is differenced. */
const SLOPE_STEP = 1e-4;
/** Share of x by which charges are moved along the slopes of the inputs. */
const CHARGE_STEP = 1e-3;

/**
 * Adds dJ/dp to the sensitivity: one transposed solution per point, whatever the number of parameters.
 *
 * @param cost adds what the cost reads of piece p
 * @returns the worst |Σ v·i| over Σ |v·i| across a point's linearised network and its adjoint (Tellegen's theorem)
 * @throws LearningError `singular` when a matrix of the trajectory has no inverse.
 * Source: Cao, Li, Petzold & Serban, SIAM J. Sci. Comput. 24 (2003) 1076, of the
 * discretisation itself instead of the differential equation.
 */
export function transpose(
  { replay, point }: Trajectory,
  sensitivity: Sensitivity,
  cost: (piece: number, claims: Claims) => void,
): number {
  const { system, tape, relations, lin, arena, past, origin } = replay;
  const { holdsCharge } = relations;
  const { n, size, charges, delays } = system;
  const relation = blankRelation();
  const waiting = new Map<number, Claim>();
  const pool: Float64Array[] = [];
  /** ∂J/∂(signal of delay d at the point). */
  const ofSignals = delays.map(() => new Float64Array(tape.count));
  const ofPast = new Float64Array(delays.length);
  const nu = new Float64Array(size);
  const charge = arena.vector();
  const current = arena.vector();
  const wide = new Float64Array(size);
  const moved = new Float64Array(size);
  const slopes = new Float64Array(size);
  const audit = createAudit(system);
  let solutions = 0;
  let tellegen = 0;

  const solveTransposed = createTransposedSolve(replay);
  const costates = createCostates(arena, n, DEPTH);
  const columns = inputColumns(system);
  const vector = () => pool.pop()?.fill(0) ?? new Float64Array(size);
  const claimOf = (place: number): Claim => {
    let claim = waiting.get(place);
    if (!claim) {
      claim = { x: undefined, charge: noShares(), current: noShares() };
      waiting.set(place, claim);
    }
    return claim;
  };
  const claims: Claims = {
    addPoint(place, factor, gradient, which, count) {
      const claim = claimOf(place);
      claim.x ??= vector();
      const { x } = claim;
      for (let k = 0; k < count; k++) x[which[k]] += factor * gradient[which[k]];
    },
    addInputs(of, t, left, standing) {
      sensitivity.addSources(of, t - left);
      for (let d = 0; d < delays.length; d++) {
        const value = of[delays[d].slot];
        if (value === 0) continue;
        const m = past.at(t - left - delays[d].by, standing);
        if (m === 0) ofPast[d] += value;
        for (let j = 0; j < m; j++) ofSignals[d][past.places[j]] += past.weights[j] * value;
      }
    },
  };

  let piece = tape.pieces - 1;
  for (let k = tape.count - 1; k >= 0; k--) {
    for (; piece >= 0 && tape.endOf(piece) === k; piece--) cost(piece, claims);
    tape.relation(k, relation);
    if (relation.kind === 'mix') {
      for (let d = 0; d < delays.length; d++) {
        const { count, from, share } = relation;
        for (let j = 0; j < count; j++) ofSignals[d][from[j]] += share[j] * ofSignals[d][k];
      }
    } else if (k === 0 || ofSignals.some((of) => of[k] !== 0)) claimSignals(k, point(k));
    const claim = waiting.get(k);
    if (!claim) continue;
    waiting.delete(k);
    if (relation.kind === 'mix') spread(relation, claim);
    else solve(relation, point(k), claim);
    costates.pay(claim.charge);
    costates.pay(claim.current);
    if (claim.x) pool.push(claim.x);
  }
  return tellegen;

  /** What was asked of the signals of delays at point k is asked of its x. */
  function claimSignals(k: number, x: Float64Array): void {
    for (let d = 0; d < delays.length; d++) {
      let value = ofSignals[d][k];
      if (k === 0) {
        if (relation.kind === 'rest') value += ofPast[d];
        else if (Number.isNaN(delays[d].initial)) sensitivity.addDelayed(d, ofPast[d], origin);
        else sensitivity.addDelayedInitial(d, ofPast[d]);
      }
      if (value !== 0) claimSignal(d, value, x);
    }
    function claimSignal(d: number, value: number, at: Float64Array): void {
      const { index, weight } = delays[d].signal;
      const claim = claimOf(k);
      claim.x ??= vector();
      for (let j = 0; j < index.length; j++) claim.x[index[j]] += weight[j] * value;
      sensitivity.addDelayed(d, value, at);
    }
  }

  function spread({ count, from, share }: Relation, { x, charge }: Claim): void {
    for (let j = 0; j < count; j++) {
      const other = claimOf(from[j]);
      if (x) {
        other.x ??= vector();
        addScaled(other.x, share[j], x, n);
      }
      for (let c = 0; c < charge.of.length; c++)
        costates.owe(other.charge, charge.of[c], share[j] * charge.share[c]);
    }
  }

  function solve(relation: Relation, x: Float64Array, claim: Claim): void {
    const { kind, alpha, t } = relation;
    relations.linearise(relation, x);
    // b = what is asked of x itself, and through the charges and currents there.
    if (claim.x) nu.set(claim.x);
    else nu.fill(0);
    const asksCharge = claim.charge.of.length > 0;
    const asksCurrent = claim.current.of.length > 0;
    costates.gather(claim.charge, charge);
    costates.gather(claim.current, current);
    if (asksCharge) addCharge();
    if (asksCurrent) {
      keepMarked(current, holdsCharge);
      addThrough(lin.G, current);
    }
    if (relation.kind === 'rest') settleDelays(x);
    const costate = costates.take();
    const { lambda } = costate;
    solveTransposed(relation, nu, lambda);
    if (solutions++ % AUDITED === 0 || kind === 'rest')
      tellegen = Math.max(tellegen, audit(lin.G, lin.C, alpha, lambda, nu));
    // What λ weighs: the point's own currents, unless the relation is of charges alone, and its charges.
    const ofCharge = kind === 'explicit' ? 1 : alpha;
    if (kind !== 'explicit') {
      addColumns(columns, lin.G, 1, lambda, nu);
      if (asksCurrent) addScaled(current, 1, lambda, n);
    }
    if (ofCharge !== 0) addColumns(columns, lin.C, ofCharge, lambda, nu);
    if (asksCurrent) sensitivity.addCurrents(current, x, t);
    else if (kind !== 'explicit') sensitivity.addCurrents(costate.wide, x, t);
    if (ofCharge !== 0) addScaled(charge, ofCharge, lambda, n);
    if (asksCharge || ofCharge !== 0) sensitivity.addCharges(charge, x, t);
    if (kind === 'rest') {
      settleDelays(x);
      nu.fill(0, 0, n);
      sensitivity.addSources(nu, 0);
    } else passOn(relation, x, costate);
    costates.settle(costate);
  }

  function passOn(relation: Relation, x: Float64Array, costate: Costate): void {
    const { kind, alpha, count, from, share, t } = relation;
    nu.fill(0, 0, n);
    claims.addInputs(nu, t, relation.left, relation.pieces);
    if (kind === 'charges') {
      wide.fill(0);
      scale(wide, -alpha, costate.lambda, n);
      sensitivity.addInitialCharges(wide);
      return;
    }
    if (kind === 'slope') {
      wide.fill(0);
      wide.set(costate.lambda);
      addSlopes(relation, x);
    }
    if (kind === 'explicit') {
      costates.owe(claimOf(from[0]).charge, costate, -1);
      for (let j = 1; j < count; j++) costates.owe(claimOf(from[j]).current, costate, share[j]);
      return;
    }
    for (let j = 0; j < count; j++) costates.owe(claimOf(from[j]).charge, costate, -alpha * share[j]);
    if (kind === 'trapezoid') costates.owe(claimOf(from[0]).current, costate, 1);
  }

  /** ν += Cᵀ charge. */
  function addCharge(): void {
    if (charges > 0) addThrough(lin.C, charge);
    else addTransposedRows(system.linearRows.C, charge, nu);
  }

  /** ν += Aᵀv over all columns. */
  function addThrough(A: Float64Array, v: Float64Array): void {
    addTransposed(system.pattern, A, v, nu);
    addColumns(columns, A, 1, v, nu);
  }

  /** At rest a delayed signal is what it delays. */
  function settleDelays(x: Float64Array): void {
    for (let d = 0; d < delays.length; d++) {
      const { slot, signal } = delays[d];
      if (nu[slot] === 0) continue;
      for (let j = 0; j < signal.index.length; j++) nu[signal.index[j]] += signal.weight[j] * nu[slot];
      sensitivity.addDelayed(d, nu[slot], x);
      nu[slot] = 0;
    }
  }

  /** Beside the relation of a jump: λᵀ C u̇ with the slopes u̇ of the inputs. */
  function addSlopes({ t, left }: Relation, x: Float64Array): void {
    replay.slopesAt(t, slopes);
    let largest = 0;
    let scale = 0;
    for (let i = n; i < size; i++) {
      largest = Math.max(largest, Math.abs(slopes[i]));
      scale = Math.max(scale, Math.abs(x[i]));
    }
    if (largest > 0) {
      const s = (CHARGE_STEP * scale) / largest;
      for (let i = 0; i < size; i++) {
        moved[i] = x[i] + s * slopes[i];
        wide[i] /= s;
      }
      sensitivity.addCharges(wide, moved, t);
      for (let i = 0; i < size; i++) wide[i] = -wide[i];
      sensitivity.addCharges(wide, x, t);
      for (let i = 0; i < size; i++) wide[i] *= -s;
    }
    nu.fill(0);
    const { start, column, value } = system.linearRows.C;
    for (let i = 0; i < n; i++) {
      for (let k = start[i]; k < start[i + 1]; k++) if (column[k] >= n) nu[column[k]] += value[k] * wide[i];
    }
    let corner = tape.timeOf(tape.endOf(tape.pieces - 1));
    if (corner <= t) return;
    for (const source of system.sources) corner = Math.min(corner, source.nextBreakpoint(t - left));
    const step = SLOPE_STEP * (corner - t);
    // Forward difference of second order: waveforms are smooth between corners.
    for (const [at, weight] of [
      [0, -1.5],
      [1, 2],
      [2, -0.5],
    ]) {
      for (let i = n; i < size; i++) moved[i] = (weight / step) * nu[i];
      moved.fill(0, 0, n);
      sensitivity.addSources(moved, t - left + at * step);
    }
  }
}

/** Border entries of rows of unknowns in columns of inputs that may move: all but the constant and ground. */
interface InputColumns {
  readonly slot: Int32Array;
  readonly row: Int32Array;
  readonly column: Int32Array;
}

function inputColumns({ n, size, pattern, borderRow, borderCol }: System): InputColumns {
  const found: number[] = [];
  for (let k = 0; k < borderRow.length; k++)
    if (borderRow[k] < n && borderCol[k] >= n && borderCol[k] < size - 2) found.push(k);
  return {
    slot: Int32Array.from(found, (k) => pattern.nnz + k),
    row: Int32Array.from(found, (k) => borderRow[k]),
    column: Int32Array.from(found, (k) => borderCol[k]),
  };
}

/** out += factor·Aᵀv over these columns. */
function addColumns(
  { slot, row, column }: InputColumns,
  A: Float64Array,
  factor: number,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < slot.length; k++) out[column[k]] += factor * A[slot[k]] * v[row[k]];
}
