// A law as straight-line arithmetic over all its instances: data that a kernel runs an operation at a time.
import type { Kernels } from './kernels/instance.js';

/** Operations that expressions know by the same names. */
export const ARITHMETIC = [
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'abs',
  'sqrt',
  'exp',
  'limexp',
  'limexp1',
  'select',
  'lt',
  'le',
  'gt',
  'ge',
] as const;

/** What the kernel can do, by number: `assembly/straight.ts` names them in the same order. */
const OPERATIONS = [...ARITHMETIC, 'square', 'cube'] as const;

export type StraightOperation = (typeof OPERATIONS)[number];

/** What a symbol is for each instance: an entry of x, a number of its own, or the time. */
export type StraightSymbol =
  | { readonly slots: Int32Array }
  | { readonly numbers: Float64Array }
  | { readonly time: true };

/** Registers: first the constants, then the symbols, then one per operation. */
export interface Straight {
  /** Instances. */
  readonly count: number;
  readonly constants: readonly number[];
  readonly symbols: readonly StraightSymbol[];
  readonly operations: readonly { readonly op: StraightOperation; readonly args: readonly number[] }[];
  /** f[slots] += sign · register. */
  readonly writes: readonly {
    readonly register: number;
    readonly slots: Int32Array;
    readonly sign: 1 | -1;
  }[];
}

/** f += the law at (x, t). */
export type AddStraight = (x: number, t: number, f: number) => void;

/** Instances in a block of the kernel. */
const BLOCK = 64;
const SYMBOL = 3;
const OPERATION = 5;
const WRITE = 4;
const HEADER = 7;

const registersOf = ({ constants, symbols, operations }: Straight): number =>
  constants.length + symbols.length + operations.length;

/** Bytes that a law takes, at most. */
export function bytesOfStraight(law: Straight): number {
  const { count, symbols, operations, writes } = law;
  const integers = HEADER + SYMBOL * symbols.length + OPERATION * operations.length + WRITE * writes.length;
  return (
    8 * BLOCK * registersOf(law) + 4 * integers + (8 * count + 16) * (symbols.length + writes.length) + 64
  );
}

/** Whether these stand one after the other. */
const isRun = (slots: Int32Array): boolean => slots.every((slot, k) => slot === slots[0] + k);

/** Lays a law down in the memory of the kernels, from what `take` gives; addresses of x and f are bytes there. */
export function layStraight(kernels: Kernels, law: Straight, take: (bytes: number) => number): AddStraight {
  const { buffer } = kernels.memory;
  const { count, constants, symbols, operations, writes } = law;
  const registersAt = take(8 * BLOCK * registersOf(law));
  const register = (k: number): number => registersAt + 8 * BLOCK * k;
  constants.forEach((value, k) => {
    new Float64Array(buffer, register(k), BLOCK).fill(value);
  });
  const integers = (length: number): Int32Array => new Int32Array(buffer, take(4 * length), length);
  const offsets = (slots: Int32Array): number => {
    const table = integers(count + 1);
    for (let k = 0; k < count; k++) table[k] = 8 * slots[k];
    table[count] = 0;
    return table.byteOffset;
  };
  const numbers = (values: Float64Array): number => {
    const table = new Float64Array(buffer, take(8 * count), count);
    table.set(values);
    return table.byteOffset;
  };
  const list = (rows: readonly (readonly number[])[]): [number, number] => {
    const flat = integers(rows.length * (rows[0]?.length ?? 0));
    flat.set(rows.flat());
    return [rows.length, flat.byteOffset];
  };
  const read = list(
    symbols.map((s, k) => {
      const to = register(constants.length + k);
      if ('slots' in s) return isRun(s.slots) ? [3, to, 8 * s.slots[0]] : [0, to, offsets(s.slots)];
      return 'numbers' in s ? [1, to, numbers(s.numbers)] : [2, to, 0];
    }),
  );
  const first = constants.length + symbols.length;
  const done = list(
    operations.map(({ op, args: [a, b = a, c = a] }, k) => [
      OPERATIONS.indexOf(op),
      register(first + k),
      register(a),
      register(b),
      register(c),
    ]),
  );
  const written = list(
    writes.map(({ register: from, slots, sign }) =>
      isRun(slots) ? [sign, register(from), 8 * slots[0], 1] : [sign, register(from), offsets(slots), 0],
    ),
  );
  const header = integers(HEADER);
  header.set([count, ...read, ...done, ...written]);
  const at = header.byteOffset;
  return (x, t, f) => kernels.addStraight(at, x, t, f);
}
