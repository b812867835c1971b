import { describe, expect, it } from 'vitest';
import { type CircuitBuilder, createCircuit } from '../../src/circuit/builder.js';
import { InputError } from '../../src/errors.js';
import { add, constant, mul, sub } from '../../src/expression/build.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { symbol } from '../../src/expression/expression.js';

/** What the builder complains about, as `code: message (hint)`. */
function complaints(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError)
      return error.diagnostics.map((d) => `${d.code}: ${d.message} (${d.hint ?? ''})`);
    throw error;
  }
  return [];
}
const one = (...args: Parameters<ReturnType<typeof createCircuit>['add']>) =>
  complaints(() =>
    createCircuit('one')
      .add(...args)
      .build(),
  );

describe('a circuit built in code', () => {
  it('holds elements as a deck would: lower case, ground is 0, values under their own names', () => {
    const c = createCircuit('divider')
      .add('V1', ['IN', '0'], { dc: 5, ac: 1, sin: [0, 1, 1e3] })
      .add('R1', 'in out', 1e3)
      .add('R2', 'out GND', { resistance: '2k', tc1: 1e-3 })
      .build();
    expect(c.title).toBe('divider');
    expect(c.elements.map((e) => [e.kind, e.name, e.nodes])).toEqual([
      ['voltage-source', 'v1', ['in', '0']],
      ['resistor', 'r1', ['in', 'out']],
      ['resistor', 'r2', ['out', '0']],
    ]);
    expect(c.elements[0]).toMatchObject({
      values: { dc: 5, acmag: 1 },
      waveform: { kind: 'sin', args: [0, 1, 1e3] },
    });
    expect(c.elements[1].values).toEqual({ r: 1e3 });
    expect(c.elements[2].values).toEqual({ r: 2e3, tc1: 1e-3 });
  });

  it('chooses the kind by letter, model and expressions', () => {
    const c = createCircuit('kinds')
      .model('esaki', 'tunnel', { ip: 1e-3 })
      .model('dio', 'D')
      .model('cell', 'fhn')
      .add('D1', 'a 0', { model: 'dio' })
      .add('D2', 'a 0', { model: 'ESAKI' })
      .add('N1', 'a w', { model: 'cell' })
      .add('C1', 'a 0', 1e-9)
      .add('C2', 'a 0', { q: '1n*x+1p*x^3' })
      .add('B1', 'a 0', { i: 'v(a)^3/3-v(a)' })
      .add('B2', 'b 0', { v: 'v(a,w)*time' })
      .add('E1', 'c 0 a 0', 2)
      .add('E2', 'd 0', { value: '2*v(a)' })
      .build();
    expect(c.elements.map((e) => e.kind)).toEqual([
      'diode',
      'tunnel-diode',
      'fitzhugh-nagumo',
      'capacitor',
      'charge-capacitor',
      'behavioural-current',
      'behavioural-voltage',
      'vcvs',
      'vcvs-expression',
    ]);
  });

  it('reads formulas as text, or takes them as expressions', () => {
    const [a, b] = [symbol('v(a)'), symbol('v(b)')];
    const c = createCircuit('formulas')
      .parameter('rload', '2k')
      .parameter('twice', '2*rload')
      .add('R1', 'a 0', '{twice+1}')
      .add('R2', 'a 0', mul(constant(3), symbol('rload')))
      .add('B1', 'a 0', { i: 'v(a,b)*i(v1)' })
      .add('B2', 'a 0', { i: mul(sub(a, b), symbol('i(v1)')) })
      .add('C1', 'a b', { q: 'x*x' })
      .build();
    const at = (name: string) =>
      ({ rload: 2e3, twice: 4e3, 'v(a)': 5, 'v(b)': 3, 'i(v1)': 7 })[name] ?? Number.NaN;
    expect(c.elements.slice(0, 2).map((e) => evaluate(e.values.r as typeof a, at))).toEqual([4001, 6000]);
    expect(c.elements[2].expressions!.i).toEqual(c.elements[3].expressions!.i);
    expect(evaluate(add(c.elements[4].expressions!.q, constant(0)), at)).toBe(4);
  });

  it('takes waveforms by position or by name', () => {
    const c = createCircuit('waves')
      .add('V1', 'a 0', { pulse: [0, 1, 1e-9] })
      .add('V2', 'b 0', { pulse: { v1: 0, v2: 1, td: 1e-9 } })
      .add('V3', 'c 0', { pwl: [0, 0, 1, 1] })
      .add('V4', 'd 0', { pwl: { r: 0.5, points: [0, 0, 1, 1] } })
      .build();
    const [w1, w2, w3, w4] = c.elements.map((e) => e.waveform);
    expect(w1).toEqual({ kind: 'pulse', args: [0, 1, 1e-9] });
    expect(w2).toEqual(w1);
    expect(w3).toEqual({ kind: 'pwl', args: [0, -1, 0, 0, 1, 1] });
    expect(w4).toEqual({ kind: 'pwl', args: [0, 0.5, 0, 0, 1, 1] });
  });

  it('takes lists and initial values', () => {
    const c = createCircuit('start')
      .model('cell', 'fhn')
      .add('N1', 'v w', { model: 'cell', ic: [1, -0.5] })
      .initial('v', 1)
      .nodeset('w', '1/2')
      .build();
    expect(c.elements[0].values).toEqual({ v0: 1, w0: -0.5 });
    expect([...c.initialConditions]).toEqual([['v', 1]]);
    expect([...c.nodesets]).toEqual([['w', 0.5]]);
  });

  it('is the same however often it is built, and can grow afterwards', () => {
    const c = createCircuit('grow').add('R1', 'a 0', 1);
    const first = c.build();
    expect(c.build()).toEqual(first);
    c.add('R2', 'a 0', 2);
    expect(first.elements).toHaveLength(1);
    expect(c.build().elements).toHaveLength(2);
  });
});

