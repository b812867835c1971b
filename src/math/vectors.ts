// The long vectors of one run in one WebAssembly memory, so that each pass over them is one call of a kernel.
import { newRegion, type Pool, type Region } from './pool.js';
import type { Rows } from './rows.js';
import { bytesOfStraight, layStraight, type Straight } from './straight.js';

/** Rows < n of the constant G and C. */
export interface LinearRows {
  readonly G: Rows;
  readonly C: Rows;
}

/**
 * Vectors and matrices of a march in one memory, collected together. Every vector handed to a kernel must come from
 * `vector()` of the same arena.
 */
export interface Arena {
  /** Where it all lives, to be given back to the pool that it came from. */
  readonly region: Region;
  /** Length of every vector. */
  readonly length: number;
  /** A new vector of zeros. @throws RangeError when there are no more. */
  vector(): Float64Array;
  /** Coefficients of linear combinations of points. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Makes the k-th point this vector. */
  setPoint(k: number, v: Float64Array): void;
  /**
   * y = ref := Σ a_j·p_j, base := Σ b_j·p_j over the first m points,
   * tol := max(reltol·max(|p_0|, |ref|) + absolute, floor). y may be ref itself.
   */
  predict(
    m: number,
    y: Float64Array,
    ref: Float64Array,
    base: Float64Array,
    tol: Float64Array,
    absolute: Float64Array,
    floor: Float64Array,
    reltol: number,
  ): void;
  /** out := Σ a_j·p_j over the first m points. */
  combine(m: number, out: Float64Array): void;
  /**
   * f := G·x + C·(base + α(x − ref)) in rows < n. Fastest when x is ref, and base was made right after it: nothing need
   * then be moved.
   */
  linearResidual(
    x: Float64Array,
    ref: Float64Array,
    base: Float64Array,
    alpha: number,
    f: Float64Array,
  ): void;
  /** f += the laws that the arena was made for, at (x, t). */
  addStraight(x: Float64Array, t: number, f: Float64Array): void;
  /** y := from − scale·d in the first n entries; max |scale·d|/tol, NaN when not finite. */
  update(y: Float64Array, d: Float64Array, tol: Float64Array, scale: number, from?: Float64Array): number;
  /** Entry at which the last `update` moved most. */
  worst(): number;
  /** Chooses the entries that `raise` looks at: those that last and those that fade, none in both. */
  ease(lasting: Int32Array, fading: Int32Array): void;
  /** floor := absolute + max(floor − absolute, reltol·|y|) over the entries eased; a share of the former where they fade. */
  raise(floor: Float64Array, y: Float64Array, absolute: Float64Array, reltol: number, share: number): void;
  /**
   * tol := |x| + share·(the largest |x_j| of the same kind, at least `first` or `second`) in the first n entries; `kind`
   * holds 1 for the first kind and 0 for the second.
   */
  scales(
    x: Float64Array,
    kind: Float64Array,
    first: number,
    second: number,
    share: number,
    tol: Float64Array,
  ): void;
  /** Chooses the entries that `distance` and `remainder` look at. */
  choose(which: Int32Array): void;
  /** max |x − y|/tol over the entries chosen. */
  distance(x: Float64Array, y: Float64Array, tol: Float64Array): number;
  /** max |y − Σ a_j·p_j|/tol over the entries chosen and the first m points. */
  remainder(m: number, y: Float64Array, tol: Float64Array): number;
}

/**
 * @param depth most points ever combined
 * @param pool where its memory comes from, else new
 * @param straight laws that `addStraight` adds
 */
