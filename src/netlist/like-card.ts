// Cards of a scope that differ in names only, as the cells of a chain do: B1 v1 0 I=V(v1)^3, B2 v2 0 I=V(v2)^3, …
// The first is read; the others are it, with other names.
import type { Element } from '../circuit/circuit.js';
import { type Shape, shapeOf, tellShape } from '../circuit/shape.js';
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

/** A card taken apart. */
interface Parts {
  readonly name: string;
  readonly nodes: readonly string[];
  /** What is left of it without names; equal for cards that are alike. */
  readonly form: string;
  /** Nodes whose voltages it reads, each once; where each mention of one stands, and of which. */
  readonly read: readonly string[];
  readonly mentions: readonly { readonly which: number; readonly start: number; readonly end: number }[];
}

/** The first card of a form. */
interface Model {
  readonly kind: string;
  readonly parameter: string;
  readonly expression: Expr;
  /** The symbols in it that stand for the nodes that are read. */
  readonly symbols: readonly string[];
  readonly shape: Shape;
}

export interface Likeness {
  /** What the card that the cursor stands at says, if one like it was read before. */
  recall(c: Cursor): Item | undefined;
  /** Remembers what was read, without complaints, of the card that `recall` was last asked about. */
  learn(item: Item): void;
}

export function makeLikeness(s: Session, scope: Scope): Likeness {
  const models = new Map<string, Model>();
  let parts: Parts | undefined;
  return {
    recall(c) {
      parts = takeApart(c);
      const model = parts && models.get(parts.form);
      return model && asked(model, parts!, c);
    },
    learn(item) {
      if (parts === undefined || models.size >= MOST_KINDS_OF_CARDS) return;
      const model = modelOf(s, parts, item);
      if (model) models.set(parts.form, model);
    },
  };

  function asked(model: Model, { name, nodes, read, mentions }: Parts, c: Cursor): Item {
    const symbols = read.map((node) => symbol(`v(${node})`));
    const inPlaceOf = (name: string): Sym | undefined => {
      const k = model.symbols.indexOf(name);
      return k < 0 ? undefined : symbols[k];
    };
    const renamed = (e: Expr): Expr => {
      if (e.op === 'const') return e;
      if (e.op !== 'sym') return { op: e.op, args: e.args.map(renamed) };
      return inPlaceOf(e.name) ?? e;
    };
    const { source } = c;
    const expressions = { [model.parameter]: renamed(model.expression) };
    tellShape(
      expressions,
      model.shape,
      model.shape.references.map((name) => inPlaceOf(name)?.name ?? name),
    );
    const element: Element = {
      kind: model.kind,
      name,
      nodes: nodes.map((node) => nodeName(scope, node)),
      values: {},
      span: spanAt(source, c.start, c.start + name.length),
      expressions,
    };
    const references = mentions.map(
      ({ which, start, end }): Reference => ({ kind: 'node', name: read[which], source, start, end }),
    );
    return { element, model: undefined, references: references.length > 0 ? references : undefined };
  }
}

function takeApart(c: Cursor): Parts | undefined {
  CARD.lastIndex = c.start;
  const found = CARD.exec(c.text);
  if (found === null) return undefined;
  const [whole, name, plus, minus, rest] = found;
  const pieces = rest.split(VOLTAGE);
  if (pieces.length > 2 * MOST_VOLTAGES) return undefined;
  const read: string[] = [];
  const mentions: { which: number; start: number; end: number }[] = [];
  let at = c.start + whole.length - rest.length + pieces[0].length;
  let form = name[0] + pieces[0];
  for (let k = 1; k < pieces.length; k += 2) {
    const node = pieces[k];
    if (isGround(node)) return undefined;
    let which = read.indexOf(node);
    if (which < 0) which = read.push(node) - 1;
    const end = at + node.length + 3;
    mentions.push({ which, start: at, end });
    form += `v(${which})${pieces[k + 1]}`;
    at = end + pieces[k + 1].length;
  }
  return { name, nodes: [plus, minus], form, read, mentions };
}

/** Undefined for a card that says more than an expression of the voltages it mentions. */
function modelOf(s: Session, { read, mentions, form }: Parts, item: Item): Model | undefined {
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
  const symbols = read.map((node) => `v(${node})`);
  return { kind, parameter, expression, symbols, shape: shapeOf(item.element) };
}
