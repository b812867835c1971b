// What is written into a device is not what was asked for: values lie on a grid.
import { positive } from './knob.js';

export const granularity = positive(
  'granularity',
  '',
  'programming granularity: trained values lie on the grid ±(1 + granularity)^k',
);

/** The nearest values that can be programmed. */
export function programmed(values: Float64Array, step: number): Float64Array {
  if (step === 0) return values;
  const base = Math.log1p(step);
  return values.map((v) =>
    v === 0 ? 0 : Math.sign(v) * Math.exp(base * Math.round(Math.log(Math.abs(v)) / base)),
  );
}
