// Switches that the state throws: the instants at which they flip follow from parameters as the state does.
import { describe, expect, test } from 'vitest';
import { circuits } from './moving-circuits.js';
import { gradientBy, problemOfDeck } from './over-time.js';

describe('an instant that is not differentiated is said', () => {
  const named = (deck: string, rule = 'adjoint'): readonly string[] | undefined =>
    gradientBy(rule, problemOfDeck(deck)).validity.frozenInstants;

  test.each(['adjoint', 'direct', 'differences'])('by %s, with the switch that the state flips', (rule) => {
    const deck = `
      V1 in 0 1
      R1 in out 1k
      C1 out 0 1u ic=0
      S1 out g out 0 sw
      Rg g 0 100
      .model sw sw(vt=0.5 vh=0.2 ron=1 roff=1g)
      .tran 10u 3m uic
      .train R1 C1 Rg
      .cost tran expr={v(out)}`;
    expect(named(deck, rule)).toEqual(['s1']);
  });

  const driven = (train: string) =>
    circuits['a switch that opens and closes'].replace(/\.train .*/, `.train ${train}`);
  test('nothing is said of a switch that a source throws', () => {
    expect(named(driven('R* C1 V1'))).toBeUndefined();
  });
  test('unless the source is trained', () => {
    expect(named(driven('R1 Vc.v2'))).toEqual(['s1']);
  });
});
