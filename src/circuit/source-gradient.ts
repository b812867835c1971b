// Sources put their values into x by a linear map; its transpose, and the partials of each value by what is
// written on the card.
import { argumentName, argumentsOf, chained, waveforms } from '../devices/waveforms.js';
import type { Address } from './address.js';
import { parameter } from './bind.js';
import { argumentsAtRest, floatingSources, restsOnWaveform, sourceNumbers, tiedNodes } from './sources.js';
import type { Structure } from './structure.js';
import { type Binding, type Globals, waveformArguments } from './values.js';

/** Adds into a gradient what the wanted numbers of sources contribute. */
export interface SourceGradient {
  /** No number of a source is wanted: nothing is ever added. */
  readonly isEmpty: boolean;
  /** A time or a frequency of a waveform is wanted. */
  readonly ofTimes: boolean;
  /** += νᵀ·∂x/∂p at t, or of the DC values. */
  add(nu: Float64Array, t: number | 'dc', gradient: Float64Array): void;
  /** += Re νᴴ·∂x/∂p of the small-signal stimulus acmag·e^(j·acphase), ν = re + j·im. */
  addStimulus(re: Float64Array, im: Float64Array, gradient: Float64Array): void;
  /** x += factor·∂x/∂p of column p at t, or of the DC values. */
  addColumn(p: number, factor: number, t: number | 'dc', x: Float64Array): void;
  /** re + j·im += ∂x/∂p of the small-signal stimulus, of column p. */
  addStimulusColumn(p: number, re: Float64Array, im: Float64Array): void;
}

/** One wanted number of source `source`. */
interface Wanted {
  readonly source: number;
  readonly column: number;
  /** ∂value/∂number at t. */
  slope(t: number | 'dc'): number;
  /** ∂(stimulus)/∂number. */
  readonly stimulus: readonly [re: number, im: number];
}

export function sourceGradient(
  structure: Structure,
  lookup: Globals,
  binding: Binding,
  addresses: readonly Address[],
): SourceGradient {
  const sourceOf = sourceNumbers(structure);
  const wanted: Wanted[] = [];
  addresses.forEach((address, column) => {
    const source = sourceOf[address.element];
    if (source >= 0) wanted.push({ source, column, ...partials(structure, lookup, binding, address) });
  });
  if (wanted.length === 0)
    return {
      isEmpty: true,
      ofTimes: false,
      add: () => undefined,
      addStimulus: () => undefined,
      addColumn: () => undefined,
      addStimulusColumn: () => undefined,
    };
  const tied = tiedNodes(structure);
  const floating = floatingSources(structure);
  const count = sourceOf.reduce((n, s) => Math.max(n, s + 1), 0);
  const weights = new Float64Array(count);
  const weightsIm = new Float64Array(count);
  const below = new Float64Array(tied.length);
  const transposed = (nu: Float64Array, into: Float64Array): void => {
    into.fill(0);
    for (let k = 0; k < tied.length; k++) below[k] = nu[tied[k].slot];
    for (let k = tied.length - 1; k >= 0; k--) {
      const { before, source, sign } = tied[k];
      into[source] += sign * below[k];
      if (before >= 0) below[before] += below[k];
    }
    for (const { slot, source } of floating) into[source] += nu[slot];
  };
  const byColumn = new Map(wanted.map((one) => [one.column, one]));
  /** x += what a source of this value puts into it. */
  const addValue = (of: number, value: number, x: Float64Array): void => {
    if (value === 0) return;
    for (let k = 0; k < tied.length; k++) {
      const { before, source, sign } = tied[k];
      below[k] = (before < 0 ? 0 : below[before]) + (source === of ? sign * value : 0);
      x[tied[k].slot] += below[k];
    }
    for (const { slot, source } of floating) if (source === of) x[slot] += value;
  };
  return {
    isEmpty: false,
    ofTimes: addresses.some((address) => isTime(structure, address)),
    addColumn(p, factor, t, x) {
      const one = byColumn.get(p);
      if (one !== undefined) addValue(one.source, factor * one.slope(t), x);
    },
    addStimulusColumn(p, re, im) {
      const one = byColumn.get(p);
      if (one === undefined) return;
      addValue(one.source, one.stimulus[0], re);
      addValue(one.source, one.stimulus[1], im);
    },
    add(nu, t, gradient) {
      transposed(nu, weights);
      for (const { source, column, slope } of wanted) gradient[column] += weights[source] * slope(t);
    },
    addStimulus(re, im, gradient) {
      transposed(re, weights);
      transposed(im, weightsIm);
      for (const { source, column, stimulus } of wanted)
        gradient[column] += weights[source] * stimulus[0] + weightsIm[source] * stimulus[1];
    },
  };
}

/** Whether a number says when something happens. */
function isTime({ circuit }: Structure, { element, argument }: Address): boolean {
  if (argument === undefined) return false;
  const { unit } = argumentName(waveforms.get(circuit.elements[element].waveform!.kind)!, argument);
  return unit === 's' || unit === 'Hz';
}

const none: readonly [number, number] = [0, 0];

function partials(
  structure: Structure,
  lookup: Globals,
  binding: Binding,
  { element: e, parameter: name, argument }: Address,
): Pick<Wanted, 'slope' | 'stimulus'> {
  const element = structure.circuit.elements[e];
  if (argument !== undefined) {
    const kind = waveforms.get(element.waveform!.kind)!;
    const written = waveformArguments(element, lookup, binding);
    const args = argumentsOf(kind, written, binding.timing);
    const out = new Float64Array(args.length);
    const rests = restsOnWaveform(structure, e, binding);
    const atRest = rests ? argumentsAtRest(kind, written, binding) : args;
    return {
      slope(t) {
        if (t === 'dc' && !rests) return 0;
        if (t === 'dc') kind.partials(atRest, 0, out);
        else kind.partials(args, t, out);
        return chained(kind, written, out, argument);
      },
      stimulus: none,
    };
  }
  if (name === 'dc') {
    const varies = element.waveform !== undefined;
    return { slope: (t) => (t === 'dc' || !varies ? 1 : 0), stimulus: none };
  }
  const value = (own: string): number => parameter(structure, e, own, lookup, binding);
  const radians = Math.PI / 180;
  const [cosine, sine] = [Math.cos(value('acphase') * radians), Math.sin(value('acphase') * radians)];
  const turn = value('acmag') * radians;
  return {
    slope: () => 0,
    stimulus: name === 'acmag' ? [cosine, sine] : name === 'acphase' ? [-turn * sine, turn * cosine] : none,
  };
}
