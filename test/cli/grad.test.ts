import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { file, run, pipe, interrupt } = tellegen();
const reciprocal = file('three-ways.cir', readFileSync('netlists/three-ways.cir', 'utf8'));
const oneWay = file(
  'one-way.cir',
  `one-way
V1 in 0 1
R1 in a 1k
R2 a 0 1k
E1 b 0 a 0 3
.subckt load p
R4 p 0 2k
.ends
R3 b out 1k
X1 out load
.param y=0.3
.train R1 R3 X1.R4
.cost op v(out) target=y
`,
);

interface Answer {
  readonly gradient: Readonly<Record<string, number>>;
  readonly relativeError: number;
  readonly misalignment: number;
  readonly normRatio: number;
  readonly validity: {
    readonly residual: number;
    readonly valid: boolean;
    readonly code?: string;
    readonly reason?: string;
  };
}
interface Answers {
  readonly cost: number;
  readonly rules: Record<string, Answer>;
  readonly refused: Record<
    string,
    { readonly code: string; readonly message: string; readonly help: string }
  >;
}
const NO_TARGET = 'no target\nV1 a 0 1\nR1 a out 1k\nR2 out 0 2k\n.train R1\n.cost op expr={v(out)**2}\n';
const json = (...args: string[]): Answers => {
  const { code, stdout } = run('grad', ...args, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('tellegen grad', () => {
  it('gives cost and, by rule, the gradient by parameter with its measures', () => {
    const { cost, rules } = json(oneWay, '--rule', 'adjoint');
    // v(out) = 1 V·½·3·⅔ = 1 V: cost ½·0.7².
    expect(cost).toBeCloseTo(0.245, 12);
    expect(Object.keys(rules)).toEqual(['adjoint']);
    expect(Object.keys(rules.adjoint)).toEqual([
      'gradient',
      'relativeError',
      'misalignment',
      'normRatio',
      'validity',
    ]);
    const { gradient } = rules.adjoint;
    expect(Object.keys(gradient)).toEqual(['r1.r', 'r3.r', 'x1.r4.r']);
    expect(gradient['r1.r']).toBeCloseTo((0.7 * -1) / 2e3, 12);
    expect(gradient['r3.r']).toBeCloseTo((0.7 * -1) / 3e3, 12);
    expect(gradient['x1.r4.r']).toBeCloseTo((0.7 * 1) / 2e3 / 3, 12);
    expect(rules.adjoint.relativeError).toBe(0);
  });

  it('prints the cost of the circuit itself beside rules whose phases rest elsewhere', () => {
    const card = ['V1 a 0 1', 'R1 a out 1k', 'D1 out 0 junction', '.model junction d', '.train R1'];
    const bent = file('bent.cir', ['a diode', ...card, '.cost op v(out) target=0'].join('\n'));
    const split = json(bent, '--rule', 'stress:split', '--beta', '0.3m');
    const exact = json(bent, '--rule', 'adjoint');
    expect(split.rules['stress:split'].relativeError).toBeGreaterThan(1e-3);
    expect(split.cost).toBe(exact.cost);
  });

  it('prints a column for every rule, the verdict, and the measures below', () => {
    const { code, stdout } = run('grad', reciprocal);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^verdict +reciprocal$/m);
    expect(stdout).toMatch(/^parameter +adjoint +direct +differences +equilibrium/m);
    expect(stdout).toMatch(/^r1\.r( +-?[\d.]+(e-?\d+)?){4}/m);
    for (const measure of [
      'relative error',
      'misalignment',
      'norm ratio',
      'SNR',
      'sign agreement',
      'Tellegen',
    ])
      expect(stdout).toContain(`\n${measure}`);
  });

  it('shows how wrong a rule is that does not hold here, and says why', () => {
    const { stdout } = run('grad', oneWay);
    expect(stdout).toMatch(/verdict +not EP-compatible: e1/);
    expect(stdout).toMatch(/equilibrium\*/);
    expect(stdout).toMatch(/biased here \(\*\): equilibrium: .*e1/);
    const { equilibrium, adjoint } = json(oneWay).rules;
    expect(adjoint.validity.valid).toBe(true);
    expect(equilibrium.validity.valid).toBe(false);
    expect(equilibrium.validity.reason).toContain('e1');
    expect(equilibrium.relativeError).toBeGreaterThan(0.5);
  });

  it('says in JSON which rules have no answer, and why; what is biased keeps its numbers', () => {
    const { rules, refused } = json(file('no-target.cir', NO_TARGET));
    expect(Object.keys(rules)).toContain('equilibrium');
    expect(Object.keys(refused)).toEqual(['coupled']);
    expect(refused.coupled.code).toBe('no-target');
    expect(refused.coupled.message).toMatch(/v\(out\).*has no target/);
    expect(refused.coupled.help).toMatch(/target=/);
    const biased = json(oneWay);
    expect(biased.refused.equilibrium).toBeUndefined();
    expect(biased.rules.equilibrium.validity.code).toBe('not-reciprocal');
    expect(json(oneWay, '--rule', 'adjoint').refused).toEqual({});
  });

  it('writes null for errors that are infinite: the exact gradient is 0, and that of a nudge is rounding', () => {
    const met = 'met\nV1 a 0 3\nR1 a out 1k\nR2 out 0 2k\n.train R1\n.cost op v(out) target=2\n';
    const { cost, rules } = json(file('met.cir', met));
    expect(cost).toBe(0);
    expect(rules.adjoint).toMatchObject({ gradient: { 'r1.r': 0 }, relativeError: 0, normRatio: 1 });
    for (const { gradient, relativeError, normRatio } of Object.values(rules)) {
      expect(Math.abs(gradient['r1.r'])).toBeLessThan(1e-9);
      expect(relativeError).toBe(gradient['r1.r'] === 0 ? 0 : null);
      expect(normRatio).toBe(gradient['r1.r'] === 0 ? 1 : null);
    }
  });

  it('refuses such a rule when it is asked for by name, with the devices and a way out', () => {
    const { code, stdout, stderr } = run('grad', oneWay, '--rule', 'equilibrium');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/not-reciprocal/);
    expect(stderr).toMatch(/devices +e1/);
    expect(stderr).toMatch(/help: .*adjoint/);
  });

  it('takes β, parameters, several rules and standard input', () => {
    const error = (beta: string) =>
      json(reciprocal, '--rule', 'equilibrium', '--beta', beta).rules.equilibrium.relativeError;
    expect(error('1e-3') / error('1e-4')).toBeGreaterThan(80);
    expect(json(oneWay, '--param', 'y=1', '--rule', 'adjoint,direct').cost).toBeCloseTo(0, 12);
    expect(Object.keys(json(oneWay, '--rule', 'direct', '--rule', 'adjoint').rules)).toEqual([
      'direct',
      'adjoint',
    ]);
    expect(pipe(readFileSync('netlists/three-ways.cir', 'utf8'), 'grad', '-').code).toBe(0);
  });

  it.each([
    ['a rule that does not exist', ['--rule', 'equilibirum'], /did you mean "equilibrium"/],
    [
      'a variant where a rule should stand',
      ['--rule', 'equilibrium:centred,relax'],
      /no rule relax.*\n {2}help: a variant is joined to its rule by ":", as equilibrium:relax; a comma begins/,
    ],
    ['a nudge that is no number', ['--beta', 'strong'], /write a number/],
    ['a parameter that is no number', ['--param', 'y=high'], /--param/],
  ])('exits with 2 for %s', (_, args, expected) => {
    const { code, stdout, stderr } = run('grad', oneWay, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
  });

  it('exits with 2, a place and a caret for cards that are wrong', () => {
    const wrong = file(
      'wrong.cir',
      'wrong\nV1 a 0 1\nR1 a b 1\nR2 b 0 1\n.train R3\n.cost op v(c) target=1\n',
    );
    const { code, stderr } = run('grad', wrong);
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.cir:5:8: error: no element is called "r3"');
    expect(stderr).toContain('\n         ^^\n');
    expect(stderr).toContain('wrong.cir:6:10: error: no node is called "c"');
    expect(stderr).toContain('help: the nodes here are a, b\n');
    expect(stderr).toContain('2 errors');
  });

  it('exits with 2 for a deck that trains nothing, with 1 where there is no operating point', () => {
    const idle = run('grad', file('idle.cir', 'idle\nV1 a 0 1\nR1 a 0 1\n.op\n'));
    expect(idle.code).toBe(2);
    expect(idle.stderr).toMatch(/\.train[\s\S]*\.cost/);
    const endless = file(
      'endless.cir',
      'endless\nI1 0 a 1\nB1 a 0 I=-V(a)**2\n.options itl1=20\nR1 a 0 1MEG\n.train R1\n.cost op v(a) target=0\n',
    );
    const { code, stderr } = run('grad', endless);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /m);
  });

  it('ends when the user does not want to wait', async () => {
    const many = 400;
    const rows = Array.from({ length: 4000 }, (_, k) => `${k / 4000}`).join('\n');
    const slow = file(
      'slow.cir',
      `slow
V1 n0 0 1
${Array.from({ length: many }, (_, k) => `R${k} n${k} n${k + 1} 1k\nRg${k} n${k + 1} 0 1k`).join('\n')}
.data t V1
${rows}
.enddata
.options foo=1
.train R*
.cost op v(n1) target=0
`,
    );
    const { code, stdout, stderr } = await interrupt('grad', slow, '--rule', 'differences');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/interrupted/);
  });
});

