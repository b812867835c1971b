import { describe, expect, it } from 'vitest';
import { NOWHERE } from '../../src/math/placement.js';
import { isSpanned, type Links } from '../../src/math/spanning.js';

/** Things in a row: thing k stands at the places k and k + 1; the root is behind them all. */
function row(length: number, hold: Links['hold']): Links {
  const index = Int32Array.from({ length: 2 * length }, (_, i) => (i >> 1) + (i % 2));
  return { stride: 2, index, from: 0, to: 1, hold };
}
const rung = (place: number, hold: Links['hold']): Links => ({
  stride: 1,
  index: Int32Array.of(place),
  from: 0,
  to: NOWHERE,
  hold,
});

describe.each([
  ['short', 10],
  ['long, which kernels join', 5000],
])('a %s row', (_, length) => {
  const root = length + 1;
  const places = Int32Array.from({ length: root }, (__, k) => k);
  const spanned = (...links: Links[]): boolean => isSpanned(root + 1, root, links, places);

  it('is spanned when one end of it is joined to the root, wherever', () => {
    for (const place of [0, length >> 1, length])
      expect(spanned(row(length, 'joins'), rung(place, 'joins'))).toBe(true);
  });

  it('is not spanned by what only parts', () => {
    expect(spanned(row(length, 'joins'))).toBe(false);
    expect(spanned(row(length, 'joins'), rung(3, 'parts'))).toBe(false);
    expect(spanned(row(length, 'parts'), rung(3, 'joins'))).toBe(false);
  });

  it('may be tied to the root at one end, not at both', () => {
    expect(spanned(row(length, 'ties'), rung(0, 'ties'))).toBe(true);
    expect(spanned(row(length, 'ties'), rung(0, 'ties'), rung(length, 'joins'))).toBe(true);
    expect(spanned(row(length, 'ties'), rung(0, 'ties'), rung(length, 'ties'))).toBe(false);
  });

  it('has no link from a place to itself, whatever it does', () => {
    for (const hold of ['joins', 'parts'] as const) {
      const loop = { stride: 2, index: Int32Array.of(4, 4), from: 0, to: 1, hold };
      expect(spanned(row(length, 'joins'), rung(0, 'joins'), loop)).toBe(false);
    }
  });
});
