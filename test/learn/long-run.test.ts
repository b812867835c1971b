// A gradient over a long run: of its K steps √K are in memory, the others are marched for once more, to the last bit.
import { describe, expect, test } from 'vitest';
import { record } from '../../src/analysis/record.js';
import type { System } from '../../src/circuit/system.js';
import type { RuleOptions } from '../../src/learn/estimate.js';
import type { Problem } from '../../src/learn/problem.js';
import { ruleByName } from '../../src/learn/rules/registry.js';
import { createPool, type Pool } from '../../src/math/pool.js';
import { createTrajectory } from '../../src/solve/trajectory.js';
import { transpose } from '../../src/solve/transpose.js';
import { createWorkspace, type Workspace } from '../../src/solve/workspace.js';
import { circuits, explicitCircuits } from './moving-circuits.js';
import { gradientBy, problemOfDeck } from './over-time.js';

/** An excitable cell, kicked again and again: two unknowns. */
const cell = (tstop: number, method = 'bdf') =>
  problemOfDeck(`
    Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 50)
    Rk k v 2
    N1 v w cell
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .tran 0.1 ${tstop} 0 0.06
    .train Rk N1.g N1.tau
    .cost tran v(v) target=1
    .options method=${method}`);

const rectifier = (tstop: number) =>
  problemOfDeck(`
    V1 in 0 SIN(0 5 1k)
    R0 in a 10
    D1 a out dm
    R1 out 0 1k
    C1 out 0 10u
    .model dm d(is=1n cjo=1p tt=10n)
    .tran 10u ${tstop}
    .train R* C1 D1.is
    .cost tran v(out) target=3`);

/** A mesh whose factors are full enough to be refined rather than made anew, and a chain whose laws are straight lines. */
const mesh = (method: string): Problem => {
  const at = (i: number, j: number): string => `n${i}_${j}`;
  const cards = ['V1 n0_0 0 SIN(0 1 1k)', 'D1 n5_5 0 dm', '.model dm d(is=1e-12 cjo=1n)'];
  for (let i = 0; i < 18; i++)
    for (let j = 0; j < 18; j++) {
      cards.push(`C${i}_${j} ${at(i, j)} 0 1n`);
      if (i > 0) cards.push(`Rv${i}_${j} ${at(i - 1, j)} ${at(i, j)} 1k`);
      if (j > 0) cards.push(`Rh${i}_${j} ${at(i, j - 1)} ${at(i, j)} 1k`);
    }
  return problemOfDeck(
    `${cards.join('\n')}\n.tran 10u 4m 0 10u\n.train D1.is C3_*\n.cost tran v(n5_5) target=0.1\n.options method=${method}`,
  );
};

const chain = (): Problem => {
  const cards = [
    'Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 50)',
    'Rk k v1 2',
    '.model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)',
  ];
  for (let k = 1; k <= 40; k++) cards.push(`N${k} v${k} w${k} cell`, `R${k} v${k} v${k + 1} 2`);
  return problemOfDeck(
    `${cards.join('\n')}\nRe v41 0 1\n.tran 0.5 150\n.train R* N7.g\n.cost tran v(v9) target=1`,
  );
};

describe('what is marched for again has the same last bit', () => {
  const bothWays = (rule: string, problem: Problem): void => {
    const kept = gradientBy(rule, problem);
    const again = gradientBy(rule, problem, { capacity: 1 });
    expect(again.cost).toBe(kept.cost);
    expect(again.gradient).toEqual(kept.gradient);
    expect(again.validity).toEqual(kept.validity);
  };
  const ways = ['bdf', 'trap', 'trbdf2', 'odex'].flatMap((method) =>
    Object.entries(method === 'odex' ? explicitCircuits : circuits).map(
      ([name, deck]) => [method, name, deck] as const,
    ),
  );
  test.each(ways)('%s: %s', (method, _, deck) => {
    bothWays('adjoint', problemOfDeck(`${deck}\n.options method=${method}`));
  });
  test.each(['bdf', 'trap', 'trbdf2', 'odex'])('%s: thousands of steps of a cell', (method) => {
    bothWays('adjoint', cell(60, method));
  });
  test.each(['bdf', 'trap'])('%s: a mesh', (method) => bothWays('adjoint', mesh(method)));
  test('bdf: a chain', () => bothWays('adjoint', chain()));
  test.each(['a switch that opens and closes', 'two lines with a diode between them, after uic'])(
    'for the judge, too: %s',
    (name) => bothWays('differences', problemOfDeck(circuits[name])),
  );
});

