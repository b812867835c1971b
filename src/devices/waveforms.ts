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

/**
 * All arguments of a waveform: those written (named ones first, all of them; then the positional ones, of which
 * the last may be missing), with defaults for what is missing or is a 0 that stands for the default.
 */
export function argumentsOf(
  kind: WaveformKind,
  written: ArrayLike<number>,
  timing: Timing = { tstep: 0, tstop: 0 },
): Float64Array {
  const declared = [...kind.named, ...kind.positional];
  const args = new Float64Array(Math.max(declared.length, written.length));
  for (let k = 0; k < args.length; k++) {
    const argument = declared[k];
    const value = k < written.length ? written[k] : undefined;
    const take = value === undefined || (argument?.zeroIsDefault && value === 0);
    args[k] = take && argument ? fallback(argument, args, timing) : (value ?? Number.NaN);
  }
  return args;
}

/** Every period costs break-points: more than this in one run is a slip of a unit. */
const MOST_PERIODS = 1e8;

/** Complaints about the arguments of a waveform as written: too few, too many, not numbers, or at odds with each other. */
export function checkWaveform(
  kind: WaveformKind,
  written: ArrayLike<number>,
  timing: Timing = { tstep: 0, tstop: 0 },
): readonly string[] {
  const declared = [...kind.named, ...kind.positional];
  const list = kind.positional.map((argument) => argument.name).join(' ');
  const missing = declared.filter((argument, k) => k >= written.length && argument.default === undefined);
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
