// λᵀ∂f/∂p and μᵀ∂q/∂p of every device of the registry, of sources, initial charges and delays.
import { describe, expect, test } from 'vitest';
import { trainableNames } from '../../src/circuit/address.js';
import { parameter } from '../../src/circuit/bind.js';
import { globals } from '../../src/circuit/values.js';
import { deviceKinds } from '../../src/devices/registry.js';
import { seeded, writings } from '../devices/stand.js';
import { alone, bound, dot, rows, slope } from './bench.js';

const random = seeded(23);
const vector = (size: number, scale: number): Float64Array => {
  const v = Float64Array.from({ length: size }, () => scale * (2 * random() - 1));
  v[size - 2] = 1;
  v[size - 1] = 0;
  return v;
};

describe.each(deviceKinds.map((kind) => [kind.name, kind] as const))('the sensitivity of %s', (_, kind) => {
  test('is the slope of its currents and charges by every number that can be trained', () => {
    const reached = new Set<string>();
    for (const written of writings(kind)) {
      const circuit = alone(kind, written);
      const { structure, at } = bound(circuit);
      const lookup = globals(circuit, {});
      const own = trainableNames(kind, circuit.elements[0]).filter(
        (name) => !Number.isNaN(parameter(structure, 0, name, lookup, {})),
      );
      const names = own.map((name) => `dut.${name}`);
      const values = Object.fromEntries(
        own.map((name, k) => [names[k], parameter(structure, 0, name, lookup, {})]),
      );
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
        own.forEach((name, k) => {
          const p = values[names[k]];
          const of = (value: number) => rows(at({ ...values, [names[k]]: value }), x, t);
          const unit = Math.abs(p) || 0.1;
          for (const [analytic, weights, which] of [
            [byCurrents[k], lambda, 'f'],
            [byCharges[k], mu, 'q'],
          ] as const) {
            const numeric = slope((value) => dot(weights, of(value)[which]), p);
            const size = Math.abs(dot(weights.map(Math.abs), of(p)[which].map(Math.abs)));
            expect(
              Math.abs(analytic - numeric),
              `∂${which}/∂${name} = ${analytic}, ${numeric}`,
            ).toBeLessThanOrEqual(1e-7 * (Math.abs(analytic) + size / unit));
            if (analytic !== 0) reached.add(name);
          }
        });
      }
    }
    if (Object.keys(kind.parameters).some((name) => kind.parameters[name].required))
      expect(reached.size).toBeGreaterThan(0);
  });
});
