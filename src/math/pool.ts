// Large memory that one run gives back and the next takes: it is costly to make, to touch first and to collect.
import { instantiate, type Kernels } from './kernels/instance.js';

/** Bytes from `at` in the memory of an instance of the kernels, aligned to 16; contents undefined. */
export interface Region {
  readonly kernels: Kernels;
  readonly at: number;
  readonly bytes: number;
}

export interface Pool {
  region(bytes: number): Region;
  /** At least so many numbers; contents undefined. */
  floats(count: number): Float64Array;
  /** Nothing that lives in it may be read any more. */
  giveBack(what: Region | Float64Array): void;
}

export function createPool(): Pool {
  const regions: Region[] = [];
  const arrays: Float64Array[] = [];
  return {
    region(bytes) {
      const found = regions.findIndex((r) => r.bytes >= bytes);
      return found >= 0 ? regions.splice(found, 1)[0] : newRegion(bytes);
    },
    floats(count) {
      const found = arrays.findIndex((a) => a.length >= count);
      return found >= 0 ? arrays.splice(found, 1)[0] : new Float64Array(count);
    },
    giveBack(what) {
      if (what instanceof Float64Array) insert(arrays, what, (a) => a.length);
      else insert(regions, what, (r) => r.bytes);
    },
  };
}

/** A region that is collected with what lives in it. */
export function newRegion(bytes: number): Region {
  const kernels = instantiate();
  return { kernels, at: kernels.reserve(bytes), bytes };
}

/** Keeps the list ascending, so that the smallest that serves is found first. */
function insert<T>(list: T[], item: T, size: (of: T) => number): void {
  const larger = list.findIndex((other) => size(other) > size(item));
  list.splice(larger < 0 ? list.length : larger, 0, item);
}
