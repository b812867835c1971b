// Decks as problems of learning: rows, costs, values and bounds, and gradients with closed forms.
import { describe, expect, it } from 'vitest';
import { createCircuit } from '../../src/circuit/builder.js';
import { InputError } from '../../src/errors.js';
import { symbol } from '../../src/expression/build.js';
import { estimate } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { type Lesson, problemFor } from '../../src/lesson/lesson.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { mutant } from '../bench/mutations.js';
import { deck, under } from '../netlist/support.js';

const divider = `V1 in 0 2
R1 in out 1k
R2 out 0 3k
`;
const problem = (cards: string) => problemOf(deck(divider + cards));
const gradient = (cards: string, rule = 'adjoint') => {
  const p = problem(cards);
  const { cost, gradient: g } = estimate(p, rule);
  return { cost, by: new Map(p.parameters.map(({ name }, k) => [name, g[k]])) };
};
function diagnostics(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map((d) => `${d.code} ${under(d)}`.trim());
    throw error;
  }
  return [];
}

/** v(out) = v·r2/(r1 + r2) and its slopes. */
const out = (v: number, r1: number, r2: number) => ({
  v: (v * r2) / (r1 + r2),
  byR1: (-v * r2) / (r1 + r2) ** 2,
  byR2: (v * r1) / (r1 + r2) ** 2,
});

describe('the cost of a deck', () => {
  it('weight·½(v − target)² has the gradient weight·(v − target)·dv/dp', () => {
    const { v, byR1, byR2 } = out(2, 1e3, 3e3);
    const got = gradient('.train R*\n.cost op v(out) target=0.3 weight=2');
    expect(got.cost).toBeCloseTo((v - 0.3) ** 2, 12);
    expect(got.by.get('r1.r')).toBeCloseTo(2 * (v - 0.3) * byR1, 12);
    expect(got.by.get('r2.r')).toBeCloseTo(2 * (v - 0.3) * byR2, 12);
  });

  it('adds up over cards, with currents of sources and expressions', () => {
    const got = gradient('.train R1\n.cost op v(out) target=1\n.cost op expr={-v(in)*i(v1)} weight=3');
    const { v, byR1 } = out(2, 1e3, 3e3);
    const power = 4 / 4e3;
    expect(got.cost).toBeCloseTo((v - 1) ** 2 / 2 + 3 * power, 12);
    expect(got.by.get('r1.r')).toBeCloseTo((v - 1) * byR1 - (3 * power) / 4e3, 12);
  });

  it('is the mean over the rows of a table that sets sources, parameters and targets', () => {
    const rows = '.param y=0\n.data t V1 y\n1 0.5\n2 1\n-1 0.1\n.enddata\n';
    const got = gradient(`${rows}.train R1\n.cost op v(out) target=y`);
    const each = [
      [1, 0.5],
      [2, 1],
      [-1, 0.1],
    ].map(([x, y]) => ({ ...out(x, 1e3, 3e3), y }));
    expect(got.cost).toBeCloseTo(
      each.reduce((sum, { v, y }) => sum + (v - y) ** 2 / 6, 0),
      12,
    );
    expect(got.by.get('r1.r')).toBeCloseTo(
      each.reduce((sum, { v, y, byR1 }) => sum + ((v - y) * byR1) / 3, 0),
      12,
    );
  });

  it('may speak of a column by the name of the element that it sets', () => {
    const rows = '.data t V1\n1\n2\n.enddata\n';
    const got = gradient(`${rows}.train R1\n.cost op v(out) target={v1/2}`);
    const each = [1, 2].map((x) => (out(x, 1e3, 3e3).v - x / 2) ** 2 / 2);
    expect(got.cost).toBeCloseTo((each[0] + each[1]) / 2, 12);
  });

  it('over time is the integral or the sum at times, of a capacitor being charged', () => {
    const rc = `V1 in 0 1
R1 in out 1k
C1 out 0 1u ic=0
.tran 10u 2m uic
.options reltol=1e-6
.train R1 C1
`;
    const tau = 1e-3;
    const at = problemOf(deck(`${rc}.cost tran expr={v(out)} at=1m,2m`)).sample(
      Float64Array.of(1e3, 1e-6),
      0,
    );
    expect(at.costs).toMatchObject([{ at: 'times', times: [1e-3, 2e-3], weight: 1 }]);
    const p = problemOf(deck(`${rc}.cost tran expr={v(out)} from=0.5m`));
    expect(p.sample(p.values, 0).costs).toMatchObject([{ at: 'interval', from: 0.5e-3, to: 2e-3 }]);
    expect(p.transient).toMatchObject({ tstop: 2e-3, uic: true });
    const { cost } = estimate(p, 'adjoint');
    expect(cost).toBeCloseTo(1.5e-3 - tau * (Math.exp(-0.5) - Math.exp(-2)), 8);
  });
});

