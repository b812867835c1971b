// Numbers and assignments on the command line, with SPICE suffixes; every complaint at once.
import { type Diagnostic, InputError } from '../errors.js';
import { parseNumber } from '../expression/numbers.js';

const MOST_THREADS = 1024;

const wrong = (code: string, message: string, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
});

/** `1u,2u, 3u` → numbers. @throws InputError */
export function readTimes(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  const values = parts.map(parseNumber);
  const bad = parts.filter((_, k) => values[k] === undefined);
  if (bad.length > 0) {
    throw new InputError(
      bad.map((part) =>
        wrong('bad-time', `--at: "${part}" is not a number`, 'write times in seconds: --at 1u,2.5m,3'),
      ),
    );
  }
  return values.map((v) => v ?? Number.NaN);
}

/** A number of threads. @throws InputError */
export function readThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new InputError([
    wrong('bad-threads', `--threads ${text}: this is not a number of threads`, 'write 1, 2, 3, …'),
  ]);
}

/** `name=value` pairs; names in lower case. Values that are no numbers stay words when `words` allows it. @throws InputError */
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
  for (const text of texts) {
    const [, name, right] = /^\s*([^=\s]+)\s*=\s*(\S.*)$/.exec(text) ?? [];
    const value =
      right === undefined ? undefined : (parseNumber(right) ?? (words ? right.trim() : undefined));
    if (name === undefined || value === undefined) {
      const hint = `write ${option} name=${words ? 'value' : 'number, for example 4.7k or 1e-6'}`;
      problems.push(
        wrong('bad-assignment', `${option} ${text}: this is not name=${words ? 'value' : 'number'}`, hint),
      );
    } else values.set(name.toLowerCase(), value);
  }
  if (problems.length > 0) throw new InputError(problems);
  return values;
}
