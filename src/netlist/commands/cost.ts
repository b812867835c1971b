// .cost: what is to become small; several cards add up.
import type { Value } from '../../circuit/circuit.js';
import type { Span } from '../../errors.js';
import { symbol } from '../../expression/build.js';
import type { Expr } from '../../expression/expression.js';
import type { Names } from '../../expression/parse.js';
import { realised } from '../../expression/phasor.js';
import {
  type Cursor,
  endSpan,
  equalsFollows,
  here,
  next,
  nextSpan,
  peek,
  spanFrom,
  takeKey,
  wordSpan,
  wordText,
} from '../cursor.js';
import type { CostCard } from '../learning.js';
import { makeNames } from '../names.js';
import type { Session } from '../session.js';
import { readValue } from '../values.js';
import type { Command } from './command.js';
import { readSignal } from './outputs.js';

const EXAMPLES: Readonly<Record<CostCard['kind'], string>> = {
  op: '.cost op v(out) target=0.3, or .cost op expr={v(out)*i(v1)}',
  tran: '.cost tran v(out) target=0.3 from=1u to=2u, or .cost tran expr={v(out)**2} at=1u,2u',
  ac: '.cost ac vdb(out) target=-3 at=1k, or .cost ac expr={abs(v(out)/v(in))} at=1k,2k',
};
const KINDS = ['op', 'tran', 'ac'] as const;
const HAS_NOT: Readonly<Record<CostCard['kind'], string>> = {
  op: 'an operating point has neither time nor frequency',
  tran: 'an instant has no frequency',
  ac: 'a response has no time',
};
const KEYS = ['target', 'expr', 'weight', 'from', 'to', 'at', 'data'] as const;
type Key = (typeof KEYS)[number];
const INSTANTANEOUS: ReadonlySet<string> = new Set(['v', 'i', 'w']);

/** What has been read of a card. */
interface Draft {
  readonly kind: CostCard['kind'];
  readonly signals: Names;
  readonly numbers: Names;
  signal?: Expr;
  target?: Expr;
  weight?: Value;
  from?: Value;
  to?: Value;
  at?: readonly Value[];
  data?: string;
  /** Where the values of from, to and at stand. */
  readonly spans: { from?: Span; to?: Span; at?: readonly Span[] };
}

/** Read once every table is: expressions may speak of its columns. */
const cost: Command = {
  names: ['cost'],
  when: 'later',
  read(s, c) {
    s.later.push({ command: afterTables, card: { source: c.source, start: c.start, end: c.end }, at: c.at });
    c.at = c.end;
  },
};

const afterTables: Command = {
  names: ['cost'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const word = next(c) ? wordText(c) : '';
    const kind = KINDS.find((k) => k === word);
    if (kind === undefined) {
      const place = word === '' ? endSpan(c) : wordSpan(c);
      s.report.error(
        'unknown-analysis',
        'expected op, tran or ac',
        place,
        s.report.suggest(word, KINDS, EXAMPLES.op),
      );
      c.at = c.end;
      return;
    }
    const draft: Draft = {
      kind,
      signals: signalNames(s, kind),
      numbers: makeNames(s, s.global, 'number'),
      spans: {},
    };
    const before = s.report.errors.length;
    const known = new Map<Key, Span>();
    while (peek(c) !== 0 && s.report.errors.length === before) readPart(s, c, draft, known);
    if (s.report.errors.length > before) c.at = c.end;
    else finish(s, c, draft, span, known);
  },
};

function readPart(s: Session, c: Cursor, draft: Draft, known: Map<Key, Span>): void {
  const word = takeKey(c);
  if (word === undefined) {
    if (draft.signal !== undefined) {
      s.report.error('unexpected-word', 'a cost speaks of one signal', nextSpan(c), EXAMPLES[draft.kind]);
      return;
    }
    readPhasor(s, c, draft, 'signal', 'the signal');
    return;
  }
  const place = spanFrom(c, c.word, c.word + word.length);
  const key = KEYS.find((k) => k === word);
  if (key === undefined) {
    s.report.error(
      'unknown-parameter',
      `.cost has no setting "${word}"`,
      place,
      s.report.suggest(word, KEYS, `one of ${KEYS.join(', ')}`),
    );
    return;
  }
  if (known.has(key)) s.report.error('duplicate-parameter', `${key} is given twice`, place);
  known.set(key, place);
  const strange = key === 'at' ? draft.kind === 'op' : isWindow(key) && draft.kind !== 'tran';
  if (strange) {
    const what = key === 'at' ? '.cost tran and .cost ac' : '.cost tran';
    s.report.error('unexpected-word', `${key} belongs to ${what}`, place, TIMELESS[draft.kind]);
    return;
  }
  switch (key) {
    case 'expr':
      if (draft.signal !== undefined)
        s.report.error(
          'unexpected-word',
          'a cost is expr=… or a signal with its target',
          place,
          EXAMPLES[draft.kind],
        );
      else readPhasor(s, c, draft, 'signal', 'expr');
      break;
    case 'target':
      readPhasor(s, c, draft, 'target', 'target');
      break;
    case 'at':
      readPlaces(s, c, draft);
      break;
    case 'data':
      if (next(c)) {
        s.dataUses.push({ name: wordText(c), span: wordSpan(c) });
        draft.data = wordText(c);
      } else s.report.error('missing-name', 'the name of a table is missing', nextSpan(c), 'data=table');
      break;
    default: {
      const start = here(c);
      assign(draft, key, readValue(s, c, draft.numbers, key));
      if (isWindow(key)) draft.spans[key] = spanFrom(c, start, c.at);
    }
  }
}

