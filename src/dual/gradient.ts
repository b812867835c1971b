// dc/dp = ∂c/∂p + λᵀ∂f/∂p, symbolically: a product of what one element sees in the circuit and in its dual.
import type { Circuit, Element } from '../circuit/circuit.js';
import { voltageOf } from '../circuit/place.js';
import type { Trainable } from '../circuit/trainable.js';
import { type Globals, number } from '../circuit/values.js';
import { kindByName } from '../devices/registry.js';
import { type Diagnostic, InputError } from '../errors.js';
import { constant, mul, sub, sum } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';
import { didYouMean } from '../expression/suggest.js';
import type { Pair } from './adjoint.js';
import { cannot, type LawReader, worthOf } from './law.js';

/** An element and one of its parameters that stays a symbol. */
interface Free {
  readonly element: Element;
  readonly parameter: string;
}
export type CostReader = (free?: Free) => Expr;

/** The cost over node voltages and currents of branches alone: other currents by their laws. */
export function costReader(
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

/** What a gradient is read from. */
export interface Scene {
  readonly circuit: Circuit;
  readonly lookup: Globals;
  readonly elements: ReadonlyMap<string, Element>;
  readonly read: LawReader;
  readonly costOf: CostReader;
}

/** dc/dp = ∂c/∂p + Σ λ·∂(law)/∂p over the rows in which the element stands. */
export function gradientOf(
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
  const value = number(worthOf(element, circuit, parameter), lookup);
  const bound = substituter((symbolName) => (symbolName === `p:${parameter}` ? constant(value) : undefined));
  const slope = (e: Expr): Expr => state(bound(by(e)));
  const { flows, branch } = read(element, parameter);
  const rows = flows.map(({ port, i }) =>
    mul(slope(i), sub(costate.node(port.plus), costate.node(port.minus))),
  );
  if (branch !== undefined) rows.push(mul(slope(branch.rest), costate.branch(element.name)));
  return sum(slope(costOf({ element, parameter })), ...rows);
}
