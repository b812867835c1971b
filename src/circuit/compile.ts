// Circuit → Compiled: structure once (templates, layout, pattern, generated loops); numbers with every binding.

import type { DeviceKind } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { checkWaveform, waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError, type Span } from '../errors.js';
import { type Assembly, assemble, type Members } from './assemble.js';
import { bind } from './bind.js';
import type { Circuit, Element } from './circuit.js';
import { type Instance, type Layout, layOut } from './layout.js';
import { makeProbe } from './probe.js';
import { type Shape, shapeOf } from './shape.js';
import type { Probe, System } from './system.js';
import { makeTemplate, type Template } from './template.js';
import { checkTopology } from './topology.js';
import { type Binding, type Globals, given, globals, makeValueCheck, number } from './values.js';

export type { Binding } from './values.js';

/** A circuit ready to be given numbers; immutable, shared by every run. */
export interface Compiled {
  readonly circuit: Circuit;
  readonly warnings: readonly Diagnostic[];
  /**
   * Numbers bound to the structure. All bindings share pattern and code, unless a number changes the structure
   * itself (a series resistance that becomes zero): then that binding has a structure of its own.
   * @throws InputError when a value is out of its documented bounds.
   */
  bind(binding?: Binding): System;
  /**
   * A base signal: `v(node)`, `i(element)`, or `unknown(element)` such as `w(n1)`; undefined when there is none.
   */
  probe(system: System, name: string): Probe | undefined;
  /** Every node voltage in deck order, then source and inductor currents. */
  readonly baseSignals: readonly string[];
}

export interface CompileOptions {
  /** Numbers that decide the structure (a series resistance of zero has no inner node). */
  readonly binding?: Binding;
  /** How the run starts; `uic` allows nodes that only capacitors hold. */
  readonly start?: 'dc' | 'uic';
}

/** Everything that does not depend on numbers. */
export interface Structure {
  readonly circuit: Circuit;
  readonly kinds: readonly DeviceKind[];
  readonly instances: readonly Instance[];
  readonly variants: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly layout: Layout;
  readonly assembly: Assembly;
}

/** @throws InputError with every error of the circuit at once: parameters, names, topology. */
export function compile(circuit: Circuit, options: CompileOptions = {}): Compiled {
  const binding = options.binding ?? {};
  const structure = makeStructure(circuit, binding);
  const home = new WeakMap<System, Structure>();
  const problems = checkTopology(circuit, { start: options.start ?? 'dc' });
  const errors = problems.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  const bound = (b: Binding = {}): System => {
    const own = sameVariants(structure, b) ? structure : makeStructure(circuit, b);
    const system = bind(own, b);
    home.set(system, own);
    return system;
  };
  return {
    circuit,
    warnings: problems,
    bind: bound,
    probe: (system, name) => makeProbe(home.get(system) ?? structure, system, name),
    get baseSignals() {
      return baseSignals(structure);
    },
  };
}

