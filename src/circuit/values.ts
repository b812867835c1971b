// What a parameter is worth: the card's value, else the model's, else the documented default.
import type { DeviceKind, Given, ParameterDoc } from '../devices/device.js';
import { argumentName, declaredArguments, waveforms } from '../devices/waveforms.js';
import type { Span } from '../errors.js';
import { evaluate } from '../expression/evaluate.js';
import type { Circuit, Element, Model, Value } from './circuit.js';

/** Numbers of a run that override what the circuit says. */
export interface Binding {
  /** Global parameters (`.param`) by name. */
  readonly parameters?: ReadonlyMap<string, number>;
  /** Element parameters and arguments of waveforms by `element.parameter`, e.g. `r1.r`, `v1.freq`. */
  readonly values?: ReadonlyMap<string, number>;
  /** Model parameters by `model.parameter`. */
  readonly models?: ReadonlyMap<string, number>;
  /** Circuit temperature in °C. */
  readonly celsius?: number;
  /** `.tran` print step and end (s): defaults of waveforms refer to them. */
  readonly timing?: { readonly tstep: number; readonly tstop: number };
}

/** A binding whose overrides are also found by element. */
interface Grouped extends Binding {
  readonly byElement: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

type ByElement = Grouped['byElement'];

const groupings = new WeakMap<NonNullable<Binding['values']>, ByElement>();

/** The binding with its overrides grouped by element, which are then found faster. */
export function grouped(binding: Binding): Binding {
  const { values } = binding;
  if (values === undefined || 'byElement' in binding) return binding;
  let byElement = groupings.get(values);
  if (byElement === undefined) groupings.set(values, (byElement = group(values)));
  return { ...binding, byElement } satisfies Grouped as Grouped;
}

function group(values: NonNullable<Binding['values']>): ByElement {
  const byElement = new Map<string, Map<string, number>>();
  for (const [name, value] of values) {
    const dot = name.lastIndexOf('.');
    const element = name.slice(0, dot);
    const own = byElement.get(element);
    if (own) own.set(name.slice(dot + 1), value);
    else byElement.set(element, new Map([[name.slice(dot + 1), value]]));
  }
  return byElement;
}

/** What a grouped binding says of an element, by parameter. */
export function overrides(binding: Binding, element: string): ReadonlyMap<string, number> | undefined {
  return (grouped(binding) as Grouped).byElement?.get(element);
}

function overridden(binding: Binding, element: string, name: string): number | undefined {
  return 'byElement' in binding
    ? (binding as Grouped).byElement.get(element)?.get(name)
    : binding.values?.get(`${element}.${name}`);
}

/** Values of all global parameters, `temper` included. */
export type Globals = (name: string) => number;

export function globals(circuit: Circuit, binding: Binding): Globals {
  const values = new Map<string, number>([['temper', binding.celsius ?? circuit.temperature]]);
  const lookup = (name: string): number => values.get(name) ?? Number.NaN;
  for (const [name, value] of circuit.parameters) {
    values.set(
      name,
      binding.parameters?.get(name) ?? (typeof value === 'number' ? value : evaluate(value, lookup)),
    );
  }
  return lookup;
}

export const number = (value: Value, lookup: Globals): number =>
  typeof value === 'number' ? value : evaluate(value, lookup);

/** An element as the numbers of a run see it. */
export interface Owner {
  readonly kind: DeviceKind;
  readonly element: Element;
  readonly model: Model | undefined;
  readonly binding: Binding;
}

/** What was written for a parameter, or overrides it; undefined when only a default could apply. */
export function written({ kind, element, model, binding }: Owner, name: string): Value | undefined {
  const own = overridden(binding, element.name, name) ?? element.values[name];
  if (own !== undefined || model === undefined || kind.parameters[name]?.on === 'card') return own;
  return binding.models?.get(`${model.name}.${name}`) ?? model.values[name];
}

/** The written or default value of a parameter; undefined when it has none. */
export function worth(owner: Owner, name: string): Value | undefined {
  const value = written(owner, name);
  if (value !== undefined) return value;
  const fallback = owner.kind.parameters[name]?.default;
  return typeof fallback === 'string' ? worth(owner, fallback) : fallback;
}

/** Which parameter's number `name` is: its own, or that of the parameter which is its default. */
export function takenFrom(owner: Owner, name: string, isSet: (name: string) => boolean): string {
  if (isSet(name) || written(owner, name) !== undefined) return name;
  const fallback = owner.kind.parameters[name]?.default;
  return typeof fallback === 'string' ? takenFrom(owner, fallback, isSet) : name;
}

/** Arguments of an element's waveform as written on its card or overridden. */
export function waveformArguments(
  { name, waveform }: Element,
  lookup: Globals,
  binding: Binding,
): (number | undefined)[] {
  const written: (number | undefined)[] = waveform!.args.map((a) => number(a, lookup));
  if (binding.values === undefined) return written;
  const kind = waveforms.get(waveform!.kind)!;
  const count = Math.max(written.length, declaredArguments(kind).length);
  for (let k = 0; k < count; k++) {
    const override = overridden(binding, name, argumentName(kind, k).name);
    if (override !== undefined) written[k] = override;
  }
  return written;
}

export function given(owner: Owner, lookup: Globals): Given {
  return {
    given: (name) => written(owner, name) !== undefined || owner.element.expressions?.[name] !== undefined,
    value: (name) => {
      const value = worth(owner, name);
      return value === undefined ? Number.NaN : number(value, lookup);
    },
  };
}

/** Checks one number against its documentation. */
export function outOfBounds(doc: ParameterDoc, value: number): string | undefined {
  if (Number.isNaN(value)) return 'is not a number';
  if (doc.min !== undefined && value < doc.min) return `must be at least ${doc.min}`;
  if (doc.max !== undefined && value > doc.max) return `must be at most ${doc.max}`;
  if (doc.above !== undefined && value <= doc.above) return `must be above ${doc.above}`;
  if (doc.nonzero && value === 0) return 'must not be zero';
  if (doc.integer && !Number.isInteger(value)) return 'must be a whole number';
  return undefined;
}

/** What every element of a kind must say. */
const demands = new WeakMap<DeviceKind, readonly Demand[]>();

interface Demand {
  readonly name: string;
  readonly doc: ParameterDoc;
}

function required(kind: DeviceKind): readonly Demand[] {
  let list = demands.get(kind);
  if (list === undefined) {
    const all = Object.entries(kind.parameters).map(([name, doc]): Demand => ({ name, doc }));
    demands.set(kind, (list = all.filter(({ doc }) => doc.required)));
  }
  return list;
}

/** Bounds of the numbers written in one place, a card or a model. */
function checkWritten(kind: DeviceKind, owner: Element | Model, lookup: Globals, complain: Report): void {
  for (const name in owner.values) {
    const doc = kind.parameters[name];
    if (doc === undefined) {
      complain(
        owner,
        'unknown-parameter',
        `${owner.name} has no parameter ${name}`,
        `choose from ${Object.keys(kind.parameters).join(', ')}`,
      );
      continue;
    }
    const x = number(owner.values[name], lookup);
    const wrong = outOfBounds(doc, x);
    if (wrong) {
      const unit = doc.unit ? ` in ${doc.unit}` : '';
      complain(
        owner,
        'parameter-out-of-bounds',
        `${owner.name}: ${name} = ${x} ${wrong}`,
        `${name} is ${doc.doc}${unit}`,
      );
    }
  }
}

type Report = (owner: { readonly span?: Span }, code: string, message: string, hint: string) => void;

const ABSOLUTE_ZERO = -273.15;

/** Complaint about the temperature of a circuit in °C. */
export function checkTemperature(celsius: number | undefined, complain: Report): void {
  if (celsius === undefined || celsius > ABSOLUTE_ZERO) return;
  const message = `a temperature of ${celsius} °C is none`;
  complain({}, 'parameter-out-of-bounds', message, `temperatures are in °C, above ${ABSOLUTE_ZERO}`);
}

/** Complaints about parameters, each model's once: missing, unknown, out of bounds, or at odds with each other. */
export function makeValueCheck(lookup: Globals, report: Report): (owner: Owner) => void {
  const seen = new Map<Model, Set<DeviceKind>>();
  return (owner) => {
    const { kind, element, model } = owner;
    const demanded = required(kind);
    for (let k = 0; k < demanded.length; k++) {
      const { name, doc } = demanded[k];
      if (element.values[name] !== undefined || element.expressions?.[name] !== undefined) continue;
      if (worth(owner, name) !== undefined) continue;
      report(
        element,
        'missing-parameter',
        `${element.name} has no ${name} (${doc.doc})`,
        `write ${name}=… in ${doc.unit}`,
      );
    }
    checkWritten(kind, element, lookup, report);
    if (model !== undefined && !seen.get(model)?.has(kind)) {
      if (!seen.has(model)) seen.set(model, new Set());
      seen.get(model)!.add(kind);
      checkWritten(kind, model, lookup, report);
    }
    if (kind.check === undefined) return;
    for (const message of kind.check(given(owner, lookup))) {
      report(element, 'parameter-conflict', `${element.name}: ${message}`, kind.summary);
    }
  };
}