it('over time the rules that speak of it stand beside the exact one, forward and backward', () => {
  const charging = file(
    'charging.cir',
    'charging\nV1 in 0 1\nR1 in out 1k\nC1 out 0 1u\nD1 out 0 d\n.model d d(is=1n)\n.tran 10u 1m\n' +
      '.train R1 C1 D1.is\n.cost tran v(out) target=0.5\n.end\n',
  );
  const { rules, refused } = json(charging, '--rule', 'all');
  expect(Object.keys(rules)).toEqual(['adjoint', 'direct', 'differences']);
  expect(rules.direct.relativeError).toBeLessThan(1e-12);
  expect(rules.direct.validity.valid).toBe(true);
  expect(refused.equilibrium.help).toContain('adjoint, direct, differences or replay');
});

describe('tellegen check', () => {
  it('says which rules are exact, and who breaks the symmetry', () => {
    expect(run('check', reciprocal).stdout).toMatch(
      /verdict: reciprocal\nexact here: adjoint, direct.*equilibrium/,
    );
    const { code, stdout } = run('check', oneWay);
    expect(code).toBe(0);
    expect(stdout).toMatch(/verdict: not EP-compatible: e1/);
    expect(stdout).toMatch(/exact here: adjoint, direct/);
    expect(stdout).toMatch(/not exact here: equilibrium/);
  });

  it('says how far the replay is off in its own steps, where a circuit rings faster than they follow', () => {
    const ringing = file(
      'ringing.cir',
      'ringing\nV1 in 0 PULSE(0 1 0 1u 1u 1 2)\nR1 in a 10\nL1 a out 1m\nC1 out 0 100n\n.tran 1u 1m\n' +
        '.train R1\n.cost tran v(out) target=1\n.end\n',
    );
    const { stdout } = run('check', ringing);
    expect(stdout).toMatch(/exact here: adjoint, .*differences\n/);
    expect(stdout).toMatch(/exact but for its steps: replay: \d+ % off in 1000 steps of implicit Euler/);
  });

  it('names switches whose instants stay where they were, beside a line', () => {
    const drive = 'switched\nV1 in 0 SIN(0 1 1k)\nR1 in a 100\nS1 a c a 0 s\nC1 c 0 1u\nR2 c 0 1k\n';
    const cards =
      '.model s sw(vt=0.25 vh=0.12 ron=50 roff=1meg)\n.tran 2u 1m\n.train R1\n.cost tran v(c) target=0.2\n';
    const alone = file('switched.cir', drive + cards);
    const beside = file('switched-line.cir', `${drive}T1 a 0 b 0 z0=50 td=20u\nRb b 0 80\n${cards}`);
    expect(run('check', beside).stdout).toMatch(/^not differentiated \(adjoint.*: .* s1 flips$/m);
    expect(JSON.parse(run('check', beside, '--json').stdout).rules.adjoint.frozenInstants).toEqual(['s1']);
    expect(run('check', alone).stdout).not.toMatch(/not differentiated/);
  });

  it('speaks of decks without .train, too, and to programs', () => {
    const cells = file('cells.cir', 'cells\nN1 a w c\nR1 a 0 1\n.model c fhn\n.op\n');
    const { verdict, rules, elements } = JSON.parse(run('check', cells, '--json').stdout);
    expect(elements).toBe(2);
    expect(verdict.symmetry).toBe('skew');
    expect(rules.adjoint.exact).toBe(true);
    expect(rules.equilibrium.exact).toBe(true);
  });

  it('warns of a point at which no phase comes to rest', () => {
    const tunnel = (bias: number) =>
      file(
        `tunnel-${bias}.cir`,
        `tunnel diode\nVb b 0 ${bias}\nR1 b a 5\nL1 a d 10n\nD1 d 0 td\n.model td TUNNEL(cjo=20p)\n.train R1\n.cost op v(d) target=0.1\n`,
      );
    expect(run('check', tunnel(0.2)).stdout).toMatch(
      /^unstable: a disturbance grows as exp\(1\.\d+e\+8·t\)/m,
    );
    expect(JSON.parse(run('check', tunnel(0.2), '--json').stdout).growth).toBeGreaterThan(1e8);
    expect(run('check', tunnel(0.05)).stdout).not.toMatch(/unstable/);
  });

  it('finds what is wrong with .train and .cost', () => {
    const { code, stderr } = run(
      'check',
      file('bounds.cir', 'b\nV1 a 0 1\nR1 a 0 1\n.train R1 min=2\n.cost op i(v1) target=0\n'),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/bounds\.cir:4:1: error: r1\.r = 1 begins outside 2/);
  });
});

describe('a law that is no number', () => {
  const imaginary = file(
    'imaginary.cir',
    'imaginary\nV1 in 0 1\nR1 in out 1k\nR2 out 0 1k\nB1 out 0 I={sqrt(-1-v(out)**2)}\n.train R1\n.cost op v(out) target=0.2\n.end\n',
  );
  const why =
    /^error: no operating point found: the law of b1 is not a number at v\(out\) = 0; .*\[not-finite\]$/m;

  it.each(['grad', 'train', 'bench'])('is named by %s, with its place and a way out', (command) => {
    const { code, stderr } = run(command, imaginary);
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(/^ {2}devices {2}b1$/m);
    expect(stderr).toMatch(
      /^ {2}help: keep its roots, logarithms and quotients from where they have no value/m,
    );
  });

  it('is why check has no verdict, in words and in JSON', () => {
    const said = /no operating point found: the law of b1 is not a number at v\(out\) = 0/;
    expect(run('check', imaginary).stdout).toMatch(new RegExp(`^verdict: none: ${said.source}`, 'm'));
    expect(JSON.parse(run('check', imaginary, '--json').stdout)).toMatchObject({
      verdict: null,
      reason: expect.stringMatching(said),
    });
  });
});

describe('a nudge that is too strong', () => {
  // Two currents of at most 2 mA and a nudge of β amperes: beyond ±1 and ±3 mA nothing balances it.
  const saturating = file(
    'saturating.cir',
    'saturating\nI1 0 a 1m\nB1 a 0 I={2m*tanh(v(a))}\nR1 a b 1k\nB2 b 0 I={2m*tanh(v(b))}\n.train R1\n.cost op expr={v(b)}\n.end\n',
  );

  it.each(['equilibrium', 'stress:split', 'asymmetric'])(
    'is said to be, by %s; a weak one is none',
    (rule) => {
      const { code, stderr } = run('grad', saturating, '--rule', rule, '--beta', '1');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: nudged by β = 1, no operating point found: /m);
      expect(stderr).toMatch(
        /^ {2}help: without the nudge the circuit comes to rest: choose a smaller beta/m,
      );
      expect(run('grad', saturating, '--rule', rule, '--beta', '1u').code).toBe(0);
    },
  );

  it('is not to blame where the circuit alone has no rest', () => {
    const restless = file(
      'restless.cir',
      'restless\nI1 0 a 1m\nB1 a 0 I={0.5m*tanh(v(a))}\nR1 a b 1k\nB2 b 0 I={0.1m*tanh(v(b))}\n.train R1\n.cost op expr={v(b)}\n.end\n',
    );
    const { stderr } = run('grad', restless, '--rule', 'equilibrium', '--beta', '1');
    expect(stderr).toMatch(/^error: no operating point found: /m);
    expect(stderr).not.toMatch(/help:/);
  });
});

