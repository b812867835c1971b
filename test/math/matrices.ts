// Matrices of the kinds circuits make, and small dense judges of what the sparse code says about them.
import { buildPattern, type Pattern } from '../../src/math/pattern.js';

export interface Sparse {
  readonly pattern: Pattern;
  readonly values: Float64Array;
}

/** Deterministic numbers in [0, 1) for tests, independent of the generator under test. */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

export type Entry = readonly [row: number, col: number, value: number];

/** Entries summed into a sparse matrix. */
export function assemble(n: number, entries: readonly Entry[]): Sparse {
  const rows = Int32Array.from(entries, (e) => e[0]);
  const cols = Int32Array.from(entries, (e) => e[1]);
  const { pattern, slot } = buildPattern(n, rows, cols);
  const values = new Float64Array(pattern.nnz);
  entries.forEach((e, k) => {
    values[slot[k]] += e[2];
  });
  return { pattern, values };
}

export function multiply({ pattern, values }: Sparse, x: Float64Array): Float64Array {
  const y = new Float64Array(pattern.n);
  for (let j = 0; j < pattern.n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) y[pattern.rowIdx[p]] += values[p] * x[j];
  }
  return y;
}

export function multiplyTransposed({ pattern, values }: Sparse, x: Float64Array): Float64Array {
  const y = new Float64Array(pattern.n);
  for (let j = 0; j < pattern.n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) y[j] += values[p] * x[pattern.rowIdx[p]];
  }
  return y;
}

/** All n × n numbers, row-major. */
export function dense({ pattern, values }: Sparse): Float64Array {
  const { n } = pattern;
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) a[pattern.rowIdx[p] * n + j] = values[p];
  }
  return a;
}

/** Largest |a − b| over the largest |b|. */
export function relativeError(a: Float64Array, b: Float64Array): number {
  let error = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    error = Math.max(error, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return Number.isFinite(a.reduce((s, v) => s + v, 0)) ? error / scale : Infinity;
}

/** Worst row of |A x − b| over |A| |x| + |b|: the componentwise backward error (Oettli & Prager 1964). */
export function backwardError({ pattern, values }: Sparse, x: Float64Array, b: Float64Array): number {
  const residual = Float64Array.from(b, (v) => -v);
  const size = b.map(Math.abs);
  for (let j = 0; j < pattern.n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) {
      residual[pattern.rowIdx[p]] += values[p] * x[j];
      size[pattern.rowIdx[p]] += Math.abs(values[p] * x[j]);
    }
  }
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    if (!Number.isFinite(residual[i])) return Infinity;
    if (size[i] > 0) worst = Math.max(worst, Math.abs(residual[i]) / size[i]);
  }
  return worst;
}

export function vector(n: number, seed: number): Float64Array {
  const next = noise(seed);
  return Float64Array.from({ length: n }, () => 2 * next() - 1);
}

/** Random unsymmetric matrix with a full diagonal. */
export function random(n: number, perColumn: number, seed: number): Sparse {
  const next = noise(seed);
  const entries: Entry[] = [];
  for (let j = 0; j < n; j++) {
    entries.push([j, j, 1 + next()]);
    for (let k = 0; k < perColumn; k++) entries.push([Math.floor(next() * n), j, 2 * next() - 1]);
  }
  return assemble(n, entries);
}

/** RC ladder: tridiagonal, diagonally dominant. */
export function ladder(n: number): Sparse {
  const entries: Entry[] = [];
  for (let i = 0; i < n; i++) {
    entries.push([i, i, 2.1]);
    if (i > 0) entries.push([i, i - 1, -1], [i - 1, i, -1]);
  }
  return assemble(n, entries);
}

/** Cells in a row, each with an unknown that hangs on another that hangs on the cell: numbered cell by cell or kind by kind. */
export function row(cells: number, kinds: boolean): Sparse {
  const entries: Entry[] = [];
  const at = (cell: number, u: number) => (kinds ? u * cells + cell : 3 * cell + u);
  for (let c = 0; c < cells; c++) {
    const [v, i, a] = [at(c, 0), at(c, 1), at(c, 2)];
    entries.push([v, v, 3.1], [i, i, -7], [a, a, 1.25 + (c % 3)]);
    entries.push([v, i, 1], [i, v, 1.5], [i, a, -1], [a, i, -0.5]);
    if (c > 0) entries.push([v, at(c - 1, 0), -1.2], [at(c - 1, 0), v, -0.8]);
  }
  return assemble(3 * cells, entries);
}

