// Circuits thrown together at random: small signals and waveforms are those of ngspice wherever the operating points,
// for DC values and at t = 0, are stable (elsewhere either program may leave them for another solution).
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';
import { interpolate, ngspice } from '../support/ngspice.js';

const MODELS = [
  '.model dm0 d(is=1e-14 n=1.1 rs=1 cjo=10p tt=5n)',
  '.model dm1 d(is=1e-9 n=1.8 bv=4 ibv=1m cjo=5p m=0.4 vj=0.6)',
  '.model dm2 d(is=1e-12 bv=6 rs=2)',
];

/** A source, a resistor from every node to ground, and whatever else comes. */
function cards(seed: number): string[] {
  const random = createRandom(seed);
  const below = (n: number): number => Math.floor(n * random.uniform());
  const between = (a: number, b: number): string => (a + (b - a) * random.uniform()).toPrecision(4);
  const decades = (a: number, b: number): string => (10 ** (a + (b - a) * random.uniform())).toPrecision(4);
  const nodes = 4 + below(4);
  const any = (): string => ((k) => (k === 0 ? '0' : `n${k}`))(below(nodes));
  const source = [
    `sin(${between(-2, 2)} ${between(0.5, 5)} 10k)`,
    `pulse(${between(-2, 2)} ${between(-5, 5)} 10u 5u 7u 40u 100u)`,
    `exp(0 ${between(-5, 5)} 5u 20u 100u 30u)`,
  ][below(3)];
  const made = [`V1 n1 0 dc ${between(-5, 5)} ac 1 ${source}`];
  for (let k = 1; k < nodes; k++) made.push(`Rg${k} n${k} 0 ${decades(2.5, 5)}`);
  for (let k = 0; k < 2 * nodes; k++) {
    const a = any();
    let b = any();
    while (b === a) b = any();
    switch ('rrrccllddgeBk'[below(13)]) {
      case 'r':
        made.push(`R${k} ${a} ${b} ${decades(1, 5)}`);
        break;
      case 'c':
        made.push(`C${k} ${a} ${b} ${decades(-10, -7)}`);
        break;
      case 'l':
        made.push(`L${k} ${a} x${k} ${decades(-4, -2)}`, `Rl${k} x${k} ${b} ${decades(0, 2)}`);
        break;
      case 'd':
        made.push(`D${k} ${a} x${k} dm${below(3)}`, `Rd${k} x${k} ${b} ${decades(1, 3)}`);
        break;
      case 'g':
        made.push(`G${k} ${a} ${b} ${any()} ${any()} ${between(-1e-4, 1e-4)}`);
        break;
      case 'e':
        made.push(
          `E${k} x${k} ${b} ${any()} ${any()} ${between(-0.8, 0.8)}`,
          `Re${k} x${k} ${a} ${decades(2, 4)}`,
        );
        break;
      case 'B':
        made.push(`B${k} ${a} ${b} I=${between(0, 1e-3)}*tanh(v(n2)-v(n1))+${between(0, 1e-4)}*v(n3)`);
        break;
      case 'k':
        made.push(`La${k} ${a} y${k} ${decades(-4, -2)}`, `Ra${k} y${k} 0 10`);
        made.push(`Lb${k} ${b} z${k} ${decades(-4, -2)}`, `Rb${k} z${k} 0 10`);
        made.push(`K${k} La${k} Lb${k} ${between(-0.95, 0.95)}`);
        break;
    }
  }
  return [...made, ...MODELS, `.options temp=${[27, 60, -10][below(3)]} gmin=1e-12`];
}

const AC = '.ac dec 3 100 1meg';
const deckOf = (seed: number, ...more: string[]): string =>
  [`random circuit ${seed}`, ...cards(seed), ...more, '.end', ''].join('\n');

const seeds = Array.from({ length: 60 }, (_, k) => k + 1).filter((seed) => {
  const { warnings } = simulate(parseDeck(deckOf(seed, AC, '.tran 1n 1n')));
  return !warnings.some((w) => w.code === 'unstable-operating-point');
});

describe('random circuits', () => {
  it('are stable more often than not', () => {
    expect(seeds.length).toBeGreaterThan(30);
  });

  it.each(seeds)('number %i: small signals', async (seed) => {
    const theirs = await ngspice(deckOf(seed, AC));
    const [ours] = simulate(parseDeck(deckOf(seed, AC))).datasets;
    let compared = 0;
    for (const { name, values, imaginary } of ours.columns) {
      const [re, im] = [theirs.columns.get(name), theirs.imaginary.get(name)];
      if (!re || !im) continue;
      compared++;
      const size = Math.max(1e-6, ...re.map((x, k) => Math.hypot(x, im[k])));
      values.forEach((x, k) => {
        expect(Math.hypot(x - re[k], imaginary![k] - im[k]) / size, `${name} at point ${k}`).toBeLessThan(
          2e-3,
        );
      });
    }
    expect(compared).toBeGreaterThan(4);
  });

  it.each(seeds)('number %i: waveforms of all nodes', async (seed) => {
    const theirs = await ngspice(deckOf(seed, '.options reltol=1e-5', '.tran 0.5u 200u 0 0.05u'));
    const time = theirs.columns.get('time')!;
    const at = Array.from({ length: 200 }, (_, k) => 1e-6 * k + 0.33e-6);
    const text = deckOf(seed, '.options reltol=1e-6', '.tran 0.5u 200u');
    const { datasets, failure } = simulate(parseDeck(text), { at });
    expect(failure).toBeUndefined();
    for (const { name, values } of datasets[0].columns.filter((c) => c.name.startsWith('v('))) {
      const y = theirs.columns.get(name)!;
      const size = Math.max(1e-3, ...y.map(Math.abs));
      const square = values.reduce((sum, v, k) => sum + (v - interpolate(time, y, at[k])) ** 2, 0);
      expect(Math.sqrt(square / at.length) / size, name).toBeLessThan(5e-3);
    }
  });
});
