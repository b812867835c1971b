import { describe, expect, it } from 'vitest';
import { LearningError } from '../../src/errors.js';
import { attempt } from '../../src/learn/attempt.js';
import { compare } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { surveyOf } from '../../src/lesson/survey.js';
import { parseDeck } from '../../src/netlist/parse.js';

/** A ladder of n resistors, with what is appended. */
const ladder = (n: number, cards: string): string => {
  const rungs = Array.from({ length: n }, (_, k) => `R${k} n${k} n${k + 1} 1k`);
  return ['ladder', 'V1 n0 0 1', ...rungs, `Rend n${n} 0 1k`, '.op', cards, '.end', ''].join('\n');
};

describe('a survey', () => {
  it('looks at a small deck without being asked', () => {
    expect(surveyOf(parseDeck(ladder(10, ''))).verdict?.symmetry).toBe('reciprocal');
  });

  it('looks at a large one only when there is something to learn', () => {
    expect(surveyOf(parseDeck(ladder(10_000, '')))).toEqual({ rules: [], doubts: [] });
    const asked = surveyOf(parseDeck(ladder(10_000, '.train R5\n.cost op v(n7) target=0.5')));
    expect(asked.verdict?.symmetry).toBe('reciprocal');
    expect(asked.rules.filter((r) => r.obstacle).map((r) => r.rule)).toEqual([]);
  }, 120_000);

  it('finds replay as far off as its steps make all parameters, not the first', () => {
    const cards =
      'V1 in 0 SIN(0 1 1k)\nR1 in a 100\nL1 a b 1m\nC1 b 0 1u\nR2 b 0 1k\n.tran 3u 1m\n.cost tran v(b) target=0';
    const off = (train: string) => {
      const deck = parseDeck(`filter\n${cards}\n.train ${train}\n`);
      const told = surveyOf(deck).rules.find(({ rule }) => rule === 'replay');
      const [found] = compare(problemOf(deck), ['replay']);
      expect(told?.fidelity?.relativeError).toBe(found.fidelity?.relativeError);
      return found.fidelity?.relativeError ?? 0;
    };
    expect(off('R1')).toBeGreaterThan(3 * off('R1 L1 C1'));
  });

  it('looks at a parameter that moves corners, wherever it stands: one behind which a jump comes is refused', () => {
    const cards =
      'V1 in 0 SIN(0 1 10k)\nR1 in a 50\nT1 a 0 b 0 Z0=50 TD=20u\nR2 b 0 75\nS1 b c in 0 sw\nC1 c 0 1n\nR3 c 0 1k\n' +
      '.model sw sw(vt=0.5 ron=10 roff=1meg)\n.tran 1u 200u\n.cost tran v(b) target=0';
    const refused = (train: string): unknown => {
      const found = attempt(() => surveyOf(parseDeck(`line\n${cards}\n${train}\n`)));
      return found instanceof LearningError ? found.obstacle.code : undefined;
    };
    expect(refused('.train R1')).toBeUndefined();
    expect(refused('.train R1 T1.td')).toBe('delayed-jump');
    expect(refused('.train R1\n.train T1.td')).toBe('delayed-jump');
  });
});
