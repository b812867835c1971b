// .subckt and X: a subcircuit is read once, with local names; every X repeats it with its own nodes and parameters.
import type { Value } from '../circuit/circuit.js';
import type { Span } from '../errors.js';
import { nodeName } from './card.js';
import { readConditionItems } from './conditions.js';
import {
  type Card,
  type Cursor,
  endSpan,
  equalsFollows,
  makeCursor,
  next,
  nextSpan,
  peek,
  pointAt,
  skipParens,
  spanFrom,
  takeKey,
  wordSpan,
  wordText,
} from './cursor.js';
import { makeElementReader } from './elements.js';
import { find, isGround, makeNames, visible } from './names.js';
import { declareParameters, readParameters } from './parameters.js';
import type { InstanceItem, Item, Scope, Session, Subcircuit } from './session.js';
import { spanAt } from './source.js';
import { readValue } from './values.js';

const subcircuitsOf = (scope: Scope): ReadonlyMap<string, Subcircuit> => scope.subcircuits;

export function makeScope(name: string, parent?: Scope): { -readonly [K in keyof Scope]: Scope[K] } {
  return {
    name,
    ...(parent ? { parent } : {}),
    parameters: new Map(),
    functions: new Map(),
    models: new Map(),
    subcircuits: new Map(),
    cards: [],
    conditions: [],
  };
}

/** `.subckt name nodes [params:] a=1 …`, as its line is met: what follows belongs to it until `.ends`. */
export function openSubcircuit(s: Session, c: Cursor): void {
  if (!next(c) || equalsFollows(c)) {
    s.report.error('missing-name', 'a subcircuit needs a name', nextSpan(c), '.subckt name node node …');
    enter(s, c, '', c.word);
    return;
  }
  const name = wordText(c);
  const start = c.word;
  const known = s.scope.subcircuits.get(name);
  if (known) {
    const line = spanAt(known.card.source, known.start, known.start + 1).line;
    s.report.error(
      'duplicate-subcircuit',
      `the subcircuit ${name} was defined in line ${line} already`,
      wordSpan(c),
    );
  }
  const { ports, scope } = enter(s, c, name, start);
  for (skipParens(c); c.at < c.end; skipParens(c)) {
    const before = c.at;
    if (takeKey(c) !== undefined) {
      c.at = before;
      declareParameters(s, c, scope, true);
      return;
    }
    if (!next(c)) {
      s.report.error(
        'unexpected-character',
        `"${c.text[c.at]}" is not expected here`,
        spanFrom(c, c.at, c.at + 1),
      );
      c.at = c.end;
      return;
    }
    const port = wordText(c);
    if (port === 'params:') continue;
    if (port === '0')
      s.report.error(
        'ground-port',
        'ground cannot be a port of a subcircuit',
        wordSpan(c),
        'ground is known everywhere: leave it out',
      );
    else if (ports.has(port))
      s.report.error('duplicate-port', `the port ${port} is listed twice`, wordSpan(c));
    else ports.set(port, ports.size);
  }
}

function enter(
  s: Session,
  c: Cursor,
  name: string,
  start: number,
): { ports: Map<string, number>; scope: Scope } {
  const parent = s.scope;
  const scope = makeScope(parent.parent ? `${parent.name}.${name}` : name, parent);
  const ports = new Map<string, number>();
  const card = { source: c.source, start: c.start, end: c.end };
  const subcircuit: Subcircuit = { name, scope, ports, card, start };
  scope.subcircuit = subcircuit;
  if (!parent.subcircuits.has(name)) parent.subcircuits.set(name, subcircuit);
  s.scope = scope;
  return { ports, scope };
}

/** `.ends [name]` */
export function closeSubcircuit(s: Session, c: Cursor): void {
  const open = s.scope.subcircuit;
  if (open === undefined || s.scope.parent === undefined) {
    s.report.error('unexpected-ends', '.ends without .subckt', spanFrom(c, c.start, c.at));
    c.at = c.end;
    return;
  }
  if (next(c) && wordText(c) !== open.name) {
    s.report.error(
      'wrong-ends',
      `.ends ${wordText(c)} closes the subcircuit ${open.name}`,
      wordSpan(c),
      `write .ends ${open.name}`,
    );
  }
  s.scope = s.scope.parent;
}

/** Reads the cards of a scope into items with local names. */
export function readItems(s: Session, scope: Scope): Item[] {
  const items: Item[] = [];
  const readElement = makeElementReader(s, scope);
  const numbers = makeNames(s, scope, 'number');
  const seen = new Map<string, number>();
  let c: Cursor | undefined;
  const { cards } = scope;
  for (let k = 0; k < cards.length; k++) {
    const card = cards[k];
    if ('kind' in card) {
      if (scope.parent) unique(s, seen, card);
      items.push(card);
      continue;
    }
    if (c) pointAt(c, card);
    else c = makeCursor(card);
    const before = items.length;
    const errors = s.report.errors.length;
    if (c.text.charCodeAt(c.at) === 120) {
      const instance = readInstance(s, scope, c, numbers);
      if (instance) {
        if (unique(s, seen, instance)) items.push(instance);
      }
    } else {
      readElement(c, items);
      const item = items[before];
      if (scope.parent && item && 'element' in item) unique(s, seen, item.element);
    }
    if (s.report.errors.length > errors && items.length === before) doubt(s, c, card);
  }
  readConditionItems(s, scope, items);
  return items;
}

