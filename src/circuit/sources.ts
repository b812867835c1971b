// Independent sources: their values over time, and how all of them together become entries of x.
import { argumentsOf, checkWaveform, waveforms } from '../devices/waveforms.js';
import { InputError } from '../errors.js';
import { parameter } from './bind.js';
import type { Structure } from './structure.js';
import type { Source } from './system.js';
import { type Binding, type Globals, number } from './values.js';

export interface Sources {
  readonly list: readonly Source[];
  apply(values: Float64Array, x: Float64Array): void;
}

export function makeSources(structure: Structure, lookup: Globals, binding: Binding): Sources {
  const { instances, layout } = structure;
  const list: Source[] = [];
  const sourceOf = new Int32Array(instances.length).fill(-1);
  const floating: { slot: number; source: number }[] = [];
  instances.forEach(({ template }, e) => {
    if (template.law.source === undefined) return;
    sourceOf[e] = list.push(makeSource(structure, e, lookup, binding)) - 1;
    if (!layout.eliminated[e]) floating.push({ slot: layout.inputsAt[e], source: sourceOf[e] });
  });
  const { steps, stepOf } = layout.known;
  const tied = steps.map((s, k) => ({
    slot: layout.knownAt + k,
    parent: s.parent < 0 ? layout.ground : layout.knownAt + stepOf[s.parent],
    source: sourceOf[s.source],
    sign: s.sign,
  }));
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

function makeSource(structure: Structure, e: number, lookup: Globals, binding: Binding): Source {
  const { element } = structure.instances[e];
  const value = (name: string): number => parameter(structure, e, name, lookup, binding);
  const common = {
    element: element.name,
    dc: value('dc'),
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
  const written = element.waveform.args.map((a) => number(a, lookup));
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
  };
}
