// tellegen bench: the same numbers on any number of threads and after an interruption; sweeps, reports and complaints.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { folder, file, run, interrupt } = tellegen();
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const deck = file(
  'diodes.cir',
  `a diode and resistors
V1 a 0 1
V2 b 0 0.5
R1 a c 1
R2 b c 2
R3 c d 1
R4 d 0 3
C1 c 0 1
C2 d 0 2
D1 d 0 dd
.model dd D(is=1e-2 n=4)
.train R1 R2
.train R3 R4
.cost op v(d) target=0.1
.end
`,
);

interface Report {
  readonly rows: readonly {
    readonly rule: string;
    readonly levels: Readonly<Record<string, number>>;
    readonly samples: number;
    readonly perturbed: { readonly relativeError: number; readonly groups: Readonly<Record<string, number>> };
    readonly nominal: { readonly relativeError: number };
    readonly predicted: number | null;
    readonly optimum?: { readonly beta: number };
    readonly seconds: number;
    readonly joules: number;
    readonly devices: number;
    readonly copies: number;
  }[];
}

const noisy = [
  '--sweep',
  'beta=0.01:1:dec:2',
  '--set',
  'read=1m',
  '--set',
  'mismatch=0.05',
  '--samples',
  '12',
];

describe('the rows of a bench', () => {
  it('are the same bytes on one thread and on two', () => {
    const few = [...noisy, '--samples', '5', '--rule', 'equilibrium,coupled,stress', '--json'];
    const [one, two] = ['1', '2'].map((n) => run('bench', deck, ...few, '--threads', n));
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    expect(run('bench', deck, ...few, '--seed', '2').stdout).not.toBe(one.stdout);
  });

  it('on any number of threads a dead resistor is open: what it charged is left to the other', () => {
    const divider = file(
      'divider.cir',
      'a divider\nV1 a 0 1\nR1 a b 1\nR2 b 0 1\nC1 b 0 1\n.train R1\n.cost op v(b) target=0.2\n.end\n',
    );
    const seconds = (...args: string[]): number => {
      const outcome = run('bench', divider, '--rule', 'stress', '--samples', '2', '--json', ...args);
      return (JSON.parse(outcome.stdout) as Report).rows[0].seconds;
    };
    const whole = seconds();
    for (const threads of ['1', '2'])
      expect(seconds('--set', 'dead=1', '--threads', threads) / whole).toBeCloseTo(2, 5);
  });

  it('say for every rule and level what was measured, what was predicted and what it cost', () => {
    const outcome = run(
      'bench',
      deck,
      ...noisy,
      '--rule',
      'equilibrium,equilibrium:one-sided',
      '--rule',
      'stress',
      '--json',
    );
    const { rows } = JSON.parse(outcome.stdout) as Report;
    expect(rows.map((r) => r.rule).slice(0, 3)).toEqual(['equilibrium', 'equilibrium:one-sided', 'stress']);
    expect([...new Set(rows.map((r) => r.levels.beta))]).toHaveLength(5);
    for (const row of rows) {
      expect(row.samples).toBe(12);
      // A one-sided nudge of 1 is beyond the first two terms of its series in β.
      if (row.rule === 'equilibrium:one-sided' && row.levels.beta === 1) expect(row.predicted).toBeNull();
      else expect(row.predicted).toBeGreaterThan(0);
      expect(row.seconds).toBeGreaterThan(0);
      expect(row.joules).toBeGreaterThan(0);
      expect(row.devices).toBe(9);
      expect(row.copies).toBe(row.rule === 'stress' ? 2 : 1);
      expect(Object.keys(row.perturbed.groups)).toEqual(['r1 r2', 'r3 r4']);
    }
    expect(rows[0].optimum?.beta).toBeGreaterThan(0);
    const centred = rows.filter((r) => r.rule === 'equilibrium').map((r) => r.perturbed.relativeError);
    expect(centred[4]).toBeLessThan(centred[0]);
  });

  it('take one chip where all chips are alike', () => {
    const { rows } = JSON.parse(
      run('bench', deck, '--sweep', 'gain=0,0.1', '--rule', 'equilibrium', '--json').stdout,
    ) as Report;
    expect(rows.map((r) => r.samples)).toEqual([1, 1]);
  });

  it('know wires, which a chip knows of and the design does not', () => {
    const { rows } = JSON.parse(
      run('bench', deck, '--sweep', 'wire=0,50m', '--rule', 'equilibrium', '--set', 'beta=0.01', '--json')
        .stdout,
    ) as Report;
    expect(rows[1].perturbed.relativeError).toBeLessThan(1e-4);
    expect(rows[1].nominal.relativeError).toBeGreaterThan(0.02);
  });

  it('are a table for people', () => {
    const { stdout, code } = run(
      'bench',
      deck,
      '--set',
      'read=1m',
      '--samples',
      '5',
      '--rule',
      'equilibrium',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rule +rel\. error +± +predicted/m);
    expect(stdout).toMatch(/^equilibrium +0\.\d+/m);
    expect(stdout).toMatch(/equilibrium: best β = /);
  });

  it('are drawn with what was predicted dashed', () => {
    run('bench', deck, ...noisy, '--rule', 'equilibrium,equilibrium:one-sided', '--plot', 'bench.svg');
    const svg = read('bench.svg');
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
    expect(svg).toContain('equilibrium:one-sided');
  });
});

