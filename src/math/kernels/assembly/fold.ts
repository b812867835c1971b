// The linear terms of many like things summed into the entries of two matrices, and rows of what is not zero there.
import { int, setInt } from './memory';

/**
 * to[slots[…]] += value for the first and −= value for the second slot of each of `terms` terms of `count` things. The value
 * of term t of thing i is numbers[i·stride + coefficient[t]], and it belongs to C where stored[t] is not 0, else to G.
 */
export function foldTerms(
  count: i32, stride: i32, numbers: usize, terms: i32, coefficient: usize, stored: usize, slots: usize, G: usize, C: usize,
): void {
  for (let i = 0; i < count; i++, numbers += <usize>stride << 3) {
    for (let t = 0; t < terms; t++, slots += 8) {
      const value = load<f64>(numbers + (<usize>int(coefficient, t) << 3));
      const to = int(stored, t) != 0 ? C : G;
      const plus = to + (<usize>load<u32>(slots) << 3);
      store<f64>(plus, load<f64>(plus) + value);
      const minus = to + (<usize>load<u32>(slots, 4) << 3);
      store<f64>(minus, load<f64>(minus) - value);
    }
  }
}

/** Rows [first, last) of entries that stand by rows: start, column and value of those that are not 0. Returns how many. */
export function filledRows(
  first: i32, last: i32, from: usize, slot: usize, columnOf: usize, values: usize,
  start: usize, column: usize, value: usize,
): i32 {
  let count = 0;
  setInt(start, 0, 0);
  for (let r = first; r < last; r++) {
    for (let k = int(from, r); k < int(from, r + 1); k++) {
      const entry = load<f64>(values + (<usize>int(slot, k) << 3));
      if (entry == 0) continue;
      setInt(column, count, int(columnOf, k));
      store<f64>(value + (<usize>count << 3), entry);
      count++;
    }
    setInt(start, r - first + 1, count);
  }
  return count;
}
