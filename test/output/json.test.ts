import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { type Result, readJson, toJson } from '../../src/output/json.js';
import { simulate } from '../../src/study/simulate.js';
import { numbers, smallSignal, volts } from './datasets.js';

const result: Result = {
  title: 'A test',
  datasets: [
    {
      ...smallSignal(numbers(1, 10), volts('v(out)', numbers(0.1, 1 / 3), numbers(-1, 2))),
      step: { r: 1e3 },
    },
  ],
  measures: [{ name: 'gain', analysis: 'ac', value: null, reason: 'never crossed' }],
  warnings: ['one warning'],
};

describe('JSON', () => {
  it('reads back exactly what was written', () => {
    expect(readJson(toJson(result))).toEqual(result);
  });

  it('takes a simulation as it comes, and keeps what its warnings say', () => {
    const simulation = simulate(parseDeck('t\nV1 a 0 1\nR1 a 0 1\nR2 a b 1\n.op\n.end'));
    const { datasets, warnings } = readJson(toJson(simulation));
    expect(datasets[0].columns.map(({ name }) => name)).toEqual(['v(a)', 'v(b)', 'i(v1)']);
    expect(warnings).toEqual(['node b has a single connection, to r2']);
  });

  it('keeps a number that JSON has no word for as a gap', () => {
    const gap = { ...result, datasets: [smallSignal(numbers(1), volts('v(out)', numbers(Number.NaN)))] };
    expect(toJson(gap)).toContain('"values":[null]');
    expect(readJson(toJson(gap)).datasets[0].columns[0].values[0]).toBeNaN();
  });

  it('is refused with the path of what is wrong', () => {
    expect(() => readJson(toJson(result).replace('"ac"', '"noise"'))).toThrow(/datasets/);
  });
});
