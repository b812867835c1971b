// Everything about a circuit that does not depend on its numbers: which template each element follows, where
// everything stands in x, and the sparse pattern.
import { type Diagnostic, InputError } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';
import { type Assembly, assemble } from './assemble.js';
import type { Circuit, Element } from './circuit.js';
import { type Layout, layOut } from './layout.js';
import { type Classified, type Complain, classify, type Species } from './species.js';
import { type Binding, given, globals } from './values.js';
import { type Wiring, wiringOf } from './wiring.js';

export interface Structure {
  readonly circuit: Circuit;
  readonly wiring: Wiring;
  /** One per element, in the circuit's order. */
  readonly species: readonly Species[];
  readonly layout: Layout;
  readonly assembly: Assembly;
}

/** A function of the structure alone, computed once for all bindings. */
export function oncePerStructure<T>(compute: (structure: Structure) => T): (structure: Structure) => T {
  const known = new WeakMap<Structure, { readonly value: T }>();
  return (structure) => {
    let found = known.get(structure);
    if (found === undefined) known.set(structure, (found = { value: compute(structure) }));
    return found.value;
  };
}

/**
 * @param keep elements whose current must be an unknown although nothing in the circuit reads it
 * @throws InputError with every complaint about names and values at once.
 */
export function makeStructure(circuit: Circuit, binding: Binding, keep: readonly string[] = []): Structure {
  const errors: Diagnostic[] = [];
  const complain: Complain = ({ span }, code, message, hint) => {
    errors.push({ severity: 'error', code, message, hint, ...(span ? { span } : {}) });
  };
  const demand = (): void => {
    if (errors.length > 0) throw new InputError(errors);
  };
  const { elements } = circuit;
  const wiring = wiringOf(elements);
  const { elementOf } = wiring;
  if (elementOf.size < elements.length) complainOfTwins(elements, complain);
  const classified = classify(circuit, binding, complain);
  demand();
  const { species, families } = classified;
  const referenced = referencedBranches(circuit, wiring, classified, complain);
  for (const name of keep) {
    const e = elementOf.get(name);
    if (e !== undefined) referenced[e] = 1;
    else complain({}, 'unknown-element', `there is no element ${name} to keep`, hintFor(name, elementOf));
  }
  demand();
  const layout = layOut(species, wiring, referenced);
  const branch = (name: string): number => {
    const e = elementOf.get(name)!;
    return layout.unknownsAt[e] + species[e].template.unknowns.findIndex(([unknown]) => unknown === 'i');
  };
  gather(elements, classified, layout, branch, complain);
  demand();
  const assembly = assemble(
    families.filter((f) => f.members.length > 0),
    layout,
    (e, k) => branch(elements[e].controls![k]),
  );
  return { circuit, wiring, species, layout, assembly };
}

const hintFor = (name: string, elementOf: Wiring['elementOf']): string =>
  didYouMean(name, elementOf.keys()) ?? 'name an element of this circuit';

function complainOfTwins(elements: readonly Element[], complain: Complain): void {
  const names = new Set<string>();
  for (const element of elements) {
    const { name } = element;
    if (names.has(name))
      complain(
        element,
        'duplicate-element',
        `there are two elements ${name}`,
        'give one of them another name',
      );
    names.add(name);
  }
}

const NONE: readonly string[] = [];

/** 1 for the elements whose branch current another one reads: it must stay an unknown. */
function referencedBranches(
  { elements }: Circuit,
  { elementOf }: Wiring,
  { species, forms }: Classified,
  complain: Complain,
): Uint8Array {
  const referenced = new Uint8Array(elements.length);
  const refer = (by: Element, name: string): void => {
    const e = elementOf.get(name);
    if (e === undefined) {
      const message = `${by.name} refers to ${name}, which does not exist`;
      complain(by, 'unknown-element', message, 'name an element of this circuit');
    } else if (species[e].template.unknowns.every(([unknown]) => unknown !== 'i')) {
      const message = `${by.name} reads the current of ${name}, which is not an unknown of the circuit`;
      const hint = `put a voltage source of 0 V in series with ${name} and read its current`;
      complain(by, 'no-branch-current', message, hint);
    } else referenced[e] = 1;
  };
  for (let e = 0; e < elements.length; e++) {
    const element = elements[e];
    const { controls, expressions } = element;
    if (expressions !== undefined) {
      const { shape, pins } = forms.get(e)!;
      const references = pins === undefined ? shape.references : NONE;
      for (let r = 0; r < references.length; r++)
        if (references[r].startsWith('i(')) refer(element, references[r].slice(2, -1));
    }
    if (controls === undefined) continue;
    for (const control of controls) refer(element, control);
    for (const raw of species[e].template.raw) {
      const colon = raw.indexOf(':');
      const control = colon > 0 ? controls[Number(raw.slice(0, colon))] : undefined;
      const read = control === undefined ? undefined : elementOf.get(control);
      if (read === undefined || raw.slice(colon + 1) in species[read].kind.parameters) continue;
      const message = `${element.name} needs ${raw.slice(colon + 1)} of ${control}, but a ${species[read].kind.name} has none`;
      complain(element, 'wrong-control', message, 'name an element that has it');
    }
  }
  return referenced;
}

/** Puts every element that was not eliminated into its family, with the slots of what it refers to. */
function gather(
  elements: readonly Element[],
  { species, forms }: Classified,
  layout: Layout,
  branch: (name: string) => number,
  complain: Complain,
): void {
  for (let e = 0; e < elements.length; e++) {
    if (layout.eliminated[e] === 1) continue;
    const element = elements[e];
    const { family } = species[e];
    family.members.push(e);
    family.elements.push(element);
    if (element.expressions === undefined) continue;
    const { shape, pins } = forms.get(e)!;
    family.lifted.push(shape.lifted);
    if (pins !== undefined) {
      for (let r = 0; r < pins.length; r++)
        family.references.push(layout.pinSlots[layout.pinsAt[e] + pins[r]]);
      continue;
    }
    const { references } = shape;
    for (let r = 0; r < references.length; r++)
      family.references.push(slotOf(element, references[r], layout, branch, complain));
  }
}

/** Slot of `v(node)` or `i(element)`. */
function slotOf(
  by: Element,
  reference: string,
  { slotOfNode, ground }: Layout,
  branch: (name: string) => number,
  complain: Complain,
): number {
  const name = reference.slice(2, -1);
  const slot = reference.startsWith('i(') ? branch(name) : slotOfNode(name);
  if (slot !== undefined) return slot;
  const message = `${by.name} reads ${reference}, but no element is connected to ${name}`;
  complain(by, 'unknown-node', message, 'name a node of this circuit');
  return ground;
}

/** Whether every structural choice stays as it was under other numbers. */
export function sameVariants({ circuit, species }: Structure, binding: Binding): boolean {
  if (!binding.parameters && !binding.values && !binding.models && binding.celsius === undefined) return true;
  const lookup = globals(circuit, binding);
  return species.every(
    ({ kind, model, variant }, e) =>
      kind.variant === undefined ||
      kind.variant(given({ kind, element: circuit.elements[e], model, binding }, lookup)) === variant,
  );
}
