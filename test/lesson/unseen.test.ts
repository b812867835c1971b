// A gradient that is exactly 0 by the structure of the circuit is said to be; one that only happens to be 0 is not.
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { unseen } from '../../src/lesson/unseen.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { everyDevice, reciprocalNetwork } from '../learn/circuits.js';

const pose = (cards: string) => problemOf(parseDeck(`t\n${cards}\n.end\n`));
/** Message and line of every warning. */
const said = (cards: string): string[] =>
  unseen(pose(cards)).map(({ message, span }) => `${span?.line}: ${message}`);

const low = 'V1 in 0 SIN(0 1 1k)\nR1 in out 1k\nC1 out 0 1u ic=0\nL1 out x 1m\nR2 x 0 1k\n';
const other = 'V2 b 0 1\nR3 b c 1k\nR4 c 0 1k\nR5 in 0 1k\n';

describe('at an operating point', () => {
  it('what stores energy, and what a waveform says beside a DC value, has a gradient of 0', () => {
    expect(
      said(
        `${low.replace('SIN', '0 SIN')}.train R1 C1 L1 C1.ic\n.train V1.freq V1.acmag V1.dc\n.cost op v(out) target=1`,
      ),
    ).toEqual([
      '7: the gradient by c1.c, l1.l, c1.ic is exactly 0: at an operating point nothing moves, and every cost is at one',
      '8: the gradient by v1.freq is exactly 0: at an operating point nothing moves, and every cost is at one',
      '8: the gradient by v1.acmag is exactly 0: an AC run alone would feel it',
    ]);
  });

  it('what no cost can see has a gradient of 0: a circuit beside, an element across a source', () => {
    expect(said(`${low}${other}.train R* V2.dc\n.cost op v(out) target=1`)).toEqual([
      '11: the gradient by r3.r, r4.r, r5.r, v2.dc is exactly 0: nothing connects it with what the costs read',
    ]);
    expect(said(`${low}${other}.train R*\n.cost op expr={v(out)*v(c)+i(r5)}`)).toEqual([]);
    expect(said(`${low}${other}.train R3 R5\n.cost op expr={i(v1)}`)).toEqual([
      '11: the gradient by r3.r is exactly 0: nothing connects it with what the costs read',
    ]);
  });

  it('the adjoint agrees: it is 0 where something is said, and nowhere else', () => {
    const cards = `${low}${other}.train R* C1 L1 V1.dc V1.freq V2.dc\n.cost op expr={v(out)+v(x)**2}`;
    const problem = pose(cards.replace('SIN(0 1 1k)', '1 SIN(0 1 1k)'));
    const { gradient } = estimate(problem, 'adjoint');
    const zeros = problem.parameters.flatMap(({ name }, k) => (gradient[k] === 0 ? [name] : []));
    const named = unseen(problem).flatMap(({ message }) => message.match(/[a-z]\d\.[a-z]+/g) ?? []);
    expect(named.sort()).toEqual(zeros.sort());
  });
});

describe('over time', () => {
  it('what moves is seen; what stands beside is not', () => {
    expect(said(`${low}${other}.tran 1u 1m\n.train R1 R3 C1 L1 V1.freq\n.cost tran v(out) target=1`)).toEqual(
      ['12: the gradient by r3.r is exactly 0: nothing connects it with what the costs read'],
    );
  });
});

describe('the DC value of a source with a waveform', () => {
  const tran = '.tran 1u 1m\n.cost tran v(out) target=1\n';
  const hints = (cards: string) => unseen(pose(cards)).map(({ hint }) => hint);

  it('says nothing over time: neither the run nor where it begins reads it', () => {
    const cards = `${low}.train V1 V1.va R1\n${tran}`;
    expect(said(cards)).toEqual([
      '7: the gradient by v1.dc is exactly 0: its waveform stands in its place over time, and every cost is over time',
    ]);
    expect(hints(cards)).toEqual(['train v1.vo or v1.va, write .cost op, or leave it out of .train']);
    const { gradient } = estimate(pose(cards), 'adjoint');
    expect([...gradient].map((g) => g === 0)).toEqual([true, false, false]);
  });

  it('gives way to what is written in the waveform: the points of a line, not its defaults', () => {
    expect(hints(`${low.replace('SIN(0 1 1k)', 'PWL(0 0 1m 1)')}.train V1\n${tran}`)).toEqual([
      'train v1.v1 or v1.v2, write .cost op, or leave it out of .train',
    ]);
  });

  it('is read by a cost at rest beside, by a small signal around it, and where no waveform is', () => {
    expect(said(`${low}.train V1\n${tran}.cost op v(out) target=1`)).toEqual([]);
    const bent = 'V1 in 0 1 AC 1 SIN(0 1 1k)\nR1 in out 1k\nB1 out 0 I=V(out)**3\n.train V1\n';
    const response = `${bent}.ac lin 1 1k 1k\n.cost ac vm(out) target=1`;
    expect(said(response)).toEqual([]);
    expect(estimate(pose(response), 'adjoint').gradient[0]).not.toBe(0);
    expect(said(`${low.replace('SIN(0 1 1k)', '1')}.train V1\n${tran}`)).toEqual([]);
  });
});

describe('nothing is said', () => {
  it('where the gradient is 0 because the target is met, or a rectifier is closed', () => {
    expect(said('V1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.train R*\n.cost op v(b) target=0.5')).toEqual([]);
    const closed =
      'V1 a 0 -1\nR1 a b 1k\nR2 b 0 1k\nB1 c 0 I=-max(V(b),0)\nR3 c 0 1k\n.train R*\n.cost op v(c) target=1';
    expect([...estimate(pose(closed), 'adjoint').gradient].slice(0, 2)).toEqual([0, 0]);
    expect(said(closed)).toEqual([]);
  });

  it('of a resistance behind a line, of one behind an open switch', () => {
    expect(
      said('V1 a 0 1\nR1 a b 50\nT1 b 0 c 0 z0=50 td=1n\nR2 c 0 75\n.train R* V1\n.cost op v(c) target=0'),
    ).toEqual([]);
    expect(
      said(
        'V1 a 0 1\nR1 a b 50\nS1 b c k 0 sw off\nV2 k 0 0\nR2 c 0 75\nR3 c 0 1k\n.model sw sw vt=0.5\n.train R* sw.ron\n.cost op v(c) target=0'.replace(
          ' sw.ron',
          ' S1.ron',
        ),
      ),
    ).toEqual([]);
  });

  it.each(Object.entries({ reciprocalNetwork, ...everyDevice }))(
    'that the adjoint denies: %s',
    (_, cards) => {
      const held = [...cards.matchAll(/^v\d+ (\w+)/gm)].map(([, node]) => node);
      const nodes = [...cards.matchAll(/^r\d+ (\w+) (\w+)/gm)].flatMap(([, a, b]) => [a, b]);
      const out = nodes.find((node) => node !== '0' && !held.includes(node));
      const problem = pose(`${cards}\n.train r*\n.cost op v(${out}) target=0.1`);
      const { gradient } = estimate(problem, 'adjoint');
      const named = unseen(problem).flatMap(({ message }) => message.match(/r\d+\.r/g) ?? []);
      for (const name of named)
        expect(gradient[problem.parameters.findIndex((p) => p.name === name)]).toBe(0);
      expect(named.length).toBeLessThan(problem.parameters.length);
    },
  );
});
