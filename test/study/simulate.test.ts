// Decks as plain data, run: what is recorded, repeated, measured and kept.
import { describe, expect, it } from 'vitest';
import { createCircuit } from '../../src/circuit/builder.js';
import { InputError } from '../../src/errors.js';
import { constant, symbol } from '../../src/expression/build.js';
import type { AnalysisCard, Deck, MeasureCard, StepCard } from '../../src/netlist/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';
import { gridValues, linearGrid } from '../../src/study/sweep.js';

const span = { file: 'deck.cir', line: 1, column: 1, length: 4, text: 'card' };
const R = 1e3;
const C = 1e-6;

function lowpass(analyses: readonly AnalysisCard[], more: Partial<Deck> = {}): Deck {
  const circuit = createCircuit('low-pass')
    .parameter('r', R)
    .add('V1', 'in 0', { dc: 2, ac: [1, 0], pulse: [0, 1, 0, 1e-9, 1e-9, 1, 2] })
    .add('R1', 'in out', 'r')
    .add('C1', 'out 0', C)
    .build();
  return {
    circuit,
    analyses,
    options: new Map(),
    saves: [],
    saveAll: false,
    measures: [],
    steps: [],
    data: new Map(),
    trains: [],
    costs: [],
    warnings: [],
    ...more,
  };
}

const op: AnalysisCard = { kind: 'op', span };
const tran: AnalysisCard = { kind: 'tran', tstep: 1e-5, tstop: 5e-3, tstart: 0, uic: false, span };
const ac: AnalysisCard = { kind: 'ac', variation: 'dec', points: 10, fstart: 1, fstop: 1e4, span };
const dc: AnalysisCard = {
  kind: 'dc',
  sweeps: [{ variable: { kind: 'source', name: 'v1', parameter: 'dc' }, start: 0, stop: 1, step: 0.25 }],
  span,
};
const overR: StepCard = {
  variable: { kind: 'parameter', name: 'r' },
  grid: { scale: 'list', values: [500, 2000] },
  span,
};
const half: MeasureCard = {
  kind: 'when',
  name: 'half',
  analysis: 'tran',
  when: { left: symbol('v(out)'), right: constant(0.5), edge: 'rise', count: 1 },
  span,
};

