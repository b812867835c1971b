// Independent sources: their values over time, and how all of them together become entries of x.
import {
  argumentsOf,
  checkWaveform,
  type Timing,
  type WaveformKind,
  type WrittenArguments,
  waveforms,
} from '../devices/waveforms.js';
import { InputError } from '../errors.js';
import { parameter } from './bind.js';
import { oncePerStructure, type Structure } from './structure.js';
import type { Source } from './system.js';
import { type Binding, type Globals, waveformArguments, written } from './values.js';

export interface Sources {
  readonly list: readonly Source[];
  apply(values: Float64Array, x: Float64Array): void;
}

/** The elements that are independent sources, in order. */
const elementsOfSources = oncePerStructure(({ species }): readonly number[] => {
  const elements: number[] = [];
  for (let e = 0; e < species.length; e++) {
    if (species[e].template.law.source !== undefined) elements.push(e);
  }
  return elements;
});

/** Number of the independent source that element e is, or −1. */
export const sourceNumbers = oncePerStructure((structure): Int32Array => {
  const numbers = new Int32Array(structure.species.length).fill(-1);
  elementsOfSources(structure).forEach((e, number) => {
    numbers[e] = number;
  });
  return numbers;
});

/** A known node: x[slot] = x[parent] + sign·source; the parent is the node of step `before`, or ground (−1). */
export interface Tied {
  readonly slot: number;
  readonly parent: number;
  readonly before: number;
  readonly source: number;
  readonly sign: 1 | -1;
}

/** Known nodes in the order in which they become known. */
export const tiedNodes = oncePerStructure((structure): readonly Tied[] => {
  const { layout } = structure;
  const { steps, stepOf } = layout.known;
  const sourceOf = sourceNumbers(structure);
  return steps.map(({ parent, source, sign }, k) => {
    const before = parent < 0 ? -1 : stepOf[parent];
    return {
      slot: layout.knownAt + k,
      parent: before < 0 ? layout.ground : layout.knownAt + before,
      before,
      source: sourceOf[source],
      sign,
    };
  });
});

/** A source that was not eliminated: x[slot] = its value. */
export interface Floating {
  readonly slot: number;
  readonly source: number;
}

/** Sources that were not eliminated, with the inputs that hold their values. */
export const floatingSources = oncePerStructure((structure): readonly Floating[] => {
  const { layout } = structure;
  const floating: Floating[] = [];
  elementsOfSources(structure).forEach((e, source) => {
    if (!layout.eliminated[e]) floating.push({ slot: layout.inputsAt[e], source });
  });
  return floating;
});

export function makeSources(structure: Structure, lookup: Globals, binding: Binding): Sources {
  const { layout } = structure;
  const list = elementsOfSources(structure).map((e) => makeSource(structure, e, lookup, binding));
  const tied = tiedNodes(structure);
  const floating = floatingSources(structure);
  return {
    list,
    apply(values, x) {
      x[layout.one] = 1;
      x[layout.ground] = 0;
      for (let k = 0; k < tied.length; k++) {
        const { slot, parent, source, sign } = tied[k];
        x[slot] = x[parent] + sign * values[source];
      }
      for (let k = 0; k < floating.length; k++) x[floating[k].slot] = values[floating[k].source];
    },
  };
}

/** The value of a source at rest follows from its waveform, which stands at its value at t = 0: no DC value was given. */
export function restsOnWaveform({ circuit, species }: Structure, e: number, binding: Binding): boolean {
  const element = circuit.elements[e];
  const { kind, model } = species[e];
  return element.waveform !== undefined && written({ kind, element, model, binding }, 'dc') === undefined;
}

/** Where no run says what arguments are by default, the value at t = 0 does not depend on it. */
const NO_RUN: Timing = { tstep: 1, tstop: 1 };

/** Arguments of a waveform as they are at t = 0, with or without a run. */
export const argumentsAtRest = (
  kind: WaveformKind,
  given: WrittenArguments,
  { timing = NO_RUN }: Binding,
): Float64Array => argumentsOf(kind, given, timing);

/** The value of a waveform at t = 0. */
export const valueAtRest = (kind: WaveformKind, given: WrittenArguments, binding: Binding): number =>
  kind.value(argumentsAtRest(kind, given, binding), 0);

/** Value of a source at rest: the one given, else its waveform's at t = 0, as in SPICE. */
export function dcValue(structure: Structure, e: number, lookup: Globals, binding: Binding): number {
  if (!restsOnWaveform(structure, e, binding)) return parameter(structure, e, 'dc', lookup, binding);
  const element = structure.circuit.elements[e];
  const given = waveformArguments(element, lookup, binding);
  return valueAtRest(waveforms.get(element.waveform!.kind)!, given, binding);
}

function makeSource(structure: Structure, e: number, lookup: Globals, binding: Binding): Source {
  const element = structure.circuit.elements[e];
  const value = (name: string): number => parameter(structure, e, name, lookup, binding);
  const common = {
    element: element.name,
    dc: dcValue(structure, e, lookup, binding),
    acMagnitude: value('acmag'),
    acPhase: value('acphase'),
  };
  if (element.waveform === undefined) {
    return {
      ...common,
      varies: false,
      value: () => common.dc,
      slope: () => 0,
      nextBreakpoint: () => Number.POSITIVE_INFINITY,
    };
  }
  const waveform = waveforms.get(element.waveform.kind)!;
  const written = waveformArguments(element, lookup, binding);
  const timing = binding.timing ?? { tstep: 0, tstop: 0 };
  const wrong = checkWaveform(waveform, written, timing);
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map((message) => ({
        severity: 'error',
        code: 'waveform',
        message: `${element.name}: ${message}`,
        hint: waveform.summary,
        ...(element.span ? { span: element.span } : {}),
      })),
    );
  }
  const args = argumentsOf(waveform, written, timing);
  return {
    ...common,
    varies: true,
    value: (t) => waveform.value(args, t),
    slope: (t) => waveform.slope(args, t),
    nextBreakpoint: (t) => waveform.next(args, t),
    straight: waveform.straight === true,
  };
}
