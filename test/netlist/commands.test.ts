import { describe, expect, it } from 'vitest';
import { globals } from '../../src/circuit/values.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { bindAnalysis } from '../../src/netlist/deck.js';
import { deck, errors, located } from './support.js';

const circuit = 'v1 in 0 dc 1 ac 1\nr1 in out 1k\nc1 out 0 1n\n.param p=2 q=3\n';
const analyses = (lines: string) => deck(circuit + lines).analyses.map(({ span, ...rest }) => rest);
/** Errors of lines that follow the four lines of the circuit. */
const wrong = (lines: string): string[] =>
  located(circuit + lines).map((e) => e.replace(/ (\d+):/, (_, line) => ` ${Number(line) - 4}:`));

describe('analyses', () => {
  it.each([
    ['.op', { kind: 'op' }],
    ['.tran 1n 1u', { kind: 'tran', tstep: 1e-9, tstop: 1e-6, tstart: 0, uic: false }],
    ['.tran 1n 1u uic', { kind: 'tran', tstep: 1e-9, tstop: 1e-6, tstart: 0, uic: true }],
    [
      '.tran 1n 1u 0.5u 2n UIC',
      { kind: 'tran', tstep: 1e-9, tstop: 1e-6, tstart: 0.5e-6, tmax: 2e-9, uic: true },
    ],
    ['.tran 1n 1u 0 0', { kind: 'tran', tstep: 1e-9, tstop: 1e-6, tstart: 0, uic: false }],
    ['.ac dec 10 1 1meg', { kind: 'ac', variation: 'dec', points: 10, fstart: 1, fstop: 1e6 }],
    ['.ac lin 3 0 10', { kind: 'ac', variation: 'lin', points: 3, fstart: 0, fstop: 10 }],
    ['.ac oct 2 1k 8k', { kind: 'ac', variation: 'oct', points: 2, fstart: 1000, fstop: 8000 }],
    [
      '.dc v1 0 5 0.5',
      {
        kind: 'dc',
        sweeps: [{ variable: { kind: 'source', name: 'v1', parameter: 'dc' }, start: 0, stop: 5, step: 0.5 }],
      },
    ],
    [
      '.dc v1 0 5 1 r1 1k 2k 500',
      {
        kind: 'dc',
        sweeps: [
          { variable: { kind: 'source', name: 'v1', parameter: 'dc' }, start: 0, stop: 5, step: 1 },
          { variable: { kind: 'element', name: 'r1', parameter: 'r' }, start: 1000, stop: 2000, step: 500 },
        ],
      },
    ],
    [
      '.dc temp -40 85 5',
      {
        kind: 'dc',
        sweeps: [{ variable: { kind: 'temperature', name: 'temp' }, start: -40, stop: 85, step: 5 }],
      },
    ],
    [
      '.dc param p 1 2 1',
      { kind: 'dc', sweeps: [{ variable: { kind: 'parameter', name: 'p' }, start: 1, stop: 2, step: 1 }] },
    ],
    [
      '.data t p\n+ 1 2\n.enddata\n.tran 1n 1u sweep data=t',
      { kind: 'tran', tstep: 1e-9, tstop: 1e-6, tstart: 0, uic: false, data: 't' },
    ],
    ['.data t p\n+ 1 2\n.enddata\n.dc data=t', { kind: 'dc', sweeps: [], data: 't' }],
    [
      '.data t p\n+ 1 2\n.enddata\n.ac dec 1 1 10 sweep data=t',
      { kind: 'ac', variation: 'dec', points: 1, fstart: 1, fstop: 10, data: 't' },
    ],
  ])('%j', (line, expected) => {
    expect(analyses(line)).toEqual([expected]);
  });

  it('times may depend on parameters and are bound when these are', () => {
    const d = deck(`${circuit}.tran {p*1n} {q*1u}`);
    const bind = (p: number) =>
      bindAnalysis(d.analyses[0], globals(d.circuit, { parameters: new Map([['p', p]]) }));
    expect(bind(2)).toMatchObject({ tstep: 2e-9, tstop: 3e-6 });
    expect(bind(4)).toMatchObject({ tstep: 4e-9, tstop: 3e-6 });
  });

  it.each([
    ['.tran', 'missing-value 1:6 ""'],
    ['.tran 1n', 'missing-value 1:9 ""'],
    ['.tran 0 1u', 'out-of-bounds 1:7 "0"'],
    ['.tran 1n -1u', 'out-of-bounds 1:10 "-1u"'],
    ['.tran 1n 1u 2u', 'out-of-bounds 1:13 "2u"'],
    ['.tran 1n 1u 0 1n 5', 'unexpected-word 1:18 "5"'],
    ['.tran 1n 1u uix', 'unknown-name 1:13 "uix"'],
    ['.tran 1n 1u sweep', 'unexpected-word 1:18 ""'],
    ['.tran 1n 1u sweep data=u', 'unknown-data 1:24 "u"'],
    ['.op 1', 'unexpected-word 1:5 "1"'],
    ['.ac', 'unknown-variation 1:4 ""'],
    ['.ac decade 10 1 10', 'unknown-variation 1:5 "decade"'],
    ['.ac dec 0 1 10', 'out-of-bounds 1:9 "0"'],
    ['.ac dec 10 0 10', 'out-of-bounds 1:12 "0"'],
    ['.ac dec 10 10 1', 'out-of-bounds 1:15 "1"'],
    ['.dc', 'missing-value 1:4 ""'],
    ['.dc v2 0 1 1', 'unknown-sweep 1:5 "v2"'],
    ['.dc v1 0 1', 'missing-value 1:11 ""'],
    ['.dc v1 0 1 0', 'out-of-bounds 1:12 "0"'],
    ['.trna 1n 1u', 'unknown-command 1:1 ".trna"'],
    ['.', 'unknown-command 1:1 "."'],
    ['.if (p>1)', 'unsupported-command 1:1 ".if"'],
  ])('%s', (line, expected) => {
    expect(wrong(line)).toEqual([expected]);
  });

  it('a misspelt command is told the nearest', () => {
    expect(errors('.trna 1n 1u')[0].hint).toBe('did you mean ".tran"?');
    expect(errors('.optoins a=1')[0].hint).toBe('did you mean ".options"?');
  });

  it('an analysis of ngspice that is not here is skipped with a warning', () => {
    expect(deck(`${circuit}.noise v(out) v1 dec 10 1 1k`).warnings.map((w) => w.code)).toEqual([
      'unsupported-command',
    ]);
  });
});

