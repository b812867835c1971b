// Nodes that ideal voltage sources tie to ground are known, not unknown: a forest of sources rooted at ground.

/** A voltage source between two nodes, by index; ground is −1. */
export interface IdealSource {
  /** Which element it is. */
  readonly source: number;
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
export function knownNodes(nodes: number, sources: readonly IdealSource[]): KnownNodes {
  const touching = new Map<number, number[]>();
  for (let k = 0; k < sources.length; k++) {
    const { plus, minus } = sources[k];
    if (plus === minus) continue;
    for (const end of [plus, minus]) {
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
      const { source, plus, minus } = sources[k];
      const node = plus === parent ? minus : plus;
      if (node === -1 || stepOf[node] >= 0) continue;
      stepOf[node] = steps.push({ node, source, parent, sign: minus === parent ? 1 : -1 }) - 1;
      queue.push(node);
    }
  }
  return { steps, stepOf };
}
