// .train: parameters that may move, by name or by pattern, and how far.
import type { Value } from '../../circuit/circuit.js';
import {
  findTrainable,
  isGlob,
  type Misnomer,
  type Population,
  type Trainable,
} from '../../circuit/trainable.js';
import type { Span } from '../../errors.js';
import {
  type Cursor,
  endSpan,
  here,
  next,
  nextSpan,
  peek,
  spanFrom,
  takeKey,
  takeWord,
  wordSpan,
  wordText,
} from '../cursor.js';
import { elementPath, makeNames } from '../names.js';
import type { Session } from '../session.js';
import { readValue } from '../values.js';
import type { Command } from './command.js';

const EXAMPLE = '.train R1 Rsyn* N1.ibias x1.r2 min=100 max=1MEG log';

const train: Command = {
  names: ['train'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const found = new Map<string, Trainable>();
    const words: string[] = [];
    const bounds: Bounds = {};
    let log = false;
    while (peek(c) !== 0) {
      if (readBound(s, c, bounds)) continue;
      if (takeWord(c, 'log')) log = true;
      else if (next(c)) {
        words.push(wordText(c));
        const parameters = parametersLike(s, c);
        if (!isOurs(s, c, parameters, span)) continue;
        for (const parameter of parameters) {
          found.set(keyOf(parameter), parameter);
          s.trained.set(keyOf(parameter), span);
        }
      } else {
        s.report.error(
          'unexpected-character',
          `"${c.text[c.at]}" is not expected here`,
          nextSpan(c),
          EXAMPLE,
        );
        c.at++;
      }
    }
    if (words.length === 0) {
      s.report.error('missing-name', 'which elements are trained?', endSpan(c), EXAMPLE);
      return;
    }
    if (found.size > 0)
      s.draft.trains.push({
        parameters: [...found.values()],
        ...bounds,
        log,
        written: words.join(' '),
        span,
      });
  },
};

const keyOf = ({ element, parameter }: Trainable): string => `${element}.${parameter}`;

const ofParameter = (name: string): Misnomer => ({
  code: 'not-trainable',
  message: `${name} is a .param, and what is trained is the number of an element`,
  hint: 'name the elements whose values it sets: .train R1 R2',
});

/** The parameters that the last word stands for; none after a complaint. */
function parametersLike(s: Session, c: Cursor): readonly Trainable[] {
  const word = wordText(c);
  const population: Population = {
    elements: s.elements,
    models: s.draft.models,
    kind: (element) => s.syntax.byKind.get(element.kind)!.kind,
  };
  if (isGlob(word)) s.spend(s.elements.size, () => wordSpan(c));
  let found = findTrainable(word, population);
  if ('code' in found && elementPath(word) !== word) found = findTrainable(elementPath(word), population);
  if (!('code' in found)) return found;
  const { code, message, hint } = s.global.parameters.has(word) ? ofParameter(word) : found;
  if (![...s.doubtful].some((name) => word === name || word.startsWith(`${name}.`)))
    s.report.error(code, message, wordSpan(c), hint);
  return [];
}

/** A parameter moves under one card only: its bounds are those of that card. */
function isOurs(s: Session, c: Cursor, parameters: readonly Trainable[], span: Span): boolean {
  const taken = parameters.find((p) => (s.trained.get(keyOf(p)) ?? span) !== span);
  if (taken) {
    s.report.error(
      'duplicate-train',
      `${taken.name} is trained in line ${s.trained.get(keyOf(taken))?.line} already`,
      wordSpan(c),
      'name it on one .train card',
    );
  }
  return taken === undefined;
}

interface Bounds {
  min?: Value;
  max?: Value;
}

/** `min=…` or `max=…`. */
function readBound(s: Session, c: Cursor, bounds: Bounds): boolean {
  const before = c.at;
  const key = takeKey(c);
  if (key === undefined) return false;
  const place = spanFrom(c, c.word, c.word + key.length);
  if (key !== 'min' && key !== 'max') {
    s.report.error(
      'unknown-parameter',
      `.train has no setting "${key}"`,
      place,
      s.report.suggest(key, ['min', 'max', 'log'], 'min=…, max=… and log'),
    );
    if (!next(c) && c.at === before) c.at++;
    return true;
  }
  if (bounds[key] !== undefined) s.report.error('duplicate-parameter', `${key} is given twice`, place);
  const start = here(c);
  const value = readValue(s, c, makeNames(s, s.global, 'number'), key);
  if (value === undefined) return true;
  bounds[key] = value;
  const { min, max } = bounds;
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    s.report.error('out-of-bounds', `min = ${min} lies above max = ${max}`, spanFrom(c, start, c.at));
  return true;
}

export const trainCommands: readonly Command[] = [train];
