// How far the knobs of a bench are turned, from the command line: one value, a list, or a range with so many points.
import { type Diagnostic, InputError } from '../errors.js';
import { parseNumber } from '../expression/numbers.js';
import { didYouMean } from '../expression/suggest.js';
import { misturned } from '../learn/hardware/range.js';
import { type Hardware, IDEAL, KNOB_NAMES, type KnobName } from '../learn/hardware/registry.js';

/** One knob and the levels it is turned to, in order. */
export interface Sweep {
  readonly knob: KnobName;
  readonly levels: readonly number[];
}

const MOST_POINTS = 10_000;
const SWEEP_HINT =
  'write name=start:stop:points, name=start:stop:dec:points-per-decade (or oct), or a list name=1,2,5';

const wrong = (code: string, message: string, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
});

/** `beta=1e-4:1:dec:5`, `mismatch=0:0.1:6`, `adc=8,10,12`. @throws InputError with everything that is wrong */
export const readSweeps = (texts: readonly string[]): readonly Sweep[] => read('--sweep', texts, levelsOf);

/** `read=1m`: one level each. @throws InputError with everything that is wrong */
export const readSettings = (texts: readonly string[]): readonly Sweep[] =>
  read('--set', texts, (text) => {
    const value = parseNumber(text);
    return value === undefined ? `"${text}" is not a number` : [value];
  });

/** Every combination of levels on top of what is set, the last sweep fastest. */
export function pointsOf(settings: readonly Sweep[], sweeps: readonly Sweep[]): readonly Hardware[] {
  let points: Hardware[] = [{ ...IDEAL, ...Object.fromEntries(settings.map((s) => [s.knob, s.levels[0]])) }];
  for (const { knob, levels } of sweeps)
    points = points.flatMap((point) => levels.map((level) => ({ ...point, [knob]: level })));
  if (points.length <= MOST_POINTS) return points;
  throw new InputError([
    wrong('too-many-points', `the sweeps meet in ${points.length} points`, `take at most ${MOST_POINTS}`),
  ]);
}

function read(
  option: string,
  texts: readonly string[],
  levels: (text: string) => readonly number[] | string,
): readonly Sweep[] {
  const problems: Diagnostic[] = [];
  const seen = new Set<string>();
  const sweeps = texts.flatMap((text): Sweep[] => {
    const complain = (code: string, message: string, hint: string): [] => {
      problems.push(wrong(code, `${option} ${text}: ${message}`, hint));
      return [];
    };
    const [, written, right] = /^\s*([^=\s]+)\s*=\s*(\S.*)$/.exec(text) ?? [];
    if (written === undefined) return complain('bad-sweep', 'this is not name=levels', SWEEP_HINT);
    const name = KNOB_NAMES.find((k) => k === written.toLowerCase());
    if (name === undefined) {
      const all = `${KNOB_NAMES.join(', ')}; tellegen bench --list says what they are`;
      return complain(
        'unknown-knob',
        `nothing on the bench is called "${written}"`,
        didYouMean(written.toLowerCase(), KNOB_NAMES) ?? all,
      );
    }
    if (seen.has(name)) return complain('twice', `${name} is given twice`, 'give it once');
    seen.add(name);
    const found = levels(right.trim());
    if (typeof found === 'string') return complain('bad-sweep', found, SWEEP_HINT);
    for (const level of found) {
      const amiss = misturned(name, level);
      if (amiss) return complain('out-of-range', amiss.message, amiss.hint);
    }
    return [{ knob: name, levels: found }];
  });
  if (problems.length > 0) throw new InputError(problems);
  return sweeps;
}

/** Levels, or what is wrong with them. */
function levelsOf(text: string): readonly number[] | string {
  const parts = text.split(':').map((p) => p.trim());
  if (parts.length === 1) {
    const list = text.split(',').map((t) => parseNumber(t.trim()) ?? Number.NaN);
    return list.some(Number.isNaN) ? 'a level is not a number' : list;
  }
  const scale = parts.length === 4 ? parts[2].toLowerCase() : 'lin';
  const [start, stop, count] = [parts[0], parts[1], parts[parts.length - 1]].map((p) => parseNumber(p));
  if (parts.length < 3 || parts.length > 4) return 'a range has three or four parts';
  if (start === undefined || stop === undefined || count === undefined)
    return 'a part of the range is not a number';
  if (!['lin', 'dec', 'oct'].includes(scale)) return `"${parts[2]}" is none of lin, dec, oct`;
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_POINTS))
    return `${count} is not a number of points`;
  if (scale === 'lin')
    return Array.from({ length: count }, (_, k) =>
      count === 1 ? start : tidy(start + ((stop - start) * k) / (count - 1)),
    );
  if (!(start > 0 && stop > 0)) return `a range by ${scale} lies above zero`;
  const ratio = (scale === 'dec' ? 10 : 2) ** ((stop >= start ? 1 : -1) / count);
  const steps = Math.floor(Math.log(stop / start) / Math.log(ratio) + 1e-9);
  return steps >= MOST_POINTS
    ? 'too many points'
    : Array.from({ length: steps + 1 }, (_, k) => tidy(start * ratio ** k));
}

/** Without the last bits that a power leaves. */
const tidy = (v: number): number => Number(v.toPrecision(14));
