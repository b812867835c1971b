// Every waveform of an independent source: a new one is one new file and one word here.
import { amplitudeModulated } from './waveforms/amplitude-modulated.js';
import { exponential } from './waveforms/exponential.js';
import { frequencyModulated } from './waveforms/frequency-modulated.js';
import { piecewiseLinear } from './waveforms/piecewise-linear.js';
import { pulse } from './waveforms/pulse.js';
import { sine } from './waveforms/sine.js';
import type { Timing, WaveformArgument, WaveformKind } from './waveforms/waveform.js';

export type { Timing, WaveformArgument, WaveformKind } from './waveforms/waveform.js';

const all = [pulse, sine, exponential, piecewiseLinear, frequencyModulated, amplitudeModulated];

/** Kinds by the name on the card, lower case. */
export const waveforms: ReadonlyMap<string, WaveformKind> = new Map(all.map((kind) => [kind.name, kind]));

const fallback = (argument: WaveformArgument, args: ArrayLike<number>, timing: Timing): number => {
  if (argument.default === undefined) return Number.NaN;
  return typeof argument.default === 'number' ? argument.default : argument.default.of(args, timing);
};

/** Named arguments first, then the positional ones. */
export const declaredArguments = (kind: WaveformKind): readonly WaveformArgument[] => [
  ...kind.named,
  ...kind.positional,
];

/** Argument k; of arguments that repeat as a group, those of the g-th group end in g: t1, v1, t2, v2, … */
export function argumentName(kind: WaveformKind, k: number): WaveformArgument {
  const declared = declaredArguments(kind);
  if (k < declared.length || kind.repeats === undefined) return declared[k];
  const first = declared.length - kind.repeats;
  const pattern = declared[first + ((k - first) % kind.repeats)];
  return { ...pattern, name: pattern.name.replace(/1$/, `${Math.floor((k - first) / kind.repeats) + 1}`) };
}

/** Position of the argument of that name among those declared and the `count` ones written, or −1. */
export function argumentIndex(kind: WaveformKind, name: string, count: number): number {
  const declared = declaredArguments(kind);
  const own = declared.findIndex((a) => a.name === name);
  if (own >= 0 || kind.repeats === undefined) return own;
  const first = declared.length - kind.repeats;
  const group = Number(/[1-9][0-9]*$/.exec(name)?.[0]);
  const member = declared.slice(first).findIndex((a) => a.name.replace(/1$/, `${group}`) === name);
  const k = first + (group - 1) * kind.repeats + member;
  return member >= 0 && k < count ? k : -1;
}

/** Arguments as written: all named ones, then positional ones; undefined and missing ones are left to their defaults. */
export type WrittenArguments = ArrayLike<number | undefined>;

/** Whether the default stands for argument k. */
const left = (argument: WaveformArgument | undefined, value: number | undefined): boolean =>
  value === undefined || (argument?.zeroIsDefault === true && value === 0);

/** All arguments of a waveform, with defaults for what is missing or is a 0 that stands for the default. */
export function argumentsOf(
  kind: WaveformKind,
  written: WrittenArguments,
  timing: Timing = { tstep: 0, tstop: 0 },
): Float64Array {
  const declared = declaredArguments(kind);
  const args = new Float64Array(Math.max(declared.length, written.length));
  for (let k = 0; k < args.length; k++) {
    const argument = declared[k];
    const value = written[k];
    args[k] = left(argument, value) && argument ? fallback(argument, args, timing) : (value ?? Number.NaN);
  }
  return args;
}

/** Σ partials[j]·∂args[j]/∂written[k], where an argument that was left to its default may follow argument k. */
export function chained(
  kind: WaveformKind,
  written: WrittenArguments,
  partials: Float64Array,
  k: number,
): number {
  return declaredArguments(kind).reduce((total, argument, j) => {
    if (j === k || typeof argument.default !== 'object' || !left(argument, written[j])) return total;
    return total + partials[j] * (argument.default.slope?.(k) ?? 0);
  }, partials[k]);
}

/** Every period costs break-points: more than this in one run is a slip of a unit. */
const MOST_PERIODS = 1e8;

/** Complaints about the arguments of a waveform as written: too few, too many, not numbers, or at odds with each other. */
export function checkWaveform(
  kind: WaveformKind,
  written: WrittenArguments,
  timing: Timing = { tstep: 0, tstop: 0 },
): readonly string[] {
  const declared = declaredArguments(kind);
  const list = kind.positional.map((argument) => argument.name).join(' ');
  const missing = declared.filter(
    (argument, k) => written[k] === undefined && argument.default === undefined,
  );
  if (missing.length > 0) {
    return [`${kind.name}: ${missing.map((a) => a.name).join(', ')} missing; the arguments are (${list})`];
  }
  if (kind.repeats === undefined && written.length > declared.length) {
    return [`${kind.name}: ${written.length - declared.length} arguments too many; they are (${list})`];
  }
  const args = argumentsOf(kind, written, timing);
  const bad = args.findIndex((value) => Number.isNaN(value));
  if (bad >= 0)
    return [`${kind.name}: argument ${declared[bad]?.name ?? bad + 1 - kind.named.length} is not a number`];
  const wrong = kind.check(args);
  const periods = wrong.length === 0 ? timing.tstop / (kind.period?.(args) ?? Number.POSITIVE_INFINITY) : 0;
  return periods > MOST_PERIODS
    ? [`${kind.name}: it would repeat ${periods.toPrecision(3)} times before the end of the run`]
    : wrong;
}
