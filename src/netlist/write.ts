// A circuit as a deck: cards that ngspice runs and that our own parser reads back as the same circuit.
import type { Circuit, Element, Value, Waveform } from '../circuit/circuit.js';
import { globals, number } from '../circuit/values.js';
import type { DeviceKind } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { waveforms } from '../devices/waveforms.js';
import { InputError } from '../errors.js';
import { constant } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { substituter } from '../expression/substitute.js';
import { lawCards, type Surroundings } from './write-law.js';

/** What is written besides the circuit, and for whom. */
export interface WriteOptions {
  /** Lines of comment below the title. */
  readonly comments?: readonly string[];
  /** Cards after the circuit, as they are: `.tran 1n 1u`, `.options reltol=1e-6`, `.save v(out)`. */
  readonly cards?: readonly string[];
  /**
   * `ngspice` (default): what ngspice lacks (tunnel diode, FitzHugh–Nagumo cell, gyrator, …) becomes behavioural
   * sources and capacitors that obey the same law. `tellegen`: every element stays itself.
   */
  readonly dialect?: 'ngspice' | 'tellegen';
  /** Dialect `tellegen`: names of `.param` that stay names, with all that depends on them; a `.data` table may set them. */
  readonly free?: ReadonlySet<string>;
}

/**
 * Numbers are written as numbers: expressions of `.param` names are replaced by their values, unless these are `free`. An element inside a
 * subcircuit, `x1.r2`, becomes `r.x1.r2`. Where an element of ours becomes several cards, its own unknown `u` is
 * the voltage of node `element_u`.
 * @throws InputError for an element that cannot be written
 */
