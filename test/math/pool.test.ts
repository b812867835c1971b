import { expect, test } from 'vitest';
import { createPool } from '../../src/math/pool.js';
import { createArena } from '../../src/math/vectors.js';

test('what is given back is lent again, the smallest that serves first', () => {
  const pool = createPool();
  const [small, large] = [pool.floats(10), pool.floats(1000)];
  pool.giveBack(large);
  pool.giveBack(small);
  expect(pool.floats(5)).toBe(small);
  expect(pool.floats(5)).toBe(large);
  expect(pool.floats(5)).not.toBe(large);
});

test('two arenas that live at once never share memory', () => {
  const pool = createPool();
  expect(pool.region(100).kernels).not.toBe(pool.region(100).kernels);
});

test('an arena in used memory begins with zeros', () => {
  const pool = createPool();
  const empty = { start: Int32Array.of(0), column: new Int32Array(0), value: new Float64Array(0) };
  const arena = () => createArena(0, 7, 3, 2, { G: empty, C: empty }, pool);
  const first = arena();
  first.vector().fill(3);
  pool.giveBack(first.region);
  const second = arena();
  expect(second.region).toBe(first.region);
  expect([...second.vector()]).toEqual(Array(7).fill(0));
});
