// Circuits that carry their own gradient, run by our own simulator.
import { describe, expect, it } from 'vitest';
import { dualOf } from '../../src/dual/dual.js';
import { InputError } from '../../src/errors.js';
import { estimate } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { dualDeck } from '../../src/lesson/dual-deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';
import { everyDevice } from '../learn/circuits.js';
import { CASES, costate, deckOf, differences } from './circuits.js';

const FORMS = ['adjoint', 'dyadic'] as const;

/** Columns of the last analysis, the last point. */
function run(text: string): (name: string) => number {
  const { datasets, warnings, failure } = simulate(parseDeck(text));
  expect(failure).toBeUndefined();
  expect(warnings).toEqual([]);
  return (name) => datasets[0].columns.find((c) => c.name === name)!.values.at(-1)!;
}

describe.each(CASES)('$name', ({ text, cost }) => {
  const deck = deckOf(text);
  const reference = differences(deck, cost);
  const lambda = costate(deck, cost);
  const size = Math.max(...[...lambda.values()].map(Math.abs));

  it.each(FORMS)('carries λ and its gradient in the %s form', (form) => {
    const of = run(dualDeck(deck, { form }));
    const { nodes } = dualOf(deck.circuit, { op: 'const', value: 0 }, { form });
    for (const [node, value] of lambda) {
      const read = of(`v(${nodes.get(node)})`);
      const found = form === 'adjoint' ? read : -read;
      expect(Math.abs(found - value) / size, `λ of ${node}`).toBeLessThan(1e-9);
    }
    expect(reference.size).toBeGreaterThan(6);
    for (const [name, value] of reference) {
      expect(Math.abs(of(`v(grad_${name})`) / value - 1), name).toBeLessThan(1e-7);
    }
  });
});

const rc = (tstop: number): string => `I1 0 a 1
R1 a 0 1
C1 a 0 1
.train R1
.cost op v(a) target=0.25
.tran 0.01 ${tstop} 0 0.05 uic
.options reltol=1e-8
`;

describe('in time', () => {
  it('λ of an RC relaxes beside it as t·exp(−t) and exp(−t): the spectrum, twice', () => {
    const { datasets } = simulate(parseDeck(dualDeck(parseDeck(`rc\n${rc(4)}.end\n`))));
    const [{ axis, columns }] = datasets;
    const lambda = columns.find((c) => c.name === 'v(a_adj)')!.values;
    axis!.values.forEach((t, k) => {
      const expected = -(0.75 * (1 - Math.exp(-t)) - t * Math.exp(-t));
      expect(Math.abs(lambda[k] - expected)).toBeLessThan(1e-5);
    });
  });

  it('both forms relax alike, through nonlinear charges and fluxes, to the gradient of the operating point', () => {
    const text = `V1 in 0 PULSE(0 0.6 0 1n 1n 1 2)
R1 in a 100
D1 a b dm
R2 b 0 200
C1 b 0 Q={1n*(x+0.3*x^2)+0.2n*V(a)}
R3 b c 50
L1 c d 1u
R4 d 0 100
.model dm d(is=1e-9 n=1.5 rs=5 cjo=200p tt=5n)
.train R1 R2 R4 C1 D1.is D1.rs D1.cjo
.cost op v(d) target=0.1
`.replace(' C1 D1', ' D1');
    const cards = '.tran 1n 5u 0 20n\n.options reltol=1e-7\n';
    const at = FORMS.map((form) => {
      const [data] = simulate(parseDeck(dualDeck(parseDeck(`c\n${text}${cards}.end\n`), { form })), {
        at: [0.2e-6, 0.5e-6, 1e-6, 5e-6],
      }).datasets;
      return (name: string): Float64Array => data.columns.find((c) => c.name === name)!.values;
    });
    const [adjoint, dyadic] = at;
    for (const node of ['a', 'b', 'd', 'd1_inner']) {
      const [lambda, stress] = [adjoint(`v(${node}_adj)`), dyadic(`v(${node}_s)`)];
      const size = Math.max(...lambda.map(Math.abs));
      lambda.forEach((value, k) => {
        expect(Math.abs(value + stress[k]) / size).toBeLessThan(1e-4);
        expect(Math.abs(value) / size).toBeGreaterThan(0.01);
      });
      expect(Math.abs(lambda[0] / lambda[3] - 1)).toBeGreaterThan(0.01);
    }
    const settled = run(dualDeck(parseDeck(`c\n${text.replace('PULSE(0 0.6 0 1n 1n 1 2)', '0.6')}.end\n`)));
    for (const name of ['r1.r', 'r2.r', 'r4.r', 'd1.is', 'd1.rs', 'd1.cjo']) {
      const expected = settled(`v(grad_${name})`);
      for (const of of at) {
        expect(Math.abs(of(`v(grad_${name})`)[3] - expected)).toBeLessThanOrEqual(1e-4 * Math.abs(expected));
      }
    }
  });

  it('a flux that saturates settles, too', () => {
    const deck = parseDeck(
      `flux
V1 in 0 PULSE(0 1 0 1n 1n 1 2)
R1 in a 1
L1 a b Flux={1u*tanh(x)}
R2 b 0 1
.train R2
.cost op v(b) target=0.2
.tran 10n 20u
.options reltol=1e-6
.end
`,
    );
    for (const form of FORMS) expect(run(dualDeck(deck, { form }))('v(grad_r2.r)')).toBeCloseTo(0.075, 5);
  });
});

