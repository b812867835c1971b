// Decks as text, ready to run.
import { compile } from '../../src/circuit/compile.js';
import type { System } from '../../src/circuit/system.js';
import { parseDeck } from '../../src/netlist/parse.js';

/** The circuit of a deck without title and `.end`, bound to its own numbers. */
export const systemOf = (deck: string): System => compile(parseDeck(`title\n${deck}\n.end\n`).circuit).bind();
