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
 * λ (length n) := −(G + αC)⁻ᵀ ν of what was linearised last. Next to a corner, where α → ∞ while λ also weighs currents,
 * entries of G that elimination mixes with those of αC lose their digits; one refinement brings them back.
 *
 * @throws LearningError `singular` from the function returned
 * Source: Skeel, Math. Comput. 35 (1980) 817 (one refinement makes elimination stable by rows).
 */
export function createTransposedSolve(
  replay: Replay,
): (relation: Relation, nu: Float64Array, lambda: Float64Array) => void {
  const { lin, relations, system } = replay;
  const { n, pattern } = system;
  const A = new Float64Array(pattern.nnz);
  const rest = new Float64Array(n);

  return (relation, nu, lambda) => {
    if (!(relations.nearlyFactored(relation) && solveWithNearFactors(relation, nu, lambda))) {
      if (relations.factor(relation) !== 0) throw singularStep(relation.t);
      solve(nu, lambda);
    }
    if (relation.kind === 'slope') {
      form(relation);
      refine(nu, lambda);
    }
  };

  function solve(nu: Float64Array, lambda: Float64Array): void {
    scale(lambda, -1, nu, n);
    lin.lu.solveTransposed(lambda);
  }

  function form({ alpha }: Relation): void {
    formMatrix(A, lin.G, alpha, lin.C, pattern.nnz);
  }

  /** λ := λ − rest with Aᵀ rest = Aᵀλ + ν. */
  function refine(nu: Float64Array, lambda: Float64Array): void {
    scale(rest, 1, nu, n);
    addTransposed(pattern, A, lambda, rest);
    lin.lu.solveTransposed(rest);
    addScaled(lambda, -1, rest, n);
  }

  /** Whether the solution is accurate. */
  function solveWithNearFactors(relation: Relation, nu: Float64Array, lambda: Float64Array): boolean {
    solve(nu, lambda);
    if (relations.isConstant(relation)) return true;
    form(relation);
    let previous = Infinity;
    for (;;) {
      refine(nu, lambda);
      const norm = relativeSize(rest, lambda, FLOOR, n);
      const ratio = norm / previous;
      if (norm <= ACCURACY || (previous < Infinity && norm * ratio <= ACCURACY)) return true;
      if (!(norm < Infinity) || (previous < Infinity && ratio > CONTRACTION)) return false;
      previous = norm;
    }
  }
}
