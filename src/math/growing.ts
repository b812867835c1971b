// Lists that grow in memory lent by a pool: columns of numbers, which double, and vectors of one length, in chunks.
import type { Pool } from './pool.js';

type Numbers = Float64Array | Int32Array | Uint8Array;

interface Maker<A extends Numbers> {
  new (memory: ArrayBufferLike, at: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

export interface Column<A extends Numbers> {
  /** Its first `length` numbers; another array once a `push` has made it grow. */
  data: A;
  length: number;
  push(value: number): void;
  /** Makes it longer by `count` numbers, which are to be written; returns where they begin. */
  extend(count: number): number;
  /** Empties it and gives its memory back. */
  release(): void;
}

/** Numbers that a column begins with. */
const FEW = 64;

export function createColumn<A extends Numbers>(make: Maker<A>, pool: Pool): Column<A> {
  const none = new make(new ArrayBuffer(0), 0, 0);
  let memory: Float64Array | undefined;
  const column: Column<A> = {
    data: none,
    length: 0,
    push(value) {
      if (column.length === column.data.length) grow(1);
      column.data[column.length++] = value;
    },
    extend(count) {
      const at = column.length;
      if (at + count > column.data.length) grow(count);
      column.length = at + count;
      return at;
    },
    release() {
      if (memory) pool.giveBack(memory);
      memory = undefined;
      column.data = none;
      column.length = 0;
    },
  };
  return column;

  function grow(count: number): void {
    const { data } = column;
    const bytes = Math.max(FEW, 2 * data.length, data.length + count) * make.BYTES_PER_ELEMENT;
    const larger = pool.floats(Math.ceil(bytes / 8));
    column.data = new make(larger.buffer, larger.byteOffset, larger.byteLength / make.BYTES_PER_ELEMENT);
    column.data.set(data);
    if (memory) pool.giveBack(memory);
    memory = larger;
  }
}

export interface Vectors {
  readonly count: number;
  /** Numbers that fit without asking for more. */
  push(v: Float64Array): void;
  /** out := the k-th. */
  read(k: number, out: Float64Array): void;
  /** Empties the list and gives its memory back. */
  release(): void;
}

/** Vectors up to here are copied sooner by a loop than through a view of them. */
const SHORT = 64;
/** Numbers that are asked of the pool at once. */
const CHUNK = 2 ** 15;

export function createVectors(length: number, pool: Pool): Vectors {
  const chunks: Float64Array[] = [];
  const perChunk = Math.max(1, Math.floor(CHUNK / length));
  const vectors = {
    count: 0,
    push(v: Float64Array) {
      const at = vectors.count % perChunk;
      if (at === 0) chunks.push(pool.floats(perChunk * length));
      const chunk = chunks[chunks.length - 1];
      if (length < SHORT) for (let i = 0, to = at * length; i < length; i++) chunk[to++] = v[i];
      else chunk.set(v, at * length);
      vectors.count++;
    },
    read(k: number, out: Float64Array) {
      const chunk = chunks[Math.floor(k / perChunk)];
      const from = (k % perChunk) * length;
      if (length < SHORT) for (let i = 0; i < length; i++) out[i] = chunk[from + i];
      else out.set(chunk.subarray(from, from + length));
    },
    release() {
      for (const chunk of chunks.splice(0)) pool.giveBack(chunk);
      vectors.count = 0;
    },
  };
  return vectors;
}
