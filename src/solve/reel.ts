// One stretch of a tape in memory: relations, pieces and points in columns of numbers.
import { createColumn, createVectors } from '../math/growing.js';
import type { Pool } from '../math/pool.js';
import { KINDS, type Piece, type Relation, type RelationKind } from './relation.js';

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
  /** into := the piece, all but when it begins and ends. */
  piece(p: number, into: Piece): void;
  kindOf(place: number): RelationKind;
  timeOf(place: number): number;
  modesOf(place: number): Float64Array;
  endOf(p: number): number;
  point(place: number, x: Float64Array): void;
  isCarried(place: number): boolean;
  add(kind: RelationKind, t: number, left: number, alpha: number): void;
  name(place: number, share: number): void;
  carry(place: number): void;
  setModes(modes: Float64Array): void;
  keep(x: Float64Array): void;
  addPiece(mesh: number): void;
  goThrough(place: number): void;
  release(): void;
}

/** Added to the kind of a relation whose point is carried. */
const CARRIED = 128;

/** @param size length of a point */
export function createReel(first: number, firstPiece: number, size: number, pool: Pool): Reel {
  const kinds = createColumn(Uint8Array, pool);
  const t = createColumn(Float64Array, pool);
  const left = createColumn(Float64Array, pool);
  const alpha = createColumn(Float64Array, pool);
  /** Which of `modes` hold. */
  const mode = createColumn(Int32Array, pool);
  const standing = createColumn(Int32Array, pool);
  /** `from` and `share` of the k-th relation end here. */
  const ends = createColumn(Int32Array, pool);
  const from = createColumn(Int32Array, pool);
  const share = createColumn(Float64Array, pool);
  const mesh = createColumn(Uint8Array, pool);
  const pieceEnds = createColumn(Int32Array, pool);
  const through = createColumn(Int32Array, pool);
  const columns = [kinds, t, left, alpha, mode, standing, ends, from, share, mesh, pieceEnds, through];
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
      const begin = startOf(ends, k);
      const count = ends.data[k] - begin;
      if (count > into.from.length) {
        into.from = new Int32Array(count);
        into.share = new Float64Array(count);
      }
      into.place = place;
      into.kind = reel.kindOf(place);
      into.t = t.data[k];
      into.left = left.data[k];
      into.alpha = alpha.data[k];
      into.count = count;
      for (let j = 0; j < count; j++) {
        into.from[j] = from.data[begin + j];
        into.share[j] = share.data[begin + j];
      }
      into.modes = modes[mode.data[k]];
      into.pieces = standing.data[k];
    },
    piece(p: number, into: Piece) {
      const k = p - firstPiece;
      const begin = startOf(pieceEnds, k);
      const count = pieceEnds.data[k] - begin;
      if (count > into.through.length) into.through = new Int32Array(count);
      into.count = count;
      for (let j = 0; j < count; j++) into.through[j] = through.data[begin + j];
      into.mesh = mesh.data[k];
    },
    kindOf: (place: number) => KINDS[kinds.data[place - first] % CARRIED],
    timeOf: (place: number) => t.data[place - first],
    modesOf: (place: number) => modes[mode.data[place - first]],
    endOf: (p: number) => through.data[startOf(pieceEnds, p - firstPiece)],
    point: (place: number, x: Float64Array) => points.read(place - first, x),
    isCarried: (place: number) => kinds.data[place - first] >= CARRIED,
    add(kind: RelationKind, at: number, before: number, a: number) {
      kinds.push(KINDS.indexOf(kind));
      t.push(at);
      left.push(before);
      alpha.push(a);
      mode.push(modes.length - 1);
      standing.push(firstPiece + reel.pieces);
      ends.push(from.length);
      reel.count++;
    },
    name(place: number, u: number) {
      from.push(place);
      share.push(u);
      ends.data[reel.count - 1]++;
    },
    carry(place: number) {
      if (place >= first) kinds.data[place - first] |= CARRIED;
    },
    setModes(present: Float64Array) {
      const last = modes.at(-1);
      if (!last?.every((on, k) => on === present[k])) modes.push(present.slice());
    },
    keep(x: Float64Array) {
      points.push(x);
    },
    addPiece(at: number) {
      mesh.push(at);
      pieceEnds.push(through.length);
      reel.pieces++;
    },
    goThrough(place: number) {
      through.push(place);
      pieceEnds.data[reel.pieces - 1]++;
    },
    release() {
      for (const column of columns) column.release();
      points.release();
    },
  };
  return reel;
}
