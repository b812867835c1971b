import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/output/json.js';
import { readRaw } from '../../src/output/raw.js';
import { tellegen } from './tellegen.js';

const { folder, file, run, pipe, interrupt, interruptReading } = tellegen();
const inFolder = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(inFolder(name), 'utf8');
const table = (text: string): number[][] =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

const lowpass = `RC low-pass
.param r=1k
V1 in 0 DC 0 AC 1 PULSE(0 1 0 1n 1n 1 2)
R1 in out {r}
C1 out 0 1u
`;
const tran = file(
  'tran.cir',
  `${lowpass}.tran 10u 5m\n.save v(out) i(v1)\n.meas tran half when v(out)=0.5\n.end\n`,
);
const both = file('both.cir', `${lowpass}.tran 10u 5m\n.ac dec 5 1 1k\n.save v(out)\n.end\n`);

describe('tellegen run', () => {
  it('writes CSV to standard output and what it did to standard error', () => {
    const { code, stdout, stderr } = run('run', tran);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('time,v(out),i(v1)');
    const rows = table(stdout);
    expect(rows[0]).toEqual([0, 0, expect.closeTo(0, 9)]);
    expect(rows.at(-1)?.[0]).toBe(5e-3);
    expect(rows.at(-1)?.[1]).toBeCloseTo(1 - Math.exp(-5), 3);
    expect(stderr).toMatch(/tran: .*points/);
    expect(stderr).toMatch(/half += +0\.00069/);
  });

  it('is what happens to a deck when no command is named', () => {
    expect(run(tran, '--quiet')).toEqual(run('run', tran, '--quiet'));
  });

  it('is silent with --quiet', () => {
    expect(run('run', tran, '--quiet', '-o', 'quiet.csv')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(read('quiet.csv')).toMatch(/^time,v\(out\),i\(v1\)\n/);
  });

  it('gives exactly the times of --at, with suffixes, under other parameters and options', () => {
    const args = ['--at', '1m,2m,3.5m', '--param', 'r=2k', '--option', 'reltol=1e-6'];
    const rows = table(run('run', tran, ...args).stdout);
    expect(rows.map((r) => r[0])).toEqual([1e-3, 2e-3, 3.5e-3]);
    for (const [t, v] of rows) expect(v).toBeCloseTo(1 - Math.exp(-t / 2e-3), 5);
  });

  it('gives the times of a grid, written start:step:stop, as decimals', () => {
    const rows = table(run('run', tran, '--at', '0:0.1m:0.3m,1m,2m:1m:3.5m').stdout);
    expect(rows.map((r) => r[0])).toEqual([0, 1e-4, 2e-4, 3e-4, 1e-3, 2e-3, 3e-3]);
  });

  it('writes one CSV per analysis, named before the ending; raw and JSON hold all', () => {
    expect(run('run', both, '-o', 'out.csv').code).toBe(0);
    expect(read('out.tran.csv')).toMatch(/^time,v\(out\)\n/);
    expect(read('out.ac.csv')).toMatch(/^frequency,vr\(out\),vi\(out\)\n/);
    expect(existsSync(inFolder('out.csv'))).toBe(false);
    expect(run('run', both, '-o', 'out.raw').code).toBe(0);
    const plots = readRaw(readFileSync(inFolder('out.raw')));
    expect(plots.map((p) => p.plotName)).toEqual(['Transient Analysis', 'AC Analysis']);
    const { stdout } = run('run', both, '--format', 'json');
    expect(readJson(stdout).datasets.map((d) => d.analysis)).toEqual(['tran', 'ac']);
  });

  it('separates tables on standard output by an empty line', () => {
    const [first, second] = run('run', both).stdout.split('\n\n');
    expect(first).toMatch(/^time,/);
    expect(second).toMatch(/^frequency,/);
  });

  it('puts the steps of a .step into one table', () => {
    const deck = file('step.cir', `${lowpass}.op\n.step param r list 1k 2k\n.save v(out)\n.end\n`);
    expect(run('run', deck).stdout).toBe('r,v(out)\n1000,0\n2000,0\n');
  });

  it('draws, and makes the folder it draws into', () => {
    expect(run('run', both, '-o', 'a/b.csv', '--plot', 'c/d.svg').code).toBe(0);
    const svg = read('c/d.svg');
    for (const text of ['RC low-pass', 'voltage (V)', 'magnitude (dB)', 'phase (°)', 'time (ms)']) {
      expect(svg).toContain(text);
    }
  });

  it('reads a deck from standard input, and an include beside the deck that asks for it', () => {
    const text = `${lowpass}.op\n.save v(out)\n.end\n`;
    expect(pipe(text, 'run', '-').stdout).toBe('v(out)\n0\n');
    file('parts.inc', 'R2 out 0 1k\n');
    const deck = file(
      'include.cir',
      'divider\nV1 in 0 2\nR1 in out 1k\n.include parts.inc\n.op\n.save v(out)\n.end\n',
    );
    expect(table(run('run', deck).stdout)[0][0]).toBeCloseTo(1, 9);
  });

  it('is interrupted by Ctrl-C, writes what it has and exits with 1', async () => {
    const long = file(
      'long.cir',
      'long\nV1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.tran 1u 1000 0 1u\n.save v(b)\n.end\n',
    );
    const outcome = await interrupt('run', long, '-o', 'long.csv');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/interrupted/);
    const rows = table(read('long.csv'));
    expect(rows[0]?.[0] ?? 0).toBe(0);
    expect(rows.at(-1)?.[0] ?? 0).toBeLessThan(1000);
  });
});

