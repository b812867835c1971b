// What theory says of an error played back over time is within 30 % of what chips on the bench show; where it does not
// reach nothing is said.
import { describe, expect, it } from 'vitest';
import { type Bench, createBench } from '../../src/learn/hardware/bench.js';
import { methodNamed } from '../../src/learn/hardware/methods.js';
import { type Hardware, IDEAL, isRandom } from '../../src/learn/hardware/registry.js';
import { type Row, rowOf } from '../../src/learn/hardware/rows.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';

const LADDER = `R1 in a 1k
C1 a 0 100n
R2 a b 2k
C2 b 0 50n
R3 b 0 10k
.train R* C*
.tran 10u 2m`;
const DECKS = {
  'a ladder under a sine': `V1 in 0 sin(0 1 1k)\n${LADDER}\n.cost tran expr={(v(b)-0.2)**2}`,
  'a ladder under pulses, two rows': `V1 in 0 pulse(0 1 0.1037m 1n 1n 0.5131m 1.01m)\n${LADDER}
.data rows R3 y
+ 10k 0.2
+ 20k 0.4
.enddata
.cost tran v(b) target=y`.replace('.train R* C*', '.train R1 R2 C*'),
  'a resonator from given charges': `C1 a 0 1n ic=1
L1 a b 10u ic=2m
R1 b 0 30
C2 b 0 0.5n
R2 a 0 1k
.train C1 L1 R1 R2 C2
.tran 1n 1u uic
.cost tran expr={v(b)**2+100*i(L1)**2}`,
};
const FAULTS: readonly Partial<Hardware>[] = [
  {},
  { steps: 250 },
  { steps: 2000 },
  { gain: -0.3 },
  { gain: 0.05 },
  { gainspread: 0.1 },
  { offset: 0.3 },
  { copymismatch: 0.01 },
  { copymismatch: 0.05 },
  { copyoffset: 0.3 },
  { leak: 0.02 },
  { mismatch: 0.02, copymismatch: 0.03 },
  { read: 1e-4 },
  { read: 1e-2 },
  { read: 1e-2, reads: 100, gain: 0.1 },
];
const CHIPS = 40;

const said = (hardware: Partial<Hardware>): string =>
  Object.entries(hardware)
    .map(([name, level]) => `${name}=${level}`)
    .join(' ') || 'ideal';

const replay = methodNamed('replay');

const benchOf = (cards: string): Bench => createBench(problemOf(parseDeck(`t\n${cards}\n.end\n`)));

function measured(bench: Bench, fault: Partial<Hardware>): Row {
  const hardware = { ...IDEAL, ...fault };
  const outcomes = Array.from(
    { length: isRandom(hardware) ? CHIPS : 1 },
    (_chip, k) => bench.run([replay], hardware, 1, k)[0],
  );
  return rowOf(bench, replay, hardware, outcomes);
}

describe.each(Object.entries(DECKS))('on %s', (_, cards) => {
  const bench = benchOf(cards);

  it.each(FAULTS.map((fault) => [said(fault), fault] as const))('%s is predicted', (_name, fault) => {
    const { predicted, perturbed } = measured(bench, fault);
    expect(perturbed.relativeError / predicted).toBeGreaterThan(0.7);
    expect(perturbed.relativeError / predicted).toBeLessThan(1.3);
  });

  it('nothing is predicted of faults without a law, nor of other rules', () => {
    const predicted = (rule: string, fault: Partial<Hardware>): number =>
      bench.predictor.relativeError(methodNamed(rule), { ...IDEAL, ...fault }, bench.beta);
    for (const fault of [{ adc: 10 }, { dac: 4 }, { drift: 1e-3 }, { dead: 0.1 }, { wire: 1 }, { steps: 20 }])
      expect(predicted('replay', fault)).toBeNaN();
    for (const rule of ['adjoint', 'differences']) expect(predicted(rule, {})).toBeNaN();
    expect(predicted('replay', { mismatch: 0.8 })).toBeNaN();
  });
});

describe('costs at rest beside those over time', () => {
  const ladder = `V1 in 0 dc 1 sin(1 1 1k)\n${LADDER.replace('R* C*', 'R*')}\n.cost tran expr={(v(b)-0.2)**2}`;
  const both = benchOf(`${ladder}\n.cost op v(b) target=0.7 weight=0.05`);

  it.each<Partial<Hardware>>([
    {},
    { steps: 250 },
    { copymismatch: 0.03 },
    { copyoffset: 0.3 },
    { mismatch: 0.02, copymismatch: 0.03 },
  ])('add to the gradient, and nothing to the error, of what replay feels over time alone: %j', (fault) => {
    const { predicted, perturbed } = measured(both, fault);
    expect(perturbed.relativeError / predicted).toBeGreaterThan(0.7);
    expect(perturbed.relativeError / predicted).toBeLessThan(1.3);
  });

  it('so that the same absolute error is another share of the sum', () => {
    const [share, alone] = [both, benchOf(ladder)].map((bench) =>
      bench.predictor.relativeError(replay, { ...IDEAL, steps: 500 }, Number.NaN),
    );
    expect(Math.abs(share / alone - 1)).toBeGreaterThan(0.1);
  });

  it.each<Partial<Hardware>>([{ read: 1e-3 }, { gain: 0.1 }, { offset: 0.1 }, { leak: 0.01 }, { free: 3 }])(
    'leave nothing to be predicted of what it feels at rest as well, for which there is no law: %j',
    (fault) => {
      expect(both.predictor.relativeError(replay, { ...IDEAL, ...fault }, both.beta)).toBeNaN();
    },
  );
});
