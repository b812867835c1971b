// λ = −A⁻ᵀν at a point of a tape; old factors that are near enough are refined to the same accuracy.
import { addScaled, addTransposed, formMatrix, relativeSize, scale } from '../math/loops.js';
import type { Relation } from './relation.js';
import type { Replay } from './replay.js';
import { singularStep } from './singular.js';

/** Relative error that refined solutions are left with, of entries down to a share of the largest. */
const ACCURACY = 1e-11;
const FLOOR = 1e-3;
/** Corrections that shrink less than this call for new factors. */
const CONTRACTION = 0.1;

/**
 * λ (length n) := −(G + αC)⁻ᵀ ν of what was linearised last.
 *
 * @throws LearningError `singular` from the function returned
 */
export function createTransposedSolve(
  replay: Replay,
): (relation: Relation, nu: Float64Array, lambda: Float64Array) => void {
  const { lin, relations, system } = replay;
  const { n, pattern } = system;
  const A = new Float64Array(pattern.nnz);
  const rest = new Float64Array(n);
  const solveWithNewFactors = (relation: Relation, nu: Float64Array, lambda: Float64Array): void => {
    if (relations.factor(relation) !== 0) throw singularStep(relation.t);
    scale(lambda, -1, nu, n);
    lin.lu.solveTransposed(lambda);
  };
  return (relation, nu, lambda) => {
    if (!relations.nearlyFactored(relation)) return solveWithNewFactors(relation, nu, lambda);
    scale(lambda, -1, nu, n);
    lin.lu.solveTransposed(lambda);
    if (relations.isConstant(relation)) return;
    formMatrix(A, lin.G, relation.alpha, lin.C, pattern.nnz);
    let previous = Infinity;
    for (;;) {
      scale(rest, 1, nu, n);
      addTransposed(pattern, A, lambda, rest);
      lin.lu.solveTransposed(rest);
      addScaled(lambda, -1, rest, n);
      const norm = relativeSize(rest, lambda, FLOOR, n);
      const ratio = norm / previous;
      if (norm <= ACCURACY || (previous < Infinity && norm * ratio <= ACCURACY)) return;
      if (!(norm < Infinity) || (previous < Infinity && ratio > CONTRACTION))
        return solveWithNewFactors(relation, nu, lambda);
      previous = norm;
    }
  };
}
