// Commands that define: .param, .func, .model, .temp, .options, .ic, .nodeset.
import { readConditions } from '../conditions.js';
import {
  type Cursor,
  chunkEnd,
  endSpan,
  equalsFollows,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  wordSpan,
  wordText,
} from '../cursor.js';
import { declareModel } from '../models.js';
import { makeNames } from '../names.js';
import { declareParameters } from '../parameters.js';
import type { Session } from '../session.js';
import { spanAt } from '../source.js';
import { readNumber } from '../values.js';
import type { Command } from './command.js';

const param: Command = {
  names: ['param', 'params', 'parameter'],
  when: 'now',
  local: 'yes',
  read: (s, c) => declareParameters(s, c, s.scope, false),
};

const func: Command = {
  names: ['func', 'function'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    if (!next(c) || c.text.charCodeAt(c.at) !== 40 || c.at >= c.end) {
      s.report.error(
        'missing-name',
        'expected a name with its arguments in parentheses',
        c.at > c.word ? wordSpan(c) : nextSpan(c),
        '.func gain(x) {2*x}',
      );
      c.at = c.end;
      return;
    }
    const name = wordText(c);
    const start = c.word;
    const formals = readFormals(s, c);
    if (formals === undefined) return;
    take(c, 61);
    const k = peek(c);
    if (k === 0) {
      s.report.error(
        'missing-value',
        `the function ${name} has no body`,
        endSpan(c),
        `.func ${name}(${formals.join(',')}) {…}`,
      );
      return;
    }
    const at = c.at;
    const end = k === 123 || k === 39 || k === 34 ? chunkEnd(c, at) : c.end;
    c.at = end;
    const known = s.scope.functions.get(name);
    if (known) {
      const line = spanAt(known.card.source, known.start, known.start + 1).line;
      s.report.error(
        'duplicate-function',
        `the function ${name} was defined in line ${line} already`,
        spanFrom(c, start, start + name.length),
      );
      return;
    }
    const card = { source: c.source, start: c.start, end: c.end };
    s.scope.functions.set(name, {
      name,
      formals,
      scope: s.scope,
      card,
      start,
      at,
      end,
      state: 'unread',
      references: [],
      usesTime: false,
    });
  },
};

function readFormals(s: Session, c: Cursor): string[] | undefined {
  const formals: string[] = [];
  take(c, 40);
  while (next(c)) {
    if (formals.includes(wordText(c))) {
      s.report.error('duplicate-argument', `the argument ${wordText(c)} is listed twice`, wordSpan(c));
      return undefined;
    }
    if (!/^[a-z_\u00c0-\uffff][\w#.$\u00c0-\uffff]*$/.test(wordText(c))) {
      s.report.error(
        'bad-name',
        `an argument cannot be called "${wordText(c)}"`,
        wordSpan(c),
        'a name begins with a letter',
      );
      return undefined;
    }
    formals.push(wordText(c));
  }
  if (take(c, 41)) return formals;
  s.report.error(
    'unbalanced',
    'the list of arguments is not closed',
    nextSpan(c),
    'put ")" after the last argument',
  );
  return undefined;
}

const model: Command = {
  names: ['model'],
  when: 'now',
  local: 'yes',
  read(s, c) {
    if (!next(c) || equalsFollows(c)) {
      s.report.error(
        'missing-name',
        'a model needs a name and a type',
        nextSpan(c),
        '.model name type(parameter=value …)',
      );
      c.at = c.end;
      return;
    }
    const name = wordText(c);
    const nameStart = c.word;
    if (!next(c) || equalsFollows(c)) {
      s.report.error(
        'missing-model-type',
        `the model ${name} needs a type`,
        c.at > c.word ? wordSpan(c) : nextSpan(c),
        `.model ${name} type(parameter=value …)`,
      );
      c.at = c.end;
      return;
    }
    declareModel(s, c, name, nameStart, wordText(c), c.word);
    c.at = c.end;
  },
};

const temp: Command = {
  names: ['temp'],
  when: 'later',
  read(s, c) {
    const names = makeNames(s, s.global, 'number');
    const span = spanFrom(c, c.start, c.at);
    const values: number[] = [];
    do {
      const value = readNumber(s, c, names, 'the temperature');
      if (value !== undefined) values.push(value);
    } while (peek(c) !== 0);
    if (values.length > 0) s.draft.temperature = values[0];
    if (values.length > 1) {
      s.draft.steps.push({
        variable: { kind: 'temperature', name: 'temp' },
        grid: { scale: 'list', values },
        span,
      });
    }
  },
};

const ic: Command = conditionCommand('ic');
const nodeset: Command = conditionCommand('nodeset');

function conditionCommand(name: string): Command {
  return {
    names: [name],
    when: 'later',
    local: 'expanded',
    read(s, c) {
      for (const item of readConditions(s, s.global, c, name)) {
        item.into.set(item.condition, item.value);
        s.pending.push({ reference: item.reference, name: item.condition });
      }
    },
  };
}

export const definitionCommands: readonly Command[] = [param, func, model, temp, ic, nodeset];
