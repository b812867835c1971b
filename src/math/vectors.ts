// The long vectors of one run in one WebAssembly memory, so that each pass over them is one call of a kernel.
import { instantiate } from './kernels/instance.js';
import type { Rows } from './rows.js';

/** A Float64Array in the arena, with the address that the kernels know it by. */
export interface Vector {
  readonly data: Float64Array;
  readonly at: number;
}

/** Several vectors, by their addresses, for linear combinations. */
export interface Vectors {
  /** Makes entry k of the list this vector. */
  set(k: number, v: Vector): void;
}

/** What a march keeps at hand: rows < n of the linear G and C. */
export interface LinearRows {
  readonly G: Rows;
  readonly C: Rows;
}

/**
 * Fixed memory for `vectors` vectors of `length` numbers, two coefficient lists of `depth`, and the matrices.
 * Everything is collected together.
 */
export interface Arena {
  vector(): Vector;
  /** Coefficients of linear combinations, length `depth`. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly points: Vectors;
  /**
   * y = ref := Σ a_j·p_j, base := Σ b_j·p_j over the first m points, tol := reltol·max(|p_0|, |ref|) + absolute.
   */
  predict(
    m: number,
    y: Vector,
    ref: Vector,
    base: Vector,
    tol: Vector,
    absolute: Vector,
    reltol: number,
  ): void;
  /** out := Σ a_j·p_j over the first m points. */
  combine(m: number, out: Vector): void;
  /** f := G·x + C·(base + α(x − ref)) in rows < n. */
  linearResidual(x: Vector, ref: Vector, base: Vector, alpha: number, f: Vector): void;
  /** y −= scale·d in the first n entries; max |scale·d|/tol, NaN when not finite. */
  update(y: Vector, d: Vector, tol: Vector, scale: number): number;
  /** Entry at which the last `update` moved most. */
  worst(): number;
  /** max |a − b|/tol over the entries chosen. */
  distance(a: Vector, b: Vector, tol: Vector): number;
  /** Chooses the entries that `distance` looks at (at most `length`). */
  choose(which: Int32Array): void;
}

export function createArena(
  n: number,
  length: number,
  vectors: number,
  depth: number,
  linear: LinearRows,
): Arena {
  const padded = (length + 1) & ~1;
  const aligned = (bytes: number): number => (bytes + 15) & ~15;
  const { G, C } = linear;
  const matrixBytes = [G, C].reduce(
    (sum, m) =>
      sum + aligned(4 * m.start.length) + aligned(4 * m.column.length) + aligned(8 * m.value.length),
    0,
  );
  const kernels = instantiate();
  const bytes =
    vectors * 8 * padded +
    matrixBytes +
    aligned(4 * length) +
    2 * aligned(8 * depth) +
    aligned(4 * depth) +
    16;
  let top = kernels.reserve(bytes);
  const { buffer } = kernels.memory;
  const take = (size: number): number => {
    const at = top;
    top += aligned(size);
    return at;
  };
  const floats = (count: number): Float64Array => new Float64Array(buffer, take(8 * count), count);
  const integers = (count: number): Int32Array => new Int32Array(buffer, take(4 * count), count);
  const copy = (m: Rows): { start: number; column: number; value: number } => {
    const [start, column, value] = [
      integers(m.start.length),
      integers(m.column.length),
      floats(m.value.length),
    ];
    start.set(m.start);
    column.set(m.column);
    value.set(m.value);
    return { start: start.byteOffset, column: column.byteOffset, value: value.byteOffset };
  };
  const [g, c] = [copy(G), copy(C)];
  const a = floats(depth);
  const b = floats(depth);
  const list = integers(depth);
  const chosen = integers(length);
  const worst = integers(1);
  let count = 0;
  return {
    vector() {
      const at = take(8 * padded);
      if (top > kernels.memory.buffer.byteLength)
        throw new RangeError('the arena was made for fewer vectors');
      return { data: new Float64Array(buffer, at, length), at };
    },
    a,
    b,
    points: {
      set(k, v) {
        list[k] = v.at;
      },
    },
    predict(m, y, ref, base, tol, absolute, reltol) {
      kernels.predict(
        m,
        list.byteOffset,
        a.byteOffset,
        b.byteOffset,
        y.at,
        ref.at,
        base.at,
        tol.at,
        absolute.at,
        reltol,
        length,
      );
    },
    combine(m, out) {
      kernels.combine(m, list.byteOffset, a.byteOffset, out.at, length);
    },
    linearResidual(x, ref, base, alpha, f) {
      kernels.linearResidual(
        n,
        g.start,
        g.column,
        g.value,
        c.start,
        c.column,
        c.value,
        x.at,
        ref.at,
        base.at,
        alpha,
        f.at,
      );
    },
    update: (y, d, tol, scale) => kernels.update(n, y.at, d.at, tol.at, scale, worst.byteOffset),
    worst: () => worst[0],
    distance: (p, q, tol) => kernels.distance(count, chosen.byteOffset, p.at, q.at, tol.at),
    choose(which) {
      chosen.set(which);
      count = which.length;
    },
  };
}