describe('a rule without an answer', () => {
  it('under too strong a nudge is told so; what needs another circuit is told which rule does not', () => {
    // 2v − 1 = 3βv² has no solution when β > 1/3.
    const cubic = file(
      'cubic.cir',
      'c\nV1 a 0 1\nR1 a b 1\nR2 b 0 1\n.train R1\n.cost op expr={v(b)**3}\n.end\n',
    );
    const { stdout } = run('bench', cubic, '--rule', 'equilibrium', '--set', 'beta=1');
    expect(stdout).toMatch(
      /equilibrium: no answer on 1 of 1 chips: nudged by β = 1, .*\n {2}help: choose a smaller beta/,
    );
    expect(run('bench', cubic, '--rule', 'equilibrium').stdout).not.toMatch(/no answer/);
    expect(run('bench', deck, '--rule', 'replay').stdout).toMatch(
      /replay: no answer on .* is d1\n {2}help: use adjoint/,
    );
  });
});

describe('a bench that was stopped', () => {
  const whole = () => run('bench', deck, ...noisy, '--rule', 'equilibrium,stress', '--json').stdout;

  it('goes on from its journal to the same bytes', () => {
    const args = ['bench', deck, ...noisy, '--rule', 'equilibrium,stress', '--json', '--resume', 'journal'];
    expect(run(...args).stdout).toBe(whole());
    const lines = read('journal').split('\n');
    expect(lines).toHaveLength(1 + 5 * 12 + 1);
    writeFileSync(join(folder, 'journal'), `${lines.slice(0, 23).join('\n')}\n${lines[23].slice(0, 40)}`);
    expect(run(...args).stdout).toBe(whole());
    expect(read('journal').split('\n')).toHaveLength(1 + 5 * 12 + 1);
  });

  it('by Ctrl-C says how it goes on', async () => {
    const long = [...noisy, '--samples', '100000', '--rule', 'equilibrium', '--resume', 'long', '--json'];
    const outcome = await interrupt('bench', deck, ...long);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/interrupted: \d+ of 500000 chips are left; the same command goes on/);
    const { rows } = JSON.parse(outcome.stdout) as Report;
    expect(read('long').split('\n')).toHaveLength(2 + rows.reduce((sum, r) => sum + r.samples, 0));
  });

  it('does not go on with the journal of another bench, or with something else', () => {
    run('bench', deck, '--set', 'read=1m', '--samples', '2', '--resume', 'other');
    const mixed = run('bench', deck, '--set', 'read=2m', '--samples', '2', '--resume', 'other');
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toMatch(/it is of another deck, other options, sweeps or rules, or another seed/);
    appendFileSync(join(folder, 'notes'), 'not a journal\n');
    expect(run('bench', deck, '--resume', 'notes').stderr).toMatch(/it is no journal of tellegen bench/);
    expect(read('notes')).toBe('not a journal\n');
  });
});