describe('what is wrong with it', () => {
  it('is told with the nearest spelling', () => {
    expect(one('R1', 'a 0', { r: 1, tc3: 2 })).toEqual([
      'unknown-parameter: r1 (resistor) has no parameter tc3 (did you mean "tc1"?)',
    ]);
    const model = () => createCircuit('m').model('dd', 'd', { iz: 1 }).build();
    expect(complaints(model)[0]).toMatch(
      /^unknown-parameter: model dd \(d\) has no parameter iz \(did you mean "i?s/,
    );
    expect(complaints(() => createCircuit('m').model('dd', 'tunel').build())[0]).toMatch(
      /did you mean "tunnel"/,
    );
  });

  it('is told all at once', () => {
    const all = complaints(() =>
      createCircuit('bad')
        .add('R1', 'a', 1)
        .add('D1', 'a 0', { model: 'none' })
        .add('Z1', 'a 0', 1)
        .add('B1', 'a 0')
        .add('L1', 'a 0', { l: 0 })
        .build(),
    );
    expect(all.map((text) => text.split(':')[0])).toEqual([
      'wrong-nodes',
      'unknown-model',
      'unknown-letter',
      'incomplete-element',
      'parameter-out-of-bounds',
    ]);
  });

  it.each<[string, (c: CircuitBuilder) => CircuitBuilder, string[]]>([
    ['a value', (c) => c.add('R1', 'a 0', 'foo'), ['foo']],
    [
      'a value beside a wrong one',
      (c) => c.add('R1', 'a 0', { r: 'foo', tc1: Number.NaN }),
      ['foo', 'tc1 = NaN'],
    ],
    [
      'a parameter, and what is made of it',
      (c) => c.parameter('b', 'foo').parameter('c', '2*b').add('R1', 'a 0', 'c/2'),
      ['foo'],
    ],
    ['a model', (c) => c.model('dd', 'd', { is: 'foo' }).add('D1', 'a 0', { model: 'dd' }), ['foo']],
    [
      'a model by way of a parameter',
      (c) => c.parameter('b', 'foo').model('dd', 'd', { is: 'b' }).add('D1', 'a 0', { model: 'dd' }),
      ['foo'],
    ],
    ['a waveform', (c) => c.add('V1', 'a 0', { sin: [0, 'foo', 1e3] }), ['foo']],
    [
      'a waveform by way of a parameter',
      (c) => c.parameter('b', 'foo').add('V1', 'a 0', { sin: { vo: 0, va: 'b', freq: 1e3 } }),
      ['foo'],
    ],
    ['a law', (c) => c.add('B1', 'a 0', { i: 'v(a)*foo' }), ['foo']],
    ['a voltage at the beginning', (c) => c.add('R1', 'a 0', 1).initial('a', 'foo'), ['foo']],
  ])('an unknown name in %s is told once, and nothing that follows from it', (_, draw, told) => {
    const all = complaints(() => draw(createCircuit('unknown')).build());
    expect(all).toHaveLength(told.length);
    told.forEach((text, k) => {
      expect(all[k]).toContain(text);
    });
    expect(all[0]).toMatch(/^unknown-name: nothing is called "foo"/);
  });

  it('says of no model that it is wrong for an element, or of an element what it lacks, when that is not the first cause', () => {
    const untyped = () => createCircuit('m').model('dd', 'dx').add('D1', 'a 0', { model: 'dd' }).build();
    expect(complaints(untyped).map((text) => text.split(':')[0])).toEqual(['unknown-model-type']);
    expect(one('R1', 'a 0', { rr: 1 })).toEqual([
      'unknown-parameter: r1 (resistor) has no parameter rr (did you mean "r"?)',
    ]);
    expect(one('R1', 'a 0', {})[0]).toMatch(/^missing-parameter/);
  });

  it('still tells of a number that code has made NaN, by itself or through a parameter', () => {
    expect(one('R1', 'a 0', Number.NaN)).toEqual([
      'parameter-out-of-bounds: r1: r = NaN is not a number (r is resistance in Ω)',
    ]);
    const through = () => createCircuit('n').parameter('b', Number.NaN).add('R1', 'a 0', 'b').build();
    expect(complaints(through)[0]).toMatch(/r1: r = NaN/);
  });

  it('points into a formula', () => {
    try {
      createCircuit('f').add('B1', 'a 0', { i: 'v(a)*sinn(2)' }).build();
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).message).toContain('did you mean "sin"?');
      expect((error as InputError).message).toContain('  v(a)*sinn(2)\n       ^^^^');
    }
  });

  it('does not let a number depend on a voltage', () => {
    expect(one('R1', 'a 0', 'v(a)')[0]).toMatch(/^not-constant/);
  });

  it('says where a model parameter belongs, and what a control is missing', () => {
    const onCard = () =>
      createCircuit('m').model('dd', 'd').add('D1', 'a 0', { model: 'dd', is: 1e-14 }).build();
    expect(complaints(onCard)).toEqual([
      'model-parameter: d1: is belongs in the .model of a diode, not on its card (move it to model(…))',
    ]);
    expect(one('F1', 'a 0', { gain: 2 })[0]).toMatch(/^wrong-controls: f1 needs 1 controlling element/);
  });

  it('is a waveform that makes no sense, or two elements of one name', () => {
    expect(one('V1', 'a 0', { pulse: { v1: 0, td: 1 } })[0]).toMatch(/^bad-waveform: v1: pulse: argument v2/);
    expect(one('V1', 'a 0', { pulse: { v1: 0, v2: 1, delay: 1 } })[0]).toMatch(
      /^unknown-argument: v1: pulse has no argument delay/,
    );
    expect(one('V1', 'a 0', { pwl: [0, 0, 1] })[0]).toMatch(/^bad-waveform/);
    const twice = () => createCircuit('m').add('R1', 'a 0', 1).add('r1', 'a 0', 1).build();
    expect(complaints(twice)[0]).toMatch(/^duplicate-element/);
  });

  it('is a model of the wrong type', () => {
    const wrong = () => createCircuit('m').model('dd', 'd').add('N1', 'a w', { model: 'dd' }).build();
    expect(complaints(wrong)[0]).toMatch(/^wrong-model-type: n1: model dd is of type d \(.*fhn/);
  });
});