describe('a line', () => {
  it('is its own transpose, at rest and in time', () => {
    const deck = parseDeck(
      `line\nV1 in 0 PULSE(0 1 0 0.1n 0.1n 1 2)\nR1 in a 75\nT1 a 0 b 0 z0=50 td=1n\nR2 b 0 150\n.train R1 R2 V1
.cost op v(b) target=0.5\n.tran 0.1n 40n\n.end\n`,
    );
    for (const form of FORMS) {
      const of = run(dualDeck(deck, { form }));
      // v(b) = R2/(R1 + R2), dc/dR = (v(b) − ½)·dv/dR
      expect(of('v(grad_r1.r)')).toBeCloseTo(((2 / 3 - 0.5) * -150) / 225 ** 2, 7);
      expect(of('v(grad_r2.r)')).toBeCloseTo(((2 / 3 - 0.5) * 75) / 225 ** 2, 7);
    }
  });
});

describe('rows of data', () => {
  const deck = parseDeck(`rows
.param w=2 y=0
V1 in 0 1
R1 in out 1k
R2 out 0 {1k*w}
.data table v1 y
1 0.5
3 0.25
.enddata
.train R2
.cost op v(out) target={y*v1} data=table
.end
`);
  it.each([
    [1, 1, 0.5],
    [2, 3, 0.75],
  ])('row %i has its own input and target', (row, v, target) => {
    const of = run(dualDeck(deck, { row }));
    expect(of('v(out)')).toBeCloseTo((v * 2) / 3, 9);
    expect(of('v(grad_r2.r)')).toBeCloseTo((((v * 2) / 3 - target) * v * 1e3) / 3e3 ** 2, 9);
  });

  it('there is no third', () => {
    expect(() => dualDeck(deck, { row: 3 })).toThrow(/rows 1 to 2/);
  });
});

/** Everything that may be trained, of every kind of device. */
describe.each(Object.entries(everyDevice))('every device: %s', (name, cards) => {
  const [first, second] = { 'two-terminal elements': ['g', 'd'], 'controlled sources': ['h', 'e'] }[name] ?? [
    'e',
    'h',
  ];
  const deck = deckOf(
    `${cards}\n.train *.*\n.cost op v(${first}) target=0.3\n.cost op v(${second}) target=0.1\n`,
  );
  const problem = problemOf(deck);
  const { gradient } = estimate(problem, 'adjoint');

  it.each(FORMS)('the %s form is the adjoint rule', (form) => {
    const of = run(dualDeck(deck, { form }));
    expect(gradient.filter((v) => v !== 0).length).toBeGreaterThan(15);
    // In the same unit for all parameters: p·dc/dp.
    const largest = Math.max(...gradient.map((v, k) => Math.abs(v * problem.values[k])));
    problem.parameters.forEach(({ name: parameter }, k) => {
      const apart = of(`v(grad_${parameter})`) - gradient[k];
      expect(Math.abs(apart * problem.values[k]) / largest, parameter).toBeLessThan(1e-8);
      expect(Math.abs(apart), parameter).toBeLessThanOrEqual(1e-6 * Math.abs(gradient[k]) + 1e-15);
    });
  });
});

describe('what has no dual says so', () => {
  const wrong = (cards: string): (() => string) => {
    const text = `v\nV1 a 0 1\nR1 a b 1k\nR2 b 0 1k\nT1 b 0 c 0 z0=50 td=1n\nR3 c 0 50\n${cards}.end\n`;
    return () => dualDeck(parseDeck(text));
  };
  it.each([
    ['no cost', '.train R1\n.op\n', 'no-cost'],
    ['a cost over time', '.cost tran v(b) target=1\n.tran 1n 1u\n', 'cost-in-time'],
    ['a cost of the current of a line', '.cost op expr={i(t1)}\n', 'no-dual'],
  ])('%s', (_, cards, code) => {
    let found: unknown;
    try {
      wrong(cards)();
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(InputError);
    expect((found as InputError).diagnostics.map((d) => d.code)).toEqual([code]);
    expect((found as InputError).diagnostics[0].hint).toMatch(/\w/);
  });

  it('a cost, in code, of a node that does not exist', () => {
    const { circuit } = parseDeck('r\nR1 out 0 1\n.op\n.end\n');
    expect(() => dualOf(circuit, { op: 'sym', name: 'v(oat)' })).toThrow(/oat/);
  });
});

describe('controlled sources in subcircuits', () => {
  const deck = deckOf(`.subckt amplifier in out
E1 m 0 in 0 3
V1 m p 0
R1 p out 600
F1 in 0 V1 0.1
.ends
V1 in 0 0.4
R1 in a 1k
X1 a b amplifier
R2 b 0 700
X2 b c amplifier
H1 d 0 X1.V1 50
R3 c d 400
.train R* X*.R1 X*.E1 X*.F1 H1
.cost op v(c) target=0.1 weight=3
.cost op expr={v(d)*v(b)}
`);
  const problem = problemOf(deck);
  const { gradient } = estimate(problem, 'adjoint');

  it.each(FORMS)('the %s form senses what the transposes of others have become', (form) => {
    const of = run(dualDeck(deck, { form }));
    problem.parameters.forEach(({ name }, k) => {
      expect(gradient[k], name).not.toBe(0);
      expect(Math.abs(of(`v(grad_${name})`) / gradient[k] - 1), name).toBeLessThan(1e-8);
    });
  });
});
