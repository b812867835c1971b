// Dense output within a piece of a trajectory: Lagrange's polynomial through the points of the piece.
import { DEPTH } from '../../solve/history.js';
import type { Piece } from '../../solve/relation.js';
import type { Trajectory } from '../../solve/trajectory.js';

export interface Reading {
  /** x of the points of the piece, in its order. */
  readonly points: readonly Float64Array[];
  /** Weights of the points at the instant last weighed. */
  readonly weights: Float64Array;
  /** Goes to the points of a piece. */
  open(trajectory: Trajectory, piece: Piece): void;
  /** weights := those at t. */
  weigh(t: number): void;
}

export function createReading(): Reading {
  const points: Float64Array[] = [];
  const weights = new Float64Array(DEPTH);
  /** Where the points stand, from the newest and in units of what the piece spans, and 1/Π of how far the others are. */
  const places = new Float64Array(DEPTH);
  const inverse = new Float64Array(DEPTH);
  let count = 0;
  let newest = 0;
  let perSpan = 0;
  return {
    points,
    weights,
    open(trajectory, piece) {
      const { through, times } = piece;
      count = piece.count;
      newest = times[0];
      perSpan = 1 / (newest - times[count - 1]);
      for (let j = 0; j < count; j++) {
        points[j] = trajectory.point(through[j]);
        places[j] = (times[j] - newest) * perSpan;
        inverse[j] = 1;
        for (let i = 0; i < j; i++) {
          const apart = places[j] - places[i];
          inverse[j] *= apart;
          inverse[i] *= -apart;
        }
      }
      for (let j = 0; j < count; j++) inverse[j] = 1 / inverse[j];
    },
    weigh(t) {
      const place = (t - newest) * perSpan;
      let product = 1;
      for (let j = 0; j < count; j++) {
        weights[j] = product * inverse[j];
        product *= place - places[j];
      }
      product = 1;
      for (let j = count - 1; j >= 0; j--) {
        weights[j] *= product;
        product *= place - places[j];
      }
    },
  };
}
