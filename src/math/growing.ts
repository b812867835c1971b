// Lists that grow in memory lent by a pool: integers, whose room doubles, and records of numbers, in chunks.
import type { Pool } from './pool.js';

export interface Integers {
  /** Its first `length` numbers; another array once a `push` has made it grow. */
  data: Int32Array;
  length: number;
  push(value: number): void;
  /** Makes it longer by `count` numbers, which are to be written; returns where they begin. */
  extend(count: number): number;
  /** Empties it and gives its memory back. */
  release(): void;
}

/** Numbers that a list begins with. */
const FEW = 64;
const NONE = new Int32Array(0);

export function createIntegers(pool: Pool): Integers {
  let memory: Float64Array | undefined;
  const list: Integers = {
    data: NONE,
    length: 0,
    push(value) {
      if (list.length === list.data.length) grow(1);
      list.data[list.length++] = value;
    },
    extend(count) {
      const at = list.length;
      if (at + count > list.data.length) grow(count);
      list.length = at + count;
      return at;
    },
    release() {
      if (memory) pool.giveBack(memory);
      memory = undefined;
      list.data = NONE;
      list.length = 0;
    },
  };
  return list;

  function grow(count: number): void {
    const { data } = list;
    const larger = pool.floats(Math.ceil(Math.max(FEW, 2 * data.length, data.length + count) / 2));
    list.data = new Int32Array(larger.buffer, larger.byteOffset, 2 * larger.length);
    list.data.set(data);
    if (memory) pool.giveBack(memory);
    memory = larger;
  }
}

/** Each stands in one array, from `startOf(name)` on in `arrayOf(name)`. */
export interface Records {
  /** Makes one of so many numbers, which are to be written; returns its name. */
  make(count: number): number;
  arrayOf(name: number): Float64Array;
  /** Numbers in all records. */
  readonly numbers: number;
  /** Empties the list and gives its memory back. */
  release(): void;
}

/** Numbers that are asked of the pool at once, or as many as one record has. */
const CHUNK_BITS = 16;
const CHUNK = 2 ** CHUNK_BITS;

export const startOf = (name: number): number => name & (CHUNK - 1);

export function createRecords(pool: Pool): Records {
  const chunks: Float64Array[] = [];
  /** The chunk that is being filled begins at this name, and holds so many numbers already. */
  let begin = -CHUNK;
  let filled = CHUNK;
  const records = {
    numbers: 0,
    make(count: number) {
      records.numbers += count;
      if (filled + count > CHUNK) {
        chunks.push(pool.floats(Math.max(CHUNK, count)));
        begin += CHUNK;
        filled = 0;
      }
      const name = begin + filled;
      filled += count;
      return name;
    },
    arrayOf: (name: number) => chunks[name >> CHUNK_BITS],
    release() {
      for (const chunk of chunks.splice(0)) pool.giveBack(chunk);
      begin = -CHUNK;
      filled = CHUNK;
      records.numbers = 0;
    },
  };
  return records;
}