describe('Ctrl-C before there is anything to keep', () => {
  it.each(['run', 'check', 'grad', 'train', 'bench', 'dual'])(
    'ends %s by the signal itself, 130 to a shell, and writes nothing',
    async (command) => {
      const output =
        command === 'run' || command === 'train' || command === 'dual' ? ['-o', 'early.out'] : [];
      const { code, signal } = await interruptReading(command, '-', ...output);
      expect([code, signal]).toEqual([null, 'SIGINT']);
      expect(existsSync(join(folder, 'early.out'))).toBe(false);
      expect(readFileSync('README.md', 'utf8')).toMatch(/^\| 130 \| Ctrl-C/m);
    },
  );
});

describe('a deck or a command line in error exits with 2 and simulates nothing', () => {
  it('all errors at once, each with its place', () => {
    const deck = file('broken.cir', 'broken\nR1 a 0 1k tc9=1\nC1 a\nQ1 a b c\n.tran 1u\n.end\n');
    const { code, stderr, stdout } = run('run', deck, '-o', 'broken.csv');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const line of [2, 3, 4, 5]) expect(stderr).toContain(`broken.cir:${line}:`);
    expect(stderr).toContain('^');
    expect(stderr).not.toMatch(/ at .*\.js/);
    expect(existsSync(inFolder('broken.csv'))).toBe(false);
  });

  it('grids that lead nowhere, and times after the end', () => {
    for (const at of ['0:1u', '0:0:1', '1:1u:0', '0:1f:1', '1:x:2']) {
      const { code, stderr } = run('run', tran, '--at', at);
      expect(code).toBe(2);
      expect(stderr).toContain(`--at: "${at}"`);
      expect(stderr).toContain('start:step:stop');
    }
    expect(run('run', tran, '--at', '0:1m:1').stderr).toMatch(/lasts from 0 to 0.005 s/);
  });

  it('folders in place of files, and pictures that are not SVG', () => {
    const { code, stderr } = run('run', tran, '-o', '.', '--plot', 'out.png');
    expect(code).toBe(2);
    expect(stderr).toContain('cannot write .: it is a folder');
    expect(stderr).toContain('name it out.svg');
    expect(existsSync(inFolder('out.png'))).toBe(false);
  });

  it.each([
    ['run', tran, '-o', ''],
    ['run', tran, '--plot', ''],
    ['dual', tran, '-o', ''],
  ])('%s %s %s with an empty name', (...args) => {
    const { code, stderr } = run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('error: the name of a file is empty');
  });

  it('a path through a file: said when there is something to write', () => {
    const { code, stderr } = run('run', tran, '-o', `${tran}/out.csv`);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot write ${tran}/out.csv: a part of its path is no folder`);
  });

  it.runIf(existsSync('/proc/self'))('a folder that cannot be made', () => {
    const { code, stderr } = run('run', tran, '-o', '/proc/nowhere/out.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('cannot write /proc/nowhere/out.csv: its folder cannot be made');
  });

  it.each(['run', 'check'])('%s says what it skipped when nothing is left to do', (command) => {
    const deck = file('noise.cir', 'noise\nV1 a 0 1\nR1 a 0 1k\n.noise v(a) V1 dec 1 1 10\n.end\n');
    const { code, stderr } = run(command, deck);
    expect(code).toBe(2);
    expect(stderr).toMatch(/warning: .*noise[\s\S]*error: the deck asks for no analysis/);
  });

  it('topology errors name the elements', () => {
    const deck = file('loop.cir', 'loop\nV1 a 0 1\nV2 a 0 2\nR1 a 0 1\n.op\n.end\n');
    const { code, stderr } = run('run', deck);
    expect(code).toBe(2);
    expect(stderr).toMatch(/v1/);
    expect(stderr).toMatch(/v2/);
  });

  it.each([
    [['run']],
    [['rum', 'x.cir']],
    [['run', tran, '--format', 'xml']],
    [['run', tran, '--at', 'soon']],
    [['run', tran, '--at', '1']],
    [['run', tran, '--param', 'r']],
    [['run', tran, '--param', 'q=1']],
    [['run', tran, '--option', 'retol=1']],
    [['run', tran, '--option', 'reltol=-1']],
    [['run', 'absent.cir']],
    [['run', '.']],
    [['devices', 'flux-capacitor']],
    [[]],
  ])('%j', (args) => {
    const { code, stderr, stdout } = run(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/ at .*\.js/);
    expect(stdout).toBe('');
  });
});

describe('a name that is given twice', () => {
  it.each<[string, string[], string]>([
    ['run', ['--param', 'r=1k', '--param', 'R=2k'], '--param R is given twice: 1k and 2k'],
    [
      'run',
      ['--option', 'method=trap', '--option', 'method=bdf'],
      '--option method is given twice: trap and bdf',
    ],
    ['grad', ['--param', 'y=1', '--param', 'y=1'], '--param y is given twice: 1 and 1'],
    [
      'train',
      ['--option', 'reltol=1e-4', '--option', 'reltol=1e-6'],
      '--option reltol is given twice: 1e-4 and 1e-6',
    ],
    ['check', ['--param', 'r=1', '--param', 'r=2'], '--param r is given twice: 1 and 2'],
  ])('is a usage error that says both values: %s %j', (command, args, message) => {
    const { code, stderr, stdout } = run(command, tran, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${message} [twice]\n  help: give it once`);
    expect(stdout).toBe('');
  });

  it('different names are no repetition, and help says that each is given once', () => {
    expect(run('run', tran, '--option', 'reltol=1e-4', '--option', 'abstol=1e-12', '--quiet').code).toBe(0);
    expect(run('run', '--help').stdout).toMatch(
      /--param[\s\S]*each name once[\s\S]*--option[\s\S]*each name\s+once/,
    );
  });
});

