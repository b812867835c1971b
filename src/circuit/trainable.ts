// Names of what may be learnt: `r1` (its main parameter), `n1.ibias`, `rsyn*`, `x1.r2.r`; * and ? stand for any text
// and any one character.
import type { DeviceKind } from '../devices/device.js';
import { waveforms } from '../devices/waveforms.js';
import { didYouMean } from '../expression/suggest.js';
import { isTrainable, namedArguments, numericParameters } from './address.js';
import { onBoundary } from './boundary.js';
import type { Element, Model, Value, Waveform } from './circuit.js';
import { justAbove } from './parameters.js';
import { valueAtRest } from './sources.js';
import { worth } from './values.js';
import type { Named } from './wiring.js';

/** One number of one element that may move. */
export interface Trainable {
  /** `element.parameter`, lower case, in the spelling with which it was asked for. */
  readonly name: string;
  readonly element: string;
  /** As the device documents it; or an argument of the element's waveform. */
  readonly parameter: string;
  /** Where it begins. */
  readonly value: Value;
  readonly unit: string;
  /** What the device allows, inclusive; ±Infinity where it allows anything. */
  readonly min: number;
  readonly max: number;
}

/** Where names are looked up. */
export interface Population {
  readonly elements: Named<Element>;
  readonly models: ReadonlyMap<string, Model>;
  kind(element: Element): DeviceKind;
}

/** Why a pattern names nothing that can be learnt. */
export interface Misnomer {
  readonly code: 'unknown-element' | 'unknown-parameter' | 'not-trainable' | 'no-value';
  readonly message: string;
  readonly hint?: string;
}

export const isGlob = (pattern: string): boolean => /[*?]/.test(pattern);

/** Whether a text is of the form of a pattern, in time O(text·pattern). */
export function matches(pattern: string, text: string): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** A number of an element: documented, written or not, trainable or not. */
interface Numeral extends Pick<Trainable, 'unit' | 'min' | 'max'> {
  readonly parameter: string;
  readonly doc: string;
  readonly aliases: readonly string[];
  readonly trainable: boolean;
  /** Moved from its value, the device has another structure. */
  readonly edge: boolean;
  readonly value: Value | undefined;
}

/** Parameters of the kind, then arguments of the waveform. */
function numeralsOf(element: Element, { models, kind: kindOf }: Population): readonly Numeral[] {
  const kind = kindOf(element);
  const model = element.model === undefined ? undefined : models.get(element.model);
  const owner = { kind, element, model, binding: {} };
  const parameters = numericParameters(kind).map(
    ([parameter, doc]): Numeral => ({
      parameter,
      doc: doc.doc,
      aliases: doc.aliases ?? [],
      trainable: isTrainable(doc),
      edge: onBoundary(owner, () => Number.NaN, parameter),
      value:
        parameter === 'dc' && element.waveform !== undefined && element.values.dc === undefined
          ? levelAtRest(element.waveform)
          : worth(owner, parameter),
      unit: doc.unit,
      min: doc.above === undefined ? (doc.min ?? Number.NEGATIVE_INFINITY) : justAbove(doc.above),
      max: doc.max ?? Number.POSITIVE_INFINITY,
    }),
  );
  const args = namedArguments(element).map(
    ({ name, unit, trainable }, k): Numeral => ({
      parameter: name,
      doc: `of its ${element.waveform?.kind}`,
      aliases: [],
      trainable,
      edge: false,
      value: element.waveform?.args[k],
      unit,
      min: Number.NEGATIVE_INFINITY,
      max: Number.POSITIVE_INFINITY,
    }),
  );
  return [...parameters, ...args];
}

/** The value of a waveform at t = 0, which stands for the DC value that was not given; undefined where it follows from others. */
function levelAtRest({ kind, args }: Waveform): number | undefined {
  const numbers = args.filter((a) => typeof a === 'number');
  const found = waveforms.get(kind);
  return found && numbers.length === args.length ? valueAtRest(found, numbers, {}) : undefined;
}

/** What a bare element stands for: the parameter whose value follows the nodes on its card. */
function principalOf(element: Element, population: Population): Numeral | undefined {
  const [name] = population.kind(element).card.positional ?? [];
  return numeralsOf(element, population).find(({ parameter, trainable }) => trainable && parameter === name);
}

/**
 * The parameters a pattern stands for, in the order of the circuit. The pattern of an element means its main
 * parameter: the first value on its card (r of R, c of C, dc of V and I, area of D).
 */
