import { describe, expect, it } from 'vitest';
import { readRaw, writeRaw } from '../../src/output/raw.js';
import { amperes, numbers, operatingPoint, smallSignal, transient, volts } from './datasets.js';

describe('SPICE rawfile', () => {
  it('returns every number of several plots, bit for bit', () => {
    const tran = transient(numbers(0, 1e-9, Math.PI), volts('v(out)', numbers(1, -0, 5e-324)));
    const ac = smallSignal(numbers(1, 10), amperes('i(v1)', numbers(1, 2), numbers(-1, 1e300)));
    const plots = readRaw(writeRaw([tran, ac, operatingPoint(volts('v(a)', numbers(3)))]));
    expect(plots.map((p) => p.plotName)).toEqual(['Transient Analysis', 'AC Analysis', 'Operating Point']);
    expect(plots[0].variables.map((v) => [v.name, v.type])).toEqual([
      ['time', 'time'],
      ['v(out)', 'voltage'],
    ]);
    expect(plots[0].variables[1].values).toEqual(numbers(1, -0, 5e-324));
    expect(plots[1].variables[0].values).toEqual(numbers(1, 10));
    expect(plots[1].variables[1].imaginary).toEqual(numbers(-1, 1e300));
    expect(plots[2].variables[0].values).toEqual(numbers(3));
  });

  it('has the layout of the format: text header, then points of little-endian doubles', () => {
    const bytes = writeRaw([transient(numbers(0, 1), volts('v(a)', numbers(2, 3)))]);
    const text = new TextDecoder('latin1').decode(bytes);
    const body = text.indexOf('Binary:\n') + 'Binary:\n'.length;
    expect(text.slice(0, body)).toBe(
      'Title: A test\nPlotname: Transient Analysis\nFlags: real\nNo. Variables: 2\nNo. Points: 2\n' +
        'Variables:\n\t0\ttime\ttime\n\t1\tv(a)\tvoltage\nBinary:\n',
    );
    expect(bytes.length - body).toBe(2 * 2 * 8);
    expect(new DataView(bytes.buffer, body).getFloat64(24, true)).toBe(3);
  });

  it('names no variable with a blank in it, for readers split at blanks', () => {
    const [plot] = readRaw(writeRaw([transient(numbers(0), volts('v(a) - v(b)', numbers(2)))]));
    expect(plot.variables[1].name).toBe('v(a)-v(b)');
  });

  it('says which step a plot belongs to in its title', () => {
    const run = { ...transient(numbers(0), volts('v(a)', numbers(2))), step: { r: 1000 } };
    expect(readRaw(writeRaw([run]))[0].title).toBe('A test r=1000');
  });

  it('refuses what is not a rawfile or ends early', () => {
    const bytes = writeRaw([transient(numbers(0, 1), volts('v(a)', numbers(2, 3)))]);
    expect(() => readRaw(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    expect(() => readRaw(new TextEncoder().encode('time,v(out)\n'))).toThrow(RangeError);
  });
});
