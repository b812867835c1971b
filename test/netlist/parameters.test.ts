import { describe, expect, it } from 'vitest';
import { globals } from '../../src/circuit/values.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { deck, element, errors, located } from './support.js';

const values = (lines: string, parameters: Record<string, number> = {}): Record<string, number> => {
  const { circuit } = deck(lines, { parameters });
  const lookup = globals(circuit, {});
  return Object.fromEntries([...circuit.parameters.keys()].map((name) => [name, lookup(name)]));
};

describe('.param', () => {
  it('may come in any order, several on a line, with or without brackets', () => {
    expect(values(".param a={b+1} b=2*c\n.param c = 3 , d='a*2' e2 = a + b\n+ f=1k")).toMatchObject({
      a: 7,
      b: 6,
      c: 3,
      d: 14,
      e2: 13,
      f: 1000,
    });
  });

  it('the circuit lists each after those it uses', () => {
    expect([...deck('.param a={b+1} b={c} c=3').circuit.parameters.keys()]).toEqual(['c', 'b', 'a']);
  });

  it('constants and functions are known; a parameter takes precedence', () => {
    expect(values('.param a={2*pi} b={max(1,2)} e=5 f={e}')).toMatchObject({ a: 2 * Math.PI, b: 2, f: 5 });
  });

  it('a value may be set from outside, and what depends on it follows', () => {
    expect(values('.param a=1 b={a*2}', { A: 10 })).toMatchObject({ a: 10, b: 20 });
  });

  it('a second definition is used, with a warning', () => {
    const d = deck('.param a=1\n.param a=2');
    expect(d.circuit.parameters.get('a')).toBe(2);
    expect(d.warnings).toMatchObject([{ code: 'duplicate-parameter', span: { line: 3, column: 8 } }]);
  });

  it('comparison is no assignment', () => {
    expect(values('.param a={1==1} b=1 c=b>=1 d=b!=1')).toMatchObject({ a: 1, c: 1, d: 0 });
  });

  it('temper is the temperature', () => {
    expect(deck('.param a={temper}\n.temp 50').circuit.temperature).toBe(50);
    expect(values('.temp 50\n.param a={temper+1}').a).toBe(51);
  });

  it.each([
    ['.param', 'missing-value 1:7 ""'],
    ['.param a', 'missing-value 1:8 "a"'],
    ['.param a=', 'missing-value 1:10 ""'],
    ['.param a=1 b', 'unexpected-word 1:12 "b"'],
    ['.param a={b}', 'unknown-name 1:11 "b"'],
    ['.param a={1+}', 'expression-syntax 1:13 "}"'],
    ['.param 1a=3', 'bad-name 1:8 "1a"'],
    ['.param time=3', 'bad-name 1:8 "time"'],
    ['.param a={v(x)}', 'signal-not-allowed 1:11 "v(x)"'],
    ['.param a={1/0}', 'not-finite 1:10 "{1/0}"'],
    ['.param a={b} b={c+1} c={b}', 'parameter-cycle 1:22 "c"'],
  ])('%s', (lines, expected) => {
    expect(located(lines)).toEqual([expected]);
  });

  it('a cycle is named', () => {
    expect(errors('.param a={b} b={c} c={a}')[0].message).toContain('a → b → c → a');
  });

  it('an unknown name from outside is an error', () => {
    expect(errors('.param gain=1', { parameters: { gian: 2 } })).toMatchObject([
      { code: 'unknown-parameter', hint: 'did you mean "gain"?' },
    ]);
  });
});

describe('.func', () => {
  const r = (lines: string): unknown => element(deck(`${lines}\nr1 a 0 {y}`), 'r1') && values(lines).y;
  it.each([
    ['.func f(x) {2*x}\n.param y={f(3)}', 6],
    ['.param y={f(3)}\n.func f(x) = {g(x)+1}\n.func g(x) {x*x}', 10],
    ['.func f(a,b) a-b\n.param y={f(5,3)}', 2],
    ['.func f() {7}\n.param y={f()}', 7],
    ['.param x=100 k=2\n.func f(x) {k*x}\n.param y={f(x+1)}', 202],
    ['.func max(a,b) {a*b}\n.param y={max(2,3)}', 6],
    [".func f(x) 'x+1'\n.param y={f(f(1))}", 3],
  ])('%j', (lines, expected) => {
    expect(r(lines)).toBe(expected);
  });

  it('may speak of voltages where voltages are allowed', () => {
    const b = element(deck('.func sq(x) {x*v(a)}\nr1 a 0 1\nb1 a 0 i={sq(time)}'), 'b1');
    expect(evaluate(b.expressions!.i, (n) => (n === 'time' ? 2 : 5))).toBe(10);
    expect(located('.func sq(x) {x*v(a)}\nr1 a 0 {sq(2)}')).toEqual(['signal-not-allowed 2:9 "sq"']);
  });

  it.each([
    ['.func f', 'missing-name 1:7 "f"'],
    ['.func f(x)', 'missing-value 1:11 ""'],
    ['.func f(x {x}', 'unbalanced 1:11 "{x}"'],
    ['.func f(x,x) {x}', 'duplicate-argument 1:11 "x"'],
    ['.func f(1) {1}', 'bad-name 1:9 "1"'],
    ['.func f(x) {y}', 'unknown-name 1:13 "y"'],
    ['.func f(x) {x} y', 'unexpected-word 1:16 "y"'],
    ['.func f(x) x x', 'expression-syntax 1:14 "x"'],
    ['.func f(x) {x}\n.func f(x) {x}', 'duplicate-function 2:7 "f"'],
    ['.func f(x) {x}\n.param y={f(1,2)}', 'wrong-arguments 2:11 "f"'],
    ['.func f(x) {f(x)}', 'recursive-function 1:13 "f"'],
  ])('%j', (lines, expected) => {
    expect(located(lines)).toEqual([expected]);
  });

  it('recursion is named', () => {
    expect(
      errors('.func f(x) {g(x)}\n.func g(x) {h(x)}\n.func h(x) {f(x)}\nr1 a 0 {f(1)}')[0].message,
    ).toContain('f → g → h → f');
  });
});
