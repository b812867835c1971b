// One element of any kind as a circuit of its own: all its nodes free, with what it refers to beside it.
import { bind } from '../../src/circuit/bind.js';
import type { Circuit, Element } from '../../src/circuit/circuit.js';
import { makeStructure, type Structure } from '../../src/circuit/structure.js';
import type { System } from '../../src/circuit/system.js';
import type { DeviceKind } from '../../src/devices/device.js';
import { add, constant, mul, symbol } from '../../src/expression/build.js';
import { addProduct } from '../../src/math/rows.js';
import type { Values } from '../devices/stand.js';

/** tanh(v(p)) + 0.3·v(p)·v(q) */
const smooth = add(
  { op: 'tanh', args: [symbol('v(p)')] },
  mul(constant(0.3), mul(symbol('v(p)'), symbol('v(q)'))),
);

const resistor = (name: string, a: string, b: string): Element => ({
  kind: 'resistor',
  name,
  nodes: [a, b],
  values: { r: 3 },
});

export function circuitOf(elements: readonly Element[], more: Partial<Circuit> = {}): Circuit {
  return {
    title: '',
    elements,
    models: new Map(),
    parameters: new Map(),
    temperature: 40,
    nominalTemperature: 27,
    initialConditions: new Map(),
    nodesets: new Map(),
    ...more,
  };
}

/** The element is called `dut`. */
export function alone(kind: DeviceKind, written: Values): Circuit {
  const own: Record<string, number> = {};
  const ofModel: Record<string, number> = {};
  for (const [name, value] of Object.entries(written))
    (kind.parameters[name].on === 'model' ? ofModel : own)[name] = value;
  const count = kind.card.controls === 'many' ? 2 : (kind.card.controls ?? 0);
  const controls = Array.from({ length: count }, (_, k) => `c${k}`);
  const controlKind = kind.card.controlLetters?.includes('l') ? 'inductor' : 'voltage-source';
  const dut: Element = {
    kind: kind.name,
    name: 'dut',
    nodes: kind.pins.map((pin) => `n_${pin}`),
    values: own,
    ...(kind.card.expressions
      ? { expressions: Object.fromEntries(kind.card.expressions.map((e) => [e, smooth])) }
      : {}),
    ...(controls.length > 0 ? { controls } : {}),
    ...(kind.modelTypes ? { model: 'm' } : {}),
  };
  const beside = controls.map(
    (name, k): Element => ({
      kind: controlKind,
      name,
      nodes: [`a${k}`, `b${k}`],
      values: controlKind === 'inductor' ? { l: 0.7 + k } : {},
    }),
  );
  const type = kind.modelTypes?.[0];
  return circuitOf([dut, ...beside, resistor('rp', 'p', 'q')], {
    models: type === undefined ? new Map() : new Map([['m', { name: 'm', type, values: ofModel }]]),
  });
}

/** Bound without the topology check: the circuits here need no operating point. */
export function bound(circuit: Circuit): {
  structure: Structure;
  at: (values?: Record<string, number>) => System;
} {
  const structure = makeStructure(circuit, {});
  return {
    structure,
    at: (values = {}) => bind(structure, { values: new Map(Object.entries(values)) }),
  };
}

/** f of all rows, known nodes included, and q by rows. */
export function rows(system: System, x: Float64Array, t: number): { f: Float64Array; q: Float64Array } {
  const f = new Float64Array(system.size);
  const q = new Float64Array(system.charges);
  const zeros = new Float64Array(system.size);
  system.evaluate(x, t, f, q);
  system.evaluateKnownRows(x, t, zeros, new Float64Array(system.charges), f);
  const charges = new Float64Array(system.size);
  addProduct(system.linearRows.C, x, charges);
  system.addChargeRates(q, charges);
  f[system.size - 1] = 0;
  charges[system.size - 1] = 0;
  return { f, q: charges };
}

export const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, k) => s + v * b[k], 0);

/** Fourth-order central difference at p of a function of p. */
export function slope(of: (p: number) => number, p: number, h = 1e-4 * (Math.abs(p) || 0.01)): number {
  return (8 * (of(p + h) - of(p - h)) - (of(p + 2 * h) - of(p - 2 * h))) / (12 * h);
}
