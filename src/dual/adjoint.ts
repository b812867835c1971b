// The adjoint form: the circuit as it is, and beside it the transposed network, whose elements have the slopes of the
// original at its present voltages; the error drives it.  C(x)ᵀ dλ/dt + G(x)ᵀ λ + ∇c(x) = 0
import type { Circuit, Element } from '../circuit/circuit.js';
import type { Globals } from '../circuit/values.js';
import { kindByName } from '../devices/registry.js';
import type { Expr } from '../expression/expression.js';
import type { LawReader } from './law.js';
import { type Costate, transposedNetwork } from './network.js';
import { factorOf, isZero, samePort } from './slopes.js';
import { charge, current, type Workshop, workshop } from './workshop.js';

/** Two networks in one circuit, and how the one is read from the other. */
export interface Pair {
  readonly shop: Workshop;
  readonly costate: Costate;
  /** The state of the original, where it has another name than there. */
  readonly state: (e: Expr) => Expr;
  /** Node of the original → node whose voltage is its co-state (or, with the sign turned, its stress). */
  readonly nodes: ReadonlyMap<string, string>;
  /** Node of the original → its nodes in the copies, when the original itself is none of them. */
  readonly copies?: ReadonlyMap<string, readonly string[]>;
}

export function adjointPair(circuit: Circuit, lookup: Globals, read: LawReader, cost: Expr): Pair {
  const opened = circuit.elements.filter((element) => mustOpen(read, element));
  const shop = workshop(
    circuit.elements,
    circuit.elements.filter((element) => !opened.includes(element)),
  );
  for (const element of opened) spellOut(shop, read, element);
  const nodes = new Map<string, string>();
  const node = (name: string): string => {
    let other = nodes.get(name);
    if (other === undefined) nodes.set(name, (other = shop.nodeName(`${name}_adj`)));
    return other;
  };
  const label = (element: string): string => `${element}_adj`;
  const costate = transposedNetwork({ circuit, lookup, read, shop, node, label, cost, beside: true });
  return { shop, costate, state: (e) => e, nodes };
}

/** Whether a device has nodes inside, which no other SPICE would let us look at, or numbers of a model of its own. */
function mustOpen(read: LawReader, element: Element): boolean {
  if (element.kind === 'line' || element.kind === 'mutual-inductance') return false;
  const { parameters } = kindByName(element.kind)!;
  const modelled = Object.keys(element.values).some((name) => parameters[name]?.on === 'model');
  return modelled || read(element).inner;
}

/** The device as currents, resistors and capacitors between its pins and its inner nodes. */
function spellOut(shop: Workshop, read: LawReader, element: Element): void {
  const { flows, initial } = read(element);
  const base = element.name;
  for (const { port, i, q } of flows) {
    const at = [port.plus, port.minus];
    const conductance = factorOf(i, port);
    if (conductance !== undefined) shop.add('resistor', base, at, { values: { r: 1 / conductance } });
    else if (!isZero(i)) shop.add('behavioural-current', base, at, current(i));
    const ic = initial.find((start) => samePort(start.port, port));
    const values = ic === undefined ? {} : { ic: ic.value };
    const capacitance = factorOf(q, port);
    if (capacitance !== undefined) shop.add('capacitor', base, at, { values: { c: capacitance, ...values } });
    else if (!isZero(q)) shop.add('charge-capacitor', base, at, { ...charge(q), values });
  }
}
