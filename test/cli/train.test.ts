import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { folder, file, run, interrupt } = tellegen();
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** A divider that is to give 0.3 V from 1 V and 0.15 V from 0.5 V: r2/(r1 + r2) = 0.3. */
const divider = file(
  'divider.cir',
  `Divider
.param in=1 y=0.3
V1 in 0 {in}
R1 in out 1k
R2 out 0 1k
.data rows in y
+ 1 0.3
+ 0.5 0.15
.enddata
.train R2 min=10 max=10k log
.cost op v(out) target={y} data=rows
.op
.end
`,
);
const options = ['--rule', 'adjoint', '--optimiser', 'adam', '--lr', '0.05'];

describe('tellegen train', () => {
  it('lowers the cost epoch by epoch, as CSV, and writes the deck that has learnt', () => {
    const { code, stdout, stderr } = run('train', divider, ...options, '--epochs', '200', '-o', 'learnt.cir');
    expect(code).toBe(0);
    const rows = stdout.trim().split('\n');
    expect(rows[0]).toBe('epoch,cost');
    expect(rows).toHaveLength(201);
    expect(stderr).toMatch(/200 epochs: cost 0\.0125\d* → /);
    const r2 = Number(/^r2 out 0 (\S+)$/m.exec(read('learnt.cir'))?.[1]);
    expect(r2).toBeCloseTo(3000 / 7, 1);
    const again = run('run', 'learnt.cir', '--param', 'in=0.5', '--quiet');
    expect(again.stdout).toMatch(/^0\.5,0\.1500/m);
  });

  it('stops a parameter at its bound', () => {
    const bounded = file('bounded.cir', read('divider.cir').replace('min=10', 'min=600'));
    const { stdout } = run('train', bounded, ...options, '--epochs', '60', '--json');
    expect(JSON.parse(stdout).parameters).toEqual({ 'r2.r': 600 });
  });

  it('says how many rows it gets right when targets are classes', () => {
    const classes = file('classes.cir', read('divider.cir').replace('+ 0.5 0.15', '+ 0.5 0.15\n+ 0.9 0.3'));
    const { stdout } = run('train', classes, ...options, '--epochs', '100');
    const [head, ...rows] = stdout.trim().split('\n');
    expect(head).toBe('epoch,cost,accuracy');
    expect(rows.at(-1)).toMatch(/,1$/);
  });
});

describe('a training that is stopped', () => {
  const long = ['train', divider, ...options, '--batch', '1', '--seed', '3'];

  it('goes on from its checkpoint to the same deck and the same log, to the last bit', () => {
    const whole = run(...long, '--epochs', '40', '-o', 'whole.cir');
    run(...long, '--epochs', '15', '-o', 'parts.cir');
    const rest = run(...long, '--epochs', '40', '-o', 'parts.cir', '--resume');
    expect(rest.code).toBe(0);
    expect(rest.stdout).toBe(whole.stdout);
    expect(read('parts.cir')).toBe(read('whole.cir'));
  });

  it('even when it was killed', async () => {
    const whole = run(...long, '--epochs', '3000', '-o', 'unharmed.cir');
    const cli = join(folder, 'dist', 'cli.js');
    const args = [cli, ...long, '--epochs', '3000', '-o', 'killed.cir', '--save-every', '0'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    const kept = join(folder, 'killed.cir.checkpoint.json');
    const watch = setInterval(() => existsSync(kept) && child.kill('SIGKILL'), 5);
    await new Promise((resolve) => child.on('close', resolve));
    clearInterval(watch);
    expect(existsSync(join(folder, 'killed.cir'))).toBe(false);
    const { history } = JSON.parse(read('killed.cir.checkpoint.json'));
    expect(history.length).toBeLessThan(3000);
    const rest = run(...long, '--epochs', '3000', '-o', 'killed.cir', '--resume');
    expect(rest.stdout).toBe(whole.stdout);
    expect(read('killed.cir')).toBe(read('unharmed.cir'));
  });

  it('does not go on with another deck or other options', () => {
    run(...long, '--epochs', '5', '-o', 'mine.cir');
    const other = run(...long, '--lr', '0.1', '--epochs', '9', '-o', 'mine.cir', '--resume');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/belongs to another deck or other options.*\n +help: /);
  });
});

describe('a training beside which a switch flips at an instant that stays where it was', () => {
  const oscillator = `Oscillator
V1 in 0 1
R1 in out 1k
C1 out 0 1u ic=0
S1 out g out 0 sm
Rg g 0 100
.model sm sw(vt=0.5 vh=0.2 ron=1 roff=1g)
.tran 10u 2m uic
.train R1 min=500 max=2k log
.cost tran v(out) target=0.4
`;
  const beside = file('beside.cir', `${oscillator}T1 out 0 far 0 z0=50k td=0.1m\nRf far 0 50k\n`);
  const few = ['--epochs', '3', '--optimiser', 'adam', '--lr', '0.01'];

  it('says so once, in the first epoch, and once more when it goes on', () => {
    const { code, stdout, stderr } = run('train', beside, ...few, '-o', 'beside-learnt.cir');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('epoch,cost');
    const note = /not differentiated: the instants at which s1 flips \[frozen-instants\]\n {2}help: /g;
    expect(stderr.match(note)).toHaveLength(1);
    const rest = run('train', beside, ...few, '--epochs', '4', '-o', 'beside-learnt.cir', '--resume');
    expect(rest.stderr.match(note)).toHaveLength(1);
  });

  it('names it once in JSON, and is silent where the instant moves', () => {
    const { frozenInstants, history } = JSON.parse(run('train', beside, ...few, '--json', '--quiet').stdout);
    expect(frozenInstants).toEqual(['s1']);
    expect(Object.keys(history[0])).toEqual(['epoch', 'cost']);
    const { stdout, stderr } = run('train', file('alone.cir', oscillator), ...few, '--json');
    expect(stderr).not.toMatch(/frozen-instants/);
    expect(JSON.parse(stdout)).not.toHaveProperty('frozenInstants');
  });
});

