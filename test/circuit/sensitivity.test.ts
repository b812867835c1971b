// λᵀ∂f/∂p and μᵀ∂q/∂p of every device of the registry, of sources, initial charges and delays.
import { describe, expect, test } from 'vitest';
import { isTrainable, numericParameters } from '../../src/circuit/address.js';
import { listParameters } from '../../src/circuit/parameters.js';
import { deviceKinds } from '../../src/devices/registry.js';
import { seeded, writings } from '../devices/stand.js';
import { alone, bound, dot, rows } from './bench.js';

const random = seeded(23);
const vector = (size: number, scale: number): Float64Array => {
  const v = Float64Array.from({ length: size }, () => scale * (2 * random() - 1));
  v[size - 2] = 1;
  v[size - 1] = 0;
  return v;
};

/** Numbers of sources, beginnings and delays, and the vt that a neuron has only beside ip: sensitivity-paths.test.ts. */
const elsewhere = new Set(['dc', 'acmag', 'acphase', 'ic', 'v0', 'w0', 'td', 'f', 'nl', 'vt']);

describe.each(deviceKinds.map((kind) => [kind.name, kind] as const))('the sensitivity of %s', (_, kind) => {
  test('is the slope of its currents and charges by every number that can be trained', () => {
    const reached = new Set<string>();
    for (const written of writings(kind)) {
      const circuit = alone(kind, written);
      const { structure, at } = bound(circuit);
      const own = listParameters(structure, {}).filter((p) => p.element === 'dut' && p.trainable);
      const names = own.map(({ name }) => name);
      const values = Object.fromEntries(own.map(({ name, value }) => [name, value]));
      const system = at(values);
      const sensitivity = system.sensitivity(names);
      for (const scale of [0.05, 0.8, 2]) {
        const x = vector(system.size, scale);
        const [lambda, mu] = [vector(system.size, 1), vector(system.size, 1)];
        const t = random();
        sensitivity.clear();
        sensitivity.addCurrents(lambda, x, t);
        const byCurrents = sensitivity.gradient();
        sensitivity.clear();
        sensitivity.addCharges(mu, x, t);
        const byCharges = sensitivity.gradient();
        own.forEach(({ name, value: p }, k) => {
          const of = (value: number) => rows(at({ ...values, [name]: value }), x, t);
          const here = of(p);
          const step = 1e-4 * (Math.abs(p) || 0.01);
          const around = [-2, -1, 1, 2].map((d) => of(p + d * step));
          for (const [analytic, weights, which] of [
            [byCurrents[k], lambda, 'f'],
            [byCharges[k], mu, 'q'],
          ] as const) {
            const [a, b, c, d] = around.map((there) => dot(weights, there[which]));
            const numeric = (8 * (c - b) - (d - a)) / (12 * step);
            const size = dot(weights.map(Math.abs), here[which].map(Math.abs));
            expect(
              Math.abs(analytic - numeric),
              `∂${which}/∂${name} = ${analytic}, ${numeric}`,
            ).toBeLessThanOrEqual(1e-7 * (Math.abs(analytic) + size / (Math.abs(p) || 0.1)));
            if (analytic !== 0) reached.add(name);
          }
        });
      }
    }
    const silent = numericParameters(kind).flatMap(([name, doc]) =>
      isTrainable(doc) && !reached.has(`dut.${name}`) ? [name] : [],
    );
    expect(silent.filter((name) => !elsewhere.has(name))).toEqual([]);
  });
});
