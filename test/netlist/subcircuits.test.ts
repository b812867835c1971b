import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/expression/build.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { deck, element, errors, located } from './support.js';

const flat = (lines: string): string[] =>
  deck(lines).circuit.elements.map((e) =>
    `${e.name} ${e.nodes.join(' ')} ${Object.values(e.values).join(' ')}`.trim(),
  );

describe('subcircuits become elements', () => {
  it('names and nodes carry the path; ports are the nodes X was given', () => {
    expect(
      flat('.subckt rc in out\nr1 in n 1k\nc1 n 0 1n\nr2 n out 2k\n.ends\nx1 a b rc\nx2 b 0 rc'),
    ).toEqual([
      'x1.r1 a x1.n 1000',
      'x1.c1 x1.n 0 1e-9',
      'x1.r2 x1.n b 2000',
      'x2.r1 b x2.n 1000',
      'x2.c1 x2.n 0 1e-9',
      'x2.r2 x2.n 0 2000',
    ]);
  });

  it('may be defined after their use, and inside each other', () => {
    expect(
      flat(
        'x1 a 0 top\n.subckt top p q\n.subckt leaf p q\nr1 p q 5\n.ends leaf\nx1 p m leaf\nx2 m q leaf\n.ends top',
      ),
    ).toEqual(['x1.x1.r1 a x1.m 5', 'x1.x2.r1 x1.m 0 5']);
  });

  it('an inner definition hides an outer one', () => {
    const inner =
      '.subckt s p q\nr1 p q 1\n.ends\n.subckt t p q\n.subckt s p q\nr1 p q 2\n.ends\nx1 p q s\n.ends';
    expect(flat(`${inner}\nx1 a 0 t\nx2 a 0 s`)).toEqual(['x1.x1.r1 a 0 2', 'x2.r1 a 0 1']);
  });

  it('global nodes keep their names', () => {
    expect(flat('.global vdd\n.subckt s a\nr1 a vdd 1\nr2 a gnd 1\n.ends\nx1 n s')).toEqual([
      'x1.r1 n vdd 1',
      'x1.r2 n 0 1',
    ]);
  });

  it('an X may have its nodes in parentheses', () => {
    expect(flat('.subckt s a b\nr1 a b 1\n.ends\nx1 (n 0) s')).toEqual(['x1.r1 n 0 1']);
  });
});

describe('parameters of subcircuits', () => {
  const s = '.subckt s a b r=1k c={2*r}\n.param half={r/2}\nr1 a b {r}\nr2 a b {half}\nr3 a b {c}\n.ends\n';
  it.each([
    ['x1 a 0 s', [1000, 500, 2000]],
    ['x1 a 0 s r=10', [10, 5, 20]],
    ['x1 a 0 s params: r = {5*2} c=7', [10, 5, 7]],
    ['x1 a 0 s c=1', [1000, 500, 1]],
  ])('%s', (x, expected) => {
    expect(deck(s + x).circuit.elements.map((e) => e.values.r)).toEqual(expected);
  });

  it('the params: keyword on .subckt is accepted', () => {
    expect(flat('.subckt s a b params: r=1k\nr1 a b {r}\n.ends\nx1 a 0 s')).toEqual(['x1.r1 a 0 1000']);
  });

  it('what depends on a global parameter stays an expression of global parameters', () => {
    const d = deck(`.param top=4\n${s}x1 a 0 s r={top*3}`);
    expect([...d.circuit.parameters.keys()]).toEqual(['top']);
    const at = (name: string, top: number) => {
      const value = element(d, name).values.r;
      return typeof value === 'number' ? value : evaluate(value, (n) => (n === 'top' ? top : Number.NaN));
    };
    expect([at('x1.r1', 4), at('x1.r2', 4), at('x1.r3', 10)]).toEqual([12, 6, 60]);
  });

  it('a local name hides the global one; a global function speaks of global names', () => {
    const d = deck(
      '.param r=3 k=10\n.func f(x) {k*x}\n.subckt s a b r=5\n.param k=2\nr1 a b {f(r)}\nr2 a b {k}\n.ends\nx1 a 0 s',
    );
    const at = (name: string) => {
      const value = element(d, name).values.r;
      return typeof value === 'number' ? value : evaluate(value, (n) => (n === 'k' ? 10 : Number.NaN));
    };
    expect([at('x1.r1'), at('x1.r2')]).toEqual([50, 2]);
  });

  it('an override is seen from the caller', () => {
    const d = deck(
      '.subckt in a b r=1\nr1 a b {r}\n.ends\n.subckt out a b r=7\nx1 a b in r={r+1}\n.ends\nx1 a 0 out',
    );
    expect(element(d, 'x1.x1.r1').values.r).toBe(8);
  });

  it('a plain value inside a subcircuit is shared by its expansions', () => {
    const d = deck('.subckt s a b\nr1 a b 1k\n.ends\nx1 a 0 s\nx2 a 0 s');
    expect(element(d, 'x1.r1').values).toBe(element(d, 'x2.r1').values);
  });
});