describe('a problem', () => {
  it('takes bounds from the card, then from the device', () => {
    const p = problem('.train R1 min=10 max={10*1k} log\n.train R2\n.cost op v(out) target=1');
    expect(p.parameters).toMatchObject([
      { name: 'r1.r', unit: 'Ω', min: 10, max: 1e4, log: true, group: 'r1' },
      { name: 'r2.r', min: -Infinity, max: Infinity, log: false, group: 'r2' },
    ]);
    expect([...p.values]).toEqual([1e3, 3e3]);
    expect(p.physical.get('r2.r')).toBe(3e3);
  });

  it('draws the same sample twice for the same values and row, and another for others', () => {
    const p = problem('.train R1\n.cost op v(out) target=1');
    const sample = p.sample(p.values, 0);
    expect(p.sample(p.values.slice(), 0)).toBe(sample);
    expect(sample.at(Float64Array.of(2e3)).values[0]).toBe(2e3);
    expect(p.sample(p.values, 0)).toBe(sample);
    expect(p.sample(Float64Array.of(2e3), 0)).not.toBe(sample);
  });

  it('moves what is not trained too, by the names of devices and by those of .train', () => {
    const p = problemOf(
      deck(`N1 a w cell\nR1 a 0 1\nR2 w 0 1\n.model cell fhn\n.train N1.i\n.cost op v(a) target=0`),
    );
    expect(p.parameters[0].name).toBe('n1.i');
    expect(p.physical.get('n1.i')).toBe(0);
    expect(p.physical.has('n1.ibias')).toBe(false);
    const cost = (moved: ReadonlyMap<string, number>) => {
      const { system, costs } = p.sample(p.values, 0, moved);
      const f = new Float64Array(system.size);
      const x = new Float64Array(system.size);
      x[system.size - 2] = 1;
      system.evaluate(x, 0, f, new Float64Array(system.charges));
      expect(costs).toHaveLength(1);
      return f[0];
    };
    expect(cost(new Map())).toBeCloseTo(0, 15);
    expect(cost(new Map([['n1.i', 0.5]]))).toBe(-0.5);
    expect(cost(new Map([['n1.ibias', 0.5]]))).toBe(-0.5);
  });

  it.each([
    ['', ['nothing-to-train', 'no-cost']],
    ['.train R1', ['no-cost']],
    ['.train R1\n.cost tran v(out) target=1', ['no-transient .cost']],
    ['.train R1 min=2k\n.cost op v(out) target=1', ['out-of-bounds .train']],
    ['.train V1 min=-1 log\n.cost op v(out) target=1', ['out-of-bounds .train']],
    ['.param y=0\n.data t V1\n1\n.enddata\n.train V1\n.cost op v(out) target=1', ['trained-input .train']],
    [
      '.param y=1 z={2*y}\nR3 out 0 {z}\n.data t y\n1\n.enddata\n.train R3\n.cost op v(out) target=1',
      ['trained-input .train'],
    ],
    ['.param y=1\n.data t y\n0\n.enddata\n.train R1\n.cost op v(out) target={1/y}', ['not-finite .cost']],
    [
      '.param y=1 z=1\n.data t y\n1\n.enddata\n.data u z\n1\n.enddata\n.train R1\n.cost op v(out) target=1',
      ['which-table .cost'],
    ],
    [
      '.param y=1 z=1\n.data t y\n1\n.enddata\n.data u z\n1\n.enddata\n.train R1\n.cost op v(out) target=y data=t\n.cost op v(out) target=z data=u',
      ['two-tables .cost'],
    ],
    ['.train R1\n.tran 1u 1m\n.cost tran v(out) target=1 at=1u,2m,3u', ['bad-time 2m']],
    ['.train R1\n.tran 1u 1m\n.cost tran v(out) target=1 to=2m', ['bad-time 2m']],
    ['.train R1\n.tran 1u 1m\n.cost tran v(out) target=1 from = {2*1m}', ['bad-time {2*1m}']],
    ['.param h=400u\n.train R1\n.tran 1u 1m\n.cost tran v(out) target=1 from=500u to={h}', ['bad-time {h}']],
  ])('%j is refused: %j', (cards, expected) => {
    expect(
      diagnostics(() => {
        const p = problem(cards);
        p.sample(p.values, 0);
      }),
    ).toEqual(expected);
  });

  it.each([
    ['V2 log', 'v2.dc = 0, and a logarithm needs positive values'],
    ['R3 log', 'r3.r = -2000, and a logarithm needs positive values'],
    ['R1 log max=-1', 'r1.r: max = -1, and a logarithm needs positive values'],
    ['R1 log min=-1', 'r1.r: min = -1, and a logarithm needs positive values'],
    ['R1 log min=2k', 'r1.r = 1000 begins outside 2000 … Infinity'],
  ])('a step in the logarithm needs what has one, in plain words: .train %s', (train, message) => {
    const cards = `R3 out 0 -2k\nV2 c 0 0\nR4 c 0 1\n.train ${train}\n.cost op v(out) target=1`;
    expect(() => problem(cards)).toThrow(message);
    expect(() => problem(cards)).not.toThrow(/2\.2250738585072014e-308/);
  });

  it('of several tables takes the one that the costs speak of, or that they name', () => {
    const tables = '.param y=1 z=1\n.data t y\n1\n2\n.enddata\n.data u z\n1\n2\n3\n.enddata\n.train R1\n';
    expect(problem(`${tables}.cost op v(out) target=y`).rows).toBe(2);
    expect(problem(`${tables}.cost op v(out) target=z`).rows).toBe(3);
    expect(problem(`${tables}.cost op v(out) target=1 data=u`).rows).toBe(3);
  });

  it('refuses rows whose numbers a device does not take', () => {
    const rows = '.train R1\n.cost op v(out) target=y\n.data d R2 y\n1k 1\n0 1\n.enddata';
    expect(() => problem(rows)).toThrow('r2: r = 0 must not be zero, in row 2 of the table');
  });
});

