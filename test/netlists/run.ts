// Text of a deck → columns of numbers, for tests.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../../src/analysis/dataset.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { type SimulateOptions, simulate } from '../../src/study/simulate.js';

export const deckText = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../netlists/${name}.cir`, import.meta.url)), 'utf8');

/** The dataset of one analysis of a deck; fails when the run did. */
export function run(text: string, analysis: string, options: SimulateOptions = {}): Dataset {
  const result = simulate(parseDeck(text), options);
  if (result.failure) throw result.failure;
  const dataset = result.datasets.find((d) => d.analysis === analysis);
  if (dataset === undefined) throw new Error(`the deck has no ${analysis} analysis`);
  return dataset;
}

/** Values of a column by name; `vr(out)` and `vi(out)` read the parts of v(out). */
export function column(dataset: Dataset, name: string): Float64Array {
  const [whole, imaginary] = name.startsWith('vi(')
    ? [name.replace('vi(', 'v('), true]
    : [name.replace('vr(', 'v('), false];
  const found = dataset.columns.find((c) => c.name === whole);
  if (found === undefined)
    throw new Error(`no column ${name}, only ${dataset.columns.map((c) => c.name).join(', ')}`);
  return imaginary ? found.imaginary! : found.values;
}
