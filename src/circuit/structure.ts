// Everything about a circuit that does not depend on its numbers: which template each element follows, where
// everything stands in x, and the sparse pattern.
import type { DeviceKind } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { checkWaveform, waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError, type Span } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';
import { type Assembly, assemble, type Members } from './assemble.js';
import type { Circuit, Element } from './circuit.js';
import { type Instance, type Layout, layOut } from './layout.js';
import { type Shape, shapeOf } from './shape.js';
import { makeTemplate } from './template.js';
import {
  type Binding,
  checkTemperature,
  type Globals,
  given,
  globals,
  makeValueCheck,
  waveformArguments,
} from './values.js';

export interface Structure {
  readonly circuit: Circuit;
  /** One per element, in the circuit's order. */
  readonly instances: readonly Instance[];
  readonly indexOf: ReadonlyMap<string, number>;
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

type Complain = (owner: { readonly span?: Span }, code: string, message: string, hint: string) => void;

/**
 * @param keep elements whose current must be an unknown although nothing in the circuit reads it
 * @throws InputError with every complaint about names and values at once.
 */
export function makeStructure(circuit: Circuit, binding: Binding, keep: readonly string[] = []): Structure {
  const errors: Diagnostic[] = [];
  const complain: Complain = ({ span }, code, message, hint) => {
    errors.push({ severity: 'error', code, message, hint, ...(span ? { span } : {}) });
  };
  const indexOf = numberElements(circuit.elements, complain);
  const families = makeFamilies();
  const instances = identify(circuit, binding, families, complain);
  if (errors.length > 0) throw new InputError(errors);
  markReferenced(instances, indexOf, complain);
  for (const name of keep) {
    const e = indexOf.get(name);
    if (e !== undefined) instances[e].referenced = true;
    else complain({}, 'unknown-element', `there is no element ${name} to keep`, hintFor(name, indexOf));
  }
  if (errors.length > 0) throw new InputError(errors);
  const layout = layOut(instances);
  const branch = (name: string): number => {
    const e = indexOf.get(name)!;
    return layout.unknownsAt[e] + instances[e].template.unknowns.findIndex(([unknown]) => unknown === 'i');
  };
  gather(instances, layout, branch, complain);
  if (errors.length > 0) throw new InputError(errors);
  const assembly = assemble(
    instances,
    families.all.filter((f) => f.members.length > 0),
    layout,
    (e, k) => branch(circuit.elements[e].controls![k]),
  );
  return { circuit, instances, indexOf, layout, assembly };
}

const hintFor = (name: string, indexOf: ReadonlyMap<string, number>): string =>
  didYouMean(name, indexOf.keys()) ?? 'name an element of this circuit';

function numberElements(elements: readonly Element[], complain: Complain): Map<string, number> {
  const indexOf = new Map<string, number>();
  let duplicates = 0;
  for (let e = 0; e < elements.length; e++) {
    const element = elements[e];
    indexOf.set(element.name, e);
    if (indexOf.size + duplicates <= e) {
      duplicates++;
      const message = `there are two elements ${element.name}`;
      complain(element, 'duplicate-element', message, 'give one of them another name');
    }
  }
  return indexOf;
}

interface Families {
  readonly all: Members[];
  of(kind: DeviceKind, variant: string, shape: Shape | undefined): Members;
}

const NOTHING: readonly never[] = [];

/** Families of elements that follow one template, found by kind, variant and shape of their expressions. */
function makeFamilies(): Families {
  const byKind = new Map<DeviceKind, Map<string, Members>>();
  const all: Members[] = [];
  return {
    all,
    of(kind, variant, shape) {
      const key = shape === undefined ? variant : `${variant}|${shape.references.length}|${shape.key}`;
      let mine = byKind.get(kind);
      if (mine === undefined) byKind.set(kind, (mine = new Map()));
      let family = mine.get(key);
      if (family === undefined) {
        const template = makeTemplate(
          kind,
          variant,
          shape?.expressions() ?? {},
          shape?.references.length ?? 0,
        );
        family = { template, members: [], lifted: [], references: [] };
        mine.set(key, family);
        all.push(family);
      }
      return family;
    },
  };
}

function identify(circuit: Circuit, binding: Binding, families: Families, complain: Complain): Instance[] {
  const lookup = globals(circuit, binding);
  checkTemperature(binding.celsius ?? circuit.temperature, complain);
  const checkValues = makeValueCheck(lookup, complain);
  const instances: Instance[] = [];
  for (let e = 0; e < circuit.elements.length; e++) {
    const element = circuit.elements[e];
    const kind = kindByName(element.kind);
    if (kind === undefined) {
      const message = `${element.name} is of an unknown kind, ${element.kind}`;
      complain(element, 'unknown-kind', message, 'use a name of the device registry');
      continue;
    }
    const model = element.model === undefined ? undefined : circuit.models.get(element.model);
    if (element.model !== undefined && model === undefined) {
      const message = `${element.name} names a model that does not exist, ${element.model}`;
      complain(element, 'unknown-model', message, `add .model ${element.model} …`);
      continue;
    }
    const owner = { kind, element, model, binding };
    checkValues(owner);
    if (element.waveform) checkSource(element, element.waveform.kind, lookup, binding, complain);
    const variant = kind.variant === undefined ? '' : kind.variant(given(owner, lookup));
    const shape = element.expressions === undefined ? undefined : shapeOf(element);
    const family = families.of(kind, variant, shape);
    instances.push({
      element,
      kind,
      model,
      variant,
      family,
      template: family.template,
      lifted: shape?.lifted ?? NOTHING,
      references: shape?.references ?? NOTHING,
      referenced: false,
    });
  }
  return instances;
}

/** Complaints about the arguments of an element's waveform. */
export function checkSource(
  element: Element,
  kind: string,
  lookup: Globals,
  binding: Binding,
  complain: Complain,
): void {
  const waveform = waveforms.get(kind);
  if (waveform === undefined) {
    const choice = [...waveforms.keys()].join(', ');
    complain(
      element,
      'unknown-waveform',
      `${element.name}: there is no waveform ${kind}`,
      `choose one of ${choice}`,
    );
    return;
  }
  const written = waveformArguments(element, lookup, binding);
  for (const message of checkWaveform(waveform, written, binding.timing)) {
    complain(element, 'waveform', `${element.name}: ${message}`, waveform.summary);
  }
}

/** Marks the elements whose branch current another one reads. */
function markReferenced(
  instances: Instance[],
  indexOf: ReadonlyMap<string, number>,
  complain: Complain,
): void {
  const refer = (by: Element, name: string): void => {
    const e = indexOf.get(name);
    if (e === undefined) {
      const message = `${by.name} refers to ${name}, which does not exist`;
      complain(by, 'unknown-element', message, 'name an element of this circuit');
    } else if (instances[e].template.unknowns.every(([unknown]) => unknown !== 'i')) {
      const message = `${by.name} reads the current of ${name}, which is not an unknown of the circuit`;
      const hint = `put a voltage source of 0 V in series with ${name} and read its current`;
      complain(by, 'no-branch-current', message, hint);
    } else instances[e].referenced = true;
  };
  for (let e = 0; e < instances.length; e++) {
    const { element, template, references } = instances[e];
    for (let r = 0; r < references.length; r++)
      if (references[r].startsWith('i(')) refer(element, references[r].slice(2, -1));
    if (element.controls === undefined) continue;
    for (const control of element.controls) refer(element, control);
    for (const raw of template.raw) {
      const colon = raw.indexOf(':');
      const control = colon > 0 ? element.controls[Number(raw.slice(0, colon))] : undefined;
      const e = control === undefined ? undefined : indexOf.get(control);
      if (e === undefined || raw.slice(colon + 1) in instances[e].kind.parameters) continue;
      const message = `${element.name} needs ${raw.slice(colon + 1)} of ${control}, but a ${instances[e].kind.name} has none`;
      complain(element, 'wrong-control', message, 'name an element that has it');
    }
  }
}

/** Puts every element that was not eliminated into its family, with the slots of what it refers to. */
function gather(
  instances: readonly Instance[],
  layout: Layout,
  branch: (name: string) => number,
  complain: Complain,
): void {
  for (let e = 0; e < instances.length; e++) {
    if (layout.eliminated[e]) continue;
    const { element, family, lifted, references } = instances[e];
    family.members.push(e);
    if (references.length === 0 && lifted.length === 0) continue;
    family.lifted.push(lifted);
    family.references.push(
      references.map((reference) => {
        const inner = reference.slice(2, -1);
        if (reference.startsWith('i(')) return branch(inner);
        const slot = layout.slotOfNode.get(inner);
        if (slot !== undefined) return slot;
        const message = `${element.name} reads ${reference}, but no element is connected to ${inner}`;
        complain(element, 'unknown-node', message, 'name a node of this circuit');
        return layout.ground;
      }),
    );
  }
}

/** Whether every structural choice stays as it was under other numbers. */
export function sameVariants({ circuit, instances }: Structure, binding: Binding): boolean {
  if (!binding.parameters && !binding.values && !binding.models && binding.celsius === undefined) return true;
  const lookup = globals(circuit, binding);
  return instances.every(
    ({ kind, element, model, variant }) =>
      kind.variant === undefined ||
      kind.variant(given({ kind, element, model, binding }, lookup)) === variant,
  );
}
