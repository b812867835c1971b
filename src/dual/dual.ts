// Networks that carry their own gradient: beside a circuit a second one whose node voltages are the co-state λ,
// Gᵀλ = −∇c, and for every parameter a node whose voltage is dc/dp = ∂c/∂p + λᵀ∂f/∂p.
import type { Circuit, Element, Value } from '../circuit/circuit.js';
import { voltageOf } from '../circuit/place.js';
import type { Trainable } from '../circuit/trainable.js';
import { type Globals, globals, number } from '../circuit/values.js';
import { kindByName } from '../devices/registry.js';
import { type Diagnostic, InputError } from '../errors.js';
import { constant, mul, sub, sum } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';
import { didYouMean } from '../expression/suggest.js';
import { adjointPair, type Pair } from './adjoint.js';
import { dyadicPair } from './dyadic.js';
import { givenValue } from './given.js';
import { cannot, type LawReader, lawReader } from './law.js';
import { transposedNetwork } from './network.js';
import { voltage, workshop } from './workshop.js';

/** `adjoint`: the circuit and its transposed network; `dyadic`: two copies, the circuit's state their midpoint. */
export type DualForm = 'adjoint' | 'dyadic';

export interface DualOptions {
  readonly form?: DualForm;
  /** Numbers whose gradient is wanted. */
  readonly parameters?: readonly Trainable[];
}

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

/** An element and one of its parameters that stays a symbol. */
interface Free {
  readonly element: Element;
  readonly parameter: string;
}
type CostReader = (free?: Free) => Expr;

/** The cost over node voltages and currents of branches alone: other currents by their laws. */
function costReader(
  elements: ReadonlyMap<string, Element>,
  cost: Expr,
  lookup: Globals,
  read: LawReader,
): CostReader {
  const nodes = new Set([...elements.values()].flatMap((element) => element.nodes));
  const errors: Diagnostic[] = [];
  const complain = (code: string, message: string, hint: string): void => {
    errors.push({ severity: 'error', code, message, hint });
  };
  const signals = new Set<string>();
  mentions((name) => {
    signals.add(name);
    const [, letter, inside] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
    if (name === 'time')
      complain(
        'cost-in-time',
        'the cost speaks of time',
        'the dual network serves costs at rest: leave time out',
      );
    else if (letter === 'v' && !nodes.has(inside))
      complain(
        'unknown-node',
        `the cost reads v(${inside}), but there is no such node`,
        didYouMean(inside, nodes) ?? 'name a node of this circuit',
      );
    else if (letter !== undefined && letter !== 'v' && !elements.has(inside))
      complain(
        'unknown-element',
        `the cost reads ${name}, but there is no such element`,
        didYouMean(inside, elements.keys()) ?? 'name an element of this circuit',
      );
    return false;
  })(cost);
  if (errors.length > 0) throw new InputError(errors);
  const resolved = (free?: Free): Expr =>
    substituter((name) => {
      const [, letter, inside] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
      if (letter === undefined) return constant(lookup(name));
      if (letter === 'v') return undefined;
      const element = elements.get(inside)!;
      if (letter !== 'i') return pinVoltage(element, letter);
      const { branch, current } = read(element, element === free?.element ? free.parameter : undefined);
      if (element.waveform !== undefined && branch === undefined)
        cannot(element, 'its current follows a waveform', 'let the cost speak of a voltage');
      return branch === undefined ? current : undefined;
    })(cost);
  const plain = resolved();
  return (free) => (free !== undefined && signals.has(`i(${free.element.name})`) ? resolved(free) : plain);
}

/** `w(n1)`: the voltage of the pin w. */
function pinVoltage(element: Element, pin: string): Expr {
  const k = kindByName(element.kind)!.pins.indexOf(pin);
  if (k < 0) return cannot(element, `it has no ${pin}`, 'let the cost speak of node voltages and currents');
  return voltageOf(element.nodes[k]);
}

interface Scene {
  readonly circuit: Circuit;
  readonly lookup: Globals;
  readonly elements: ReadonlyMap<string, Element>;
  readonly read: LawReader;
  readonly costOf: CostReader;
}

/** dc/dp = ∂c/∂p + Σ λ·∂(law)/∂p over the rows in which the element stands. */
function gradientOf(
  { circuit, lookup, elements, read, costOf }: Scene,
  { name, element: owner, parameter }: Trainable,
  { costate, state }: Pair,
): Expr {
  const element = elements.get(owner);
  if (element === undefined)
    throw new InputError([
      {
        severity: 'error',
        code: 'unknown-element',
        message: `${name}: there is no element ${owner}`,
        hint: didYouMean(owner, elements.keys()) ?? 'name an element of this circuit',
      },
    ]);
  // At rest nothing depends on a coupling of inductors, and a line joins its ends whatever its impedance and delay.
  if (element.kind === 'mutual-inductance' || element.kind === 'line') return constant(0);
  const by = differentiator(`p:${parameter}`);
  const value = number(givenValue(element, circuit, parameter), lookup);
  const bound = substituter((symbolName) => (symbolName === `p:${parameter}` ? constant(value) : undefined));
  const slope = (e: Expr): Expr => state(bound(by(e)));
  const { flows, branch } = read(element, parameter);
  const rows = flows.map(({ port, i }) =>
    mul(slope(i), sub(costate.node(port.plus), costate.node(port.minus))),
  );
  if (branch !== undefined) rows.push(mul(slope(branch.rest), costate.branch(element.name)));
  return sum(slope(costOf({ element, parameter })), ...rows);
}
