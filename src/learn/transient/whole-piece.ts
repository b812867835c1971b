// ∫ c dt over a whole piece of dense output, read of unknowns only, and what that asks of the points that the piece goes
// through: nearly all pieces are of this kind.
import type { Sensitivity } from '../../circuit/system.js';
import { gaussRule } from '../../math/gauss.js';
import { interpolationOf } from '../../math/interpolation.js';
import type { Piece } from '../../solve/relation.js';
import type { Trajectory } from '../../solve/trajectory.js';
import type { Claims } from '../../solve/transpose.js';
import type { Weighted } from './cost.js';

/** Nodes of Gauss's rule in a step or part of one, at least; one for every point inside a long one. */
const NODES = 3;

export const ruleOf = ({ mesh }: Piece): ReturnType<typeof gaussRule> => gaussRule(Math.max(NODES, mesh + 1));

/**
 * @param terms what is integrated
 * @param reads the entries of x that they read, all of unknowns
 * @returns the integral over a piece; ∂J/∂x is added to the claims, ∂J/∂p at fixed x to the sensitivity
 */
export function createWholePiece(
  terms: readonly Weighted[],
  reads: Int32Array,
): (trajectory: Trajectory, sensitivity: Sensitivity, piece: Piece, claims: Claims) => number {
  const few = reads.length;
  let x = new Float64Array(0);
  let gradient = x;

  return (trajectory, sensitivity, piece, claims) => {
    const { size } = trajectory.replay.system;
    if (x.length !== size) {
      x = new Float64Array(size);
      gradient = new Float64Array(size);
    }
    const { count, from, to, through } = piece;
    const { nodes, weights } = ruleOf(piece);
    const h = to - from;
    const interpolation = interpolationOf(few);
    const { times, instants, points, readings, slopes } = interpolation;
    for (let j = 0, e = 0; j < count; j++) {
      const point = trajectory.point(through[j]);
      times[j] = piece.times[j];
      for (let k = 0; k < few; k++) points[e++] = point[reads[k]];
    }
    for (let g = 0; g < nodes.length; g++) instants[g] = from + nodes[g] * h;
    interpolation.read(count, nodes.length);
    let sum = 0;
    for (let g = 0, e = 0; g < nodes.length; g++, e += few) {
      const t = instants[g];
      for (let k = 0; k < few; k++) {
        x[reads[k]] = readings[e + k];
        gradient[reads[k]] = 0;
      }
      for (let k = 0; k < terms.length; k++) {
        const { functional, factor } = terms[k];
        const share = factor * weights[g] * h;
        sum += share * functional.addGradient(x, t, share, gradient);
        sensitivity.addFunctional(functional, share, x, t);
      }
      for (let k = 0; k < few; k++) slopes[e + k] = gradient[reads[k]];
    }
    interpolation.ask(count, nodes.length);
    for (let j = 0, e = 0; j < count; j++, e += few) claims.addPoint(through[j], reads, few, points, e);
    return sum;
  };
}
