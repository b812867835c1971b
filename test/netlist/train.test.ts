import { describe, expect, it } from 'vitest';
import { findTrainable, matches } from '../../src/circuit/trainable.js';
import { simulate } from '../../src/study/simulate.js';
import { deck, errors, located } from './support.js';

const circuit = `v1 in 0 dc 1 sin(0 1 1k)
r1 in out 1k tc1=1m
rsyn1 out 0 2k
rsyn2 out 0 {q}
n1 out w cell
.subckt leaf a
r2 a b 3k
d1 b 0 dm
.ends
x1 out leaf
x2 out leaf
e1 e 0 out 0 3
b1 out 0 i=v(out)**3
.param q=2k
.model cell fhn(i=0.1)
.model dm d(is=1n)
`;
const lines = circuit.split('\n').length - 1;
const named = (card: string): string[] => deck(circuit + card).trains[0].parameters.map((p) => p.name);
/** Errors of lines that follow the circuit. */
const wrong = (card: string): string[] =>
  located(circuit + card).map((e) => e.replace(/ (\d+):/, (_, line) => ` ${Number(line) - lines}:`));
const hint = (card: string): string | undefined => errors(circuit + card)[0].hint;

describe('.train', () => {
  it.each([
    ['R1', ['r1.r']],
    ['r1.r', ['r1.r']],
    ['R1.tc1', ['r1.tc1']],
    ['rsyn*', ['rsyn1.r', 'rsyn2.r']],
    ['rsyn?', ['rsyn1.r', 'rsyn2.r']],
    ['r1 rsyn1', ['r1.r', 'rsyn1.r']],
    ['r1, rsyn1', ['r1.r', 'rsyn1.r']],
    ['r1 r1.r r?', ['r1.r']],
    ['x1.r2', ['x1.r2.r']],
    ['x1.r2.r', ['x1.r2.r']],
    ['r.x1.r2', ['x1.r2.r']],
    ['x?.r2', ['x1.r2.r', 'x2.r2.r']],
    ['x1.*', ['x1.r2.r', 'x1.d1.area']],
    ['*.d1.is', ['x1.d1.is', 'x2.d1.is']],
    ['N1.i', ['n1.i']],
    ['n1.ibias', ['n1.ibias']],
    ['n1.g*', ['n1.g', 'n1.gamma', 'n1.gm']],
    ['v1 e1', ['v1.dc', 'e1.gain']],
    ['v1.freq', ['v1.freq']],
  ])('%s marks %j', (words, names) => {
    expect(named(`.train ${words}`)).toEqual(names);
  });

  it('keeps every parameter once, with what the device calls it, where it begins and how far it may go', () => {
    const [{ parameters, min, max, log, written }] = deck(
      `${circuit}.train N1.i Rsyn2 min={q/2} max=1MEG log`,
    ).trains;
    expect(parameters.map(({ element, parameter }) => `${element} ${parameter}`)).toEqual([
      'n1 ibias',
      'rsyn2 r',
    ]);
    expect(parameters[0]).toMatchObject({ value: 0.1, unit: 'A', min: -Infinity, max: Infinity });
    expect(parameters[1]).toMatchObject({ value: { op: 'sym', name: 'q' }, unit: 'Ω' });
    expect([min, max, log, written]).toEqual([
      expect.objectContaining({ op: expect.any(String) }),
      1e6,
      true,
      'n1.i rsyn2',
    ]);
  });

  it('changes nothing of a run', () => {
    const voltage = (cards: string) =>
      simulate(deck(`${circuit}.op\n${cards}`)).datasets[0].columns.map((c) => c.values[0]);
    expect(voltage('.train r* log\n.cost op v(out) target=0.3')).toEqual(voltage(''));
  });

  it.each([
    ['.train', 'missing-name 1:7 "\n"'],
    ['.train min=1', 'missing-name 1:13 "\n"'],
    ['.train r9', 'unknown-element 1:8 "r9"'],
    ['.param k=1\n.train k', 'not-trainable 2:8 "k"'],
    ['.train rsny1 r1', 'unknown-element 1:8 "rsny1"'],
    ['.train q*', 'unknown-element 1:8 "q*"'],
    ['.train x3.r2', 'unknown-element 1:8 "x3.r2"'],
    ['.train r1.x', 'unknown-parameter 1:8 "r1.x"'],
    ['.train r1.q*', 'unknown-parameter 1:8 "r1.q*"'],
    ['.train r1.m', 'not-trainable 1:8 "r1.m"'],
    ['.train b1', 'not-trainable 1:8 "b1"'],
    ['.train b1.i', 'unknown-parameter 1:8 "b1.i"'],
    ['.train n1', 'not-trainable 1:8 "n1"'],
    ['.train n1.ip', 'no-value 1:8 "n1.ip"'],
    ['.train r1 min=2 max=1', 'out-of-bounds 1:21 "1"'],
    ['.train r1 min=1 min=2', 'duplicate-parameter 1:17 "min"'],
    ['.train r1 mni=1', 'unknown-parameter 1:11 "mni"'],
    ['.train r1 min={z}', 'unknown-name 1:16 "z"'],
    ['.train r1 (r2)', 'unexpected-character 1:11 "(r2)"'],
    ['.train r1\n.train r* log', 'duplicate-train 2:8 "r*"'],
    ['.subckt s a\n.train r1\n.ends', 'misplaced-command 2:1 ".train"'],
  ])('%j is refused: %s', (card, expected) => {
    expect(wrong(card)[0].replace(/ "( |)"$/, ' "\n"')).toBe(expected);
  });

  it('says what would have worked', () => {
    expect(hint('.train rsny1')).toBe('did you mean "rsyn1"?');
    expect(hint('.train x3.r2')).toBe('did you mean "x1.r2"?');
    expect(hint('.train x1')).toMatch(/^x1 is a subcircuit: write x1\.\w+, or x1\.\* for all of it$/);
    expect(hint('.train d1')).toBe('inside a subcircuit it is x1.d1, and *.d1 wherever it is');
    expect(hint('.train r1.x')).toMatch(/^what can be trained: r1\.r, r1\.tc1, r1\.tc2/);
    expect(hint('.train n1')).toMatch(/n1\.c, n1\.g, .*n1\.ibias/);
    expect(hint('v5 a 0 sin(0 1 1k)\n.train v5.phase')).toBe(
      'write it in its place, sin(vo va freq td theta phase)',
    );
    expect(hint('.train r1 mni=1')).toBe('did you mean "min"?');
  });
});

describe('patterns', () => {
  it.each([
    ['*', '', true],
    ['*', 'r1', true],
    ['r*', 'x1.r1', false],
    ['*r1', 'x1.r1', true],
    ['r?', 'r', false],
    ['r?', 'r12', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxbyy', false],
    ['r.', 'r1', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('of thousands of stars end', () => {
    expect(matches(`${'*a'.repeat(3000)}b`, 'a'.repeat(6000))).toBe(false);
  });

  it('keep to the order of the circuit', () => {
    const { circuit: flat } = deck(circuit);
    const population = {
      elements: new Map(flat.elements.map((e) => [e.name, e])),
      models: flat.models,
      kind: () => {
        throw new Error('nothing is called like that');
      },
    };
    expect(findTrainable('zz*', population)).toMatchObject({ code: 'unknown-element' });
  });
});
