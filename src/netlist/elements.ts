// One element card → an element, by nothing but the CardSyntax of its kind: name, nodes, controls, and the rest.
import type { Element } from '../circuit/circuit.js';
import { type CardState, nodeName } from './card.js';
import { readRest } from './card-values.js';
import {
  type Cursor,
  endSpan,
  equalsFollows,
  next,
  nextSpan,
  peek,
  skipParens,
  wordSpan,
  wordText,
} from './cursor.js';
import { chooseKind } from './kinds.js';
import { makeLikeness } from './like-card.js';
import { findModel, readModel } from './models.js';
import { elementPath, makeNames } from './names.js';
import type { Item, Reference, Scope, Session } from './session.js';
import type { KindSyntax } from './syntax.js';

/** A function that appends what element cards of a scope say (one that couples many elements gives several). */
export function makeElementReader(s: Session, scope: Scope): (c: Cursor, items: Item[]) => void {
  const numbers = makeNames(s, scope, 'number');
  const behaviour = makeNames(s, scope, 'behaviour');
  const like = makeLikeness(s, scope);
  return (c, items) => {
    const known = like.recall(c);
    if (known) {
      items.push(known);
      return;
    }
    const complaints = s.report.errors.length + s.report.warnings.length;
    const count = items.length;
    readElement(c, items);
    if (items.length === count + 1 && s.report.errors.length + s.report.warnings.length === complaints)
      like.learn(items[count]);
  };

  function readElement(c: Cursor, items: Item[]): void {
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
      name: elementPath(name),
      span,
      syntax,
      numbers,
      behaviour,
      scope,
      nodes: new Array<string>(syntax.kind.pins.length),
      values: {},
      positional: 0,
    };
    if (!readNodes(s, c, card) || !readControls(s, c, card)) return;
    const before = s.report.errors.length;
    readRest(s, c, card);
    if (s.report.errors.length > before || isComplete(s, c, card, kinds)) finish(s, card, items);
  }
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
  const absent = ABSENT.get(name[0]);
  const hint = `${absent ? `there are no ${absent} yet; ` : ''}the letters of devices are ${letters}`;
  s.report.error('unknown-element', what, wordSpan(c), hint);
}

/** Letters of SPICE whose devices are not here. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ['q', 'bipolar transistors'],
  ['m', 'MOSFETs'],
  ['j', 'JFETs'],
  ['z', 'MESFETs'],
  ['o', 'lossy lines'],
  ['a', 'XSPICE devices'],
]);

function readNodes(s: Session, c: Cursor, card: CardState): boolean {
  const { pins } = card.syntax.kind;
  for (let k = 0; k < pins.length; k++) {
    skipParens(c);
    if (!next(c) || equalsFollows(c)) {
      const found = k === 0 ? 'none' : card.nodes.slice(0, k).join(' ');
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
    card.nodes[k] = nodeName(card.scope, wordText(c));
  }
  closeParenthesis(c);
  return true;
}

/** Nodes may stand in parentheses. */
function closeParenthesis(c: Cursor): void {
  if (peek(c) === 41 && c.text.slice(c.start, c.at).includes('(')) c.at++;
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
    const word = wordText(c);
    const name = elementPath(word);
    const first = name === word ? name.slice(name.lastIndexOf('.') + 1)[0] : word[0];
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
  closeParenthesis(c);
  card.controls = controls;
  card.references = references;
  return true;
}

/** What to do when there are too few nodes, so that a model was taken for one. */
function modelAmongNodes({ name, nodes, scope, syntax: { kind } }: CardState): string | undefined {
  const last = nodes.at(-1);
  if (last === undefined || !findModel(scope, last)) return undefined;
  return `${last} stands where a node belongs: ${name} has ${kind.pins.length} (${kind.pins.join(', ')})`;
}

/** Complaints about what is missing. */
function isComplete(s: Session, c: Cursor, card: CardState, kinds: readonly KindSyntax[]): boolean {
  const { syntax, name, model } = card;
  const { whenExpression, model: needsModel } = syntax.kind.card;
  if (whenExpression && card.expressions === undefined) {
    const ways = kinds.flatMap((k) => [...k.expressions]).map((e) => `${e.toUpperCase()}={…}`);
    s.report.error(
      'missing-expression',
      `${name} needs an expression`,
      endSpan(c),
      `write ${ways.join(' or ')}`,
    );
    return false;
  }
  if (needsModel === 'required' && !model) {
    const types = syntax.kind.modelTypes?.join(' or ');
    const hint =
      modelAmongNodes(card) ??
      `define one, .model m ${syntax.kind.modelTypes?.[0]}(…), and write m after the nodes`;
    s.report.error('missing-model', `${name} needs the name of a model of type ${types}`, endSpan(c), hint);
    return false;
  }
  const fromModel = model ? readModel(s, model).values : {};
  for (const required of syntax.required) {
    if (
      card.expressions?.[required] ||
      Object.hasOwn(card.values, required) ||
      Object.hasOwn(fromModel, required)
    )
      continue;
    const { doc, unit } = syntax.doc(required);
    const hint = `write a number${unit ? ` in ${unit}` : ''} or ${required}=…`;
    s.report.error('missing-parameter', `${name} has no ${required} (${doc})`, endSpan(c), hint);
  }
  return true;
}

function finish(s: Session, card: CardState, items: Item[]): void {
  const { syntax, name, controls, model, references, waveform, expressions } = card;
  const element: { -readonly [K in keyof Element]: Element[K] } = {
    kind: syntax.kind.name,
    name,
    nodes: card.nodes,
    values: card.values,
    span: card.span,
  };
  if (expressions) element.expressions = expressions;
  if (controls) element.controls = controls;
  if (waveform) element.waveform = waveform;
  if (model) element.model = model.name;
  if (!controls || controls.length <= syntax.controls) {
    items.push({ element, model, references, form: undefined });
    return;
  }
  s.spend(20 * controls.length * controls.length, () => card.span);
  let count = 0;
  for (let i = 0; i < controls.length; i++) {
    for (let j = i + 1; j < controls.length; j++) {
      const pair = {
        ...element,
        controls: [controls[i], controls[j]],
        name: count === 0 ? name : `${name}#${count + 1}`,
      };
      items.push({ element: pair, model, references: count === 0 ? references : undefined, form: undefined });
      count++;
    }
  }
}
