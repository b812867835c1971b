// A law without a value stops Newton: the message names the device and where, and no other at the same node.
import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';

const report = (cards: string) => {
  const { failure } = simulate(parseDeck(`t\n${cards}\n.op\n.end\n`));
  return { message: failure?.message.replace(/; tried.*/, ''), ...failure?.report };
};
const rest = 'R1 out 0 1k\nI1 0 out 1m\nD1 out 0 d\n.model d d\n';

describe('no operating point', () => {
  it('for a root of a negative number: the device is named, not the diode and the resistor beside it', () => {
    expect(report(`${rest}B1 out 0 I={sqrt(-1-v(out)**2)}`)).toMatchObject({
      code: 'not-finite',
      devices: ['b1'],
      unknowns: ['v(out)'],
      message: 'no operating point found: the law of b1 is not a number at v(out) = 0',
    });
  });

  it('the second of several alike is named, with all that its law speaks of', () => {
    const { devices, message } = report(
      `${rest}V2 c 0 2\nR2 c 0 1\nB1 out 0 I={sqrt(v(c)-v(out))/1k}\nB2 out 0 I={sqrt(v(out)-v(c)-9)/1k}`,
    );
    expect(devices).toEqual(['b2']);
    expect(message).toBe('no operating point found: the law of b2 is not a number at v(out) = 0, v(c) = 2');
  });

  it('without a law to blame the worst unknown is named, as ever', () => {
    expect(report('R1 a 0 1MEG\nI1 0 a 1\nB1 a 0 I=-V(a)**2\n.options itl1=20')).toMatchObject({
      code: 'no-operating-point',
      unknowns: ['v(a)'],
    });
  });
});

describe('no way on in time', () => {
  const march = (cards: string) => simulate(parseDeck(`t\n${cards}\n.end\n`)).failure;
  const methods = ['bdf', 'trap', 'trbdf2', 'odex'];

  it.each(methods)('past the zero of a logarithm that a source drives through it: %s', (method) => {
    // v(in) falls from 1 V to −1 V between 0.5 ms and 0.500001 ms.
    const failure = march(`
      V1 in 0 PULSE(1 -1 0.5m 1n 1n 1m 5m)
      R1 in a 1k
      B1 0 a I={1m*ln(v(in))}
      C1 a 0 0.01u
      .tran 10u 2m
      .options method=${method}`);
    expect(failure?.report).toMatchObject({ code: 'not-finite', devices: ['b1'], unknowns: ['v(in)'] });
    expect(Number(failure?.report.time)).toBeCloseTo(0.5000005e-3, 14);
    expect(failure?.message).toMatch(
      /^no solution beyond t = 0\.00050000\d+ s: the law of b1 is not a number at v\(in\) = -\d\.\d+e-\d+$/,
    );
    expect(failure?.report.hint).toMatch(/^keep its roots, logarithms .* sqrt\(max\(v\(out\),1u\)\)$/);
  });

  it.each(methods.slice(0, 3))('past the discharge of a charge that is a root: %s', (method) => {
    const failure = march(`
      V1 in 0 SIN(0.5 1 1k)
      R1 in a 1k
      C1 a 0 Q={1n*sqrt(x)}
      .tran 10u 2m
      .options method=${method}`);
    expect(failure?.report).toMatchObject({ code: 'not-finite', devices: ['c1'], unknowns: ['v(a)'] });
    // The source is below 0 from there on: 0.5 + sin(2π·1 kHz·t) = 0 at 7/12 ms.
    const { time } = failure?.report ?? {};
    expect(time).toBeGreaterThan(7e-3 / 12);
    expect(time).toBeLessThan(6e-4);
  });

  it('from where uic begins: .ic is the way out', () => {
    const cards = `
      V1 in 0 1
      R1 in a 1k
      C1 a 0 1u
      B1 b 0 V={ln(v(a))}
      R2 b 0 1k
      .tran 10u 2m uic`;
    const failure = march(cards);
    expect(failure?.message).toBe('no solution beyond t = 0 s: the law of b1 is infinite at v(a) = 0');
    expect(failure?.report.hint).toMatch(/with \.ic$/);
    expect(march(`${cards}\n.ic v(a)=0.1`)).toBeUndefined();
  });

  it('beyond the largest number that a growing voltage reaches: what grows is named', () => {
    // e^(t/10 ns) from 1 V on.
    const failure = march(`
      C1 a 0 1p ic=1
      G1 0 a a 0 0.1m
      .tran 10u 100u uic`);
    expect(failure?.report.hint).toMatch(/^v\(a\) has grown without bound: look for a gain above 1/);
  });

  it('where every law has a value the worst unknown is named: v³ grows without bound in ½ ms', () => {
    const failure = march('C1 a 0 1u ic=1\nB1 0 a I={1m*v(a)^3}\n.tran 10u 2m uic');
    expect(failure?.report).toMatchObject({ code: 'step-too-small', unknowns: ['v(a)'] });
    expect(Number(failure?.report.time)).toBeCloseTo(0.5e-3, 4);
  });
});
