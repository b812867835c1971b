// The relations of a tape solved anew, for the same or other parameters: same grid, same modes; what is delayed is read
// off the points of the replay itself.
import type { System } from '../circuit/system.js';
import { type Arena, createArena } from '../math/vectors.js';
import { DEPTH, lagrange, type State, signalOf } from './history.js';
import { createInputs } from './inputs.js';
import type { SolveOptions } from './options.js';
import { createPastReader, type PastReader } from './past.js';
import { createRelations, RELATION_VECTORS, type Relations } from './relations.js';
import { blankRelation, type Relation, type Tape } from './tape.js';
import { createLinearisation, type Linearisation, type Workspace } from './workspace.js';

export interface Replay {
  readonly system: System;
  readonly tape: Tape;
  readonly relations: Relations;
  readonly lin: Linearisation;
  /** Holds every state that `solve` is given, and λ where the relations are transposed. */
  readonly arena: Arena;
  readonly past: PastReader;
  /** What every delay holds at every point solved. */
  readonly signals: readonly Float64Array[];
  /** What delay k held before the first point. */
  before(k: number): number;
  /** d/dt of what delay k gave back where `past` was read last. */
  pastSlope(k: number): number;
  /** x before the first relation, length size: what delayed signals were. */
  readonly origin: Float64Array;
  /**
   * y := the solution of relation k. Points before k come from `earlier`. Newton begins at the tape's own point, or, where
   * it keeps none, on the polynomial through the points that the relation names. All states are vectors of the arena.
   *
   * @throws SimulationError as `Relations.solve`.
   */
  solve(k: number, y: State, earlier: (place: number) => State): void;
  /** Takes the point at place k, solved elsewhere, for what delayed signals and the origin are. */
  adopt(k: number, x: Float64Array): void;
  /** x[inputs] := values at t among the first `pieces` pieces, `left` as in `Inputs.at`. */
  inputsAt(t: number, left: number, pieces: number, modes: Float64Array, x: Float64Array): void;
  /** xdot[inputs] := slopes just after t, as a `slope` relation has them. */
  slopesAt(t: number, xdot: Float64Array): void;
}

/** Vectors of the residual, and of λ at every point that later ones still ask for. */
const VECTORS = 64 + RELATION_VECTORS;

/** @param points states that will be made in its arena */
export function createReplay(
  system: System,
  tape: Tape,
  options: SolveOptions,
  workspace: Workspace,
  points: number,
): Replay {
  const { n, size, charges, delays } = system;
  const { begin } = tape;
  const arena = createArena(n, size + charges, VECTORS + points, DEPTH, system.linearRows, workspace.pool);
  const lin = createLinearisation(system, workspace, arena);
  const inputs = createInputs(system);
  const relations = createRelations(tape, options, system, inputs, lin, arena);
  const past = createPastReader(tape, delays);
  const relation = blankRelation();
  const named: State[] = [];
  const times = new Float64Array(DEPTH);
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  const origin = begin.x.slice();
  if (begin.charges) {
    origin.fill(0);
    system.initialCharges(origin, new Float64Array(size), new Float64Array(charges));
  }
  const signals = delays.map(() => new Float64Array(tape.count));
  const initials = delays.map((d) => (begin.charges && !Number.isNaN(d.initial) ? d.initial : Number.NaN));
  let standing = 0;
  inputs.past = {
    value: (k, t) => {
      const m = past.at(t, k, standing);
      if (m === 0) return replay.before(k);
      let sum = 0;
      for (let j = 0; j < m; j++) sum += past.weights[j] * signals[k][past.places[j]];
      return sum;
    },
  };

  const replay: Replay = {
    system,
    tape,
    relations,
    lin,
    arena,
    past,
    signals,
    before: (k) => (Number.isNaN(initials[k]) ? signalOf(delays[k].signal, origin) : initials[k]),
    pastSlope(k) {
      const m = past.differentiate();
      let sum = 0;
      for (let j = 0; j < m; j++) sum += past.slopes[j] * signals[k][past.places[j]];
      return sum;
    },
    origin,
    solve(k, y, earlier) {
      tape.relation(k, relation);
      for (let j = 0; j < relation.count; j++) named[j] = earlier(relation.from[j]);
      if (relation.kind !== 'mix') guess(relation, y);
      relations.solve(relation, y, named);
      replay.adopt(k, y.x);
    },
    adopt(k, x) {
      if (k === 0 && tape.kindOf(0) === 'rest') origin.set(x);
      for (let d = 0; d < delays.length; d++) signals[d][k] = signalOf(delays[d].signal, x);
    },
    inputsAt(t, left, pieces, modes, x) {
      standing = pieces;
      inputs.modes.set(modes);
      inputs.at(t, x, left);
    },
    slopesAt: (t, xdot) => inputs.slopes(t, xdot),
  };
  return replay;

  /** Where Newton begins, with the inputs of the relation. */
  function guess(r: Relation, y: State): void {
    if (tape.keepsPoints) tape.point(r.place, y.x);
    else if (r.count === 0) y.x.set(origin);
    else if (r.kind === 'explicit') y.x.set(named[0].x);
    else {
      for (let j = 0; j < r.count; j++) times[j] = tape.timeOf(r.from[j]);
      lagrange(times, r.count, r.t, weights, slopes);
      relations.combine(r.count, weights, named, y);
    }
    if (r.kind === 'rest') {
      inputs.modes.set(r.modes);
      for (let k = 0; k < system.sources.length; k++) inputs.values[k] = system.sources[k].value(0);
      inputs.steady(y.x);
    } else replay.inputsAt(r.t, r.left, r.pieces, r.modes, y.x);
  }
}