describe('a training whose files are not what they should be', () => {
  const card = '\nV1 a 0 1\nR1 a b 1k\nR2 b 0 1k\n.train R1\n.cost op v(b) target=0.3\n';
  const own = file('own.cir', `A divider${card}`);

  it('leaves the deck alone that it is given to write over', () => {
    const { code, stderr } = run('train', own, '--epochs', '1', '-o', './own.cir');
    expect(code).toBe(2);
    expect(stderr).toMatch(/own\.cir is the deck itself \[overwrite\]\n {2}help: give -o another name/);
    expect(run('dual', own, '-o', own).code).toBe(2);
    expect(readFileSync(join(folder, 'own.cir'), 'utf8')).toBe(`A divider${card}`);
  });

  it('says that there is nothing to go on from', () => {
    const { code, stderr } = run('train', own, '--epochs', '1', '-o', 'new.cir', '--resume');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no checkpoint new\.cir\.checkpoint\.json/);
  });
});

describe('a training that goes astray', () => {
  const bare = file(
    'bare.cir',
    'Bare\nV1 in 0 1\nR1 in out 1k\nR2 out 0 1k\n.train R1\n.cost op v(out) target=0.9\n',
  );

  it('says that a resistance has changed its sign and that the cost rose', () => {
    const { code, stderr } = run('train', bare, '--lr', '1e8', '--epochs', '5', '-o', 'astray.cir');
    expect(read('astray.cir')).toMatch(/^r1 in out -/m);
    expect(code).toBe(0);
    expect(stderr).toMatch(/r1\.r changed sign \[sign-changed\]\n {2}help: .*min=.*log/);
    expect(stderr).toMatch(/the cost rose from 0\.08000 to .* \[cost-rose\]\n {2}help: .*--lr/);
  });

  it('says that a capacitance has left its scale, which steps in farads soon do', () => {
    const deck = file(
      'farads.cir',
      'Farads\nV1 in 0 SIN(0 1 1k)\nR1 in out 1k\nC1 out 0 1u\n.train C1\n.cost tran v(out) target=0.1\n.tran 10u 1m\n',
    );
    const { stderr } = run('train', deck, '--optimiser', 'adam', '--lr', '0.01', '--epochs', '2');
    expect(stderr).toMatch(
      /more than a thousandfold: c1\.c from 0\.000001 to 0\.0\d+ \[scale-left\]\n {2}help: .*log/,
    );
  });

  it('has nothing to say of one that goes well, but where its result would be', () => {
    const { stderr } = run('train', bare, '--lr', '1e5', '--epochs', '5');
    expect(stderr).not.toMatch(/warning/);
    expect(stderr).toMatch(/not kept: -o trained\.cir/);
    expect(run('train', bare, '--lr', '1e5', '--epochs', '5', '-o', 'well.cir').stderr).not.toMatch(
      /not kept/,
    );
  });

  it('ends within an epoch when the user does not want to wait', async () => {
    const rows = Array.from({ length: 60000 }, (_, k) => `+ ${(k % 7) / 10}`).join('\n');
    const wide = file(
      'wide.cir',
      read('bare.cir').replace('.train', `.data rows V1\n${rows}\n.enddata\n.train`),
    );
    const { code, stdout, stderr } = await interrupt('train', wide, '--rule', 'differences', '--epochs', '9');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/internal/);
  });
});

it('does not begin what could not be written', () => {
  const { code, stdout, stderr } = run('train', divider, ...options, '--epochs', '5', '-o', '.');
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/\. *(is|:|it is).*folder/s);
});

describe('what cannot be trained exits with 2 and says the way out', () => {
  it.each([
    ['no rule of that name', [divider, '--rule', 'backprop'], /there is no rule backprop.*\n.*adjoint/s],
    ['all rules at once', [divider, '--rule', 'all'], /no rule all.*\n {2}help: the rules are adjoint/],
    ['no optimiser of that name', [divider, '--optimiser', 'sgd'], /gd, momentum, adam/],
    ['a rate that is none', [divider, '--lr', '-1'], /--lr -1/],
    ['a checkpoint that is none', [divider, '--resume', '--checkpoint', 'divider.cir'], /no checkpoint/],
    ['nothing to train', [file('idle.cir', 'Idle\nV1 a 0 1\nR1 a 0 1\n.op\n.end\n')], /\.train/],
  ])('%s', (_, args, says) => {
    const { code, stdout, stderr } = run('train', ...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });
});
