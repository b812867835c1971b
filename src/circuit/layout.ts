// Where everything stands: which nodes are known, the slot in x of every node, unknown, source, delay and mode.
import { type IdealSource, type KnownNodes, knownNodes } from './known.js';
import type { Species } from './species.js';
import { GROUND_NODE, type Wiring } from './wiring.js';

export interface Layout {
  readonly n: number;
  readonly size: number;
  readonly one: number;
  readonly ground: number;
  /** Slot of a node by its name. */
  slotOfNode(name: string): number | undefined;
  /** Slots of the nodes that the wiring numbers. */
  readonly nodeSlots: Int32Array;
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
  /** Slots from here to n hold the elements' own unknowns; those before hold voltages of nodes. */
  readonly unknownsFrom: number;
}

/** Fewer nodes under d/dt stay where the cards name them: stencils that short are not worth it. */
const WORTHWHILE = 64;

/** Numbers of nodes in the order in which x has them. */
function orderOfNodes(species: readonly Species[], { nodes, pins, pinsAt }: Wiring): Int32Array {
  const differential = new Uint8Array(nodes.length);
  let found = 0;
  for (let e = 0; e < species.length; e++) {
    const { storingPins } = species[e];
    for (let k = 0; k < storingPins.length; k++) {
      const node = pins[pinsAt[e] + storingPins[k]];
      if (node === GROUND_NODE || differential[node] === 1) continue;
      differential[node] = 1;
      found++;
    }
  }
  const order = new Int32Array(nodes.length);
  let [first, second] = [0, found < WORTHWHILE ? 0 : found];
  for (let k = 0; k < order.length; k++) {
    if (second > 0 && differential[k] === 0) order[second++] = k;
    else order[first++] = k;
  }
  return order;
}

/**
 * Lays out x: unknown nodes, in large circuits those under d/dt before the others, so that neighbouring rows of a chain
 * are alike; own nodes, own unknowns; known nodes, inputs; the constant 1; ground.
 * @param referenced not 0 for elements whose branch current must stay an unknown
 */
export function layOut(species: readonly Species[], wiring: Wiring, referenced: Uint8Array): Layout {
  const count = species.length;
  const { pins, pinsAt, nodes, nodeOf } = wiring;
  const own: number[] = [];
  const ideal: IdealSource[] = [];
  for (let e = 0; e < count; e++) {
    const { template } = species[e];
    if (species[e].needsPlaces) own.push(e);
    if (template.idealSource && referenced[e] === 0)
      ideal.push({ source: e, plus: pins[pinsAt[e]], minus: pins[pinsAt[e] + 1] });
  }
  const known = knownNodes(nodes.length, ideal);
  const eliminated = new Uint8Array(count);
  for (const step of known.steps) eliminated[step.source] = 1;

  let next = 0;
  const nodeSlots = new Int32Array(nodes.length);
  for (const k of orderOfNodes(species, wiring)) if (known.stepOf[k] < 0) nodeSlots[k] = next++;
  /** The first of as many slots as each of these elements needs; −1 for those that need none. */
  const place = (widthOf: (species: Species, e: number) => number): Int32Array => {
    const at = new Int32Array(count).fill(-1);
    for (const e of own) {
      const width = widthOf(species[e], e);
      if (width > 0) at[e] = next;
      next += width;
    }
    return at;
  };
  const nodesAt = place(({ template }) => template.ownNodes.length);
  const unknownsFrom = next;
  const unknownsAt = place(({ template }, e) => (eliminated[e] ? 0 : template.unknowns.length));
  const n = next;
  for (const step of known.steps) nodeSlots[step.node] = next++;
  const inputsAt = place(({ template }, e) => (eliminated[e] ? 0 : template.inputs.length));
  const one = next;
  const ground = one + 1;
  const slotOf = (node: number): number => (node === GROUND_NODE ? ground : nodeSlots[node]);
  const pinSlots = new Int32Array(pins.length);
  for (let k = 0; k < pins.length; k++) pinSlots[k] = pins[k] < 0 ? ground : nodeSlots[pins[k]];
  return {
    n,
    size: ground + 1,
    one,
    ground,
    slotOfNode(name) {
      const node = nodeOf.get(name);
      return node === undefined ? undefined : slotOf(node);
    },
    nodeSlots,
    pinSlots,
    pinsAt,
    nodesAt,
    unknownsAt,
    inputsAt,
    eliminated,
    known,
    knownAt: n,
    unknownsFrom,
  };
}
