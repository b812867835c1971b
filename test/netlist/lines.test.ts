import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { lineOf, makeSource, spanAt } from '../../src/netlist/source.js';
import { deck, element, located } from './support.js';

describe('a clean copy of the text', () => {
  const lines = (text: string): string[] =>
    makeSource('f', text, false)
      .clean.split('\n')
      .map((l) => l.replace(/\s+/g, ' ').trim())
      .filter((l) => l !== '');

  it.each([
    ['R1 A B 1K', ['r1 a b 1k']],
    ['* comment\nr1 a b 1', ['r1 a b 1']],
    ['  * comment\nr1 a b 1', ['r1 a b 1']],
    ['r1 a b 1 ; comment\nr2 a b 2', ['r1 a b 1', 'r2 a b 2']],
    ['r1 a b 1 $ comment', ['r1 a b 1']],
    ['r1 a b 1 $', ['r1 a b 1']],
    ['r1 a$b c 1', ['r1 a$b c 1']],
    ['r1 a b 1 // comment', ['r1 a b 1']],
    ['.include a//b', ['.include a//b']],
    ['r1 a\n+ b 1', ['r1 a b 1']],
    ['r1 a\n* between\n\n+ b 1', ['r1 a b 1']],
    ['r1 a ; why\n  ; between\n + b ; so\n+ 1', ['r1 a b 1']],
    ['r1 a b 1\r\nr2 a b 2\r\n', ['r1 a b 1', 'r2 a b 2']],
    ['r1 a\r\n+ b 1\r\n', ['r1 a b 1']],
    ['\ufeffr1 a b 1', ['r1 a b 1']],
    ['* only', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  it('has the length of the text, whatever the text, and every place has its line and column', () => {
    const piece = fc.constantFrom(
      'r1',
      ' ',
      '\n',
      '+',
      '*',
      ';',
      '$ ',
      'İ',
      'ß',
      'ẞ',
      '\r\n',
      'a',
      '//',
      '\t',
      '€',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, title) => {
        const text = pieces.join('');
        const source = makeSource('f', text, title);
        expect(source.clean).toHaveLength(text.length);
        for (let at = 0; at < text.length; at++) {
          const before = text.slice(0, at).split('\n');
          expect(lineOf(source, at)).toBe(before.length - 1);
          expect(spanAt(source, at, at + 1).column).toBe(before[before.length - 1].length + 1);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('lines of a deck', () => {
  it('the first line is the title, whatever it says', () => {
    expect(deck('r1 a 0 1').circuit.title).toBe('title');
    expect(deck('r1 a 0 1').circuit.elements).toHaveLength(1);
  });

  it('a command in the title line is warned about', () => {
    const { warnings } = parseDeck('.tran 1n 1u\nr1 a 0 1');
    expect(warnings).toMatchObject([{ code: 'title-is-command', span: { line: 1, column: 1 } }]);
  });

  it('an element in the title line is warned about, words that merely begin like one are not', () => {
    const codes = (title: string): readonly string[] =>
      parseDeck(`${title}\nr1 a 0 1\n.op`).warnings.map((w) => w.code);
    for (const card of ['V1 in 0 5', 'R12 a b 4.7k', 'vin2 a 0 SIN(0 1 1k)', 'C1 a b {c}', 'V1 1 0 AC 1'])
      expect(codes(card), card).toContain('title-is-element');
    for (const title of ['RC low pass 2', '1N4007 in a bridge', 'L1 and C1 resonate', 'R1 = 5', ''])
      expect(codes(title), title).not.toContain('title-is-element');
  });

  it('a card may go on over comments, and errors are found where they stand', () => {
    expect(located('r1 a 0\n* between\n+ 1k\n+ tc3=1')).toEqual(['unknown-parameter 4:3 "tc3"']);
  });

  it('"+" that continues nothing is an error', () => {
    expect(located('+ r1 a 0 1\nr2 a 0 1')).toEqual(['nothing-to-continue 1:1 "+"']);
  });

  it('what follows .end is ignored with one warning', () => {
    const { circuit, warnings } = deck('r1 a 0 1\n.end\nr2 a 0 1\nnonsense');
    expect(circuit.elements.map((e) => e.name)).toEqual(['r1']);
    expect(warnings.map((w) => w.code)).toEqual(['after-end']);
  });

  it('a .control block is skipped with a warning that names it', () => {
    const { circuit, warnings } = deck('r1 a 0 1\n.control\nrun\nplot v(a)\n.endc\nr2 a 0 1');
    expect(circuit.elements).toHaveLength(2);
    expect(warnings).toMatchObject([{ code: 'control-skipped', span: { line: 3 } }]);
    expect(warnings[0].message).toContain('2 lines');
  });

  it('a .control block that is not closed is an error', () => {
    expect(located('.control\nrun')).toEqual(['unclosed 1:1 ".control"']);
  });

  it('upper and lower case are the same', () => {
    const r = element(deck('.PARAM RR=2K\nR1 OUT 0 {rr}\n.MODEL DM D(IS=1N)\nD1 Out 0 dm'), 'r1');
    expect(r.nodes).toEqual(['out', '0']);
  });
});
