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
  const row = new Float64Array(width);
  const store: { -readonly [K in keyof ColumnStore]: ColumnStore[K] } = {
    row,
    rows: 0,
    append() {
      const { rows } = store;
      if (rows === capacity) {
        capacity *= 2;
        columns = columns.map((old) => {
          const larger = new Float64Array(capacity);
          larger.set(old);
          return larger;
        });
      }
      for (let k = 0; k < width; k++) columns[k][rows] = row[k];
      store.rows++;
    },
    column: (k) => columns[k].slice(0, store.rows),
  };
  return store;
}
