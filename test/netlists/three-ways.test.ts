// One gradient by every rule, and by a simulator that knows nothing of gradients.
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeDeck } from '../../src/netlist/write.js';
import { ngspice } from '../support/ngspice.js';
import { deckText } from './run.js';

const problem = problemOf(parseDeck(deckText('three-ways')));
const answers = compare(problem);
const exact = answers.find((a) => a.rule === 'adjoint')!.estimate!;

describe('three ways to one gradient', () => {
  it.each(answers.filter((a) => a.rule !== 'replay').map((a) => [a.rule, a] as const))(
    '%s agrees with the adjoint',
    (_, { obstacle, fidelity }) => {
      expect(obstacle).toBeUndefined();
      expect(fidelity?.relativeError).toBeLessThan(2e-6);
      expect(fidelity?.signAgreement).toBe(1);
    },
  );

  it('replay refuses: the circuit is not linear', () => {
    expect(answers.find((a) => a.rule === 'replay')?.obstacle?.message).toMatch(/linear/);
  });

  it('is what central differences of ngspice’s operating point say', async () => {
    const cards = ['.options reltol=1e-10 abstol=1e-16 vntol=1e-13 gmin=1e-18', '.op'];
    const cost = async (line: string, other: string): Promise<number> => {
      const text = deckText('three-ways').replace(line, other);
      expect(text).toContain(other);
      const { columns } = await ngspice(writeDeck(parseDeck(text).circuit, { cards }));
      return (5.343406e-3 * (columns.get('v(out)')![0] - 0.3) ** 2) / 2;
    };
    for (const [name, line, value] of [
      ['r1.r', 'R1 a h 220', 220],
      ['r3.r', 'R3 h out 330', 330],
      ['d2.area', 'D2 out 0 junction', 1],
    ] as const) {
      const at = (v: number): string =>
        name === 'd2.area' ? `${line} ${v}` : line.replace(/\d+$/, String(v));
      const h = 1e-2 * value;
      const slope = ((await cost(line, at(value + h))) - (await cost(line, at(value - h)))) / (2 * h);
      const k = problem.parameters.findIndex((p) => p.name === name);
      expect(Math.abs(slope / exact.gradient[k] - 1), name).toBeLessThan(1e-3);
    }
  });
});
