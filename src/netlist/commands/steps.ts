// .step: everything again for every value. .data: a table of values.
import type { Value } from '../../circuit/circuit.js';
import { number } from '../../circuit/values.js';
import type { Span } from '../../errors.js';
import { zero } from '../../expression/build.js';
import {
  type Card,
  type Cursor,
  endSpan,
  here,
  makeCursor,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  takeWord,
  wordSpan,
  wordText,
} from '../cursor.js';
import type { Grid, SweepVariable } from '../deck.js';
import { makeNames } from '../names.js';
import type { Block, Session } from '../session.js';
import { takeVariable, variableNamed } from '../sweeps.js';
import { readValue, takeNumber } from '../values.js';
import type { Command } from './command.js';

type Scale = 'lin' | 'dec' | 'oct' | 'list';

function takeScale(c: Cursor): Scale | undefined {
  return (['lin', 'dec', 'oct', 'list'] as const).find((word) => takeWord(c, word));
}

const step: Command = {
  names: ['step'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const before = c.at;
    if (takeWord(c, 'data') && take(c, 61) && next(c)) {
      s.dataUses.push({ name: wordText(c), span: wordSpan(c) });
      s.draft.steps.push({ data: wordText(c), span });
      return;
    }
    c.at = before;
    const early = takeScale(c);
    const variable = takeVariable(s, c);
    if (!variable) {
      c.at = c.end;
      return;
    }
    const grid = readGrid(s, c, early ?? takeScale(c) ?? 'lin');
    if (grid) s.draft.steps.push({ variable, grid, span });
  },
};

function readGrid(s: Session, c: Cursor, scale: Scale): Grid | undefined {
  const names = makeNames(s, s.global, 'number');
  const values: Value[] = [];
  const spans: (readonly [number, number])[] = [];
  const most = scale === 'list' ? Number.POSITIVE_INFINITY : 3;
  while (peek(c) !== 0 && values.length < most) {
    const start = c.at;
    const value = readValue(s, c, names, 'a value');
    if (value === undefined) return undefined;
    values.push(value);
    spans.push([start, c.at]);
  }
  if (scale === 'list') {
    if (values.length > 0) return { scale, values };
    s.report.error('missing-value', 'the list has no values', endSpan(c), '.step param r list 1k 2k 5k');
    return undefined;
  }
  const [start, stop, third] = values;
  const last = scale === 'lin' ? 'step' : 'points';
  if (third === undefined) {
    s.report.error(
      'missing-value',
      `expected start stop ${last}`,
      endSpan(c),
      `.step param r ${scale === 'lin' ? '' : `${scale} `}1k 10k 1k`,
    );
    return undefined;
  }
  const complain = (k: number, message: string): void =>
    s.report.error('out-of-bounds', message, spanFrom(c, spans[k][0], spans[k][1]));
  if (scale === 'lin') {
    if (third === 0) complain(2, 'the step must not be zero');
    return { scale, start, stop, step: third };
  }
  if (typeof start === 'number' && !(start > 0)) complain(0, 'the first value must be above 0');
  if (typeof stop === 'number' && !(stop > 0)) complain(1, 'the last value must be above 0');
  if (typeof third === 'number' && !(Number.isInteger(third) && third >= 1))
    complain(2, 'the number of points must be a whole number, at least 1');
  return { scale, start, stop, points: third };
}

const data: Command = {
  names: ['data'],
  when: 'now',
  read(s, c) {
    const start = spanFrom(c, c.start, c.at);
    const block: Block = { end: 'enddata', start, cards: [], done };
    s.block = block;
    const card: Card = { source: c.source, start: c.at, end: c.end };
    c.at = c.end;
    function done(): void {
      s.later.push({ command: table(block.cards), card, at: card.start });
    }
  },
};

