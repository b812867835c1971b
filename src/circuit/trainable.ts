// Names of what may be learnt: `r1` (its main parameter), `n1.ibias`, `rsyn*`, `x1.r2.r`; * and ? stand for any text
// and any one character.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';
import { didYouMean } from '../expression/suggest.js';
import type { Element, Model } from './circuit.js';
import { worth } from './values.js';

/** One number of one element that may move. */
export interface Trainable {
  /** `element.parameter`, lower case, in the spelling with which it was asked for. */
  readonly name: string;
  readonly element: string;
  /** As the device documents it. */
  readonly parameter: string;
}

/** Where names are looked up. */
export interface Population {
  readonly elements: ReadonlyMap<string, Element>;
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

const mayMove = (kind: DeviceKind, name: string, doc: ParameterDoc): boolean =>
  doc.trainable !== false && !doc.integer && !kind.card.expressions?.includes(name);

const trainableOf = (kind: DeviceKind): readonly string[] =>
  Object.entries(kind.parameters).flatMap(([name, doc]) => (mayMove(kind, name, doc) ? [name] : []));

/** What a bare element stands for: the parameter whose value follows the nodes on its card. */
const principal = (kind: DeviceKind): string | undefined =>
  kind.card.positional?.find((name) => mayMove(kind, name, kind.parameters[name]));

/**
 * The parameters a pattern stands for, in the order of the circuit. The pattern of an element means its main
 * parameter: the first value on its card (r of R, c of C, dc of V and I, area of D).
 */
export function findTrainable(pattern: string, population: Population): readonly Trainable[] | Misnomer {
  const bare = elementsLike(pattern, population);
  if (bare.length > 0) return mainOf(pattern, bare, population);
  const dot = pattern.lastIndexOf('.');
  const owners = dot > 0 ? elementsLike(pattern.slice(0, dot), population) : [];
  if (owners.length === 0) return stranger(pattern, population);
  const key = pattern.slice(dot + 1);
  if (isGlob(key)) {
    const found = owners.flatMap((element) =>
      trainableOf(population.kind(element))
        .filter((name) => matches(key, name) && hasValue(element, name, population))
        .map((name) => trainable(element, name, name)),
    );
    return found.length > 0 ? found : absent(pattern, key, owners[0], population);
  }
  const found: Trainable[] = [];
  let problem: Misnomer | undefined;
  for (const element of owners) {
    const kind = population.kind(element);
    const name = Object.keys(kind.parameters).find(
      (p) => p === key || kind.parameters[p].aliases?.includes(key),
    );
    if (name === undefined) problem ??= absent(pattern, key, element, population);
    else if (!mayMove(kind, name, kind.parameters[name])) problem ??= fixed(element, name, kind);
    else if (!hasValue(element, name, population)) problem ??= unset(element, name, kind);
    else found.push(trainable(element, key, name));
  }
  return found.length > 0 ? found : problem!;
}

const trainable = ({ name: element }: Element, spelling: string, parameter: string): Trainable => ({
  name: `${element}.${spelling}`,
  element,
  parameter,
});

function elementsLike(pattern: string, { elements }: Population): readonly Element[] {
  if (isGlob(pattern)) return [...elements.values()].filter(({ name }) => matches(pattern, name));
  const found = elements.get(pattern);
  return found ? [found] : [];
}

function mainOf(
  pattern: string,
  owners: readonly Element[],
  population: Population,
): readonly Trainable[] | Misnomer {
  const found = owners.flatMap((element) => {
    const name = principal(population.kind(element));
    return name !== undefined && hasValue(element, name, population) ? [trainable(element, name, name)] : [];
  });
  if (found.length > 0) return found;
  const kind = population.kind(owners[0]);
  const name = principal(kind);
  if (name !== undefined) return unset(owners[0], name, kind);
  return {
    code: 'not-trainable',
    message: `${isGlob(pattern) ? owners[0].name : pattern} has no single value: say which of its parameters is trained`,
    hint: choices(owners[0].name, kind),
  };
}

function hasValue(element: Element, name: string, population: Population): boolean {
  const model = element.model === undefined ? undefined : population.models.get(element.model);
  return worth({ kind: population.kind(element), element, model, binding: {} }, name) !== undefined;
}

function stranger(pattern: string, { elements }: Population): Misnomer {
  const owner = pattern.slice(0, Math.max(0, pattern.lastIndexOf('.')));
  if (isGlob(pattern)) {
    return {
      code: 'unknown-element',
      message: `no element is called like "${pattern}"`,
      hint: '* stands for any text and ? for one character: Rsyn*, x1.r?, n*.ibias',
    };
  }
  const guess =
    didYouMean(pattern, elements.keys()) ?? (owner ? didYouMean(owner, elements.keys()) : undefined);
  return {
    code: 'unknown-element',
    message: `no element is called "${pattern}"`,
    hint: guess ?? 'write an element, R1, or one of its parameters, R1.r; inside a subcircuit x1.r1',
  };
}

function absent(pattern: string, key: string, element: Element, population: Population): Misnomer {
  const kind = population.kind(element);
  const guess = isGlob(key) ? undefined : didYouMean(key, trainableOf(kind));
  return {
    code: 'unknown-parameter',
    message: isGlob(key)
      ? `no trainable parameter is called like "${pattern}"`
      : `${element.name} has no parameter "${key}"`,
    hint: guess ?? choices(element.name, kind),
  };
}

const fixed = ({ name: element }: Element, name: string, kind: DeviceKind): Misnomer => ({
  code: 'not-trainable',
  message: `${element}.${name} (${kind.parameters[name].doc}) cannot be trained`,
  hint: choices(element, kind),
});

const unset = ({ name: element }: Element, name: string, { parameters }: DeviceKind): Misnomer => ({
  code: 'no-value',
  message: `${element} has no ${name} (${parameters[name].doc}) to begin with`,
  hint: `write ${name}=… on its card or in its model`,
});

function choices(element: string, kind: DeviceKind): string {
  const names = trainableOf(kind);
  if (names.length === 0) return `a ${kind.name} has nothing that can be trained`;
  return `what can be trained: ${names.map((name) => `${element}.${name}`).join(', ')}`;
}
