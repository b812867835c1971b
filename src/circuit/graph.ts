// A circuit as a graph: nodes numbered from ground = 0, and an edge for every way in which an element joins two of them.
import type { DeviceKind } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { type Attachment, attachment, GROUND, type Hold } from './attachment.js';
import type { Circuit, Element } from './circuit.js';
import { given, globals } from './values.js';

export interface GraphEdge {
  readonly element: Element;
  readonly from: number;
  readonly to: number;
  readonly hold: Hold;
  /** A current set by other voltages or currents of the circuit (not an independent source). */
  readonly dependent: boolean;
  readonly charged: boolean;
}

export interface Graph {
  /** Nodes in all; those inside devices come after all that have names. */
  readonly count: number;
  /** Node names; index 0 is ground. */
  readonly names: readonly string[];
  readonly edges: readonly GraphEdge[];
  /** Whether any element touches ground. */
  readonly grounded: boolean;
  /** How many pins (and V(…) of behavioural expressions) refer to each node. */
  readonly connections: Int32Array;
  /** 1 where a device on the node ties it to ground by itself, or reads out to it. */
  readonly selfHeld: Uint8Array;
  /** Nodes whose voltage sets something elsewhere. */
  readonly sensed: readonly number[];
  /** Elements with an ideal voltage branch, and among them those that are one only at DC. */
  readonly ideal: ReadonlySet<Element>;
  readonly inductors: ReadonlySet<Element>;
  internal(node: number): boolean;
  /** Some element attached to the node. */
  elementAt(node: number): Element | undefined;
}

export function readGraph(circuit: Circuit): Graph {
  const numbers = new Map<string, number>([['0', 0]]);
  const names = ['0'];
  const number = (name: string): number => {
    let k = numbers.get(name);
    if (k === undefined) {
      k = names.push(name) - 1;
      numbers.set(name, k);
    }
    return k;
  };
  const nodesOf = circuit.elements.map((element) => element.nodes.map(number));
  const outside = names.length;
  const connections = new Int32Array(outside);
  const selfHeld = new Uint8Array(outside);
  const at: (Element | undefined)[] = new Array(outside).fill(undefined);

  const attachmentOf = attachments(circuit);
  const edges: GraphEdge[] = [];
  const sensed: number[] = [];
  const ideal = new Set<Element>();
  const inductors = new Set<Element>();
  let grounded = false;
  let count = outside;
  for (let e = 0; e < nodesOf.length; e++) {
    const element = circuit.elements[e];
    const pins = nodesOf[e];
    const kind = kindByName(element.kind);
    if (kind === undefined) continue;
    const shape = attachmentOf(kind, element);
    const inner = count - shape.pins;
    count += shape.places.length - shape.pins;
    const nodeAt = (place: number): number =>
      place === GROUND ? 0 : place < shape.pins ? pins[place] : inner + place;
    for (const node of pins) {
      connections[node]++;
      at[node] ??= element;
      if (node === 0) grounded = true;
    }
    const looksAt = element.expressions ? lookedAt(element.expressions, numbers) : nothing;
    for (const node of looksAt) if (node < outside) connections[node]++;
    sensed.push(...looksAt);
    for (const place of shape.senses) sensed.push(nodeAt(place));
    for (const edge of shape.edges) {
      const [from, to] = [nodeAt(edge.from), nodeAt(edge.to)];
      let hold = edge.hold;
      if (hold === 'current' && edge.dependent) {
        const setters = edge.senses.map(nodeAt).filter((node) => node !== 0);
        if (edge.behavioural) setters.push(...looksAt);
        if (setters.includes(from) || setters.includes(to)) hold = 'conductance';
      }
      edges.push({ element, from, to, hold, dependent: edge.dependent, charged: edge.charged });
      if (from === 0 || to === 0) grounded = true;
      if (hold === 'voltage' || hold === 'inductor') ideal.add(element);
      if (hold === 'inductor') inductors.add(element);
      if (edge.to === GROUND && from < outside) selfHeld[from] = 1;
      // A behavioural voltage alone on its node is a reading of something elsewhere.
      if (hold === 'voltage' && element.expressions && to === 0 && from < outside) selfHeld[from] = 1;
    }
  }
  return {
    count,
    names,
    edges,
    grounded,
    connections,
    selfHeld,
    sensed,
    ideal,
    inductors,
    internal: (node) => node >= outside,
    elementAt: (node) => at[node],
  };
}

const nothing: readonly number[] = [];

/** One attachment per kind, variant and set of behavioural parameters. */
function attachments(circuit: Circuit): (kind: DeviceKind, element: Element) => Attachment {
  const lookup = globals(circuit, {});
  const known = new Map<DeviceKind, Map<string, Attachment>>();
  const byModel = new Map<DeviceKind, Map<string | undefined, Attachment>>();
  const find = (kind: DeviceKind, element: Element): Attachment => {
    const model = element.model === undefined ? undefined : circuit.models.get(element.model);
    const variant = kind.variant?.(given({ kind, element, model, binding: {} }, lookup)) ?? '';
    const expressions = element.expressions ? Object.keys(element.expressions) : [];
    const key = expressions.length === 0 ? variant : `${variant}|${expressions.join()}`;
    let byKey = known.get(kind);
    if (!byKey) known.set(kind, (byKey = new Map()));
    let shape = byKey.get(key);
    if (!shape) byKey.set(key, (shape = attachment(kind, variant, expressions)));
    return shape;
  };
  // Without values of its own an element is what its model says.
  return (kind, element) => {
    if (element.expressions !== undefined || (kind.variant !== undefined && !isEmpty(element.values)))
      return find(kind, element);
    let models = byModel.get(kind);
    if (!models) byModel.set(kind, (models = new Map()));
    const name = kind.variant === undefined ? undefined : element.model;
    let shape = models.get(name);
    if (!shape) models.set(name, (shape = find(kind, element)));
    return shape;
  };
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** Nodes that behavioural expressions look at. */
function lookedAt(
  expressions: Readonly<Record<string, Expr>>,
  numbers: ReadonlyMap<string, number>,
): number[] {
  const found: number[] = [];
  const look = mentions((name) => {
    const node = name.startsWith('v(') ? numbers.get(name.slice(2, -1)) : undefined;
    if (node !== undefined && !found.includes(node)) found.push(node);
    return false;
  });
  for (const e of Object.values(expressions)) look(e);
  return found;
}
