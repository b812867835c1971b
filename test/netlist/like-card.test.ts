// A card that differs from an earlier one in names only is not read again: it must say what it says by itself, and what
// is wrong with it must be told of its own place.
import { expect, it } from 'vitest';
import { formsOf, shapeOf } from '../../src/circuit/shape.js';
import { InputError } from '../../src/errors.js';
import { parseDeck } from '../../src/netlist/parse.js';

const HEAD = 'title\n.param g=2 h={3*g}\n.func f(x)={x*x+V(a)}\n';
const deck = (cards: readonly string[]): string =>
  `${HEAD}R1 a b 1\nR2 b c 1\nR3 c 0 1\nV9 a 0 1\n${cards.join('\n')}\n.op\n.end\n`;

const elementOf = (cards: readonly string[], name: string): unknown => {
  const element = parseDeck(deck(cards)).circuit.elements.find((e) => e.name === name)!;
  const { span, ...rest } = element;
  return { ...rest, column: span?.column, text: span?.text };
};

it.each([
  ['B1 a 0 I=V(a)*V(a)/3-V(b)', 'B2 b 0 I=V(b)*V(b)/3-V(c)'],
  ['B1 a 0 I=V(a)*V(a)/3-V(b)', 'B2 b 0 I=V(b)*V(c)/3-V(c)'],
  ['B1 a 0 I=V(a)-V(b)', 'B2 b 0 I=V(b)-V(b)'],
  ['B1 a 0 I=V(a)-V(b)', 'B2 b 0 I=V(b)-V(0)'],
  ['B1 a 0 I=V(a)-V(b)', 'B2 b 0 I=V(gnd)-V(c)'],
  ['B1 a 0 I=g*V(a)^3+h*time', 'B2 c gnd I=g*V(c)^3+h*time'],
  ['B1 a 0 I=f(V(a))', 'B2 b 0 I=f(V(b))'],
  ['B1 a 0 I=V(a,b)', 'B2 b 0 I=V(b,c)'],
  ['B1 a 0 I=I(V9)*V(a)', 'B2 b 0 I=I(V9)*V(b)'],
  ['B1 a 0 V=V(b)', 'B2 b 0 V=V(c)'],
  ['B1 a 0 I=V(b)', 'B2 b 0 V=V(c)'],
  ['G1 a 0 VALUE={V(a)^2}', 'G2 b 0 VALUE={V(b)^2}'],
  ['C1 a 0 Q=x*x+V(a)', 'C2 b 0 Q=x*x+V(b)'],
  ['B1 a 0 I=V(a)*2', '  B2\tb   c\tI=V(b)*2 ; more'],
  ['B1 a 0 I=V(a)*2', 'B2 b 0 I=\n+ V(b)*2'],
  ['B1 a b I=V(a)-V(b)*V(a)', 'B2 b c I=V(c)-V(b)*V(c)'],
  ['B1 a b I=V(a)-V(b)', 'B2 b c I=V(b)-V(b)'],
  ['B1 a b I=V(a)-V(b)', 'B2 b c I=V(b)-V(c)*2'],
  ['B1 a b I=V(a)-V(b)', 'B2 b c I=V(b)-V(a)'],
  ['B1 a 0 I=V(a)*V(a)', 'B2 b 0 I=V(b)*V(bb)'],
  ['B1 a 0 I=V(a)*V(a)', 'B2 gnd b I=V(gnd)*V(gnd)'],
  ['B1 a 0 I=V(a)*2', 'B2 b c I=V(b,c)*2'],
  ['B1 a 0 I=V(a)*2', 'B2 b c d I=V(b)*2'],
  ['B1 a 0 I=V(a)', 'G2 b 0 I=V(b)'],
  ['B1 a 0 I=V(a)', 'B2 b 0 I=V(b) tc1=2'],
])('%s, then %s', (first, second) => {
  const name = /\w+/.exec(second)![0].toLowerCase();
  const say = (cards: readonly string[]): unknown => {
    try {
      return elementOf(cards, name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.diagnostics.filter((d) => d.span?.text.includes(name.toUpperCase())).map((d) => d.message);
    }
  };
  expect(say([first, second])).toEqual(say([second]));
});

it.each([
  ['B1 a 0 I=V(a)*V(a)/3-V(b)', 'B2 b 0 I=V(b)*V(b)/3-V(c)'],
  ['B1 a 0 I=g*V(a)^3+h*time-7.5', 'B2 c gnd I=g*V(c)^3+h*time-7.5'],
  ['B1 a 0 I=I(V9)*V(a)', 'B2 b 0 I=I(V9)*V(b)'],
  ['B1 a 0 I=V(a)*V(b,c)', 'B2 b 0 I=V(b)*V(b,c)'],
])('%s, then %s: the shape that is told is the one that is found', (first, second) => {
  const [, alike] = parseDeck(deck([first, second])).circuit.elements.slice(-2);
  const [alone] = parseDeck(deck([second])).circuit.elements.slice(-1);
  const [told, found] = [alike, alone].map(shapeOf);
  expect({ ...told, expressions: told.expressions() }).toEqual({
    ...found,
    expressions: found.expressions(),
  });
});

it('tells of every mention of a node that does not exist where it stands', () => {
  const cards = ['B1 a 0 I=V(a)*V(a)-1', 'B2 b 0 I=V(bb)*V(bb)-1'];
  const places = (): unknown => {
    try {
      return parseDeck(deck(cards));
    } catch (error) {
      return (error as InputError).diagnostics.map((d) => [
        d.code,
        d.span?.line,
        d.span?.column,
        d.span?.length,
      ]);
    }
  };
  expect(places()).toEqual([
    ['unknown-node', 9, 10, 5],
    ['unknown-node', 9, 16, 5],
  ]);
});

it('keeps the forms of subcircuits apart: the same words may mean other parameters there', () => {
  const text =
    't\n.param k=1\n.subckt s p\n.param k=5\nB1 p 0 I=k*V(p)\nB2 p 0 I=k*V(q)\nR1 p q 1\nR2 q 0 1\n.ends\n' +
    'X1 a s\nB1 a 0 I=k*V(a)\nR1 a b 1\nB2 b 0 I=k*V(b)\nV1 a 0 1\n.op\n';
  const { elements } = parseDeck(text).circuit;
  const of = (name: string): unknown => elements.find((e) => e.name === name)!.expressions;
  expect(JSON.stringify(of('x1.b2'))).toContain('v(x1.q)');
  expect(JSON.stringify(of('b2'))).toContain('v(b)');
  expect(JSON.stringify(of('b2')).replaceAll('v(b)', 'v(a)')).toBe(JSON.stringify(of('b1')));
  expect(JSON.stringify(of('x1.b2'))).not.toContain('"k"');
});

it.each([
  ['B2 c 0 I=V(c)*V(c)/3-V(c)', 'B3 c d I=V(c)*V(c)/3-V(c)', [['v(c)'], ['v(c)']]],
  ['B2 0 c I=V(c)*V(c)/3-V(c)', 'B3 d c I=V(c)*V(c)/3-V(c)', [['v(c)'], ['v(c)']]],
  ['B2 c 0 I=V(d)*V(d)/3-V(d)', 'B3 d c I=V(d)*V(d)/3-V(d)', [['v(d)'], ['v(d)']]],
])('%s, %s: the forms that are told speak of their nodes', (second, third, wanted) => {
  const { elements } = parseDeck(deck(['B1 a 0 I=V(a)*V(a)/3-V(a)', second, third])).circuit;
  const forms = formsOf(elements);
  const told = [elements.length - 2, elements.length - 1].map((e) => {
    const { shape, pins } = forms.get(e)!;
    expect(shape.key).toBe(shapeOf(elements[e]).key);
    return pins === undefined ? shape.references : pins.map((pin) => `v(${elements[e].nodes[pin]})`);
  });
  expect(told).toEqual(wanted);
});
