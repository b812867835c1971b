// Networks that carry their own gradient: beside a circuit a second one whose node voltages are the co-state λ,
// Gᵀλ = −∇c, and for every parameter a node whose voltage is dc/dp = ∂c/∂p + λᵀ∂f/∂p.
import type { Circuit, Value } from '../circuit/circuit.js';
import type { Trainable } from '../circuit/trainable.js';
import { globals } from '../circuit/values.js';
import type { Expr } from '../expression/expression.js';
import { adjointPair } from './adjoint.js';
import { dyadicPair } from './dyadic.js';
import { costReader, gradientOf } from './gradient.js';
import { lawReader } from './law.js';
import { transposedNetwork } from './network.js';
import { voltage, workshop } from './workshop.js';

/** `adjoint`: the circuit and its transposed network; `dyadic`: two copies, the circuit's state their midpoint. */
export type DualForm = 'adjoint' | 'dyadic';

/** Which dual, and whose gradient it carries. */
export interface DualOptions {
  readonly form?: DualForm;
  /** Numbers whose gradient is wanted. */
  readonly parameters?: readonly Trainable[];
}

/** A circuit beside its dual, in which the gradient of a cost can be read as voltages. */
export interface Dual {
  readonly form: DualForm;
  readonly circuit: Circuit;
  /** Node of the original → the node whose voltage is its co-state λ (`adjoint`) or its stress s = −λ (`dyadic`). */
  readonly nodes: ReadonlyMap<string, string>;
  /** Name of a parameter → the node whose voltage is dc/dp. */
  readonly gradients: ReadonlyMap<string, { readonly node: string; readonly formula: Expr }>;
  /** The node whose voltage is the cost. */
  readonly cost: string;
}

/**
 * The circuit with its dual. Its operating point is the pair (x, λ); in time the dual relaxes beside the original,
 * Cᵀ dλ/dt + Gᵀλ + ∇c = 0, as fast as that does (its spectrum is the same) to the gradient of where it comes to rest.
 * @param cost over `v(node)`, `i(element)` and global parameters: volts, amperes
 * @throws InputError for a cost of something that does not exist, or an element without a transposed network
 */
export function dualOf(circuit: Circuit, cost: Expr, options: DualOptions = {}): Dual {
  const { form = 'adjoint', parameters = [] } = options;
  const lookup = globals(circuit, {});
  const read = lawReader(circuit, lookup, innerNames(circuit));
  const elements = new Map(circuit.elements.map((element) => [element.name, element]));
  const costOf = costReader(elements, cost, lookup, read);
  const pair =
    form === 'adjoint' ? adjointPair(circuit, lookup, read, costOf()) : dyadicPair(circuit, read, costOf());
  const { shop, state } = pair;
  const costNode = shop.nodeName('cost');
  shop.add('behavioural-voltage', 'cost', [costNode, '0'], voltage(state(costOf())));
  const gradients = new Map(
    parameters.map((parameter) => {
      const node = shop.nodeName(`grad_${parameter.name}`);
      const formula = gradientOf({ circuit, lookup, elements, read, costOf }, parameter, pair);
      shop.add('behavioural-voltage', `grad_${parameter.name}`, [node, '0'], voltage(formula));
      return [parameter.name, { node, formula }] as const;
    }),
  );
  const spread = (values: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map(
      [...values].flatMap(([node, v]) => (pair.copies?.get(node) ?? [node]).map((n) => [n, v] as const)),
    );
  return {
    form,
    nodes: pair.nodes,
    gradients,
    cost: costNode,
    circuit: {
      ...circuit,
      elements: shop.elements,
      initialConditions: spread(circuit.initialConditions),
      nodesets: spread(circuit.nodesets),
    },
  };
}

/**
 * The network whose matrices are Gᵀ and Cᵀ, between the same nodes: its impedances are Z(s)ᵀ. Sources are at rest.
 * @throws InputError for an element that is not linear
 */
export function transpose(circuit: Circuit): Circuit {
  const lookup = globals(circuit, {});
  const read = lawReader(circuit, lookup, innerNames(circuit));
  const shop = workshop(circuit.elements, []);
  const same = (name: string): string => name;
  transposedNetwork({ circuit, lookup, read, shop, node: same, label: same, beside: false });
  return { ...circuit, elements: shop.elements, initialConditions: new Map(), nodesets: new Map() };
}

/** Names for the nodes inside of devices that no other node has. */
function innerNames(circuit: Circuit): (element: string, name: string) => string {
  const taken = new Set(circuit.elements.flatMap((element) => element.nodes));
  return (element, name) => {
    let node = `${element}_${name}`;
    while (taken.has(node)) node += '_';
    return node;
  };
}
