import { describe, expect, it } from 'vitest';
import { fold, type Terms } from '../../src/math/fold.js';
import { buildPattern, entriesByRow } from '../../src/math/pattern.js';
import { addProduct } from '../../src/math/rows.js';
import { noise } from './matrices.js';

/** Two terms a thing: one of G in rows 0 and `other`, one of C in row 1 and nowhere; n unknowns, as many known. */
function example(count: number) {
  const next = noise(5);
  const n = 2 * count;
  const size = 2 * n;
  const rows = Int32Array.from({ length: n }, (_, k) => k);
  const { pattern } = buildPattern(n, rows, rows);
  const borderRow = rows.map((k) => n + k);
  const byRow = entriesByRow(pattern, borderRow, rows, size);
  const dustbin = 2 * n;
  const terms: Terms = {
    count,
    stride: 3,
    numbers: Float64Array.from({ length: 3 * count }, () => next() - 0.5),
    coefficient: Int32Array.of(2, 0),
    stored: Int32Array.of(0, 1),
    slots: Int32Array.from(
      { length: 4 * count },
      (_, s) => [0, n + (s >> 2), Math.min(1 + (s >> 2), n - 1), dustbin].at(s % 4)!,
    ),
  };
  return { n, size, terms, folded: fold({ n, size, slots: dustbin + 1, byRow }, [terms]) };
}

describe.each([
  ['a few', 10],
  ['thousands, which kernels fold', 3000],
])('the linear terms of %s', (_, count) => {
  const { n, terms, folded } = example(count);
  const number = (i: number, k: number): number => terms.numbers[3 * i + k];

  it('are summed where they meet, in the order of the things', () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += number(i, 2);
    expect(folded.G.bySlot[0]).toBe(sum);
  });

  it('stand with the opposite sign in their other row, beyond the unknowns too', () => {
    const x = new Float64Array(2 * n).fill(1);
    const known = new Float64Array(2 * n);
    addProduct(folded.G.known, x, known, n);
    for (let i = 0; i < count; i++) expect(known[n + i]).toBe(-number(i, 2));
  });

  it('leave G to what is static, C to what is stored, and nothing to what nobody asks for', () => {
    expect(folded.C.bySlot[1]).toBe(number(0, 0));
    expect(folded.C.known.value).toHaveLength(0);
    expect(folded.G.rows.column).toEqual(Int32Array.of(0));
    expect([folded.G.bySlot.at(-1), folded.C.bySlot.at(-1)]).toEqual([0, 0]);
  });
});
