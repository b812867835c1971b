// Exact references at the operating point: adjoint, direct and differences.
import { describe, expect, it } from 'vitest';
import { deviceKinds } from '../../src/devices/registry.js';
import { compare, estimate } from '../../src/learn/compare.js';
import { fidelity } from '../../src/learn/fidelity.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { everyDevice } from './circuits.js';
import { problemOf } from './problems.js';

const outputs: Readonly<Record<string, readonly string[]>> = {
  'two-terminal elements': ['v(g)', 'i(l1)'],
  'controlled sources': ['v(h)', 'i(e1)'],
  'lines, switches and cells': ['v(e)', 'v(h)', 'i1(t1)'],
};
const problems = Object.entries(everyDevice).map(
  ([name, deck]) =>
    [
      name,
      problemOf(
        deck,
        'all',
        outputs[name].map((unknown) => ({ unknown, target: unknown.startsWith('v') ? 0.3 : 1e-3 })),
      ),
    ] as const,
);

describe('the gradient of an operating point', () => {
  it('is asked of every kind of device', () => {
    const used = new Set(
      Object.values(everyDevice).flatMap((deck) =>
        parseDeck(`title\n${deck}\n.end\n`).circuit.elements.map((e) => e.kind),
      ),
    );
    expect(deviceKinds.map((k) => k.name).filter((name) => !used.has(name))).toEqual([]);
  });

  it.each(problems)('by the adjoint is that of differences to 1e-8: %s', (_, problem) => {
    const exact = estimate(problem, 'adjoint');
    const judge = estimate(problem, 'differences');
    expect(judge.cost).toBe(exact.cost);
    // In the same unit for all parameters: p·dC/dp.
    const scaled = (g: Float64Array) => g.map((v, k) => v * problem.values[k]);
    const [a, b] = [scaled(exact.gradient), scaled(judge.gradient)];
    expect(fidelity(a, b).relativeError).toBeLessThan(1e-8);
    const rounding = 1e-9 * Math.max(...b.map(Math.abs));
    a.forEach((v, k) => {
      const allowed = 1e-6 * Math.abs(b[k]) + rounding;
      expect(Math.abs(v - b[k]), problem.parameters[k].name).toBeLessThan(allowed);
    });
    expect(exact.gradient.filter((v) => v !== 0).length).toBeGreaterThan(15);
  });

  it.each(problems)('forward by every parameter is the adjoint: %s', (_, problem) => {
    const [, direct] = compare(problem, ['adjoint', 'direct']);
    if (direct.obstacle) throw direct.obstacle;
    expect(direct.fidelity?.relativeError).toBeLessThan(1e-14);
  });

  it.each(problems)('obeys Tellegen across the pair of networks: %s', (_, problem) => {
    expect(estimate(problem, 'adjoint').validity.tellegen).toBeLessThan(1e-13);
    expect(estimate(problem, 'direct').validity.tellegen).toBeLessThan(1e-13);
    expect(estimate(problem, 'differences').validity.tellegen).toBeLessThan(1e-8);
  });

  it.each(problems)('differs from differences of wide steps, which Tellegen shows: %s', (_, problem) => {
    const seen = (step: number) => estimate(problem, 'differences', { step }).validity.tellegen ?? 0;
    expect(seen(0.05)).toBeGreaterThan(1e-8);
    expect(seen(0.05) / seen(0.025)).toBeGreaterThan(8);
  });
});
