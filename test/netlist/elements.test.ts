import { describe, expect, it } from 'vitest';
import { sub, symbol } from '../../src/expression/build.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { deck, element, errors, located } from './support.js';

const one = (lines: string) => {
  const d = deck(lines);
  return d.circuit.elements[d.circuit.elements.length - 1];
};

describe('values on element cards', () => {
  it('a plain number stays a number', () => {
    expect(one('r1 a 0 4.7k')).toMatchObject({
      kind: 'resistor',
      name: 'r1',
      nodes: ['a', '0'],
      values: { r: 4700 },
    });
  });

  it.each([
    ['r1 a 0 r=1k', { r: 1000 }],
    ['r1 a 0 resistance = 1k', { r: 1000 }],
    ['r1 a 0 1k tc1=1m tc2 = 2u', { r: 1000, tc1: 1e-3, tc2: 2e-6 }],
    ['r1 a 0 1k tc=1m,2u', { r: 1000, tc1: 1e-3, tc2: 2e-6 }],
    ['r1 a 0 1k tc=1m 2u m=2', { r: 1000, tc1: 1e-3, tc2: 2e-6, m: 2 }],
    ["r1 a 0 '2*3'", { r: 6 }],
    ['r1 a 0 {2*3}', { r: 6 }],
    ['r1 a 0 2*3', { r: 6 }],
    ['r1 a 0 -1k', { r: -1000 }],
    ['c1 a 0 1u ic=-2', { c: 1e-6, ic: -2 }],
    ['r1 (a 0) 1k', { r: 1000 }],
    ['r1 a,0,1k', { r: 1000 }],
    ['t1 a 0 b 0 z0=50 td=1n ic=1,2m,3,4m', { z0: 50, td: 1e-9, v1: 1, i1: 2e-3, v2: 3, i2: 4e-3 }],
  ])('%s', (card, values) => {
    expect({ ...one(card).values }).toEqual(values);
  });

  it.each([
    ['r1 a 0 1e400', '1:8 "1e400"'],
    ['r1 (a 0) -1e308k', '1:10 "-1e308k"'],
    ['r1 a 0 1k tc1=1e400', '1:15 "1e400"'],
    ['r1 a 0 1k tc=1m,1e400', '1:17 "1e400"'],
    ['r1 a 0 {1-2*1e400}', '1:13 "1e400"'],
    ['v1 a 0 1e400', '1:8 "1e400"'],
    ['v1 a 0 dc 1e400', '1:11 "1e400"'],
    ['v1 a 0 sin(0 1e400 1k)', '1:14 "1e400"'],
    ['v1 a 0 pwl(0 0 1m 1e400)', '1:19 "1e400"'],
    ['b1 a 0 i=v(a)*1e400', '1:15 "1e400"'],
    ['d1 a 0 dd 1e400\n.model dd d', '1:11 "1e400"'],
    ['.model dd d(is=1e400)', '1:16 "1e400"'],
    ['.param p=1e400', '1:10 "1e400"'],
    ['.options reltol=1e400', '1:17 "1e400"'],
    ['.ic v(a)=1e400', '1:10 "1e400"'],
    ['.tran 1u 1e400', '1:10 "1e400"'],
  ])('a number beyond all doubles is an error in its place: %s', (card, place) => {
    const found = errors(`${card}\nr9 a 0 1`).map(({ code, span }) => [
      code,
      `${span!.line - 1}:${span!.column} "${span!.text.slice(span!.column - 1, span!.column - 1 + span!.length)}"`,
    ]);
    expect(found).toEqual([['not-finite', place]]);
  });

  it('a parameter is kept as an expression, so that it can be stepped', () => {
    expect(one('.param rr=1k\nr1 a 0 {rr}').values.r).toEqual(symbol('rr'));
    expect(one('.param rr=1k\nr1 a 0 rr').values.r).toEqual(symbol('rr'));
    expect(one('.param rr=1k\nr1 a 0 r=rr').values.r).toEqual(symbol('rr'));
  });

  it('gnd is ground', () => {
    expect(one('r1 a GND 1').nodes).toEqual(['a', '0']);
  });
});

