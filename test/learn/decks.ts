// Decks as text, ready to run.
import { compile } from '../../src/circuit/compile.js';
import type { System } from '../../src/circuit/system.js';
import { parseDeck } from '../../src/netlist/parse.js';

/** The circuit of a deck without title and `.end`, bound to its own numbers. */
export const systemOf = (deck: string): System => compile(parseDeck(`title\n${deck}\n.end\n`).circuit).bind();

/** Resistors, a diode, and a capacitor at each of two nodes; without title and `.end`. */
export const DIODES = `V1 a 0 1
V2 b 0 0.5
R1 a c 1
R2 b c 2
R3 c d 1
R4 d 0 3
R5 a d 4
C1 c 0 1
C2 d 0 2
D1 d 0 dd
.model dd D(is=1e-2 n=4)
.train R*
.cost op v(d) target=0.1`;
