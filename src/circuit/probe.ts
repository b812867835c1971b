// Names → readings. A node voltage or an unknown is read from x; the current of an eliminated source is what its
// subtree of known nodes sends into the devices; any other current is evaluated from the device's law.
import type { Quantity } from '../devices/device.js';
import { interpreter, program } from '../expression/program.js';
import { type BoundGroup, numbersOf } from './bind.js';
import type { Structure } from './structure.js';
import type { Point, Probe, System } from './system.js';
import { type NonlinearTerm, ONE, symbolOf, type Template, unlimited } from './template.js';
import { slotOfUnknown } from './variables.js';

export function makeProbe(structure: Structure, system: System, name: string): Probe | undefined {
  const open = name.indexOf('(');
  if (open <= 0 || !name.endsWith(')')) return undefined;
  const word = name.slice(0, open);
  const inner = name.slice(open + 1, -1);
  const { layout, species, wiring } = structure;
  if (word === 'v') {
    const own = layout.slotOfNode(inner) ?? slotOfUnknown(structure, name);
    return own < 0 ? undefined : slotProbe(name, 'voltage', own);
  }
  const e = wiring.elementOf.get(inner);
  if (e === undefined) return undefined;
  const { template } = species[e];
  const unknown = Object.keys(template.law.unknowns ?? {}).indexOf(word);
  if (word === 'i' && layout.eliminated[e]) return sourceProbe(structure, system, e, name);
  if (unknown >= 0) return slotProbe(name, template.law.unknowns![word], layout.unknownsAt[e] + unknown);
  const pin = template.kind.pins.indexOf(word);
  if (pin >= 0) return slotProbe(name, 'voltage', layout.pinSlots[layout.pinsAt[e] + pin]);
  const node = template.law.nodes?.indexOf(word) ?? -1;
  if (node >= 0) return slotProbe(name, 'voltage', layout.nodesAt[e] + node);
  return word === 'i' && template.current ? currentProbe(system, template, e, name) : undefined;
}

function slotProbe(name: string, quantity: Quantity, slot: number): Probe {
  return {
    name,
    quantity,
    needs: 'x',
    read: ({ x }) => x[slot],
    small: () => ({ index: Int32Array.of(slot), g: Float64Array.of(1), c: Float64Array.of(0) }),
  };
}

function sourceProbe({ layout }: Structure, system: System, source: number, name: string): Probe {
  const { steps, stepOf } = layout.known;
  const mine = steps.findIndex((s) => s.source === source);
  const below = new Set([mine]);
  steps.forEach((s, k) => {
    if (s.parent >= 0 && below.has(stepOf[s.parent])) below.add(k);
  });
  const rows = [...below].map((k) => layout.knownAt + k);
  const sign = -steps[mine].sign;
  return {
    name,
    quantity: 'current',
    needs: 'rows',
    read({ f }) {
      let sum = 0;
      for (const row of rows) sum += f[row];
      return sign * sum;
    },
    small(x, t) {
      const G = new Float64Array(system.slots);
      const C = new Float64Array(system.slots);
      system.evaluate(x, t, new Float64Array(system.size), new Float64Array(system.charges), G, C);
      const entries = [...system.borderRow.keys()].filter((k) => rows.includes(system.borderRow[k]));
      return {
        index: Int32Array.from(entries, (k) => system.borderCol[k]),
        g: Float64Array.from(entries, (k) => sign * G[system.pattern.nnz + k]),
        c: Float64Array.from(entries, (k) => sign * C[system.pattern.nnz + k]),
      };
    },
  };
}

function currentProbe(system: System, template: Template, element: number, name: string): Probe {
  const { linear, i, charge } = template.current!;
  const { group, block } = numbersOf(system)!.bound.find(
    (b: BoundGroup) => b.group.template === template && b.group.members.includes(element),
  )!;
  const k = group.members.indexOf(element);
  const at = (local: number): number =>
    local === ONE ? system.size - 2 : block.index[k * template.locals.length + local];
  const terms = linear.map((t) => ({
    slot: at(t.column),
    value: block.derived[k * template.derived.length + t.coefficient],
    rate: t.matrix === 'C',
  }));
  const read = (x: Float64Array, t: number) => (symbol: string) => {
    if (symbol === 'time') return t;
    if (symbol.startsWith('d:')) return block.derived[k * template.derived.length + Number(symbol.slice(2))];
    return x[at(template.locals.findIndex((l) => symbolOf(l) === symbol))];
  };
  const plain = unlimited(template);
  const value = i === undefined ? undefined : interpreter(program([plain(i.value)]));
  const out = new Float64Array(1);
  const chargeSlot = charge === undefined ? -1 : block.firstCharge + k * template.charges.length + charge;
  const slopes = (term: NonlinearTerm | undefined, x: Float64Array, t: number): number[] => {
    if (term === undefined) return [];
    const result = new Float64Array(term.partials.length);
    interpreter(program(term.partials.map((p) => plain(p.value))))(read(x, t), result);
    return [...result];
  };
  return {
    name,
    quantity: 'current',
    needs: 'rates',
    read({ x, t, xdot, qdot }: Point) {
      let sum = chargeSlot < 0 ? 0 : qdot[chargeSlot];
      for (const { slot, value: weight, rate } of terms) sum += weight * (rate ? xdot : x)[slot];
      if (value !== undefined) {
        value(read(x, t), out);
        sum += out[0];
      }
      return sum;
    },
    small(x, t) {
      const static_ =
        i?.partials.map(({ local }, p) => ({ slot: at(local), g: slopes(i, x, t)[p], c: 0 })) ?? [];
      const term = charge === undefined ? undefined : template.charges[charge];
      const stored =
        term?.partials.map(({ local }, p) => ({ slot: at(local), g: 0, c: slopes(term, x, t)[p] })) ?? [];
      const folded = terms.map(({ slot, value: weight, rate }) => ({
        slot,
        g: rate ? 0 : weight,
        c: rate ? weight : 0,
      }));
      const all = [...folded, ...static_, ...stored];
      return {
        index: Int32Array.from(all, (a) => a.slot),
        g: Float64Array.from(all, (a) => a.g),
        c: Float64Array.from(all, (a) => a.c),
      };
    },
  };
}
