// The linear devices folded once: constant G and C by slot, and as compressed rows for the residual.
import type { Rows } from '../math/rows.js';
import type { Assembly } from './assemble.js';
import type { BoundGroup } from './bind.js';

export function foldLinear(
  assembly: Assembly,
  bound: readonly BoundGroup[],
): { G: Float64Array; C: Float64Array } {
  const G = new Float64Array(assembly.slots);
  const C = new Float64Array(assembly.slots);
  for (const { group, block } of bound) {
    const { linear, derived } = group.template;
    for (let k = 0, s = 0; k < block.count; k++) {
      for (const term of linear) {
        const value = block.derived[k * derived.length + term.coefficient];
        const matrix = term.matrix === 'G' ? G : C;
        matrix[group.linearSlots[s++]] += value;
        matrix[group.linearSlots[s++]] -= value;
      }
    }
  }
  G[assembly.slots - 1] = 0;
  C[assembly.slots - 1] = 0;
  return { G, C };
}

/** Rows [first, last) of a matrix given by slots, zeros dropped; columns are slots in x. */
export function sparseRows(assembly: Assembly, values: Float64Array, first: number, last: number): Rows {
  const { pattern, borderRow, borderCol } = assembly;
  const { nnz } = pattern;
  const start = new Int32Array(last - first + 1);
  const each = (visit: (row: number, col: number, value: number) => void): void => {
    for (let col = 0; col < pattern.n; col++) {
      for (let k = pattern.colPtr[col]; k < pattern.colPtr[col + 1]; k++) {
        if (values[k] !== 0) visit(pattern.rowIdx[k], col, values[k]);
      }
    }
    for (let k = 0; k < borderRow.length; k++)
      if (values[nnz + k] !== 0) visit(borderRow[k], borderCol[k], values[nnz + k]);
  };
  each((row) => {
    if (row >= first && row < last) start[row - first + 1]++;
  });
  for (let r = 0; r < last - first; r++) start[r + 1] += start[r];
  const column = new Int32Array(start[last - first]);
  const entry = new Float64Array(start[last - first]);
  const next = start.slice(0, last - first);
  each((row, col, value) => {
    if (row < first || row >= last) return;
    const k = next[row - first]++;
    column[k] = col;
    entry[k] = value;
  });
  return { start, column, value: entry };
}
