// `r1.r`, `x1.r2.r`, `v1.freq`: parameters by name, as written on the card.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';
import { argumentIndex, argumentName, declaredArguments, waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';
import type { Element } from './circuit.js';
import type { Structure } from './structure.js';

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
  const count = Math.max(declaredArguments(kind).length, element.waveform.args.length);
  return Array.from({ length: count }, (_, k) => {
    const { name, unit, integer } = argumentName(kind, k);
    const own = element.kind === 'current-source' ? 'A' : 'V';
    return { name, unit: unit.replace(/^u/, own), trainable: !integer };
  });
}

/** @throws InputError with every name that is no trainable parameter, and what could be written instead. */
export function addresses({ circuit, indexOf, instances }: Structure, names: readonly string[]): Address[] {
  const errors: Diagnostic[] = [];
  const result: Address[] = [];
  for (const name of names) {
    const dot = name.lastIndexOf('.');
    const e = dot < 0 ? undefined : indexOf.get(name.slice(0, dot));
    if (e === undefined) {
      const of = dot < 0 ? name : name.slice(0, dot);
      errors.push({
        severity: 'error',
        code: 'unknown-element',
        message: `there is no element ${of} whose parameter ${name} could be`,
        hint: didYouMean(of, indexOf.keys()) ?? 'write element.parameter, as in r1.r',
      });
      continue;
    }
    const parameter = name.slice(dot + 1);
    const { kind } = instances[e];
    const element = circuit.elements[e];
    const isExpression = kind.card.expressions?.includes(parameter) === true;
    const doc =
      isExpression || !Object.hasOwn(kind.parameters, parameter) ? undefined : kind.parameters[parameter];
    if (doc !== undefined && isTrainable(doc)) {
      result.push({ element: e, parameter });
      continue;
    }
    const argument = doc === undefined ? argumentOf(element, parameter) : -1;
    if (argument >= 0) {
      result.push({ element: e, parameter, argument });
      continue;
    }
    const choice = trainableNames(kind, element);
    const hint =
      choice.length === 0
        ? `no number of ${element.name} can be trained`
        : (didYouMean(parameter, choice) ?? `${element.name} can be trained in ${choice.join(', ')}`);
    const exists = doc !== undefined || isExpression;
    errors.push({
      severity: 'error',
      code: exists ? 'not-trainable' : 'unknown-parameter',
      message: exists
        ? `${name} cannot be trained${isExpression ? ': it is an expression' : ''}`
        : `${element.name} has no parameter ${parameter}`,
      hint,
      ...(element.span ? { span: element.span } : {}),
    });
  }
  if (errors.length > 0) throw new InputError(errors);
  return result;
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
  const k = argumentIndex(kind, name, waveform.args.length);
  return k >= 0 && argumentName(kind, k).integer ? -1 : k;
}