describe('.step and .data', () => {
  const steps = (lines: string) =>
    deck(circuit + lines).steps.map((s) =>
      'data' in s ? { data: s.data } : { variable: s.variable, grid: s.grid },
    );
  const p = { kind: 'parameter', name: 'p' };
  it.each([
    ['.step param p 1 5 2', { variable: p, grid: { scale: 'lin', start: 1, stop: 5, step: 2 } }],
    ['.step p lin 1 5 2', { variable: p, grid: { scale: 'lin', start: 1, stop: 5, step: 2 } }],
    ['.step param p dec 1 1k 10', { variable: p, grid: { scale: 'dec', start: 1, stop: 1000, points: 10 } }],
    ['.step oct param p 1 8 2', { variable: p, grid: { scale: 'oct', start: 1, stop: 8, points: 2 } }],
    [
      '.step param p list 1 2k {q}',
      { variable: p, grid: { scale: 'list', values: [1, 2000, { op: 'sym', name: 'q' }] } },
    ],
    [
      '.step v1 1 2 0.5',
      {
        variable: { kind: 'source', name: 'v1', parameter: 'dc' },
        grid: { scale: 'lin', start: 1, stop: 2, step: 0.5 },
      },
    ],
    [
      '.step temp list 0 27',
      { variable: { kind: 'temperature', name: 'temp' }, grid: { scale: 'list', values: [0, 27] } },
    ],
    [
      '.temp 0 27 50',
      { variable: { kind: 'temperature', name: 'temp' }, grid: { scale: 'list', values: [0, 27, 50] } },
    ],
    [
      '.model dd d(is=1n)\n.step d dd(is) list 1n 2n',
      {
        variable: { kind: 'model', name: 'dd', parameter: 'is' },
        grid: { scale: 'list', values: [1e-9, 2e-9] },
      },
    ],
    ['.data t p q\n1 2\n3 4\n.enddata\n.step data=t', { data: 't' }],
  ])('%j', (line, expected) => {
    expect(steps(line)).toEqual([expected]);
  });

  it('a table has a column for each name and as many rows as values allow', () => {
    const { data } = deck(`${circuit}.data t p r1\n+ 1 1k\n+ 2 2k ; second\n3 {q}\n.enddata`);
    expect(data.get('t')).toMatchObject({
      columns: [p, { kind: 'element', name: 'r1', parameter: 'r' }],
      rows: [
        [1, 1000],
        [2, 2000],
        [3, { op: 'sym', name: 'q' }],
      ],
    });
  });

  it.each([
    ['.step', 'missing-name 1:6 ""'],
    ['.step param x 1 2 1', 'unknown-sweep 1:13 "x"'],
    ['.step param p 1 2', 'missing-value 1:18 ""'],
    ['.step param p 1 2 0', 'out-of-bounds 1:19 "0"'],
    ['.step param p dec 0 2 5', 'out-of-bounds 1:19 "0"'],
    ['.step param p list', 'missing-value 1:19 ""'],
    ['.step param p 1 2 1 4', 'unexpected-word 1:21 "4"'],
    ['.step data=t', 'unknown-data 1:12 "t"'],
    ['.data t p q\n1 2 3\n.enddata', 'wrong-row 2:6 ""'],
    ['.data t p q p\n1 2 3\n.enddata', 'duplicate-column 1:13 "p"'],
    ['.data t p q\n1 1e400\n.enddata', 'not-finite 2:3 "1e400"'],
    ['.data t p z\n1 2\n.enddata', 'unknown-sweep 1:11 "z"'],
    ['.data t p\n.enddata', 'missing-value 1:7 "t p"'],
    ['.data t p\n1 2', 'unclosed 1:1 ".data"'],
    ['.enddata', 'unexpected-ends 1:9 ""'],
  ])('%j', (line, expected) => {
    expect(wrong(line)).toEqual([expected]);
  });
});

