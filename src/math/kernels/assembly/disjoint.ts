// Disjoint sets (Tarjan 1975, path halving), joined for many like things at once.
import { int, setInt } from './memory';

@inline function find(parent: usize, a: i32): i32 {
  for (let above = int(parent, a); above != a; above = int(parent, a)) {
    const next = int(parent, above);
    setInt(parent, a, next);
    a = next;
  }
  return a;
}

/** a, or what the position −1 stands for. */
@inline function end(index: usize, position: i32, nowhere: i32): i32 {
  return position < 0 ? nowhere : int(index, position);
}

/**
 * Joins the places index[i·stride + from] and index[i·stride + to] of `count` things; −1 stands for `nowhere`. Returns 2
 * when the two places of some thing are one, else 1 when some were in one set already, else 0.
 */
export function joinAll(
  parent: usize, count: i32, stride: i32, index: usize, from: i32, to: i32, nowhere: i32,
): i32 {
  let found = 0;
  for (let i = 0; i < count; i++, index += <usize>stride << 2) {
    const a = end(index, from, nowhere);
    const b = end(index, to, nowhere);
    if (a == b) return 2;
    const rootA = find(parent, a);
    const rootB = find(parent, b);
    // The lower root stays, so that ground, the last place, hangs below one of its neighbours.
    if (rootA < rootB) setInt(parent, rootB, rootA);
    else if (rootB < rootA) setInt(parent, rootA, rootB);
    else found = 1;
  }
  return found;
}

/** Whether all of these places are in one set with another. */
export function areWith(parent: usize, count: i32, places: usize, other: i32): bool {
  const root = find(parent, other);
  for (let k = 0; k < count; k++) if (find(parent, int(places, k)) != root) return false;
  return true;
}