export function createArena(
  n: number,
  length: number,
  vectors: number,
  depth: number,
  linear: LinearRows,
  pool?: Pool,
  straight: readonly Straight[] = [],
): Arena {
  const padded = (length + 1) & ~1;
  const aligned = (bytes: number): number => (bytes + 15) & ~15;
  const bytesOf = ({ start, column }: Rows): number =>
    aligned(4 * start.length) + aligned(4 * column.length) + 8 * column.length;
  const rowBytes = aligned(1024 + 17 * n + 12 * (linear.G.column.length + linear.C.column.length));
  const bytes =
    Math.max(8 * vectors * padded, bytesOf(linear.G) + bytesOf(linear.C) + 16) +
    16 * padded +
    rowBytes +
    2 * aligned(8 * depth) +
    aligned(4 * depth) +
    2 * aligned(4 * length) +
    straight.reduce((sum, law) => sum + bytesOfStraight(law), 0) +
    16;
  const region = pool?.region(bytes) ?? newRegion(bytes);
  const { kernels } = region;
  let top = region.at;
  const end = top + bytes;
  const { buffer } = kernels.memory;
  const take = (size: number): number => {
    const at = top;
    top += aligned(size);
    if (top > end) throw new RangeError(`the arena was made for ${vectors} vectors`);
    return at;
  };
  const floats = (count: number): Float64Array => new Float64Array(buffer, take(8 * count), count);
  const integers = (count: number): Int32Array => new Int32Array(buffer, take(4 * count), count);
  const a = floats(depth);
  const b = floats(depth);
  const points = integers(depth);
  const chosen = integers(length);
  const eased = integers(length);
  const worst = integers(2);
  const [aAt, bAt, pointsAt] = [a.byteOffset, b.byteOffset, points.byteOffset];
  const [chosenAt, worstAt] = [chosen.byteOffset, worst.byteOffset];
  const mostAt = worstAt + 4;
  let count = 0;
  let fromFirst = false;
  let lastingCount = 0;
  let fadingCount = 0;
  const distance = 8 * padded;
  const pairAt = take(2 * distance);
  const rowsAt = take(rowBytes);
  const laws = straight.map((law) => layStraight(kernels, law, take));
  layRows();
  return {
    region,
    length,
    vector: () => floats(padded).fill(0).subarray(0, length),
    a,
    b,
    setPoint(k, v) {
      points[k] = v.byteOffset;
    },
    predict(m, y, ref, base, tol, absolute, floor, reltol) {
      kernels.predict(
        m,
        pointsAt,
        aAt,
        bAt,
        y.byteOffset,
        ref.byteOffset,
        base.byteOffset,
        tol.byteOffset,
        absolute.byteOffset,
        floor.byteOffset,
        reltol,
        length,
      );
    },
    combine(m, out) {
      kernels.combine(m, pointsAt, aAt, out.byteOffset, length);
    },
    linearResidual(x, ref, base, alpha, f) {
      let pair = x.byteOffset;
      if (x !== ref || base.byteOffset - pair !== distance) {
        pair = pairAt;
        kernels.rates(x.byteOffset, ref.byteOffset, base.byteOffset, alpha, pair, distance);
      }
      kernels.multiplyRows(rowsAt, pair, f.byteOffset);
    },
    addStraight(x, t, f) {
      for (let k = 0; k < laws.length; k++) laws[k](x.byteOffset, t, f.byteOffset);
    },
    update: (y, d, tol, scale, from = y) =>
      kernels.update(n, from.byteOffset, y.byteOffset, d.byteOffset, tol.byteOffset, scale, worstAt),
    worst: () => worst[0],
    ease(lasting, fading) {
      eased.set(lasting);
      eased.set(fading, lasting.length);
      lastingCount = lasting.length;
      fadingCount = fading.length;
    },
    raise(floor, y, absolute, reltol, share) {
      const at = eased.byteOffset;
      const floorAt = floor.byteOffset;
      const yAt = y.byteOffset;
      const absoluteAt = absolute.byteOffset;
      kernels.raise(lastingCount, at, floorAt, yAt, absoluteAt, reltol, 1);
      kernels.raise(fadingCount, at + 4 * lastingCount, floorAt, yAt, absoluteAt, reltol, share);
    },
    scales(x, kind, first, second, share, tol) {
      kernels.scales(n, x.byteOffset, kind.byteOffset, first, second, share, tol.byteOffset);
    },
    choose(which) {
      chosen.set(which);
      count = which.length;
      fromFirst = which.every((i, k) => i === k);
    },
    distance: (x, y, tol) =>
      fromFirst
        ? kernels.distanceOfAll(count, x.byteOffset, y.byteOffset, tol.byteOffset, mostAt)
        : kernels.distance(count, chosenAt, x.byteOffset, y.byteOffset, tol.byteOffset),
    remainder: (m, y, tol) =>
      fromFirst
        ? kernels.remainderOfAll(m, pointsAt, aAt, y.byteOffset, tol.byteOffset, count, mostAt)
        : kernels.remainder(m, pointsAt, aAt, y.byteOffset, tol.byteOffset, count, chosenAt),
  };

  /** Lays G and C down for the kernel; what they are read from is given up at once. */
  function layRows(): void {
    const before = top;
    const [g, c] = [linear.G, linear.C].map((m) => {
      const start = integers(m.start.length);
      const column = integers(m.column.length);
      const value = floats(m.value.length);
      start.set(m.start);
      column.set(m.column);
      value.set(m.value);
      return [start.byteOffset, column.byteOffset, value.byteOffset] as const;
    });
    kernels.layRows(n, ...g, ...c, distance, rowsAt);
    top = before;
  }
}
