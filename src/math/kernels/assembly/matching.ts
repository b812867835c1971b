// A row for every column such that none of the chosen entries is zero: the diagonal where it can be, then exchanges of
// two (a branch and its node), then augmenting paths (Duff, ACM TOMS 7, 1981).
import { fillInts, int, setInt, takeInts } from './memory';
import { size } from './scalar';
import { colPtr, entry, n, rowIdx } from './state';

// A NaN counts as non-zero.
@inline function isZero<T>(p: i32): bool {
  return size<T>(entry<T>(p)) == 0;
}

/** Is there a non-zero in (row, column)? */
function present<T>(row: i32, column: i32): bool {
  const end = int(colPtr, column + 1);
  for (let p = int(colPtr, column); p < end; p++) {
    if (int(rowIdx, p) == row) return !isZero<T>(p);
  }
  return false;
}

/**
 * Fills rowOf (column → row) and columnOf (row → column). Columns that no non-zero is left for (a structurally singular
 * matrix) get the rows that remain, so that the elimination finds out which column depends on the others. Returns 0, or
 * 1 + such a column.
 */
export function matchRows<T>(rowOf: usize, columnOf: usize): i32 {
  fillInts(rowOf, n, -1);
  fillInts(columnOf, n, -1);
  let missing = 0;
  for (let j = 0; j < n; j++) {
    const end = int(colPtr, j + 1);
    for (let p = int(colPtr, j); p < end; p++) {
      if (int(rowIdx, p) != j) continue;
      if (!isZero<T>(p)) {
        setInt(rowOf, j, j);
        setInt(columnOf, j, j);
      }
      break;
    }
    if (int(rowOf, j) < 0) missing++;
  }
  if (missing == 0) return 0;
  for (let j = 0; j < n; j++) {
    if (int(rowOf, j) < 0) exchange<T>(j, rowOf, columnOf);
  }
  const visited = takeInts(n);
  const path = takeInts(n);
  const cursor = takeInts(n);
  const ahead = takeInts(n);
  fillInts(visited, n, -1);
  for (let j = 0; j < n; j++) setInt(ahead, j, int(colPtr, j));
  for (let j = 0; j < n; j++) {
    if (int(rowOf, j) < 0) augment<T>(j, rowOf, columnOf, visited, path, cursor, ahead);
  }
  let row = 0;
  let unmatched = 0;
  for (let j = 0; j < n; j++) {
    if (int(rowOf, j) >= 0) continue;
    unmatched = 1 + j;
    while (int(columnOf, row) >= 0) row++;
    setInt(rowOf, j, row);
    setInt(columnOf, row, j);
  }
  return unmatched;
}

/** Gives column j a free row, or a row whose column can take row j in return. */
function exchange<T>(j: i32, rowOf: usize, columnOf: usize): void {
  const begin = int(colPtr, j);
  const end = int(colPtr, j + 1);
  for (let p = begin; p < end; p++) {
    const row = int(rowIdx, p);
    if (int(columnOf, row) >= 0 || isZero<T>(p)) continue;
    setInt(rowOf, j, row);
    setInt(columnOf, row, j);
    return;
  }
  if (int(columnOf, j) >= 0) return;
  let best = -1;
  let fewest = i32.MAX_VALUE;
  for (let p = begin; p < end; p++) {
    const row = int(rowIdx, p);
    const other = int(columnOf, row);
    const count = int(colPtr, other + 1) - int(colPtr, other);
    if (other != row || isZero<T>(p) || count >= fewest || !present<T>(j, other)) continue;
    best = row;
    fewest = count;
  }
  if (best < 0) return;
  setInt(rowOf, j, best);
  setInt(columnOf, best, j);
  setInt(rowOf, best, j);
  setInt(columnOf, j, best);
}

/** Depth-first search for a path of alternately unchosen and chosen entries from column `root` to a free row. */
function augment<T>(
  root: i32, rowOf: usize, columnOf: usize, visited: usize, path: usize, cursor: usize, ahead: usize,
): void {
  let head = 0;
  setInt(path, 0, root);
  setInt(cursor, 0, int(colPtr, root));
  setInt(visited, root, root);
  while (head >= 0) {
    const j = int(path, head);
    const end = int(colPtr, j + 1);
    let p = int(ahead, j);
    while (p < end && (int(columnOf, int(rowIdx, p)) >= 0 || isZero<T>(p))) p++;
    setInt(ahead, j, p + 1 < end ? p + 1 : end);
    if (p < end) {
      let row = int(rowIdx, p);
      for (; head >= 0; head--) {
        const column = int(path, head);
        const given = int(rowOf, column);
        setInt(rowOf, column, row);
        setInt(columnOf, row, column);
        row = given;
      }
      return;
    }
    let next = -1;
    let c = int(cursor, head);
    for (; c < end; c++) {
      if (isZero<T>(c)) continue;
      const column = int(columnOf, int(rowIdx, c));
      if (int(visited, column) == root) continue;
      next = column;
      break;
    }
    setInt(cursor, head, c + 1);
    if (next < 0) {
      head--;
      continue;
    }
    setInt(visited, next, root);
    setInt(path, ++head, next);
    setInt(cursor, head, int(colPtr, next));
  }
}
