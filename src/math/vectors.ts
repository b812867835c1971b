// The long vectors of one run in one WebAssembly memory, so that each pass over them is one call of a kernel.
import { newRegion, type Pool, type Region } from './pool.js';
import type { Rows } from './rows.js';
import { bytesOfStraight, layStraight, type Straight } from './straight.js';

/** Rows < n of the constant G and C. */
export interface LinearRows {
  readonly G: Rows;
  readonly C: Rows;
}

/** The newest points of a trajectory, newest first, where kernels find them: at most `LONGEST_TRAIL`. */
export interface Trail {
  readonly times: Float64Array;
  /** Makes v the newest point, at t. */
  push(v: Float64Array, t: number): void;
  /** The newest point is v, at t. */
  replace(v: Float64Array, t: number): void;
  /** Weights of values, and of rates, in the last prediction. */
  readonly values: Float64Array;
  readonly rates: Float64Array;
}

/** What a vector is measured by: tol_i = reltol·|y_i| + absolute_i, |y_i| being at least `lately_i`. */
export interface Measures {
  readonly reltol: number;
  readonly absolute: Float64Array;
  readonly lately: Float64Array;
}

/** How much of `lately` is left at the next point: keep_i of it, or ratio^50 where that is negative. */
export interface Fading {
  readonly keep: Float64Array;
  readonly ratio: number;
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
  /** Makes the k-th point this vector. */
  setPoint(k: number, v: Float64Array): void;
  /** out := Σ a_j·p_j over the first m points. */
  combine(m: number, out: Float64Array): void;
  readonly trail: Trail;
  /**
   * value := p(t) and rate := p′(t) of the polynomial p through the first 2 ≤ m ≤ 6 points of the trail, and tol as it
   * measures the larger of the newest point and p(t), which with `fading` is remembered first. Returns the error constant of backward differentiation of order
   * m − 1 in fixed-leading-coefficient form: its local error over |y − p(t)|.
   */
  predict(
    m: number,
    t: number,
    value: Float64Array,
    rate: Float64Array,
    tol: Float64Array,
    measures: Measures,
    fading?: Fading,
  ): number;
  /** The local error that order m − 1 would have made at t, in units of tol, over the entries chosen. */
  estimate(m: number, t: number, y: Float64Array, tol: Float64Array): number;
  /** Entries n … size − 1 are given by y: ref := y there, and base moves along, so that base + α(y − ref) is what it was. */
  hold(size: number, y: Float64Array, ref: Float64Array, base: Float64Array, alpha: number): void;
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
  /** out := base + α(x − ref). */
  rate(x: Float64Array, ref: Float64Array, base: Float64Array, alpha: number, out: Float64Array): void;
  /** to += v in the first n entries. */
  add(to: Float64Array, v: Float64Array): void;
  /** f += the laws that the arena was made for, at (x, t). */
  addStraight(x: Float64Array, t: number, f: Float64Array): void;
  /** y := from − scale·d in the first n entries; max |scale·d|/tol, NaN when not finite. */
  update(y: Float64Array, d: Float64Array, tol: Float64Array, scale: number, from?: Float64Array): number;
  /** lately_i := max(share_i·lately_i, |y_i|), share_i being what is left. */
  remember(lately: Float64Array, y: Float64Array, keep: Float64Array, ratio: number): void;
  /** tol, as it measures the larger of a and b. */
  allow(a: Float64Array, b: Float64Array, tol: Float64Array, measures: Measures): void;
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
  /** Chooses the entries that `distance` and `estimate` look at. */
  choose(which: Int32Array): void;
  /** max |x − y|/tol over the entries chosen. */
  distance(x: Float64Array, y: Float64Array, tol: Float64Array): number;
}

/** A vector with a note of where it stands, for which the engine is otherwise called each time. */
interface Placed extends Float64Array {
  address?: number;
}

function addressOf(v: Placed): number {
  const { address } = v;
  if (address !== undefined) return address;
  v.address = v.byteOffset;
  return v.address;
}