/** What a card in error would have named is not missed elsewhere. */
function doubt(s: Session, c: Cursor, card: Card): void {
  pointAt(c, card);
  for (skipParens(c); c.at < c.end; skipParens(c)) {
    if (next(c)) s.doubtful.add(wordText(c));
    else c.at++;
  }
}

/** Names are unique among the cards of a scope (elements of the deck itself are compared once it is flat). */
function unique(
  s: Session,
  seen: Map<string, number>,
  { name, span }: { name: string; span?: Span },
): boolean {
  const line = seen.get(name);
  if (line === undefined) seen.set(name, span?.line ?? 0);
  else if (span) {
    s.duplicates.add(span);
    s.report.error(
      'duplicate-element',
      `${name} exists in line ${line} already`,
      span,
      'give it another name',
    );
  }
  return line === undefined;
}

function readInstance(
  s: Session,
  scope: Scope,
  c: Cursor,
  numbers: ReturnType<typeof makeNames>,
): InstanceItem | undefined {
  next(c);
  const name = wordText(c);
  const span = wordSpan(c);
  const words: { text: string; start: number; end: number }[] = [];
  for (skipParens(c); c.at < c.end; skipParens(c)) {
    const before = c.at;
    if (!next(c)) {
      s.report.error(
        'unexpected-character',
        `"${c.text[c.at]}" is not expected here`,
        spanFrom(c, c.at, c.at + 1),
      );
      return undefined;
    }
    if (equalsFollows(c)) {
      c.at = before;
      break;
    }
    if (wordText(c) === 'params:') break;
    words.push({ text: wordText(c), start: c.word, end: c.at });
  }
  const last = words.pop();
  if (last === undefined) {
    s.report.error('missing-name', `${name} needs nodes and the name of a subcircuit`, endSpan(c));
    return undefined;
  }
  const subcircuit = find(scope, subcircuitsOf, last.text);
  if (subcircuit === undefined) {
    const names = [...visible(scope, subcircuitsOf)];
    const hint = s.report.suggest(
      last.text,
      names,
      names.length > 0 ? `there are ${names.slice(0, 8).join(', ')}` : 'define it with .subckt',
    );
    s.report.error(
      'unknown-subcircuit',
      `no subcircuit is called "${last.text}"`,
      spanFrom(c, last.start, last.end),
      hint,
    );
    return undefined;
  }
  const { ports } = subcircuit;
  if (words.length !== ports.size) {
    s.report.error(
      'wrong-node-count',
      `${subcircuit.name} has ${ports.size} node${ports.size === 1 ? '' : 's'} (${[...ports.keys()].join(' ')}), but ${name} connects ${words.length}`,
      words.length > ports.size
        ? spanFrom(c, words[ports.size].start, words[words.length - 1].end)
        : spanFrom(c, last.start, last.end),
    );
    return undefined;
  }
  const overrides = readOverrides(s, c, numbers, subcircuit, name);
  return { name, nodes: words.map((w) => nodeName(scope, w.text)), subcircuit, overrides, span };
}

function readOverrides(
  s: Session,
  c: Cursor,
  numbers: ReturnType<typeof makeNames>,
  { scope, name }: Subcircuit,
  x: string,
): Map<string, Value> {
  const overrides = new Map<string, Value>();
  while (peek(c) !== 0) {
    const key = takeKey(c);
    if (key === undefined) {
      s.report.error('unexpected-word', 'expected parameter=value', nextSpan(c));
      break;
    }
    const span = spanFrom(c, c.word, c.word + key.length);
    const value = readValue(s, c, numbers, key);
    const definition = scope.parameters.get(key);
    if (!definition?.formal) {
      const formals = [...scope.parameters.values()].filter((p) => p.formal).map((p) => p.name);
      const hint = s.report.suggest(
        key,
        formals,
        formals.length > 0 ? `its parameters: ${formals.join(', ')}` : 'it has no parameters',
      );
      s.report.error(
        'unknown-parameter',
        `the subcircuit ${name} has no parameter "${key}"`,
        span,
        definition ? `it is local: move it to the .subckt line` : hint,
      );
    } else if (overrides.has(definition.symbol))
      s.report.error('duplicate-parameter', `${key} of ${x} is given twice`, span);
    else if (value !== undefined) overrides.set(definition.symbol, value);
  }
  return overrides;
}

/** Reads a subcircuit, once: parameters, then cards. */
export function readSubcircuit(s: Session, subcircuit: Subcircuit): readonly Item[] {
  if (!subcircuit.items) {
    subcircuit.order = readParameters(s, subcircuit.scope);
    subcircuit.items = readItems(s, subcircuit.scope);
  }
  return subcircuit.items;
}

/** Whether a node is the same in every subcircuit. */
export const isGlobal = (s: Session, node: string): boolean => isGround(node) || s.globals.has(node);
