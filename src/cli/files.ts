// Reading decks: from files or standard input; an include is looked for beside the file that asks for it.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Deck } from '../netlist/deck.js';
import { parseDeck } from '../netlist/parse.js';
import { inputError } from './errors.js';

const STDIN = 0;

/** @throws InputError (`file`) when the file cannot be read, and everything that is wrong with the deck. */
export function readDeck(path: string, parameters: ReadonlyMap<string, number>): Deck {
  const file = path === '-' ? '<stdin>' : path;
  return parseDeck(readText(path), { file, include, parameters });
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? STDIN : path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw inputError(
      'file',
      `cannot read ${path}: ${why}`,
      'give the path of a SPICE deck, or - for standard input',
    );
  }
}

/** The text of an included file, or undefined when there is none. */
function include(path: string, from: string): string | undefined {
  const base = from === '<stdin>' ? '.' : dirname(from);
  try {
    return readFileSync(isAbsolute(path) ? path : resolve(join(base, path)), 'utf8');
  } catch {
    return undefined;
  }
}
