// Reading decks: from files or standard input; an include is looked for beside the file that asks for it. Writing files.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Deck } from '../netlist/deck.js';
import { parseDeck } from '../netlist/parse.js';
import { inputError } from './errors.js';
import { writeAll } from './terminal.js';

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

/** Opens a file for writing and makes the folder it is to stand in. */
export function create(file: string): number {
  try {
    makeFolder(dirname(file));
    return openSync(file, 'w');
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Makes a folder and those it stands in, one by one: in /proc node's own recursion does not end. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function unwritable(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(`cannot write ${file}: ${WHY.get(code ?? '') ?? message}`), { code });
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOENT', 'its folder cannot be made'],
  ['ENOTDIR', 'a part of its path is no folder'],
  ['EEXIST', 'a part of its path is no folder'],
  ['EROFS', 'the file system is read-only'],
]);

/** Makes the folder of a file that is written much later. @throws Error when it could not be written there */
export function demandWritable(file: string): void {
  try {
    makeFolder(dirname(file));
    if (existsSync(file) && statSync(file).isDirectory())
      throw Object.assign(new Error(), { code: 'EISDIR' });
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** @throws InputError when a deck would be written over the one that it is made of. */
export function demandOther(file: string, deck: string): void {
  if (!existsSync(file) || !existsSync(deck) || realpathSync(file) !== realpathSync(deck)) return;
  throw inputError('overwrite', `${file} is the deck itself`, 'give -o another name');
}

/** Writes a text whole. */
export function writeText(file: string, text: string): void {
  const descriptor = create(file);
  try {
    writeAll(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