export function writeDeck(circuit: Circuit, options: WriteOptions = {}): string {
  const lookup = globals(circuit, {});
  const kinds = new Map(circuit.elements.map((element) => [element.name, kindOf(element)]));
  const foreign = options.dialect === 'tellegen';
  const isSpoken = (element: Element): boolean => foreign || spokenByNgspice(kinds.get(element.name)!);
  const taken = new Set(circuit.elements.flatMap((element) => element.nodes));
  const byName = new Map(circuit.elements.map((element) => [element.name, element]));
  const rename = (name: string): string => {
    const element = byName.get(name);
    return element === undefined ? name : cardName(element, kinds.get(name)!);
  };
  const around: Surroundings = {
    circuit,
    lookup,
    current(name) {
      const element = byName.get(name);
      return element === undefined || isSpoken(element)
        ? `i(${rename(name)})`
        : `v(${around.inner(name, 'i')})`;
    },
    inner(element, name) {
      let node = `${element}_${name}`;
      while (taken.has(node)) node += '_';
      return node;
    },
  };

  const free = foreign ? (options.free ?? new Set<string>()) : new Set<string>();
  const written = valueWriter(circuit, free);
  const models = new Set<string>();
  const cards = circuit.elements.flatMap((element) => {
    const kind = kinds.get(element.name)!;
    if (!isSpoken(element)) return lawCards(kind, element, around);
    if (element.model !== undefined) models.add(element.model);
    return [nativeCard(kind, element, rename, around, written)];
  });
  const settings = (values: Readonly<Record<string, Value>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${written(value)}`)
      .join(' ');
  const modelCards = [...circuit.models.values()]
    .filter((model) => models.has(model.name))
    .map((model) => `.model ${model.name} ${model.type}(${settings(model.values)})`);
  const given = (card: string, values: ReadonlyMap<string, Value>): string[] =>
    values.size === 0
      ? []
      : [`.${card} ${[...values].map(([node, value]) => `v(${node})=${written(value)}`).join(' ')}`];
  return [
    circuit.title.replace(/\s*\n\s*/g, ' ') || 'untitled',
    ...(options.comments ?? []).map((line) => `* ${line}`.trimEnd()),
    ...[...free].map((name) => `.param ${name}=${toSpice(constant(lookup(name)))}`),
    ...cards,
    ...modelCards,
    `.options temp=${circuit.temperature} tnom=${circuit.nominalTemperature}`,
    ...given('ic', circuit.initialConditions),
    ...given('nodeset', circuit.nodesets),
    ...(options.cards ?? []),
    '.end',
    '',
  ]
    .map(folded)
    .join('\n');
}

function kindOf(element: Element): DeviceKind {
  const kind = kindByName(element.kind);
  if (kind !== undefined) return kind;
  throw new InputError([
    {
      severity: 'error',
      code: 'unknown-kind',
      message: `${element.name} is of an unknown kind, ${element.kind}`,
      hint: 'use a name of the device registry',
      ...(element.span ? { span: element.span } : {}),
    },
  ]);
}

/** Letters of ngspice and the model types it knows for them; an empty list: any letter's card without a model. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  r: ['r', 'res'],
  c: ['c', 'cap'],
  l: ['l', 'ind'],
  k: [],
  v: [],
  i: [],
  e: [],
  f: [],
  g: [],
  h: [],
  b: [],
  d: ['d'],
  t: [],
  s: ['sw'],
  w: ['csw'],
};

/** Nonlinear C and L, given by charge and flux, go by their law: ngspice would turn them into less exact sources. */
function spokenByNgspice(kind: DeviceKind): boolean {
  const types = spoken[kind.letter];
  if (types === undefined || (kind.card.own !== undefined && kind.card.whenExpression)) return false;
  return (kind.modelTypes ?? []).every((type) => types.includes(type));
}

/** Names begin with the letter of their kind; those from inside a subcircuit get it in front, as in ngspice. */
const cardName = (element: Element, kind: DeviceKind): string =>
  element.name.includes('.') ? `${kind.letter}.${element.name}` : element.name;

function nativeCard(
  kind: DeviceKind,
  element: Element,
  rename: (name: string) => string,
  around: Surroundings,
  written: Written,
): string {
  const { lookup } = around;
  const words = [cardName(element, kind), ...element.nodes, ...(element.controls ?? []).map(rename)];
  if (element.model !== undefined) words.push(element.model);
  const values = new Map(
    Object.entries(element.values).map(([name, value]) => [name, number(value, lookup)]),
  );
  const bare = (value: Value): string => written(value).replace(/^\((.*)\)$/, '$1');
  const text = (name: string): string => bare(element.values[name] ?? 0);
  if (kind.card.waveform) {
    if (values.has('dc') || !element.waveform) words.push('dc', text('dc'));
    if (values.has('acmag')) words.push('ac', text('acmag'), text('acphase'));
    for (const name of ['dc', 'acmag', 'acphase']) values.delete(name);
    const { waveform } = element;
    if (waveform) words.push(...waveformWords(waveform, bare));
  }
  // ngspice may take a bare number behind a model's name for the name.
  for (const name of kind.card.model === 'required' ? [] : (kind.card.positional ?? [])) {
    if (!values.has(name)) break;
    words.push(text(name));
    values.delete(name);
  }
  for (const [flag, sets] of Object.entries(kind.card.flags ?? {})) {
    const names = Object.keys(sets);
    if (names.every((name) => values.get(name) === sets[name])) words.push(flag);
    else continue;
    for (const name of names) values.delete(name);
  }
  for (const [list, names] of Object.entries(kind.card.lists ?? {})) {
    // ngspice takes tc1= and tc2=, but no tc=a,b.
    if (list !== 'ic' || !names.some((name) => values.has(name))) continue;
    words.push(`${list}=${names.map(text).join(',')}`);
    for (const name of names) values.delete(name);
  }
  for (const name of values.keys()) words.push(`${name}=${text(name)}`);
  for (const [name, e] of Object.entries(element.expressions ?? {})) {
    const body = toSpice(written.folded(e), (symbol) =>
      symbol.startsWith('i(') ? around.current(symbol.slice(2, -1)) : symbol,
    );
    words.push(kind.letter === 'b' ? `${name}=${body}` : `${name}={${body}}`);
  }
  return words.join(' ');
}

/** A value as text: a number, or, when it depends on free names, an expression of these in braces. */
export interface Written {
  (value: Value): string;
  /** An expression with every name but the free ones replaced by its value. */
  folded(e: Expr): Expr;
}

/** How values of a circuit are written when these names stay free. */
export function valueWriter(circuit: Circuit, free: ReadonlySet<string>): Written {
  const lookup = globals(circuit, {});
  const known = new Map<string, Expr>();
  const nameToExpr = (name: string): Expr | undefined => {
    if (name === 'time' || name === 'hertz' || name.includes('(') || free.has(name)) return undefined;
    let e = known.get(name);
    if (e === undefined) {
      const definition = circuit.parameters.get(name);
      const isNumber = free.size === 0 || definition === undefined || typeof definition === 'number';
      known.set(name, (e = isNumber ? constant(lookup(name)) : folded(definition)));
    }
    return e;
  };
  const folded = substituter(nameToExpr);
  const text = (value: Value): string => {
    const e = typeof value === 'number' ? constant(value) : folded(value);
    return e.op === 'const' ? toSpice(constant(number(value, lookup))) : `{${toSpice(e)}}`;
  };
  return Object.assign(text, { folded });
}

/** `pwl(t1 v1 …) r=0`: arguments in order, named ones behind when they are not as by default. */
function waveformWords({ kind, args }: Waveform, text: (value: Value) => string): string[] {
  const named = waveforms.get(kind)?.named ?? [];
  const positional = args.slice(named.length).map(text);
  const others = named.flatMap((a, k) => (args[k] === a.default ? [] : [`${a.name}=${text(args[k])}`]));
  return [`${kind}(${positional.join(' ')})`, ...others];
}

const WIDTH = 110;

/** Long cards continue on lines that begin with +. */
function folded(card: string): string {
  if (card.length <= WIDTH || card.startsWith('*')) return card;
  const lines: string[] = [];
  let line = '';
  for (const word of card.split(' ')) {
    if (line !== '' && line.length + word.length > WIDTH) {
      lines.push(line);
      line = `+ ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
