// What a parameter is worth: the card's value, else the model's, else the documented default.
import type { DeviceKind, Given, ParameterDoc } from '../devices/device.js';
import type { Diagnostic } from '../errors.js';
import { evaluate } from '../expression/evaluate.js';
import type { Circuit, Element, Model, Value } from './circuit.js';

/** Numbers of a run that override what the circuit says. */
export interface Binding {
  /** Global parameters (`.param`) by name. */
  readonly parameters?: ReadonlyMap<string, number>;
  /** Element parameters by `element.parameter`, e.g. `r1.r`. */
  readonly values?: ReadonlyMap<string, number>;
  /** Model parameters by `model.parameter`. */
  readonly models?: ReadonlyMap<string, number>;
  /** Circuit temperature in °C. */
  readonly celsius?: number;
  /** `.tran` print step and end (s): defaults of waveforms refer to them. */
  readonly timing?: { readonly tstep: number; readonly tstop: number };
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
function written({ kind, element, model, binding }: Owner, name: string): Value | undefined {
  const own = binding.values?.get(`${element.name}.${name}`) ?? element.values[name];
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

/** All complaints about one element's parameters: missing, out of bounds, or at odds with each other. */
export function checkValues(owner: Owner, lookup: Globals): Diagnostic[] {
  const { kind, element } = owner;
  const found: Diagnostic[] = [];
  const complain = (code: string, message: string, hint?: string): void => {
    found.push({
      severity: 'error',
      code,
      message,
      ...(hint ? { hint } : {}),
      ...(element.span ? { span: element.span } : {}),
    });
  };
  for (const name in kind.parameters) {
    const doc = kind.parameters[name];
    const value = worth(owner, name);
    if (value === undefined) {
      if (doc.required && element.expressions?.[name] === undefined) {
        complain(
          'missing-parameter',
          `${element.name} has no ${name} (${doc.doc})`,
          `write ${name}=… ${doc.unit ? `in ${doc.unit}` : ''}`.trim(),
        );
      }
      continue;
    }
    if (value === doc.default) continue;
    const x = number(value, lookup);
    const wrong = outOfBounds(doc, x);
    if (wrong)
      complain(
        'parameter-out-of-bounds',
        `${element.name}: ${name} = ${x} ${wrong}`,
        `${name} is ${doc.doc}${doc.unit ? ` in ${doc.unit}` : ''}`,
      );
  }
  for (const message of kind.check?.(given(owner, lookup)) ?? [])
    complain('parameter-conflict', `${element.name}: ${message}`);
  return found;
}
