// tellegen check: everything that can be found wrong with a deck without simulating it.
import { study } from '../study.js';
import { readAssignments } from './arguments.js';
import { DONE, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import { out } from './terminal.js';

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export function check(path: string, param: readonly string[]): Promise<number> {
  return guarded(() => {
    const parameters = readAssignments('--param', param, false);
    const deck = readDeck(path, parameters);
    const { compiled, plan, warnings } = study(deck, { parameters });
    printDiagnostics(warnings);
    const system = compiled.bind({ parameters });
    const analyses = plan.map((j) => (j.runs.length > 1 ? `${j.label} × ${j.runs.length}` : j.label));
    out(
      `${path}: ${count(deck.circuit.elements.length, 'element')}, ${count(system.n, 'unknown')}, ${analyses.join(', ')}` +
        `${warnings.length > 0 ? `; ${count(warnings.length, 'warning')}` : ''}\n`,
    );
    return DONE;
  });
}
