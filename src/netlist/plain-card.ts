// The commonest card, a name, two nodes and a number, read in one go. Whatever else stands on a card, and all that may
// be wrong with it, is left to the reader of every card.
import type { Element } from '../circuit/circuit.js';
import { outOfBounds } from '../circuit/values.js';
import { type Scan, scanNumber } from '../expression/numbers.js';
import { nodeName } from './card.js';
import type { Cursor } from './cursor.js';
import type { Scope, Session } from './session.js';
import { spanAt } from './source.js';

const PLAIN =
  /([a-z][^\s,=(){}'".]*)[ \t]+([^\s,=(){}'"]+)[ \t]+([^\s,=(){}'"]+)[ \t]+([0-9.][^\s,=(){}'"]*)[ \t\r]*(?:\n|$)/y;

const scan: Scan = { end: 0 };

/** The element of the card that the cursor stands at; undefined, and nothing said, when the card is not as plain as that. */
export function readPlain(s: Session, scope: Scope, c: Cursor): Element | undefined {
  PLAIN.lastIndex = c.start;
  const found = PLAIN.exec(c.text);
  if (found === null) return undefined;
  const name = found[1];
  const syntax = s.syntax.plain.get(name[0]);
  if (syntax === undefined) return undefined;
  const value = numberOf(found[4]);
  if (value === Number.POSITIVE_INFINITY) return undefined;
  const parameter = syntax.positional[0];
  if (outOfBounds(syntax.doc(parameter), value) !== undefined) return undefined;
  return {
    kind: syntax.kind.name,
    name,
    nodes: [nodeName(scope, found[2]), nodeName(scope, found[3])],
    values: { [parameter]: value },
    span: spanAt(c.source, c.start, c.start + name.length),
  };
}

/** NaN for what is no number. */
function numberOf(word: string): number {
  // 0x10 is a number to JavaScript only.
  const value = word.charCodeAt(1) > 57 ? Number.NaN : Number(word);
  if (!Number.isNaN(value)) return value;
  const scanned = scanNumber(word, 0, word.length, scan);
  return scan.end === word.length ? scanned : Number.NaN;
}
