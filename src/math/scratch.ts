// Memory for what a kernel does in one call: its contents are gone with the next.
import type { Kernels } from './kernels/instance.js';
import { newRegion, type Region } from './pool.js';

/** Bytes that are kept for the next call: enough for all but very large circuits. */
const KEPT = 1 << 20;

let kept: Region | undefined;

export interface Scratch {
  readonly kernels: Kernels;
  /** As many integers as there are in the list, which are copied, or so many whose values are undefined. */
  integers(what: Int32Array | number): Int32Array;
  floats(what: Float64Array | number): Float64Array;
  bytes(what: Uint8Array | number): Uint8Array;
  /** Where the next thing would be laid, and that all that was laid from there on is given up. */
  mark(): number;
  release(mark: number): void;
}

/** @param bytes of all that is to be laid down; a list takes at most 15 bytes more than its numbers */
export function scratch(bytes: number): Scratch {
  const region = bytes > KEPT ? newRegion(bytes) : (kept ??= newRegion(KEPT));
  const { kernels } = region;
  const { buffer } = kernels.memory;
  let top = region.at;
  const take = (size: number): number => {
    const at = (top + 15) & ~15;
    top = at + size;
    return at;
  };
  const lay = <A extends Int32Array | Float64Array | Uint8Array>(view: A, what: A | number): A => {
    if (typeof what !== 'number') view.set(what);
    return view;
  };
  const lengthOf = (what: { readonly length: number } | number): number =>
    typeof what === 'number' ? what : what.length;
  return {
    kernels,
    integers: (what) => lay(new Int32Array(buffer, take(4 * lengthOf(what)), lengthOf(what)), what),
    floats: (what) => lay(new Float64Array(buffer, take(8 * lengthOf(what)), lengthOf(what)), what),
    bytes: (what) => lay(new Uint8Array(buffer, take(lengthOf(what)), lengthOf(what)), what),
    mark: () => top,
    release(mark) {
      top = mark;
    },
  };
}
