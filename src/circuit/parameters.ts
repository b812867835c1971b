// Every number of every element by name: what may be trained, and what a scatter of production acts on.
import { argumentsOf, waveforms } from '../devices/waveforms.js';
import { isTrainable, namedArguments, numericParameters } from './address.js';
import { parameter } from './bind.js';
import { onBoundary } from './boundary.js';
import { dcValue } from './sources.js';
import type { Structure } from './structure.js';
import { type Binding, globals, grouped, waveformArguments } from './values.js';

/** A number of an element as it stands on its card, or as its model or a default supplies it. */
export interface CircuitParameter {
  /** `r1.r`, `x1.d2.is`, `v1.freq`; lower case. */
  readonly name: string;
  readonly element: string;
  readonly parameter: string;
  readonly unit: string;
  /** Inclusive; ±Infinity where there is none. */
  readonly min: number;
  readonly max: number;
  readonly value: number;
  /** `System.sensitivity` accepts it. */
  readonly trainable: boolean;
}

/** The least number above an exclusive bound whose inverse is finite. */
export const justAbove = (bound: number): number =>
  bound === 0 ? 2 ** -1022 : bound + Math.abs(bound) * Number.EPSILON;

/** In the order of the elements; parameters without a value are left out. */
export function listParameters(structure: Structure, given: Binding): CircuitParameter[] {
  const binding = grouped(given);
  const lookup = globals(structure.circuit, binding);
  const list: CircuitParameter[] = [];
  structure.species.forEach(({ kind, model }, e) => {
    const element = structure.circuit.elements[e];
    const put = (name: string, rest: Omit<CircuitParameter, 'name' | 'element' | 'parameter'>): void => {
      list.push({ name: `${element.name}.${name}`, element: element.name, parameter: name, ...rest });
    };
    for (const [name, doc] of numericParameters(kind)) {
      const value =
        name === 'dc' && element.waveform !== undefined
          ? dcValue(structure, e, lookup, binding)
          : parameter(structure, e, name, lookup, binding);
      if (Number.isNaN(value)) continue;
      put(name, {
        unit: doc.unit,
        min: doc.min ?? (doc.above === undefined ? Number.NEGATIVE_INFINITY : justAbove(doc.above)),
        max: doc.max ?? Number.POSITIVE_INFINITY,
        value,
        trainable: isTrainable(doc) && !onBoundary({ element, kind, model, binding }, lookup, name),
      });
    }
    if (element.waveform === undefined) return;
    const written = waveformArguments(element, lookup, binding);
    const values = argumentsOf(waveforms.get(element.waveform.kind)!, written, binding.timing);
    namedArguments(element).forEach(({ name, unit, trainable }, k) => {
      const unbounded = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
      put(name, { unit, ...unbounded, value: values[k], trainable });
    });
  });
  return list;
}
