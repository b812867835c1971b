// A sufficient sign that nothing can grow: with the rows of branch currents reversed, G + Gᵀ and C are diagonally
// dominant with diagonals ≥ 0, as in every network of positive R, L, C; then |x|² weighted by C cannot increase.
import type { System } from '../circuit/system.js';

const ROUNDING = 1e-12;

/** True only when passivity can be read off the matrices at once; false says nothing. */
export function evidentlyPassive(system: System, G: Float64Array, C: Float64Array): boolean {
  return dominant(system, G, true) && dominant(system, C, false);
}

function dominant({ n, pattern, isNode }: System, a: Float64Array, symmetrise: boolean): boolean {
  const { colPtr, rowIdx } = pattern;
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) {
      const i = rowIdx[k];
      const value = isNode[i] ? a[k] : -a[k];
      if (i === j) {
        diagonal[i] = value;
        continue;
      }
      const mirror = find(pattern.rowIdx, colPtr[i], colPtr[i + 1], j);
      const opposite = mirror < 0 ? 0 : isNode[j] ? a[mirror] : -a[mirror];
      if (symmetrise) {
        beside[i] += Math.abs(value + opposite) / 2;
        if (mirror < 0) beside[j] += Math.abs(value) / 2;
      } else if (Math.abs(value - opposite) <= ROUNDING * Math.abs(value)) beside[i] += Math.abs(value);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) if (!(diagonal[i] >= beside[i] * (1 - ROUNDING))) return false;
  return true;
}

function find(rows: Int32Array, from: number, to: number, row: number): number {
  for (let low = from, high = to - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    if (rows[middle] === row) return middle;
    if (rows[middle] < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
