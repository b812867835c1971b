// .meas: numbers taken from the results of an analysis.
import type { Value } from '../../circuit/circuit.js';
import { symbol } from '../../expression/build.js';
import type { Expr } from '../../expression/expression.js';
import type { Names } from '../../expression/parse.js';
import {
  type Cursor,
  endSpan,
  here,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  takeKey,
  takeWord,
  wordSpan,
  wordText,
} from '../cursor.js';
import type { Crossing, MeasureCard, MeasureEvent, StatisticMeasure } from '../deck.js';
import { makeNames } from '../names.js';
import type { Session } from '../session.js';
import { readExpression, readValue } from '../values.js';
import type { Command } from './command.js';
import { readSignal } from './outputs.js';

const statistics: ReadonlyMap<string, StatisticMeasure['kind']> = new Map([
  ['min', 'min'],
  ['max', 'max'],
  ['pp', 'pp'],
  ['avg', 'avg'],
  ['rms', 'rms'],
  ['integ', 'integ'],
  ['integral', 'integ'],
  ['min_at', 'min-at'],
  ['max_at', 'max-at'],
]);

const kinds = [...statistics.keys(), 'find', 'deriv', 'when', 'trig', 'param'];

/** Reading one card: the cursor, and names for signals and for numbers. */
interface Reading {
  readonly s: Session;
  readonly c: Cursor;
  readonly signals: Names;
  readonly numbers: Names;
}

const measure: Command = {
  names: ['meas', 'measure'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    if (!next(c) || !isAnalysis(wordText(c))) {
      const word = c.at > c.word ? wordText(c) : '';
      s.report.error(
        'unknown-analysis',
        'expected tran, dc, ac or op',
        word ? wordSpan(c) : endSpan(c),
        s.report.suggest(word, ['tran', 'dc', 'ac', 'op'], '.meas tran vmax max v(out)'),
      );
      c.at = c.end;
      return;
    }
    const analysis = wordText(c) as MeasureCard['analysis'];
    if (!next(c)) {
      s.report.error('missing-name', 'the measure needs a name', endSpan(c), '.meas tran vmax max v(out)');
      return;
    }
    const base = { name: wordText(c), analysis, span };
    if (s.draft.measures.some((m) => m.name === base.name)) {
      s.report.error('duplicate-measure', `the measure ${base.name} is defined already`, wordSpan(c));
    }
    const earlier = new Set(s.draft.measures.map((m) => m.name));
    const r: Reading = {
      s,
      c,
      signals: makeNames(s, s.global, 'output'),
      numbers: makeNames(s, s.global, 'number'),
    };
    const before = s.report.errors.length;
    const card = readMeasure(r, base, earlier);
    if (card) s.draft.measures.push(card);
    else if (s.report.errors.length > before) c.at = c.end;
  },
};

const isAnalysis = (word: string): boolean =>
  word === 'tran' || word === 'dc' || word === 'ac' || word === 'op';

type Base = Pick<MeasureCard, 'name' | 'analysis' | 'span'>;

function readMeasure(r: Reading, base: Base, earlier: ReadonlySet<string>): MeasureCard | undefined {
  const { s, c } = r;
  const start = here(c);
  if (!next(c)) {
    s.report.error('missing-value', `what is measured? One of ${kinds.join(', ')}`, nextSpan(c));
    return undefined;
  }
  const word = wordText(c);
  const statistic = statistics.get(word);
  if (statistic) {
    const signal = readSignal(s, c, r.signals, 'the signal');
    return signal && { ...base, kind: statistic, signal, ...readWindow(r) };
  }
  switch (word) {
    case 'find':
    case 'deriv':
    case 'derivative': {
      const signal = readSignal(s, c, r.signals, 'the signal');
      const at = signal && readPlace(r);
      return signal && at && { ...base, kind: word === 'find' ? 'find' : 'deriv', signal, ...at };
    }
    case 'when': {
      const found = readCrossing(r);
      return found && { ...base, kind: 'when', when: found.crossing, ...found.window };
    }
    case 'trig': {
      const trig = readEvent(r);
      if (trig && !takeWord(c, 'targ')) {
        s.report.error(
          'missing-value',
          'expected targ after trig',
          nextSpan(c),
          '… trig v(in) val=0.5 rise=1 targ v(out) val=0.5 rise=1',
        );
        return undefined;
      }
      const targ = trig && readEvent(r);
      return trig && targ && { ...base, kind: 'trig-targ', trig, targ };
    }
    case 'param': {
      take(c, 61);
      const names = makeNames(s, s.global, 'number', {
        symbol: (name) => (earlier.has(name) ? symbol(name) : undefined),
      });
      const expr = readExpression(s, c, names, 'loose', 'the expression');
      return expr && { ...base, kind: 'param', expr };
    }
    default:
      s.report.error(
        'unknown-measure',
        `"${word}" cannot be measured`,
        spanFrom(c, start, c.at),
        s.report.suggest(word, kinds, `one of ${kinds.join(', ')}`),
      );
      return undefined;
  }
}