describe('.save, .print, .plot, .probe', () => {
  const names = (lines: string): string[] => deck(circuit + lines).saves.map((s) => s.name);
  it.each([
    ['.save v(out) i(v1)', ['v(out)', 'i(v1)']],
    ['.save V( IN , OUT )', ['v(in,out)']],
    ['.save v(out)*i(v1) {v(in) - v(out)}', ['v(out)*i(v1)', 'v(in)-v(out)']],
    ['.save out', ['v(out)']],
    ['.save @r1[i]', ['i(r1)']],
    ['.print tran v(out)', ['v(out)']],
    ['.plot ac vdb(out) vp(out) vm(in,out)', ['vdb(out)', 'vp(out)', 'vm(in,out)']],
    ['.probe v(in) v(0)', ['v(in)', 'v(0)']],
    ['.save time p*v(out)', ['time', 'p*v(out)']],
    [".print tran par('v(in) - v(out)') v(in)", ['v(in)-v(out)', 'v(in)']],
  ])('%s', (line, expected) => {
    expect(names(line)).toEqual(expected);
  });

  it('v(a,b) is a difference; parts of a phasor are symbols', () => {
    const at = (line: string): number =>
      evaluate(
        deck(circuit + line).saves[0].expr,
        (n) => ({ 'v(in)': 5, 'v(out)': 2, 'vdb(out)': -3 })[n] ?? Number.NaN,
      );
    expect([at('.save v(in,out)'), at('.save vdb(out)')]).toEqual([3, -3]);
  });

  it('all asks for the default signals as well', () => {
    expect(deck(`${circuit}.save all i(r1)`)).toMatchObject({ saveAll: true, saves: [{ name: 'i(r1)' }] });
  });

  it('the analysis of .print is kept', () => {
    expect(deck(`${circuit}.print ac v(out)`).saves[0].analysis).toBe('ac');
  });

  it.each([
    ['.save', 'missing-value 1:6 ""'],
    ['.save v(nix)', 'unknown-node 1:7 "v(nix)"'],
    ['.save i(r9)', 'unknown-element 1:7 "i(r9)"'],
    ['.save nix', 'unknown-name 1:7 "nix"'],
    ['.save v(out', 'unbalanced 1:8 "("'],
    ['.save v(in,out,x)', 'wrong-arguments 1:7 "v(in,out,x)"'],
    ['.save v(out))', 'unexpected-character 1:13 ")"'],
    ['.save x(out)', 'unknown-name 1:9 "out"'],
    [".save par('v(out)'", 'unbalanced 1:19 ""'],
  ])('%s', (line, expected) => {
    expect(wrong(line)[0]).toEqual(expected);
  });
});