describe('a run that fails', () => {
  it('exits with 1, says when, where and what was tried, and keeps what it has', () => {
    const deck = file(
      'blowup.cir',
      'finite-time blow-up: dv/dt = v*v, v = 1/(1 - t)\nC1 a 0 1 ic=1\nB1 0 a I=v(a)*v(a)\n.tran 10m 2 uic\n.end\n',
    );
    const { code, stderr } = run('run', deck, '-o', 'blowup.csv');
    expect(code).toBe(1);
    expect(stderr).toMatch(/time +(1 s|99\d|1\.0)/);
    expect(stderr).toMatch(/unknowns +v\(a\)/);
    expect(stderr).toMatch(/devices +.*(b1|c1)/);
    expect(stderr).toMatch(/tried/);
    const rows = table(read('blowup.csv'));
    expect(rows.at(-1)?.[0]).toBeGreaterThan(0.9);
    for (const [t, , v] of rows.slice(1).filter((r) => r[0] < 0.5))
      expect(v ?? 1 / (1 - t)).toBeCloseTo(1 / (1 - t), 1);
  });
});

describe('tellegen check', () => {
  it('says what a good deck holds and simulates nothing', () => {
    const { code, stdout } = run('check', tran);
    expect(code).toBe(0);
    expect(stdout).toMatch(/3 elements, 1 unknown, tran/);
  });

  it('exits with 2 for a bad one', () => {
    const deck = file('floating.cir', 'floating\nI1 a 0 1\nC1 a 0 1\n.op\n.end\n');
    const { code, stderr } = run('check', deck);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\ba\b/);
  });
});

