// One element card → an element, by nothing but the CardSyntax of its kind: name, nodes, controls, then model,
// bare values, flags, lists and parameter=value in any order.
import type { Element, Value, Waveform } from '../circuit/circuit.js';
import { outOfBounds } from '../circuit/values.js';
import type { Span } from '../errors.js';
import { sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { Names } from '../expression/parse.js';
import {
  type Cursor,
  chunkEnd,
  endSpan,
  equalsFollows,
  next,
  nextSpan,
  peek,
  skipParens,
  spanFrom,
  takeKey,
  wordSpan,
  wordText,
} from './cursor.js';
import { chooseKind } from './kinds.js';
import { findModel, hintOf, readModel, visibleModels } from './models.js';
import { isGround, makeNames } from './names.js';
import type { ElementItem, ModelDefinition, Reference, Scope, Session } from './session.js';
import { readSmallSignal, readStimulus } from './stimulus.js';
import type { KindSyntax } from './syntax.js';
import { readExpression, readValue, takeNumber } from './values.js';

/** A card as far as it has been read. */
export interface CardState {
  readonly name: string;
  readonly span: Span;
  readonly syntax: KindSyntax;
  readonly numbers: Names;
  readonly behaviour: Names;
  readonly scope: Scope;
  readonly nodes: string[];
  readonly values: Record<string, Value>;
  expressions?: Record<string, Expr>;
  controls?: string[];
  references?: Reference[];
  model?: ModelDefinition;
  waveform?: Waveform;
  positional: number;
}

/** Name of a node as the scope knows it: `gnd` is ground, unless it is a port. */
export const nodeName = (scope: Scope, name: string): string =>
  isGround(name) && !scope.subcircuit?.ports.has(name) ? '0' : name;

/** A function that appends what element cards of a scope say (one that couples many elements gives several). */
export function makeElementReader(s: Session, scope: Scope): (c: Cursor, items: ElementItem[]) => void {
  const numbers = makeNames(s, scope, 'number');
  const behaviour = makeNames(s, scope, 'behaviour');
  return (c, items) => {
    const isWord = next(c);
    const name = wordText(c);
    const kinds = isWord ? s.syntax.byLetter.get(name[0]) : undefined;
    if (kinds === undefined) {
      unknownElement(s, c, name);
      return;
    }
    const span = wordSpan(c);
    const syntax = kinds.length === 1 ? kinds[0] : chooseKind(scope, c, kinds);
    const card: CardState = {
      name,
      span,
      syntax,
      numbers,
      behaviour,
      scope,
      nodes: [],
      values: {},
      positional: 0,
    };
    if (!readNodes(s, c, card) || !readControls(s, c, card)) return;
    const before = s.report.errors.length;
    readRest(s, c, card);
    finish(s, c, card, kinds, items, s.report.errors.length === before);
  };
}

function unknownElement(s: Session, c: Cursor, name: string): void {
  const letters = [...s.syntax.byLetter.keys(), 'x'].sort().join(' ').toUpperCase();
  if (name === '') {
    s.report.error('unexpected-character', `a card cannot begin with "${c.text[c.at]}"`, nextSpan(c));
    return;
  }
  const what = equalsFollows(c)
    ? 'this is no element; a parameter is defined by .param'
    : `no device has a name that begins with "${name[0]}"`;
  s.report.error('unknown-element', what, wordSpan(c), `the letters of devices are ${letters}`);
}

function readNodes(s: Session, c: Cursor, card: CardState): boolean {
  const { pins } = card.syntax.kind;
  for (let k = 0; k < pins.length; k++) {
    skipParens(c);
    if (!next(c) || equalsFollows(c)) {
      const found = card.nodes.length === 0 ? 'none' : card.nodes.join(' ');
      s.report.error(
        'missing-node',
        `${card.name} needs ${pins.length} nodes (${pins.join(', ')}); found ${found}`,
        c.at > c.word ? wordSpan(c) : nextSpan(c),
      );
      return false;
    }
    const follows = c.text.charCodeAt(c.at);
    if (
      c.at < c.end &&
      (follows === 123 || (follows === 40 && /^(poly|table|laplace|freq)$/.test(wordText(c))))
    ) {
      s.report.error(
        'unsupported-syntax',
        `${wordText(c)} is not supported here`,
        wordSpan(c),
        'write it as an expression: VALUE={…}',
      );
      return false;
    }
    card.nodes.push(nodeName(card.scope, wordText(c)));
  }
  return true;
}

function readControls(s: Session, c: Cursor, card: CardState): boolean {
  const { controls: count, pairs, kind } = card.syntax;
  if (count === 0) return true;
  const letters = kind.card.controlLetters ?? '';
  const controls: string[] = [];
  const references: Reference[] = [];
  for (skipParens(c); pairs || controls.length < count; skipParens(c)) {
    const before = c.at;
    if (!next(c) || equalsFollows(c)) {
      c.at = before;
      break;
    }
    const name = wordText(c);
    const first = name.slice(name.lastIndexOf('.') + 1)[0];
    if (letters !== '' && !letters.includes(first)) {
      if (controls.length < count) {
        s.report.error(
          'bad-control',
          `${card.name} needs the name of an element that begins with ${letters.toUpperCase().split('').join(' or ')}, not "${name}"`,
          wordSpan(c),
        );
        return false;
      }
      c.at = before;
      break;
    }
    controls.push(name);
    references.push({ kind: 'element', name, source: c.source, start: c.word, end: c.at });
  }
  if (controls.length < count) {
    const what = count === 1 ? 'the name of an element' : `the names of ${count} elements`;
    s.report.error(
      'missing-control',
      `${card.name} needs ${what}${letters ? ` (${letters.toUpperCase()}…)` : ''} here`,
      nextSpan(c),
    );
    return false;
  }
  card.controls = controls;
  card.references = references;
  return true;
}

function readRest(s: Session, c: Cursor, card: CardState): void {
  const { syntax } = card;
  const { model, waveform } = syntax.kind.card;
  for (let k = peek(c); k !== 0; k = peek(c)) {
    const start = c.at;
    if (k === 123 || k === 39 || k === 34) {
      readPositional(s, c, card);
      continue;
    }
    const key = takeKey(c);
    if (key !== undefined) {
      readKey(s, c, card, key);
      continue;
    }
    if (model !== 'required' || card.model) {
      const number = takeNumber(c);
      if (!Number.isNaN(number)) {
        assignPositional(s, c, card, number, start);
        continue;
      }
    }
    if (!next(c)) {
      s.report.error(
        'unexpected-character',
        `"${c.text[c.at]}" is not expected here`,
        spanFrom(c, c.at, c.at + 1),
      );
      c.at++;
      continue;
    }
    const word = wordText(c);
    if (model === 'required' && !card.model) readModelName(s, c, card, word);
    else if (waveform && readStimulus(s, c, card, word)) continue;
    else if (syntax.flags.has(word))
      for (const [name, value] of Object.entries(syntax.flags.get(word)!))
        assign(s, card, name, value, wordSpan(c));
    else if (model && !card.model && findModel(card.scope, word)) readModelName(s, c, card, word);
    else if (syntax.expressions.has(syntax.keys.get(word) ?? '') && bracketFollows(c))
      readKey(s, c, card, word);
    else {
      const [from, to] = [c.word, c.at];
      c.at = start;
      if (card.positional >= syntax.positional.length) {
        const models = model ? visibleModels(card.scope) : [];
        const hint = s.report.suggest(word, [...syntax.keys.keys(), ...syntax.flags.keys(), ...models]);
        s.report.error(
          'unexpected-word',
          `"${word}" is not expected here`,
          spanFrom(c, from, to),
          hint ?? cardHint(syntax),
        );
        c.at = chunkEnd(c, c.at);
      } else readPositional(s, c, card);
    }
  }
}

const bracketFollows = (c: Cursor): boolean => {
  const k = peek(c);
  return k === 123 || k === 39 || k === 34;
};

const cardHint = ({ positional, keys }: KindSyntax): string =>
  keys.size === 0
    ? 'nothing may follow'
    : `after the nodes come ${positional.length > 0 ? `${positional.join(', ')} and ` : ''}parameter=value (${[...keys.keys()].slice(0, 8).join(', ')})`;

function readModelName(s: Session, c: Cursor, card: CardState, name: string): void {
  const m = findModel(card.scope, name);
  const types = card.syntax.kind.modelTypes ?? [];
  if (m === undefined) {
    const hint = s.report.suggest(
      name,
      visibleModels(card.scope),
      `define it with .model ${name} ${types[0] ?? ''}(…)`,
    );
    s.report.error('unknown-model', `no model is called "${name}"`, wordSpan(c), hint);
    card.model = {
      name,
      type: '',
      scope: card.scope,
      card: { source: c.source, start: 0, end: 0 },
      start: 0,
      at: 0,
      used: true,
    };
    return;
  }
  if (!types.includes(m.type)) {
    s.report.error(
      'wrong-model-type',
      `the model ${name} is of type ${m.type}, but ${card.name} needs ${types.join(' or ')}`,
      wordSpan(c),
    );
  }
  m.used = true;
  card.model = m;
}

function readPositional(s: Session, c: Cursor, card: CardState): void {
  const start = c.at;
  const name = card.syntax.positional[card.positional];
  const value = readValue(s, c, card.numbers, name ?? 'the value');
  if (value !== undefined) assignPositional(s, c, card, value, start);
}

function assignPositional(s: Session, c: Cursor, card: CardState, value: Value, start: number): void {
  const name = card.syntax.positional[card.positional++];
  if (name === undefined)
    s.report.error(
      'unexpected-word',
      'this value is one too many',
      spanFrom(c, start, c.at),
      cardHint(card.syntax),
    );
  else assign(s, card, name, value, spanFrom(c, start, c.at));
}

function readKey(s: Session, c: Cursor, card: CardState, key: string): void {
  const { syntax } = card;
  const [start, end] = [c.word, c.word + key.length];
  const name = syntax.keys.get(key);
  if (name === undefined) {
    if (key === 'ac' && syntax.kind.card.waveform) readSmallSignal(s, c, card);
    else unknownKey(s, c, card, key, spanFrom(c, start, end));
    return;
  }
  const list = syntax.lists.get(name);
  if (list) readList(s, c, card, list, key);
  else if (syntax.expressions.has(name)) readBehaviour(s, c, card, name, spanFrom(c, start, end));
  else {
    peek(c);
    const from = c.at;
    const value = readValue(s, c, card.numbers, key);
    if (value !== undefined) assign(s, card, name, value, spanFrom(c, from, c.at), spanFrom(c, start, end));
  }
}

function unknownKey(s: Session, c: Cursor, card: CardState, key: string, span: Span): void {
  const { kind, keys, modelKeys } = card.syntax;
  const hint = modelKeys.has(key)
    ? `${key} is written in the .model`
    : s.report.suggest(
        key,
        keys.keys(),
        keys.size > 0 ? `its parameters: ${[...keys.keys()].slice(0, 12).join(', ')}` : undefined,
      );
  s.report.error('unknown-parameter', `a ${kind.name} has no parameter "${key}"`, span, hint);
  if (peek(c) !== 0) c.at = chunkEnd(c, c.at);
}

/** `IC=v1,i1,v2,i2`: separated by commas; numbers may follow each other with blanks. */
function readList(s: Session, c: Cursor, card: CardState, list: readonly string[], key: string): void {
  for (let k = 0; k < list.length; k++) {
    peek(c);
    const start = c.at;
    const value = readValue(s, c, card.numbers, key);
    if (value !== undefined) assign(s, card, list[k], value, spanFrom(c, start, c.at));
    let at = c.at;
    while (at < c.end && (c.text[at] === ' ' || c.text[at] === '\t')) at++;
    if (at >= c.end) return;
    if (c.text[at] !== ',') {
      const before = c.at;
      const isNumber = !Number.isNaN(takeNumber(c));
      c.at = before;
      if (!isNumber) return;
    }
  }
}

function readBehaviour(s: Session, c: Cursor, card: CardState, name: string, span: Span): void {
  s.references = [];
  const { own } = card.syntax.kind.card;
  const v = (node: string): Expr => (node === '0' ? zero : symbol(`v(${node})`));
  if (own) s.own = own === 'voltage' ? sub(v(card.nodes[0]), v(card.nodes[1])) : symbol(`i(${card.name})`);
  const e = readExpression(s, c, card.behaviour, 'loose', name);
  s.own = undefined;
  if (s.references.length > 0) card.references = [...(card.references ?? []), ...s.references];
  if (e === undefined) return;
  card.expressions ??= {};
  if (Object.hasOwn(card.expressions, name))
    s.report.error('duplicate-parameter', `${name} is given twice`, span);
  card.expressions[name] = e;
}

/** Sets a parameter once and within its bounds. */
export function assign(
  s: Session,
  card: CardState,
  name: string,
  value: Value,
  span: Span,
  nameSpan: Span = span,
): void {
  if (Object.hasOwn(card.values, name)) {
    s.report.error('duplicate-parameter', `${name} of ${card.name} is given twice`, nameSpan);
    return;
  }
  card.values[name] = value;
  const wrong = typeof value === 'number' ? outOfBounds(card.syntax.doc(name), value) : undefined;
  if (wrong)
    s.report.error(
      'parameter-out-of-bounds',
      `${card.name}: ${name} = ${value} ${wrong}`,
      span,
      hintOf(card.syntax, name),
    );
}

function finish(
  s: Session,
  c: Cursor,
  card: CardState,
  kinds: readonly KindSyntax[],
  items: ElementItem[],
  sound: boolean,
): void {
  const { syntax, name, controls, model } = card;
  if (sound) {
    if (syntax.kind.card.whenExpression && card.expressions === undefined) {
      const ways = kinds.flatMap((k) => [...k.expressions]).map((e) => `${e.toUpperCase()}={…}`);
      s.report.error(
        'missing-expression',
        `${name} needs an expression`,
        endSpan(c),
        `write ${ways.join(' or ')}`,
      );
      return;
    }
    if (syntax.kind.card.model === 'required' && !model) {
      s.report.error(
        'missing-model',
        `${name} needs the name of a model of type ${syntax.kind.modelTypes?.join(' or ')}`,
        endSpan(c),
      );
      return;
    }
    const fromModel = model ? readModel(s, model).values : {};
    for (const required of syntax.required) {
      if (
        Object.hasOwn(card.values, required) ||
        Object.hasOwn(fromModel, required) ||
        card.expressions?.[required]
      )
        continue;
      const { doc, unit } = syntax.doc(required);
      s.report.error(
        'missing-parameter',
        `${name} has no ${required} (${doc})`,
        endSpan(c),
        `write a number${unit ? ` in ${unit}` : ''} or ${required}=…`,
      );
    }
  }
  const element: { -readonly [K in keyof Element]: Element[K] } = {
    kind: syntax.kind.name,
    name,
    nodes: card.nodes,
    values: card.values,
    span: card.span,
  };
  if (card.expressions) element.expressions = card.expressions;
  if (controls) element.controls = controls;
  if (card.waveform) element.waveform = card.waveform;
  if (model) element.model = model.name;
  const rest = { ...(model ? { model } : {}), ...(card.references ? { references: card.references } : {}) };
  if (!controls || controls.length <= syntax.controls) {
    items.push({ element, ...rest });
    return;
  }
  let count = 0;
  for (let i = 0; i < controls.length; i++) {
    for (let j = i + 1; j < controls.length; j++) {
      count++;
      s.spend(1, () => card.span);
      items.push({
        element: {
          ...element,
          name: count === 1 ? name : `${name}#${count}`,
          controls: [controls[i], controls[j]],
        },
        ...(count === 1 ? rest : {}),
      });
    }
  }
}