describe('.options, .temp, .ic, .nodeset, .global', () => {
  it('numbers, words and flags', () => {
    const { options, circuit: c } = deck('.options reltol=1e-6 method = trap acct\n+ temp=50 tnom={20+5}');
    expect([...options].map(([name, { value }]) => [name, value])).toEqual([
      ['reltol', 1e-6],
      ['method', 'trap'],
      ['temp', 50],
      ['tnom', 25],
    ]);
    expect([c.temperature, c.nominalTemperature]).toEqual([50, 25]);
  });

  it('an unknown option is a warning with the nearest spelling', () => {
    expect(deck('.options retol=1e-6 list nopage').warnings).toMatchObject([
      { code: 'unknown-option', hint: 'did you mean "reltol"?', span: { column: 10 } },
    ]);
  });

  it('initial voltages', () => {
    const { circuit: c } = deck(`${circuit}.ic v(out)=1 V(in)={p}\n.nodeset v( out ) = 2`);
    expect(c.initialConditions.get('out')).toBe(1);
    expect(c.initialConditions.get('in')).toEqual({ op: 'sym', name: 'p' });
    expect([...c.nodesets]).toEqual([['out', 2]]);
  });

  it.each([
    ['.options reltol', 'missing-value 1:10 "reltol"'],
    ['.options reltol=x', 'unknown-name 1:17 "x"'],
    ['.ic', 'missing-value 1:4 ""'],
    ['.ic v(nix)=1', 'unknown-node 1:5 "v(nix)"'],
    ['.ic out=1', 'unexpected-word 1:5 "out"'],
    ['.ic v(out) 1', 'unexpected-word 1:12 "1"'],
    ['.ic v(0)=1', 'ground-condition 1:5 "v(0)"'],
    ['.temp', 'missing-value 1:6 ""'],
    ['.global', 'missing-name 1:8 ""'],
  ])('%s', (line, expected) => {
    expect(wrong(line)).toEqual([expected]);
  });
});

describe('.meas', () => {
  const measure = (line: string) => {
    const { span, ...rest } = deck(circuit + line).measures[0];
    return rest;
  };
  const out = { op: 'sym', name: 'v(out)' };
  const half = { op: 'const', value: 0.5 };
  const base = { name: 'm', analysis: 'tran' };
  it.each([
    ['.meas tran m max v(out)', { ...base, kind: 'max', signal: out }],
    [
      '.measure tran m pp v(out) from=1n to={p}',
      { ...base, kind: 'pp', signal: out, from: 1e-9, to: { op: 'sym', name: 'p' } },
    ],
    [
      '.meas ac m min vdb(out)',
      { name: 'm', analysis: 'ac', kind: 'min', signal: { op: 'sym', name: 'vdb(out)' } },
    ],
    [
      '.meas tran m integ i(v1) from=0 to=1u',
      { ...base, kind: 'integ', signal: { op: 'sym', name: 'i(v1)' }, from: 0, to: 1e-6 },
    ],
    [".meas tran m max par('v(out)')", { ...base, kind: 'max', signal: out }],
    ['.meas tran m find v(out) at=1u', { ...base, kind: 'find', signal: out, at: { at: 1e-6 } }],
    [
      '.meas tran m find v(out) when v(in)=0.5 fall=last',
      {
        ...base,
        kind: 'find',
        signal: out,
        at: { left: { op: 'sym', name: 'v(in)' }, right: half, edge: 'fall', count: -1 },
      },
    ],
    [
      '.meas tran m when v(out)=0.5 rise=2 td=1n',
      { ...base, kind: 'when', when: { left: out, right: half, edge: 'rise', count: 2, td: 1e-9 } },
    ],
    [
      '.meas tran m when v(out) = 0.5',
      { ...base, kind: 'when', when: { left: out, right: half, edge: 'cross', count: 1 } },
    ],
    [
      '.meas tran m trig v(out) val=0.5 rise=1 targ at=2u',
      {
        ...base,
        kind: 'trig-targ',
        trig: { left: out, right: half, edge: 'rise', count: 1 },
        targ: { at: 2e-6 },
      },
    ],
    ['.meas tran m deriv v(out) at=1u', { ...base, kind: 'deriv', signal: out, at: { at: 1e-6 } }],
  ])('%s', (line, expected) => {
    expect(measure(line)).toEqual(expected);
  });

  it('arithmetic on earlier measures', () => {
    const { measures } = deck(`${circuit}.meas tran a max v(out)\n.meas tran b param='2*a+p'`);
    expect(measures[1]).toMatchObject({ kind: 'param' });
    expect(wrong(`.meas tran b param='2*a'`)).toEqual(['unknown-name 1:23 "a"']);
  });

  it.each([
    ['.meas', 'unknown-analysis 1:6 ""'],
    ['.meas trans m max v(out)', 'unknown-analysis 1:7 "trans"'],
    ['.meas tran', 'missing-name 1:11 ""'],
    ['.meas tran m', 'missing-value 1:13 ""'],
    ['.meas tran m maxi v(out)', 'unknown-measure 1:14 "maxi"'],
    ['.meas tran m max', 'missing-value 1:17 ""'],
    ['.meas tran m max v(out) foo=1', 'unexpected-word 1:25 "foo"'],
    ['.meas tran m find v(out)', 'missing-value 1:25 ""'],
    ['.meas tran m when v(out)', 'missing-value 1:25 ""'],
    ['.meas tran m when v(out)=1 rise=0', 'out-of-bounds 1:33 "0"'],
    ['.meas tran m trig at=1', 'missing-value 1:23 ""'],
    ['.meas tran m max v(nix)', 'unknown-node 1:18 "v(nix)"'],
    ['.meas tran m max v(out)\n.meas tran m min v(out)', 'duplicate-measure 2:12 "m"'],
  ])('%j', (line, expected) => {
    expect(wrong(line)).toEqual([expected]);
  });
});

