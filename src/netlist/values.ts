// Values on cards: numbers with SPICE's scale factors, and expressions of parameters.
import type { Value } from '../circuit/circuit.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { type Scan, scanNumber } from '../expression/numbers.js';
import type { Names } from '../expression/parse.js';
import { type Cursor, chunkEnd, endSpan, here, peek, skip, spanFrom } from './cursor.js';
import { plain } from './names.js';
import type { Session } from './session.js';

const scan: Scan = { end: 0 };

/** Blank, comma, closing bracket, or the end: a number may stop before it. */
function stops(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const c = text.charCodeAt(at);
  return c === 32 || c === 9 || c === 13 || c === 44 || c === 41 || c === 125;
}

/** Reads a plain number; NaN, and nothing read, when that is not what stands next. */
export function takeNumber(c: Cursor): number {
  skip(c);
  const first = c.at < c.end ? c.text.charCodeAt(c.at) : 0;
  const signed = first === 45 || first === 43;
  if (!signed && first !== 46 && (first < 48 || first > 57)) return Number.NaN;
  const value = scanNumber(c.text, signed ? c.at + 1 : c.at, c.end, scan);
  if (Number.isNaN(value) || !stops(c.text, scan.end, c.end)) return Number.NaN;
  c.at = scan.end;
  return first === 45 ? -value : value;
}

/** Reads a number or a tight expression (`{…}`, `'…'`, or without blanks). Undefined after a complaint. */
export function readValue(s: Session, c: Cursor, names: Names, what: string): Value | undefined {
  const before = c.at;
  const number = takeNumber(c);
  if (Number.isFinite(number)) return number;
  c.at = before;
  const e = readExpression(s, c, names, 'tight', what);
  return e && plain(e);
}

/** Reads an expression. `loose`: as far as it makes sense. Undefined after a complaint. */
export function readExpression(
  s: Session,
  c: Cursor,
  names: Names,
  reach: 'tight' | 'loose',
  what: string,
): Expr | undefined {
  if (peek(c) === 0) {
    s.report.error('missing-value', `${what} is missing`, endSpan(c));
    return undefined;
  }
  const start = c.at;
  const e = s.expressions.parse(c.text, start, c.end, reach, names, s.complain(c.source));
  if (e === undefined) {
    c.at = reach === 'loose' && c.text[start] !== '{' ? c.end : recovery(c, start, s.expressions.end());
    return undefined;
  }
  c.at = s.expressions.end();
  if (e.op === 'const' && !Number.isFinite(e.value)) {
    const value = Number.isNaN(e.value) ? 'not a number' : 'infinite';
    s.report.error('not-finite', `${what} is ${value}`, spanFrom(c, start, c.at));
    return undefined;
  }
  return e;
}

/** Where reading goes on after a wrong expression: behind its bracket or at the next blank. */
function recovery(c: Cursor, start: number, trouble: number): number {
  let at = chunkEnd(c, start);
  while (at < c.end && (at < trouble || !stops(c.text, at, c.end))) at = chunkEnd(c, at);
  return at;
}

/** Reads what must be a number before the run: parameters stand at the values of the deck. */
export function readNumber(s: Session, c: Cursor, names: Names, what: string): number | undefined {
  const start = here(c);
  const value = readValue(s, c, names, what);
  if (value === undefined || typeof value === 'number') return value;
  const number = evaluate(value, (name) => s.values.get(name) ?? Number.NaN);
  if (Number.isFinite(number)) return number;
  s.report.error('not-finite', `${what} is not a finite number`, spanFrom(c, start, c.at));
  return undefined;
}