describe('a cost that is no number', () => {
  const rows = '.data rows V1\n1\n-1\n.enddata\n';
  const divider = (cost: string, table = ''): string =>
    `t\nV1 in 0 1\nR1 in out 1k\nR2 out 0 1k\n${table}.train R1\n.cost op v(out) target=1\n.cost op expr={${cost}}\n`;
  const commands = ['grad', 'check', 'bench', 'dual', 'train'];

  it.each([
    ['NaN', 'ln(v(out)-0.6)', 'the cost ln(v(out)-0.6) is NaN'],
    ['infinite', '1/(v(out)-0.5)', 'the cost 1/(v(out)-0.5) is Infinity'],
    ['without a slope', 'sqrt(v(out)-0.5)', 'the slope of the cost sqrt(v(out)-0.5) by v(out) is Infinity'],
  ])('%s is an error at its card, with a way out, for every command', (_, cost, message) => {
    for (const command of commands) {
      const { code, stdout, stderr } = pipe(divider(cost), command, '-');
      expect([command, code, stdout]).toEqual([command, 1, '']);
      expect(stderr).toContain(
        `<stdin>:7:1: error: ${message} [not-finite]\n  .cost op expr={${cost}}\n  ^^^^^\n  help: keep logarithms`,
      );
    }
  });

  it('is an error that names the row', () => {
    for (const [command, ...more] of [...commands.map((c) => [c]), ['train', '--rule', 'equilibrium']]) {
      const chosen = command === 'dual' ? ['--row', '2'] : more;
      const { code, stderr } = pipe(divider('ln(v(out))', rows), command, '-', ...chosen);
      expect([command, code]).toEqual([command, 1]);
      expect(stderr).toContain(
        ':11:1: error: the cost ln(v(out)) is NaN in row 2 of the table [not-finite]\n',
      );
    }
    expect(pipe(divider('ln(v(out))', rows), 'dual', '-', '--row', '1').code).toBe(0);
  });

  it('has its place over time, too', () => {
    const { code, stderr } = pipe(
      divider('0').replace(/(\.cost op.*\n)+/, '.tran 1u 1m\n.cost tran expr={ln(v(out)-0.6)}\n'),
      'grad',
      '-',
    );
    expect(code).toBe(1);
    expect(stderr).toContain(':7:1: error: the cost ln(v(out)-0.6) is NaN [not-finite]\n  .cost tran');
  });
});

