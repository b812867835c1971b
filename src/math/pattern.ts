/** Where the non-zeros of a square sparse matrix stand: compressed columns, rows ascending within a column. */
export interface Pattern {
  readonly n: number;
  readonly nnz: number;
  /** Length n + 1. */
  readonly colPtr: Int32Array;
  /** Length nnz. */
  readonly rowIdx: Int32Array;
}
