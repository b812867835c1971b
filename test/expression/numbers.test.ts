import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from '../../src/expression/numbers.js';

describe('numbers as SPICE writes them', () => {
  it.each([
    ['1', 1],
    ['-2.5', -2.5],
    ['+.5', 0.5],
    ['1.', 1],
    ['1e-9', 1e-9],
    ['1E+3', 1000],
    ['4.7k', 4700],
    ['10MEG', 1e7],
    ['10megohm', 1e7],
    ['3m', 3e-3],
    ['3M', 3e-3],
    ['2mil', 50.8e-6],
    ['1mil', 25.4e-6],
    ['5u', 5e-6],
    ['5µ', 5e-6],
    ['5μF', 5e-6],
    ['100pF', 1e-10],
    ['1f', 1e-15],
    ['7a', 7e-18],
    ['2t', 2e12],
    ['1g', 1e9],
    ['5V', 5],
    ['50ohms', 50],
    ['27Ω', 27],
    ['1e3k', 1e6],
    ['1e', 1],
    ['0.000', 0],
  ])('%s is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['', '-', '.', 'k', '1k5', '1_000', '1.2.3', '--1', '1 2', '0x10', 'e5', 'inf', 'nan', '1e5e5x1'])(
    '"%s" is no number',
    (text) => {
      expect(parseNumber(text)).toBeUndefined();
    },
  );

  it('a scale factor is joined to the digits, so the result is the nearest float64', () => {
    const factors = { t: 12, g: 9, meg: 6, k: 3, m: -3, u: -6, n: -9, p: -12, f: -15, a: -18 };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 9 }),
        fc.nat({ max: 10 ** 9 }),
        fc.constantFrom(...Object.entries(factors)),
        (whole, fraction, [suffix, power]) => {
          expect(parseNumber(`${whole}.${fraction}${suffix}`)).toBe(Number(`${whole}.${fraction}e${power}`));
        },
      ),
    );
  });

  it('every finite float64 is read back from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(parseNumber(String(x))).toBe(x);
      }),
    );
  });
});
