// The nonlinear part in two: what a kernel adds and what is left are together what the loops add.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random.js';
import { createArena } from '../../src/math/vectors.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { study } from '../../src/study/study.js';

const systemOf = (cards: readonly string[]) =>
  study(parseDeck(['* laws in numbers', ...cards, '.tran 1 2', '.end'].join('\n'))).compiled.bind({});

const many = (count: number, card: (k: number) => string): string[] =>
  Array.from({ length: count }, (_, k) => card(k + 1));

const nodes = (count: number): string[] => many(count, (k) => `R${k} n${k} 0 1k\nC${k} n${k} 0 1u`);

describe.each<[string, string[], number]>([
  [
    'polynomials with numbers of their own',
    many(20, (k) => `B${k} n${k} 0 I=${k}m*V(n${k})*V(n${k})-V(n${k})/3`),
    1,
  ],
  ['powers between two nodes', many(19, (k) => `B${k} n${k} n${k + 1} I=1m*(V(n${k})-V(n${k + 1}))**3`), 1],
  ['exponentials that meet in one node', many(70, (k) => `B${k} n${(k % 5) + 1} 0 I=1n*exp(V(n${k})*5)`), 1],
  ['FitzHugh-Nagumo cells', many(16, (k) => `B${k} n${k} 0 I=V(n${k})*V(n${k})*V(n${k})/3-V(n${k})*time`), 1],
  ['tunnel diodes', [...many(30, (k) => `D${k} n${k} 0 esaki`), '.model esaki tunnel'], 1],
  [
    'a law for the kernel beside one that it does not know',
    [
      ...many(30, (k) => `B${k} n${k} 0 I=V(n${k})*V(n${k})`),
      ...many(30, (k) => `Bs${k} n${k} 0 I=sin(V(n${k}))`),
    ],
    1,
  ],
  ['a law that the kernel does not know', many(30, (k) => `B${k} n${k} 0 I=sin(V(n${k}))`), 0],
  ['an odd number', many(17, (k) => `B${k} n${k} 0 I=V(n${k})*V(n${k})`), 1],
  ['too few of a kind', many(15, (k) => `B${k} n${k} 0 I=V(n${k})*V(n${k})`), 0],
  ['laws with charge', [...many(30, (k) => `D${k} n${k} 0 d`), '.model d d cjo=1p'], 0],
])('%s', (_, cards, expected) => {
  const system = systemOf([...cards, ...nodes(71)]);
  const { parts } = system.addNonlinear;

  it(`${expected === 0 ? 'stay' : 'become straight lines'}`, () => {
    expect(parts?.straight.length ?? 0).toBe(expected);
  });

  it.runIf(expected > 0)('add what the loops add', () => {
    const { n, size, charges, linearRows } = system;
    const arena = createArena(n, size + charges, 3, 1, linearRows, undefined, parts!.straight);
    const [x, f] = [arena.vector(), arena.vector()];
    const random = createRandom(9);
    for (let i = 0; i < size - 2; i++) x[i] = 0.4 * random.normal();
    x[size - 2] = 1;
    const whole = new Float64Array(size);
    const q = new Float64Array(charges);
    system.addNonlinear(x, 0.3, whole, q);
    arena.addStraight(x, 0.3, f);
    parts!.rest(x, 0.3, f, q);
    for (let i = 0; i < n; i++)
      expect(Math.abs(f[i] - whole[i])).toBeLessThan(1e-14 * (1 + Math.abs(whole[i])));
  });
});

it('what flows to ground is added up by nobody', () => {
  const across = (to: string) =>
    systemOf([...many(20, (k) => `B${k} n${k} ${to} I=V(n${k})^2`), ...nodes(20)]);
  const writes = (to: string) => across(to).addNonlinear.parts?.straight[0].writes.length;
  expect(writes('0')).toBe(1);
  expect(writes('n0')).toBe(2);
});

it('a system that adds something else has no parts', () => {
  const system = systemOf([...many(20, (k) => `B${k} n${k} 0 I=V(n${k})*V(n${k})`), ...nodes(20)]);
  const other = {
    ...system,
    addNonlinear: ((...all) => system.addNonlinear(...all)) as typeof system.addNonlinear,
  };
  expect(system.addNonlinear.parts).toBeDefined();
  expect(other.addNonlinear.parts).toBeUndefined();
});
