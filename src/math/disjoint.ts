// Disjoint sets (Tarjan 1975, path halving, union by size), and the path between two nodes of a forest.

export interface DisjointSets {
  find(a: number): number;
  /** False when the two were in one set already. */
  join(a: number, b: number): boolean;
}

export function disjointSets(count: number): DisjointSets {
  const parent = new Int32Array(count);
  for (let k = 0; k < count; k++) parent[k] = k;
  const size = new Int32Array(count).fill(1);
  const find = (a: number): number => {
    while (parent[a] !== a) {
      parent[a] = parent[parent[a]];
      a = parent[a];
    }
    return a;
  };
  return {
    find,
    join(a, b) {
      a = find(a);
      b = find(b);
      if (a === b) return false;
      if (size[a] < size[b]) [a, b] = [b, a];
      parent[b] = a;
      size[a] += size[b];
      return true;
    },
  };
}

/** Edges of the one path from `start` to `end`, in order, in a forest given by the ends of its edges. */
export function pathInForest(
  edges: readonly (readonly [number, number])[],
  start: number,
  end: number,
): number[] {
  const touching = new Map<number, number[]>();
  edges.forEach((ends, k) => {
    for (const node of ends) {
      const list = touching.get(node);
      if (list) list.push(k);
      else touching.set(node, [k]);
    }
  });
  const cameBy = new Map<number, number>([[start, -1]]);
  const queue = [start];
  for (let head = 0; head < queue.length && !cameBy.has(end); head++) {
    for (const k of touching.get(queue[head]) ?? []) {
      const next = edges[k][0] === queue[head] ? edges[k][1] : edges[k][0];
      if (!cameBy.has(next)) {
        cameBy.set(next, k);
        queue.push(next);
      }
    }
  }
  const path: number[] = [];
  for (let node = end; node !== start; ) {
    const k = cameBy.get(node)!;
    path.push(k);
    node = edges[k][0] === node ? edges[k][1] : edges[k][0];
  }
  return path.reverse();
}