interface Window {
  from?: Value;
  to?: Value;
}

/** `from=… to=…` */
function readWindow(r: Reading): Window {
  const window: Window = {};
  while (readWindowKey(r, window));
  return window;
}

function readWindowKey({ s, c, numbers }: Reading, window: Window): boolean {
  const before = c.at;
  const key = takeKey(c);
  if (key !== 'from' && key !== 'to') {
    c.at = before;
    return false;
  }
  if (window[key] !== undefined)
    s.report.error('duplicate-parameter', `${key} is given twice`, spanFrom(c, c.word, c.word + key.length));
  const value = readValue(s, c, numbers, key);
  if (value !== undefined) window[key] = value;
  return true;
}

/** `at=…` or `when signal=value …` */
function readPlace(r: Reading): ({ at: MeasureEvent } & Window) | undefined {
  const { s, c } = r;
  const window = readWindow(r);
  if (takeWord(c, 'when')) {
    const found = readCrossing(r);
    return found && { at: found.crossing, ...window, ...found.window };
  }
  const at = readAt(r);
  if (at === 'absent') {
    s.report.error('missing-value', 'expected at=… or when signal=value', nextSpan(c));
    return undefined;
  }
  return at && { at, ...window };
}

function readAt({ s, c, numbers }: Reading): { at: Value } | 'absent' | undefined {
  const before = c.at;
  if (takeKey(c) !== 'at') {
    c.at = before;
    return 'absent';
  }
  const at = readValue(s, c, numbers, 'at');
  return at === undefined ? undefined : { at };
}

/** `at=…` or `signal val=… rise=… td=…` */
function readEvent(r: Reading): MeasureEvent | undefined {
  const at = readAt(r);
  return at === 'absent' ? readCrossing(r)?.crossing : at;
}

/** `left=right`, or `left … val=right`, with rise, fall, cross, td, from, to in any order. */
function readCrossing(r: Reading): { crossing: Crossing; window: Window } | undefined {
  const { s, c } = r;
  const left = readSignal(s, c, r.signals, 'the signal');
  if (left === undefined) return undefined;
  let right = take(c, 61) ? readSignal(s, c, r.signals, 'the value') : undefined;
  let edge: Crossing['edge'] = 'cross';
  let count = 1;
  let td: Value | undefined;
  const window: Window = {};
  while (peek(c) !== 0) {
    if (readWindowKey(r, window)) continue;
    const before = c.at;
    const key = takeKey(c);
    if (key === 'val') {
      const value: Expr | undefined = readSignal(s, c, r.signals, 'val');
      if (value === undefined) return undefined;
      right = value;
    } else if (key === 'td') td = readValue(s, c, r.numbers, 'td');
    else if (key === 'rise' || key === 'fall' || key === 'cross') {
      edge = key;
      const number = readCount(r);
      if (number === undefined) return undefined;
      count = number;
    } else {
      c.at = before;
      break;
    }
  }
  if (right === undefined) {
    s.report.error(
      'missing-value',
      'the value that is crossed is missing',
      nextSpan(c),
      'write v(out)=0.5 or val=0.5',
    );
    return undefined;
  }
  return { crossing: { left, right, edge, count, ...(td === undefined ? {} : { td }) }, window };
}

/** A whole number from 1 on, or `last` (−1). */
function readCount({ s, c, numbers }: Reading): number | undefined {
  if (takeWord(c, 'last')) return -1;
  const start = here(c);
  const value = readValue(s, c, numbers, 'the count');
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1))
    return value as number | undefined;
  s.report.error(
    'out-of-bounds',
    'the count must be a whole number from 1 on, or last',
    spanFrom(c, start, c.at),
  );
  return undefined;
}

export const measureCommands: readonly Command[] = [measure];
