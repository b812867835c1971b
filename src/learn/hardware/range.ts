// How far knobs may be turned: one check for the command line and for code.
import { type Diagnostic, InputError } from '../../errors.js';
import type { Knob } from './knob.js';
import { type Hardware, KNOB_NAMES, KNOBS, type KnobName } from './registry.js';

/** `from 0 to 1`, `0 or more`, `above 0`. */
export function rangeOf(name: KnobName): string {
  const { min, max, unasked }: Knob = KNOBS[name];
  if (unasked !== undefined) return `above ${min}`;
  return max >= 1e300 ? `${min} or more` : `from ${min} to ${max}`;
}

/** What is wrong with a value that a knob is turned to, if anything. */
export function misturned(name: KnobName, value: number): { message: string; hint: string } | undefined {
  const { min, max, whole, ideal, unasked }: Knob = KNOBS[name];
  if (value === ideal && unasked !== undefined) {
    const hint = `begin above ${ideal}, or leave ${name} out: it is then ${unasked}`;
    return { message: `${name} = ${value} is nothing to measure with`, hint };
  }
  const isOutside = !(value >= min && value <= max);
  if (!isOutside && !(whole && !Number.isInteger(value))) return undefined;
  const wrong = isOutside ? `is out of its range, ${rangeOf(name)}` : 'is not a whole number';
  const hint = `choose ${whole ? 'a whole number ' : ''}${rangeOf(name)}; when nothing is said it is ${unasked ?? ideal}`;
  return { message: `${name} = ${value} ${wrong}`, hint };
}

/** @throws InputError `out-of-range` or `unknown-knob` with everything that is wrong with hardware given from code */
export function demandHardware(hardware: Hardware): void {
  const wrong = (code: string, message: string, hint: string): Diagnostic => ({
    severity: 'error',
    code,
    message,
    hint,
  });
  const turned = KNOB_NAMES.flatMap((name) => {
    const value: unknown = hardware[name];
    if (value === KNOBS[name].ideal) return [];
    if (typeof value !== 'number')
      return [wrong('out-of-range', `${name} = ${value} is no number`, 'begin with { ...IDEAL, … }')];
    const found = misturned(name, value);
    return found ? [wrong('out-of-range', found.message, found.hint)] : [];
  });
  const unknown = Object.keys(hardware)
    .filter((name) => !Object.hasOwn(KNOBS, name))
    .map((name) =>
      wrong('unknown-knob', `nothing on the bench is called "${name}"`, `there is ${KNOB_NAMES.join(', ')}`),
    );
  if (turned.length + unknown.length > 0) throw new InputError([...turned, ...unknown]);
}