/** Paths of these lengths that meet in one unknown. */
export function star(lengths: readonly number[]): Sparse {
  const entries: Entry[] = [[0, 0, 4]];
  let n = 1;
  for (const length of lengths) {
    for (let k = 0; k < length; k++, n++) {
      const before = k === 0 ? 0 : n - 1;
      entries.push([n, n, 2.2 + (k % 2)], [n, before, -1], [before, n, -0.9]);
    }
  }
  return assemble(n, entries);
}

/** side × side mesh of cells with `unknowns` unknowns each; the first ones diffuse, the others hang on them. */
export function grid(side: number, unknowns = 1): Sparse {
  const entries: Entry[] = [];
  const at = (r: number, c: number, u: number) => (r * side + c) * unknowns + u;
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      entries.push([at(r, c, 0), at(r, c, 0), 4.1]);
      for (let u = 1; u < unknowns; u++) {
        entries.push(
          [at(r, c, u), at(r, c, u), 1.5],
          [at(r, c, u), at(r, c, 0), 0.3],
          [at(r, c, 0), at(r, c, u), -0.7],
        );
      }
      if (c > 0) entries.push([at(r, c, 0), at(r, c - 1, 0), -1], [at(r, c - 1, 0), at(r, c, 0), -1]);
      if (r > 0) entries.push([at(r, c, 0), at(r - 1, c, 0), -1], [at(r - 1, c, 0), at(r, c, 0), -1]);
    }
  }
  return assemble(side * side * unknowns, entries);
}

/** Resistors between random nodes and floating voltage sources whose branch rows have a zero on the diagonal. */
export function network(nodes: number, branches: number, seed: number): Sparse {
  const next = noise(seed);
  const n = nodes + branches;
  const entries: Entry[] = [];
  for (let i = 0; i < n; i++) entries.push([i, i, 0]);
  const resistor = (a: number, b: number, g: number) => {
    entries.push([a, a, g], [b, b, g], [a, b, -g], [b, a, -g]);
  };
  for (let i = 1; i < nodes; i++) resistor(i, Math.floor(next() * i), 10 ** (6 * next() - 6));
  for (let k = 0; k < nodes; k++) {
    const a = Math.floor(next() * nodes);
    resistor(a, (a + 1 + Math.floor(next() * (nodes - 1))) % nodes, 10 ** (6 * next() - 6));
  }
  entries.push([0, 0, 1e-3]);
  for (let k = 0; k < branches; k++) {
    // Sources join node 2k to 2k + 1: no loop among them.
    const branch = nodes + k;
    entries.push([branch, 2 * k, 1], [branch, 2 * k + 1, -1], [2 * k, branch, 1], [2 * k + 1, branch, -1]);
  }
  return assemble(n, entries);
}

/** P A Q for pseudo-random permutations. */
export function permuted(matrix: Sparse, seed: number): Sparse {
  const { n } = matrix.pattern;
  return move(matrix, shuffle(n, seed), shuffle(n, seed + 1));
}

/** P A Pᵀ: the same circuit with its nodes numbered otherwise. */
export function renumbered(matrix: Sparse, seed: number): Sparse {
  const order = shuffle(matrix.pattern.n, seed);
  return move(matrix, order, order);
}

function move({ pattern, values }: Sparse, rowOf: Int32Array, colOf: Int32Array): Sparse {
  const entries: Entry[] = [];
  for (let j = 0; j < pattern.n; j++) {
    for (let p = pattern.colPtr[j]; p < pattern.colPtr[j + 1]; p++) {
      entries.push([rowOf[pattern.rowIdx[p]], colOf[j], values[p]]);
    }
  }
  return assemble(pattern.n, entries);
}

export function shuffle(n: number, seed: number): Int32Array {
  const next = noise(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
