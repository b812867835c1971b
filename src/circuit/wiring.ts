// The names of a circuit as numbers: which element a name means, and which node every pin is on.
import type { Element } from './circuit.js';

/** Number of ground. */
export const GROUND_NODE = -1;

export interface Wiring {
  /** Elements by name; where several have one name, the last of them. */
  readonly elementOf: ReadonlyMap<string, number>;
  /** Nodes by name, numbered as they come. */
  readonly nodeOf: ReadonlyMap<string, number>;
  readonly nodes: readonly string[];
  /** Node of every pin: those of element e start at `pinsAt[e]`. */
  readonly pins: Int32Array;
  readonly pinsAt: Int32Array;
}

/** A table by name that is only read. */
export type Named<T> = Pick<ReadonlyMap<string, T>, 'get' | 'has' | 'keys' | 'values' | 'size'>;

const known = new WeakMap<readonly Element[], Wiring>();

/** Found once for a list of elements: by who reads it from text, or by who compiles it. */
export function wiringOf(elements: readonly Element[]): Wiring {
  let wiring = known.get(elements);
  if (wiring === undefined) known.set(elements, (wiring = wire(elements)));
  return wiring;
}

function wire(elements: readonly Element[]): Wiring {
  const count = elements.length;
  const pinsAt = new Int32Array(count + 1);
  for (let e = 0; e < count; e++) pinsAt[e + 1] = pinsAt[e] + elements[e].nodes.length;
  const pins = new Int32Array(pinsAt[count]);
  const elementOf = new Map<string, number>();
  const nodeOf = new Map<string, number>([['0', GROUND_NODE]]);
  const nodes: string[] = [];
  for (let e = 0, k = 0; e < count; e++) {
    const { name, nodes: own } = elements[e];
    elementOf.set(name, e);
    for (let p = 0; p < own.length; p++) {
      let node = nodeOf.get(own[p]);
      if (node === undefined) nodeOf.set(own[p], (node = nodes.push(own[p]) - 1));
      pins[k++] = node;
    }
  }
  return { elementOf, nodeOf, nodes, pins, pinsAt };
}

/** The elements of a list that is complete when it is first asked about. */
export const elementsByName = (elements: readonly Element[]): Named<Element> => ({
  get(name) {
    const e = wiringOf(elements).elementOf.get(name);
    return e === undefined ? undefined : elements[e];
  },
  has: (name) => wiringOf(elements).elementOf.has(name),
  keys: () => wiringOf(elements).elementOf.keys(),
  values: () => elements.values(),
  get size() {
    return elements.length;
  },
});
