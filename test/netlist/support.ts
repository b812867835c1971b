// Decks in tests: read one, or what is wrong with it.
import type { Element } from '../../src/circuit/circuit.js';
import { type Diagnostic, InputError } from '../../src/errors.js';
import type { Deck } from '../../src/netlist/deck.js';
import { type ParseOptions, parseDeck } from '../../src/netlist/parse.js';

/** A deck of these lines behind a title. */
export const deck = (lines: string, options: ParseOptions = {}): Deck =>
  parseDeck(`title\n${lines}\n`, options);

export const element = (d: Deck, name: string): Element => {
  const found = d.circuit.elements.find((e) => e.name === name);
  if (!found) throw new Error(`no element ${name} among ${d.circuit.elements.map((e) => e.name).join(' ')}`);
  return found;
};

/** All errors of a deck. */
export function errors(lines: string, options: ParseOptions = {}): readonly Diagnostic[] {
  try {
    deck(lines, options);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** The text under the caret of a diagnostic. */
export const under = (d: Diagnostic): string =>
  d.span ? d.span.text.slice(d.span.column - 1, d.span.column - 1 + d.span.length) : '';

/** `code line:column "text under the caret"` of every error; lines are counted without the title. */
export const located = (lines: string, options: ParseOptions = {}): string[] =>
  errors(lines, options).map(
    (d) => `${d.code} ${d.span ? `${d.span.line - 1}:${d.span.column}` : '-'} "${under(d)}"`,
  );
