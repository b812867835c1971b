// `r1.r`, `x1.r2.r`, `v1.freq`: parameters by name, as written on the card.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';
import { argumentIndex, argumentName, declaredArguments, waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError } from '../errors.js';
import { didYouMean, some } from '../expression/suggest.js';
import type { Element } from './circuit.js';
import type { Structure } from './structure.js';
import type { Binding } from './values.js';
import type { Wiring } from './wiring.js';

/** A parameter of an element of the circuit, or an argument of its waveform. */
export interface Address {
  readonly element: number;
  readonly parameter: string;
  /** Position among the waveform's arguments; absent for a parameter of the element itself. */
  readonly argument?: number;
}

const numeric = new WeakMap<DeviceKind, readonly (readonly [string, ParameterDoc])[]>();

/** Documented numbers of a kind: without its behavioural expressions. */
export function numericParameters(kind: DeviceKind): readonly (readonly [string, ParameterDoc])[] {
  let list = numeric.get(kind);
  if (list === undefined) {
    list = Object.entries(kind.parameters).filter(([name]) => !kind.card.expressions?.includes(name));
    numeric.set(kind, list);
  }
  return list;
}

export const isTrainable = (doc: ParameterDoc): boolean => doc.trainable !== false && !doc.integer;

/** Names of the arguments of an element's waveform; a count of pulses is a whole number and cannot be trained. */
export function namedArguments(element: Element): { name: string; unit: string; trainable: boolean }[] {
  if (element.waveform === undefined) return [];
  const kind = waveforms.get(element.waveform.kind)!;
  const declared = declaredArguments(kind).length;
  const count = kind.repeats === undefined ? declared : Math.max(declared, element.waveform.args.length);
  return Array.from({ length: count }, (_, k) => {
    const { name, unit, integer } = argumentName(kind, k);
    const own = element.kind === 'current-source' ? 'A' : 'V';
    return { name, unit: unit.replace(/^u/, own), trainable: !integer };
  });
}

/** @throws InputError with every name that is no trainable parameter, and what could be written instead. */
export function addresses(structure: Structure, names: readonly string[]): Address[] {
  const errors: Diagnostic[] = [];
  const found = names.flatMap((name) => {
    const result = addressOf(structure, name);
    if (!('severity' in result)) return [result];
    errors.push(result);
    return [];
  });
  if (errors.length > 0) throw new InputError(errors);
  return found;
}

function addressOf({ circuit, wiring, species }: Structure, name: string): Address | Diagnostic {
  const dot = name.lastIndexOf('.');
  const owner = name.slice(0, Math.max(0, dot));
  const e = wiring.elementOf.get(owner);
  if (e === undefined) return noElement(name, owner, wiring.elementOf);
  const parameter = name.slice(dot + 1);
  const { kind } = species[e];
  const element = circuit.elements[e];
  const isExpression = kind.card.expressions?.includes(parameter) === true;
  const doc = Object.hasOwn(kind.parameters, parameter) ? kind.parameters[parameter] : undefined;
  if (doc !== undefined && !isExpression && isTrainable(doc)) return { element: e, parameter };
  const argument = doc === undefined ? argumentOf(element, parameter) : -1;
  if (argument >= 0 && !argumentName(waveforms.get(element.waveform!.kind)!, argument).integer)
    return { element: e, parameter, argument };
  const choice = trainableNames(kind, element);
  return {
    severity: 'error',
    code: doc === undefined ? 'unknown-parameter' : 'not-trainable',
    message:
      doc === undefined
        ? `${element.name} has no parameter ${parameter} that could be trained`
        : `${name} cannot be trained${isExpression ? ': it is an expression' : ''}`,
    hint:
      choice.length === 0
        ? `no number of ${element.name} can be trained`
        : (didYouMean(parameter, choice) ?? `${element.name} can be trained in ${choice.join(', ')}`),
    ...(element.span ? { span: element.span } : {}),
  };
}

function noElement(name: string, owner: string, elementOf: Wiring['elementOf']): Diagnostic {
  const hint = 'write an element and one of its parameters, as in r1.r';
  const [message, wayOut] =
    owner === ''
      ? [`${name} names no parameter`, hint]
      : [
          `there is no element ${owner} whose parameter ${name} could be`,
          likeness(owner, elementOf.keys()) ?? hint,
        ];
  return { severity: 'error', code: 'unknown-element', message, hint: wayOut };
}

