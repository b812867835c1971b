// A deck, written and read again, is the same circuit.
import { describe, expect, it } from 'vitest';
import type { Circuit, Element, Model } from '../../src/circuit/circuit.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeDeck } from '../../src/netlist/write.js';
import { column, deckText, run } from '../netlists/run.js';

const names = [
  'bistable',
  'fhn-chain',
  'fhn-turing',
  'graetz',
  'line-chain',
  'line-reflection',
  'multiplier',
  'rlc-filter',
  'td-oscillator',
];

const bare = <T extends Element | Model>({ span: _, ...rest }: T) => rest;
const plain = (c: Circuit) => ({
  ...c,
  elements: c.elements.map(bare),
  models: [...c.models.values()].map(bare),
  parameters: undefined,
});
/** Formulas of parameters as numbers, as the writer writes them. */
const numeric = (text: string): string => writeDeck(parseDeck(text).circuit, { dialect: 'tellegen' });

describe('a deck in our own words', () => {
  it.each(names)('%s comes back as it went', (name) => {
    const once = parseDeck(numeric(deckText(name))).circuit;
    const twice = parseDeck(writeDeck(once, { dialect: 'tellegen' })).circuit;
    expect(plain(twice)).toEqual(plain(once));
    expect(once.elements.map((e) => e.name)).toEqual(
      parseDeck(deckText(name)).circuit.elements.map((e) => e.name),
    );
  });
});

describe('a deck in the words of ngspice', () => {
  it.each([
    ['fhn-chain', '.tran 0.5 60', ['v(v1)', 'v(v10)', 'v(v20)'], 60],
    ['td-oscillator', '.tran 0.5n 60n', ['v(d)', 'i(l1)'], 60e-9],
    ['graetz', '.tran 20u 20m', ['v(outp)', 'v(outn)'], 20e-3],
    ['line-reflection', '.tran 0.05n 50n', ['v(in)', 'v(out)'], 50e-9],
  ] as const)('%s simulates the same here', (name, card, signals, end) => {
    const cards = [card, '.options reltol=1e-6 vntol=1e-9'];
    const { circuit } = parseDeck(deckText(name));
    const at = Array.from({ length: 50 }, (_, k) => ((k + 0.5) * end) / 50);
    const [ours, theirs] = (['tellegen', 'ngspice'] as const).map((dialect) =>
      run(writeDeck(circuit, { cards, dialect }), 'tran', { at }),
    );
    for (const signal of signals) {
      const [a, b] = [column(ours, signal), column(theirs, signal)];
      const worst = a.reduce((m, v, k) => Math.max(m, Math.abs(v - b[k])), 0);
      expect(worst, signal).toBeLessThan(1e-3);
    }
  });
});
