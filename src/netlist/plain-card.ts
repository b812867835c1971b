// The commonest card, a name, two nodes and a number, read in one go. Whatever else stands on a card, and all that may
// be wrong with it, is left to the reader of every card.
import type { Element } from '../circuit/circuit.js';
import { outOfBounds } from '../circuit/values.js';
import { type Scan, scanNumber } from '../expression/numbers.js';
import { nodeName } from './card.js';
import type { Scope, Session } from './session.js';
import { type Source, spanAt } from './source.js';
import type { KindSyntax } from './syntax.js';

const PLAIN =
  /([a-z][^\s,=(){}'".]*)[ \t]+([^\s,=(){}'"]+)[ \t]+([^\s,=(){}'"]+)[ \t]+([0-9.][^\s,=(){}'"]*)[ \t\r]*(?:\n|$)/y;

const scan: Scan = { end: 0 };

/** What cards of a kind say, by the word for their number: many say the same, and share it. */
const said = new WeakMap<KindSyntax, Map<string, Element['values']>>();
const MOST_WORDS = 64;

/**
 * The element of the card that begins at `start`; undefined, and nothing said, when the card is not as plain as that.
 * @param line where the next line begins, when there is an element
 */
export function readPlain(
  s: Session,
  scope: Scope,
  source: Source,
  start: number,
  line: Scan,
): Element | undefined {
  const { clean } = source;
  const syntax = s.syntax.plain.get(clean[start]);
  if (syntax === undefined) return undefined;
  PLAIN.lastIndex = start;
  const found = PLAIN.exec(clean);
  if (found === null) return undefined;
  const values = valuesOf(syntax, found[4]);
  if (values === undefined) return undefined;
  line.end = PLAIN.lastIndex;
  const name = found[1];
  return {
    kind: syntax.kind.name,
    name,
    nodes: [nodeName(scope, found[2]), nodeName(scope, found[3])],
    values,
    span: spanAt(source, start, start + name.length),
  };
}

/** Undefined for a word that is no number, or none that this kind allows. */
function valuesOf(syntax: KindSyntax, word: string): Element['values'] | undefined {
  let words = said.get(syntax);
  if (words === undefined) said.set(syntax, (words = new Map()));
  const known = words.get(word);
  if (known !== undefined) return known;
  const value = numberOf(word);
  if (value === Number.POSITIVE_INFINITY) return undefined;
  const parameter = syntax.positional[0];
  if (outOfBounds(syntax.doc(parameter), value) !== undefined) return undefined;
  const values = { [parameter]: value };
  if (words.size < MOST_WORDS) words.set(word, values);
  return values;
}

/** NaN for what is no number. */
function numberOf(word: string): number {
  // 0x10 is a number to JavaScript only.
  const value = word.charCodeAt(1) > 57 ? Number.NaN : Number(word);
  if (!Number.isNaN(value)) return value;
  const scanned = scanNumber(word, 0, word.length, scan);
  return scan.end === word.length ? scanned : Number.NaN;
}