describe('a deck', () => {
  it('without .save gives every node voltage, then the currents of sources', () => {
    const { datasets } = simulate(lowpass([op]));
    expect(datasets[0].columns.map((c) => c.name)).toEqual(['v(in)', 'v(out)', 'i(v1)']);
    expect(datasets[0].columns.map((c) => c.values[0])).toEqual([2, 2, expect.closeTo(0, 12)]);
  });

  it('with .save gives just those, in their order, and those of one analysis only there', () => {
    const saves = [
      { name: 'i(v1)', expr: symbol('i(v1)'), span },
      { name: 'v(in,out)', expr: symbol('v(in,out)'), span },
      { name: 'vdb(out)', expr: symbol('vdb(out)'), analysis: 'ac' as const, span },
    ];
    const { datasets } = simulate(lowpass([op, ac], { saves }));
    expect(datasets.map((d) => d.columns.map((c) => c.name))).toEqual([
      ['i(v1)', 'v(in,out)'],
      ['i(v1)', 'v(in,out)', 'vdb(out)'],
    ]);
    const twice = [...saves.slice(0, 2), saves[0]];
    const { datasets: once } = simulate(lowpass([op], { saves: twice }));
    expect(once[0].columns.map((c) => c.name)).toEqual(['i(v1)', 'v(in,out)']);
    const all = simulate(lowpass([op], { saves: saves.slice(1, 2), saveAll: true })).datasets[0];
    expect(all.columns.map((c) => c.name)).toEqual(['v(in)', 'v(out)', 'i(v1)', 'v(in,out)']);
  });

  it('with .ac but no source that has an AC value is warned about', () => {
    const codes = (deck: Deck): string[] => simulate(deck).warnings.map((w) => w.code);
    const circuit = createCircuit('quiet').add('V1', 'a 0', 1).add('R1', 'a 0', 1).build();
    expect(codes({ ...lowpass([ac]), circuit })).toContain('idle-ac');
    expect(codes(lowpass([ac]))).not.toContain('idle-ac');
  });

  it('numbers the analyses of a kind', () => {
    const { analyses } = simulate(lowpass([op, ac, op]));
    expect(analyses.map((a) => a.label)).toEqual(['op', 'ac', 'op2']);
  });

  it('sweeps a source, which becomes the axis', () => {
    const [d] = simulate(lowpass([dc])).datasets;
    expect(d.axis?.name).toBe('v1');
    expect([...(d.axis?.values ?? [])]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...d.columns[1].values]).toEqual([0, 0.25, 0.5, 0.75, 1].map((v) => expect.closeTo(v, 9)));
  });

  it('sweeps over a table, one operating point to a row', () => {
    const over: AnalysisCard = { kind: 'dc', sweeps: [], data: 'corners', span };
    const variable = { kind: 'source', name: 'v1', parameter: 'dc' } as const;
    const data = new Map([['corners', { name: 'corners', columns: [variable], rows: [[3], [5]], span }]]);
    const find: MeasureCard = { kind: 'max', name: 'top', analysis: 'dc', signal: symbol('v(out)'), span };
    const { datasets, measures } = simulate(lowpass([over], { data, measures: [find] }));
    expect(datasets.map((d) => [d.analysis, d.step, d.columns[1].values[0]])).toEqual([
      ['dc', { v1: 3 }, expect.closeTo(3, 9)],
      ['dc', { v1: 5 }, expect.closeTo(5, 9)],
    ]);
    expect(measures.map((m) => m.value)).toEqual([expect.closeTo(3, 9), expect.closeTo(5, 9)]);
  });

  it('responds as 1/(1 + jωRC) to a small signal', () => {
    const [d] = simulate(lowpass([ac])).datasets;
    const out = d.columns.find((c) => c.name === 'v(out)');
    d.axis?.values.forEach((f, k) => {
      const x = 2 * Math.PI * f * R * C;
      expect(out?.values[k]).toBeCloseTo(1 / (1 + x * x), 9);
      expect(out?.imaginary?.[k]).toBeCloseTo(-x / (1 + x * x), 9);
    });
  });

  it('repeats every analysis for every step, with its value beside it, and measures each', () => {
    const { analyses, measures } = simulate(lowpass([op, tran], { steps: [overR], measures: [half] }));
    expect(analyses.map((a) => a.runs.map((r) => r.step))).toEqual([
      [{ r: 500 }, { r: 2000 }],
      [{ r: 500 }, { r: 2000 }],
    ]);
    expect(measures.map((m) => m.step)).toEqual([{ r: 500 }, { r: 2000 }]);
    measures.forEach((m, k) => {
      const exact = [500, 2000][k] * C * Math.LN2;
      expect(Math.abs(m.value / exact - 1)).toBeLessThan(2e-3);
    });
  });

  it('gives exactly the times asked for, ascending', () => {
    const [d] = simulate(lowpass([tran], { options: option('reltol', 1e-6) }), { at: [2e-3, 1e-3] }).datasets;
    expect([...(d.axis?.values ?? [])]).toEqual([1e-3, 2e-3]);
    expect(d.columns[1].values[0]).toBeCloseTo(1 - Math.exp(-1), 5);
    expect(d.columns[1].values[1]).toBeCloseTo(1 - Math.exp(-2), 5);
  });

  it('is drawn and measured on a finer grid than it is saved on', () => {
    const [plain] = simulate(lowpass([tran]), { fine: true }).analyses;
    const times = plain.runs[0].axis?.values ?? [];
    const finer = plain.fine[0].axis?.values ?? [];
    expect(finer.length).toBeGreaterThan(7 * (times.length - 1));
    expect(new Set(finer).size).toBe(finer.length);
    const dense = new Set(finer);
    expect([...times].filter((t) => !dense.has(t))).toEqual([]);
  });

  it('takes other parameters and options than it says', () => {
    const run = (reltol: number): number =>
      simulate(lowpass([tran]), {
        parameters: new Map([['r', 500]]),
        options: new Map([['reltol', reltol]]),
        at: [5e-4],
      }).datasets[0].columns[1].values[0];
    expect(run(1e-6)).toBeCloseTo(1 - Math.exp(-1), 5);
    expect(Math.abs(run(1e-6) - run(1e-2))).toBeGreaterThan(1e-9);
  });

  it('has gmin across its junctions in every analysis, so that a transient begins where it stays', () => {
    const circuit = createCircuit('reverse biased')
      .add('V1', 'a 0', { dc: 1, ac: [1, 0] })
      .add('R1', 'a b', 1e6)
      .add('D1', '0 b', { model: 'dm' })
      .model('dm', 'd', { is: 1e-18 })
      .build();
    const run = (gmin: number) =>
      simulate({ ...lowpass([op, tran, ac]), circuit }, { options: new Map([['gmin', gmin]]) }).datasets;
    const [point, wave, small] = run(1e-6).map((d) => d.columns.find((c) => c.name === 'v(b)')!.values);
    for (const v of [point[0], ...wave, small[0]]) expect(v).toBeCloseTo(0.5, 6);
    expect(run(0)[0].columns[1].values[0]).toBeCloseTo(1, 6);
  });

  it('takes temperatures as options, too', () => {
    const diode = createCircuit('diode')
      .add('I1', '0 a', 1e-3)
      .add('D1', 'a 0', { model: 'dm' })
      .model('dm', 'd')
      .build();
    const at = (name: string, value: number): number =>
      simulate({ ...lowpass([op]), circuit: diode }, { options: new Map([[name, value]]) }).datasets[0]
        .columns[0].values[0];
    const drop = at('temp', 27) - at('TEMP', 57);
    expect(drop / 30).toBeGreaterThan(1.5e-3);
    expect(drop / 30).toBeLessThan(2.5e-3);
    expect(at('tnom', 57)).toBeGreaterThan(at('tnom', 27));
    expect(() => at('temp', -300)).toThrow(/temp=-300/);
  });

  it('keeps what it had when it is stopped', () => {
    let points = 0;
    const signal = {
      get aborted() {
        return points > 20;
      },
    };
    const { datasets, interrupted } = simulate(lowpass([tran, ac]), { signal, progress: () => points++ });
    expect(interrupted).toBe(true);
    expect(datasets.length).toBe(1);
    expect(datasets[0].complete).toBe(false);
    expect(datasets[0].axis?.values.length).toBeGreaterThan(10);
    expect(datasets[0].axis?.values.at(-1)).toBeLessThan(5e-3);
  });
});

