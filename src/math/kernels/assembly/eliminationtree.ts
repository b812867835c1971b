// Orders of the nodes of an elimination tree that keep the entries of the factors: parent[i] is −1 at a root.
import { fillInts, int, setInt, takeInts } from './memory';

/** Children before parents; merged variables right before the one they went into; dense ones (parent `count`) last. Merged ones weigh 0. */
export function postorder(count: i32, parent: usize, weight: usize, sequence: usize): void {
  const child = takeInts(count + 1);
  const sibling = takeInts(count);
  const stack = takeInts(count + 1);
  fillInts(child, count + 1, -1);
  for (let merged = 1; merged >= 0; merged--) {
    for (let i = count - 1; i >= 0; i--) {
      if ((int(weight, i) == 0 ? 1 : 0) != merged) continue;
      const above = int(parent, i) < 0 ? count : int(parent, i);
      setInt(sibling, i, int(child, above));
      setInt(child, above, i);
    }
  }
  let done = 0;
  let top = 0;
  setInt(stack, 0, count);
  while (top >= 0) {
    const i = int(stack, top);
    const below = int(child, i);
    if (below >= 0) {
      setInt(child, i, int(sibling, below));
      setInt(stack, ++top, below);
      continue;
    }
    if (i < count) setInt(sequence, done++, i);
    top--;
  }
}

/** Levels of up to so many nodes are those of paths, and keep the order of these. */
const NARROW: i32 = 4;

/**
 * Sorts the nodes of a postorder by their height in the elimination tree, those of one height by number where they are
 * many: the same entries, and what stands next to each other does not wait for each other.
 */
export function levelOrder(count: i32, parent: usize, weight: usize, height: usize, sequence: usize): void {
  const level = takeInts(count);
  const first = takeInts(count + 2);
  const sorted = takeInts(count);
  fillInts(first, count + 2, 0);
  for (let t = count - 1, h = count; t >= 0; t--) {
    const i = int(sequence, t);
    h = int(weight, i) != 0 ? int(height, i) : int(parent, i) == count ? count : h - 1;
    setInt(level, i, h);
    setInt(first, h + 1, int(first, h + 1) + 1);
  }
  let narrow = count;
  while (narrow > 0 && int(first, narrow) <= NARROW) narrow--;
  for (let h = 0; h <= count; h++) setInt(first, h + 1, int(first, h + 1) + int(first, h));
  for (let i = 0; i < count; i++) if (int(level, i) < narrow) setInt(sorted, advance(first, int(level, i)), i);
  for (let t = 0; t < count; t++) {
    const i = int(sequence, t);
    if (int(level, i) >= narrow) setInt(sorted, advance(first, int(level, i)), i);
  }
  memory.copy(sequence, sorted, <usize>count << 2);
}

/** The next number of list h. */
@inline function advance(first: usize, h: i32): i32 {
  const next = int(first, h);
  setInt(first, h, next + 1);
  return next;
}
