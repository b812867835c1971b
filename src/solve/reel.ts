// One stretch of a tape in memory: relations, pieces and points in columns of numbers.
import { createColumn, createVectors } from '../math/growing.js';
import type { Pool } from '../math/pool.js';
import { KINDS, makeRoom, type Piece, type Relation, type RelationKind } from './relation.js';

/** Places and pieces count from the beginning of the tape, of which a reel holds those from `first` and `firstPiece` on. */
export interface Reel {
  readonly first: number;
  readonly firstPiece: number;
  /** Relations, and with that points, and pieces on it so far. */
  readonly count: number;
  readonly pieces: number;
  /** Numbers of 8 bytes that it fills so far. */
  numbers(): number;
  /** into := the relation of the point at a place. */
  relation(place: number, into: Relation): void;
  /** into := the piece, all but when its points stand. */
  piece(p: number, into: Piece): void;
  kindOf(place: number): RelationKind;
  timeOf(place: number): number;
  modesOf(place: number): Float64Array;
  endOf(p: number): number;
  point(place: number, x: Float64Array): void;
  isCarried(place: number): boolean;
  /** Its place and pieces are found. */
  add(relation: Relation): void;
  carry(place: number): void;
  keep(x: Float64Array): void;
  addPiece(mesh: number, points: readonly { readonly place: number }[], count: number): void;
  release(): void;
}

/** Added to the kind of a relation whose point is carried. */
const CARRIED = 128;

/** What stands before the points that a relation names and their shares: t, left, alpha, which modes hold, pieces. */
const HEAD = 5;

/** @param size length of a point */
export function createReel(first: number, firstPiece: number, size: number, pool: Pool): Reel {
  const kinds = createColumn(Uint8Array, pool);
  /** The k-th relation ends at `ends[k]`. */
  const relations = createColumn(Float64Array, pool);
  const ends = createColumn(Int32Array, pool);
  /** `mesh` of a piece and the points it goes through; the k-th ends at `pieceEnds[k]`. */
  const pieces = createColumn(Int32Array, pool);
  const pieceEnds = createColumn(Int32Array, pool);
  const columns = [kinds, relations, ends, pieces, pieceEnds];
  const modes: Float64Array[] = [];
  const points = createVectors(size, pool);
  const startOf = (of: typeof ends, k: number): number => (k > 0 ? of.data[k - 1] : 0);

  const reel = {
    first,
    firstPiece,
    count: 0,
    pieces: 0,
    numbers: () =>
      columns.reduce(
        (sum, { data, length }) => sum + (data.BYTES_PER_ELEMENT * length) / 8,
        reel.count * size,
      ),
    relation(place: number, into: Relation) {
      const k = place - first;
      const { data } = relations;
      let at = startOf(ends, k);
      const count = (ends.data[k] - at - HEAD) / 2;
      makeRoom(into, count);
      into.place = place;
      into.kind = KINDS[kinds.data[k] % CARRIED];
      into.t = data[at];
      into.left = data[at + 1];
      into.alpha = data[at + 2];
      into.modes = modes[data[at + 3]];
      into.pieces = data[at + 4];
      into.count = count;
      at += HEAD;
      for (let j = 0; j < count; j++) {
        into.from[j] = data[at++];
        into.share[j] = data[at++];
      }
    },
    piece(p: number, into: Piece) {
      const k = p - firstPiece;
      const begin = startOf(pieceEnds, k);
      const count = pieceEnds.data[k] - begin - 1;
      if (count > into.through.length) {
        into.through = new Int32Array(count);
        into.times = new Float64Array(count);
      }
      into.count = count;
      into.mesh = pieces.data[begin];
      for (let j = 0; j < count; j++) into.through[j] = pieces.data[begin + 1 + j];
    },
    kindOf: (place: number) => KINDS[kinds.data[place - first] % CARRIED],
    timeOf: (place: number) => relations.data[startOf(ends, place - first)],
    modesOf: (place: number) => modes[relations.data[startOf(ends, place - first) + 3]],
    endOf: (p: number) => pieces.data[startOf(pieceEnds, p - firstPiece) + 1],
    point: (place: number, x: Float64Array) => points.read(place - first, x),
    isCarried: (place: number) => kinds.data[place - first] >= CARRIED,
    add(relation: Relation) {
      const { kind, t, left, alpha, count, from, share } = relation;
      relation.place = first + reel.count++;
      relation.pieces = firstPiece + reel.pieces;
      noteModes(relation.modes);
      kinds.push(KINDS.indexOf(kind));
      let at = relations.extend(HEAD + 2 * count);
      const { data } = relations;
      data[at] = t;
      data[at + 1] = left;
      data[at + 2] = alpha;
      data[at + 3] = modes.length - 1;
      data[at + 4] = relation.pieces;
      at += HEAD;
      for (let j = 0; j < count; j++) {
        data[at++] = from[j];
        data[at++] = share[j];
      }
      ends.push(at);
    },
    carry(place: number) {
      if (place >= first) kinds.data[place - first] |= CARRIED;
    },
    keep(x: Float64Array) {
      points.push(x);
    },
    addPiece(mesh: number, through: readonly { readonly place: number }[], count: number) {
      let at = pieces.extend(1 + count);
      const { data } = pieces;
      data[at++] = mesh;
      for (let j = 0; j < count; j++) data[at++] = through[j].place;
      pieceEnds.push(at);
      reel.pieces++;
    },
    release() {
      for (const column of columns) column.release();
      points.release();
    },
  };
  return reel;

  /** Relations added from now on are read in these modes. */
  function noteModes(present: Float64Array): void {
    const last = modes[modes.length - 1];
    if (last && present.length === 0) return;
    if (!last?.every((on, k) => on === present[k])) modes.push(present.slice());
  }
}
