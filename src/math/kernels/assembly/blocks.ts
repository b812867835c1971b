// Strongly connected components of the matched matrix (Tarjan 1972): numbered so that no block reaches a later one,
// which makes the matrix block upper triangular.
import { fillInts, int, setInt, takeInts } from './memory';
import { colPtr, n, rowIdx } from './state';

/** Fills blockOf (column → block) and returns the number of blocks. */
export function findBlocks(columnOf: usize, blockOf: usize): i32 {
  const visit = takeInts(n);
  const low = takeInts(n);
  const waiting = takeInts(n);
  const path = takeInts(n);
  const cursor = takeInts(n);
  fillInts(visit, n, -1);
  fillInts(blockOf, n, -1);
  let clock = 0;
  let waitingCount = 0;
  let blocks = 0;
  for (let root = 0; root < n; root++) {
    if (int(visit, root) >= 0) continue;
    let head = 0;
    setInt(path, 0, root);
    setInt(cursor, root, int(colPtr, root));
    setInt(visit, root, clock);
    setInt(low, root, clock++);
    setInt(waiting, waitingCount++, root);
    while (head >= 0) {
      const j = int(path, head);
      const end = int(colPtr, j + 1);
      let p = int(cursor, j);
      let lowest = int(low, j);
      let next = -1;
      while (p < end) {
        const i = int(columnOf, int(rowIdx, p++));
        if (int(visit, i) < 0) {
          next = i;
          break;
        }
        if (int(blockOf, i) < 0) lowest = min(lowest, int(low, i));
      }
      setInt(cursor, j, p);
      setInt(low, j, lowest);
      if (next >= 0) {
        setInt(path, ++head, next);
        setInt(cursor, next, int(colPtr, next));
        setInt(visit, next, clock);
        setInt(low, next, clock++);
        setInt(waiting, waitingCount++, next);
        continue;
      }
      if (lowest == int(visit, j)) {
        let member: i32;
        do {
          member = int(waiting, --waitingCount);
          setInt(blockOf, member, blocks);
        } while (member != j);
        blocks++;
      }
      if (--head >= 0) {
        const parent = int(path, head);
        setInt(low, parent, min(int(low, parent), lowest));
      }
    }
  }
  return blocks;
}
