// Structure + numbers → System: the linear part folded into sparse rows, the nonlinear part as bound loops.

import { mentions } from '../expression/split.js';
import { addProduct } from '../math/rows.js';
import type { Group } from './assemble.js';
import type { Element } from './circuit.js';
import { collectDelays, collectJunctions, collectModes } from './collect.js';
import { makeEvaluation } from './evaluation.js';
import { complexEvaluation } from './holomorphic.js';
import { initialCharges } from './initial.js';
import { foldLinear } from './linear.js';
import type { Block, Loop } from './loops.js';
import { makeSensitivity } from './sensitivity.js';
import { makeSources } from './sources.js';
import { oncePerStructure, type Structure } from './structure.js';
import type { System } from './system.js';
import type { Template } from './template.js';
import { timeSlopes } from './time-slopes.js';
import { undefinedLaws } from './undefined-law.js';
import { type Binding, type Globals, globals, grouped, number, overrides, worth } from './values.js';
import { variablesOf } from './variables.js';

/** A structure with its numbers. */
export interface Numbered {
  readonly structure: Structure;
  readonly bound: readonly BoundGroup[];
  readonly lookup: Globals;
  readonly binding: Binding;
}

/** A group with its numbers. */
export interface BoundGroup {
  readonly group: Group;
  readonly block: Block;
  /** Raw parameters, interleaved by instance. */
  readonly raw: Float64Array;
}

/** Where a system holds its numbers. In a WeakMap, thousands of short-lived systems keep the garbage collector busy. */
const NUMBERS = Symbol('numbers');

/** What of a system follows from the numbers in its groups: everything but sources and beginnings. */
type Laws = Omit<
  System,
  'sources' | 'applySources' | 'sensitivity' | 'initialCharges' | 'initialConditions' | 'nodesets'
>;

/** The binding before: what it has in common with the next is not computed again. */
const latest = new WeakMap<Structure, { readonly numbered: Numbered; readonly laws: Laws }>();

/** The numbers a system was bound with, for probes and functionals. */
export const numbersOf = (system: System): Numbered | undefined =>
  (system as { readonly [NUMBERS]?: Numbered })[NUMBERS];

export function bind(structure: Structure, given: Binding): System {
  const binding = grouped(given);
  const { circuit, assembly } = structure;
  const lookup = globals(circuit, binding);
  const before = latest.get(structure);
  const alike = before !== undefined && sameOverrides(before.numbered.binding, binding);
  const bound = assembly.groups.map((group, g) =>
    alike && !speaksOfGlobals(structure, group)
      ? before.numbered.bound[g]
      : bindGroup(structure, group, lookup, binding),
  );
  const numbered: Numbered = { structure, bound, lookup, binding };
  const laws =
    alike && bound.every((b, g) => b === before.numbered.bound[g]) ? before.laws : lawsOf(structure, bound);
  latest.set(structure, { numbered, laws });
  const sources = makeSources(structure, lookup, binding);
  const system: System = {
    ...laws,
    sources: sources.list,
    applySources: sources.apply,
    sensitivity: (names) => makeSensitivity(numbered, names),
    initialCharges: (x, rows, q) => initialCharges(numbered, x, rows, q),
    initialConditions: nodeValues(circuit.initialConditions, structure, lookup),
    nodesets: nodeValues(circuit.nodesets, structure, lookup),
  };
  return Object.assign(system, { [NUMBERS]: numbered });
}

const saysTime = mentions((name) => name === 'time');

/** Whether a law is explicit in t. */
const isTimed = ({ currents, charges }: Template): boolean =>
  [...currents, ...charges].some(({ value }) => saysTime(value));

