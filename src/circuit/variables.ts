// The names of what stands in x, unknowns and inputs, for messages and results.
import { oncePerStructure, type Structure } from './structure.js';
import type { Variable } from './system.js';

interface Variables {
  readonly unknowns: readonly Variable[];
  readonly inputVariables: readonly Variable[];
  /** 1 where the unknown is a node voltage. */
  readonly isNode: Uint8Array;
}

/** `v(out)`, `v(d1.inner)`, `i(l1)`, `w(n1)`, in the order of their slots. */
export const variablesOf = oncePerStructure(({ circuit, species, wiring, layout, assembly }): Variables => {
  const { n, one, nodeSlots, nodesAt, unknownsAt, inputsAt, unknownsFrom } = layout;
  const { differential } = assembly;
  const all = new Array<Variable>(one);
  const name = (slot: number, word: string, of: string, quantity: Variable['quantity']): void => {
    all[slot] = { name: `${word}(${of})`, quantity, differential: differential[slot] === 1 };
  };
  for (let k = 0; k < nodeSlots.length; k++) name(nodeSlots[k], 'v', wiring.nodes[k], 'voltage');
  for (let e = 0; e < species.length; e++) {
    if (!species[e].needsPlaces) continue;
    const { ownNodes, unknowns, inputs } = species[e].template;
    const element = circuit.elements[e].name;
    ownNodes.forEach((node, k) => {
      name(nodesAt[e] + k, 'v', `${element}.${node}`, 'voltage');
    });
    if (unknownsAt[e] >= 0) {
      unknowns.forEach(([unknown, quantity], k) => {
        name(unknownsAt[e] + k, unknown, element, quantity);
      });
    }
    if (inputsAt[e] >= 0) {
      inputs.forEach((input, k) => {
        name(inputsAt[e] + k, input, element, 'number');
      });
    }
  }
  return {
    unknowns: all.slice(0, n),
    inputVariables: all.slice(n),
    isNode: new Uint8Array(n).fill(1, 0, unknownsFrom),
  };
});

/** Where an unknown of this name stands; −1 when there is none. */
export const slotOfUnknown = (structure: Structure, name: string): number =>
  variablesOf(structure).unknowns.findIndex((v) => v.name === name);

/** Names of all nodes, unknown ones first, in the order of their slots. */
export const nodesBySlot = ({ wiring, layout: { nodeSlots } }: Structure): readonly string[] =>
  [...wiring.nodes.keys()].sort((a, b) => nodeSlots[a] - nodeSlots[b]).map((k) => wiring.nodes[k]);