export function findTrainable(pattern: string, population: Population): readonly Trainable[] | Misnomer {
  const bare = elementsLike(pattern, population);
  if (bare.length > 0) return mainOf(bare, population);
  const dot = pattern.lastIndexOf('.');
  const owners = dot > 0 ? elementsLike(pattern.slice(0, dot), population) : [];
  if (owners.length === 0) return stranger(pattern, population);
  const key = pattern.slice(dot + 1);
  const found: Trainable[] = [];
  let problem: Misnomer | undefined;
  for (const element of owners) {
    const numerals = numeralsOf(element, population);
    const meant = isGlob(key)
      ? numerals.filter((n) => n.trainable && !n.edge && n.value !== undefined && matches(key, n.parameter))
      : numerals.filter((n) => n.parameter === key || n.aliases.includes(key)).slice(0, 1);
    if (meant.length === 0) problem ??= absent(pattern, key, element, numerals);
    for (const n of meant) {
      if (!n.trainable) problem ??= fixed(element, n, numerals);
      else if (n.value === undefined) problem ??= unset(element, n);
      else found.push(trainable(element, isGlob(key) ? n.parameter : key, n));
    }
  }
  return found.length > 0 ? found : problem!;
}

const trainable = ({ name: element }: Element, spelling: string, n: Numeral): Trainable => ({
  name: `${element}.${spelling}`,
  element,
  parameter: n.parameter,
  value: n.value!,
  unit: n.unit,
  min: n.min,
  max: n.max,
});

function elementsLike(pattern: string, { elements }: Population): readonly Element[] {
  if (isGlob(pattern)) return [...elements.values()].filter(({ name }) => matches(pattern, name));
  const found = elements.get(pattern);
  return found ? [found] : [];
}

function mainOf(owners: readonly Element[], population: Population): readonly Trainable[] | Misnomer {
  const found = owners.flatMap((element) => {
    const n = principalOf(element, population);
    return n?.value === undefined ? [] : [trainable(element, n.parameter, n)];
  });
  if (found.length > 0) return found;
  const [element] = owners;
  const n = principalOf(element, population);
  if (n !== undefined) return unset(element, n);
  return {
    code: 'not-trainable',
    message: `${element.name} has no single value: say which of its parameters is trained`,
    hint: choices(element, numeralsOf(element, population)),
  };
}

function stranger(pattern: string, { elements }: Population): Misnomer {
  if (isGlob(pattern)) {
    return {
      code: 'unknown-element',
      message: `no element is called like "${pattern}"`,
      hint: '* stands for any text and ? for one character: Rsyn*, x1.r?, n*.ibias',
    };
  }
  const owner = pattern.slice(0, Math.max(0, pattern.lastIndexOf('.')));
  const guess =
    insideOf(pattern, [...elements.keys()]) ??
    didYouMean(pattern, elements.keys()) ??
    (owner ? didYouMean(owner, elements.keys()) : undefined);
  return {
    code: 'unknown-element',
    message: `no element is called "${pattern}"`,
    hint: guess ?? 'write an element, R1, or one of its parameters, R1.r; inside a subcircuit x1.r1',
  };
}

/** What a subcircuit holds, or the subcircuits that hold an element of that name. */
function insideOf(name: string, elements: readonly string[]): string | undefined {
  const held = elements.find((element) => element.startsWith(`${name}.`));
  if (held !== undefined) return `${name} is a subcircuit: write ${held}, or ${name}.* for all of it`;
  const [first, second] = elements.filter((element) => element.endsWith(`.${name}`));
  if (first === undefined) return undefined;
  return `inside a subcircuit it is ${first}${second === undefined ? '' : `, and *.${name} wherever it is`}`;
}

function absent(pattern: string, key: string, element: Element, numerals: readonly Numeral[]): Misnomer {
  const names = numerals.flatMap((n) => (n.trainable ? [n.parameter] : []));
  return {
    code: 'unknown-parameter',
    message: isGlob(key)
      ? `no trainable parameter is called like "${pattern}"`
      : `${element.name} has no parameter "${key}"`,
    hint: (isGlob(key) ? undefined : didYouMean(key, names)) ?? choices(element, numerals),
  };
}

const fixed = (element: Element, { parameter, doc }: Numeral, numerals: readonly Numeral[]): Misnomer => ({
  code: 'not-trainable',
  message: `${element.name}.${parameter} (${doc}) cannot be trained`,
  hint: choices(element, numerals),
});

function unset({ name: element, waveform }: Element, { parameter, doc }: Numeral): Misnomer {
  const { name = '', positional = [] } = (waveform && waveforms.get(waveform.kind)) ?? {};
  const place = positional.findIndex((argument) => argument.name === parameter);
  return {
    code: 'no-value',
    message: `${element} has no ${parameter} (${doc}) to begin with`,
    hint:
      place < 0
        ? `write ${parameter}=… on its card or in its model`
        : `write it in its place, ${name}(${positional
            .slice(0, place + 1)
            .map((argument) => argument.name)
            .join(' ')})`,
  };
}

function choices(element: Element, numerals: readonly Numeral[]): string {
  const names = numerals.flatMap((n) => (n.trainable ? [`${element.name}.${n.parameter}`] : []));
  return names.length === 0
    ? `no number of ${element.name} can be trained`
    : `what can be trained: ${names.join(', ')}`;
}