describe('models', () => {
  it('the type of the model chooses the kind', () => {
    const d = deck('.model dd d(is=1n)\n.model tt tunnel(ip=1m)\nd1 a 0 dd\nd2 a 0 tt');
    const kinds = (cards: string) =>
      deck(`${cards}\n.model tt tunnel\n.model tr transformer`).circuit.elements;
    expect(kinds('d1 a 0 tt 2 ic=0.1\nd2 (a 0) tt off\ny1 a 0 b 0 tr n=2').map((e) => e.kind)).toEqual([
      'tunnel-diode',
      'tunnel-diode',
      'transformer',
    ]);
    expect(d.circuit.elements.map((e) => [e.kind, e.model])).toEqual([
      ['diode', 'dd'],
      ['tunnel-diode', 'tt'],
    ]);
    expect(d.circuit.models.get('dd')).toMatchObject({ type: 'd', values: { is: 1e-9 } });
  });

  it('may follow the elements, without parentheses, over several lines', () => {
    const d = deck('d1 a 0 dd 2\n.model dd d is=1n\n+ n=1.5');
    expect(d.circuit.models.get('dd')?.values).toEqual({ is: 1e-9, n: 1.5 });
    expect(element(d, 'd1').values).toEqual({ area: 2 });
  });

  it('a resistor may have one', () => {
    const r = one('.model rm r(r=2k tc1=1m)\nr1 a 0 rm');
    expect([r.model, { ...r.values }]).toEqual(['rm', {}]);
    expect({ ...one('.model rm r(tc1=1m)\nr1 a 0 rm 1k').values }).toEqual({ r: 1000 });
    expect({ ...one('.model rm r(tc1=1m)\nr1 a 0 1k rm').values }).toEqual({ r: 1000 });
  });

  it('flags set parameters', () => {
    expect(one('.model dd d\nd1 a 0 dd off').values).toEqual({ off: 1 });
    expect(one('.model sw sw(vt=1)\ns1 a 0 c 0 sw on').values).toMatchObject({});
  });

  it('level=1 is quiet', () => {
    expect(deck('.model dd d(level=1 is=1n)').warnings).toEqual([]);
  });

  it('what makers print beside the physics is read with a warning', () => {
    const { circuit: c, warnings } = deck('.model dd d(is=1n mfg=OnSemi kf=0 n=2 type=silicon)\nd1 a 0 dd');
    expect(c.models.get('dd')?.values).toEqual({ is: 1e-9, n: 2 });
    expect(warnings.map((w) => `${w.code} ${w.message.split(' ')[0]}`)).toEqual([
      'ignored-parameter mfg',
      'ignored-parameter kf',
      'ignored-parameter type',
    ]);
  });

  it('a type of ngspice that is not here is a warning until it is used', () => {
    expect(deck('.model q1 npn(bf=100)').warnings.map((w) => w.code)).toEqual(['unsupported-model']);
  });
});

describe('independent sources', () => {
  const source = (rest: string) => {
    const { values, waveform } = one(`v1 a 0 ${rest}`);
    return { values: { ...values }, ...(waveform ? { waveform } : {}) };
  };
  it.each([
    ['5', { values: { dc: 5 } }],
    ['dc 5', { values: { dc: 5 } }],
    ['dc=5', { values: { dc: 5 } }],
    ['ac', { values: { acmag: 1 } }],
    ['ac 2', { values: { acmag: 2 } }],
    ['5 ac 2 90', { values: { dc: 5, acmag: 2, acphase: 90 } }],
    ['dc 0 ac 1 sin(0 1 1k)', { values: { dc: 0, acmag: 1 }, waveform: { kind: 'sin', args: [0, 1, 1000] } }],
    ['sin 0 1 1k', { values: {}, waveform: { kind: 'sin', args: [0, 1, 1000] } }],
    ['sin 0 1 1k ac 1', { values: { acmag: 1 }, waveform: { kind: 'sin', args: [0, 1, 1000] } }],
    [
      'PULSE(0 1, 1n 1n 1n 5n 10n)',
      { values: {}, waveform: { kind: 'pulse', args: [0, 1, 1e-9, 1e-9, 1e-9, 5e-9, 1e-8] } },
    ],
    ['pulse ( 0 {2*3} )', { values: {}, waveform: { kind: 'pulse', args: [0, 6] } }],
    ['pwl(0 0 1n 1)', { values: {}, waveform: { kind: 'pwl', args: [0, -1, 0, 0, 1e-9, 1] } }],
    ['pwl(0 0 1n 1) r=0 td=2n', { values: {}, waveform: { kind: 'pwl', args: [2e-9, 0, 0, 0, 1e-9, 1] } }],
    ['pwl(0 0 1n 1 r=0)', { values: {}, waveform: { kind: 'pwl', args: [0, 0, 0, 0, 1e-9, 1] } }],
    ['', { values: {} }],
  ])('v1 a 0 %s', (rest, expected) => {
    expect(source(rest)).toEqual(expected);
  });
});

