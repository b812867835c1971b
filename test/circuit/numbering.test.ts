import { describe, expect, it } from 'vitest';
import { createNumbering } from '../../src/circuit/numbering.js';

describe.each([
  ['a few', 10],
  ['very many, in a table', 60_000],
])('names, %s', (_, expected) => {
  it('have the number with which they first came', () => {
    const numbering = createNumbering(expected);
    expect(['out', 'in', 'out', '0', 'in', ''].map((name) => numbering.numberOf(name))).toEqual([
      0, 1, 0, 2, 1, 3,
    ]);
    expect(numbering.names).toEqual(['out', 'in', '0', '']);
  });

  it('that never came have none, and get none by being asked for', () => {
    const numbering = createNumbering(expected);
    numbering.numberOf('v12');
    expect(['v12', 'v21', '12v', 'V12', 'ä'].map((name) => numbering.get(name))).toEqual([
      0,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(numbering.names).toEqual(['v12']);
  });

  it('may be more than were expected', () => {
    const numbering = createNumbering(expected);
    const names = Array.from({ length: 5 * expected }, (__, k) => `x${k % 7}.n${k}`);
    names.forEach((name, k) => {
      if (numbering.numberOf(name) !== k) throw new Error(`${name} is taken for another`);
    });
    expect(names.findIndex((name, k) => numbering.get(name) !== k)).toBe(-1);
  });
});
