// Where everything stands: which nodes are known, the slot in x of every node, unknown, source, delay and mode.
import type { DeviceKind, Quantity } from '../devices/device.js';
import type { Members } from './assemble.js';
import type { Element, Model, Value } from './circuit.js';
import { type KnownNodes, knownNodes } from './known.js';
import type { Template } from './template.js';

/** One element with the template it follows. */
export interface Instance {
  readonly element: Element;
  readonly kind: DeviceKind;
  readonly model: Model | undefined;
  readonly variant: string;
  readonly family: Members;
  readonly template: Template;
  /** Numbers lifted out of its behavioural expressions, and what these refer to: `v(node)`, `i(element)`. */
  readonly lifted: readonly Value[];
  readonly references: readonly string[];
  /** Read by others (F, H, W, K, I(…)): its branch current must stay an unknown. */
  referenced: boolean;
}

export interface Layout {
  readonly n: number;
  readonly size: number;
  readonly one: number;
  readonly ground: number;
  readonly slotOfNode: ReadonlyMap<string, number>;
  /** Slots of all pins; those of element e start at `pinsAt[e]`. */
  readonly pinSlots: Int32Array;
  readonly pinsAt: Int32Array;
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

/** Every pin of every element as the number of its node, ground −1: element e's pins start at `start[e]`. */
interface Pins {
  readonly node: Int32Array;
  readonly start: Int32Array;
  readonly names: readonly string[];
}

function numberNodes(instances: readonly Instance[]): Pins {
  const start = new Int32Array(instances.length + 1);
  for (let e = 0; e < instances.length; e++) start[e + 1] = start[e] + instances[e].element.nodes.length;
  const node = new Int32Array(start[instances.length]);
  const numbers = new Map<string, number>([['0', -1]]);
  const names: string[] = [];
  for (let e = 0, k = 0; e < instances.length; e++) {
    const { nodes } = instances[e].element;
    for (let p = 0; p < nodes.length; p++) {
      const name = nodes[p];
      let number = numbers.get(name);
      if (number === undefined) numbers.set(name, (number = names.push(name) - 1));
      node[k++] = number;
    }
  }
  return { node, start, names };
}

/** Lays out x: unknown nodes, own nodes, own unknowns; known nodes, inputs; the constant 1; ground. */
export function layOut(instances: readonly Instance[]): Layout {
  const pins = numberNodes(instances);
  const { node, start, names: nodeNames } = pins;
  const known = knownNodes(
    nodeNames.length,
    instances.map(({ template, referenced }, e) =>
      template.idealSource && !referenced ? { plus: node[start[e]], minus: node[start[e] + 1] } : undefined,
    ),
  );
  const eliminated = new Uint8Array(instances.length);
  for (const step of known.steps) eliminated[step.source] = 1;

  const names: { name: string; quantity: Quantity; isNode: boolean }[] = [];
  const slotOfNode = new Map<string, number>();
  const slotOfNumber = new Int32Array(nodeNames.length);
  for (let k = 0; k < nodeNames.length; k++) {
    if (known.stepOf[k] >= 0) continue;
    slotOfNumber[k] = names.push({ name: `v(${nodeNames[k]})`, quantity: 'voltage', isNode: true }) - 1;
    slotOfNode.set(nodeNames[k], slotOfNumber[k]);
  }
  const nodesAt = new Int32Array(instances.length).fill(-1);
  const unknownsAt = new Int32Array(instances.length).fill(-1);
  for (let e = 0; e < instances.length; e++) {
    const { element, template } = instances[e];
    if (template.ownNodes.length === 0) continue;
    nodesAt[e] = names.length;
    for (let k = 0; k < template.ownNodes.length; k++) {
      const name = `v(${element.name}.${template.ownNodes[k]})`;
      names.push({ name, quantity: 'voltage', isNode: true });
    }
  }
  for (let e = 0; e < instances.length; e++) {
    const { element, template } = instances[e];
    if (template.unknowns.length === 0 || eliminated[e]) continue;
    unknownsAt[e] = names.length;
    for (let k = 0; k < template.unknowns.length; k++) {
      const unknown = template.unknowns[k];
      names.push({ name: `${unknown[0]}(${element.name})`, quantity: unknown[1], isNode: false });
    }
  }
  const n = names.length;
  const inputNames: { name: string; quantity: Quantity }[] = [];
  for (const step of known.steps) {
    const name = nodeNames[step.node];
    slotOfNumber[step.node] = n + inputNames.push({ name: `v(${name})`, quantity: 'voltage' }) - 1;
    slotOfNode.set(name, slotOfNumber[step.node]);
  }
  const inputsAt = new Int32Array(instances.length).fill(-1);
  for (let e = 0; e < instances.length; e++) {
    const { element, template } = instances[e];
    if (template.inputs.length === 0 || eliminated[e]) continue;
    inputsAt[e] = n + inputNames.length;
    for (const name of template.inputs)
      inputNames.push({ name: `${name}(${element.name})`, quantity: 'number' });
  }
  const one = n + inputNames.length;
  const ground = one + 1;
  slotOfNode.set('0', ground);
  return {
    n,
    size: ground + 1,
    one,
    ground,
    slotOfNode,
    pinSlots: node.map((number) => (number < 0 ? ground : slotOfNumber[number])),
    pinsAt: start,
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