describe('what lives in a subcircuit', () => {
  it('behavioural expressions speak of its own nodes and elements', () => {
    const d = deck('.subckt s a\nv1 m 0 1\nb1 a 0 i={v(a,m)*i(v1)+v(gnd)}\n.ends\nx1 out s');
    const { i } = element(d, 'x1.b1').expressions!;
    const seen: string[] = [];
    evaluate(i, (name) => seen.push(name));
    expect(seen).toEqual(['v(out)', 'v(x1.m)', 'i(x1.v1)']);
  });

  it('a port tied to ground reads zero', () => {
    const d = deck('.subckt s a b\nb1 a 0 i={v(a)+v(b)}\n.ends\nr1 out 0 1\nx1 out 0 s');
    expect(element(d, 'x1.b1').expressions!.i).toEqual(symbol('v(out)'));
  });

  it('controls are its own elements', () => {
    const d = deck('.subckt s a\nv1 a 0 1\nf1 a 0 v1 2\n.ends\nx1 out s');
    expect(element(d, 'x1.f1').controls).toEqual(['x1.v1']);
  });

  it('a constant local model is shared, one that depends on parameters is repeated', () => {
    const d = deck(
      '.subckt s a w=1\n.model dc d(is=1n)\n.model dv d(is={w*1n})\nd1 a 0 dc\nd2 a 0 dv\n.ends\nx1 p s\nx2 p s w=2',
    );
    const models = d.circuit.elements.map((e) => [
      e.name,
      e.model!,
      d.circuit.models.get(e.model!)?.values.is,
    ]);
    expect(models).toEqual([
      ['x1.d1', 's.dc', 1e-9],
      ['x1.d2', 'x1.dv', 1e-9],
      ['x2.d1', 's.dc', 1e-9],
      ['x2.d2', 'x2.dv', 2e-9],
    ]);
  });

  it('.ic and .nodeset are repeated with it', () => {
    const d = deck(
      '.subckt s a v0=1\nc1 a n 1n\nc2 n 0 1n\n.ic v(n)={v0} v(a)=3\n.ends\nx1 p s\nx2 q s v0=2',
    );
    expect([...d.circuit.initialConditions]).toEqual([
      ['x1.n', 1],
      ['p', 3],
      ['x2.n', 2],
      ['q', 3],
    ]);
  });

  it('x1.n and i(x1.r1) can be spoken of from outside', () => {
    const d = deck(
      '.subckt s a\nr1 a n 1\nr2 n 0 1\n.ends\nx1 p s\nb1 q 0 v={v(x1.n)}\n.save v(x1.n) i(x1.r1)',
    );
    expect(d.saves.map((x) => x.name)).toEqual(['v(x1.n)', 'i(x1.r1)']);
    const foreign = deck('.subckt s a\nr1 a 0 1\n.ends\nx1 p s\n.save i(r.x1.r1) @r.x1.r1[i]');
    expect(foreign.saves.map((x) => x.expr)).toEqual([
      { op: 'sym', name: 'i(x1.r1)' },
      { op: 'sym', name: 'i(x1.r1)' },
    ]);
  });
});

describe('what is wrong with a subcircuit', () => {
  it.each([
    ['.subckt\n.ends', 'missing-name 1:8 ""'],
    ['.subckt s a a\n.ends', 'duplicate-port 1:13 "a"'],
    ['.subckt s 0\n.ends', 'ground-port 1:11 "0"'],
    ['.subckt s a\nr1 a 0 1', 'missing-ends 1:1 ".subckt"'],
    ['.ends', 'unexpected-ends 1:1 ".ends"'],
    ['.subckt s a\n.ends t', 'wrong-ends 2:7 "t"'],
    ['.subckt s a\n.ends\n.subckt s a\n.ends', 'duplicate-subcircuit 3:9 "s"'],
    ['x1 a b', 'unknown-subcircuit 1:6 "b"'],
    ['x1', 'missing-name 1:3 ""'],
    ['.subckt s a b\nr1 a b 1\n.ends\nx1 p s', 'wrong-node-count 4:6 "s"'],
    ['.subckt s a\nr1 a 0 1\n.ends\nx1 p q r s', 'wrong-node-count 4:6 "q r"'],
    ['.subckt s a r=1\nr1 a 0 {r}\n.ends\nx1 p s q=1', 'unknown-parameter 4:8 "q"'],
    ['.subckt s a\n.param q=1\nr1 a 0 {q}\n.ends\nx1 p s q=1', 'unknown-parameter 5:8 "q"'],
    ['.subckt s a r=1\nr1 a 0 {r}\n.ends\nx1 p s r=1 r=2', 'duplicate-parameter 4:12 "r"'],
    ['.subckt s a\nr1 a 0 foo\n.ends\nx1 p s\nx2 p s', 'unknown-name 2:8 "foo"'],
    ['.subckt s a\nr1 a 0 foo\n.ends', 'unknown-name 2:8 "foo"'],
    ['.subckt s a\nr1 a 0 1\nr1 a 0 2\n.ends\nx1 p s\nx2 q s', 'duplicate-element 3:1 "r1"'],
    ['.subckt s a\nr1 a 0 1\n.ends\nx1 p s\nx1 q s', 'duplicate-element 5:1 "x1"'],
    ['.subckt s a\nb1 a 0 i=v(q)\n.ends\nx1 p s\nx2 p s', 'unknown-node 2:10 "v(q)"'],
    ['.subckt s a\n.tran 1n 1u\n.ends', 'misplaced-command 2:1 ".tran"'],
    ['.subckt s a\nx1 a s\n.ends\nx1 p s', 'recursive-subcircuit 2:1 "x1"'],
  ])('%j', (lines, expected) => {
    expect(located(lines)).toEqual([expected]);
  });

  it('says what would have worked', () => {
    expect(errors('.subckt amp a\nr1 a 0 1\n.ends\nx1 p anp')[0].hint).toBe('did you mean "amp"?');
    expect(errors('.subckt amp a gain=1\nr1 a 0 {gain}\n.ends\nx1 p amp gian=2')[0].hint).toBe(
      'did you mean "gain"?',
    );
    expect(errors('.subckt a p\nx1 p b\n.ends\n.subckt b p\nx1 p a\n.ends\nx1 q a')[0].message).toContain(
      'a → b → a',
    );
  });
});
