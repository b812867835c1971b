// A quick sufficient test for a sound topology: every node is joined to ground by conductances and ideal branches,
// no two ideal branches close a loop, and nothing dangles. Only when it fails are faults searched for by name.
import { type Attachment, attachment, GROUND } from './attachment.js';
import { disjointSets } from './disjoint.js';
import type { Structure } from './structure.js';
import type { Template } from './template.js';

/** True only when `checkTopology` would have nothing to say; false says nothing. */
export function evidentlySound({ circuit, species, layout, assembly }: Structure): boolean {
  const { size, ground, pinSlots, pinsAt, nodesAt, nodeSlots } = layout;
  const held = disjointSets(size);
  const tied = disjointSets(size);
  const connections = new Int32Array(size);
  const shapes = new Map<Template, Attachment>();
  for (let e = 0; e < species.length; e++) {
    const { kind, variant, template } = species[e];
    let shape = shapes.get(template);
    if (shape === undefined) {
      const expressions = Object.keys(circuit.elements[e].expressions ?? {});
      shapes.set(template, (shape = attachment(kind, variant, expressions)));
    }
    const first = pinsAt[e];
    for (let k = first; k < pinsAt[e + 1]; k++) connections[pinSlots[k]]++;
    for (let k = 0; k < shape.edges.length; k++) {
      const { from, to, hold } = shape.edges[k];
      const a = slotOfPlace(from, shape.pins, first, e);
      const b = slotOfPlace(to, shape.pins, first, e);
      if (a === b) return false;
      if (hold === 'voltage' || hold === 'inductor') {
        if (!tied.join(a, b)) return false;
        held.join(a, b);
      } else if (hold === 'conductance') held.join(a, b);
    }
  }
  for (const { template, index } of assembly.groups) {
    template.locals.forEach(({ role }, j) => {
      if (role !== 'reference') return;
      for (let k = j; k < index.length; k += template.locals.length) connections[index[k]]++;
    });
  }
  for (let k = 0; k < nodeSlots.length; k++) {
    const slot = nodeSlots[k];
    if (connections[slot] < 2 || held.find(slot) !== held.find(ground)) return false;
  }
  for (let e = 0; e < species.length; e++) {
    for (let k = 0; k < species[e].template.ownNodes.length; k++) {
      if (held.find(nodesAt[e] + k) !== held.find(ground)) return false;
    }
  }
  return connections[ground] > 0;

  function slotOfPlace(place: number, pins: number, firstPin: number, e: number): number {
    if (place === GROUND) return ground;
    return place < pins ? pinSlots[firstPin + place] : nodesAt[e] + place - pins;
  }
}