describe('memory', () => {
  /** Numbers in memory at most while a gradient is found, bytes that the pool lends then, and what is not given back. */
  function memoryOf(problem: Problem): { steps: number; numbers: number; bytes: number; left: number } {
    const { workspace, lent } = metered();
    const { system, sensitivity } = problem.sample(problem.values, 0);
    const tape = record(system, problem.transient!, problem.options, { capacity: 1 }, { workspace });
    const steps = tape.pieces;
    let [numbers, bytes] = [tape.numbers(), lent()];
    const trajectory = createTrajectory(system, tape, problem.options, workspace);
    transpose(trajectory, sensitivity, () => {
      numbers = Math.max(numbers, tape.numbers());
      bytes = Math.max(bytes, lent());
    });
    trajectory.release();
    tape.release();
    return { steps, numbers, bytes, left: lent() };
  }

  const examples = {
    'a cell by bdf': (times: number) => cell(60 * times),
    'a cell by trbdf2': (times: number) => cell(60 * times, 'trbdf2'),
    'a cell by odex': (times: number) => cell(60 * times, 'odex'),
    'a rectifier': (times: number) => rectifier(20e-3 * times),
  };
  test.each(Object.entries(examples))('of %s doubles where steps are four times as many', (_, example) => {
    const [once, four, sixteen] = [1, 4, 16].map((times) => memoryOf(example(times)));
    expect(sixteen.steps / once.steps).toBeGreaterThan(14);
    expect(four.numbers / once.numbers).toBeLessThan(2.5);
    expect(sixteen.numbers / four.numbers).toBeLessThan(2.2);
    expect(sixteen.bytes / once.bytes).toBeLessThan(2);
    expect([once.left, four.left, sixteen.left]).toEqual([0, 0, 0]);
  });
  test('of tens of thousands of steps is that of two thousand', () => {
    const { steps, numbers } = memoryOf(cell(2400));
    expect(steps).toBeGreaterThan(30_000);
    expect(numbers / steps).toBeLessThan(2);
  });
});

describe('cost', () => {
  const examples = {
    'a cell': (times: number) => cell(60 * times),
    'a cell by trap': (times: number) => cell(60 * times, 'trap'),
    'a cell by trbdf2': (times: number) => cell(60 * times, 'trbdf2'),
    'a cell by odex': (times: number) => cell(60 * times, 'odex'),
    'a rectifier': (times: number) => rectifier(10e-3 * times),
  };
  test.each(Object.entries(examples))('of %s is one more march, however long it is', (_, example) => {
    const shares = [1, 4, 16].map((times) => {
      const problem = example(times);
      const kept = evaluations(problem, {});
      const again = evaluations(problem, { capacity: 1 });
      return (again - kept) / recording(problem);
    });
    for (const share of shares) expect(share).toBeLessThanOrEqual(1);
    // All but the two reels that are in memory when the run has ended.
    expect(shares[2]).toBeGreaterThan(0.85);
  });

  test('is that of what there is no room for', () => {
    const problem = rectifier(40e-3);
    const { system } = problem.sample(problem.values, 0);
    const whole = record(system, problem.transient!, problem.options, { capacity: 2 ** 24 }).numbers();
    const kept = evaluations(problem, {});
    for (const share of [0.3, 0.6, 0.9]) {
      const again = evaluations(problem, { capacity: share * whole }) - kept;
      expect(Math.abs(again / recording(problem) - (1 - share))).toBeLessThan(0.2);
    }
  });
});

/** How often the circuit is evaluated for a gradient. */
function evaluations(problem: Problem, options: RuleOptions): number {
  const sample = problem.sample(problem.values, 0);
  const { system, count } = counted(sample.system);
  ruleByName('adjoint').estimate(problem, { ...sample, system }, options);
  return count();
}

/** The same for writing a run down. */
function recording(problem: Problem): number {
  const { system, count } = counted(problem.sample(problem.values, 0).system);
  record(system, problem.transient!, problem.options, { capacity: 2 ** 24 }).release();
  return count();
}

function counted(plain: System): { readonly system: System; readonly count: () => number } {
  let count = 0;
  const { parts } = plain.addNonlinear;
  const addNonlinear: System['addNonlinear'] = (...of) => {
    count++;
    plain.addNonlinear(...of);
  };
  const rest: NonNullable<typeof parts>['rest'] = (...of) => {
    count++;
    parts?.rest(...of);
  };
  const system = {
    ...plain,
    addNonlinear: Object.assign(addNonlinear, parts ? { parts: { ...parts, rest } } : {}),
    evaluate(...of: Parameters<System['evaluate']>) {
      count++;
      plain.evaluate(...of);
    },
  };
  return { system, count: () => count };
}

/** A workspace and the bytes that its pool has been asked for and not been given back. */
function metered(): { readonly workspace: Workspace; readonly lent: () => number } {
  const pool = createPool();
  let lent = 0;
  const meter: Pool = {
    region(bytes) {
      const region = pool.region(bytes);
      lent += region.bytes;
      return region;
    },
    floats(count) {
      const floats = pool.floats(count);
      lent += floats.byteLength;
      return floats;
    },
    giveBack(what) {
      lent -= what instanceof Float64Array ? what.byteLength : what.bytes;
      pool.giveBack(what);
    },
  };
  return { workspace: { ...createWorkspace(), pool: meter }, lent: () => lent };
}
