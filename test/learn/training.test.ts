import { describe, expect, it } from 'vitest';
import type { Parameter, Problem } from '../../src/learn/problem.js';
import { type Optimiser, optimisers } from '../../src/learn/training/optimisers.js';
import {
  beginTraining,
  type Reader,
  type TrainingOptions,
  type TrainingState,
  trainEpoch,
} from '../../src/learn/training/training.js';

const free: Parameter = {
  name: 'p',
  unit: '',
  min: Number.NEGATIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
  log: false,
  group: 'p',
};

/** ½ Σ_row (values − target(row))²: every step has a closed form. */
const targets = [
  [1, -2],
  [3, 0],
  [-1, 5],
  [2, 2],
];
const read: Reader = (values, row) => {
  const gradient = values.map((v, i) => v - targets[row][i]);
  return { cost: 0.5 * gradient.reduce((sum, d) => sum + d * d, 0), gradient, right: row !== 0 };
};
const problem = (
  parameters: readonly Partial<Parameter>[],
  values: readonly number[],
  rows: number,
): Problem =>
  ({
    parameters: parameters.map((p) => ({ ...free, ...p })),
    values: Float64Array.from(values),
    rows,
  }) as unknown as Problem;

const options = (name: string, more: Partial<TrainingOptions> = {}): TrainingOptions => ({
  optimiser: optimisers.get(name) as Optimiser,
  rate: 0.1,
  seed: 1,
  ...more,
});

function epochs(p: Problem, o: TrainingOptions, count: number, from = beginTraining(p, o)): TrainingState {
  let state = from;
  for (let k = 0; k < count; k++) ({ state } = trainEpoch(p, read, o, state));
  return state;
}

describe('descent on a quadratic cost', () => {
  const quadratic = problem([{}, {}], [7, -7], 4);
  const mean = [1.25, 1.25];

  it('by the gradient alone shrinks the distance to the minimum by 1 − rate a step', () => {
    const { values } = epochs(quadratic, options('gd'), 20);
    values.forEach((v, i) => {
      expect(v).toBeCloseTo(mean[i] + ([7, -7][i] - mean[i]) * 0.9 ** 20, 12);
    });
  });

  it('with momentum obeys x″ + (1 − μ)x′ + rate·x = 0 in differences', () => {
    const o = options('momentum');
    const path = [0, 1, 2, 3].map((k) => epochs(quadratic, o, k).values[0] - mean[0]);
    for (const k of [1, 2])
      expect(path[k + 1] - path[k]).toBeCloseTo(0.9 * (path[k] - path[k - 1]) - 0.1 * path[k], 12);
  });

  it("with Adam takes a first step of the rate against the gradient's sign, whatever its size", () => {
    const { values } = epochs(quadratic, options('adam'), 1);
    expect(values[0]).toBeCloseTo(6.9, 8);
    expect(values[1]).toBeCloseTo(-6.9, 8);
  });

  it('stops at the bounds', () => {
    const bounded = problem([{ min: 2 }, { max: -1 }], [7, -7], 4);
    expect(epochs(bounded, options('gd'), 200).values).toEqual([2, -1]);
  });

  it('in the logarithm moves by factors: ln p changes by −rate·p·∂c/∂p', () => {
    const log = problem([{ log: true }, {}], [7, -7], 4);
    const { values } = epochs(log, options('gd', { rate: 0.01 }), 1);
    expect(values[0]).toBeCloseTo(7 * Math.exp(-0.01 * 7 * (7 - mean[0])), 12);
  });

  it('reports the mean cost before the steps, and how many rows were right', () => {
    const { report } = trainEpoch(quadratic, read, options('gd'), beginTraining(quadratic, options('gd')));
    const expected = targets.reduce((sum, [a, b]) => sum + 0.5 * ((7 - a) ** 2 + (-7 - b) ** 2), 0) / 4;
    expect(report).toEqual({ epoch: 1, cost: expect.closeTo(expected, 12), accuracy: 0.75 });
  });
});

describe('training that was stopped', () => {
  it.each([...optimisers.keys()])('goes on from its state, stored as JSON, to the last bit: %s', (name) => {
    const p = problem([{}, { log: true }], [7, 3], 4);
    const o = options(name, { batch: 3, seed: 9, rate: 0.01 });
    const half = JSON.parse(JSON.stringify(epochs(p, o, 13))) as TrainingState;
    expect(epochs(p, o, 17, half)).toEqual(epochs(p, o, 30));
  });

  it('draws the order of rows from seed and epoch: another seed, another path; the same seed, the same', () => {
    const p = problem([{}, {}], [7, -7], 4);
    const path = (seed: number) => epochs(p, options('gd', { batch: 1, seed }), 3).values;
    expect(path(1)).toEqual(path(1));
    expect(path(1)).not.toEqual(path(2));
  });

  it('takes one step per batch, the last one with what is left', () => {
    const p = problem([{}, {}], [7, -7], 4);
    expect(epochs(p, options('gd', { batch: 3 }), 2).taken).toBe(4);
  });
});
