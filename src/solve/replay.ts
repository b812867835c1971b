// The relations of a tape solved anew, for other parameters: same grid, same modes; what is delayed is read
// off the points of the replay itself.
import type { Delay, System } from '../circuit/system.js';
import { type Arena, createArena } from '../math/vectors.js';
import { createGrid, type Grid } from './grid.js';
import { DEPTH, type State, signalOf } from './history.js';
import { createInputs } from './inputs.js';
import type { SolveOptions } from './options.js';
import { blankRelation, type Relation } from './relation.js';
import { createRelations, RELATION_VECTORS, type Relations } from './relations.js';
import type { Tape } from './tape.js';
import { createPieceSlopes, createTraces, type Traces } from './traces.js';
import { createLinearisation, type Linearisation, type Workspace } from './workspace.js';

export interface Replay {
  readonly system: System;
  readonly tape: Tape;
  readonly relations: Relations;
  readonly lin: Linearisation;
  /** Holds every state that `solve` is given, and λ where the relations are transposed. */
  readonly arena: Arena;
  readonly traces: Traces;
  /** How the grid moves with instants at which modes flip. */
  readonly grid: Grid;
  /** x before the first relation, length size: what delayed signals were. */
  readonly origin: Float64Array;
  /**
   * y := the solution of relation k, the next in order, with the `remainder` that the tape's own point was left with, if
   * any. Points before k come from `earlier`. Newton begins at the tape's own point. All states are vectors of the arena.
   *
   * @throws SimulationError as `Relations.solve`.
   */
  solve(k: number, y: State, earlier: (place: number) => State, remainder?: Float64Array): void;
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
  grid: Grid = createGrid(tape, () => true),
): Replay {
  const { n, size, charges, delays } = system;
  const { begin } = tape;
  const arena = createArena(n, size + charges, VECTORS + points, DEPTH, system.linearRows, workspace.pool);
  const lin = createLinearisation(system, workspace, arena);
  const inputs = createInputs(system);
  const relations = createRelations(tape, options, system, inputs, lin, arena);
  const own = tape.system === system;
  const traces = own ? tape.traces : createTraces(tape.system.delays, false, delays);
  const { piece, slopes: ofPiece, read } = createPieceSlopes(tape);
  const relation = blankRelation();
  const named: State[] = [];
  const origin = begin.x.slice();
  if (begin.charges) {
    origin.fill(0);
    system.initialCharges(origin, new Float64Array(size), new Float64Array(charges));
  }
  let standing = 0;
  if (!own) delays.forEach(beginTrace);
  inputs.past = { value: (k, t) => traces.value(k, t, standing) };

  const replay: Replay = {
    system,
    tape,
    relations,
    lin,
    arena,
    traces,
    grid,
    origin,
    solve(k, y, earlier, remainder) {
      tape.relation(k, relation);
      for (let j = 0; j < relation.count; j++) named[j] = earlier(relation.from[j]);
      if (relation.kind !== 'mix') guess(relation, y);
      relations.solve(relation, y, named, remainder);
      if (relation.kind === 'rest') begins(y);
      if (delays.length > 0) trace(y, earlier);
    },
    inputsAt(t, left, pieces, modes, x) {
      standing = pieces;
      inputs.modes.set(modes);
      inputs.at(t, x, left);
    },
    slopesAt: (t, xdot) => inputs.slopes(t, xdot),
  };
  return replay;

  /** Nothing was before the origin; with `uic`: but what a delay begins with. */
  function beginTrace({ initial, signal }: Delay, k: number): void {
    traces.before[k] = begin.charges && !Number.isNaN(initial) ? initial : signalOf(signal, origin);
  }

  /** The point at rest is what was before it. */
  function begins({ x }: State): void {
    origin.set(x);
    delays.forEach(beginTrace);
  }

  /** The piece that ends at the point solved last, if there is one. */
  function trace(y: State, earlier: (place: number) => State): void {
    const p = relation.pieces;
    if (p === tape.pieces || tape.endOf(p) !== relation.place) return;
    read(p);
    const { count, mesh, through } = piece;
    for (let j = 0; j < count; j++) named[j] = j === 0 ? y : earlier(through[j]);
    traces.open(p, piece.to);
    delays.forEach(({ signal }, k) => {
      let s0 = 0;
      let s1 = 0;
      for (let j = 0; j < count; j++) {
        const v = signalOf(signal, named[j].x);
        s0 += ofPiece.atStart[j] * v;
        s1 += ofPiece.atEnd[j] * v;
      }
      traces.put(p, k, signalOf(signal, named[mesh].x), signalOf(signal, y.x), s0, s1);
    });
  }

  /** Where Newton begins, with the inputs of the relation. */
  function guess(r: Relation, y: State): void {
    tape.point(r.place, y.x);
    if (r.kind === 'rest') {
      inputs.modes.set(r.modes);
      for (let k = 0; k < system.sources.length; k++) inputs.values[k] = system.sources[k].value(0);
      inputs.steady(y.x);
    } else replay.inputsAt(r.t, r.left, r.pieces, r.modes, y.x);
  }
}
