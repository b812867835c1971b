// The discrete adjoint: the relations of a tape transposed, from the last point to the first. With A = G + αC at a
// point, Aᵀλ = −(what later points and the cost ask of it), and every relation passes λ on to the points it names.
import type { Sensitivity } from '../circuit/system.js';
import { addScaled, addTransposed, addTransposedRows, clear, keepMarked, scale } from '../math/loops.js';
import { rowOfEntries } from '../math/rows.js';
import { type Claim, type Costate, createClaims, createCostates } from './costates.js';
import { DEPTH } from './history.js';
import { addTransposedBorder, inputColumns } from './input-columns.js';
import { createMotion } from './motion.js';
import { blankRelation, type Relation } from './relation.js';
import { sourceSlopes } from './source-slopes.js';
import { createAudit } from './tellegen.js';
import { createPieceSlopes, ENDS } from './traces.js';
import type { Trajectory } from './trajectory.js';
import { createTransposedSolve } from './transposed-solve.js';

/** Receives ∂J/∂x of the points through which a piece of dense output goes. */
export interface Claims {
  /**
   * ∂J/∂x of the point in entry `which[k]` += `values[at + k]`, k < count; of unknowns only unless the point itself is
   * read.
   */
  addPoint(place: number, which: Int32Array, count: number, values: Float64Array, at: number): void;
  /** ν (length size, entries ≥ n) of inputs read as by `Replay.inputsAt`. */
  addInputs(nu: Float64Array, t: number, left: number, pieces: number): void;
  /**
   * ∂J/∂t* of the instant behind which piece p comes, all its points moving with the grid; and ∂J/∂t* of the instant at
   * which it ends, where it ends in a flip, its polynomial staying.
   */
  addInstants(p: number, before: number, end: number): void;
}

/** One point in so many is audited. */
const AUDITED = 64;

/**
 * Adds dJ/dp to the sensitivity: one transposed solution per point, whatever the number of parameters.
 *
 * @param cost adds what the cost reads of piece p
 * @returns the worst |Σ v·i| over Σ |v·i| across a point's linearised network and its adjoint (Tellegen's theorem)
 * @throws LearningError `singular` when a matrix of the trajectory has no inverse; `touching` when an instant at which a mode
 *   flips has no derivative.
 * Source: Cao, Li, Petzold & Serban, SIAM J. Sci. Comput. 24 (2003) 1076, of the
 * discretisation itself instead of the differential equation.
 */
