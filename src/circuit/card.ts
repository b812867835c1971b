// One card in code → an element or a model, each word consumed or complained about.
import type { DeviceKind } from '../devices/device.js';
import { deviceKinds } from '../devices/registry.js';
import { waveforms } from '../devices/waveforms.js';
import type { Expr } from '../expression/expression.js';
import { didYouMean } from '../expression/suggest.js';
import type { Element, Model, Value, Waveform } from './circuit.js';
import type { Complaints, Formulas } from './formula.js';
import { chooseKind, parameterList, parameterName, unknownParameter } from './vocabulary.js';

/** A number in SI units, an expression, or the text of one: `'2*rload'`, `'4.7k'`, and in behavioural parameters `'v(a)^3'`. */
export type Setting = number | string | Expr;

/**
 * What stands on a card after the nodes: parameters by name, and besides them `model`, `controls` (names of other
 * elements), `ac: [magnitude, degrees]`, or a waveform by its name with its arguments in order or by name:
 * `{ pulse: [0, 1, 1e-9] }`, `{ pulse: { v1: 0, v2: 1, td: 1e-9 } }`, `{ pwl: { r: 0, points: [0, 0, 1, 1] } }`.
 */
export type Settings = Readonly<
  Record<string, Setting | readonly Setting[] | Readonly<Record<string, Setting | readonly Setting[]>>>
>;

/** What `add` was given. */
export interface Draft {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly settings: Settings | Setting | undefined;
}

export interface ModelDraft {
  readonly name: string;
  readonly type: string;
  readonly values: Readonly<Record<string, Setting>>;
}

/** What a card says, as far as its words could be read: nothing is to be said of what is missing where not all of them were. */
interface Read {
  readonly whole: boolean;
}

export function readModel(
  { name, type, values }: ModelDraft,
  formulas: Formulas,
  complain: Complaints,
): Read & { readonly model: Model } {
  const answering = deviceKinds.filter((kind) => kind.modelTypes?.includes(type));
  if (answering.length === 0) {
    const types = deviceKinds.flatMap((kind) => kind.modelTypes ?? []);
    complain(
      'unknown-model-type',
      `model ${name} is of an unknown type, ${type}`,
      didYouMean(type, types) ?? `types are ${types.join(', ')}`,
    );
  }
  const read: Record<string, Value> = {};
  let whole = answering.length > 0;
  for (const [written, value] of Object.entries(values)) {
    const docs = answering.map((kind) => ({ kind, key: parameterName(kind, written) }));
    const match = docs.find(({ kind, key }) => key !== undefined && kind.parameters[key].on !== 'card');
    const number = match && formulas.value(value, `${name}: ${written}`);
    if (number === undefined) whole = false;
    if (match?.key !== undefined && number !== undefined) read[match.key] = number;
    else if (match === undefined && answering.length > 0)
      unknownParameter(`model ${name} (${type})`, written, answering, 'model', complain);
  }
  return { model: { name, type, values: read }, whole };
}

