// A name, two nodes and a number are read by a way of their own: it must say what the general one says of the same card
// with its nodes in parentheses.
import { expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { parseDeck } from '../../src/netlist/parse.js';

function said(card: string): unknown {
  try {
    const { circuit } = parseDeck(`title\n${card}\n.op\n.end\n`);
    return circuit.elements.map(({ span, ...rest }) => ({ ...rest, line: span?.line, column: span?.column }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({ code, message, hint }) => ({ code, message, hint }));
  }
}

const NUMBERS =
  '5 4.7k .5 1. 1e-9 1E3 10MEG 2mil 100pF 0 00012 123456789012345678 1e400 0x10 0b1 1_000 1k5 5e'.split(' ');

it.each(
  NUMBERS.flatMap((number) => ['R1', 'C1', 'L1', 'V1', 'I1', 'B1', 'D1', 'K1'].map((name) => [name, number])),
)('%s a b %s', (name, number) => {
  expect(said(`${name} a gnd ${number}`)).toEqual(said(`${name} (a gnd) ${number}`));
  expect(said(`  ${name}\ta\n+  gnd ${number} ; five`)).toEqual(said(`  ${name}\t(a\n+  gnd) ${number}`));
});

it.each([
  'R1 a b',
  'R1 a b 1 2',
  'R1 a b 1,',
  'R1 a b 1 tc1=2',
  'R.x1.r2 a b 5',
  'Q1 a b 5',
  '1 a b 5',
  'R1 a=b 5',
])('is no plain card: %s', (card) => {
  expect(said(card)).toEqual(said(card.replace(' ', ' ,')));
});

it('knows no ground of that name inside a subcircuit that has it as a port', () => {
  const { circuit } = parseDeck(
    't\n.subckt s gnd a\nR1 gnd a 5\n.ends\nX1 p q s\nR2 p 0 1\nR3 q gnd 1\n.op\n',
  );
  expect(circuit.elements.map((e) => e.nodes)).toEqual([
    ['p', 'q'],
    ['p', '0'],
    ['q', '0'],
  ]);
});