/** Most points of a trail. */
export const LONGEST_TRAIL = 16;

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
  const padded = (length + 3) & ~3;
  const aligned = (bytes: number): number => (bytes + 15) & ~15;
  const bytesOf = ({ start, column }: Rows): number =>
    aligned(4 * start.length) + aligned(4 * column.length) + 8 * column.length;
  const rowBytes = aligned(1024 + 17 * n + 12 * (linear.G.column.length + linear.C.column.length));
  const bytes =
    Math.max(8 * vectors * padded, bytesOf(linear.G) + bytesOf(linear.C) + 16) +
    16 * padded +
    rowBytes +
    aligned(8 * depth) +
    aligned(4 * depth) +
    28 * LONGEST_TRAIL +
    aligned(4 * length) +
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
  const points = integers(depth);
  const trail = createTrail(buffer, take(28 * LONGEST_TRAIL));
  const chosen = integers(length);
  const [aAt, pointsAt, trailAt] = [a.byteOffset, points.byteOffset, trail.times.byteOffset];
  const chosenAt = chosen.byteOffset;
  let count = 0;
  let fromFirst = false;
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
    trail,
    setPoint(k, v) {
      points[k] = addressOf(v);
    },
    predict: (m, t, value, rate, tol, { reltol, absolute, lately }, fading) =>
      kernels.predict(
        m,
        trailAt,
        t,
        addressOf(value),
        addressOf(rate),
        addressOf(tol),
        addressOf(absolute),
        addressOf(lately),
        reltol,
        fading === undefined ? 0 : addressOf(fading.keep),
        fading === undefined ? 1 : fading.ratio,
        length,
      ),
    estimate: (m, t, y, tol) =>
      kernels.estimate(m, trailAt, t, addressOf(y), addressOf(tol), count, fromFirst ? 0 : chosenAt),
    combine(m, out) {
      kernels.combine(m, pointsAt, aAt, addressOf(out), length);
    },
    hold(size, y, ref, base, alpha) {
      kernels.hold(n, size, addressOf(y), addressOf(ref), addressOf(base), alpha);
    },
    linearResidual(x, ref, base, alpha, f) {
      let pair = addressOf(x);
      if (x !== ref || addressOf(base) - pair !== distance) {
        pair = pairAt;
        kernels.rates(addressOf(x), addressOf(ref), addressOf(base), alpha, pair, distance);
      }
      kernels.multiplyRows(rowsAt, pair, addressOf(f));
    },
    rate(x, ref, base, alpha, out) {
      kernels.rate(addressOf(x), addressOf(ref), addressOf(base), alpha, addressOf(out), length);
    },
    add(to, v) {
      kernels.add(n, addressOf(to), addressOf(v));
    },
    addStraight(x, t, f) {
      for (let k = 0; k < laws.length; k++) laws[k](addressOf(x), t, addressOf(f));
    },
    update: (y, d, tol, scale, from = y) =>
      kernels.update(n, addressOf(from), addressOf(y), addressOf(d), addressOf(tol), scale),
    remember(lately, y, keep, ratio) {
      kernels.remember(addressOf(lately), addressOf(y), addressOf(keep), ratio, length);
    },
    allow(a, b, tol, { reltol, absolute, lately }) {
      kernels.allow(
        addressOf(a),
        addressOf(b),
        addressOf(lately),
        reltol,
        addressOf(absolute),
        addressOf(tol),
        length,
      );
    },
    scales(x, kind, first, second, share, tol) {
      kernels.scales(n, addressOf(x), addressOf(kind), first, second, share, addressOf(tol));
    },
    choose(which) {
      chosen.set(which);
      count = which.length;
      fromFirst = which.every((i, k) => i === k);
    },
    distance: (x, y, tol) =>
      fromFirst
        ? kernels.distanceOfAll(count, addressOf(x), addressOf(y), addressOf(tol))
        : kernels.distance(count, chosenAt, addressOf(x), addressOf(y), addressOf(tol)),
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

/** Times, weights of values and of rates, addresses: as `assembly/predictor.ts` finds them. */
function createTrail(buffer: ArrayBuffer, at: number): Trail {
  const numbers = (k: number): Float64Array =>
    new Float64Array(buffer, at + 8 * LONGEST_TRAIL * k, LONGEST_TRAIL);
  const [times, values, rates] = [0, 1, 2].map(numbers);
  const points = new Int32Array(buffer, at + 24 * LONGEST_TRAIL, LONGEST_TRAIL);
  const trail: Trail = {
    times,
    values,
    rates,
    push(v, t) {
      times.copyWithin(1, 0);
      points.copyWithin(1, 0);
      trail.replace(v, t);
    },
    replace(v, t) {
      points[0] = addressOf(v);
      times[0] = t;
    },
  };
  return trail;
}
