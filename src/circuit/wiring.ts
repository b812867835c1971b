// The names of a circuit as numbers: which element a name means, and which node every pin is on.
import type { Element } from './circuit.js';
import { createNumbering } from './numbering.js';

/** Number of ground. */
export const GROUND_NODE = -1;

/** A table by name that is only read. */
export interface Named<T> {
  readonly size: number;
  get(name: string): T | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<T>;
}

export interface Wiring {
  /** Elements by name; where several have one name, the last of them. */
  readonly elementOf: Pick<Named<number>, 'get' | 'has' | 'keys' | 'size'>;
  /** Nodes by name, numbered as they come. */
  readonly nodeOf: Pick<Named<number>, 'get' | 'has'>;
  readonly nodes: readonly string[];
  /** Node of every pin: those of element e start at `pinsAt[e]`. */
  readonly pins: Int32Array;
  readonly pinsAt: Int32Array;
}

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
  const names = createNumbering(count);
  const nodes = createNumbering(count);
  for (let e = 0, k = 0; e < count; e++) {
    const { name, nodes: own } = elements[e];
    names.numberOf(name);
    for (let p = 0; p < own.length; p++) pins[k++] = own[p] === '0' ? GROUND_NODE : nodes.numberOf(own[p]);
  }
  const number = (node: string): number | undefined => (node === '0' ? GROUND_NODE : nodes.get(node));
  return {
    elementOf:
      names.names.length < count
        ? new Map(elements.map(({ name }, e) => [name, e]))
        : {
            size: count,
            get: names.get,
            has: (name) => names.get(name) !== undefined,
            keys: () => names.names,
          },
    nodeOf: { get: number, has: (node) => number(node) !== undefined },
    nodes: nodes.names,
    pins,
    pinsAt,
  };
}

/** The elements of a list that is complete when it is first asked about. */
export const elementsByName = (elements: readonly Element[]): Named<Element> => ({
  get(name) {
    const e = wiringOf(elements).elementOf.get(name);
    return e === undefined ? undefined : elements[e];
  },
  has: (name) => wiringOf(elements).elementOf.has(name),
  keys: () => wiringOf(elements).elementOf.keys(),
  values: () => elements,
  get size() {
    return elements.length;
  },
});
