// Where everything stands: which nodes are known, the slot in x of every node, unknown, source, delay and mode.
import type { Quantity } from '../devices/device.js';
import type { Element } from './circuit.js';
import { type KnownNodes, knownNodes } from './known.js';
import type { Template } from './template.js';

/** One element with the template it follows. */
export interface Instance {
  readonly element: Element;
  readonly template: Template;
  /** Referenced by others (F, H, W, K, I(…)): its branch current must stay an unknown. */
  readonly referenced: boolean;
}

export interface Layout {
  readonly n: number;
  readonly size: number;
  readonly one: number;
  readonly ground: number;
  readonly slotOfNode: ReadonlyMap<string, number>;
  /** First slot of each element's own nodes and unknowns, in the order of its template; −1 without. */
  readonly nodesAt: Int32Array;
  readonly unknownsAt: Int32Array;
  /** Slot of each element's k-th input is inputsAt + k. */
  readonly inputsAt: Int32Array;
  /** True for ideal sources that were eliminated. */
  readonly eliminated: Uint8Array;
  readonly known: KnownNodes;
  /** Slot of the node made known by step k is knownAt + k. */
  readonly knownAt: number;
  readonly names: readonly { readonly name: string; readonly quantity: Quantity; readonly isNode: boolean }[];
  readonly inputNames: readonly { readonly name: string; readonly quantity: Quantity }[];
}

/** Lays out x: unknown nodes, own nodes, own unknowns; known nodes, inputs; the constant 1; ground. */
export function layOut(instances: readonly Instance[]): Layout {
  const nodeIndex = new Map<string, number>();
  for (const { element } of instances) {
    for (const node of element.nodes)
      if (node !== '0' && !nodeIndex.has(node)) nodeIndex.set(node, nodeIndex.size);
  }
  const at = (node: string): number => (node === '0' ? -1 : nodeIndex.get(node)!);
  const known = knownNodes(
    nodeIndex.size,
    instances.map(({ element, template, referenced }) =>
      template.idealSource && !referenced
        ? { plus: at(element.nodes[0]), minus: at(element.nodes[1]) }
        : undefined,
    ),
  );
  const eliminated = new Uint8Array(instances.length);
  for (const step of known.steps) eliminated[step.source] = 1;

  const names: { name: string; quantity: Quantity; isNode: boolean }[] = [];
  const slotOfNode = new Map<string, number>();
  for (const [node, k] of nodeIndex) {
    if (known.stepOf[k] < 0)
      slotOfNode.set(node, names.push({ name: `v(${node})`, quantity: 'voltage', isNode: true }) - 1);
  }
  const nodesAt = new Int32Array(instances.length).fill(-1);
  const unknownsAt = new Int32Array(instances.length).fill(-1);
  instances.forEach(({ element, template: { law } }, e) => {
    if (!law.nodes?.length) return;
    nodesAt[e] = names.length;
    for (const node of law.nodes)
      names.push({ name: `v(${element.name}.${node})`, quantity: 'voltage', isNode: true });
  });
  instances.forEach(({ element, template: { law } }, e) => {
    if (!law.unknowns || eliminated[e]) return;
    unknownsAt[e] = names.length;
    for (const [name, quantity] of Object.entries(law.unknowns)) {
      names.push({ name: `${name}(${element.name})`, quantity, isNode: false });
    }
  });
  const n = names.length;
  const inputNames: { name: string; quantity: Quantity }[] = [];
  const nodeNames = [...nodeIndex.keys()];
  for (const step of known.steps) {
    slotOfNode.set(
      nodeNames[step.node],
      n + inputNames.push({ name: `v(${nodeNames[step.node]})`, quantity: 'voltage' }) - 1,
    );
  }
  const inputsAt = new Int32Array(instances.length).fill(-1);
  instances.forEach(({ element, template }, e) => {
    if (eliminated[e]) return;
    for (const local of template.locals) {
      if (local.role !== 'input') continue;
      if (local.index === 0) inputsAt[e] = n + inputNames.length;
      inputNames.push({ name: `${local.name}(${element.name})`, quantity: 'number' });
    }
  });
  const one = n + inputNames.length;
  const ground = one + 1;
  slotOfNode.set('0', ground);
  return {
    n,
    size: ground + 1,
    one,
    ground,
    slotOfNode,
    nodesAt,
    unknownsAt,
    inputsAt,
    eliminated,
    known,
    knownAt: n,
    names,
    inputNames,
  };
}