describe('behavioural expressions', () => {
  it('B: current or voltage, without brackets, with blanks', () => {
    const i = one('v1 in 0 1\nb1 a 0 I = V(a) * 2 + I(v1)');
    expect(i.kind).toBe('behavioural-current');
    expect(evaluate(i.expressions!.i, (n) => ({ 'v(a)': 3, 'i(v1)': 0.5 })[n] ?? Number.NaN)).toBe(6.5);
    expect(one('r1 a 0 1\nb1 b 0 v={v(a)-time}').kind).toBe('behavioural-voltage');
  });

  it('V(a,b) is a difference and ground is zero', () => {
    expect(one('r1 a b 1\nb1 a 0 i=v(a,b)').expressions!.i).toEqual(sub(symbol('v(a)'), symbol('v(b)')));
    expect(one('r1 a b 1\nb1 a 0 i=v(a,0)').expressions!.i).toEqual(symbol('v(a)'));
  });

  it('E and G: linear, or an expression', () => {
    expect(one('r1 c d 1\ne1 a 0 c d 10')).toMatchObject({
      kind: 'vcvs',
      nodes: ['a', '0', 'c', 'd'],
      values: { gain: 10 },
    });
    expect(one('r1 c d 1\ne1 a 0 value={v(c)}').kind).toBe('vcvs-expression');
    expect(one('r1 c d 1\ne1 a 0 VALUE {v(c)}').kind).toBe('vcvs-expression');
    expect(one("r1 c d 1\ng1 a 0 cur='v(c)*2'").expressions).toHaveProperty('value');
  });

  it('C with Q=, L with Flux=; x is their own voltage or current', () => {
    const c = one('c1 a b q={1n*x+1p*x^2} ic=1');
    expect(c.kind).toBe('charge-capacitor');
    expect(evaluate(c.expressions!.q, (n) => (n === 'v(a)' ? 3 : 1))).toBeCloseTo(1e-9 * 2 + 1e-12 * 4, 20);
    expect(one('l1 a b flux={1m*tanh(x)}').expressions!.flux).toMatchObject({ op: 'mul' });
  });

  it('F and H read the current of a source', () => {
    expect(one('v1 a 0 1\nf1 b 0 v1 2')).toMatchObject({
      kind: 'cccs',
      controls: ['v1'],
      values: { gain: 2 },
    });
    expect(one('h1 b 0 v1 2\nv1 a 0 1\nr1 b 0 1').kind).toBe('resistor');
  });

  it('K with three inductors couples every pair', () => {
    const d = deck('l1 a 0 1u\nl2 b 0 1u\nl3 c 0 1u\nk1 l1 l2 l3 0.9');
    const pairs = d.circuit.elements.filter((e) => e.kind === 'mutual-inductance');
    expect(pairs.map((e) => [e.name, ...e.controls!])).toEqual([
      ['k1', 'l1', 'l2'],
      ['k1#2', 'l1', 'l3'],
      ['k1#3', 'l2', 'l3'],
    ]);
    expect(pairs.map((e) => e.values.k)).toEqual([0.9, 0.9, 0.9]);
  });
});