describe('a cost of an AC response', () => {
  const deck = `t
V1 in 0 DC 0.7 AC 1
R1 in out 1k
D1 out 0 dm
C1 out 0 1u
.model dm d(is=1p)
.ac dec 2 10 1k
.train R1 C1
.cost ac vdb(out) target=-6
`;

  it('has a gradient by three rules; the others say, each once, why they have none', () => {
    const { code, stdout } = pipe(deck, 'grad', '-');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^parameter +adjoint +direct +differences$/m);
    expect(stdout).toMatch(
      /not to be had here: equilibrium, asymmetric, coupled, stress, replay: .* says nothing of a cost of an AC response, and .* is one\n {2}help: .*adjoint, direct or differences/,
    );
    const { rules, refused } = JSON.parse(pipe(deck, 'grad', '-', '--json').stdout);
    expect(Object.keys(rules)).toEqual(['adjoint', 'direct', 'differences']);
    expect(rules.direct.relativeError).toBeLessThan(1e-8);
    expect(rules.differences.relativeError).toBeLessThan(1e-7);
    expect(Object.keys(refused)).toEqual(['equilibrium', 'asymmetric', 'coupled', 'stress', 'replay']);
    expect(refused.stress).toMatchObject({
      code: 'cost-of-response',
      help: expect.stringMatching(/adjoint, direct or differences/),
    });
  });

  it('is no matter of a dual network, nor on the bench of rules that nudge, which say so at its card', () => {
    for (const [args, way] of [
      [['dual', '-'], /help: .*tellegen grad/],
      [['bench', '-', '--rule', 'equilibrium'], /help: take adjoint, direct, differences\n/],
      [['bench', '-', '--rule', 'replay'], /help: take adjoint, direct, differences\n/],
    ] as const) {
      const { code, stdout, stderr } = pipe(deck, ...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/:9:1: error: .*\[cost-of-response\]\n {2}\.cost ac/);
      expect(stderr).toMatch(way);
    }
  });

  it('is measured on the bench', () => {
    const { code, stdout } = pipe(deck, 'bench', '-', '--set', 'mismatch=0.01', '--samples', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^adjoint +\d/m);
    expect(stdout).toMatch(/^differences +\d/m);
    expect(stdout).not.toMatch(/^(replay|equilibrium)/m);
  });

  it('is surveyed, and learnt', () => {
    expect(pipe(deck, 'check', '-').stdout).toMatch(
      /verdict: reciprocal\nexact here: adjoint, direct, differences\nnot exact here: equilibrium, /,
    );
    const options = ['--rule', 'adjoint', '--optimiser', 'adam', '--lr', '0.05', '--epochs', '3', '--quiet'];
    const { code, stdout } = pipe(deck.replace('R1 C1', 'R1 C1 log'), 'train', '-', ...options);
    expect(code).toBe(0);
    const costs = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
    expect(costs.length).toBe(3);
    expect(costs[2]).toBeLessThan(costs[0]);
  });

  it('says what is wrong with its card, where, and how to write it', () => {
    const { code, stderr } = pipe(deck.replace('vdb(out) target', 'v(out) target'), 'grad', '-');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /:9:10: error: this is a phasor.*\[complex-value\]\n {2}\.cost ac v\(out\) target=-6\n {11}\^{6}\n {2}help: write vm\(\)/,
    );
  });
});

