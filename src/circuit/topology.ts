// What the graph alone forbids: a node that nothing holds, voltages fixed twice round a loop, currents fixed
// twice through a cut. Each is named with the elements in it before any equation is solved.
import type { Diagnostic } from '../errors.js';
import { type DisjointSets, disjointSets, pathInForest } from '../math/disjoint.js';
import type { Circuit, Element } from './circuit.js';
import { type Graph, readGraph } from './graph.js';

export interface TopologyOptions {
  /**
   * How the circuit starts. From a DC operating point (`dc`, default) capacitors are open and inductors short;
   * from given initial conditions (`uic`) capacitors hold voltages.
   */
  readonly start?: 'dc' | 'uic';
}

/** At most so many complaints of one sort, and so many names in a list; the rest are counted. */
const MOST = 12;

/**
 * Errors: `no-ground`, `floating-node`, `voltage-loop`, `current-cutset`. Warnings: `single-connection`,
 * `shorted-element`. Linear in the number of elements.
 * Elements of kinds that the registry does not know are passed over.
 */
export function checkTopology(circuit: Circuit, options: TopologyOptions = {}): Diagnostic[] {
  if (circuit.elements.length === 0) return [];
  const graph = readGraph(circuit);
  if (!graph.grounded) {
    return [
      {
        severity: 'error',
        code: 'no-ground',
        message: 'no element is connected to ground',
        hint: 'call one node 0: every voltage is measured against it',
      },
    ];
  }
  const dc = options.start !== 'uic';
  const held = disjointSets(graph.count);
  for (const edge of graph.edges) {
    if (edge.hold === 'charge' || edge.hold === 'current' ? !dc && edge.charged : true) {
      held.join(edge.from, edge.to);
    }
  }
  return [
    ...voltageLoops(graph, dc),
    ...unheldGroups(graph, held, dc),
    ...shortedElements(circuit.elements, graph),
    ...singleConnections(graph, held),
  ];
}

function voltageLoops(graph: Graph, dc: boolean): Diagnostic[] {
  const tied = disjointSets(graph.count);
  const forest: [number, number][] = [];
  const owners: Element[] = [];
  const found: Diagnostic[] = [];
  for (const { hold, from, to, element } of graph.edges) {
    if (hold !== 'voltage' && !(hold === 'inductor' && dc)) continue;
    if (tied.join(from, to)) {
      forest.push([from, to]);
      owners.push(element);
      continue;
    }
    const loop = [element, ...pathInForest(forest, to, from).map((k) => owners[k])];
    const shorts = loop.some((e) => graph.inductors.has(e)) ? ' (at DC an inductor is a short circuit)' : '';
    found.push({
      severity: 'error',
      code: 'voltage-loop',
      message:
        loop.length === 1
          ? `both ends of voltage source ${element.name} are on node ${graph.names[from]}${shorts}`
          : `loop of voltage sources: ${loop.map((e) => e.name).join(' – ')}${shorts}`,
      hint: 'the sum of the voltages round the loop is fixed twice: put a resistor in series with one of them, or remove one',
      ...spanOf(element),
    });
    if (found.length === MOST) break;
  }
  return found;
}

/** Groups of nodes that no conductance and no voltage source ties to ground. */
function unheldGroups(graph: Graph, held: DisjointSets, dc: boolean): Diagnostic[] {
  const ground = held.find(0);
  const groups = new Map<
    number,
    { nodes: number[]; elements: Element[]; driven: boolean; sensed: boolean; current: boolean }
  >();
  for (let node = 1; node < graph.count; node++) {
    const root = held.find(node);
    if (root === ground) continue;
    let group = groups.get(root);
    if (!group) {
      group = { nodes: [], elements: [], driven: false, sensed: false, current: false };
      groups.set(root, group);
    }
    group.nodes.push(node);
  }
  if (groups.size === 0) return [];
  for (const edge of graph.edges) {
    const ends = [held.find(edge.from), held.find(edge.to)];
    if (ends[0] === ends[1]) continue;
    for (const end of ends) {
      const group = groups.get(end);
      if (!group) continue;
      if (group.elements.at(-1) !== edge.element) group.elements.push(edge.element);
      if (edge.hold === 'current') group.current = true;
      if (edge.hold === 'current' && edge.dependent) group.driven = true;
    }
  }
  for (const node of graph.sensed) {
    const group = groups.get(held.find(node));
    if (group) group.sensed = true;
  }
  const bad = [...groups.values()].filter((group) => !(group.driven && group.sensed));
  return bad.slice(0, MOST).map((group, k) => {
    const rest = k === MOST - 1 && bad.length > MOST ? ` (and ${bad.length - MOST} more groups like it)` : '';
    const named = group.nodes.filter((node) => !graph.internal(node));
    const nodes = `${named.length === 1 ? 'node' : 'nodes'} ${list(named.map((node) => graph.names[node]))}`;
    const elements = list(group.elements.map((e) => e.name));
    const first = group.elements[0] ?? graph.elementAt(group.nodes[0]);
    if (group.current) {
      return {
        severity: 'error',
        code: 'current-cutset',
        message: `cut-set of current sources: ${nodes} ${named.length === 1 ? 'is' : 'are'} connected to the rest of the circuit only through ${elements}${rest}`,
        hint: `their currents cannot sum to anything but zero${dc ? ' (at DC a capacitor carries none)' : ''}: put a resistor across one of them`,
        ...spanOf(first),
      };
    }
    const path = dc ? 'DC path to ground' : 'path to ground';
    const only =
      group.elements.length > 0
        ? `; only ${elements} ${group.elements.length === 1 ? 'leads' : 'lead'} away from ${named.length === 1 ? 'it' : 'them'}`
        : '';
    return {
      severity: 'error',
      code: 'floating-node',
      message: `${nodes} ${named.length === 1 ? 'has' : 'have'} no ${path}${only}${rest}`,
      hint: dc
        ? 'add a resistor to ground (1G will do), or start a transient from given voltages with uic'
        : 'add a resistor to ground (1G will do)',
      ...spanOf(first),
    };
  });
}

function shortedElements(elements: readonly Element[], graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const element of elements) {
    const { nodes } = element;
    if (nodes.length < 2 || graph.ideal.has(element) || nodes.some((node) => node !== nodes[0])) continue;
    found.push({
      severity: 'warning',
      code: 'shorted-element',
      message: `all pins of ${element.name} are on node ${nodes[0]}: it does nothing`,
      hint: 'is one of the node names mistyped?',
      ...spanOf(element),
    });
    if (found.length === MOST) break;
  }
  return found;
}

function singleConnections(graph: Graph, held: DisjointSets): Diagnostic[] {
  const found: Diagnostic[] = [];
  const ground = held.find(0);
  for (let node = 1; node < graph.names.length && found.length < MOST; node++) {
    if (graph.connections[node] !== 1 || graph.internal(node) || held.find(node) !== ground) continue;
    const element = graph.elementAt(node);
    if (element === undefined || graph.selfHeld[node] === 1) continue;
    found.push({
      severity: 'warning',
      code: 'single-connection',
      message: `node ${graph.names[node]} has a single connection, to ${element.name}`,
      hint: 'is the node name mistyped?',
      ...spanOf(element),
    });
  }
  return found;
}

const spanOf = (element: Element | undefined): Pick<Diagnostic, 'span'> =>
  element?.span ? { span: element.span } : {};

function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  if (names.length > MOST) return `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`;
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
