// How the readings of a cost move with the instants at which modes flip: their nodes and weights with the ends of the piece,
// and dense output against them.
import { DEPTH, lagrange } from '../../solve/history.js';
import { blankPiece } from '../../solve/relation.js';
import type { Trajectory } from '../../solve/trajectory.js';
import type { Weighted } from './cost.js';

/** By the instant behind which the piece comes, all its points moving with the grid, and by that at which it ends. */
export interface Drift {
  /** Goes to piece p. Whether it moves at all. */
  open(trajectory: Trajectory, p: number): boolean;
  /** Whether the grid moves at t. */
  moves(t: number): boolean;
  /** The next reading is at a node, from 0 to 1, with a weight, of the part from … to of the piece. */
  place(from: number, to: number, node: number, weight: number): void;
  /** The next reading stays where it is. */
  hold(): void;
  /**
   * Adds what moving this reading does to J.
   *
   * @param gradient Σ factor·share·∂c/∂x of the terms
   * @param points of the piece
   */
  add(
    t: number,
    x: Float64Array,
    terms: readonly Weighted[],
    share: number,
    gradient: Float64Array,
    points: readonly Float64Array[],
  ): void;
  /** ∂J/∂t* by either instant. */
  before(): number;
  end(): number;
}

export function createDrift(): Drift {
  const piece = blankPiece();
  const weights = new Float64Array(DEPTH);
  const slopes = new Float64Array(DEPTH);
  let rates = new Float64Array(0);
  let replay: Trajectory['replay'] | undefined;
  /** The flip behind which the piece comes; whether it ends in one. */
  let [behind, flips] = [-1, false];
  /** d(node) and d(weight) by either instant. */
  let [nodeBefore, weightBefore, nodeEnd, weightEnd] = [0, 0, 0, 0];
  let [before, end] = [0, 0];

  const pull = (t: number): number => replay?.grid.share(behind, t) ?? 0;
  return {
    open(trajectory, p) {
      ({ replay } = trajectory);
      const { tape, grid, system } = replay;
      behind = -1;
      flips = false;
      if (grid.flips.length === 0) return false;
      before = end = 0;
      if (rates.length !== system.size) rates = new Float64Array(system.size);
      tape.piece(p, piece);
      behind = grid.after(piece.through[0]);
      flips = grid.at(piece.through[0]) >= 0;
      return flips || pull(piece.from) > 0;
    },
    moves: (t) => pull(t) > 0,
    place(from, to, node, weight) {
      const begins = from === piece.from ? pull(from) : 0;
      const ends = to === piece.to ? pull(to) : 0;
      const own = flips && to === piece.to ? 1 : 0;
      nodeBefore = begins + node * (ends - begins);
      weightBefore = weight * (ends - begins);
      nodeEnd = node * own;
      weightEnd = weight * own;
    },
    hold() {
      nodeBefore = weightBefore = nodeEnd = weightEnd = 0;
    },
    add(t, x, terms, share, gradient, points) {
      if (!replay) return;
      const { system, slopesAt } = replay;
      let value = 0;
      /** ∂c/∂t by t and by inputs, and by what dense output does. */
      let outside = 0;
      let along = 0;
      for (const { functional, factor } of terms) {
        value += factor * functional.value(x, t);
        outside += factor * share * functional.slope(x, t);
      }
      lagrange(piece.times, piece.count, t, weights, slopes);
      slopesAt(t, rates);
      for (let i = 0; i < gradient.length; i++) {
        if (gradient[i] === 0) continue;
        if (i >= system.n) outside += gradient[i] * rates[i];
        else for (let j = 0; j < piece.count; j++) along += gradient[i] * slopes[j] * points[j][i];
      }
      before += value * weightBefore + outside * nodeBefore + along * (nodeBefore - pull(t));
      end += value * weightEnd + (outside + along) * nodeEnd;
    },
    before: () => before,
    end: () => end,
  };
}
