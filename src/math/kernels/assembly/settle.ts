// After the pivots are known: L, U and A by position, rows ascending, ready to be refactored and solved.
import { int, release, setInt, take, takeInts, top } from './memory';
import { at, put, scaled } from './scalar';
import {
  aMid, aPtr, aRow, aSlot, blocks, blockStart, columnAt, columns, colPtr, cursor, entry, L_COUNT, L_ROWS, L_VALUES,
  labelOf, n, offBlock, positionOf, RECORD, rowAt, rowIdx, rowOfLabel, scaleAt, TWIN, U_COUNT, U_ROWS, U_VALUES, work,
} from './state';

/** Sorts the rows of every column, values with them, by transposing twice. */
function sortColumns<T>(rowsAt: usize, countAt: usize, valuesAt: usize): void {
  const start = takeInts(n + 1);
  memory.fill(start, 0, <usize>(n + 1) << 2);
  for (let k = 0; k < n; k++) {
    const record = columns + <usize>k * RECORD;
    const rows = <usize>load<u32>(record + rowsAt);
    const count = load<i32>(record + countAt);
    for (let t = 0; t < count; t++) setInt(start, int(rows, t) + 1, int(start, int(rows, t) + 1) + 1);
  }
  for (let i = 0; i < n; i++) setInt(start, i + 1, int(start, i + 1) + int(start, i));
  const total = int(start, n);
  const owner = takeInts(total);
  const moved = take(<usize>total * sizeof<T>());
  for (let k = 0; k < n; k++) {
    const record = columns + <usize>k * RECORD;
    const rows = <usize>load<u32>(record + rowsAt);
    const entries = <usize>load<u32>(record + valuesAt);
    const count = load<i32>(record + countAt);
    for (let t = 0; t < count; t++) {
      const row = int(rows, t);
      const to = int(start, row);
      setInt(start, row, to + 1);
      setInt(owner, to, k);
      put<T>(moved, to, at<T>(entries, t));
    }
    setInt(cursor, k, 0);
  }
  let p = 0;
  for (let row = 0; row < n; row++) {
    for (const end = int(start, row); p < end; p++) {
      const k = int(owner, p);
      const record = columns + <usize>k * RECORD;
      const t = int(cursor, k);
      setInt(cursor, k, t + 1);
      setInt(<usize>load<u32>(record + rowsAt), t, row);
      put<T>(<usize>load<u32>(record + valuesAt), t, at<T>(moved, p));
    }
  }
}

/** Marks the columns k whose L is row k + 1 and then the rows of column k + 1. */
function joinTwins(): void {
  for (let k = 0; k < n; k++) {
    const record = columns + <usize>k * RECORD;
    store<i32>(record + TWIN, 0);
    const count = load<i32>(record + L_COUNT) - 1;
    const rows = <usize>load<u32>(record + L_ROWS);
    if (count < 0 || int(rows, 0) != k + 1 || load<i32>(record + RECORD + L_COUNT) != count) continue;
    const others = <usize>load<u32>(record + RECORD + L_ROWS);
    store<i32>(record + TWIN, memory.compare(rows + 4, others, <usize>count << 2) == 0 ? 1 : 0);
  }
}

/** Renumbers the rows of L by position, sorts L and U, orders A by position, and scales F. */
export function settle<T>(): void {
  for (let k = 0; k < n; k++) {
    const record = columns + <usize>k * RECORD;
    const rows = <usize>load<u32>(record + L_ROWS);
    const count = load<i32>(record + L_COUNT);
    for (let t = 0; t < count; t++) setInt(rows, t, int(positionOf, int(rows, t)));
  }
  const mark = top;
  sortColumns<T>(L_ROWS, L_COUNT, L_VALUES);
  sortColumns<T>(U_ROWS, U_COUNT, U_VALUES);
  release(mark);
  joinTwins();
  const scales = work;
  for (let k = 0; k < n; k++) {
    const label = int(rowAt, k);
    store<f64>(scales + (<usize>k << 3), load<f64>(scaleAt + (<usize>label << 3)));
    setInt(rowAt, k, int(rowOfLabel, label));
  }
  memory.copy(scaleAt, scales, <usize>n << 3);
  memory.fill(work, 0, <usize>n * sizeof<T>());
  let p = 0;
  for (let b = 0; b < blocks; b++) {
    const start = int(blockStart, b);
    for (let k = start; k < int(blockStart, b + 1); k++) {
      setInt(aPtr, k, p);
      const column = int(columnAt, k);
      const to = int(colPtr, column + 1);
      for (let s = int(colPtr, column); s < to; s++) {
        const row = int(positionOf, int(labelOf, int(rowIdx, s)));
        if (row >= start) continue;
        setInt(aRow, p, row);
        setInt(aSlot, p, s);
        put<T>(offBlock, p++, scaled<T>(entry<T>(s), load<f64>(scaleAt + (<usize>row << 3))));
      }
      setInt(aMid, k, p);
      for (let s = int(colPtr, column); s < to; s++) {
        const row = int(positionOf, int(labelOf, int(rowIdx, s)));
        if (row < start) continue;
        setInt(aRow, p, row);
        setInt(aSlot, p++, s);
      }
    }
  }
  setInt(aPtr, n, p);
}
