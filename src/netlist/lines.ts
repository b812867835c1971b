// Cards of a source, one after the other: dot commands are handed to their readers, element cards to their scope.

import type { Span } from '../errors.js';
import type { Scan } from '../expression/numbers.js';
import { some } from '../expression/suggest.js';
import type { Command } from './commands/command.js';
import { type Card, type Cursor, makeCursor, next, nextSpan, pointAt, spanFrom, wordText } from './cursor.js';
import { readPlain } from './plain-card.js';
import type { Session } from './session.js';
import { makeSource, type Source, spanAt } from './source.js';

const DEEPEST = 50;
const MOST_SOURCES = 10_000;
const MOST_CHARACTERS = 1 << 29;

/** A part of a library, between `.lib name` and `.endl`, and the card that asks for it. */
interface Section {
  readonly name: string;
  readonly span: Span;
}

/** Reads the cards of a source into the session, or of one section only. */
export function readSource(s: Session, source: Source, section?: Section): void {
  for (const at of source.orphans) {
    s.report.error(
      'nothing-to-continue',
      '"+" continues a card, but there is none before it',
      spanAt(source, at, at + 1),
    );
  }
  const { clean } = source;
  const c = makeCursor({ source, start: source.body, end: source.body });
  let inside = section === undefined;
  let found = inside;
  const line: Scan = { end: 0 };
  const block = s.block;
  for (let start = source.body; start < clean.length; ) {
    const first = firstOf(clean, start);
    if (first >= clean.length) break;
    const begins = clean.charCodeAt(first);
    if (begins === 10) {
      start = first + 1;
      continue;
    }
    const isCommand = begins === 46;
    if (!isCommand && inside && !s.ended && s.block === undefined) {
      const plain = readPlain(s, s.scope, source, first, line);
      if (plain) {
        s.scope.cards.push(plain);
        start = line.end;
        continue;
      }
    }
    let end = clean.indexOf('\n', first);
    if (end < 0) end = clean.length;
    start = end + 1;
    const card: Card = { source, start: first, end };
    if (section !== undefined && isCommand) {
      pointAt(c, card);
      next(c);
      const word = wordText(c);
      if (word === '.lib' && !inside && next(c) && wordText(c) === section.name) {
        inside = found = true;
        continue;
      }
      if (word === '.endl' && inside) break;
    }
    if (!inside) continue;
    if (s.ended) {
      s.report.warning('after-end', 'everything after .end is ignored', spanAt(source, first, end));
      break;
    }
    if (isCommand) {
      pointAt(c, card);
      readCommand(s, c, card);
    } else if (s.block) s.block.cards.push(card);
    else s.scope.cards.push(card);
  }
  if (!found) {
    const names = [...clean.matchAll(/^[ \t]*\.lib[ \t]+(\S+)[ \t]*$/gim)].map(([, name]) => name);
    const hint = names.length > 0 ? `its sections: ${some(names)}` : 'leave the section out: it has none';
    s.report.error('unknown-section', `${source.file} has no section ${section?.name}`, section?.span, hint);
  }
  if (s.block && s.block !== block) {
    s.report.error(
      'unclosed',
      `${s.block.start.text.trim().split(/\s/)[0]} is not closed`,
      s.block.start,
      `end it with .${s.block.end}`,
    );
    s.block = block;
  }
}

/** Where something stands that is no blank, or the line ends. */
function firstOf(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c !== 32 && c !== 9 && c !== 13 && c !== 0xa0 && c !== 0xfeff) break;
  }
  return at;
}

function readCommand(s: Session, c: Cursor, card: Card): void {
  next(c);
  const name = wordText(c).slice(1);
  if (s.block) {
    if (name === s.block.end) {
      const { done } = s.block;
      s.block = undefined;
      done();
    } else s.block.cards.push(card);
    return;
  }
  const command = s.commands.get(name);
  if (command === undefined) {
    const names = [...s.commands.keys()].map((n) => `.${n}`);
    s.report.error(
      'unknown-command',
      `there is no command .${name}`,
      spanFrom(c, c.word, Math.max(c.at, c.word + 1)),
      s.report.suggest(`.${name}`, names),
    );
    return;
  }
  if (s.scope.parent && command.local === undefined) {
    if (s.misplaced.has(s.scope)) return;
    s.misplaced.add(s.scope);
    s.report.error(
      'misplaced-command',
      `.${name} cannot stand inside .subckt ${s.scope.subcircuit?.name}`,
      spanFrom(c, c.word, c.at),
      'move it behind .ends, or is .ends missing?',
    );
    return;
  }
  if (s.scope.parent && command.local === 'expanded') s.scope.conditions.push({ command, card, at: c.at });
  else if (command.when === 'later') s.later.push({ command, card, at: c.at });
  else runCommand(s, c, command);
}

/** Lets a command read its card; what it leaves unread is complained about. */
export function runCommand(s: Session, c: Cursor, command: Command): void {
  const before = s.report.errors.length;
  const written = /^[a-z]*/.exec(c.text.slice(c.start + 1, c.start + 16))![0];
  const name = command.names.includes(written) ? written : command.names[0];
  command.read(s, c, name);
  if (s.report.errors.length > before) return;
  const rest = nextSpan(c);
  if (c.at < c.end)
    s.report.error(
      'unexpected-word',
      `"${c.text.slice(c.at, c.at + rest.length)}" is not expected on a .${name} card`,
      rest,
    );
}

/** A path written in a file, as seen from where that file's own path is seen. */
function pathFrom(file: string, path: string): string {
  if (/^([a-z]:)?[\\/]/i.test(path)) return path;
  const parts: string[] = [];
  for (const part of [...file.split('/').slice(0, -1), ...path.split('/')]) {
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Reads another file in place of the cursor's card. */
export function includeFile(
  s: Session,
  c: Cursor,
  path: string,
  start: number,
  end: number,
  section?: string,
): void {
  const span = spanFrom(c, start, end);
  const text = s.include(path, c.source.file);
  if (text === undefined) {
    s.report.error(
      'cannot-include',
      `the file "${path}" cannot be read`,
      span,
      `it is looked for beside ${c.source.file}`,
    );
    return;
  }
  const source = makeSource(pathFrom(c.source.file, path), text, false);
  const known = s.including.findIndex((other) => other.file === source.file);
  if (known >= 0 && section === undefined) {
    const chain = [...s.including.slice(known), source].map((other) => other.file).join(' → ');
    s.report.fatal('include-cycle', `files include each other: ${chain}`, span);
  }
  s.volume.characters += text.length;
  if (
    s.including.length >= DEEPEST ||
    ++s.volume.sources > MOST_SOURCES ||
    s.volume.characters > MOST_CHARACTERS
  ) {
    s.report.fatal('too-many-includes', 'files are included too deeply or too often', span);
  }
  s.including.push(source);
  readSource(s, source, section === undefined ? undefined : { name: section, span });
  s.including.pop();
  s.ended = false;
}
