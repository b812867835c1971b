// A circuit built in code: the same words as on a card, checked against the same documented parameters.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';
import { kindsByLetter } from '../devices/registry.js';
import { waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import { didYouMean } from '../expression/suggest.js';
import type { Circuit, Element, Model, Value, Waveform } from './circuit.js';
import { type Complaints, type Formulas, formulaReader } from './formula.js';
import { globals, makeValueCheck } from './values.js';

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

export interface CircuitOptions {
  /** °C, default 27. */
  readonly temperature?: number;
  /** °C at which parameters were measured, default 27. */
  readonly nominalTemperature?: number;
}

/** Collects a circuit card by card; every method but `build` returns the builder itself. */
export interface CircuitBuilder {
  /**
   * An element. Its first letter and its model or expressions choose the kind, as on a card.
   * @param nodes in the order of the kind's pins, as a list or in one text: `'a b'`; `0` and `gnd` are ground
   * @param settings by name, or the value of the first parameter alone: `c.add('R1', 'a b', 1e3)`
   */
  add(name: string, nodes: string | readonly string[], settings?: Settings | Setting): CircuitBuilder;
  /** A `.model`: name, type (`d`, `fhn`, `tunnel`, …) and parameters. May come after the elements that use it. */
  model(name: string, type: string, values?: Readonly<Record<string, Setting>>): CircuitBuilder;
  /** A `.param`, over those before it. */
  parameter(name: string, value: Setting): CircuitBuilder;
  /** `.ic`: a node's voltage at t = 0. */
  initial(node: string, volts: Setting): CircuitBuilder;
  /** `.nodeset`: a first guess of a node's voltage. */
  nodeset(node: string, volts: Setting): CircuitBuilder;
  /** @throws InputError with everything that is wrong with the circuit's words and numbers */
  build(): Circuit;
}

interface Draft {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly settings: Settings | Setting | undefined;
}

/** An empty circuit to add to. */
export function createCircuit(title: string, options: CircuitOptions = {}): CircuitBuilder {
  const drafts: Draft[] = [];
  const models: { name: string; type: string; values: Readonly<Record<string, Setting>> }[] = [];
  const parameters: [string, Setting][] = [];
  const initials: [string, Setting][] = [];
  const nodesets: [string, Setting][] = [];
  const builder: CircuitBuilder = {
    add(name, nodes, settings) {
      const list = typeof nodes === 'string' ? nodes.trim().split(/[\s,]+/) : nodes;
      drafts.push({ name: name.toLowerCase(), nodes: list.filter((n) => n !== '').map(nodeName), settings });
      return builder;
    },
    model(name, type, values = {}) {
      models.push({ name: name.toLowerCase(), type: type.toLowerCase(), values });
      return builder;
    },
    parameter(name, value) {
      parameters.push([name.toLowerCase(), value]);
      return builder;
    },
    initial(node, volts) {
      initials.push([nodeName(node), volts]);
      return builder;
    },
    nodeset(node, volts) {
      nodesets.push([nodeName(node), volts]);
      return builder;
    },
    build() {
      const found: Diagnostic[] = [];
      const complain: Complaints = (code, message, hint, span) => {
        found.push({
          severity: 'error',
          code,
          message,
          ...(hint ? { hint } : {}),
          ...(span ? { span } : {}),
        });
      };
      const known = new Map<string, Value>();
      const formulas = formulaReader((name) => known.has(name) || name === 'temper', complain);
      for (const [name, value] of parameters) known.set(name, formulas.value(value, `parameter ${name}`));
      const voltages = (list: readonly [string, Setting][]): Map<string, Value> =>
        new Map(list.map(([node, volts]) => [node, formulas.value(volts, `the voltage of ${node}`)]));
      const modelOf = new Map(models.map((m) => [m.name, readModel(m, formulas, complain)]));
      const elements = drafts.flatMap((draft) => readElement(draft, modelOf, formulas, complain) ?? []);
      const circuit: Circuit = {
        title,
        elements: elements.map(({ element }) => element),
        models: modelOf,
        parameters: known,
        temperature: options.temperature ?? 27,
        nominalTemperature: options.nominalTemperature ?? 27,
        initialConditions: voltages(initials),
        nodesets: voltages(nodesets),
      };
      const check = makeValueCheck(globals(circuit, {}), ({ span }, code, message, hint) => {
        found.push({ severity: 'error', code, message, hint, ...(span ? { span } : {}) });
      });
      for (const { element, kind } of elements) {
        const model = element.model === undefined ? undefined : modelOf.get(element.model);
        check({ kind, element, model, binding: {} });
      }
      if (found.length > 0) throw new InputError(found);
      return circuit;
    },
  };
  return builder;
}

const nodeName = (name: string): string => {
  const lower = name.toLowerCase();
  return lower === 'gnd' ? '0' : lower;
};

function readModel(
  { name, type, values }: { name: string; type: string; values: Readonly<Record<string, Setting>> },
  formulas: Formulas,
  complain: Complaints,
): Model {
  const kinds = [...'abcdefghijklmnopqrstuvwxyz'].flatMap(kindsByLetter);
  const answering = kinds.filter((kind) => kind.modelTypes?.includes(type));
  if (answering.length === 0) {
    const types = kinds.flatMap((kind) => kind.modelTypes ?? []);
    complain(
      'unknown-model-type',
      `model ${name} is of an unknown type, ${type}`,
      didYouMean(type, types) ?? `types are ${types.join(', ')}`,
    );
  }
  const read: Record<string, Value> = {};
  for (const [written, value] of Object.entries(values)) {
    const docs = answering.map((kind) => ({ kind, key: parameterName(kind, written) }));
    const match = docs.find(({ kind, key }) => key !== undefined && kind.parameters[key].on !== 'card');
    if (match?.key !== undefined) read[match.key] = formulas.value(value, `${name}: ${written}`);
    else if (answering.length > 0)
      unknownParameter(`model ${name} (${type})`, written, answering, 'model', complain);
  }
  return { name, type, values: read };
}

function readElement(
  draft: Draft,
  models: ReadonlyMap<string, Model>,
  formulas: Formulas,
  complain: Complaints,
): { element: Element; kind: DeviceKind } | undefined {
  const { name, nodes } = draft;
  const plain = draft.settings === undefined || isSettings(draft.settings);
  const settings: Settings = plain ? ((draft.settings as Settings | undefined) ?? {}) : {};
  const kind = chooseKind(name, settings, models, complain);
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
  const take = (written: string, value: Setting): void => {
    const key = parameterName(kind, written);
    if (key === undefined) unknownParameter(`${name} (${kind.name})`, written, [kind], 'card', complain);
    else if (kind.card.expressions?.includes(key)) {
      const own = kind.card.own && { name, nodes, quantity: kind.card.own };
      const e = formulas.behaviour(value, `${name}: ${written}`, own);
      if (e) expressions[key] = e;
    } else if (kind.parameters[key].on === 'model') {
      complain(
        'model-parameter',
        `${name}: ${written} belongs in the .model of a ${kind.name}, not on its card`,
        'move it to model(…)',
      );
    } else values[key] = formulas.value(value, `${name}: ${written}`);
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
  const model = typeof settings.model === 'string' ? settings.model.toLowerCase() : undefined;
  return {
    kind,
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

/** The kind that a card with this letter, model and these parameters is of. */
function chooseKind(
  name: string,
  settings: Settings,
  models: ReadonlyMap<string, Model>,
  complain: Complaints,
): DeviceKind | undefined {
  const kinds = kindsByLetter(name[0] ?? '');
  if (kinds.length === 0) {
    complain(
      'unknown-letter',
      `${name}: no device begins with "${name[0] ?? ''}"`,
      'R, C, L, V, I, E, F, G, H, B, D, N, T, S, W, K, Y are letters of devices',
    );
    return undefined;
  }
  if (settings.model !== undefined) {
    const model = models.get(`${settings.model}`.toLowerCase());
    if (model === undefined) {
      complain(
        'unknown-model',
        `${name} names a model that does not exist, ${settings.model}`,
        didYouMean(`${settings.model}`.toLowerCase(), models.keys()) ?? 'add it with model(…)',
      );
      return undefined;
    }
    const answering = kinds.find((kind) => kind.modelTypes?.includes(model.type));
    if (answering === undefined) {
      const types = kinds.flatMap((kind) => kind.modelTypes ?? []);
      complain(
        'wrong-model-type',
        `${name}: model ${model.name} is of type ${model.type}`,
        types.length > 0
          ? `elements that begin with ${name[0]} take models of type ${types.join(', ')}`
          : 'such elements take no model',
      );
    }
    return answering;
  }
  const written = Object.keys(settings);
  const byExpression = kinds.find(
    (kind) =>
      kind.card.whenExpression &&
      written.some((w) => kind.card.expressions?.includes(parameterName(kind, w) ?? '')),
  );
  const kind = byExpression ?? kinds.find((k) => !k.card.whenExpression && k.card.model !== 'required');
  if (kind !== undefined) return kind;
  const models_ = kinds.flatMap((k) => k.modelTypes ?? []);
  const expressions = kinds.flatMap((k) => k.card.expressions ?? []);
  complain(
    'incomplete-element',
    `${name} does not say what it is`,
    models_.length > 0
      ? `name a model of type ${models_.join(', ')}`
      : `write ${expressions.map((e) => `{ ${e}: '…' }`).join(' or ')}`,
  );
  return undefined;
}

function readWaveform(
  element: string,
  name: string,
  value: Settings[string],
  formulas: Formulas,
  complain: Complaints,
): Waveform {
  const kind = waveforms.get(name)!;
  const read = (v: Setting): Value => formulas.value(v, `${element}: ${name}`);
  const fallbacks = kind.named.map((a) => (typeof a.default === 'number' ? a.default : 0));
  if (Array.isArray(value)) return { kind: name, args: [...fallbacks, ...value.map(read)] };
  if (isSetting(value)) return { kind: name, args: [...fallbacks, read(value)] };
  const { points, ...rest } = value as Named;
  const declared = [...kind.named, ...(kind.repeats ? [] : kind.positional)];
  for (const word of Object.keys(rest)) {
    if (!declared.some((a) => a.name === word)) {
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
  return {
    kind: name,
    args: [...args, ...(Array.isArray(points) ? points.map((v: Setting) => read(v)) : [])],
  };
}

const isSetting = (value: unknown): value is Setting =>
  typeof value === 'number' ||
  typeof value === 'string' ||
  (typeof value === 'object' && value !== null && 'op' in value);

type Named = Readonly<Record<string, Setting | readonly Setting[]>>;

const isNamed = (value: Settings[string]): value is Named => !isSetting(value) && !Array.isArray(value);

const isSettings = (value: Settings | Setting): value is Settings => !isSetting(value);

/** The parameter's own name for any of its spellings. */
function parameterName(kind: DeviceKind, written: string): string | undefined {
  const word = written.toLowerCase();
  if (Object.hasOwn(kind.parameters, word)) return word;
  return Object.keys(kind.parameters).find((name) => kind.parameters[name].aliases?.includes(word));
}

function writable(kinds: readonly DeviceKind[], on: 'card' | 'model'): string[] {
  const other: ParameterDoc['on'] = on === 'card' ? 'model' : 'card';
  return kinds.flatMap((kind) =>
    Object.keys(kind.parameters).filter((name) => kind.parameters[name].on !== other),
  );
}

const parameterList = (kinds: readonly DeviceKind[], on: 'card' | 'model'): string =>
  `its parameters are ${writable(kinds, on).join(', ')}`;

function unknownParameter(
  owner: string,
  written: string,
  kinds: readonly DeviceKind[],
  on: 'card' | 'model',
  complain: Complaints,
): void {
  const hint = didYouMean(written.toLowerCase(), writable(kinds, on)) ?? parameterList(kinds, on);
  complain('unknown-parameter', `${owner} has no parameter ${written}`, hint);
}
