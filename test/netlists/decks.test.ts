// Every deck of netlists/ against the expected result beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/analysis/dataset.js';
import { column, deckText, run } from './run.js';

interface Expectation {
  /** `closed form`, `oracle` (another program) or `frozen` (this one, once). */
  readonly truth: 'closed form' | 'oracle' | 'frozen';
  readonly from: string;
  readonly analysis: 'op' | 'dc' | 'ac' | 'tran';
  /** Largest absolute error. */
  readonly tolerance: number;
  /** Places on the axis; absent for an operating point. */
  readonly at?: readonly number[];
  /** One value per place, or one for an operating point. */
  readonly signals: Readonly<Record<string, readonly number[]>>;
}

const folder = fileURLToPath(new URL('../../netlists/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.cir'))
  .map((file) => file.slice(0, -4));
const expectations = (name: string): readonly Expectation[] =>
  JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8')).expect;

/** Index of the point of the axis at `place`, which must be one of its points. */
function indexAt(dataset: Dataset, place: number): number {
  const axis = dataset.axis!.values;
  const k = axis.reduce((best, x, j) => (Math.abs(x - place) < Math.abs(axis[best] - place) ? j : best), 0);
  const span = Math.max(...axis.map(Math.abs));
  expect(Math.abs(axis[k] - place), `no point at ${place}`).toBeLessThanOrEqual(
    1e-9 * Math.max(Math.abs(place), 1e-3 * span),
  );
  return k;
}

describe.each(names)('%s', (name) => {
  it('says what it is, what to look at, and what to expect', () => {
    const [title, ...lines] = deckText(name).split('\n');
    expect(title).toMatch(/^[A-Z]/);
    expect(lines.join('\n')).toMatch(/^\* Look at: /m);
    const expected = expectations(name);
    expect(expected.length).toBeGreaterThan(0);
    for (const e of expected) expect(['closed form', 'oracle', 'frozen']).toContain(e.truth);
  });

  it.each(expectations(name))('$analysis: $truth, to $tolerance', (expected) => {
    const at = expected.analysis === 'tran' ? { at: expected.at! } : {};
    const dataset = run(deckText(name), expected.analysis, at);
    expect(dataset.complete).toBe(true);
    for (const [signal, values] of Object.entries(expected.signals)) {
      const got = column(dataset, signal);
      const indices = expected.at?.map((place) => indexAt(dataset, place)) ?? [0];
      values.forEach((value, k) => {
        const where = `${signal} at ${expected.at?.[k] ?? 'the operating point'}`;
        expect(
          Math.abs(got[indices[k]] - value),
          `${where}: ${got[indices[k]]}, not ${value}`,
        ).toBeLessThanOrEqual(expected.tolerance);
      });
    }
  });
});

describe('the collection', () => {
  it('holds every deck', () => {
    expect(names.sort()).toEqual([
      'bistable',
      'butterworth',
      'fhn-chain',
      'fhn-turing',
      'graetz',
      'line-chain',
      'line-reflection',
      'multiplier',
      'regression',
      'rlc-filter',
      'td-oscillator',
      'three-ways',
      'xor',
      'xor-one-way',
    ]);
  });
});
