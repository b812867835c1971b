// The wires of a deck: a resistor in series with every pin of every element, whose value the hardware decides.
import type { Element } from '../circuit/circuit.js';
import { WIRE } from '../learn/hardware/wires.js';
import type { Deck } from '../netlist/deck.js';

/** Ω until the hardware says otherwise; not 0, for that would be another circuit. */
const PLACEHOLDER = 1;

/** The deck with a wire at every pin; nodes keep their names, where the wires meet. */
export function withWires(deck: Deck): Deck {
  const elements = deck.circuit.elements.flatMap((element): Element[] => {
    const ends = element.nodes.map((_, pin) => `${WIRE}${element.name}#${pin}`);
    const wires = element.nodes.map(
      (node, pin): Element => ({
        kind: 'resistor',
        name: ends[pin],
        nodes: [node, ends[pin]],
        values: { r: PLACEHOLDER },
      }),
    );
    return [{ ...element, nodes: ends }, ...wires];
  });
  return { ...deck, circuit: { ...deck.circuit, elements } };
}