function lawsOf(structure: Structure, bound: readonly BoundGroup[]): Laws {
  const { assembly, layout } = structure;
  const { n, size, ground } = layout;
  const { unknowns, inputVariables, isNode } = variablesOf(structure);
  const { G, C } = foldLinear(structure, bound);
  const linear = { rows: G.rows, G: G.bySlot, C: C.bySlot };
  const nonlinear = bound.filter(
    ({ group }) => group.template.currents.length + group.template.charges.length > 0,
  );
  const charged: Loop[] = nonlinear
    .filter(({ group }) => group.template.charges.length > 0)
    .map(({ group, block }) => group.loops.charges(block));
  const { chargePlus, chargeMinus, coupling } = assembly;
  const none = new Float64Array(0);
  const delays = collectDelays(bound);
  const weightOf = coupling.map(({ delay, term }) => delays[delay].signal.weight[term]);

  const slopes = timeSlopes(nonlinear);

  const laws: Laws = {
    n,
    size,
    charges: chargePlus.length,
    unknowns,
    inputVariables,
    delays,
    modes: collectModes(bound),
    junctions: collectJunctions(bound, assembly.junctions, ground),
    pattern: assembly.pattern,
    borderRow: assembly.borderRow,
    borderCol: assembly.borderCol,
    slots: assembly.slots,
    diagonal: assembly.diagonal,
    linear: nonlinear.length === 0,
    isNode,
    delayCoupling: {
      from: Int32Array.from(coupling, (c) => c.from),
      to: Int32Array.from(coupling, (c) => c.to),
      weight: Float64Array.from(weightOf),
      by: Float64Array.from(coupling, ({ delay }) => delays[delay].by),
    },
    linearRows: { G: G.rows, C: C.rows },
    ...makeEvaluation(structure, linear, nonlinear),
    evaluateComplex: complexEvaluation(nonlinear, linear),
    evaluateCharges(x, t, q) {
      for (let k = 0; k < charged.length; k++) charged[k](x, t, none, q, none, none, none);
    },
    addChargeRates(qdot, f) {
      for (let k = 0; k < chargePlus.length; k++) {
        f[chargePlus[k]] += qdot[k];
        f[chargeMinus[k]] -= qdot[k];
      }
    },
    addRates(xdot, qdot, f) {
      addProduct(C.rows, xdot, f);
      laws.addChargeRates(qdot, f);
    },
    evaluateKnownRows(x, _t, xdot, _qdot, f) {
      addProduct(G.known, x, f, n);
      addProduct(C.known, xdot, f, n);
    },
    dcCoupling(G) {
      coupling.forEach(({ from, to }, k) => {
        G[to] += G[from] * weightOf[k];
      });
    },
    devicesAt: devicesOf(structure),
    nonlinearDevices: () => nonlinear.flatMap(({ group }) => group.elements.map(({ name }) => name)),
    timedDevices: () =>
      nonlinear
        .filter(({ group }) => isTimed(group.template))
        .flatMap(({ group }) => group.elements.map(({ name }) => name)),
    ...(slopes ? { addTimeSlopes: slopes } : {}),
    undefinedLaw: undefinedLaws(nonlinear, (slot) => unknowns[slot] ?? inputVariables[slot - n]),
  };
  return laws;
}

/** Names of the elements that touch each unknown or input, in the order of the groups. */
const devicesOf = oncePerStructure(({ assembly, layout: { size } }) => {
  let touching: string[][] | undefined;
  const gather = (): string[][] => {
    const found = Array.from({ length: size }, (): string[] => []);
    for (const { index, template, elements } of assembly.groups) {
      const stride = template.locals.length;
      for (let k = 0; k < index.length; k++) {
        const names = found[index[k]];
        const { name } = elements[Math.floor(k / stride)];
        if (names[names.length - 1] !== name) names.push(name);
      }
    }
    return found;
  };
  return (place: number): readonly string[] => (touching ??= gather())[place] ?? [];
});

/** Whether two bindings differ at most in global parameters (and in timing, of which only waveforms speak). */
function sameOverrides(a: Binding, b: Binding): boolean {
  return a.celsius === b.celsius && sameNumbers(a.values, b.values) && sameNumbers(a.models, b.models);
}

function sameNumbers(
  a: ReadonlyMap<string, number> | undefined,
  b: ReadonlyMap<string, number> | undefined,
): boolean {
  if (a === b) return true;
  if (a?.size !== b?.size) return false;
  for (const [name, value] of a ?? []) if (!Object.is(b?.get(name), value)) return false;
  return true;
}

const speaking = new WeakMap<Group, boolean>();

