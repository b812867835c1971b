// A sufficient sign that nothing can grow: with the rows of branch currents reversed, G + Gᵀ and C are diagonally
// dominant with diagonals ≥ 0, as in every network of positive R, L, C; then |x|² weighted by C cannot increase.
import type { System } from '../circuit/system.js';
import { dominant } from '../math/dominance.js';

/** True only when passivity can be read off the matrices at once; false says nothing. */
export function evidentlyPassive({ pattern, isNode }: System, G: Float64Array, C: Float64Array): boolean {
  return dominant(pattern, isNode, G, 'symmetric part') && dominant(pattern, isNode, C, 'whole');
}
