// What a deck wants to learn, as a problem: which numbers may move, over which rows, at what cost.
import { frequencies } from '../analysis/ac.js';
import type { Value } from '../circuit/circuit.js';
import type { Binding } from '../circuit/compile.js';
import { type Globals, globals, number } from '../circuit/values.js';
import { type Diagnostic, InputError } from '../errors.js';
import { mentions } from '../expression/split.js';
import type { Problem } from '../learn/problem.js';
import { type AcCard, bindAnalysis, type DataTable, type Deck, type TranCard } from '../netlist/deck.js';
import { furnished, settingsOf } from '../study/settings.js';
import { complaint } from './complaint.js';
import { doubts, movables, refuse } from './movable.js';
import { makeProblem } from './problem.js';

/** What takes the place of what a deck says. */
export interface ProblemOptions {
  /** Values that replace `.param` definitions. */
  readonly parameters?: ReadonlyMap<string, number>;
  /** Values that replace `.options`. */
  readonly options?: ReadonlyMap<string, number | string>;
}

/**
 * The problem that the `.train`, `.cost` and `.data` cards of a deck pose.
 *
 * Its rows are those of the table that `.cost … data=name` names; when none does, those of the deck's only table, or of
 * the one among several whose columns the costs speak of. Without a table there is one row. Costs over time refer to
 * the first `.tran`; `.step` is left aside.
 *
 * @throws InputError when nothing is trained or nothing costs anything, and with what is wrong with circuit, options,
 * bounds and costs
 */
export function problemOf(asWritten: Deck, given: ProblemOptions = {}): Problem {
  refuse(idle(asWritten));
  const { gmin, ...settings } = settingsOf(asWritten, given.options);
  const deck = furnished(asWritten, given.options, gmin);
  const { circuit, costs } = deck;
  const binding: Binding = given.parameters ? { parameters: given.parameters } : {};
  const lookup = globals(circuit, binding);
  const bound = (value: Value | undefined): number | undefined =>
    value === undefined ? undefined : number(value, lookup);
  const movable = deck.trains.flatMap(({ parameters, min, max, log, written: group, span }) =>
    movables(lookup, parameters, { min: bound(min), max: bound(max), log, group, span }),
  );
  const { columns = [], rows = [] } = tableOf(deck) ?? {};
  refuse(doubts(circuit, movable, columns));
  const sweep = sweepOf(deck, lookup);
  const swept = costs.map((c) => (c.kind === 'ac' ? { ...c, sweep } : c));
  const task = { circuit, movable, costs: swept, columns, rows, options: { ...settings, gmin: 0 } };
  const card = deck.analyses.find((a): a is TranCard => a.kind === 'tran');
  if (costs.every((c) => c.kind !== 'tran') || card === undefined) return makeProblem({ ...task, binding });
  const tran = bindAnalysis(card, lookup);
  if (tran.kind !== 'tran') throw new TypeError('a .tran card stays one when it is bound');
  const { tstep, tstop, tstart, tmax, uic } = tran;
  return makeProblem({
    ...task,
    binding: { ...binding, timing: { tstep, tstop } },
    transient: { tstop, tstart, uic, ...(tmax === undefined ? {} : { tmax }) },
  });
}

/** The frequencies of the deck's `.ac`, when a cost is a mean over them. @throws InputError for numbers that make none */
function sweepOf({ analyses, costs }: Deck, lookup: Globals): Float64Array {
  const card = analyses.find((a): a is AcCard => a.kind === 'ac');
  if (card === undefined || costs.every((c) => c.kind !== 'ac' || c.at !== undefined))
    return new Float64Array(0);
  const bound = bindAnalysis(card, lookup);
  if (bound.kind !== 'ac') throw new TypeError('an .ac card stays one when it is bound');
  try {
    return frequencies(bound);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([complaint('bad-sweep', error.message, '.ac dec 10 1 1meg', card.span)]);
  }
}

/** What of a deck learning does not walk: warnings. */
export function leftAside({ steps }: Deck): readonly Diagnostic[] {
  return steps.map(({ span }) => ({
    severity: 'warning',
    code: 'step-aside',
    message: '.step is left aside: the gradient is that of the circuit as written',
    hint: 'set a .param with --param, or write rows of .data',
    span,
  }));
}

/** What the deck does not say. */
function idle({ trains, costs, analyses }: Deck): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  if (trains.length === 0)
    problems.push(
      complaint('nothing-to-train', 'the deck trains nothing', 'add .train R1 or .train R* min=1 log'),
    );
  if (costs.length === 0)
    problems.push(
      complaint('no-cost', 'the deck does not say what is to become small', 'add .cost op v(out) target=0.3'),
    );
  const timed = costs.find((c) => c.kind === 'tran');
  if (timed && analyses.every((a) => a.kind !== 'tran'))
    problems.push(
      complaint('no-transient', 'a cost over time needs a transient', 'add .tran tstep tstop', timed.span),
    );
  const swept = costs.find((c) => c.kind === 'ac' && c.at === undefined);
  if (swept && analyses.every((a) => a.kind !== 'ac'))
    problems.push(
      complaint(
        'no-sweep',
        'a cost of the AC response speaks of no frequency',
        'write at=1k, or at=1k,2k; or add .ac dec 10 1 1meg for the mean over its points',
        swept.span,
      ),
    );
  return problems;
}

/** The table whose rows are inputs and targets. @throws InputError when the costs leave it open */
export function tableOf({ costs, data }: Deck): DataTable | undefined {
  const named = costs.filter((c) => c.data !== undefined);
  const other = named.find((c) => c.data !== named[0].data);
  if (other)
    throw new InputError([
      complaint(
        'two-tables',
        `one cost is a mean over ${named[0].data}, this one over ${other.data}`,
        'put both into one table',
        other.span,
      ),
    ]);
  if (named.length > 0) return data.get(named[0].data!);
  if (data.size <= 1) return [...data.values()][0];
  const spoken = [...data.values()].filter(({ columns }) => {
    const isColumn = mentions((name) => columns.some((c) => c.name === name));
    return costs.some(({ signal, target }) => isColumn(signal) || (target !== undefined && isColumn(target)));
  });
  if (spoken.length === 1) return spoken[0];
  const names = [...data.keys()].join(', ');
  throw new InputError([
    complaint(
      'which-table',
      `the deck has several tables: ${names}`,
      `write .cost … data=${[...data.keys()][0]}`,
      costs[0].span,
    ),
  ]);
}