/** Whether some number of the group is an expression of global parameters. */
function speaksOfGlobals(structure: Structure, group: Group): boolean {
  if (structure.circuit.parameters.size === 0) return false;
  let speaks = speaking.get(group);
  if (speaks === undefined) {
    const { circuit } = structure;
    const written = ({ values }: { readonly values: Element['values'] }): boolean => {
      for (const name in values) if (typeof values[name] !== 'number') return true;
      return false;
    };
    speaks =
      group.lifted.some((list) => list.some((v) => typeof v !== 'number')) ||
      group.elements.some(
        (e) =>
          written(e) ||
          (e.model !== undefined && written(circuit.models.get(e.model)!)) ||
          (e.controls ?? []).some((name) => written(circuit.elements[structure.wiring.elementOf.get(name)!])),
      );
    speaking.set(group, speaks);
  }
  return speaks;
}

function bindGroup(structure: Structure, group: Group, lookup: Globals, binding: Binding): BoundGroup {
  const { template, elements } = group;
  const count = elements.length;
  const stride = template.raw.length;
  const raw = new Float64Array(count * stride);
  const overrides = overridesOf(group, binding);
  template.raw.forEach((name, r) => {
    const value = reader(structure, group, name, lookup, binding, overrides);
    for (let k = 0; k < count; k++) raw[k * stride + r] = value(k);
  });
  const derived = new Float64Array(count * template.derived.length);
  group.derive(count, raw, derived);
  const { index, slots, firstCharge, firstJunction } = group;
  return { group, raw, block: { count, index, derived, slots, firstCharge, firstJunction } };
}

/** What a binding says of each element of a group; undefined when it says nothing of any. */
function overridesOf(
  { elements }: Group,
  binding: Binding,
): readonly (ReadonlyMap<string, number> | undefined)[] | undefined {
  if (binding.values === undefined || binding.values.size === 0) return undefined;
  const found = elements.map(({ name }) => overrides(binding, name));
  return found.some((o) => o !== undefined) ? found : undefined;
}

/** How one raw parameter of every instance of a group is found. */
function reader(
  structure: Structure,
  { elements, members, lifted }: Group,
  name: string,
  lookup: Globals,
  binding: Binding,
  overrides: ReturnType<typeof overridesOf>,
): (k: number) => number {
  const own = (parameterName: string): ((k: number) => number) => {
    const slow = (k: number): number => parameter(structure, members[k], parameterName, lookup, binding);
    const fallback = structure.species[members[0]].kind.parameters[parameterName]?.default ?? Number.NaN;
    return (k) => {
      const { values, model } = elements[k];
      const written = overrides?.[k]?.get(parameterName) ?? values[parameterName];
      if (typeof written === 'number') return written;
      return written === undefined && model === undefined && typeof fallback === 'number'
        ? fallback
        : slow(k);
    };
  };
  if (name.startsWith('#')) {
    const position = Number(name.slice(1));
    return (k) => number(lifted[k][position], lookup);
  }
  if (name === '@celsius') {
    const [temp, above] = [own('temp'), own('dtemp')];
    const celsius = lookup('temper');
    return (k) => {
      const given = temp(k);
      return Number.isNaN(given) ? celsius + (above(k) || 0) : given;
    };
  }
  if (name === '@nominal') {
    const tnom = own('tnom');
    return (k) => {
      const given = tnom(k);
      return Number.isNaN(given) ? structure.circuit.nominalTemperature : given;
    };
  }
  const colon = name.indexOf(':');
  if (colon > 0) {
    const control = Number(name.slice(0, colon));
    const inner = name.slice(colon + 1);
    return (k) =>
      parameter(
        structure,
        structure.wiring.elementOf.get(elements[k].controls![control])!,
        inner,
        lookup,
        binding,
      );
  }
  return own(name);
}

/** Value of one parameter of element e under a binding; NaN when it has none. */
export function parameter(
  { circuit, species }: Structure,
  e: number,
  name: string,
  lookup: Globals,
  binding: Binding,
): number {
  const { kind, model } = species[e];
  const value = worth({ kind, element: circuit.elements[e], model, binding }, name);
  return value === undefined ? Number.NaN : number(value, lookup);
}

function nodeValues(
  values: Structure['circuit']['nodesets'],
  { layout }: Structure,
  lookup: Globals,
): (readonly [number, number])[] {
  return [...values].flatMap(([node, value]) => {
    const slot = layout.slotOfNode(node);
    return slot === undefined || slot >= layout.n ? [] : [[slot, number(value, lookup)] as const];
  });
}
