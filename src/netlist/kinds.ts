// Which of several kinds with the same letter a card is: the expression it gives, else the type of its model.
import { type Cursor, chunkEnd, equalsFollows, next, skip, skipParens, wordText } from './cursor.js';
import { findModel } from './models.js';
import type { Scope } from './session.js';
import type { KindSyntax } from './syntax.js';

/** The cursor stands behind the name and stays there. */
export function chooseKind(scope: Scope, c: Cursor, kinds: readonly KindSyntax[]): KindSyntax {
  const { at, word } = c;
  const found = byExpression(c, kinds);
  c.at = at;
  const rest = kinds.filter((k) => !k.kind.card.whenExpression);
  const chosen = found ?? (rest.length > 1 ? byModel(scope, c, rest) : undefined) ?? rest[0] ?? kinds[0];
  c.at = at;
  c.word = word;
  return chosen;
}

function byExpression(c: Cursor, kinds: readonly KindSyntax[]): KindSyntax | undefined {
  let any = false;
  for (let at = c.at; at < c.end && !any; at++)
    any = c.text.charCodeAt(at) === 61 || c.text.charCodeAt(at) === 123;
  if (!any) return undefined;
  for (skip(c); c.at < c.end; skip(c)) {
    if (!next(c)) c.at = chunkEnd(c, c.at);
    else {
      const key = wordText(c);
      if (!equalsFollows(c) && !bracketFollows(c)) continue;
      const found = kinds.find((k) => k.kind.card.whenExpression && k.expressions.has(k.keys.get(key) ?? ''));
      if (found) return found;
    }
  }
  return undefined;
}

function bracketFollows(c: Cursor): boolean {
  skip(c);
  return c.at < c.end && (c.text.charCodeAt(c.at) === 123 || c.text.charCodeAt(c.at) === 39);
}

function byModel(scope: Scope, c: Cursor, kinds: readonly KindSyntax[]): KindSyntax | undefined {
  const { at } = c;
  for (const k of kinds) {
    c.at = at;
    let words = k.kind.pins.length + k.controls + 1;
    let last = '';
    for (skipParens(c); words > 0 && next(c); skipParens(c)) {
      last = wordText(c);
      words--;
    }
    const type = words === 0 ? findModel(scope, last)?.type : undefined;
    if (type !== undefined && k.kind.modelTypes?.includes(type)) return k;
  }
  return undefined;
}