describe('what a gradient leaves aside', () => {
  it('.step is said to be', () => {
    const deck = `${readFileSync('netlists/three-ways.cir', 'utf8').replace(/\.end\s*$/i, '')}.step temp 0 50 25\n`;
    const { code, stderr } = pipe(deck, 'grad', '-', '--rule', 'adjoint');
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: \.step is left aside.*\n.*\.step temp.*\n.*\n {2}help: /);
    expect(pipe(deck, 'grad', '-', '--rule', 'adjoint', '--quiet').stderr).toBe('');
  });

  it('a parameter that acts only in time is named, at its card; the numbers stay', () => {
    const deck =
      't\nV1 in 0 1\nR1 in out 1k\nC1 out 0 1u\nR2 out 0 1k\n.train R1 C1\n.cost op v(out) target=1\n';
    for (const command of ['grad', 'check', 'bench', 'train']) {
      const { code, stdout, stderr } = pipe(
        deck,
        command,
        '-',
        ...(command === 'train' ? ['--epochs', '1'] : []),
      );
      expect([command, code]).toEqual([command, 0]);
      expect(stderr).toMatch(
        /:6:1: warning: the gradient by c1\.c is exactly 0: .* \[no-gradient\]\n {2}\.train R1 C1\n {2}\^+\n {2}help: .*\.cost tran/,
      );
      if (command === 'grad') expect(stdout).toMatch(/^c1\.c +0 +0/m);
    }
    expect(pipe(deck, 'grad', '-', '--quiet').stderr).toBe('');
  });

  it('and a deck that only learns is told so by run', () => {
    const { code, stderr } = run('run', oneWay);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no analysis.*\n {2}help: .*tellegen grad, train and bench need none/);
  });
});

it('names the row that finds no operating point', () => {
  const deck = `t\nV1 in 0 1\nR1 in out 1k\nR2 out 0 1k\n.data rows R2\n1k\n-1k\n.enddata\n.train R1\n.cost op v(out) target=0.3\n`;
  for (const command of ['grad', 'train']) {
    const { code, stderr } = pipe(deck, command, '-');
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: row 2 of the table: no operating point found/);
  }
});