/** The table of a .data block, once names can be looked up. */
const table = (lines: readonly Card[]): Command => ({
  names: ['data'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, here(c), c.end);
    if (!next(c)) {
      s.report.error(
        'missing-name',
        '.data needs a name and the names of its columns',
        endSpan(c),
        '.data table r c',
      );
      return;
    }
    const name = wordText(c);
    if (s.draft.data.has(name))
      s.report.error('duplicate-data', `the table ${name} is defined twice`, wordSpan(c));
    const columns = readColumns(s, c);
    if (columns === undefined) return;
    const rows = readRows(s, c, columns.length, lines);
    if (columns.length === 0 || rows.length === 0) {
      s.report.error(
        'missing-value',
        `the table ${name} has no ${columns.length === 0 ? 'columns' : 'rows'}`,
        span,
        '.data table r c, then rows of numbers, then .enddata',
      );
    }
    defineLessonColumns(s, columns, rows);
    s.draft.data.set(name, { name, columns, rows, span });
  },
});

const isSame = (a: SweepVariable, b: SweepVariable): boolean => a.kind === b.kind && a.name === b.name;

function readColumns(s: Session, c: Cursor): SweepVariable[] | undefined {
  const columns: SweepVariable[] = [];
  for (peek(c); c.at < c.end; peek(c)) {
    const before = c.at;
    const isNumber = !Number.isNaN(takeNumber(c));
    c.at = before;
    if (isNumber || !next(c)) break;
    const variable = variableNamed(s, wordText(c)) ?? lessonVariable(s, c);
    if (!variable) {
      unknownColumn(s, wordText(c), wordSpan(c));
      c.at = c.end;
      return undefined;
    }
    if (columns.some((column) => isSame(column, variable)))
      s.report.error('duplicate-column', `the table has a column ${variable.name} already`, wordSpan(c));
    columns.push(variable);
  }
  return columns;
}

/** A column of a deck with costs may have a name of its own: a target. It becomes a parameter of that name. */
function lessonVariable(s: Session, c: Cursor): SweepVariable | undefined {
  const name = wordText(c);
  if (!IDENTIFIER.test(name) || s.later.every(({ command }) => !command.names.includes('cost')))
    return undefined;
  s.lessonColumns.set(name, wordSpan(c));
  s.global.parameters.set(name, {
    name,
    symbol: name,
    scope: s.global,
    card: { source: c.source, start: c.start, end: c.end },
    start: c.word,
    at: c.at,
    formal: false,
    expr: zero,
  });
  return { kind: 'parameter', name };
}

const IDENTIFIER = /^[a-z_]\w*$/;

export function unknownColumn(s: Session, name: string, span: Span): void {
  const known = [...s.global.parameters.keys(), ...s.elements.keys()].filter((k) => k !== name);
  s.report.error(
    'unknown-sweep',
    `no source, element or parameter is called "${name}"`,
    span,
    s.report.suggest(name, known, 'a column that is none of these must be spoken of in a .cost'),
  );
}

/** What the first row says is what holds when no row is asked for. */
function defineLessonColumns(
  s: Session,
  columns: readonly SweepVariable[],
  [first]: readonly Value[][],
): void {
  const lookup = (name: string): number => s.values.get(name) ?? Number.NaN;
  columns.forEach(({ name }, k) => {
    const value = first?.[k];
    if (value === undefined || !s.lessonColumns.has(name)) return;
    s.draft.parameters.set(name, value);
    s.values.set(name, number(value, lookup));
  });
}

/** Numbers on this card and on the lines up to `.enddata`. */
function readRows(s: Session, c: Cursor, width: number, lines: readonly Card[]): Value[][] {
  const names = makeNames(s, s.global, 'number');
  const values: Value[] = [];
  let last = c;
  for (const cursor of [c, ...lines.map(makeCursor)]) {
    last = cursor;
    while (peek(cursor) !== 0) {
      const value = readValue(s, cursor, names, 'a value');
      if (value === undefined) return [[0]];
      values.push(value);
    }
  }
  if (width > 0 && values.length % width !== 0) {
    s.report.error(
      'wrong-row',
      `the last row has ${values.length % width} of ${width} values, one for each column`,
      endSpan(last),
      'a row may go over several lines, and a line may hold several rows',
    );
  }
  const rows: Value[][] = [];
  for (let k = 0; k + width <= values.length && width > 0; k += width) rows.push(values.slice(k, k + width));
  return rows;
}

const enddata: Command = {
  names: ['enddata'],
  when: 'now',
  read(s, c) {
    s.report.error('unexpected-ends', '.enddata without .data', nextSpan(c));
    c.at = c.end;
  },
};

export const stepCommands: readonly Command[] = [step, data, enddata];