export function transpose(
  { replay, point }: Trajectory,
  sensitivity: Sensitivity,
  cost: (piece: number, claims: Claims) => void,
): number {
  const { system, tape, relations, lin, arena, traces, origin, grid } = replay;
  const { holdsCharge } = relations;
  const { flips } = grid;
  const moves = flips.length > 0;
  const motion = createMotion(replay);
  /** Whether laws move with the grid because they are explicit in t. */
  const timed = moves && system.timedDevices().length > 0;
  /** ∂J/∂t*_i, so far, by all that comes behind flip i, and by the end of the piece before it. */
  const ofInstants = new Float64Array(flips.length);
  const ofEnd = new Float64Array(flips.length);
  const { n, size, charges, delays } = system;
  const relation = blankRelation();
  const waiting = createClaims(tape.reach, n, size);
  /** ∂J/∂(what the trace of delay d is at the ends of piece p), at p % lasting. */
  const lasting = traces.reach(tape.pieces);
  const ofEnds = delays.map(() => new Float64Array(ENDS * lasting));
  /** ∂J/∂(signal of delay d at the point), at place % depth. */
  const depth = tape.reach + 1;
  const ofSignals = delays.map(() => new Float64Array(depth));
  const { piece: step, slopes: ofStep, read } = createPieceSlopes(tape);
  const ofPast = new Float64Array(delays.length);
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
  const storing = system.linearRows.C;
  const storingRow = rowOfEntries(storing);
  /** Whether anyone wants to know what is asked of the inputs. */
  const followsInputs = delays.length > 0 || sensitivity.ofSources || moves;
  const movesDelays = sensitivity.ofDelays.length > 0;
  const claims: Claims = {
    addPoint(place, which, count, values, at) {
      const { x } = waiting.at(place);
      for (let k = 0; k < count; k++) x[which[k]] += values[at + k];
    },
    addInputs(of, t, left, standing) {
      sensitivity.addSources(of, t - left);
      for (let d = 0; d < delays.length; d++) {
        const value = of[delays[d].slot];
        if (value === 0) continue;
        const p = traces.locate(d, t - left, standing);
        if (p < 0) ofPast[d] += value;
        else for (let e = 0; e < ENDS; e++) ofEnds[d][(p % lasting) * ENDS + e] += traces.weights[e] * value;
        if (movesDelays) sensitivity.addDelay(d, -value * traces.slope(d));
      }
    },
    addInstants(p, before, end) {
      const place = tape.endOf(p);
      const [i, flip] = [grid.after(place), grid.at(place)];
      if (i >= 0) ofInstants[i] += before;
      if (flip >= 0) ofEnd[flip] += end;
    },
  };

  let piece = tape.pieces - 1;
  for (let k = tape.count - 1; k >= 0; k--) {
    for (; piece >= 0 && tape.endOf(piece) === k; piece--) {
      cost(piece, claims);
      if (delays.length > 0) claimEnds(piece);
    }
    tape.relation(k, relation);
    if (relation.kind === 'mix') {
      for (let d = 0; d < delays.length; d++) {
        const { count, from, share } = relation;
        const value = takeSignal(d, k);
        for (let j = 0; j < count; j++) ofSignals[d][from[j] % depth] += share[j] * value;
      }
    } else if (delays.length > 0) claimSignals(k, point(k));
    if (moves && grid.at(k) >= 0) claimInstant(grid.at(k), relation, waiting.at(k));
    if (!waiting.has(k)) continue;
    const claim = waiting.at(k);
    if (relation.kind === 'mix') spread(relation, claim);
    else solve(relation, point(k), claim);
    costates.pay(claim);
  }
  return tellegen;

  /** What was asked of the ends of a piece is asked of the signals at its points. */
  function claimEnds(p: number): void {
    read(p);
    const { count, mesh, through } = step;
    for (let d = 0; d < delays.length; d++) {
      const ends = ofEnds[d].subarray((p % lasting) * ENDS, ((p % lasting) + 1) * ENDS);
      const [v0, v1, s0, s1] = ends;
      ends.fill(0);
      const asked = ofSignals[d];
      for (let j = 0; j < count; j++)
        asked[through[j] % depth] += s0 * ofStep.atStart[j] + s1 * ofStep.atEnd[j];
      asked[through[mesh] % depth] += v0;
      asked[through[0] % depth] += v1;
    }
  }

  /** What was asked of a signal at point k, which is then asked no more. */
  function takeSignal(d: number, k: number): number {
    const value = ofSignals[d][k % depth];
    ofSignals[d][k % depth] = 0;
    return value;
  }

  /** What was asked of the signals of delays at point k is asked of its x. */
  function claimSignals(k: number, x: Float64Array): void {
    for (let d = 0; d < delays.length; d++) {
      let value = takeSignal(d, k);
      if (k === 0) {
        if (relation.kind === 'rest') value += ofPast[d];
        else if (Number.isNaN(delays[d].initial)) sensitivity.addDelayed(d, ofPast[d], origin);
        else sensitivity.addDelayedInitial(d, ofPast[d]);
      }
      if (value !== 0) claimSignal(d, value, x);
    }
    function claimSignal(d: number, value: number, at: Float64Array): void {
      const { index, weight } = delays[d].signal;
      const asked = waiting.at(k).x;
      for (let j = 0; j < index.length; j++) asked[index[j]] += weight[j] * value;
      sensitivity.addDelayed(d, value, at);
    }
  }

  /** An instant follows from the points of its step, and from the instant before: Σ u_j(t)·s(y_j) stays as it is. */
  function claimInstant(flip: number, relation: Relation, claim: Claim): void {
    const { count, from, share, t } = relation;
    motion.open(flip, relation, point);
    costates.gather(claim.charge, charge);
    let asked = ofInstants[flip] + ofEnd[flip];
    for (let i = 0; i < n; i++) asked += charge[i] * motion.charging[i];
    const before = grid.after(relation.place);
    if (before >= 0) ofInstants[before] += grid.share(before, t) * ofInstants[flip];
    const { index, weight } = system.modes[flips[flip].mode].signal;
    const factor = -asked / motion.crossing();
    for (let j = 0; j < count; j++) {
      const { x } = waiting.at(from[j]);
      for (let k = 0; k < index.length; k++) x[index[k]] += factor * share[j] * weight[k];
    }
  }

  function spread({ count, from, share }: Relation, { x, charge }: Claim): void {
    for (let j = 0; j < count; j++) {
      const other = waiting.at(from[j]);
      addScaled(other.x, share[j], x, n);
      costates.pass(charge, other.charge, share[j]);
    }
    clear(x, size);
  }

  function solve(relation: Relation, x: Float64Array, claim: Claim): void {
    const { kind, alpha, t } = relation;
    relations.linearise(relation, x);
    // ν = what is asked of x itself, and through the charges and currents there.
    const nu = claim.x;
    const asksCharge = claim.charge.count > 0;
    const asksCurrent = claim.current.count > 0;
    costates.gather(claim.charge, charge);
    if (asksCurrent) costates.gather(claim.current, current);
    if (asksCharge) addCharge(nu);
    if (asksCurrent) {
      keepMarked(current, holdsCharge);
      addThrough(lin.G, current, nu);
    }
    if (kind === 'rest') settleDelays(x, nu);
    const costate = costates.take();
    const { lambda } = costate;
    solveTransposed(relation, nu, lambda);
    if (solutions++ % AUDITED === 0 || kind === 'rest')
      tellegen = Math.max(tellegen, audit(lin.G, lin.C, alpha, lambda, nu));
    // What λ weighs: the point's own currents, unless the relation is of charges alone, and its charges.
    const ofCharge = kind === 'explicit' ? 1 : alpha;
    if (kind !== 'explicit') {
      if (followsInputs) addTransposedBorder(columns, lin.G, 1, lambda, nu);
      if (asksCurrent) addScaled(current, 1, lambda, n);
    }
    if (followsInputs && ofCharge !== 0) addTransposedBorder(columns, lin.C, ofCharge, lambda, nu);
    if (asksCurrent) sensitivity.addCurrents(current, x, t);
    else if (kind !== 'explicit') sensitivity.addCurrents(costate.wide, x, t);
    if (ofCharge !== 0) addScaled(charge, ofCharge, lambda, n);
    if (asksCharge || ofCharge !== 0) sensitivity.addCharges(charge, x, t);
    if (timed) moveLaws(relation, x, asksCurrent ? current : kind === 'explicit' ? undefined : lambda);
    if (kind === 'rest') {
      settleDelays(x, nu);
      clear(nu, n);
      sensitivity.addSources(nu, 0);
    } else {
      if (moves) moveGrid(relation, x, costate.lambda, nu);
      passOn(relation, costate, nu);
    }
    clear(nu, size);
    costates.settle(costate);
  }

  /** What currents and charges explicit in t ask of the instant behind which their point comes. */
  function moveLaws({ place, t }: Relation, x: Float64Array, ofCurrents: Float64Array | undefined): void {
    const i = grid.after(place);
    const share = grid.share(i, t);
    if (share === 0) return;
    motion.pass(x, t);
    let sum = 0;
    for (let r = 0; r < n; r++) sum += charge[r] * motion.chargeSlopes[r];
    if (ofCurrents) for (let r = 0; r < n; r++) sum += ofCurrents[r] * motion.currentSlopes[r];
    ofInstants[i] += share * sum;
  }

  /** What the relation asks of the instant behind which it comes; ν is what it asks of the inputs. */
  function moveGrid(relation: Relation, x: Float64Array, lambda: Float64Array, nu: Float64Array): void {
    const { kind, place, t, left } = relation;
    const i = grid.after(place);
    if (i < 0) return;
    const rate = grid.rate(i, relation);
    let sum = 0;
    if (rate > 0) {
      motion.flow(relation, x, point, moved);
      for (let r = 0; r < n; r++) sum += rate * lambda[r] * moved[r];
    }
    const share = grid.share(i, t);
    if (share > 0) {
      replay.slopesAt(t - left, slopes);
      for (let k = n; k < size; k++) sum += share * nu[k] * slopes[k];
      if (kind === 'slope') {
        motion.curvature(i, t, slopes);
        moved.fill(0);
        addTransposedRows(storing, storingRow, lambda, moved);
        for (let k = n; k < size; k++) sum += share * moved[k] * slopes[k];
      }
    }
    ofInstants[i] += sum;
  }

  function passOn(relation: Relation, costate: Costate, nu: Float64Array): void {
    const { kind, alpha, count, from, share, t } = relation;
    if (followsInputs) {
      clear(nu, n);
      claims.addInputs(nu, t, relation.left, relation.pieces);
    }
    if (kind === 'charges') {
      wide.fill(0);
      scale(wide, -alpha, costate.lambda, n);
      sensitivity.addInitialCharges(wide);
      return;
    }
    if (kind === 'slope') addSlopes(relation, costate.wide, nu);
    if (kind === 'explicit') {
      costates.owe(waiting.at(from[0]).charge, costate, -1);
      for (let j = 1; j < count; j++) costates.owe(waiting.at(from[j]).current, costate, share[j]);
      return;
    }
    for (let j = 0; j < count; j++) costates.owe(waiting.at(from[j]).charge, costate, -alpha * share[j]);
    if (kind === 'trapezoid') costates.owe(waiting.at(from[0]).current, costate, 1);
  }

  /** ν += Cᵀ charge. */
  function addCharge(nu: Float64Array): void {
    if (charges > 0) addThrough(lin.C, charge, nu);
    else addTransposedRows(storing, storingRow, charge, nu);
  }

  /** ν += Aᵀv over all columns. */
  function addThrough(A: Float64Array, v: Float64Array, nu: Float64Array): void {
    addTransposed(system.pattern, A, v, nu);
    if (followsInputs) addTransposedBorder(columns, A, 1, v, nu);
  }

  /** At rest a delayed signal is what it delays. */
  function settleDelays(x: Float64Array, nu: Float64Array): void {
    for (let d = 0; d < delays.length; d++) {
      const { slot, signal } = delays[d];
      if (nu[slot] === 0) continue;
      for (let j = 0; j < signal.index.length; j++) nu[signal.index[j]] += signal.weight[j] * nu[slot];
      sensitivity.addDelayed(d, nu[slot], x);
      nu[slot] = 0;
    }
  }

  /** Beside the relation of a jump: λᵀ C u̇ with the slopes u̇ of the inputs. */
  function addSlopes(relation: Relation, lambda: Float64Array, nu: Float64Array): void {
    replay.slopesAt(relation.t, slopes);
    sensitivity.addRates(lambda, slopes);
    nu.fill(0);
    addTransposedRows(storing, storingRow, lambda, nu);
    for (const [at, weight] of sourceSlopes(system, tape, relation)) {
      for (let i = n; i < size; i++) moved[i] = weight * nu[i];
      moved.fill(0, 0, n);
      sensitivity.addSources(moved, at);
    }
  }
}
