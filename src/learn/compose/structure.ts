// The sparse structure of a System made from others: the union of lists of entries, and the slot of each of them.
import type { System } from '../../circuit/system.js';
import { buildPattern, type Pattern } from '../../math/pattern.js';

/** Entry k stands at (rows[k], cols[k]) of the matrices of a system. */
export interface Entries {
  readonly rows: Int32Array;
  readonly cols: Int32Array;
}

/** What a System says of where G and C have entries, and where those of each list ended. */
export interface Structure {
  readonly pattern: Pattern;
  readonly borderRow: Int32Array;
  readonly borderCol: Int32Array;
  readonly slots: number;
  readonly diagonal: Int32Array;
  /** slotsOf[l][k]: the slot of entry k of list l. */
  readonly slotsOf: readonly Int32Array[];
}

/** Every entry of a system's G and C in the order of its slots, without the dustbin. */
export function entriesOf({ n, pattern, borderRow, borderCol, slots }: System): Entries {
  const rows = new Int32Array(slots - 1);
  const cols = new Int32Array(slots - 1);
  rows.set(pattern.rowIdx);
  for (let j = 0; j < n; j++) cols.fill(j, pattern.colPtr[j], pattern.colPtr[j + 1]);
  rows.set(borderRow, pattern.nnz);
  cols.set(borderCol, pattern.nnz);
  return { rows, cols };
}

/**
 * One structure for all lists: the n×n pattern with a full diagonal, the border, and the dustbin. Entries of one place
 * share a slot; entries in the row or column of ground (size − 1) go to the dustbin.
 */
export function unite(n: number, size: number, lists: readonly Entries[]): Structure {
  const inside: { rows: number[]; cols: number[] } = { rows: [], cols: [] };
  const border = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    inside.rows.push(i);
    inside.cols.push(i);
  }
  const placed = lists.map(({ rows, cols }) =>
    rows.map((row, k) => {
      const col = cols[k];
      if (row >= size - 1 || col >= size - 1) return -1;
      if (row < n && col < n) {
        inside.cols.push(col);
        return inside.rows.push(row) - 1;
      }
      const key = row * size + col;
      if (!border.has(key)) border.set(key, border.size);
      return -2 - border.get(key)!;
    }),
  );
  const { pattern, slot } = buildPattern(n, Int32Array.from(inside.rows), Int32Array.from(inside.cols));
  const keys = [...border.keys()];
  const dustbin = pattern.nnz + keys.length;
  return {
    pattern,
    borderRow: Int32Array.from(keys, (key) => Math.floor(key / size)),
    borderCol: Int32Array.from(keys, (key) => key % size),
    slots: dustbin + 1,
    diagonal: slot.slice(0, n),
    slotsOf: placed.map((list) =>
      list.map((p) => (p >= 0 ? slot[p] : p === -1 ? dustbin : pattern.nnz - 2 - p)),
    ),
  };
}

const extensions = new WeakMap<Pattern, Map<string, Structure>>();

/**
 * The structure of a system with more entries: `slotsOf` is [slots of its own entries, slots of the new ones]. Made once
 * per pattern and list, so that all bindings share it; without a place that is new it keeps the pattern itself.
 */
export function extension(system: System, entries: Entries): Structure {
  const { pattern } = system;
  let known = extensions.get(pattern);
  if (known === undefined) extensions.set(pattern, (known = new Map()));
  const key = `${entries.rows.join()};${entries.cols.join()}`;
  let found = known.get(key);
  if (found === undefined) {
    const united = unite(system.n, system.size, [entriesOf(system), entries]);
    const grown = united.slots !== system.slots;
    found = grown ? united : { ...ownStructure(system), slotsOf: united.slotsOf };
    known.set(key, found);
  }
  return found;
}

function ownStructure({
  pattern,
  borderRow,
  borderCol,
  slots,
  diagonal,
}: System): Omit<Structure, 'slotsOf'> {
  return { pattern, borderRow, borderCol, slots, diagonal };
}
