import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { add, call, constant, div, mul, sub, symbol } from '../../src/expression/build.js';
import { baseNames, computeSignals } from '../../src/output/signals.js';
import { amperes, numbers, operatingPoint, smallSignal, transient, volts } from './datasets.js';

const s = symbol;
const tran = transient(
  numbers(0, 1),
  volts('v(a)', numbers(5, 7)),
  volts('v(b)', numbers(2, 1)),
  amperes('i(v1)', numbers(-1, -3)),
);
const ac = smallSignal(
  numbers(1, 10),
  volts('v(a)', numbers(3, 0), numbers(4, 2)),
  volts('v(b)', numbers(1, 0), numbers(0, 1)),
  amperes('i(v1)', numbers(0, 1), numbers(1, 0)),
);
const one = (base: typeof tran, expr: ReturnType<typeof add>) =>
  computeSignals(base, [{ name: 'x', expr }]).columns[0];

describe('saved signals', () => {
  it('come in the order asked for, under the text they were asked by', () => {
    const { columns } = computeSignals(tran, [
      { name: 'i(v1)', expr: s('i(v1)') },
      { name: 'v(a,b)', expr: s('v(a,b)') },
      { name: '2*v(a)', expr: mul(constant(2), s('v(a)')) },
    ]);
    expect(columns.map((c) => c.name)).toEqual(['i(v1)', 'v(a,b)', '2*v(a)']);
    expect(columns.map((c) => [...c.values])).toEqual([
      [-1, -3],
      [3, 6],
      [10, 14],
    ]);
  });

  it('know the unit of sums, products and quotients of volts and amperes', () => {
    const unit = (e: ReturnType<typeof add>): string => one(tran, e).unit;
    expect(unit(sub(s('v(a)'), s('v(b)')))).toBe('V');
    expect(unit(mul(s('v(a)'), s('i(v1)')))).toBe('W');
    expect(unit(div(s('v(a)'), s('i(v1)')))).toBe('Ω');
    expect(unit(add(s('v(a)'), s('i(v1)')))).toBe('');
    expect(unit(add(s('v(a)'), constant(1)))).toBe('V');
  });

  it('may speak of the axis, of a step and of global parameters', () => {
    const stepped = { ...tran, step: { r: 50 } };
    const expr = add(mul(s('time'), s('r')), s('k'));
    const [c] = computeSignals(stepped, [{ name: 'x', expr }], new Map([['k', 3]])).columns;
    expect([...c.values]).toEqual([3, 53]);
  });

  it('read ground as zero', () => {
    expect([...one(tran, s('v(a,0)')).values]).toEqual([5, 7]);
    expect([...one(operatingPoint(volts('v(a)', numbers(4))), sub(s('v(0)'), s('v(a)'))).values]).toEqual([
      -4,
    ]);
  });

  it('of an AC run are phasors, and their parts by SPICE’s names', () => {
    expect(one(ac, s('v(a,b)')).imaginary).toEqual(numbers(4, 1));
    expect([...one(ac, s('vm(a)')).values]).toEqual([5, 2]);
    expect([...one(ac, s('vdb(a)')).values]).toEqual([20 * Math.log10(5), 20 * Math.log10(2)]);
    expect([...one(ac, s('vp(b)')).values]).toEqual([0, Math.PI / 2]);
    expect([...one(ac, s('ii(v1)')).values]).toEqual([1, 0]);
    expect(one(ac, s('vr(a,b)')).values).toEqual(numbers(2, 0));
    expect(one(ac, s('vr(a)')).imaginary).toBeUndefined();
  });

  it('multiply and divide as complex numbers: (3 + 4i) / 1 and 2i / i', () => {
    const quotient = one(ac, div(s('v(a)'), s('v(b)')));
    expect(quotient.values).toEqual(numbers(3, 2));
    expect(quotient.imaginary).toEqual(numbers(4, 0));
    expect([...one(ac, call('abs', s('v(a)'))).values]).toEqual([5, 2]);
    const root = one(ac, call('sqrt', s('v(a)')));
    expect([root.values[0], root.imaginary?.[0]]).toEqual([2, 1]);
  });

  it('refuse a function that has no meaning for a phasor', () => {
    expect(() => one(ac, call('max', s('v(a)'), constant(0)))).toThrow(InputError);
    expect([...one(ac, call('max', s('vr(a)'), constant(1))).values]).toEqual([3, 1]);
  });

  it('refuse a signal that was not recorded, naming those that were', () => {
    expect(() => one(tran, s('v(nowhere)'))).toThrow(/v\(nowhere\)[\s\S]*v\(a\), v\(b\), i\(v1\)/);
  });

  it('need each base signal once', () => {
    const wanted = [s('vdb(a,b)'), add(s('v(a)'), s('i(v1)')), s('time'), s('v(c,0)')];
    expect(baseNames(wanted)).toEqual(['v(a)', 'v(b)', 'i(v1)', 'v(c)']);
  });
});
