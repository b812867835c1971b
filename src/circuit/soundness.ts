// A quick sufficient test for a sound topology: every node is joined to ground by conductances and ideal branches,
// no two ideal branches close a loop, and nothing dangles. Only when it fails are faults searched for by name.
import { isSpanned, type Links } from '../math/spanning.js';
import { attachment, type Hold } from './attachment.js';
import type { Species } from './species.js';
import type { Structure } from './structure.js';

/** True only when `checkTopology` would have nothing to say; false says nothing. */
export function evidentlySound(structure: Structure): boolean {
  const { layout, assembly } = structure;
  const { size, ground, pinSlots, nodeSlots } = layout;
  const connections = new Int32Array(size);
  for (let k = 0; k < pinSlots.length; k++) connections[pinSlots[k]]++;
  for (const { template, index } of assembly.groups) {
    template.locals.forEach(({ role }, j) => {
      if (role !== 'reference') return;
      for (let k = j; k < index.length; k += template.locals.length) connections[index[k]]++;
    });
  }
  for (let k = 0; k < nodeSlots.length; k++) if (connections[nodeSlots[k]] < 2) return false;
  return connections[ground] > 0 && isSpanned(size, ground, linksOf(structure), nodesOf(structure));
}

const HOLDS: Readonly<Record<Hold, Links['hold']>> = {
  conductance: 'joins',
  voltage: 'ties',
  inductor: 'ties',
  charge: 'parts',
  current: 'parts',
};

/** What joins the pins and inner nodes of all elements. */
function linksOf({ circuit, species, layout, assembly }: Structure): Links[] {
  const { pinSlots, pinsAt, known } = layout;
  const ofElements = (e: number, { kind, variant }: Species, index: Int32Array, stride: number): Links[] => {
    const { edges } = attachment(kind, variant, Object.keys(circuit.elements[e].expressions ?? {}));
    return edges.map(({ from, to, hold }) => ({ stride, index, from, to, hold: HOLDS[hold] }));
  };
  // Of a template's locals the pins come first, and then its own nodes: these are the places of an attachment.
  const grouped = assembly.groups.flatMap(({ template, members, index }) =>
    ofElements(members[0], species[members[0]], index, template.locals.length),
  );
  const eliminated = known.steps.flatMap(({ source: e }) => {
    const index = pinSlots.subarray(pinsAt[e], pinsAt[e + 1]);
    return ofElements(e, species[e], index, index.length);
  });
  return [...grouped, ...eliminated];
}

/** Slots of all nodes, those inside devices too. */
function nodesOf({ species, layout: { nodeSlots, nodesAt } }: Structure): Int32Array {
  const inner: number[] = [];
  for (let e = 0; e < species.length; e++) {
    if (!species[e].needsPlaces) continue;
    const { ownNodes } = species[e].template;
    for (let k = 0; k < ownNodes.length; k++) inner.push(nodesAt[e] + k);
  }
  const nodes = new Int32Array(nodeSlots.length + inner.length);
  nodes.set(nodeSlots);
  nodes.set(inner, nodeSlots.length);
  return nodes;
}