describe('what is wrong with an element card', () => {
  it.each([
    ['r1', 'missing-node 1:3 ""'],
    ['r1 a', 'missing-node 1:5 ""'],
    ['r1 a r=1k', 'missing-node 1:6 "r"'],
    ['r1 a b', 'missing-parameter 1:7 ""'],
    ['r1 a b 1k 2k', 'unexpected-word 1:11 "2k"'],
    ['r1 a b 1k foo', 'unexpected-word 1:11 "foo"'],
    ['r1 a b 1k foo=3', 'unknown-parameter 1:11 "foo"'],
    ['r1 a b 1k tc1=1 tc1=2', 'duplicate-parameter 1:17 "tc1"'],
    ['r1 a b 1k r=2k', 'duplicate-parameter 1:11 "r"'],
    ['r1 a b 1k5', 'malformed-number 1:8 "1k5"'],
    ['r1 a b 0', 'parameter-out-of-bounds 1:8 "0"'],
    ['r1 a b xyz', 'unknown-name 1:8 "xyz"'],
    ['r1 a b {xyz+1}', 'unknown-name 1:9 "xyz"'],
    ['r1 a b {1+', 'expression-syntax 1:11 ""'],
    ['r1 a b {1+2', 'unbalanced 1:8 "{"'],
    ['r1 a b {V(a)*2}', 'signal-not-allowed 1:9 "V(a)"'],
    ['r1 a b {time}', 'signal-not-allowed 1:9 "time"'],
    ['r1 a b {1/0}', 'not-finite 1:8 "{1/0}"'],
    ['v1 a b {0/0}', 'not-finite 1:8 "{0/0}"'],
    ['r1 a b r=', 'missing-value 1:10 ""'],
    ['r1 a b 1k )', 'unexpected-character 1:11 ")"'],
    ['q1 a b c mod', 'unknown-element 1:1 "q1"'],
    ['5 a b', 'unknown-element 1:1 "5"'],
    ['=5', 'unexpected-character 1:1 "="'],
    ['d1 a 0', 'missing-model 1:7 ""'],
    ['d1 a 0 nomod', 'unknown-model 1:8 "nomod"'],
    ['.model rm r(r=1)\nd1 a 0 rm', 'wrong-model-type 2:8 "rm"'],
    ['b1 a 0 5', 'unexpected-word 1:8 "5"'],
    ['b1 a 0', 'missing-expression 1:7 ""'],
    ['b1 a 0 i=v(nowhere)', 'unknown-node 1:10 "v(nowhere)"'],
    ['b1 a 0 i=i(v9)', 'unknown-element 1:10 "i(v9)"'],
    ['b1 a 0 i=sqt(v(a))', 'unknown-function 1:10 "sqt"'],
    ['f1 a 0 5', 'bad-control 1:8 "5"'],
    ['f1 a 0', 'missing-control 1:7 ""'],
    ['f1 a 0 vx 5', 'unknown-element 1:8 "vx"'],
    ['v1 a 0 sine(0 1 1k)', 'unknown-waveform 1:8 "sine"'],
    ['v1 a 0 sin(0 1 1k', 'unbalanced 1:11 "("'],
    ['v1 a 0 sin(0 1 1k) pulse(0 1)', 'duplicate-waveform 1:20 "pulse"'],
    ['v1 a 0 dc', 'missing-value 1:10 ""'],
    ['e1 a 0 poly(1) b 0 1', 'unsupported-syntax 1:8 "poly"'],
    ['.model dd d(iss=1)', 'unknown-parameter 1:13 "iss"'],
    ['.model dd d(is=1', 'unbalanced 1:12 "("'],
    ['.model dd d(is=1) n=2', 'unexpected-word 1:19 "n"'],
    ['.model dd d(is)', 'unexpected-word 1:13 "is"'],
    ['.model dd d(is=1 is=2)', 'duplicate-parameter 1:18 "is"'],
    ['.model dd dd(is=1)', 'unknown-model-type 1:11 "dd"'],
    ['.model dd', 'missing-model-type 1:10 ""'],
    ['.model dd d(is=-1)', 'parameter-out-of-bounds 1:16 "-1"'],
  ])('%s', (card, expected) => {
    expect(located(card)).toEqual([expected]);
  });

  it('says what would have worked', () => {
    const hint = (card: string): string | undefined => errors(card)[0].hint;
    expect(hint('r1 a b 1k tc3=3')).toContain('tc1');
    expect(hint('.model diode1 d\nd1 a 0 diode2')).toBe('did you mean "diode1"?');
    expect(hint('r1 out 0 1\nb1 a 0 i=v(oit)')).toBe('did you mean "out"?');
    expect(hint('.param gain=2\nr1 a 0 {gian}')).toBe('did you mean "gain"?');
    expect(hint('r1 a 0 {v(a)}')).toContain('B source');
    expect(hint('d1 a 0 dd is=1\n.model dd d')).toContain('.model');
    expect(hint('.model cell fhn\nn1 a cell')).toBe('cell stands where a node belongs: n1 has 2 (v, w)');
    expect(hint('.model cell fhn\nn1 a w')).toMatch(/^define one/);
    expect(hint('v1 a 0 plse(0 1)')).toBe('did you mean "pulse"?');
    expect(hint('r1 a 0 {sqt(2)}')).toBe('did you mean "sqrt"?');
  });

  it('all errors of a deck come at once, in the order of the lines', () => {
    expect(located('r1 a\nc1 a 0 1u foo=1 bar=2\n.trn 1n 1u\nd1 a 0 dd')).toEqual([
      'missing-node 1:5 ""',
      'unknown-parameter 2:11 "foo"',
      'unknown-parameter 2:17 "bar"',
      'unknown-command 3:1 ".trn"',
      'unknown-model 4:8 "dd"',
    ]);
  });

  it('a name may be used once', () => {
    expect(located('r1 a 0 1\nR1 b 0 2')).toEqual(['duplicate-element 2:1 "R1"']);
  });

  it('a card in error does not make others wrong', () => {
    expect(located('v1 a 0 foo=1\nb1 b 0 i=i(v1)+v(a)\nf1 b 0 v1 2')).toEqual([
      'unknown-parameter 1:8 "foo"',
    ]);
    expect(located('v1 a\nb1 b 0 i=i(v1)+v(a)\nf1 b 0 v1 2')).toEqual(['missing-node 1:5 ""']);
  });
});