function makeStructure(circuit: Circuit, binding: Binding): Structure {
  const errors: Diagnostic[] = [];
  const complain: Complain = ({ span }, code, message, hint) => {
    errors.push({ severity: 'error', code, message, hint, ...(span ? { span } : {}) });
  };
  const lookup = globals(circuit, binding);
  const checkValues = makeValueCheck(lookup, complain);
  const { elements } = circuit;
  const indexOf = new Map<string, number>();
  elements.forEach((element, e) => {
    if (indexOf.has(element.name))
      complain(
        element,
        'duplicate-element',
        `there are two elements ${element.name}`,
        'give one of them another name',
      );
    indexOf.set(element.name, e);
  });

  const templates = new Map<string, { template: Template; members: Members }>();
  const families: Members[] = [];
  const kinds: DeviceKind[] = [];
  const variants: string[] = [];
  const drafts: { element: Element; template: Template; shape: Shape }[] = [];
  const familyOf: Members[] = [];
  for (const element of elements) {
    const kind = kindByName(element.kind);
    if (kind === undefined) {
      complain(
        element,
        'unknown-kind',
        `${element.name} is of an unknown kind, ${element.kind}`,
        'use a name of the device registry',
      );
      continue;
    }
    const model = element.model === undefined ? undefined : circuit.models.get(element.model);
    if (element.model !== undefined && model === undefined) {
      complain(
        element,
        'unknown-model',
        `${element.name} names a model that does not exist, ${element.model}`,
        `add .model ${element.model} …`,
      );
      continue;
    }
    const owner = { kind, element, model, binding };
    checkValues(owner);
    checkSource(element, lookup, binding, complain);
    const shape = shapeOf(element);
    const variant = kind.variant?.(given(owner, lookup)) ?? '';
    const key = `${kind.name}|${variant}|${shape.references.length}|${shape.key}`;
    let family = templates.get(key);
    if (family === undefined) {
      const template = makeTemplate(kind, variant, shape.expressions, shape.references.length);
      family = { template, members: { template, members: [], lifted: [], references: [] } };
      templates.set(key, family);
      families.push(family.members);
    }
    kinds.push(kind);
    variants.push(variant);
    familyOf.push(family.members);
    drafts.push({ element, template: family.template, shape });
  }
  if (errors.length > 0) throw new InputError(errors);

  const referenced = new Uint8Array(drafts.length);
  const refer = (by: Element, name: string): void => {
    const e = indexOf.get(name);
    if (e === undefined) {
      complain(
        by,
        'unknown-element',
        `${by.name} refers to ${name}, which does not exist`,
        'name an element of this circuit',
      );
    } else if (!('i' in (drafts[e].template.law.unknowns ?? {}))) {
      complain(
        by,
        'no-branch-current',
        `${by.name} reads the current of ${name}, which is not an unknown of the circuit`,
        `put a voltage source of 0 V in series with ${name} and read its current`,
      );
    } else referenced[e] = 1;
  };
  const nodes = new Set(elements.flatMap((e) => e.nodes));
  drafts.forEach(({ element, template, shape }) => {
    for (const control of element.controls ?? []) refer(element, control);
    for (const raw of template.raw) {
      const colon = raw.indexOf(':');
      const control = colon > 0 ? element.controls?.[Number(raw.slice(0, colon))] : undefined;
      const e = control === undefined ? undefined : indexOf.get(control);
      if (e === undefined || raw.slice(colon + 1) in kinds[e].parameters) continue;
      complain(
        element,
        'wrong-control',
        `${element.name} needs ${raw.slice(colon + 1)} of ${control}, but a ${kinds[e].name} has none`,
        'name an element that has it',
      );
    }
    for (const reference of shape.references) {
      const inner = reference.slice(2, -1);
      if (reference.startsWith('i(')) refer(element, inner);
      else if (inner !== '0' && !nodes.has(inner)) {
        complain(
          element,
          'unknown-node',
          `${element.name} reads ${reference}, but no element is connected to ${inner}`,
          'name a node of this circuit',
        );
      }
    }
  });
  if (errors.length > 0) throw new InputError(errors);

  const instances: Instance[] = drafts.map(({ element, template }, e) => ({
    element,
    template,
    referenced: referenced[e] === 1,
  }));
  const layout = layOut(instances);
  const branch = (name: string): number => {
    const e = indexOf.get(name)!;
    return layout.unknownsAt[e] + Object.keys(drafts[e].template.law.unknowns!).indexOf('i');
  };
  drafts.forEach(({ shape }, e) => {
    if (layout.eliminated[e]) return;
    familyOf[e].members.push(e);
    familyOf[e].lifted.push(shape.lifted);
    familyOf[e].references.push(
      shape.references.map((r) =>
        r.startsWith('i(') ? branch(r.slice(2, -1)) : layout.slotOfNode.get(r.slice(2, -1))!,
      ),
    );
  });
  const assembly = assemble(
    instances,
    families.filter((f) => f.members.length > 0),
    layout,
    (e, k) => branch(elements[e].controls![k]),
  );
  return { circuit, kinds, instances, variants, indexOf, layout, assembly };
}

type Complain = (owner: { readonly span?: Span }, code: string, message: string, hint: string) => void;

function checkSource(element: Element, lookup: Globals, { timing }: Binding, complain: Complain): void {
  if (element.waveform === undefined) return;
  const waveform = waveforms.get(element.waveform.kind);
  if (waveform === undefined) {
    complain(
      element,
      'unknown-waveform',
      `${element.name}: there is no waveform ${element.waveform.kind}`,
      `choose one of ${[...waveforms.keys()].join(', ')}`,
    );
    return;
  }
  const written = element.waveform.args.map((a) => number(a, lookup));
  for (const message of checkWaveform(waveform, written, timing))
    complain(element, 'waveform', `${element.name}: ${message}`, waveform.summary);
}

/** Whether every structural choice stays as it was under other numbers. */
function sameVariants({ circuit, kinds, variants }: Structure, binding: Binding): boolean {
  if (!binding.parameters && !binding.values && !binding.models && binding.celsius === undefined) return true;
  const lookup = globals(circuit, binding);
  return circuit.elements.every((element, e) => {
    const kind = kinds[e];
    if (kind.variant === undefined) return true;
    const model = element.model === undefined ? undefined : circuit.models.get(element.model);
    return kind.variant(given({ kind, element, model, binding }, lookup)) === variants[e];
  });
}

function baseSignals({ instances }: Structure): string[] {
  const nodes = new Set<string>();
  for (const { element } of instances) for (const node of element.nodes) if (node !== '0') nodes.add(node);
  const currents = instances
    .filter(({ template }) => 'i' in (template.law.unknowns ?? {}))
    .map(({ element }) => `i(${element.name})`);
  return [...[...nodes].map((node) => `v(${node})`), ...currents];
}
