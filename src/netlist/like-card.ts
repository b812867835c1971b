// Cards of a scope that differ in names only, as the cells of a chain do: B1 v1 0 I=V(v1)^3, B2 v2 0 I=V(v2)^3, …
// The first is read; the others are it, with other names.
import type { Element } from '../circuit/circuit.js';
import { type Form, type Shape, shapeOf } from '../circuit/shape.js';
import { symbol } from '../expression/build.js';
import type { Expr, Sym } from '../expression/expression.js';
import { nodeName } from './card.js';
import type { Cursor } from './cursor.js';
import { isGround } from './names.js';
import type { Item, Reference, Scope, Session } from './session.js';
import { spanAt } from './source.js';

/** Name, two nodes, and `parameter = expression` to the end of the card. */
const CARD =
  /([a-z][^\s,=(){}'".]*)[ \t]+([^\s,=(){}'"]+)[ \t]+([^\s,=(){}'"]+)[ \t]+([a-z]\w*[ \t]*=[^\n]*)/y;
const VOLTAGE = /\bv\(([^\s,=(){}'"]+)\)/;
const MOST_VOLTAGES = 32;
const MOST_KINDS_OF_CARDS = 256;

/** Name and two nodes, whatever follows; a node. */
const HEAD = /([a-z][^\s,=(){}'".]*)[ \t]+([^\s,=(){}'"]+)[ \t]+([^\s,=(){}'"]+)[ \t]+/y;
const NODE = /[^\s,=(){}'"]+/y;

/** A card taken apart. */
interface Parts {
  readonly name: string;
  readonly nodes: readonly string[];
  /** What is left of it without names, in pieces, and as one text, which is equal for cards that are alike. */
  readonly pieces: readonly string[];
  readonly form: string;
  /** Nodes whose voltages it reads, each once; where each mention of one stands, and of which. */
  readonly read: readonly string[];
  readonly mentions: readonly { readonly which: number; readonly start: number; readonly end: number }[];
}

/** The first card of a form. */
interface Model {
  readonly letter: string;
  /** What stands before, between and behind the nodes in its voltages, and which of the nodes these are. */
  readonly pieces: readonly string[];
  readonly mentioned: readonly number[];
  readonly kind: string;
  readonly parameter: string;
  readonly expression: Expr;
  /** The symbols in it that stand for the nodes that are read. */
  readonly symbols: readonly string[];
  readonly shape: Shape;
  /** Which of the nodes that are read the references of the shape are; undefined where some are other things. */
  readonly referred: readonly number[] | undefined;
  /** Forms of cards that read their own two nodes, the first node that they read being the first or the second. */
  readonly forms: (Form | undefined)[];
}

export interface Likeness {
  /** What the card that the cursor stands at says, if one like it was read before. */
  recall(c: Cursor): Item | undefined;
  /** Remembers what was read, without complaints, of the card that `recall` was last asked about. */
  learn(item: Item): void;
}

export function makeLikeness(s: Session, scope: Scope): Likeness {
  const models = new Map<string, Model>();
  let latest: Model | undefined;
  let parts: Parts | undefined;
  return {
    recall(c) {
      const followed = latest && follow(scope, latest, c);
      if (followed) return followed;
      parts = takeApart(c);
      const model = parts && models.get(parts.form);
      if (model === undefined) return undefined;
      latest = model;
      const { name, nodes, read, mentions } = parts!;
      const { source } = c;
      const references = mentions.map(
        ({ which, start, end }): Reference => ({ kind: 'node', name: read[which], source, start, end }),
      );
      return itemOf(scope, model, c, name, nodes, read, formOf(model, read), references);
    },
    learn(item) {
      if (parts === undefined || models.size >= MOST_KINDS_OF_CARDS) return;
      const model = modelOf(s, parts, item);
      if (model === undefined) return;
      models.set(parts.form, model);
      latest = model;
    },
  };
}

/** The card that the cursor stands at, if it is of the model's form and reads its own two nodes only, which exist. */
function follow(scope: Scope, model: Model, c: Cursor): Item | undefined {
  const { letter, pieces, mentioned } = model;
  const { text } = c;
  HEAD.lastIndex = c.start;
  const head = HEAD.exec(text);
  if (head === null || head[1][0] !== letter) return undefined;
  const nodes = [head[2], head[3]];
  const read: string[] = [];
  let at = HEAD.lastIndex;
  for (let k = 0; k < pieces.length; k++) {
    const piece = pieces[k];
    if (!text.startsWith(piece, at)) return undefined;
    at += piece.length;
    if (k === mentioned.length) break;
    const which = mentioned[k];
    if (which === read.length) {
      NODE.lastIndex = at;
      if (!NODE.test(text)) return undefined;
      const node = text.slice(at, NODE.lastIndex);
      if (isGround(node) || !nodes.includes(node) || read.includes(node)) return undefined;
      read.push(node);
      at = NODE.lastIndex;
    } else {
      const node = read[which];
      if (!text.startsWith(node, at)) return undefined;
      at += node.length;
    }
  }
  if (at !== c.end) return undefined;
  return itemOf(scope, model, c, head[1], nodes, read, ownForm(model, nodes, read), undefined);
}

/** The form of a card that reads nothing but its own two nodes: all those whose first is the same share it. */
function ownForm({ shape, referred, forms }: Model, nodes: readonly string[], read: readonly string[]) {
  if (referred === undefined) return undefined;
  const first = nodes[0] === read[0] ? 0 : 1;
  return (forms[first] ??= { shape, pins: referred.map((k) => (k === 0 ? first : 1 - first)) });
}

/** The form of a card that reads any nodes. */
function formOf({ shape, referred }: Model, read: readonly string[]): Form | undefined {
  return referred && { shape: { ...shape, references: referred.map((k) => voltage(read[k])) } };
}

/** What a model says with other names. */
function itemOf(
  scope: Scope,
  model: Model,
  c: Cursor,
  name: string,
  nodes: readonly string[],
  read: readonly string[],
  form: Form | undefined,
  references: readonly Reference[] | undefined,
): Item {
  const symbols: Sym[] = [];
  for (let k = 0; k < read.length; k++) symbols.push(symbol(voltage(read[k])));
  const expressions = { [model.parameter]: renamed(model.expression, model.symbols, symbols) };
  const element: Element = {
    kind: model.kind,
    name,
    nodes: [nodeName(scope, nodes[0]), nodeName(scope, nodes[1])],
    values: NO_VALUES,
    span: spanAt(c.source, c.start, c.start + name.length),
    expressions,
  };
  return {
    element,
    model: undefined,
    references: references?.length ? references : undefined,
    form,
  };
}

const NO_VALUES: Element['values'] = {};

const voltage = (node: string): string => `v(${node})`;

/** The expression with symbols by these names replaced. */
function renamed(e: Expr, names: readonly string[], symbols: readonly Sym[]): Expr {
  if (e.op === 'const') return e;
  if (e.op === 'sym') {
    const k = names.indexOf(e.name);
    return k < 0 ? e : symbols[k];
  }
  const { op, args } = e;
  if (args.length > 2) return { op, args: args.map((a) => renamed(a, names, symbols)) };
  const first = renamed(args[0], names, symbols);
  return { op, args: args.length === 1 ? [first] : [first, renamed(args[1], names, symbols)] };
}

function takeApart(c: Cursor): Parts | undefined {
  CARD.lastIndex = c.start;
  const found = CARD.exec(c.text);
  if (found === null) return undefined;
  const [whole, name, plus, minus, rest] = found;
  const split = rest.split(VOLTAGE);
  if (split.length > 2 * MOST_VOLTAGES) return undefined;
  const read: string[] = [];
  const mentions: { which: number; start: number; end: number }[] = [];
  let at = c.start + whole.length - rest.length + split[0].length;
  let form = name[0] + split[0];
  for (let k = 1; k < split.length; k += 2) {
    const node = split[k];
    if (isGround(node)) return undefined;
    let which = read.indexOf(node);
    if (which < 0) which = read.push(node) - 1;
    const end = at + node.length + 3;
    mentions.push({ which, start: at, end });
    form += `v(${which})${split[k + 1]}`;
    at = end + split[k + 1].length;
  }
  const pieces = split.filter((_, k) => k % 2 === 0);
  return { name, nodes: [plus, minus], pieces, form, read, mentions };
}

/** Undefined for a card that says more than an expression of the voltages it mentions. */
function modelOf(s: Session, { name, pieces, read, mentions, form }: Parts, item: Item): Model | undefined {
  if (!('element' in item) || item.model !== undefined) return undefined;
  const { kind, expressions, values, controls, waveform } = item.element;
  if (expressions === undefined || controls !== undefined || waveform !== undefined) return undefined;
  const written = Object.entries(expressions);
  if (written.length !== 1 || Object.keys(values).length > 0) return undefined;
  if (s.syntax.byKind.get(kind)?.kind.card.own !== undefined) return undefined;
  const { references = [] } = item;
  if (references.length !== mentions.length) return undefined;
  const same = mentions.every(
    ({ which, start }, k) => references[k].name === read[which] && references[k].start === start,
  );
  const [[parameter, expression]] = written;
  if (!same || s.expressions.extent(expression).size > form.length) return undefined;
  const symbols = read.map(voltage);
  const shape = shapeOf(item.element);
  const referred = shape.references.map((name) => symbols.indexOf(name));
  const last = pieces.length - 1;
  return {
    letter: name[0],
    pieces: pieces.map((piece, k) => `${k > 0 ? ')' : ''}${piece}${k < last ? 'v(' : ''}`),
    mentioned: mentions.map(({ which }) => which),
    kind,
    parameter,
    expression,
    symbols,
    shape,
    referred: referred.includes(-1) ? undefined : referred,
    forms: [],
  };
}
