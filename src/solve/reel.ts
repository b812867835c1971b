// One stretch of a tape in memory: every relation with its point in one record of numbers, and the pieces beside them.
import { createIntegers, createRecords, startOf } from '../math/growing.js';
import type { Pool } from '../math/pool.js';
import { codeOf, KINDS, makeRoom, type Piece, type Relation, type RelationKind } from './relation.js';

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
  /** Its place and pieces are found. Returns the furthest that it looks back, in places. */
  add(relation: Relation): number;
  carry(place: number): void;
  /** Keeps the point of the relation added last. */
  keep(x: Float64Array): void;
  /** Returns as `add`. */
  addPiece(mesh: number, points: readonly { readonly place: number }[], count: number): number;
  release(): void;
}

// A record of a relation begins with its code, t, alpha and how many pieces stand; there follow, where the code says so,
// `left` and the number of its modes; the points named, unless they are those just before; their shares; and its point.
const HEAD = 4;
/** In the code: the kind, three marks, and from there on how many points are named. */
const KIND = 7;
const CARRIED = 8;
const UNUSUAL = 16;
const IN_ROW = 32;
const COUNT_BITS = 6;
/** Numbers that stand where the code says UNUSUAL. */
const MORE = 2;

// A piece begins with where it ends and a code: whether the points that it goes through are in a row and need not follow,
// how many they are, and at which the step begins.
const ALL_IN_ROW = 1;
const THROUGH_BITS = 1;
const THROUGH = 0xffff;
const MESH_BITS = 17;

/** Points up to here are copied sooner by a loop than by a call of the engine. */
const SHORT = 64;

/** What stands before the point in a record with this code. */
function lengthOf(code: number): number {
  const count = code >> COUNT_BITS;
  return HEAD + ((code & UNUSUAL) !== 0 ? MORE : 0) + ((code & IN_ROW) !== 0 ? count : 2 * count);
}