describe('tellegen dual', () => {
  const deck = file(
    'divider.cir',
    'divider\n.param t=0.5\nV1 in 0 1\nR1 in out 1k\nR2 out 0 2k\n.train R2\n' +
      '.cost op v(out) target={t} data=rows\n.data rows t\n0.5\n0.6\n.enddata\n.end\n',
  );
  // v(out) = R2/(R1 + R2): dc/dR2 = (v(out) − t)·R1/(R1 + R2)²
  const expected = (t: number): number => ((2 / 3 - t) * 1e3) / 3e3 ** 2;

  it('writes a deck whose run is the gradient, to standard output or a file, in both forms and for every row', () => {
    const { code, stdout, stderr } = run('dual', deck);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\* .*adjoint network/m);
    expect(run('dual', deck, '-o', 'dual.cir').stdout).toBe('');
    expect(read('dual.cir')).toBe(stdout);
    expect(run('dual', deck, '--form', 'dyadic', '--row', '2', '-o', 'pair.cir').code).toBe(0);
    for (const [name, t] of [
      ['dual.cir', 0.5],
      ['pair.cir', 0.6],
    ] as const) {
      const { stdout: rows, stderr: said } = run('run', name, '-q');
      const [names, values] = rows.trim().split('\n');
      const k = names.split(',').indexOf('v(grad_r2.r)');
      expect(Number(values.split(',')[k])).toBeCloseTo(expected(t), 12);
      expect(said).toBe('');
    }
  });

  it('exits with 2 without a cost, for a row that is not there, or for what is no row', () => {
    expect(run('dual', tran)).toMatchObject({ code: 2, stderr: expect.stringMatching(/\.cost/) });
    expect(run('dual', deck, '--row', '3')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/1 to 2/),
    });
    expect(run('dual', deck, '--row', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--row x/),
    });
  });
});

describe('tellegen devices', () => {
  it('lists all, and documents one by name, letter or model type', () => {
    expect(run('devices').stdout).toMatch(/fitzhugh-nagumo/);
    for (const name of ['tunnel-diode', 'TUNNEL']) {
      expect(run('devices', name).stdout).toMatch(/^tunnel-diode: [\s\S]*\bvpp\b.*V/);
    }
    expect(run('devices', 'c').stdout).toMatch(/charge-capacitor/);
  });
});

describe('tellegen --help', () => {
  it.each([
    [['grad'], 'grad'],
    [['train', 'x.cir', '--foo'], 'train'],
    [['bench', 'x.cir', '--samples'], 'bench'],
    [['run', 'x.cir', '--format', 'xml'], 'run'],
    [['x.cir', '--foo'], 'run'],
  ])('%j points to the help of its command', (args, command) => {
    const { code, stderr } = run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(`(tellegen ${command} --help shows how it is used)`);
  });

  it('is what tellegen says when it is asked nothing', () => {
    expect(run().stderr).toBe(run('--help').stdout);
  });

  it('lists the commands', () => {
    const { code, stdout } = run('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/run[\s\S]*check[\s\S]*devices/);
  });

  it('loads no simulator: the entry and what it imports at once are small', () => {
    const entry = read('dist/cli.js');
    const chunks = [...entry.matchAll(/from\s*"\.\/(chunks\/[^"]+)"/g)].map((m) => read(`dist/${m[1]}`));
    expect([entry, ...chunks].reduce((sum, text) => sum + text.length, 0)).toBeLessThan(100_000);
  });
});

it('takes a first word that is nearly a command for a mistake, not for a deck', () => {
  const { code, stderr } = run('grda', 'some.cir');
  expect(code).toBe(2);
  expect(stderr).toBe('error: there is no command "grda" [unknown-command]\n  help: did you mean "grad"?\n');
});
