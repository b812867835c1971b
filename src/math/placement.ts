// Where the entries of many like things stand in one matrix: in the pattern of its first rows and columns, in a border
// beyond, or nowhere.
import { buildPattern, type Pattern } from './pattern.js';
import { scratch } from './scratch.js';

/** Position that stands for the row and column which nobody asks for: what is there goes to the last slot of all. */
export const NOWHERE = -1;
/** Position that stands for the constant. */
export const CONSTANT = -2;

/** Like things: thing k stands at `index[k·stride …]`, and its entries at (rows[t], columns[t]), positions in there. */
export interface Places {
  readonly stride: number;
  readonly index: Int32Array;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** The matrix has `size` rows and columns, of which the first n make the pattern, with a full diagonal. */
export interface Frame {
  readonly n: number;
  readonly size: number;
  /** Rows and columns that the positions NOWHERE and CONSTANT stand for. */
  readonly nowhere: number;
  readonly constant: number;
}

export interface Placement {
  readonly pattern: Pattern;
  /** Entries outside the pattern, each once; the k-th has slot pattern.nnz + k. */
  readonly borderRow: Int32Array;
  readonly borderCol: Int32Array;
  /** Slots of all entries, thing by thing, of each of the lists of places. */
  readonly slots: readonly Int32Array[];
  readonly diagonal: Int32Array;
}

/** So many entries are sooner placed by kernels; fewer are not worth a memory of their own. */
const MANY = 2000;

const countOf = ({ stride, index, rows }: Places): number =>
  rows.length === 0 ? 0 : (index.length / stride) * rows.length;

export function placeEntries(frame: Frame, lists: readonly Places[]): Placement {
  const count = lists.reduce((sum, places) => sum + countOf(places), frame.n);
  return count < MANY ? placeFew(frame, lists, count) : placeMany(frame, lists, count);
}

/** A list for every list of places, and one of the diagonal, of consecutive parts of all slots. */
function shared(
  slot: Int32Array,
  lists: readonly Places[],
): { readonly slots: readonly Int32Array[]; readonly diagonal: Int32Array } {
  let from = 0;
  const slots = lists.map((places) => slot.slice(from, (from += countOf(places))));
  return { slots, diagonal: slot.slice(from) };
}

function placeFew(frame: Frame, lists: readonly Places[], count: number): Placement {
  const { n, size, nowhere, constant } = frame;
  const rows = new Int32Array(count);
  const cols = new Int32Array(count);
  const inside = new Int32Array(count);
  const slot = new Int32Array(count);
  const border = new Map<number, number>();
  let k = 0;
  let within = 0;
  /** Until all are known: entries of the border have slots ≤ −2. */
  const enter = (row: number, col: number): void => {
    if (row < n && col < n) {
      rows[within] = row;
      cols[within] = col;
      inside[within++] = k++;
      return;
    }
    const key = row * size + col;
    const known = border.get(key);
    if (row === nowhere || col === nowhere) slot[k] = -1;
    else if (known !== undefined) slot[k] = -2 - known;
    else {
      slot[k] = -2 - border.size;
      border.set(key, border.size);
    }
    k++;
  };
  for (const { stride, index, rows: rowAt, columns } of lists) {
    const place = (first: number, position: number): number =>
      position >= 0 ? index[first + position] : position === NOWHERE ? nowhere : constant;
    for (let first = 0; rowAt.length > 0 && first < index.length; first += stride)
      for (let t = 0; t < rowAt.length; t++) enter(place(first, rowAt[t]), place(first, columns[t]));
  }
  for (let i = 0; i < n; i++) enter(i, i);
  const { pattern, slot: merged } = buildPattern(n, rows.subarray(0, within), cols.subarray(0, within));
  for (let e = 0; e < count; e++)
    if (slot[e] < 0) slot[e] = pattern.nnz + (slot[e] === -1 ? border.size : -2 - slot[e]);
  for (let e = 0; e < within; e++) slot[inside[e]] = merged[e];
  return {
    pattern,
    borderRow: Int32Array.from(border.keys(), (key) => Math.floor(key / size)),
    borderCol: Int32Array.from(border.keys(), (key) => key % size),
    ...shared(slot, lists),
  };
}

function placeMany(frame: Frame, lists: readonly Places[], count: number): Placement {
  const { n, size, nowhere, constant } = frame;
  const longest = lists.reduce((most, { index, rows }) => Math.max(most, index.length + 2 * rows.length), 0);
  const at = scratch(4 * (6 * count + longest + n + 1 + size + 1) + 160);
  const { kernels } = at;
  const rows = at.integers(count);
  const cols = at.integers(count);
  const slot = at.integers(count);
  const colPtr = at.integers(n + 1);
  const rowIdx = at.integers(count);
  const work = at.integers(size + 1 + 2 * count);
  const things = at.integers(longest);
  let from = 0;
  for (const places of lists) {
    const { stride, index, rows: rowAt, columns } = places;
    if (rowAt.length === 0) continue;
    things.set(index);
    things.set(rowAt, index.length);
    things.set(columns, index.length + rowAt.length);
    const positions = things.byteOffset + 4 * index.length;
    kernels.spreadEntries(
      index.length / stride,
      stride,
      things.byteOffset,
      rowAt.length,
      positions,
      positions + 4 * rowAt.length,
      nowhere,
      constant,
      rows.byteOffset + 4 * from,
      cols.byteOffset + 4 * from,
    );
    from += countOf(places);
  }
  for (let i = 0; i < n; i++) rows[from + i] = cols[from + i] = i;
  const border = kernels.placeEntries(
    n,
    size,
    nowhere,
    count,
    rows.byteOffset,
    cols.byteOffset,
    slot.byteOffset,
    colPtr.byteOffset,
    rowIdx.byteOffset,
    work.byteOffset,
  );
  const nnz = colPtr[n];
  return {
    pattern: { n, nnz, colPtr: colPtr.slice(), rowIdx: rowIdx.slice(0, nnz) },
    borderRow: rows.slice(0, border),
    borderCol: cols.slice(0, border),
    ...shared(slot, lists),
  };
}