/** @param size length of a point */
export function createReel(first: number, firstPiece: number, size: number, pool: Pool): Reel {
  const records = createRecords(pool);
  /** By place. */
  const names = createIntegers(pool);
  const pieces = createIntegers(pool);
  /** Where each piece begins. */
  const pieceAt = createIntegers(pool);
  const lists = [names, pieces, pieceAt];
  const modes: Float64Array[] = [];
  /** Where the point of the relation added last goes. */
  let pointOf: Float64Array = new Float64Array(0);
  let pointAt = 0;

  const reel = {
    first,
    firstPiece,
    count: 0,
    pieces: 0,
    numbers: () => records.numbers + (names.length + pieces.length + pieceAt.length) / 2,
    relation(place: number, into: Relation) {
      const name = names.data[place - first];
      const data = records.arrayOf(name);
      let at = startOf(name);
      const code = data[at];
      const count = code >> COUNT_BITS;
      makeRoom(into, count);
      into.place = place;
      into.kind = KINDS[code & KIND];
      into.count = count;
      into.t = data[at + 1];
      into.alpha = data[at + 2];
      into.pieces = data[at + 3];
      const unusual = (code & UNUSUAL) !== 0;
      at += HEAD;
      into.left = unusual ? data[at] : 0;
      into.modes = modes[unusual ? data[at + 1] : 0];
      if (unusual) at += MORE;
      const { from, share } = into;
      if ((code & IN_ROW) !== 0) for (let j = 0; j < count; j++) from[j] = place - 1 - j;
      else for (let j = 0; j < count; j++) from[j] = data[at++];
      for (let j = 0; j < count; j++) share[j] = data[at++];
    },
    piece(p: number, into: Piece) {
      let at = pieceAt.data[p - firstPiece];
      const { data } = pieces;
      const end = data[at++];
      const code = data[at++];
      const count = (code >> THROUGH_BITS) & THROUGH;
      if (count > into.through.length) {
        into.through = new Int32Array(count);
        into.times = new Float64Array(count);
      }
      const { through } = into;
      into.count = count;
      into.mesh = code >> MESH_BITS;
      if ((code & ALL_IN_ROW) !== 0) for (let j = 0; j < count; j++) through[j] = end - j;
      else for (let j = 0; j < count; j++) through[j] = data[at++];
    },
    kindOf: (place: number) => KINDS[codeAt(place) & KIND],
    timeOf(place: number) {
      const name = names.data[place - first];
      return records.arrayOf(name)[startOf(name) + 1];
    },
    modesOf(place: number) {
      const name = names.data[place - first];
      const data = records.arrayOf(name);
      const at = startOf(name);
      return modes[(data[at] & UNUSUAL) !== 0 ? data[at + HEAD + 1] : 0];
    },
    endOf: (p: number) => pieces.data[pieceAt.data[p - firstPiece]],
    point(place: number, x: Float64Array) {
      const name = names.data[place - first];
      const data = records.arrayOf(name);
      const code = data[startOf(name)];
      const at = startOf(name) + lengthOf(code);
      if (size <= SHORT) for (let i = 0; i < size; i++) x[i] = data[at + i];
      else x.set(data.subarray(at, at + size));
    },
    isCarried: (place: number) => (codeAt(place) & CARRIED) !== 0,
    add(relation: Relation) {
      const { kind, t, left, alpha, count, from, share } = relation;
      const place = first + reel.count++;
      relation.place = place;
      relation.pieces = firstPiece + reel.pieces;
      noteModes(relation.modes);
      const unusual = left !== 0 || modes.length > 1;
      let reach = 0;
      let inRow = true;
      for (let j = 0; j < count; j++) {
        const back = place - from[j];
        if (back > reach) reach = back;
        if (back !== j + 1) inRow = false;
      }
      const code = codeOf(kind) | (unusual ? UNUSUAL : 0) | (inRow ? IN_ROW : 0) | (count << COUNT_BITS);
      const length = lengthOf(code);
      const name = records.make(length + size);
      names.push(name);
      const data = records.arrayOf(name);
      let at = startOf(name);
      pointOf = data;
      pointAt = at + length;
      data[at] = code;
      data[at + 1] = t;
      data[at + 2] = alpha;
      data[at + 3] = relation.pieces;
      at += HEAD;
      if (unusual) {
        data[at++] = left;
        data[at++] = modes.length - 1;
      }
      if (!inRow) for (let j = 0; j < count; j++) data[at++] = from[j];
      for (let j = 0; j < count; j++) data[at++] = share[j];
      return reach;
    },
    carry(place: number) {
      if (place < first) return;
      const name = names.data[place - first];
      records.arrayOf(name)[startOf(name)] = codeAt(place) | CARRIED;
    },
    keep(x: Float64Array) {
      if (size <= SHORT) for (let i = 0; i < size; i++) pointOf[pointAt + i] = x[i];
      else pointOf.set(x, pointAt);
    },
    addPiece(mesh: number, through: readonly { readonly place: number }[], count: number) {
      const newest = first + reel.count - 1;
      const end = through[0].place;
      let reach = 0;
      let inRow = true;
      for (let j = 0; j < count; j++) {
        const { place } = through[j];
        if (newest - place > reach) reach = newest - place;
        if (place !== end - j) inRow = false;
      }
      let at = pieces.extend(2 + (inRow ? 0 : count));
      pieceAt.push(at);
      reel.pieces++;
      const { data } = pieces;
      data[at++] = end;
      data[at++] = (inRow ? ALL_IN_ROW : 0) | (count << THROUGH_BITS) | (mesh << MESH_BITS);
      if (!inRow) for (let j = 0; j < count; j++) data[at++] = through[j].place;
      return reach;
    },
    release() {
      for (const list of lists) list.release();
      records.release();
    },
  };
  return reel;

  function codeAt(place: number): number {
    const name = names.data[place - first];
    return records.arrayOf(name)[startOf(name)];
  }

  /** Relations added from now on are read in these modes. */
  function noteModes(present: Float64Array): void {
    const last = modes[modes.length - 1];
    if (last && present.length === 0) return;
    if (!last?.every((on, k) => on === present[k])) modes.push(present.slice());
  }
}
