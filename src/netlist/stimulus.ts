// DC, AC and the waveform of an independent source.
import type { Value, Waveform } from '../circuit/circuit.js';
import { type WaveformKind, waveforms } from '../devices/waveforms.js';
import { assign, type CardState } from './card.js';
import {
  type Cursor,
  chunkEnd,
  equalsFollows,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  takeKey,
  wordSpan,
  wordText,
} from './cursor.js';
import type { Session } from './session.js';
import { readValue, takeNumber } from './values.js';

/** Reads what `word` (just read) begins; false when it begins none of these. */
export function readStimulus(s: Session, c: Cursor, card: CardState, word: string): boolean {
  if (word === 'dc') {
    peek(c);
    const start = c.at;
    const value = readValue(s, c, card.numbers, 'the DC value');
    if (value !== undefined) assign(s, card, 'dc', value, () => spanFrom(c, start, c.at));
    return true;
  }
  if (word === 'ac') {
    readSmallSignal(s, c, card);
    return true;
  }
  const kind = waveforms.get(word);
  if (kind) {
    if (card.waveform)
      s.report.error('duplicate-waveform', `${card.name} has a waveform already`, wordSpan(c));
    card.waveform = readWaveform(s, c, card, kind);
    return true;
  }
  if (
    c.at < c.end &&
    c.text.charCodeAt(c.at) === 40 &&
    card.numbers.call(word, [], 0, 0, () => {}) === null
  ) {
    const names = [...waveforms.keys()];
    s.report.error(
      'unknown-waveform',
      `no waveform is called "${word}"`,
      wordSpan(c),
      s.report.suggest(word, names, `there are ${names.join(', ')}`),
    );
    c.at = chunkEnd(c, c.at);
    return true;
  }
  return false;
}

/** Magnitude (1) and phase in degrees (0). */
export function readSmallSignal(s: Session, c: Cursor, card: CardState): void {
  for (const name of ['acmag', 'acphase']) {
    if (!valueFollows(c)) {
      if (name === 'acmag') assign(s, card, name, 1, () => wordSpan(c));
      return;
    }
    peek(c);
    const start = c.at;
    const value = readValue(s, c, card.numbers, name);
    if (value !== undefined) assign(s, card, name, value, () => spanFrom(c, start, c.at));
  }
}

/** A number or a bracketed expression, not a word. */
function valueFollows(c: Cursor): boolean {
  const k = peek(c);
  if (k === 123 || k === 39) return true;
  const before = c.at;
  const number = takeNumber(c);
  c.at = before;
  return !Number.isNaN(number);
}

function readWaveform(s: Session, c: Cursor, card: CardState, kind: WaveformKind): Waveform {
  const args: Value[] = [];
  const named = new Map<string, Value>();
  const opened = peek(c) === 40 ? nextSpan(c) : undefined;
  if (opened) c.at++;
  for (let k = peek(c); k !== 0; k = peek(c)) {
    if (opened && k === 41) break;
    if (readNamed(s, c, card, kind, named)) continue;
    if (!opened && endsBareList(c)) break;
    if (k === 40 || k === 41 || k === 61) {
      s.report.error(
        'unexpected-character',
        `"${c.text[c.at]}" is not expected here`,
        spanFrom(c, c.at, c.at + 1),
      );
      c.at++;
      continue;
    }
    const value = readValue(s, c, card.numbers, `an argument of ${kind.name}`);
    if (value !== undefined) args.push(value);
  }
  if (opened && !take(c, 41)) {
    s.report.error(
      'unbalanced',
      '"(" is not closed',
      { ...opened, length: 1 },
      'put ")" after the last argument',
    );
  }
  while (readNamed(s, c, card, kind, named));
  return {
    kind: kind.name,
    args: [...kind.named.map((a) => named.get(a.name) ?? defaultOf(a.default)), ...args],
  };
}

const defaultOf = (value: WaveformKind['named'][number]['default']): number =>
  typeof value === 'number' ? value : 0;

/** Without parentheses the arguments end at `name=`, DC, AC or another waveform. */
function endsBareList(c: Cursor): boolean {
  const before = c.at;
  const isWord = next(c);
  const word = isWord ? wordText(c) : '';
  const ends = isWord && (equalsFollows(c) || word === 'dc' || word === 'ac' || waveforms.has(word));
  c.at = before;
  return ends;
}

function readNamed(
  s: Session,
  c: Cursor,
  card: CardState,
  kind: WaveformKind,
  named: Map<string, Value>,
): boolean {
  const before = c.at;
  const key = takeKey(c);
  if (key === undefined || !kind.named.some((a) => a.name === key)) {
    c.at = before;
    return false;
  }
  if (named.has(key))
    s.report.error('duplicate-parameter', `${key} is given twice`, spanFrom(c, c.word, c.word + key.length));
  const value = readValue(s, c, card.numbers, key);
  if (value !== undefined) named.set(key, value);
  return true;
}
