// Commands that shape the deck: .subckt, .ends, .include, .lib, .global, .control, .end, .title.
import { type Cursor, chunkEnd, endSpan, next, nextSpan, peek, spanFrom, wordText } from '../cursor.js';
import { includeFile } from '../lines.js';
import type { Block, Session } from '../session.js';
import { closeSubcircuit, openSubcircuit } from '../subcircuits.js';
import type { Command } from './command.js';

const subckt: Command = { names: ['subckt'], when: 'now', local: 'yes', read: openSubcircuit };
const ends: Command = { names: ['ends'], when: 'now', local: 'yes', read: closeSubcircuit };

/** A file name, in quotes or not, with its case kept. */
function readPath(s: Session, c: Cursor): { path: string; start: number; end: number } | undefined {
  const k = peek(c);
  if (k === 0) {
    s.report.error('missing-name', 'the name of a file is missing', endSpan(c));
    return undefined;
  }
  const start = c.at;
  const quoted = k === 34 || k === 39;
  let end = start;
  if (quoted) end = chunkEnd(c, start);
  else while (end < c.end && !/\s/.test(c.text[end])) end++;
  c.at = end;
  const path = quoted ? c.source.text.slice(start + 1, end - 1) : c.source.text.slice(start, end);
  return { path, start, end };
}

const include: Command = {
  names: ['include', 'inc', 'incl'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    const file = readPath(s, c);
    if (file) finishThen(s, c, () => includeFile(s, c, file.path, file.start, file.end));
  },
};

/** Complains about the rest of the card before another file is read in its place. */
function finishThen(s: Session, c: Cursor, then: () => void): void {
  if (peek(c) === 0) then();
  else
    s.report.error(
      'unexpected-word',
      'only the name of a file is expected',
      nextSpan(c),
      'put a name with blanks into "quotes"',
    );
}

const lib: Command = {
  names: ['lib'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    const start = c.start;
    const file = readPath(s, c);
    if (!file) return;
    if (next(c)) {
      const section = wordText(c);
      finishThen(s, c, () => includeFile(s, c, file.path, file.start, file.end, section));
    } else if (s.including.length > 1 && /\n\s*\.endl\b/.test(c.text.slice(c.end))) {
      s.block = { end: 'endl', start: spanFrom(c, start, file.end), cards: [], done: () => {} };
    } else includeFile(s, c, file.path, file.start, file.end);
  },
};

const endl: Command = {
  names: ['endl'],
  when: 'now',
  read(s, c) {
    s.report.error('unexpected-ends', '.endl without .lib', spanFrom(c, c.start, c.at));
  },
};

const global: Command = {
  names: ['global'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    if (peek(c) === 0) s.report.error('missing-name', '.global needs the names of nodes', endSpan(c));
    while (next(c)) s.globals.add(wordText(c));
  },
};

const control: Command = {
  names: ['control'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    const start = spanFrom(c, c.start, c.at);
    const block: Block = { end: 'endc', start, cards: [], done };
    s.block = block;
    function done(): void {
      const lines = block.cards.length;
      s.report.warning(
        'control-skipped',
        `the .control block of ${lines} line${lines === 1 ? '' : 's'} is skipped: it is a program for ngspice's shell`,
        start,
        'write analyses as .op, .dc, .ac or .tran and results as .save or .meas',
      );
    }
  },
};

const endc: Command = {
  names: ['endc'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    s.report.error('unexpected-ends', '.endc without .control', spanFrom(c, c.start, c.at));
  },
};

const end: Command = {
  names: ['end'],
  when: 'now',
  local: 'yes',
  read(s) {
    s.ended = true;
  },
};

const title: Command = {
  names: ['title'],
  when: 'now',
  read(s, c) {
    s.draft.title = c.source.text.slice(c.at, c.end).trim();
    c.at = c.end;
  },
};

/** Commands of ngspice that do nothing here. */
const foreign: Command = {
  names: 'noise tf sens pz disto four fourier sp pss width'.split(' '),
  when: 'now',
  local: 'yes',
  read(s, c, name) {
    s.report.warning(
      'unsupported-command',
      `.${name} is not supported and is skipped`,
      spanFrom(c, c.start, c.at),
    );
    c.at = c.end;
  },
};

/** Commands that would change the circuit: ignoring them would simulate another one. */
const refused: Command = {
  names: ['if', 'elseif', 'else', 'endif', 'csparam', 'connect', 'alter', 'protect', 'unprotect'],
  when: 'now',
  local: 'yes',
  read(s, c, name) {
    s.report.error('unsupported-command', `.${name} is not supported`, spanFrom(c, c.start, c.at));
    c.at = c.end;
  },
};

export const structureCommands: readonly Command[] = [
  subckt,
  ends,
  include,
  lib,
  endl,
  global,
  control,
  endc,
  end,
  title,
  foreign,
  refused,
];
