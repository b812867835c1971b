// What a law may speak of, in a circuit with its numbers: parameters as numbers, pins as v(node).
import type { Place } from '../devices/device.js';
import { add, constant, sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { substituter } from '../expression/substitute.js';
import type { Circuit, Element } from './circuit.js';
import { type Globals, given, type Owner } from './values.js';

/** How the parts of one element are called. */
export interface PlaceNames {
  /** Node of an inner node of the device. */
  inner(name: string): string;
  /** One of the law's own unknowns. */
  unknown(name: string): Expr;
  /** A source's value, a delayed signal, a mode; default 0. */
  input?(name: string): Expr;
  /** A parameter that is to stay a symbol; default: every one is its number. */
  parameter?(name: string): Expr | undefined;
}

export const voltageOf = (node: string): Expr => (node === '0' ? zero : symbol(`v(${node})`));

/** Node of a pin, an inner node, or ground, of one element. */
export function nodeNamer(
  { kind, element }: Owner,
  inner: (name: string) => string,
): (name: string) => string {
  return (name) => {
    if (name === '0') return '0';
    const pin = kind.pins.indexOf(name);
    return pin < 0 ? inner(name) : element.nodes[pin];
  };
}

/** Of other elements only currents are known, `i(name)`; parameters of controls are not (NaN). */
export function placeOf(owner: Owner, circuit: Circuit, lookup: Globals, names: PlaceNames): Place {
  const { kind, element } = owner;
  const p = given(owner, lookup);
  const node = nodeNamer(owner, names.inner);
  const voltage = (name: string): Expr => voltageOf(node(name));
  const numeric = substituter((name) =>
    name === 'time' || name.includes('(') ? undefined : constant(lookup(name)),
  );
  /** A parameter that is not written may stand for another one. */
  const parameter = (name: string): Expr => {
    const fallback = kind.parameters[name]?.default;
    if (typeof fallback === 'string' && !p.given(name)) return parameter(fallback);
    return names.parameter?.(name) ?? constant(p.value(name));
  };
  return {
    variant: kind.variant?.(p) ?? '',
    p: parameter,
    v: (pin, other) => (other === undefined ? voltage(pin) : sub(voltage(pin), voltage(other))),
    x: names.unknown,
    input: (name) => names.input?.(name) ?? zero,
    control: (k) => symbol(`i(${element.controls?.[k]})`),
    controlParameter: () => constant(Number.NaN),
    expression: (name) => numeric(element.expressions?.[name] ?? zero),
    limited: (_name, of) => of,
    time: symbol('time'),
    celsius: p.given('temp')
      ? parameter('temp')
      : 'dtemp' in kind.parameters
        ? add(constant(circuit.temperature), parameter('dtemp'))
        : constant(circuit.temperature),
    nominal: p.given('tnom') ? parameter('tnom') : constant(circuit.nominalTemperature),
  };
}

/** The element with its model, as the numbers of the circuit see it. */
export function ownerOf(kind: Owner['kind'], element: Element, circuit: Circuit): Owner {
  const model = element.model === undefined ? undefined : circuit.models.get(element.model);
  return { kind, element, model, binding: {} };
}
