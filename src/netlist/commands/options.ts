// .options: numbers, words and flags; which there are is data.
import { type Cursor, equalsFollows, here, next, take, wordSpan, wordText } from '../cursor.js';
import { makeNames } from '../names.js';
import type { Session } from '../session.js';
import { readNumber } from '../values.js';
import type { Command } from './command.js';

/** Options that have an effect, and whether each is a number, a word, or a flag that may stand alone. */
const effective: ReadonlyMap<string, 'number' | 'word' | 'flag'> = new Map([
  ...'reltol abstol vntol chgtol gmin itl1 itl4 maxord trtol temp tnom'
    .split(' ')
    .map((n) => [n, 'number'] as const),
  ['method', 'word'],
  ['stability', 'flag'],
]);

/** Options of ngspice that change nothing a result depends on. */
const quiet = new Set(
  (
    'acct list node nodes nomod nopage opts post noacct nolist numdgt width limpts savecurrents interp noinit noopiter ' +
    'ltedcrt pivtol pivrel itl2 itl3 itl5 itl6 gminsteps srcsteps cptime limtim lvltim bypass autostop keepopinfo ' +
    'seed warn maxwarns minbreak defl defw defad defas sparse klu brief ingold probe'
  ).split(' '),
);

const options: Command = {
  names: ['options', 'option', 'opt', 'opts'],
  when: 'later',
  read(s, c) {
    const names = makeNames(s, s.global, 'number');
    while (next(c)) readOption(s, c, names);
  },
};

function readOption(s: Session, c: Cursor, names: ReturnType<typeof makeNames>): void {
  const name = wordText(c);
  const span = wordSpan(c);
  const type = effective.get(name);
  const hasValue = equalsFollows(c) && take(c, 61);
  if (type === undefined) {
    if (!quiet.has(name)) {
      s.report.warning(
        'unknown-option',
        `there is no option "${name}"`,
        span,
        s.report.suggest(name, effective.keys()),
      );
    }
    if (hasValue) skipValue(c);
  } else if (!hasValue) {
    if (type === 'flag') s.draft.options.set(name, { value: true, span });
    else s.report.error('missing-value', `the option ${name} needs a value`, span, `write ${name}=…`);
  } else if (type === 'number' || !/^[a-z]/.test(c.text[here(c)] ?? '')) {
    const value = readNumber(s, c, names, name);
    if (value === undefined) return;
    s.draft.options.set(name, { value, span });
    if (name === 'temp') s.draft.temperature = value;
    if (name === 'tnom') s.draft.nominalTemperature = value;
  } else if (next(c)) {
    const word = wordText(c);
    s.draft.options.set(name, { value: type === 'flag' ? word === 'true' || word === 'yes' : word, span });
  }
}

function skipValue(c: Cursor): void {
  if (!next(c) && c.at < c.end) c.at++;
}

export const optionCommands: readonly Command[] = [options];
