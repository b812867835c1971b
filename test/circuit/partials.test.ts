// Columns of ∂f/∂p and ∂q/∂p are what the transposed products are sums of: λᵀ(∂f/∂p) both ways, for every device.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/circuit/compile.js';
import { listParameters } from '../../src/circuit/parameters.js';
import type { System } from '../../src/circuit/system.js';
import { deviceKinds } from '../../src/devices/registry.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { seeded, writings } from '../devices/stand.js';
import { alone, bound, dot } from './bench.js';

const random = seeded(29);
const vector = (size: number): Float64Array => {
  const v = Float64Array.from({ length: size }, () => 1.6 * random() - 0.8);
  v[size - 2] = 1;
  v[size - 1] = 0;
  return v;
};

/** Both ways to the same number; `size` is Σ |terms| of the sum. */
function expectEqual(transposed: number, column: number, size: number, name: string): void {
  expect(Math.abs(transposed - column), `${name}: ${transposed}, ${column}`).toBeLessThanOrEqual(
    1e-13 * size,
  );
}

const magnitude = (weights: Float64Array, column: Float64Array): number =>
  dot(weights.map(Math.abs), column.map(Math.abs));

describe.each(deviceKinds.map((kind) => [kind.name, kind] as const))('columns of %s', (_, kind) => {
  test('weighed by rows are the transposed products', () => {
    for (const written of writings(kind)) {
      const { structure, at } = bound(alone(kind, written));
      const own = listParameters(structure, {}).filter((p) => p.element === 'dut' && p.trainable);
      const names = own.map(({ name }) => name);
      const system = at(Object.fromEntries(own.map(({ name, value }) => [name, value])));
      const sensitivity = system.sensitivity(names);
      const partials = sensitivity.partials();
      const [x, weights] = [vector(system.size), vector(system.size)];
      const t = random();
      partials.moveTo(x, t);
      sensitivity.clear();
      sensitivity.addCurrents(weights, x, t);
      const byCurrents = sensitivity.gradient();
      sensitivity.clear();
      sensitivity.addCharges(weights, x, t);
      const byCharges = sensitivity.gradient();
      sensitivity.clear();
      sensitivity.addSources(weights, t);
      const bySources = sensitivity.gradient();
      sensitivity.clear();
      sensitivity.addRates(weights, x);
      const byRates = sensitivity.gradient();
      names.forEach((name, p) => {
        const out = (): Float64Array => new Float64Array(system.size);
        const [f, q, u] = [out(), out(), out()];
        partials.addCurrents(p, 2, f);
        expectEqual(2 * byCurrents[p], dot(weights, f), magnitude(weights, f), `∂f/∂${name}`);
        // Linear charges C·x are rates C·ẋ at ẋ = x.
        partials.addRates(p, x, q);
        expectEqual(byRates[p], dot(weights, q), magnitude(weights, q), `∂Cẋ/∂${name}`);
        partials.addCharges(p, 1, q);
        expectEqual(byCharges[p], dot(weights, q), magnitude(weights, q), `∂q/∂${name}`);
        partials.addSources(p, 1, t, u);
        expectEqual(bySources[p], dot(weights, u), magnitude(weights, u), `∂u/∂${name}`);
      });
    }
  });
});

describe('what parameters do to inputs', () => {
  const systemOf = (deck: string): System => compile(parseDeck(`title\n${deck}\n.end\n`).circuit).bind();

  test('is the sum along a chain of sources, each with its sign', () => {
    const system = systemOf(
      'V1 a 0 1\nV2 a b 2\nV3 c b SIN(0 1 1k)\nR1 c 0 1k\nVf d e 3\nR2 d 0 1\nR3 e 0 1',
    );
    const names = ['v1.dc', 'v2.dc', 'v3.va', 'vf.dc'];
    const partials = system.sensitivity(names).partials();
    const moved = names.map((_, p) => {
      const u = new Float64Array(system.size);
      partials.addSources(p, 1, 0.25e-3, u);
      return Object.fromEntries(system.inputVariables.map(({ name }, k) => [name, u[system.n + k]]));
    });
    const at = (p: number, node: string): number => moved[p][`v(${node})`];
    expect(['a', 'b', 'c'].map((node) => at(0, node))).toEqual([1, 1, 1]);
    expect(['a', 'b', 'c'].map((node) => at(1, node))).toEqual([0, -1, -1]);
    expect(['a', 'b'].map((node) => at(2, node))).toEqual([0, 0]);
    expect(at(2, 'c')).toBeCloseTo(1, 14);
    expect(Object.values(moved[3]).filter((v) => v !== 0)).toEqual([1]);
  });

  test('is, of the signal that a line delays, v + z₀·i: the current at its end', () => {
    const system = systemOf('V1 a 0 1\nR1 a b 50\nT1 b 0 c 0 z0=75 td=1n ic=0.1,0,0.2,0\nR2 c 0 100');
    const names = ['r1.r', 't1.z0'];
    const sensitivity = system.sensitivity(names);
    const partials = sensitivity.partials();
    const x = vector(system.size);
    system.delays.forEach(({ initial }, k) => {
      sensitivity.clear();
      sensitivity.addDelayed(k, 1, x);
      const slopes = sensitivity.gradient();
      expect(partials.delayed(0, k, x)).toBe(0);
      expect(partials.delayed(1, k, x)).toBeCloseTo(slopes[1], 14);
      expect(Math.abs(slopes[1])).toBeGreaterThan(0.01);
      sensitivity.clear();
      sensitivity.addDelayedInitial(k, 1);
      expect(partials.delayedInitial(1, k)).toBe(sensitivity.gradient()[1]);
      expect(initial).toBeGreaterThan(0);
    });
  });
});
