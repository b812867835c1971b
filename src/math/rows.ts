/** A sparse matrix in compressed rows. */
export interface Rows {
  /** Length rows + 1. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** y[first + r] += Σ a·x over every row r. */
export function addProduct(a: Rows, x: Float64Array, y: Float64Array, first = 0): void {
  const { start, column, value } = a;
  for (let r = 0, k = 0; r < start.length - 1; r++) {
    const end = start[r + 1];
    if (k === end) continue;
    let sum = 0;
    for (; k < end; k++) sum += value[k] * x[column[k]];
    y[first + r] += sum;
  }
}

/** The row of every entry. */
export function rowOfEntries({ start, column }: Rows): Int32Array {
  const row = new Int32Array(column.length);
  for (let r = 0; r < start.length - 1; r++) row.fill(r, start[r], start[r + 1]);
  return row;
}