/** Overrides that were found sound, and for which structure; a map of them is shared by many bindings. */
const sound = new WeakMap<NonNullable<Binding['values']>, Structure>();

/** @throws InputError when an override of a binding is no number, or is of something that the circuit does not have */
export function checkOverrides(structure: Structure, { parameters, values, models }: Binding): void {
  const { circuit } = structure;
  const errors: Diagnostic[] = [];
  for (const [name, value] of parameters ?? []) {
    if (!circuit.parameters.has(name)) errors.push(noGlobal(name, circuit));
    else if (Number.isNaN(value)) errors.push(noNumber(name));
  }
  for (const [name, value] of models ?? []) {
    const model = circuit.models.get(name.slice(0, Math.max(0, name.lastIndexOf('.'))));
    if (model === undefined) errors.push(noModel(name, circuit));
    else if (Number.isNaN(value)) errors.push(noNumber(name));
  }
  if (values !== undefined && sound.get(values) !== structure) {
    for (const [name, value] of values) {
      const error = faultOf(structure, name, value);
      if (error !== undefined) errors.push(error);
    }
  }
  if (errors.length > 0) throw new InputError(errors);
  if (values !== undefined) sound.set(values, structure);
}

function faultOf(
  { circuit, wiring, species }: Structure,
  name: string,
  value: number,
): Diagnostic | undefined {
  const dot = name.lastIndexOf('.');
  const owner = name.slice(0, Math.max(0, dot));
  const e = wiring.elementOf.get(owner);
  if (e === undefined) return noElement(name, owner, wiring.elementOf);
  const parameter = name.slice(dot + 1);
  const { kind } = species[e];
  const element = circuit.elements[e];
  if (!Object.hasOwn(kind.parameters, parameter) && argumentOf(element, parameter) < 0)
    return noParameter(kind, element, parameter);
  return Number.isNaN(value) ? noNumber(name) : undefined;
}

const noNumber = (name: string): Diagnostic => ({
  severity: 'error',
  code: 'not-a-number',
  message: `${name} is not a number`,
  hint: 'give it a finite value',
});

const noGlobal = (name: string, { parameters }: Structure['circuit']): Diagnostic => ({
  severity: 'error',
  code: 'unknown-parameter',
  message: `the circuit has no parameter ${name}`,
  hint: likeness(name, parameters.keys()) ?? `its parameters: ${some([...parameters.keys()]) || 'none'}`,
});

const noModel = (name: string, { models }: Structure['circuit']): Diagnostic => ({
  severity: 'error',
  code: 'unknown-model',
  message: `there is no model whose parameter ${name} could be`,
  hint: `write model.parameter; its models: ${some([...models.keys()]) || 'none'}`,
});

/** Names are in lower case: that spelling first, then the nearest. */
const likeness = (name: string, names: Iterable<string>): string | undefined => {
  const all = [...names];
  const lower = name.toLowerCase();
  return lower !== name && all.includes(lower) ? `names are in lower case: ${lower}` : didYouMean(lower, all);
};

function noParameter(kind: DeviceKind, element: Element, parameter: string): Diagnostic {
  const names = [...Object.keys(kind.parameters), ...namedArguments(element).map(({ name }) => name)];
  return {
    severity: 'error',
    code: 'unknown-parameter',
    message: `${element.name} has no parameter ${parameter}`,
    hint: didYouMean(parameter, names) ?? `choose from ${names.join(', ')}`,
    ...(element.span ? { span: element.span } : {}),
  };
}

/** What can be trained of an element. */
export function trainableNames(kind: DeviceKind, element: Element): string[] {
  return [
    ...numericParameters(kind).flatMap(([name, doc]) => (isTrainable(doc) ? [name] : [])),
    ...namedArguments(element).flatMap(({ name, trainable }) => (trainable ? [name] : [])),
  ];
}

function argumentOf({ waveform }: Element, name: string): number {
  if (waveform === undefined) return -1;
  const kind = waveforms.get(waveform.kind)!;
  return argumentIndex(kind, name, waveform.args.length);
}
