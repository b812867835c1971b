// A place on a card, and the words that follow it. Blanks and commas separate words; = ( ) { } and quotes end them.
import type { Span } from '../errors.js';
import { type Source, spanAt } from './source.js';

/** A card: one line of the clean text. */
export interface Card {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Cursor {
  source: Source;
  /** `source.clean`. */
  text: string;
  /** First character of the card. */
  start: number;
  /** First character not yet read. */
  at: number;
  /** End of the card. */
  end: number;
  /** Where the last word began. */
  word: number;
}

export const makeCursor = ({ source, start, end }: Card): Cursor => ({
  source,
  text: source.clean,
  start,
  at: start,
  end,
  word: start,
});

/** Points a cursor at a card, `offset` characters into its text or at its beginning. */
export function pointAt(c: Cursor, card: Card, offset: number = card.start): void {
  c.source = card.source;
  c.text = card.source.clean;
  c.start = card.start;
  c.at = offset;
  c.end = card.end;
  c.word = offset;
}

/** 1: blank; 2: comma; 3: ends a word. */
const classes = new Uint8Array(128);
for (const k of [9, 10, 13, 32]) classes[k] = 1;
classes[44] = 2;
for (const k of '=(){}\'"') classes[k.charCodeAt(0)] = 3;

const classOf = (c: number): number => (c < 128 ? classes[c] : c === 0xa0 || c === 0xfeff ? 1 : 0);

/** Passes over blanks and commas. */
export function skip(c: Cursor): void {
  const { text, end } = c;
  let at = c.at;
  while (at < end) {
    const k = classOf(text.charCodeAt(at));
    if (k !== 1 && k !== 2) break;
    at++;
  }
  c.at = at;
}

/** Passes over blanks, commas and parentheses. */
export function skipParens(c: Cursor): void {
  for (skip(c); c.at < c.end; skip(c)) {
    const k = c.text.charCodeAt(c.at);
    if (k !== 40 && k !== 41) break;
    c.at++;
  }
}

/** The next character after blanks and commas, as a code; 0 at the end. */
export function peek(c: Cursor): number {
  skip(c);
  return c.at < c.end ? c.text.charCodeAt(c.at) : 0;
}

/** Where the next thing stands. */
export function here(c: Cursor): number {
  skip(c);
  return c.at;
}

export const atEnd = (c: Cursor): boolean => peek(c) === 0;

/** Reads the next word into [word, at); false when the next thing is no word. */
export function next(c: Cursor): boolean {
  skip(c);
  const { text, end } = c;
  let at = c.at;
  c.word = at;
  while (at < end && classOf(text.charCodeAt(at)) === 0) at++;
  c.at = at;
  return at > c.word;
}

export const wordText = (c: Cursor): string => c.text.slice(c.word, c.at);

/** Whether an `=` (not `==`) follows the blanks at `from`. */
export function equalsFollows(c: Cursor, from: number = c.at): boolean {
  let at = from;
  while (at < c.end && classOf(c.text.charCodeAt(at)) === 1) at++;
  return at < c.end && c.text.charCodeAt(at) === 61 && c.text.charCodeAt(at + 1) !== 61;
}

/** Passes over one character if it is the next; tells whether it was. */
export function take(c: Cursor, code: number): boolean {
  if (peek(c) !== code) return false;
  c.at++;
  return true;
}

/** Reads the next word only when it is this one. */
export function takeWord(c: Cursor, word: string): boolean {
  const before = c.at;
  if (next(c) && c.at - c.word === word.length && c.text.startsWith(word, c.word)) return true;
  c.at = before;
  return false;
}

/** Reads `name =`, leaving the cursor after the `=`; undefined (and nothing read) when that is not what follows. */
export function takeKey(c: Cursor): string | undefined {
  const before = c.at;
  if (next(c) && equalsFollows(c)) {
    const key = wordText(c);
    const word = c.word;
    take(c, 61);
    c.word = word;
    return key;
  }
  c.at = before;
  return undefined;
}

/** End of whatever stands at `from`: a word, a quoted or bracketed text, or one character. */
export function chunkEnd(c: Cursor, from: number): number {
  const { text, end } = c;
  const open = text.charCodeAt(from);
  if (open === 39 || open === 34) {
    const close = text.indexOf(text[from], from + 1);
    return close < 0 || close >= end ? end : close + 1;
  }
  if (open === 123 || open === 40) {
    let depth = 0;
    for (let at = from; at < end; at++) {
      const k = text.charCodeAt(at);
      if (k === 123 || k === 40) depth++;
      else if ((k === 125 || k === 41) && --depth === 0) return at + 1;
    }
    return end;
  }
  let at = from;
  while (at < end && classOf(text.charCodeAt(at)) === 0) at++;
  return Math.max(at, Math.min(from + 1, end));
}

export const spanFrom = (c: Cursor, start: number, end: number): Span => spanAt(c.source, start, end);
export const wordSpan = (c: Cursor): Span => spanAt(c.source, c.word, c.at);

/** The place just after the last word of the card. */
export function endSpan(c: Cursor): Span {
  let at = c.end;
  while (at > c.start && classOf(c.text.charCodeAt(at - 1)) === 1) at--;
  return spanAt(c.source, at, at + 1);
}

/** The span of what stands next. */
export function nextSpan(c: Cursor): Span {
  skip(c);
  return c.at >= c.end ? endSpan(c) : spanAt(c.source, c.at, chunkEnd(c, c.at));
}
