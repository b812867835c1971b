// Small datasets for the tests of the writers.
import type { Column, Dataset } from '../../src/analysis/dataset.js';

export const numbers = (...values: number[]): Float64Array => Float64Array.from(values);
export const tabulate = (n: number, f: (k: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, k) => f(k));

export const volts = (name: string, values: Float64Array, imaginary?: Float64Array): Column => ({
  name,
  quantity: 'voltage',
  unit: 'V',
  values,
  ...(imaginary ? { imaginary } : {}),
});
export const amperes = (name: string, values: Float64Array, imaginary?: Float64Array): Column => ({
  name,
  quantity: 'current',
  unit: 'A',
  values,
  ...(imaginary ? { imaginary } : {}),
});

const shared = { title: 'A test', statistics: { points: 3, strategy: 'newton' }, complete: true };

export const transient = (time: Float64Array, ...columns: Column[]): Dataset => ({
  ...shared,
  analysis: 'tran',
  axis: { name: 'time', quantity: 'time', unit: 's', values: time },
  columns,
});
export const smallSignal = (frequency: Float64Array, ...columns: Column[]): Dataset => ({
  ...shared,
  analysis: 'ac',
  axis: { name: 'frequency', quantity: 'frequency', unit: 'Hz', values: frequency },
  columns,
});
export const operatingPoint = (...columns: Column[]): Dataset => ({ ...shared, analysis: 'op', columns });
