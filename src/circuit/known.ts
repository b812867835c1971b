// Nodes that ideal voltage sources tie to ground are known, not unknown: a forest of sources rooted at ground.

/** A voltage source between two nodes, by index; ground is −1. */
export interface IdealSource {
  readonly plus: number;
  readonly minus: number;
}

export interface KnownNodes {
  /** In the order in which they become known: node, the source that ties it, the node before it (−1 ground), and the sign of the source. */
  readonly steps: readonly {
    readonly node: number;
    readonly source: number;
    readonly parent: number;
    readonly sign: 1 | -1;
  }[];
  /** Node → step, or −1. */
  readonly stepOf: Int32Array;
}

/** Grows the forest from ground. A source that would close a loop is left out (the topology check names it). */
export function knownNodes(nodes: number, sources: readonly (IdealSource | undefined)[]): KnownNodes {
  const touching = new Map<number, number[]>();
  for (let k = 0; k < sources.length; k++) {
    const s = sources[k];
    if (s === undefined || s.plus === s.minus) continue;
    for (const end of [s.plus, s.minus]) {
      const list = touching.get(end);
      if (list) list.push(k);
      else touching.set(end, [k]);
    }
  }
  const stepOf = new Int32Array(nodes).fill(-1);
  const steps: { node: number; source: number; parent: number; sign: 1 | -1 }[] = [];
  const queue = [-1];
  for (let head = 0; head < queue.length; head++) {
    const parent = queue[head];
    for (const k of touching.get(parent) ?? []) {
      const s = sources[k]!;
      const node = s.plus === parent ? s.minus : s.plus;
      if (node === -1 || stepOf[node] >= 0) continue;
      stepOf[node] = steps.push({ node, source: k, parent, sign: s.minus === parent ? 1 : -1 }) - 1;
      queue.push(node);
    }
  }
  return { steps, stepOf };
}
