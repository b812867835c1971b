// What the decks that learn claim of themselves.
import { describe, expect, it } from 'vitest';
import { ruleByName } from '../../src/learn/rules/registry.js';
import { optimisers } from '../../src/learn/training/optimisers.js';
import { makeReader } from '../../src/learn/training/reader.js';
import {
  beginTraining,
  type EpochReport,
  type TrainingOptions,
  trainEpoch,
} from '../../src/learn/training/training.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { deckText } from './run.js';

/** Trains a deck with Adam and returns the last report and the values learnt. */
function learn(name: string, rule: string, epochs: number) {
  const problem = problemOf(parseDeck(deckText(name)));
  const options: TrainingOptions = { optimiser: optimisers.get('adam')!, rate: 0.05, seed: 0 };
  const read = makeReader(problem, ruleByName(rule), {});
  let state = beginTraining(problem, options);
  let report: EpochReport = { epoch: 0, cost: Number.NaN };
  for (let k = 0; k < epochs; k++) ({ state, report } = trainEpoch(problem, read, options, state));
  return { report, values: new Map(problem.parameters.map((p, k) => [p.name, state.values[k]])) };
}

describe('XOR', () => {
  it('is learnt by a diode–resistor network through equilibrium propagation', () => {
    const { report } = learn('xor', 'equilibrium', 150);
    expect(report.accuracy).toBe(1);
    expect(report.cost).toBeLessThan(1e-4);
  });

  it('is learnt by one-way amplifiers through the stress of a doubled network', () => {
    const { report } = learn('xor-one-way', 'stress', 150);
    expect(report.accuracy).toBe(1);
    expect(report.cost).toBeLessThan(1e-4);
  });

  it('cannot be learnt there by equilibrium propagation, which says so', () => {
    expect(() => learn('xor-one-way', 'equilibrium', 1)).toThrow(/not EP-compatible.*e1.*e2/);
  });
});

describe('a linear map', () => {
  it('is found by a crossbar: the weights of the table', () => {
    const { report, values } = learn('regression', 'equilibrium', 150);
    expect(report.cost).toBeLessThan(1e-6);
    const g = (name: string): number => 1 / values.get(`${name}.r`)!;
    for (const [output, weights] of [
      [1, [0.2, -0.1, 0.15]],
      [2, [-0.05, 0.25, 0.1]],
    ] as const) {
      const all = [1, 2, 3].reduce(
        (s, k) => s + g(`rp${k}${output}`) + g(`rm${k}${output}`),
        g(`rg${output}`),
      );
      weights.forEach((w, k) => {
        expect((g(`rp${k + 1}${output}`) - g(`rm${k + 1}${output}`)) / all).toBeCloseTo(w, 2);
      });
    }
  });
});

describe('a Butterworth filter', () => {
  it('is what a ladder becomes that is asked for its magnitude: the values of every table', () => {
    const { report, values } = learn('butterworth', 'adjoint', 300);
    const [R, omega] = [50, 2 * Math.PI * 1e6];
    expect(report.cost).toBeLessThan(1e-6);
    expect(values.get('c1.c')! * omega * R).toBeCloseTo(1 / 2, 3);
    expect((values.get('l1.l')! * omega) / R).toBeCloseTo(4 / 3, 3);
    expect(values.get('c2.c')! * omega * R).toBeCloseTo(3 / 2, 3);
  });
});