describe('damaged decks', () => {
  const sound = `t
V1 in 0 SIN(0 1 1k)
R1 in out 1k
C1 out 0 100n
.subckt s a
D1 a 0 dm
.ends
X1 out s
.param y=1
.data t V1 y
1 2
2 3
.enddata
.model dm d(is=1n cjo=10p)
.tran 10u 1m
.train R1 C1 *.D1.is V1.freq log min=1p
.cost tran v(out) target={y*time} from=0.5m data=t weight=2
.cost tran expr={v(out)*i(v1)} at=0.1m,{y*0.1m}
`;

  it('become problems or end in diagnostics', () => {
    let posed = 0;
    for (let k = 0; k < 400; k++) {
      const text = mutant([sound], k);
      try {
        const p = problemOf(parseDeck(text));
        p.sample(p.values, 0);
        posed++;
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(`mutant ${k}:\n${text}`, { cause: error });
      }
    }
    expect(posed).toBeGreaterThan(20);
    expect(posed).toBeLessThan(200);
  });
});

describe('a lesson', () => {
  const circuit = createCircuit('divider')
    .add('V1', 'in 0', 2)
    .add('R1', 'in out', 1e3)
    .add('R2', 'out 0', 3e3)
    .build();

  it('poses to a circuit in code the problem that a deck poses', () => {
    const p = problemFor(circuit, {
      train: [{ parameters: 'R*', min: 1, max: 1e6, log: true }],
      costs: [{ signal: 'V(out)', target: 'y', weight: 2 }, { signal: symbol('v(out)') }],
      data: {
        columns: ['V1', 'y'],
        rows: [
          [1, 0.5],
          [2, 1],
        ],
      },
    });
    const same = problem(
      '.param y=0\n.data t V1 y\n1 0.5\n2 1\n.enddata\n.train R* min=1 max=1MEG log\n.cost op v(out) target=y weight=2\n.cost op expr={v(out)}',
    );
    expect(p.parameters.map(({ name, min, max, log }) => [name, min, max, log])).toEqual(
      same.parameters.map(({ name, min, max, log }) => [name, min, max, log]),
    );
    expect(estimate(p, 'adjoint').gradient).toEqual(estimate(same, 'adjoint').gradient);
    expect(estimate(p, 'adjoint').cost).toBe(estimate(same, 'adjoint').cost);
  });

  it.each<[string, Lesson, string]>([
    ['unknown elements', { train: ['R9'], costs: [{ signal: 'V(out)' }] }, 'unknown-element'],
    ['nothing to train', { train: [], costs: [{ signal: 'V(out)' }] }, 'nothing-to-train'],
    ['no cost', { train: ['R1'], costs: [] }, 'no-cost'],
    ['unknown nodes', { train: ['R1'], costs: [{ signal: 'V(nope)' }] }, 'unknown-signal'],
    ['unknown names', { train: ['R1'], costs: [{ signal: 'V(out)-z' }] }, 'unknown-name z'],
    ['no transient', { train: ['R1'], costs: [{ signal: 'V(out)', over: {} }] }, 'no-transient'],
    [
      'short rows',
      { train: ['R1'], costs: [{ signal: 'V(out)' }], data: { columns: ['V1'], rows: [[]] } },
      'wrong-row',
    ],
    [
      'columns that mean nothing',
      { train: ['R1'], costs: [{ signal: 'V(out)' }], data: { columns: ['V9'], rows: [[1]] } },
      'unknown-column',
    ],
    [
      'options without sense',
      { train: ['R1'], costs: [{ signal: 'V(out)' }], options: { reltol: -1 } },
      'bad-option',
    ],
    [
      'times without sense',
      { train: ['R1'], costs: [{ signal: 'V(out)', over: {} }], transient: { tstop: -1 } },
      'bad-analysis',
    ],
    [
      'a sweep without sense',
      {
        train: ['R1'],
        costs: [{ signal: 'VM(out)', response: { variation: 'dec', points: 0, fstart: 1, fstop: 9 } }],
      },
      'bad-analysis',
    ],
    [
      'a weight that is none',
      { train: ['R1'], costs: [{ signal: 'V(out)', weight: Number.NaN }] },
      'not-finite',
    ],
    [
      'a trained input',
      { train: ['V1'], costs: [{ signal: 'V(out)' }], data: { columns: ['V1'], rows: [[1]] } },
      'trained-input',
    ],
  ])('with %s is refused', (_, lesson, code) => {
    expect(diagnostics(() => problemFor(circuit, lesson))[0]).toContain(code);
  });
});

describe('numbers that an estimate cannot be made of', () => {
  const circuit = createCircuit('divider')
    .add('V1', 'in 0', 1)
    .add('R1', 'in b', 1e3)
    .add('R2', 'b 0', 1e3)
    .build();
  const problem = problemFor(circuit, { train: ['R*'], costs: [{ signal: 'V(b)', target: 0.3 }] });

  it('are refused: a nudge of nothing, values that are too few', () => {
    expect(() => estimate(problem, 'equilibrium', { beta: 0 })).toThrow(/beta = 0 is no strength of a nudge/);
    expect(() => estimate(problem, 'equilibrium', { beta: Number.NaN })).toThrow(/beta = NaN/);
    expect(() => estimate(problem, 'adjoint', {}, new Float64Array(1))).toThrow(/1 values for 2 parameters/);
  });
});
