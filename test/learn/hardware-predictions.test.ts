// Every prediction that is made of what hardware does to a gradient is within 30 % of what chips on the bench show; where
// the theory does not reach none is made.
import { describe, expect, it } from 'vitest';
import { createBench } from '../../src/learn/hardware/bench.js';
import { methodNamed } from '../../src/learn/hardware/methods.js';
import { type Hardware, IDEAL, isRandom } from '../../src/learn/hardware/registry.js';
import { rowOf } from '../../src/learn/hardware/rows.js';
import { problemOf } from '../../src/lesson/deck.js';
import { withWires } from '../../src/lesson/wires.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { DIODES } from './decks.js';

const DECKS = {
  'a diode and resistors': DIODES,
  'a layered circuit, S = 1, 1/16': `V1 in 0 0.1
R0 in n0 1k
Rg0 n0 0 2k
E0 m0 0 n0 0 4
B0 n0 0 i={-0.25*i(E0)}
R1 m0 n1 1k
RL n1 0 3k
C1 n1 0 1n
C0 n0 0 1n
.train R*
.cost op v(n1) target=0.5`,
  'an amplifier that works one way': `V1 in 0 0.5
R1 in a 1k
R2 a 0 2k
D1 a 0 dd
E1 b 0 a 0 2
R3 b out 1k
R4 out 0 3k
C1 a 0 1u
C2 out 0 1u
.model dd D(is=1u n=1)
.train R*
.cost op v(out) target=0.3`,
  'two hidden nodes and two outputs': `V1 a 0 1
V2 b 0 -0.5
R1 a h1 1k
R2 b h1 2k
R3 a h2 3k
R4 b h2 1k
R5 h1 o1 1k
R6 h2 o1 2k
R7 h1 o2 2k
R8 h2 o2 1k
R9 o1 0 5k
R10 o2 0 5k
D1 h1 0 dd
D2 0 h2 dd
C1 h1 0 1u
C2 h2 0 1u
C3 o1 0 1u
C4 o2 0 1u
.model dd D(is=1u n=2)
.train R*
.cost op v(o1) target=0.1
.cost op v(o2) target=-0.05`,
};
const RULES = [
  'equilibrium',
  'equilibrium:one-sided',
  'equilibrium:holomorphic',
  'asymmetric',
  'asymmetric:one-sided',
  'stress',
].map(methodNamed);
const FAULTS: readonly Partial<Hardware>[] = [
  {},
  ...[-0.3, 0.05, 0.5].map((gain) => ({ gain })),
  { gainspread: 0.1 },
  { offset: 0.02 },
  ...[2, 4, 8].map((dac) => ({ dac })),
  ...[4, 8, 12].map((adc) => ({ adc })),
  { adc: 8, read: 10e-3 },
  { adc: 8, read: 1e-3 },
  ...[1e-5, 1e-3].map((read) => ({ read })),
  ...[0.05, 0.3].map((mismatch) => ({ mismatch })),
  { granularity: 0.1 },
  { stuck: 0.2 },
  { dead: 0.2 },
  ...[0.01, 0.1, 0.3].map((leak) => ({ leak })),
  ...[1e-3, 1].map((wire) => ({ wire })),
  { copymismatch: 0.05 },
  { copyoffset: 0.05 },
  { free: 6, nudged: 3 },
  { nudged: 1 },
];
/** In units of the nudge that moves a node by 10 mV. */
const NUDGES = [0.1, 1, 6];
const CHIPS = 25;
/** Below this an error is rounding. */
const FLOOR = 3e-7;
const LEAST = 0.4;

const said = (hardware: Partial<Hardware>): string =>
  Object.entries(hardware)
    .map(([name, level]) => `${name}=${level}`)
    .join(' ') || 'ideal';

describe.each(Object.entries(DECKS))('on %s', (_, cards) => {
  const deck = parseDeck(`t\n${cards}\n.end\n`);
  let wired: ReturnType<typeof problemOf> | undefined;
  const bench = createBench(problemOf(deck), () => (wired ??= problemOf(withWires(deck))));
  const rowsAt = (fault: Partial<Hardware>, strength: number) => {
    const hardware = { ...IDEAL, ...fault, beta: strength * bench.beta };
    const predicted = RULES.map((rule) => bench.predictor.relativeError(rule, hardware, hardware.beta));
    const rules = RULES.filter((_rule, r) => !Number.isNaN(predicted[r]));
    const chips = Array.from({ length: isRandom(hardware) && rules.length > 0 ? CHIPS : 1 }, (_chip, k) =>
      bench.run(rules, hardware, 1, k),
    );
    return rules.map((rule, r) =>
      rowOf(
        bench,
        rule,
        hardware,
        chips.map((outcomes) => outcomes[r]),
      ),
    );
  };

  it('every prediction is met within 30 %, and many of all that could be made are', () => {
    const wrong: string[] = [];
    let made = 0;
    for (const fault of FAULTS)
      for (const strength of NUDGES)
        for (const { rule, perturbed, predicted, samples } of rowsAt(fault, strength)) {
          made++;
          const { relativeError: measured, uncertainty } = perturbed;
          const apart = Math.abs(measured - predicted) - 2 * uncertainty;
          if (samples > 0 && apart <= Math.max(0.3 * predicted, FLOOR)) continue;
          wrong.push(
            `${rule}, ${said(fault)}, β × ${strength}: ${measured} ± ${uncertainty}, not ${predicted}`,
          );
        }
    expect(wrong).toEqual([]);
    expect(made / (FAULTS.length * NUDGES.length * RULES.length)).toBeGreaterThan(LEAST);
  });
});
