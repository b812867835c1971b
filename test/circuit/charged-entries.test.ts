// The pattern says where C may differ from zero, and factors of G + αC rely on it.
import { describe, expect, test } from 'vitest';
import { deviceKinds } from '../../src/devices/registry.js';
import { seeded, writings } from '../devices/stand.js';
import { alone, bound } from './bench.js';

const random = seeded(31);

describe.each(deviceKinds.map((kind) => [kind.name, kind] as const))('the charges of %s', (_, kind) => {
  test('move with the entries that the pattern names, and with no others', () => {
    for (const written of writings(kind)) {
      const system = bound(alone(kind, written)).at({});
      const { pattern, slots, size, charges } = system;
      const named = new Set(pattern.second);
      const [G, C] = [new Float64Array(slots), new Float64Array(slots)];
      for (const scale of [0.05, 0.8, 3]) {
        const x = Float64Array.from({ length: size }, () => scale * (2 * random() - 1));
        system.evaluate(x, random(), new Float64Array(size), new Float64Array(charges), G, C);
        const moved = [...C.subarray(0, pattern.nnz).keys()].filter((k) => C[k] !== 0);
        expect(moved.filter((k) => !named.has(k))).toEqual([]);
      }
    }
  });
});
