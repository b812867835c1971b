// One run of many: what it gives depends on its task alone; where its time goes adds up.
import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { createProfile, PHASES } from '../../src/study/profile.js';
import { gather, simulate } from '../../src/study/simulate.js';
import { type Outcome, study } from '../../src/study/study.js';

const rectifier = parseDeck(
  `rectifier and two diode cells
.param r=1k
V1 in 0 SIN(0 5 1k) AC 1
D1 in a dm
R1 a out {r}
C1 out 0 1u
R2 out 0 10k
X1 out p q cell
X2 p s t cell
.subckt cell a b c
R1 a b {r}
R2 b c {2*r}
C1 c 0 10n
D1 b 0 dm
R3 c 0 1
.ends
.model dm D(is=1e-14 rs=1)
.tran 10u 1m
.ac dec 3 1 1meg
.dc V1 0 1 0.25
.step param r list 1k 1m 1meg 2k 1
.meas tran top max v(out)
.end
`,
  { file: 'rectifier.cir' },
);

const bits = (o: Outcome): unknown => ({
  measures: o.measures.map((m) => m.value),
  numbers: o.datasets.flatMap((d) =>
    [...(d.axis ? [d.axis] : []), ...d.columns].map((c) => [c.name, [...c.values], [...(c.imaginary ?? [])]]),
  ),
});

describe('a run', () => {
  it('does not depend, to the last bit, on the runs before it', () => {
    const forward = study(rectifier);
    const backward = study(rectifier);
    const there = forward.tasks.map((task) => forward.run(task));
    const back = backward.tasks
      .toReversed()
      .map((task) => backward.run(task))
      .toReversed();
    expect(there.length).toBe(15);
    there.forEach((outcome, k) => {
      expect(bits(back[k])).toEqual(bits(outcome));
    });
  });

  it('gives the same, gathered, as the deck simulated at once', () => {
    const ready = study(rectifier);
    const gathering = gather(ready);
    for (const task of ready.tasks) gathering.add(ready.run(task));
    expect(gathering.simulation(false)).toEqual(simulate(rectifier));
  });
});

describe('a profile', () => {
  /** Every look at the clock takes a millisecond. */
  const ticking = (): (() => number) => {
    let now = 0;
    return () => now++;
  };

  it('gives every moment to exactly one phase, the innermost', () => {
    const clock = ticking();
    const profile = createProfile(clock);
    const result = profile.within('control', () =>
      profile.within('solve', () => profile.within('devices', () => 7)),
    );
    expect(result).toBe(7);
    expect(profile.spent).toMatchObject({ control: 2, solve: 2, devices: 1, factor: 0 });
    expect(clock()).toBe(6);
  });

  it('ends a phase that fails', () => {
    const profile = createProfile(ticking());
    const fails = (): never => {
      throw new RangeError('no');
    };
    expect(() => profile.within('control', () => profile.within('solve', fails))).toThrow('no');
    expect(profile.spent).toMatchObject({ control: 2, solve: 1 });
    profile.add({ ...profile.spent, output: 5 });
    expect(profile.spent).toMatchObject({ control: 4, solve: 2, output: 5 });
  });

  it('times evaluations, factorisations and solutions of a run and changes nothing in it', () => {
    const profile = createProfile(ticking());
    const timed = study(rectifier, { profile });
    const plain = study(rectifier);
    const [task] = timed.tasks;
    expect(bits(timed.run(task))).toEqual(bits(plain.run(task)));
    for (const phase of PHASES.filter((p) => p !== 'parse')) expect(profile.spent[phase]).toBeGreaterThan(0);
    expect(profile.spent.parse).toBe(0);
  });
});