function assign<K extends keyof Draft>(draft: Draft, key: K, value: Draft[K] | undefined): void {
  if (value !== undefined) draft[key] = value;
}

/** Signal or target; of an AC response it must be a real number. */
function readPhasor(s: Session, c: Cursor, draft: Draft, key: 'signal' | 'target', what: string): void {
  const start = here(c);
  const e = readSignal(s, c, draft.signals, what);
  const real = e === undefined || draft.kind !== 'ac' ? e : realised(e);
  if (real !== undefined && 'code' in real)
    s.report.error(real.code, real.message, spanFrom(c, start, c.at), real.hint);
  else assign(draft, key, e);
}

const isWindow = (key: Key): key is 'from' | 'to' => key === 'from' || key === 'to';

const TIMELESS: Readonly<Record<CostCard['kind'], string>> = {
  op: 'an operating point has no time; write .cost tran',
  tran: EXAMPLES.tran,
  ac: 'a response has no time; write at=1k,2k, or nothing for the mean over the points of .ac',
};

/** `1u,2u,5u`: numbers and expressions, up to the next key. */
function readPlaces(s: Session, c: Cursor, draft: Draft): void {
  const { kind, numbers, spans } = draft;
  const [what, least, example] =
    kind === 'ac'
      ? ['a frequency', 'frequencies begin at 0', 'at=1k,2k']
      : ['a time', 'time begins at 0', 'at=1u,2u,5u'];
  const places: Value[] = [];
  const found: Span[] = [];
  draft.at = places;
  spans.at = found;
  while (peek(c) !== 0 && !keyFollows(c)) {
    const start = here(c);
    const value = readValue(s, c, numbers, what);
    if (value === undefined) return;
    const span = spanFrom(c, start, c.at);
    if (typeof value === 'number' && value < 0) s.report.error('out-of-bounds', least, span);
    places.push(value);
    found.push(span);
  }
  if (places.length === 0) s.report.error('missing-value', `${what} is missing`, nextSpan(c), example);
}

function keyFollows(c: Cursor): boolean {
  const before = c.at;
  const follows = next(c) && equalsFollows(c);
  c.at = before;
  return follows;
}

function finish(s: Session, c: Cursor, draft: Draft, span: Span, known: ReadonlyMap<Key, Span>): void {
  const { kind, signal, target, weight = 1, from, to, at, data, spans } = draft;
  const complain = (code: string, message: string, place: Span = endSpan(c)): void =>
    s.report.error(code, message, place, EXAMPLES[kind]);
  if (signal === undefined) complain('missing-value', 'what does this cost speak of?');
  else if (!known.has('expr') && target === undefined)
    complain('missing-value', 'what should this signal be? target=… is missing');
  else if (at !== undefined && (from ?? to) !== undefined)
    complain(
      'unexpected-word',
      'a cost is taken at given times or integrated from … to, not both',
      known.get('at'),
    );
  else if (typeof from === 'number' && from < 0) complain('out-of-bounds', 'time begins at 0', spans.from);
  else if (typeof to === 'number' && to <= (typeof from === 'number' ? from : 0))
    complain('out-of-bounds', 'the integral is empty: to must lie above from', spans.to);
  else {
    const base = {
      signal,
      ...(target === undefined ? {} : { target }),
      weight,
      ...(data === undefined ? {} : { data }),
      span,
    };
    const places = at === undefined ? {} : { at };
    const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    if (kind === 'op') s.draft.costs.push({ kind, ...base });
    else if (kind === 'ac') s.draft.costs.push({ kind, ...base, ...places });
    else s.draft.costs.push({ kind, ...base, ...window, ...places, spans });
  }
}

/** Instantaneous signals, in AC phasors; a column that sets an element goes by the element's name. */
function signalNames(s: Session, kind: CostCard['kind']): Names {
  const columns = new Set([...s.draft.data.values()].flatMap((t) => t.columns.map(({ name }) => name)));
  const names = makeNames(s, s.global, 'output', {
    symbol: (name) => (s.elements.has(name) && columns.has(name) ? symbol(name) : undefined),
  });
  return {
    ...names,
    signal(word, args, start, end, complain) {
      if (kind === 'ac' || INSTANTANEOUS.has(word)) return names.signal(word, args, start, end, complain);
      const hint = `this cost speaks of v(node), v(node,node), i(element) and w(cell); ${EXAMPLES.ac}`;
      complain('signal-not-allowed', `${word}() is part of a phasor`, start, end, hint);
      return undefined;
    },
    symbol(name, start, end, complain) {
      const owner = name === 'time' ? 'tran' : name === 'hertz' ? 'ac' : kind;
      if (owner === kind) return names.symbol(name, start, end, complain);
      complain(
        'signal-not-allowed',
        `${name} cannot be used here: ${HAS_NOT[kind]}`,
        start,
        end,
        EXAMPLES[owner],
      );
      return undefined;
    },
  };
}

export const costCommands: readonly Command[] = [cost];
