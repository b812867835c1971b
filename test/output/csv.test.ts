import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/output/csv.js';
import { amperes, numbers, operatingPoint, smallSignal, tabulate, transient, volts } from './datasets.js';

const rows = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

describe('CSV', () => {
  it('has one column per signal after the axis, in order, and one line per point', () => {
    const run = transient(
      numbers(0, 1e-9),
      volts('v(out)', numbers(1, 2.5)),
      amperes('i(v1)', numbers(-1, 0)),
    );
    expect(toCsv([run])).toBe('time,v(out),i(v1)\n0,1,-1\n1e-9,2.5,0\n');
  });

  it('writes a phasor as its real and imaginary parts', () => {
    const run = smallSignal(
      numbers(10),
      volts('v(out)', numbers(3), numbers(-4)),
      amperes('i(v1)', numbers(5), numbers(6)),
      volts('v(a)/2', numbers(7), numbers(8)),
      volts('vm(out)', numbers(5)),
    );
    expect(toCsv([run])).toBe(
      'frequency,vr(out),vi(out),ir(v1),ii(v1),re(v(a)/2),im(v(a)/2),vm(out)\n10,3,-4,5,6,7,8,5\n',
    );
  });

  it('quotes a name with a comma and leaves the rest bare', () => {
    const run = smallSignal(numbers(1), volts('v(a,b)', numbers(1)), volts('v(c,d)', numbers(2), numbers(3)));
    expect(toCsv([run]).split('\n')[0]).toBe('frequency,"v(a,b)","vr(c,d)","vi(c,d)"');
  });

  it('is one line for an operating point', () => {
    expect(toCsv([operatingPoint(volts('v(a)', numbers(1)), volts('v(b)', numbers(2)))])).toBe(
      'v(a),v(b)\n1,2\n',
    );
  });

  it('puts the values of a step first, under one header for all runs', () => {
    const run = transient(numbers(0, 1), volts('v(out)', numbers(5, 6)));
    const text = toCsv([
      { ...run, step: { r: 1000 } },
      { ...run, step: { r: 2000 } },
    ]);
    expect(text).toBe('r,time,v(out)\n1000,0,5\n1000,1,6\n2000,0,5\n2000,1,6\n');
  });

  it('refuses runs whose columns differ', () => {
    const run = transient(numbers(0), volts('v(out)', numbers(5)));
    expect(() => toCsv([run, transient(numbers(0), volts('v(in)', numbers(5)))])).toThrow(RangeError);
  });

  it('loses no bit of any double', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
        const run = transient(
          tabulate(values.length, (k) => k),
          volts('v(out)', Float64Array.from(values)),
        );
        const back = rows(toCsv([run]))
          .slice(1)
          .map((row) => Number(row[1]));
        expect(back).toEqual(values.map((v) => v + 0));
      }),
    );
  });

  it('writes every number as JavaScript does, and names those that are none', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (values) => {
        const run = transient(
          tabulate(values.length, (k) => k),
          volts('v(out)', Float64Array.from(values)),
        );
        const text = toCsv([{ ...run, step: { r: Number.POSITIVE_INFINITY } }]);
        expect(text).toBe(`r,time,v(out)\n${values.map((v, k) => `Infinity,${k},${v}\n`).join('')}`);
      }),
    );
  });

  it('keeps every row of a table longer than one chunk', () => {
    const n = 10_001;
    const table = rows(
      toCsv([
        transient(
          tabulate(n, (k) => k),
          volts(
            'v(out)',
            tabulate(n, (k) => k * k),
          ),
        ),
      ]),
    );
    expect(table.length).toBe(n + 1);
    expect(table[n]).toEqual(['10000', '100000000']);
  });
});
