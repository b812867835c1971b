// Numbers and assignments on the command line, with SPICE suffixes; every complaint at once.
import { type Diagnostic, InputError } from '../errors.js';
import { parseNumber } from '../expression/numbers.js';
import { linearGrid } from '../study/sweep.js';

const MOST_THREADS = 1024;
const MOST_TIMES = 1e7;
const TIMES_HINT = 'write times in seconds, 1u,2.5m,3, or start:step:stop, 0:1u:2m';

const wrong = (code: string, message: string, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
});

/** `1u,2u, 3u` → numbers; `0:1u:5u` → 0, 1u, … 5u. @throws InputError */
export function readTimes(text: string): readonly number[] {
  const problems: Diagnostic[] = [];
  const times = text.split(',').flatMap((word) => {
    const part = word.trim();
    const bad = (why: string): readonly number[] => {
      problems.push(wrong('bad-time', `--at: "${part}" ${why}`, TIMES_HINT));
      return [];
    };
    const numbers = part.split(':').map((number) => parseNumber(number.trim()) ?? Number.NaN);
    const [start, step, stop] = numbers;
    if (numbers.some(Number.isNaN)) return bad('is not a number');
    if (numbers.length === 1) return numbers;
    if (numbers.length !== 3) return bad('is not start:step:stop');
    if (!(step > 0 && stop >= start)) return bad('leads nowhere');
    if (!((stop - start) / step < MOST_TIMES)) return bad('is more than ten million times');
    return Array.from(linearGrid(start, stop, step), decimal);
  });
  if (problems.length > 0) throw new InputError(problems);
  return times;
}

/** Without the last bits that a product leaves: 3·10⁻⁶, not 3.0000000000000005·10⁻⁶. */
const decimal = (v: number): number => Number(v.toPrecision(15));

/** A number of threads. @throws InputError */
export function readThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new InputError([
    wrong('bad-threads', `--threads ${text}: this is not a number of threads`, 'write 1, 2, 3, …'),
  ]);
}

/** A whole number, at least `least`. @throws InputError */
export function readCount(option: string, text: string, least = 1): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(count) && count >= least) return count;
  const message = `${option} ${text}: this is not a whole number from ${least} on`;
  throw new InputError([wrong('bad-number', message, `write ${option} ${Math.max(least, 1) * 10}`)]);
}

/** A finite number above zero, or from `least` on; SPICE suffixes. @throws InputError */
export function readPositive(option: string, text: string, least?: number): number {
  const value = parseNumber(text.trim()) ?? Number.NaN;
  if (Number.isFinite(value) && (least === undefined ? value > 0 : value >= least)) return value;
  const bound = least === undefined ? 'above 0' : `from ${least} on`;
  const message = `${option} ${text}: this is not a number ${bound}`;
  throw new InputError([wrong('bad-number', message, `write ${option} 0.1`)]);
}

/**
 * `name=value` pairs; names in lower case, each once: in decks the last counts, for a library may say it first, but a command
 * line that says two things is a mistake. Values that are no numbers stay words when `words` allows it.
 *
 * @throws InputError with everything that is wrong
 */
export function readAssignments(
  option: string,
  texts: readonly string[],
  words: true,
): Map<string, number | string>;
export function readAssignments(option: string, texts: readonly string[], words: false): Map<string, number>;
export function readAssignments(
  option: string,
  texts: readonly string[],
  words: boolean,
): Map<string, number | string> {
  const problems: Diagnostic[] = [];
  const values = new Map<string, number | string>();
  const written = new Map<string, string>();
  for (const text of texts) {
    const [, name, right] = /^\s*([^=\s]+)\s*=\s*(\S.*)$/.exec(text) ?? [];
    const value =
      right === undefined ? undefined : (parseNumber(right) ?? (words ? right.trim() : undefined));
    if (name === undefined || value === undefined) {
      const hint = `write ${option} name=${words ? 'value' : 'number, for example 4.7k or 1e-6'}`;
      problems.push(
        wrong('bad-assignment', `${option} ${text}: this is not name=${words ? 'value' : 'number'}`, hint),
      );
      continue;
    }
    const key = name.toLowerCase();
    const before = written.get(key);
    if (before !== undefined)
      problems.push(
        wrong('twice', `${option} ${name} is given twice: ${before} and ${right.trim()}`, 'give it once'),
      );
    written.set(key, right.trim());
    values.set(key, value);
  }
  if (problems.length > 0) throw new InputError(problems);
  return values;
}
