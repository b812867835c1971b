// tellegen dual: a deck for any SPICE in which the adjoint network, or the dyadic pair, stands beside the circuit.

import type { DualForm } from '../dual/dual.js';
import { parseNumber } from '../expression/numbers.js';
import { leftAside } from '../lesson/deck.js';
import { dualDeck } from '../lesson/dual-deck.js';
import { readAssignments } from './arguments.js';
import { DONE, guarded, inputError, printDiagnostics } from './errors.js';
import { demandOther, readDeck, writeText } from './files.js';
import { checkTargets } from './results.js';
import { out } from './terminal.js';

export interface DualRequest {
  readonly deck: string;
  readonly output?: string;
  readonly form: DualForm;
  readonly row: string;
  readonly param?: readonly string[];
}

export function dual({ deck: path, output, form, row, param }: DualRequest): Promise<number> {
  return guarded(() => {
    const parameters = readAssignments('--param', param ?? [], false);
    const number = parseNumber(row);
    if (number === undefined || !Number.isInteger(number))
      throw inputError('bad-row', `--row ${row}: this is not the number of a row`, 'write 1, 2, 3, …');
    checkTargets(output, undefined);
    if (output !== undefined) demandOther(output, path);
    const deck = readDeck(path, parameters);
    printDiagnostics([...deck.warnings, ...leftAside(deck)]);
    const text = dualDeck(deck, { form, row: number, parameters });
    if (output === undefined) out(text);
    else writeText(output, text);
    return DONE;
  });
}
