// What elements are alike in: kind, variant and model, and the template they follow, found once for all that say the same.
import type { DeviceKind } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { checkWaveform, waveforms } from '../devices/waveforms.js';
import type { Span } from '../errors.js';
import type { Circuit, Element, Model, Value } from './circuit.js';
import { type Forms, formsOf, type Shape, shapeOf } from './shape.js';
import { makeTemplate, type Template } from './template.js';
import {
  type Binding,
  checkTemperature,
  type Globals,
  given,
  globals,
  makeValueCheck,
  waveformArguments,
} from './values.js';

/** Elements that follow one template. */
export interface Family {
  readonly template: Template;
  /** Which elements of the circuit, without those that were eliminated. */
  readonly members: number[];
  readonly elements: Element[];
  /** Lifted values of behavioural expressions, per instance, and slots of their references (r:k), interleaved. */
  readonly lifted: (readonly Value[])[];
  readonly references: number[];
}

/** Elements of one family with one model. */
export interface Species {
  readonly kind: DeviceKind;
  readonly model: Model | undefined;
  readonly variant: string;
  readonly family: Family;
  readonly template: Template;
  /** Has nodes, unknowns or inputs of its own. */
  readonly needsPlaces: boolean;
  /** Pins whose voltages stand under d/dt. */
  readonly storingPins: readonly number[];
}

export interface Classified {
  /** One per element, in the circuit's order; without those of unknown kinds or models, which are complained about. */
  readonly species: readonly Species[];
  readonly families: readonly Family[];
  /** Of all elements that have behavioural expressions. */
  readonly forms: Forms;
}

export type Complain = (owner: { readonly span?: Span }, code: string, message: string, hint: string) => void;

/** What many cards share is remembered, up to so many of them. */
const MOST_REMEMBERED = 64;

/** Finds the species of every element; complains about names and values. */
export function classify(circuit: Circuit, binding: Binding, complaint: Complain): Classified {
  const { elements } = circuit;
  const lookup = globals(circuit, binding);
  let complaints = 0;
  const complain: Complain = (owner, code, message, hint) => {
    complaints++;
    complaint(owner, code, message, hint);
  };
  checkTemperature(binding.celsius ?? circuit.temperature, complain);
  const checkValues = makeValueCheck(lookup, complain);
  const families = makeFamilies();
  const species: Species[] = [];
  const forms = formsOf(elements);
  /** By the values of sound cards that say nothing else but expressions of this shape. */
  const known = new Map<
    Element['values'],
    { readonly species: Species; readonly shape: Shape | undefined }
  >();
  const canBeAlike = binding.values === undefined;
  for (let e = 0; e < elements.length; e++) {
    const element = elements[e];
    const { values, expressions, waveform } = element;
    let shape: Shape | undefined;
    if (expressions !== undefined) {
      shape = forms.get(e)?.shape;
      if (shape === undefined) forms.set(e, { shape: (shape = shapeOf(element)) });
    }
    const like = canBeAlike ? known.get(values) : undefined;
    if (
      like !== undefined &&
      like.species.kind.name === element.kind &&
      element.model === undefined &&
      waveform === undefined &&
      like.shape?.key === shape?.key &&
      like.shape?.references.length === shape?.references.length
    ) {
      species.push(like.species);
      continue;
    }
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
    const before = complaints;
    checkValues(owner);
    if (waveform) checkSource(element, waveform.kind, lookup, binding, complain);
    const variant = kind.variant === undefined ? '' : kind.variant(given(owner, lookup));
    const mine = families.speciesOf(kind, variant, shape, model);
    species.push(mine);
    if (
      complaints === before &&
      known.size < MOST_REMEMBERED &&
      model === undefined &&
      waveform === undefined
    )
      known.set(values, { species: mine, shape });
  }
  return { species, families: families.all, forms };
}

interface Families {
  readonly all: readonly Family[];
  speciesOf(kind: DeviceKind, variant: string, shape: Shape | undefined, model: Model | undefined): Species;
}

/** Families found by kind, variant and shape of their expressions, and in each its species by their models. */
function makeFamilies(): Families {
  const byKind = new Map<DeviceKind, Map<string, Map<Model | undefined, Species>>>();
  const all: Family[] = [];
  return {
    all,
    speciesOf(kind, variant, shape, model) {
      const key = shape === undefined ? variant : `${variant}|${shape.references.length}|${shape.key}`;
      let ofKind = byKind.get(kind);
      if (ofKind === undefined) byKind.set(kind, (ofKind = new Map()));
      let alike = ofKind.get(key);
      if (alike === undefined) {
        const { references = [] } = shape ?? {};
        const template = makeTemplate(kind, variant, shape?.expressions() ?? {}, references.length);
        const family = { template, members: [], elements: [], lifted: [], references: [] };
        all.push(family);
        ofKind.set(key, (alike = new Map([[undefined, speciesIn(family, kind, variant, undefined)]])));
      }
      let species = alike.get(model);
      if (species === undefined)
        alike.set(model, (species = speciesIn(alike.get(undefined)!.family, kind, variant, model)));
      return species;
    },
  };
}

function speciesIn(family: Family, kind: DeviceKind, variant: string, model: Model | undefined): Species {
  const { template } = family;
  const { ownNodes, unknowns, inputs } = template;
  const needsPlaces = ownNodes.length + unknowns.length + inputs.length > 0;
  return { kind, model, variant, family, template, needsPlaces, storingPins: storingPinsOf(template) };
}

function storingPinsOf({ locals, linear, charges }: Template): number[] {
  const columns = new Set([
    ...linear.filter(({ matrix }) => matrix === 'C').map(({ column }) => column),
    ...charges.flatMap(({ partials }) => partials.map(({ local }) => local)),
  ]);
  return locals.flatMap(({ role, index }, k) => (role === 'pin' && columns.has(k) ? [index] : []));
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
