// Direct sensitivities: the relations of a tape differentiated, from the first point to the last. With A = G + αC at a
// point, A·∂x/∂p = −(∂r/∂p + what earlier points, sources and delayed signals pass on): the same A for every p.
import type { Sensitivity } from '../circuit/system.js';
import { addProducts, addScaled, scale } from '../math/loops.js';
import { addProduct } from '../math/rows.js';
import { signalOf } from './history.js';
import { addBorder, inputColumns } from './input-columns.js';
import { createInputMoves } from './input-moves.js';
import { createMotion } from './motion.js';
import { blankRelation, type Relation } from './relation.js';
import { singularStep } from './singular.js';
import { sourceSlopes } from './source-slopes.js';
import { ENDS } from './traces.js';
import type { Trajectory } from './trajectory.js';
import type { Claims } from './transpose.js';

/** ∂/∂p of one point; one vector for each parameter. */
interface Moved {
  /** Of x, length size. */
  readonly x: readonly Float64Array[];
  /** Of all charges by rows, length n. */
  readonly charge: readonly Float64Array[];
  /** Of the currents in rows that hold charges, length n. */
  readonly current: readonly Float64Array[];
}

/** Parameters whose sensitivities are not more than `capacity` numbers, at least one. */
export function parametersAtOnce({ replay }: Trajectory, capacity: number): number {
  const { system, tape, traces } = replay;
  const { n, size, delays } = system;
  const numbers =
    (tape.reach + 1) * (size + 2 * n + delays.length) + ENDS * traces.reach(tape.pieces) * delays.length;
  return Math.max(1, Math.floor(capacity / numbers));
}

/**
 * Σ ∂J/∂x·∂x/∂p for the parameters first … first + count, with one factorisation a point for all of them.
 *
 * @param cost claims ∂J/∂x of piece after piece, once its points are known; what it adds to a sensitivity is its own, and
 *   it may read the sums so far, or begin them anew
 * @throws LearningError as `transpose`.
 * Source: Hocevar, Yang, Trick & Epler, IEEE Trans. Computer-Aided Design 4 (1985) 609 (transient sensitivity by the
 * direct method).
 */