describe('costs over time', () => {
  const ladder = file(
    'ladder.cir',
    `a ladder in time
V1 in 0 sin(0 1 1k)
R1 in a 1k
C1 a 0 100n
R2 a b 2k
C2 b 0 50n
.train R* C*
.tran 10u 2m
.cost tran expr={(v(b)-0.2)**2}
.end
`,
  );
  const scattered = ['--sweep', 'copymismatch=0.05,0.1', '--set', 'read=1m', '--samples', '4', '--json'];

  it('are the same bytes on one thread and on two, and after an interruption', () => {
    const [one, two] = ['1', '2'].map((n) => run('bench', ladder, ...scattered, '--threads', n));
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    const resumed = ['bench', ladder, ...scattered, '--resume', 'in-time'];
    run(...resumed);
    const lines = read('in-time').split('\n');
    expect(lines).toHaveLength(1 + 2 * 4 + 1);
    writeFileSync(join(folder, 'in-time'), `${lines.slice(0, 4).join('\n')}\n`);
    expect(run(...resumed).stdout).toBe(one.stdout);
  });

  it('are of the rules that speak of them, each with what it costs', () => {
    const { rows } = JSON.parse(run('bench', ladder, '--json').stdout) as Report;
    expect(rows.map((r) => r.rule)).toEqual(['adjoint', 'direct', 'differences', 'replay']);
    const runs = [1, 1, 1 + 4 * 4, 2];
    rows.forEach(({ seconds, joules }, k) => {
      expect(seconds).toBeCloseTo(runs[k] * 2e-3, 9);
      expect(joules).toBeGreaterThan(0);
    });
    const { stdout } = run('bench', ladder, '--rule', 'replay');
    expect(stdout).toMatch(/^replay +0\.0\d+ .* 4 ms /m);
    expect(stdout).toMatch(/^a run over time is charged its length/m);
    expect(stdout).toMatch(/^β = \d.* unless it is given$/m);
    expect(run('bench', ladder, '--rule', 'adjoint').stdout).not.toMatch(/β =/);
  });

  it.each([
    [
      ['--rule', 'equilibrium'],
      /:9:1: error: equilibrium says nothing of a cost over time \[cost-over-time\]/,
    ],
    [['--rule', 'stress:split'], /help: take adjoint, direct, differences, replay/],
    [['--set', 'free=3'], /free is a matter of costs at the operating point.*\n {2}help: leave free at 0/],
    [['--sweep', 'average=0,3'], /average is a matter of costs at the operating point/],
  ])('refuse %j', (args, why) => {
    const { code, stderr, stdout } = run('bench', ladder, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(why);
  });

  it('beside others at rest are predicted where replay feels nothing at rest, and elsewhere the table says why not', () => {
    const mixed = file(
      'mixed.cir',
      'mixed\nV1 in 0 dc 1 sin(1 1 1k)\nR1 in a 1k\nC1 a 0 100n\nR2 a 0 2k\n.train R*\n.cost op v(a) target=0.5\n.cost tran v(a) target=0.3 weight=1k\n.tran 10u 2m\n',
    );
    const why =
      /"predicted" is – where no law speaks: here they speak of replay,.*\nof costs at rest and over time together/;
    const { stdout } = run('bench', mixed, '--rule', 'replay', '--set', 'steps=500');
    expect(stdout).toMatch(/^replay +\S+ +0 +\d/m);
    expect(stdout).not.toMatch(why);
    const read = run('bench', mixed, '--rule', 'replay', '--set', 'read=1m', '--samples', '3').stdout;
    expect(read).toMatch(/^replay +\S+ +\S+ +– /m);
    expect(read).toMatch(why);
  });

  it('alone know the steps of a run', () => {
    expect(run('bench', ladder, '--sweep', 'steps=0,100').stderr).toMatch(
      /steps = 0 is nothing to measure with/,
    );
    const { code, stderr } = run('bench', deck, '--set', 'steps=100');
    expect(code).toBe(2);
    expect(stderr).toMatch(/steps is a matter of costs over time.*\n {2}help: leave steps out/);
  });
});

describe('what makes no sense', () => {
  it.each([
    [['--sweep', 'betta=1:2:3'], /nothing on the bench is called "betta"[\s\S]*did you mean "beta"/],
    [['--sweep', 'adc=8.5'], /not a whole number/],
    [['--sweep', 'stuck=0:2:3'], /out of its range[\s\S]*from 0 to 1/],
    [['--sweep', 'beta=0:1:dec:3'], /lies above zero/],
    [['--sweep', 'beta=1:2'], /three or four parts/],
    [
      ['--sweep', 'beta=1:0:3'],
      /beta = 0 is nothing to measure with.*\n {2}help: begin above 0, or leave beta out/,
    ],
    [['--set', 'beta=0'], /beta = 0 is nothing to measure with/],
    [['--sweep', 'beta=-1'], /out of its range[\s\S]*above 0/],
    [['--sweep', 'beta'], /not name=levels/],
    [['--sweep', 'beta=1', '--set', 'beta=2'], /both swept and set/],
    [['--rule', 'equilibrum'], /did you mean "equilibrium"/],
    [['--samples', '0'], /not a whole number/],
  ])('%j is refused', (args, why) => {
    const { code, stderr, stdout } = run('bench', deck, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(why);
    expect(stdout).toBe('');
  });

  it('a deck without a cost is refused', () => {
    expect(run('bench', file('none.cir', 'n\nV1 a 0 1\nR1 a 0 1\n.train R1\n.end\n')).code).toBe(2);
  });

  it('--list documents every fault with its unit', () => {
    const { stdout } = run('bench', '--list');
    expect(stdout).toMatch(/^thermal +K /m);
    expect(stdout).toMatch(/^wire +Ω /m);
    expect(stdout).toMatch(/^beta +1 +– +above 0 +op tran /m);
    expect(stdout).toMatch(/^steps +1 +– +above 0 +tran /m);
  });
});
