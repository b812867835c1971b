// Numbers that arrive row by row and leave column by column.

export interface ColumnStore {
  readonly rows: number;
  /** Room for one row, to be filled before `append`. */
  readonly row: Float64Array;
  append(): void;
  /** The numbers of column k so far, exactly as many as rows. */
  column(k: number): Float64Array;
}

/** A store of `width` columns that grows by doubling. */
export function createColumnStore(width: number, expected = 1024): ColumnStore {
  let capacity = expected;
  let columns = Array.from({ length: width }, () => new Float64Array(capacity));
  let rows = 0;
  const row = new Float64Array(width);
  return {
    row,
    get rows() {
      return rows;
    },
    append() {
      if (rows === capacity) {
        capacity *= 2;
        columns = columns.map((old) => {
          const larger = new Float64Array(capacity);
          larger.set(old);
          return larger;
        });
      }
      for (let k = 0; k < width; k++) columns[k][rows] = row[k];
      rows++;
    },
    column: (k) => columns[k].slice(0, rows),
  };
}
