// .save, .print, .plot, .probe: the signals asked for.
import { symbol } from '../../expression/build.js';
import type { Expr } from '../../expression/expression.js';
import {
  type Cursor,
  endSpan,
  here,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  wordSpan,
  wordText,
} from '../cursor.js';
import type { SavedSignal } from '../deck.js';
import { elementPath, makeNames } from '../names.js';
import type { Session } from '../session.js';
import { readExpression } from '../values.js';
import type { Command } from './command.js';

const analyses: readonly string[] = ['op', 'dc', 'ac', 'tran'];

/** Reads an expression of signals, also as `par('…')`; what it speaks of is checked against the circuit later. */
export function readSignal(
  s: Session,
  c: Cursor,
  names: ReturnType<typeof makeNames>,
  what: string,
): Expr | undefined {
  s.references = [];
  const start = here(c);
  const par = /^par\s*\(\s*(?=['"{])/.exec(c.text.slice(c.at, c.end));
  if (par) c.at += par[0].length;
  const bare = par ? undefined : bareNode(s, c);
  const e = bare ?? readExpression(s, c, names, 'tight', what);
  if (par && e && !take(c, 41))
    s.report.error('unbalanced', '"par(" is not closed', nextSpan(c), "par('v(out)*2')");
  if (bare)
    s.references.push({ kind: 'node', name: c.text.slice(start, c.at), source: c.source, start, end: c.at });
  for (const reference of s.references) s.pending.push({ reference, name: reference.name });
  return e;
}

/** A node written without V(), or `@element[i]`. */
function bareNode(s: Session, c: Cursor): Expr | undefined {
  const before = c.at;
  if (next(c) && (c.at >= c.end || /[\s,]/.test(c.text[c.at]))) {
    const word = wordText(c);
    if (!s.global.parameters.has(word) && word !== 'time' && s.wiring().nodeOf.has(word))
      return symbol(`v(${word})`);
  }
  c.at = before;
  return undefined;
}

function read(s: Session, c: Cursor, analysis: SavedSignal['analysis']): void {
  const names = makeNames(s, s.global, 'output');
  if (peek(c) === 0)
    s.report.error('missing-value', 'the signals are missing', endSpan(c), '.save v(out) i(v1)');
  while (peek(c) !== 0) {
    const start = c.at;
    if (next(c) && wordText(c) === 'all' && c.text[c.at] !== '(') {
      s.draft.saveAll = true;
      continue;
    }
    const internal = /^@([^[\]\s]+)\[i[db]?\]$/.exec(wordText(c));
    let expr: Expr | undefined;
    if (internal) {
      const name = elementPath(internal[1]);
      expr = symbol(`i(${name})`);
      s.pending.push({ reference: { kind: 'element', name, source: c.source, start, end: c.at }, name });
    } else {
      c.at = start;
      expr = readSignal(s, c, names, 'a signal');
    }
    if (expr === undefined) continue;
    const span = spanFrom(c, start, c.at);
    s.draft.saves.push({
      name: nameOf(c.text.slice(start, c.at), expr),
      expr,
      ...(analysis ? { analysis } : {}),
      span,
    });
    if (c.at < c.end && !/[\s,]/.test(c.text[c.at])) {
      s.report.error(
        'unexpected-character',
        `"${c.text[c.at]}" is not expected here`,
        spanFrom(c, c.at, c.at + 1),
        'signals are separated by blanks',
      );
      c.at++;
    }
  }
}

/** The text without blanks and outer brackets; `v(out)` for a node written bare. */
function nameOf(text: string, expr: Expr): string {
  const tidy = text.replace(/\s+/g, '').replace(/^par\((.*)\)$/, '$1');
  if (expr.op === 'sym' && !tidy.includes('(')) return expr.name;
  return /^\{[^{}]*\}$|^'[^']*'$|^"[^"]*"$/.test(tidy) ? tidy.slice(1, -1) : tidy;
}

const save: Command = { names: ['save', 'probe'], when: 'later', read: (s, c) => read(s, c, undefined) };

const print: Command = {
  names: ['print', 'plot'],
  when: 'later',
  read(s, c, name) {
    if (!next(c)) {
      s.report.error(
        'missing-value',
        `.${name} needs an analysis and signals`,
        nextSpan(c),
        `.${name} tran v(out)`,
      );
      return;
    }
    const word = wordText(c);
    if (analyses.includes(word) && c.text[c.at] !== '(')
      read(s, c, word as NonNullable<SavedSignal['analysis']>);
    else if (/^(noise|disto|tf|sens|four)$/.test(word)) {
      s.report.warning(
        'unsupported-command',
        `the analysis ${word} is not supported; this .${name} is skipped`,
        wordSpan(c),
      );
      c.at = c.end;
    } else {
      c.at = c.word;
      read(s, c, undefined);
    }
  },
};

export const outputCommands: readonly Command[] = [save, print];