describe('a wrong deck simulates nothing', () => {
  const complaint = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof InputError) return error.diagnostics.map((d) => d.code).join();
      throw error;
    }
    return 'none';
  };

  it('when it asks for nothing, or for a signal that does not exist', () => {
    expect(complaint(() => simulate(lowpass([])))).toBe('no-analysis');
    const saves = [{ name: 'v(uot)', expr: symbol('v(uot)'), span }];
    expect(() => simulate(lowpass([op], { saves }))).toThrow(/v\(uot\)[\s\S]*did you mean "v\(out\)"/);
  });

  it('when an option has no such value or no such name', () => {
    expect(complaint(() => simulate(lowpass([op], { options: option('reltol', 2) })))).toBe('bad-option');
    expect(() => simulate(lowpass([op]), { options: new Map([['retol', 1e-3]]) })).toThrow(
      /did you mean "reltol"/,
    );
  });

  it('when a time lies outside the run, a sweep leads nowhere, or a table is missing', () => {
    expect(complaint(() => simulate(lowpass([tran]), { at: [1] }))).toBe('bad-time');
    const [sweep] = dc.kind === 'dc' ? dc.sweeps : [];
    const backwards: AnalysisCard = { kind: 'dc', sweeps: [{ ...sweep, step: -1 }], span };
    expect(complaint(() => simulate(lowpass([backwards])))).toBe('sweep');
    expect(complaint(() => simulate(lowpass([op], { steps: [{ data: 'corners', span }] })))).toBe('sweep');
  });

  it('of what a later analysis or a later run has wrong nothing is computed before', () => {
    const [sweep] = dc.kind === 'dc' ? dc.sweeps : [];
    const backwards: AnalysisCard = { kind: 'dc', sweeps: [{ ...sweep, step: -1 }], span };
    const none: AnalysisCard = { ...tran, tstop: symbol('nothing') };
    const nothing = (circuit: Deck['circuit']): Deck['circuit'] => ({
      ...circuit,
      parameters: new Map([...circuit.parameters, ['nothing', 0]]),
    });
    let computed = 0;
    const progress = (): void => void computed++;
    for (const analyses of [
      [op, backwards],
      [op, none],
    ]) {
      const whole = lowpass(analyses);
      expect(() => simulate({ ...whole, circuit: nothing(whole.circuit) }, { progress })).toThrow(InputError);
    }
    expect(() => simulate(lowpass([ac, tran]), { at: [1], progress })).toThrow(/from 0 to 0.005 s/);
    expect(computed).toBe(0);
  });

  it.each([
    ['.step param r list 1k 0', 'r1: r = 0 must not be zero, where r = 0'],
    ['.step R1 list 1k 0', 'r1: r = 0 must not be zero, where r1 = 0'],
    ['.step D dd(is) list 1p -1p', 'dd: is = -1e-12 must be above 0, where dd.is = -1e-12'],
    ['.step temp list 27 -300', 'a temperature of -300 °C is none, where temp = -300'],
    ['.step param edge list 1n -1n', 'v1: pulse: tr = -1e-9 s must not be negative, where edge = -1e-9'],
    ['.data t r s\n1k 1\n0 2\n.enddata\n.step data=t', 'r1: r = 0 must not be zero, where r = 0, s = 2'],
  ])('when a step leaves the bounds of a device: %s', (card, message) => {
    const text = `t
V1 in 0 PULSE(0 1 0 {edge})
R1 in out {r}
D1 out 0 dd
.model dd D
.param r=1k s=1 edge=1n
${card}
.op
.end`;
    let computed = 0;
    const run = () => simulate(parseDeck(text), { progress: () => computed++ });
    expect(run).toThrow(message);
    expect(computed).toBe(0);
  });

  it('when a .dc sweeps a device out of its bounds', () => {
    const text = 't\nV1 a 0 1\nR1 a 0 1k\n.dc R1 -1k 1k 500\n.end';
    expect(() => simulate(parseDeck(text))).toThrow('r1: r = 0 must not be zero, where r1 = 0');
  });
});

describe('grids', () => {
  it('reach their end exactly when the step leads there, and stop before it otherwise', () => {
    expect([...linearGrid(0, 0.3, 0.1)]).toEqual([0, 0.1, 0.2, 0.3]);
    expect([...linearGrid(1, 0, -0.4)]).toEqual([1, 0.6, expect.closeTo(0.2, 12)]);
    expect([...linearGrid(2, 2, 0)]).toEqual([2]);
    expect([...linearGrid(0, 1e-9, 1)], 'a step far beyond the end').toEqual([0]);
  });

  it('have so many points to the decade or octave', () => {
    const none = (): number => Number.NaN;
    expect([...gridValues({ scale: 'dec', start: 1, stop: 100, points: 2 }, none)]).toEqual(
      [1, Math.sqrt(10), 10, 10 * Math.sqrt(10), 100].map((v) => expect.closeTo(v, 9)),
    );
    expect([...gridValues({ scale: 'oct', start: 1, stop: 9, points: 1 }, none)]).toEqual([1, 2, 4, 8]);
  });
});

function option(name: string, value: number): Deck['options'] {
  return new Map([[name, { value, span }]]);
}
