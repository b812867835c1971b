// The linear terms of all like things summed once into constant matrices G and C: by slot, and as rows for products.
import type { ByRow } from './pattern.js';
import type { Rows } from './rows.js';
import { scratch } from './scratch.js';

/** Terms coefficient·x[column] of many things, each in a row and with the opposite sign in another. */
export interface Terms {
  readonly count: number;
  /** Numbers of all things, `stride` a thing. */
  readonly numbers: Float64Array;
  readonly stride: number;
  /** By term: which of the numbers its coefficient is, and whether it is an entry of C (1) or of G (0). */
  readonly coefficient: Int32Array;
  readonly stored: Int32Array;
  /** The two slots of every term of every thing. */
  readonly slots: Int32Array;
}

/** A matrix of constant entries: rows [0, n) of the unknowns and rows [n, size) of what is known, zeros dropped. */
export interface Folded {
  readonly bySlot: Float64Array;
  readonly rows: Rows;
  readonly known: Rows;
}

/** The last slot takes what nobody asks for, and stays 0. */
export interface FoldFrame {
  readonly n: number;
  readonly size: number;
  readonly slots: number;
  readonly byRow: ByRow;
}

/** With so many slots kernels are sooner done than loops that nothing has made fast yet. */
const MANY = 2000;

export function fold(frame: FoldFrame, lists: readonly Terms[]): { readonly G: Folded; readonly C: Folded } {
  return frame.slots < MANY ? foldFew(frame, lists) : foldMany(frame, lists);
}

function foldFew(frame: FoldFrame, lists: readonly Terms[]): ReturnType<typeof fold> {
  const G = new Float64Array(frame.slots);
  const C = new Float64Array(frame.slots);
  for (const { count, numbers, stride, coefficient, stored, slots } of lists) {
    for (let i = 0, s = 0; i < count; i++) {
      for (let t = 0; t < coefficient.length; t++) {
        const value = numbers[i * stride + coefficient[t]];
        const to = stored[t] === 1 ? C : G;
        to[slots[s++]] += value;
        to[slots[s++]] -= value;
      }
    }
  }
  const folded = (bySlot: Float64Array): Folded => {
    bySlot[frame.slots - 1] = 0;
    const { n, size } = frame;
    return { bySlot, rows: rowsOf(frame, bySlot, 0, n), known: rowsOf(frame, bySlot, n, size) };
  };
  return { G: folded(G), C: folded(C) };
}

function rowsOf({ byRow }: FoldFrame, bySlot: Float64Array, first: number, last: number): Rows {
  const start = new Int32Array(last - first + 1);
  const most = byRow.start[last] - byRow.start[first];
  const column = new Int32Array(most);
  const value = new Float64Array(most);
  let count = 0;
  for (let r = first; r < last; r++) {
    for (let k = byRow.start[r]; k < byRow.start[r + 1]; k++) {
      const entry = bySlot[byRow.slot[k]];
      if (entry === 0) continue;
      column[count] = byRow.column[k];
      value[count++] = entry;
    }
    start[r - first + 1] = count;
  }
  return { start, column: column.slice(0, count), value: value.slice(0, count) };
}

function foldMany({ n, size, slots, byRow }: FoldFrame, lists: readonly Terms[]): ReturnType<typeof fold> {
  const bytesOf = ({ numbers, coefficient, slots: own }: Terms): number =>
    8 * numbers.length + 4 * (own.length + 2 * coefficient.length) + 64;
  // What the terms took is free again for the rows.
  const bytesOfRows = 4 * (2 * (size + 1) + 3 * slots) + 8 * slots + 80;
  const at = scratch(16 * slots + 32 + Math.max(bytesOfRows, ...lists.map(bytesOf)));
  const { kernels } = at;
  const G = at.floats(slots);
  const C = at.floats(slots);
  G.fill(0);
  C.fill(0);
  const mark = at.mark();
  for (const { count, numbers, stride, coefficient, stored, slots: own } of lists) {
    at.release(mark);
    kernels.foldTerms(
      count,
      stride,
      at.floats(numbers).byteOffset,
      coefficient.length,
      at.integers(coefficient).byteOffset,
      at.integers(stored).byteOffset,
      at.integers(own).byteOffset,
      G.byteOffset,
      C.byteOffset,
    );
  }
  at.release(mark);
  const [from, slot, columnOf] = [byRow.start, byRow.slot, byRow.column].map(at.integers);
  const start = at.integers(size + 1);
  const column = at.integers(slots);
  const value = at.floats(slots);
  const rows = (bySlot: Float64Array, first: number, last: number): Rows => {
    const count = kernels.filledRows(
      first,
      last,
      from.byteOffset,
      slot.byteOffset,
      columnOf.byteOffset,
      bySlot.byteOffset,
      start.byteOffset,
      column.byteOffset,
      value.byteOffset,
    );
    return {
      start: start.slice(0, last - first + 1),
      column: column.slice(0, count),
      value: value.slice(0, count),
    };
  };
  const folded = (bySlot: Float64Array): Folded => {
    bySlot[slots - 1] = 0;
    return { bySlot: bySlot.slice(), rows: rows(bySlot, 0, n), known: rows(bySlot, n, size) };
  };
  return { G: folded(G), C: folded(C) };
}