export function readElement(
  draft: Draft,
  models: ReadonlyMap<string, Model>,
  formulas: Formulas,
  complain: Complaints,
): (Read & { readonly element: Element; readonly kind: DeviceKind }) | undefined {
  const { name, nodes } = draft;
  const plain = draft.settings === undefined || isSettings(draft.settings);
  const settings: Settings = plain ? ((draft.settings as Settings | undefined) ?? {}) : {};
  const model = typeof settings.model === 'string' ? settings.model.toLowerCase() : undefined;
  const kind = chooseKind(name, Object.keys(settings), model, models, complain);
  if (kind === undefined) return undefined;
  if (nodes.length !== kind.pins.length) {
    complain(
      'wrong-nodes',
      `${name} has ${nodes.length} node${nodes.length === 1 ? '' : 's'}, a ${kind.name} has ${kind.pins.length}`,
      `in order: ${kind.pins.join(', ')}`,
    );
  }
  const values: Record<string, Value> = {};
  const expressions: Record<string, Expr> = {};
  let waveform: Waveform | undefined;
  let controls: readonly string[] | undefined;
  let whole = true;
  const take = (written: string, value: Setting): void => {
    const key = parameterName(kind, written);
    if (key === undefined) {
      whole = false;
      unknownParameter(`${name} (${kind.name})`, written, [kind], 'card', complain);
    } else if (kind.card.expressions?.includes(key)) {
      const own = kind.card.own && { name, nodes, quantity: kind.card.own };
      const e = formulas.behaviour(value, `${name}: ${written}`, own);
      if (e) expressions[key] = e;
      else whole = false;
    } else if (kind.parameters[key].on === 'model') {
      complain(
        'model-parameter',
        `${name}: ${written} belongs in the .model of a ${kind.name}, not on its card`,
        'move it to model(…)',
      );
    } else {
      const number = formulas.value(value, `${name}: ${written}`);
      if (number === undefined) whole = false;
      else values[key] = number;
    }
  };
  if (!plain) {
    const first = kind.card.positional?.[0] ?? kind.card.expressions?.[0];
    if (first === undefined)
      complain(
        'unexpected-value',
        `a ${kind.name} has no value without a name`,
        parameterList([kind], 'card'),
      );
    else take(first, draft.settings as Setting);
  }
  for (const [written, value] of Object.entries(settings)) {
    const word = written.toLowerCase();
    const lists = kind.card.lists?.[word];
    if (word === 'model') continue;
    if (word === 'controls') {
      controls = (Array.isArray(value) ? value : [value]).map((c) => `${c}`.toLowerCase());
    } else if (kind.card.waveform && word === 'ac' && !isNamed(value)) {
      const [magnitude, phase] = Array.isArray(value) ? value : [value];
      take('acmag', magnitude);
      if (phase !== undefined) take('acphase', phase);
    } else if (kind.card.waveform && waveforms.has(word)) {
      waveform = readWaveform(name, word, value, formulas, complain);
    } else if (Array.isArray(value) && lists) {
      value.slice(0, lists.length).forEach((v: Setting, k) => {
        take(lists[k], v);
      });
    } else if (isSetting(value)) take(word, value);
    else
      complain(
        'unexpected-value',
        `${name}: ${written} is not a number or a text`,
        parameterList([kind], 'card'),
      );
  }
  const wanted = kind.card.controls;
  if (wanted !== undefined && wanted !== 'many' && controls?.length !== wanted) {
    complain(
      'wrong-controls',
      `${name} needs ${wanted} controlling element${wanted === 1 ? '' : 's'}`,
      "write { controls: ['…'] }",
    );
  }
  return {
    kind,
    whole,
    element: {
      kind: kind.name,
      name,
      nodes,
      values,
      ...(Object.keys(expressions).length > 0 ? { expressions } : {}),
      ...(controls ? { controls } : {}),
      ...(waveform ? { waveform } : {}),
      ...(model === undefined ? {} : { model }),
    },
  };
}

/** Undefined after a complaint. */
function readWaveform(
  element: string,
  name: string,
  value: Settings[string],
  formulas: Formulas,
  complain: Complaints,
): Waveform | undefined {
  const kind = waveforms.get(name)!;
  let whole = true;
  const read = (v: Setting): Value => {
    const number = formulas.value(v, `${element}: ${name}`);
    if (number === undefined) whole = false;
    return number ?? Number.NaN;
  };
  const made = (args: readonly Value[]): Waveform | undefined => (whole ? { kind: name, args } : undefined);
  const fallbacks = kind.named.map((a) => (typeof a.default === 'number' ? a.default : 0));
  if (Array.isArray(value)) return made([...fallbacks, ...value.map(read)]);
  if (isSetting(value)) return made([...fallbacks, read(value)]);
  const { points, ...rest } = value as Named;
  const declared = [...kind.named, ...(kind.repeats ? [] : kind.positional)];
  for (const word of Object.keys(rest)) {
    if (!declared.some((a) => a.name === word)) {
      whole = false;
      const names = declared.map((a) => a.name);
      complain(
        'unknown-argument',
        `${element}: ${name} has no argument ${word}`,
        didYouMean(word, names) ?? `its arguments are ${names.join(', ')}`,
      );
    }
  }
  const last = declared.findLastIndex((a) => rest[a.name] !== undefined);
  const args = declared.slice(0, Math.max(last + 1, kind.named.length)).map((a) => {
    const v = rest[a.name];
    if (isSetting(v)) return read(v);
    return typeof a.default === 'number' || a.zeroIsDefault
      ? ((a.default as number | undefined) ?? 0)
      : Number.NaN;
  });
  return made([...args, ...(Array.isArray(points) ? points.map((v: Setting) => read(v)) : [])]);
}

const isSetting = (value: unknown): value is Setting =>
  typeof value === 'number' ||
  typeof value === 'string' ||
  (typeof value === 'object' && value !== null && 'op' in value);

type Named = Readonly<Record<string, Setting | readonly Setting[]>>;

const isNamed = (value: Settings[string]): value is Named => !isSetting(value) && !Array.isArray(value);

const isSettings = (value: Settings | Setting): value is Settings => !isSetting(value);
