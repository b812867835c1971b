// G without unknowns that only pass a current on: a node between two branches in series, the two ends of a delay at
// rest. What is left is as reciprocal as the circuit; a sensing source or a line does not hide it.
import type { System } from '../circuit/system.js';

/** A square matrix by rows and by columns at once. */
export interface Sparse {
  readonly rows: readonly Map<number, number>[];
  readonly cols: readonly Map<number, number>[];
}

export interface Reduced extends Sparse {
  /** Unknowns whose row says nothing of parameters: their λ is not known from w. */
  readonly hidden: ReadonlySet<number>;
  /** The two rows of a delay at rest, [what is left, what went]: parameters act on their difference, for which λ_i − λ_j = s·w_i. */
  readonly joined: readonly (readonly [left: number, gone: number])[];
  /** Eliminated branches: s[branch] = factor·s[of]. */
  readonly branches: readonly { readonly branch: number; readonly of: number; readonly factor: number }[];
}

/** Entries smaller than this share of their row and of their column are rounding. */
export const NEGLIGIBLE = 1e-13;

/** A filled matrix over the pattern, without entries that are rounding. */
export function sparse({ n, pattern: { colPtr, rowIdx } }: System, values: Float64Array): Sparse {
  const inRow = new Float64Array(n);
  const inCol = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) {
      const size = Math.abs(values[k]);
      inRow[rowIdx[k]] = Math.max(inRow[rowIdx[k]], size);
      inCol[j] = Math.max(inCol[j], size);
    }
  }
  const rows = Array.from({ length: n }, () => new Map<number, number>());
  const cols = Array.from({ length: n }, () => new Map<number, number>());
  for (let j = 0; j < n; j++) {
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) {
      const i = rowIdx[k];
      if (Math.abs(values[k]) <= NEGLIGIBLE * Math.min(inRow[i], inCol[j])) continue;
      rows[i].set(j, values[k]);
      cols[j].set(i, values[k]);
    }
  }
  return { rows, cols };
}

/**
 * The reduced matrix of a system at rest. `keep` marks unknowns that must stay (those that a cost reads); a matrix in
 * which nothing is to be reduced comes back as it is.
 *
 * @param G filled, with the coupling of delays at DC
 */
export function reduce(system: System, G: Float64Array, keep: (unknown: number) => boolean): Reduced {
  const { n, delays, borderRow, borderCol, pattern, size } = system;
  const { rows, cols } = sparse(system, G);
  const set = (i: number, j: number, value: number): void => {
    rows[i].set(j, value);
    cols[j].set(i, value);
  };
  const add = (i: number, j: number, value: number): void => set(i, j, (rows[i].get(j) ?? 0) + value);
  const remove = (k: number): void => {
    for (const j of rows[k].keys()) cols[j].delete(k);
    for (const i of cols[k].keys()) rows[i].delete(k);
    rows[k].clear();
    cols[k].clear();
  };
  const hidden = new Set<number>();
  const joined: (readonly [number, number])[] = [];
  const branches: { branch: number; of: number; factor: number }[] = [];
  joinDelays();
  const driven = new Uint8Array(n);
  for (let k = 0; k < borderRow.length; k++) {
    if (borderRow[k] < n && borderCol[k] < size - 1 && G[pattern.nnz + k] !== 0) driven[borderRow[k]] = 1;
  }
  for (let node = 0; node < n; node++) {
    if (system.isNode[node] && !driven[node] && !keep(node)) removeSeriesNode(node);
  }
  return { rows, cols, hidden, joined, branches };

  /** Two unknowns i, j whose rows add up to i + j = 0: row i becomes half the difference, column i − column j. */
  function joinDelays(): void {
    const rowsOf = delays.map(({ slot }) => {
      for (let k = 0; k < borderRow.length; k++) {
        if (borderCol[k] === slot && borderRow[k] < n) return borderRow[k];
      }
      return -1;
    });
    for (let d = 0; d + 1 < delays.length; d++) {
      const [i, j] = [rowsOf[d], rowsOf[d + 1]];
      if (delays[d].element !== delays[d + 1].element || i < 0 || j < 0 || i === j) continue;
      if (keep(i) || keep(j)) continue;
      const sum = new Map(rows[i]);
      for (const [c, v] of rows[j]) sum.set(c, (sum.get(c) ?? 0) + v);
      const left = [...sum].filter(([, v]) => v !== 0);
      if (left.length !== 2 || left.some(([c, v]) => (c !== i && c !== j) || v !== left[0][1])) continue;
      const difference = new Map<number, number>();
      for (const c of new Set([...rows[i].keys(), ...rows[j].keys()])) {
        difference.set(c, ((rows[i].get(c) ?? 0) - (rows[j].get(c) ?? 0)) / 2);
      }
      const column = new Map(cols[i]);
      for (const [r, v] of cols[j]) column.set(r, (column.get(r) ?? 0) - v);
      remove(i);
      remove(j);
      for (const [c, v] of difference) if (c !== i && c !== j && v !== 0) set(i, c, v);
      for (const [r, v] of column) if (r !== i && r !== j && v !== 0) set(r, i, v);
      hidden.add(i).add(j);
      joined.push([i, j]);
    }
  }

  /** A node that only joins two branches: it and one of them leave by the Schur complement of their 2×2 block. */
  function removeSeriesNode(node: number): void {
    const [row, col] = [rows[node], cols[node]];
    if (row.size !== 2 || col.size !== 2 || row.has(node)) return;
    const [first, second] = [...row.keys()];
    if (!col.has(first) || !col.has(second) || keep(first) || keep(second)) return;
    // A device more, even one that does not conduct just here, would have its parameters in this row.
    if (system.devicesAt(node).length !== 2) return;
    const branch = rows[second].has(second) ? first : second;
    if (rows[branch].has(branch)) return;
    const other = branch === first ? second : first;
    const [into, from] = [col.get(branch)!, row.get(branch)!];
    branches.push({
      branch,
      of: other,
      factor: (col.get(other)! * from) / (into * row.get(other)!),
    });
    hidden.add(node);
    const ofNode = [...col];
    const ofBranch = [...cols[branch]];
    const branchRow = [...rows[branch]];
    const nodeRow = [...row];
    remove(node);
    remove(branch);
    const outside = (k: number) => k !== node && k !== branch;
    for (const [r, v] of ofNode) {
      if (outside(r)) for (const [c, u] of branchRow) if (outside(c)) add(r, c, (-v * u) / into);
    }
    for (const [r, v] of ofBranch) {
      if (outside(r)) for (const [c, u] of nodeRow) if (outside(c)) add(r, c, (-v * u) / from);
    }
  }
}