describe('.include and .lib', () => {
  const files: Readonly<Record<string, string>> = {
    'lib/Models.inc': '.model dd d(is=1n)\n.include sub/cell.inc',
    'lib/sub/cell.inc': '.subckt cell a b\nr1 a b 1k\n.ends',
    'bad.inc': 'r1 a 0 1\nr2 a 0 foo=1',
    'self.inc': '.include self.inc',
    'corners.lib': '.lib slow\n.param k=1\n.endl\n.lib fast\n.param k=2\n.endl slow',
  };
  const include = (path: string, from: string): string | undefined => {
    const folder = from.includes('/') ? `${from.slice(0, from.lastIndexOf('/'))}/` : '';
    return new Map(Object.entries(files)).get(folder + path);
  };
  it('a file stands where it is included, relative to the file that asks, and has no title', () => {
    const d = deck('.include "lib/Models.inc"\nx1 a 0 cell\nd1 a 0 dd', { file: 'top.cir', include });
    expect(d.circuit.elements.map((e) => e.name)).toEqual(['x1.r1', 'd1']);
    expect(d.circuit.elements[0].span).toMatchObject({ file: 'lib/sub/cell.inc', line: 2 });
  });

  it('errors carry the name of the file', () => {
    expect(errors('.inc bad.inc', { include })).toMatchObject(
      [
        { code: 'unknown-parameter', span: { file: 'bad.inc', line: 2, column: 8 } },
        { code: 'missing-parameter' },
      ].slice(0, 1),
    );
  });

  it('a section of a library', () => {
    expect(deck('.lib corners.lib fast', { include }).circuit.parameters.get('k')).toBe(2);
    expect(deck('.lib "corners.lib" slow', { include }).circuit.parameters.get('k')).toBe(1);
    const [unknown] = errors('.lib corners.lib typical', { include });
    expect(unknown).toMatchObject({ code: 'unknown-section', span: { line: 2 } });
    expect(unknown.hint).toBe('its sections: slow, fast');
  });

  it.each([
    ['.include', 'missing-name 1:9 ""'],
    ['.include nix.inc', 'cannot-include 1:10 "nix.inc"'],
    ['.include a b', 'unexpected-word 1:12 "b"'],
  ])('%s', (lines, expected) => {
    expect(located(lines, { include })).toEqual([expected]);
  });

  it('a cycle is named', () => {
    expect(errors('.include self.inc', { include })).toMatchObject([
      { code: 'include-cycle', message: expect.stringContaining('self.inc → self.inc') },
    ]);
  });
});
