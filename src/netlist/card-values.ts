// What follows the nodes of an element card, in any order: model, bare values, flags, lists, parameter=value.
import type { Value } from '../circuit/circuit.js';
import type { Span } from '../errors.js';
import { sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { LARGEST } from '../expression/numbers.js';
import { assign, type CardState } from './card.js';
import { type Cursor, chunkEnd, next, peek, spanFrom, takeKey, wordSpan, wordText } from './cursor.js';
import { findModel, visibleModels } from './models.js';
import type { Session } from './session.js';
import { readSmallSignal, readStimulus } from './stimulus.js';
import type { KindSyntax } from './syntax.js';
import { readExpression, readValue, takeNumber } from './values.js';

/** Reads to the end of the card. */
export function readRest(s: Session, c: Cursor, card: CardState): void {
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
      if (number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY) {
        const span = spanFrom(c, start, c.at);
        s.report.error('not-finite', `${c.text.slice(start, c.at)} is infinite: ${LARGEST}`, span);
        continue;
      }
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
        assign(s, card, name, value, () => wordSpan(c));
    else if (model && !card.model && findModel(card.scope, word)) readModelName(s, c, card, word);
    else if (syntax.expressions.has(syntax.keys.get(word) ?? '') && bracketFollows(c))
      readKey(s, c, card, word);
    else {
      const [from, to] = [c.word, c.at];
      c.at = start;
      if (card.positional >= syntax.positional.length) {
        const models = model ? visibleModels(card.scope) : [];
        const hint = syntax.keys.has(word)
          ? `write ${word}=…`
          : s.report.suggest(word, [...syntax.keys.keys(), ...syntax.flags.keys(), ...models]);
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
  else assign(s, card, name, value, () => spanFrom(c, start, c.at));
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
  else if (syntax.expressions.has(name)) readBehaviour(s, c, card, name, () => spanFrom(c, start, end));
  else {
    peek(c);
    const from = c.at;
    const value = readValue(s, c, card.numbers, key);
    if (value === undefined) return;
    const nameSpan = (): Span => spanFrom(c, start, end);
    assign(s, card, name, value, () => spanFrom(c, from, c.at), nameSpan);
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
    if (value !== undefined) assign(s, card, list[k], value, () => spanFrom(c, start, c.at));
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

function readBehaviour(s: Session, c: Cursor, card: CardState, name: string, span: () => Span): void {
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
    s.report.error('duplicate-parameter', `${name} is given twice`, span());
  card.expressions[name] = e;
}