export function differentiate(
  { replay, point: pointAt }: Trajectory,
  sensitivity: Sensitivity,
  [first, count]: readonly [first: number, count: number],
  cost: (piece: number, claims: Claims, sums: Float64Array) => void,
): Float64Array {
  const { system, tape, relations, lin, grid } = replay;
  const { holdsCharge } = relations;
  const { n, size, charges, pattern, linearRows } = system;
  const relation = blankRelation();
  const partials = sensitivity.partials();
  const inputs = createInputMoves(replay, partials, [first, count]);
  const columns = inputColumns(system);
  /** The points that may still be named: a ring. */
  const points = Array.from(
    { length: tape.reach + 1 },
    (): Moved => ({
      x: vectors(size),
      charge: charges > 0 ? vectors(n) : [],
      current: vectors(n),
    }),
  );
  const at = (place: number): Moved => points[place % points.length];
  const sums = new Float64Array(count);
  const wide = new Float64Array(size);
  const moved = new Float64Array(size);
  const rates = new Float64Array(size);
  const reference = new Float64Array(size);
  const rhs = new Float64Array(n);
  const { flips } = grid;
  const motion = createMotion(replay);
  const timed = flips.length > 0 && system.timedDevices().length > 0;
  /** ∂t*_i/∂p of the flip behind which the march is, and of one to which it comes, there also without the grid's motion. */
  const instant = new Float64Array(count);
  const next = new Float64Array(count);
  const alone = new Float64Array(count);
  /** The flip behind which the relation comes, and ∂t/∂t* and ∂(ln α)/∂t* of it; α·(q − Σ u_j·q_j), u̇ and ü there. */
  const [flow, inputRates, curvature] = [0, 1, 2].map(() => new Float64Array(size));
  let [behind, pull, rate] = [-1, 0, 0];
  let starts: readonly Float64Array[] = [];

  const claims: Claims = {
    addPoint(place, which, entries, values, first) {
      const { x } = at(place);
      for (let j = 0; j < count; j++) {
        const own = x[j];
        let sum = 0;
        for (let k = 0; k < entries; k++) sum += values[first + k] * own[which[k]];
        sums[j] += sum;
      }
    },
    addInputs(nu, t, left, standing) {
      inputs.readAt(t - left, standing);
      for (let j = 0; j < count; j++) {
        inputs.add(j, moved.fill(0));
        let sum = 0;
        for (let i = n; i < size; i++) sum += nu[i] * moved[i];
        sums[j] += sum;
      }
    },
    addInstants(p, before, end) {
      const place = tape.endOf(p);
      const i = grid.after(place);
      if (i >= 0) addScaled(sums, before, instant, count);
      if (grid.at(place) >= 0) addScaled(sums, end, alone, count);
    },
  };

  let piece = 0;
  for (let k = 0; k < tape.count; k++) {
    tape.relation(k, relation);
    const flip = flips.length > 0 ? grid.at(k) : -1;
    if (relation.kind === 'mix') mix(relation, at(k));
    else solve(relation, at(k));
    if (flip >= 0) findInstant(flip, relation);
    for (; piece < tape.pieces && tape.endOf(piece) === k; piece++) {
      inputs.close(piece);
      cost(piece, claims, sums);
    }
    if (flip >= 0) moveAlong(at(k));
  }
  return sums;

  function vectors(length: number): Float64Array[] {
    return Array.from({ length: count }, () => new Float64Array(length));
  }

  /** ∂y/∂p = Σ u_j·∂y_j/∂p. */
  function mix(relation: Relation, point: Moved): void {
    for (let j = 0; j < count; j++) {
      combine(relation, j, point.x[j]);
      if (charges > 0) addCharges(relation, j, 1, point.charge[j].fill(0));
    }
    inputs.mix(relation);
  }

  /** The signal of the mode that flips stays as it is: s(ẏ)·∂t + Σ u_j·s(∂y_j) = 0. */
  function findInstant(flip: number, relation: Relation): void {
    const { place, t, count: named, from, share: weights } = relation;
    motion.open(flip, relation, pointAt);
    const { signal } = system.modes[flips[flip].mode];
    const before = grid.after(place);
    for (let j = 0; j < count; j++) {
      let moves = 0;
      for (let i = 0; i < named; i++) moves += weights[i] * signalOf(signal, at(from[i]).x[j]);
      alone[j] = -moves / motion.crossing();
      next[j] = alone[j] + grid.share(before, t) * instant[j];
    }
  }

  /** What follows the flip begins where the polynomial of the step then is. */
  function moveAlong(point: Moved): void {
    instant.set(next);
    for (let j = 0; j < count; j++) {
      addScaled(point.x[j], alone[j], motion.velocity, size);
      if (charges > 0) addScaled(point.charge[j], alone[j], motion.charging, n);
    }
  }

  /** How the relation moves with the instant behind which it comes. */
  function moveGrid(relation: Relation, x: Float64Array): void {
    const { kind, place, t, left } = relation;
    behind = grid.after(place);
    rate = grid.rate(behind, relation);
    pull = grid.share(behind, t);
    if (rate > 0) motion.flow(relation, x, pointAt, flow);
    if (pull === 0) return;
    if (timed) motion.pass(x, t);
    replay.slopesAt(t - left, inputRates);
    if (kind === 'slope') motion.curvature(behind, t, curvature);
  }

  /** The unknowns are taken to move as their reference does; what is then missing moves them on. */
  function solve(relation: Relation, point: Moved): void {
    const { place, kind, t, left } = relation;
    const x = pointAt(place);
    relations.linearise(relation, x);
    if (relations.factor(relation) !== 0) throw singularStep(t);
    partials.moveTo(x, t);
    findRates(relation, x);
    if (flips.length > 0) moveGrid(relation, x);
    if (kind === 'charges') starts = startingCharges();
    if (kind !== 'rest') inputs.readAt(t - left, relation.pieces);
    for (let j = 0; j < count; j++) {
      const own = point.x[j];
      combine(relation, j, reference);
      own.fill(0, n);
      scale(own, 1, reference, n);
      if (kind === 'rest') inputs.rest(j, x, own);
      else inputs.add(j, own);
      if (pull > 0) for (let i = n; i < size; i++) own[i] += pull * instant[j] * inputRates[i];
      residual(relation, j, own);
      scale(rhs, -1, wide, n);
      lin.lu.solve(rhs);
      addScaled(own, 1, rhs, n);
      if (kind === 'rest') inputs.settle(j, x, own);
      inputs.note(place, j, x, own);
      if (charges > 0) scale(point.charge[j], 1, chargeMoves(j, own), n);
      if (tape.isCarried(place)) moveCurrent(j, own, point.current[j]);
    }
  }

  /** wide := how the residual of the relation moves with the parameter and with x, inputs included, as `own` says. */
  function residual(relation: Relation, j: number, own: Float64Array): void {
    const { kind, count: named, from, share } = relation;
    const weight = weightOfCharge(relation);
    const p = first + j;
    wide.fill(0);
    if (weight !== 0) {
      if (charges > 0) {
        scale(wide, weight, chargeMoves(j, own), n);
        addCharges(relation, j, -weight, wide);
        moved.fill(0);
      } else for (let i = 0; i < size; i++) moved[i] = weight * (own[i] - reference[i]);
      if (kind === 'slope')
        for (const [t, difference] of sourceSlopes(system, tape, relation))
          partials.addSources(p, difference, t, moved);
      if (kind === 'slope' && pull > 0) addScaled(moved, pull * instant[j], curvature, size);
      addProduct(linearRows.C, moved, wide);
      partials.addRates(p, rates, wide);
    }
    if (rate > 0) addScaled(wide, rate * instant[j], flow, n);
    if (kind === 'charges') addScaled(wide, -weight, starts[j], n);
    if (kind === 'trapezoid') addScaled(wide, 1, at(from[0]).current[j], n);
    if (kind !== 'explicit') addCurrentMoves(j, own);
    else for (let i = 1; i < named; i++) addScaled(wide, share[i], at(from[i]).current[j], n);
  }

  /** rates := α(x − Σ u_j·x_j), and the slopes of the inputs where they count. */
  function findRates(relation: Relation, x: Float64Array): void {
    const { kind, t, from, share } = relation;
    const weight = weightOfCharge(relation);
    rates.fill(0);
    if (kind === 'slope') replay.slopesAt(t, rates);
    for (let i = 0; i < size; i++) rates[i] += weight * x[i];
    for (let i = 0; i < charged(relation); i++) addScaled(rates, -weight * share[i], pointAt(from[i]), size);
  }

  /** out := Σ u_i·∂x_i/∂p over the points whose charges the relation names. */
  function combine(relation: Relation, j: number, out: Float64Array): void {
    const { from, share } = relation;
    out.fill(0);
    for (let i = 0; i < charged(relation); i++) addScaled(out, share[i], at(from[i]).x[j], size);
  }

  /** The same of charges: out += factor·Σ u_i·∂q_i/∂p. */
  function addCharges(relation: Relation, j: number, factor: number, out: Float64Array): void {
    const { from, share } = relation;
    for (let i = 0; i < charged(relation); i++) addScaled(out, factor * share[i], at(from[i]).charge[j], n);
  }

  /** ∂q/∂p by rows, but for what the coefficients of linear charges do. */
  function chargeMoves(j: number, own: Float64Array): Float64Array {
    moved.fill(0);
    partials.addCharges(first + j, 1, moved);
    addProducts(pattern, lin.C, own, moved);
    addBorder(columns, lin.C, 1, own, moved);
    if (timed && pull > 0) addScaled(moved, pull * instant[j], motion.chargeSlopes, n);
    return moved;
  }

  /** wide += ∂f/∂p. */
  function addCurrentMoves(j: number, own: Float64Array): void {
    partials.addCurrents(first + j, 1, wide);
    addProducts(pattern, lin.G, own, wide);
    addBorder(columns, lin.G, 1, own, wide);
    if (timed && pull > 0) addScaled(wide, pull * instant[j], motion.currentSlopes, n);
  }

  function moveCurrent(j: number, own: Float64Array, out: Float64Array): void {
    wide.fill(0);
    addCurrentMoves(j, own);
    for (let i = 0; i < n; i++) out[i] = holdsCharge[i] ? wide[i] : 0;
  }

  /** ∂q₀/∂p of the charges with which `uic` begins, by rows. */
  function startingCharges(): readonly Float64Array[] {
    const found = vectors(n);
    const unit = new Float64Array(size);
    for (let row = 0; row < n; row++) {
      if (holdsCharge[row] === 0) continue;
      unit[row] = 1;
      sensitivity.clear();
      sensitivity.addInitialCharges(unit);
      const gradient = sensitivity.gradient();
      for (let j = 0; j < count; j++) found[j][row] = gradient[first + j];
      unit[row] = 0;
    }
    sensitivity.clear();
    return found;
  }
}

/** α: how much the charge at a point counts in its relation. */
const weightOfCharge = ({ kind, alpha }: Relation): number => (kind === 'explicit' ? 1 : alpha);

/** How many of the points that a relation names it names for their charges; the others for their currents. */
const charged = ({ kind, count }: Relation): number => (kind === 'explicit' ? 1 : count);
