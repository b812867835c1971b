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
