// Many runs over many threads: the number of threads decides how long it takes and nothing else.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { folder, file, run, interrupt } = tellegen();
const read = (name: string): string => readFileSync(join(folder, name), 'latin1');

/** A rectifier: its matrix has other good pivots at every value of r. */
const rectifier = `rectifier
.param r=1k c=1u
V1 in 0 SIN(0 5 1k)
D1 in a dm
R1 a out {r}
C1 out 0 {c}
R2 out 0 10k
.model dm D(is=1e-14 rs=1)
.save v(out) i(v1)
.tran 10u 2m
`;
const steps = file(
  'steps.cir',
  `${rectifier}.ac dec 5 1 1meg\n.step param r list 1k 1m 1meg 2k 3k 1 10 20k\n.meas tran top max v(out)\n.end\n`,
);
const table = file(
  'table.cir',
  `${rectifier}.data corners r c\n+ 1k 1u\n+ 2k 2u\n+ 5k 0.1u\n+ 1meg 1p\n+ 10 1u\n.enddata\n.step data=corners\n.end\n`,
);
/** v' = k·v², v(0) = 1 is infinite at t = 1/k: within the run only for the third and the last k. */
const failing = file(
  'failing.cir',
  `finite-time blow-up
.param k=0.1
C1 a 0 1 ic=1
B1 0 a I={k}*v(a)*v(a)
.tran 10m 1.5 uic
.step param k list 0.1 0.2 1 0.3 0.4 0.5 1
.end
`,
);
const slow = file(
  'slow.cir',
  `slow
.param r=1k
V1 a 0 SIN(0 1 1k)
R1 a b {r}
C1 b 0 1u
.tran 1u 200m 0 1u
.step param r lin 1k 1meg 1k
.save v(b)
.end
`,
);

/** Standard error without what depends on the clock and the name of the file. */
const timeless = (text: string): string =>
  text.replace(/[\d.]+ [mµn]?s\b.*$/gm, '').replace(/^wrote.*$/gm, '');

describe.each([
  ['.step', steps],
  ['.data', table],
])('the runs of %s', (_, deck) => {
  it.each(['csv', 'raw'])('give the same bytes as %s on one thread, two and three', (format) => {
    const outcomes = [1, 2, 3].map((n) => {
      const outcome = run('run', deck, '-o', `t${n}.${format}`, '--threads', `${n}`);
      expect(outcome.code).toBe(0);
      return timeless(outcome.stderr);
    });
    const names = [1, 2, 3].map((n) =>
      format === 'csv' && deck === steps ? `t${n}.tran.csv` : `t${n}.${format}`,
    );
    expect(read(names[0]).length).toBeGreaterThan(1000);
    for (const k of [1, 2]) {
      expect(read(names[k]) === read(names[0])).toBe(true);
      expect(outcomes[k]).toBe(outcomes[0]);
    }
  });
});

describe('a run of many that fails', () => {
  it('ends them all, is reported as on one thread, and what came before it is kept', () => {
    const outcomes = [1, 2, 3].map((n) => run('run', failing, '-o', `f${n}.csv`, '--threads', `${n}`));
    for (const { code, stderr } of outcomes) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/tran \(3 runs\): ENDED EARLY/);
      expect(stderr).toMatch(/time +(1 s|99\d|1\.0)/);
      expect(timeless(stderr)).toBe(timeless(outcomes[0].stderr));
    }
    const values = new Set(
      read('f1.csv')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    );
    expect([...values]).toEqual(['0.1', '0.2', '1']);
    for (const n of [2, 3]) expect(read(`f${n}.csv`) === read('f1.csv')).toBe(true);
  });

  it('because its numbers make no sense exits with 2 and leaves no file', () => {
    const deck = file(
      'senseless.cir',
      `${rectifier.replace('.tran 10u 2m', '.tran 10u {t}')}.param t=1m\n.step param t list 1m 2m -1m 1m\n.end\n`,
    );
    for (const n of ['1', '2']) {
      const { code, stderr } = run('run', deck, '-o', 'senseless.csv', '--threads', n);
      expect(code).toBe(2);
      expect(stderr).toMatch(/senseless\.cir:\d+:/);
      expect(existsSync(join(folder, 'senseless.csv'))).toBe(false);
    }
  });
});

describe('many runs and Ctrl-C', () => {
  it.each(['1', '2'])('on %s threads: what is complete is written, in order', async (threads) => {
    const name = `slow${threads}.csv`;
    const { code, stderr } = await interrupt('run', slow, '-o', name, '--threads', threads);
    expect(code).toBe(1);
    expect(stderr).toMatch(/interrupted/);
    const lines = existsSync(join(folder, name)) ? read(name).trimEnd().split('\n').slice(1) : [];
    const values = lines.map((line) => Number(line.split(',')[0]));
    const seen = [...new Set(values)];
    expect(seen).toEqual(seen.map((_, k) => 1000 * (k + 1)));
    expect(seen.length).toBeLessThan(1000);
    for (const r of seen.slice(0, -1)) {
      expect(Number(lines[values.lastIndexOf(r)].split(',')[1])).toBe(0.2);
    }
  });
});

describe('--threads', () => {
  it.each(['0', '-1', '1.5', 'many'])('%s is refused', (threads) => {
    const { code, stderr } = run('run', steps, '--threads', threads);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--threads/);
  });
});

describe('--profile', () => {
  it.each(['1', '2'])('says on %s threads where the time went and how often what was done', (threads) => {
    const { code, stderr } = run('run', steps, '-o', 'p.csv', '--profile', '--threads', threads);
    expect(code).toBe(0);
    for (const phase of ['parse', 'compile', 'devices', 'factor', 'solve', 'control', 'output']) {
      expect(stderr).toMatch(new RegExp(`^${phase} +[\\d.]+ [mµn]?s +[\\d.]+ %`, 'm'));
    }
    const shares = [...stderr.matchAll(/^[a-z]+ +[\d.]+ [mµn]?s +([\d.]+) %/gm)].map((m) => Number(m[1]));
    expect(shares.reduce((sum, s) => sum + s, 0)).toBeCloseTo(100, 0);
    expect(/^total .*of all threads together$/m.test(stderr), 'the sum is said to be one').toBe(
      threads === '2',
    );
    const accepted = Number(/^steps +(\d+)$/m.exec(stderr)?.[1]);
    const orders = [...stderr.matchAll(/^order \d +(\d+)/gm)].map((m) => Number(m[1]));
    expect(accepted).toBeGreaterThan(100);
    expect(orders.reduce((sum, n) => sum + n, 0)).toBe(accepted);
    for (const count of ['rejected steps', 'Newton iterations', 'factorisations']) {
      expect(stderr).toMatch(new RegExp(`^${count} +\\d+$`, 'm'));
    }
  });
});
