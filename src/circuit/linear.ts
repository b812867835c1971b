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
  const dustbin = assembly.slots - 1;
  for (const { group, block } of bound) {
    const { linear, derived: names } = group.template;
    const { linearSlots } = group;
    const { count, derived } = block;
    for (let k = 0, s = 0; k < count; k++) {
      for (let t = 0; t < linear.length; t++) {
        const { coefficient, matrix } = linear[t];
        const value = derived[k * names.length + coefficient];
        const M = matrix === 'G' ? G : C;
        const plus = linearSlots[s++];
        const minus = linearSlots[s++];
        if (plus !== dustbin) M[plus] += value;
        if (minus !== dustbin) M[minus] -= value;
      }
    }
  }
  return { G, C };
}

/** Rows [first, last) of a matrix given by slots, zeros dropped; columns are slots in x. */
export function sparseRows(assembly: Assembly, values: Float64Array, first: number, last: number): Rows {
  const { start: from, slot, column: columnOf } = assembly.byRow;
  const start = new Int32Array(last - first + 1);
  const most = from[last] - from[first];
  const column = new Int32Array(most);
  const value = new Float64Array(most);
  let count = 0;
  for (let r = first; r < last; r++) {
    for (let k = from[r]; k < from[r + 1]; k++) {
      const entry = values[slot[k]];
      if (entry === 0) continue;
      column[count] = columnOf[k];
      value[count++] = entry;
    }
    start[r - first + 1] = count;
  }
  return { start, column: column.slice(0, count), value: value.slice(0, count) };
}
