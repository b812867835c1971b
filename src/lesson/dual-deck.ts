// tellegen dual: a deck with .cost and .train cards → a deck for any SPICE that carries its own gradient.
import type { Circuit } from '../circuit/circuit.js';
import { compile } from '../circuit/compile.js';
import { withNumbers } from '../circuit/numbers.js';
import { globals, number } from '../circuit/values.js';
import { type Dual, type DualForm, dualOf } from '../dual/dual.js';
import { type Diagnostic, InputError, type Span } from '../errors.js';
import { constant, half, mul, square, sub, sum } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { substituter } from '../expression/substitute.js';
import { attempt } from '../learn/attempt.js';
import { demandFiniteCosts, inRow } from '../learn/finite.js';
import type { CostTerm } from '../learn/problem.js';
import { settleByNewton } from '../learn/settle.js';
import { type AnalysisCard, bindAnalysis, type Deck, parameterValues } from '../netlist/deck.js';
import { writeDeck } from '../netlist/write.js';
import { baseNames } from '../output/signals.js';
import { createWorkspace } from '../solve/workspace.js';
import { furnished, settingsOf } from '../study/settings.js';
import { assign } from '../study/sweep.js';
import { tableOf } from './deck.js';

/** Which dual of a deck, and of which row of its data. */
export interface DualDeckOptions {
  /** Default `adjoint`. */
  readonly form?: DualForm;
  /** Which row of the `.data` table of the costs, from 1; default 1. */
  readonly row?: number;
  /** Values that replace `.param` definitions. */
  readonly parameters?: ReadonlyMap<string, number>;
}

/**
 * @returns text of a deck: the circuit, its dual, the deck's analyses (`.op` when it has none), and comments that say
 * which node is what
 * @throws InputError when there is no cost at the operating point, no such row, or an element without a dual;
 * LearningError when a cost is no number where the circuit rests
 */
export function dualDeck(deck: Deck, options: DualDeckOptions = {}): string {
  const { circuit, columns } = rowOf(deck, options);
  const costs = costsOf(deck, circuit, columns);
  const cost = sum(...costs.map(({ expression }) => expression));
  const parameters = deck.trains.flatMap((train) => train.parameters);
  const unique = [...new Map(parameters.map((p) => [p.name, p])).values()];
  const dual = dualOf(circuit, cost, { parameters: unique, ...(options.form ? { form: options.form } : {}) });
  demandFinite(deck, circuit, costs, options.row ?? 1);
  return writeDeck(
    {
      ...dual.circuit,
      title: `${circuit.title || 'untitled'}, with its ${dual.form === 'adjoint' ? 'adjoint network' : 'dyadic pair'}`,
    },
    {
      comments: [...legend(dual), ...rowSaid(deck, options.row ?? 1), ...leftOut(deck)],
      cards: [...optionCards(deck), ...analysisCards(deck, circuit)],
    },
  );
}

/** The circuit with the numbers of one row of data, and what the columns are in it. */
function rowOf(
  written: Deck,
  { row = 1, parameters = new Map() }: DualDeckOptions,
): { circuit: Circuit; columns: ReadonlyMap<string, number> } {
  const deck = furnished(written, undefined, settingsOf(written).gmin);
  const columns = new Map<string, number>();
  let circuit = withNumbers(deck.circuit, { parameters });
  const table = tableOf(deck);
  const rows = table?.rows.length ?? 1;
  if (!(row >= 1 && row <= rows)) {
    const range =
      table === undefined
        ? 'the costs of this deck have no table'
        : `the table ${table.name} has rows 1 to ${rows}`;
    throw wrong(
      'bad-row',
      `--row ${row}: ${range}`,
      table ? 'choose one of them' : 'leave --row out',
      table?.span,
    );
  }
  table?.columns.forEach((variable, k) => {
    const value = number(table.rows[row - 1][k], globals(circuit, {}));
    columns.set(variable.name, value);
    circuit = withNumbers(circuit, assign({}, variable, value));
  });
  return { circuit, columns };
}

/** One card: weight · signal, or weight · ½(signal − target)². */
interface Part {
  readonly expression: Expr;
  readonly span: Span;
}

function costsOf(deck: Deck, circuit: Circuit, columns: ReadonlyMap<string, number>): readonly Part[] {
  if (deck.costs.length === 0)
    throw wrong(
      'no-cost',
      'this deck has no .cost',
      'write .cost op v(out) target=0.3, or .cost op expr={…}',
    );
  const problems = deck.costs
    .filter(({ kind }) => kind !== 'op')
    .map(({ kind, span }): Diagnostic => {
      const what = kind === 'tran' ? 'a cost over time' : 'a cost of an AC response';
      return complaint(
        kind === 'tran' ? 'cost-in-time' : 'cost-of-response',
        'a dual network carries the gradient of a cost at rest',
        `write .cost op; ${what} has its gradient by tellegen grad`,
        span,
      );
    });
  if (problems.length > 0) throw new InputError(problems);
  const lookup = globals(circuit, {});
  const named = substituter((name) => (columns.has(name) ? constant(columns.get(name)!) : undefined));
  return deck.costs.map(({ signal, target, weight, span }) => {
    const error = target === undefined ? signal : half(square(sub(signal, target)));
    return { expression: mul(constant(number(weight, lookup)), named(error)), span };
  });
}

/**
 * Where an operating point is found the costs are numbers there; a dual of a circuit without one may still settle in time.
 * @throws LearningError `not-finite`
 */
function demandFinite(deck: Deck, circuit: Circuit, costs: readonly Part[], row: number): void {
  const currents = baseNames(costs.map(({ expression }) => expression));
  const keep = circuit.elements.filter(({ name }) => currents.includes(`i(${name})`)).map(({ name }) => name);
  const uic = deck.analyses.some((card) => card.kind === 'tran' && card.uic);
  const compiled = compile(circuit, { keep, start: uic ? 'uic' : 'dc' });
  const system = compiled.bind();
  const rest = attempt(() => settleByNewton(system, { ...settingsOf(deck), gmin: 0 }, createWorkspace()));
  if (rest instanceof Error) return;
  const terms = costs.map(
    ({ expression, span }): CostTerm => ({
      at: 'op',
      functional: compiled.functional(system, expression),
      weight: 1,
      span,
    }),
  );
  const rows = tableOf(deck)?.rows.length ?? 1;
  demandFiniteCosts({ system, costs: terms }, rest.x, inRow({ rows }, row - 1));
}

/** The deck's options that every SPICE knows. */
const portable: ReadonlySet<string> = new Set([
  'reltol',
  'abstol',
  'vntol',
  'chgtol',
  'itl1',
  'itl2',
  'itl4',
  'method',
  'trtol',
]);

function optionCards(deck: Deck): string[] {
  const words = [...deck.options]
    .filter(([name, { value }]) => portable.has(name) && typeof value !== 'boolean')
    .map(([name, { value }]) => `${name}=${value}`);
  return words.length === 0 ? [] : [`.options ${words.join(' ')}`];
}

function analysisCards(deck: Deck, circuit: Circuit): string[] {
  const values = parameterValues(circuit);
  const cards = deck.analyses.flatMap((card) => {
    const text = analysisText(bindAnalysis(card, (name) => values.get(name) ?? Number.NaN));
    return text === undefined ? [] : [text];
  });
  return cards.length > 0 ? cards : ['.op'];
}

/** Small signals have no co-state of an operating point; sweeps belong to the deck they were written in. */
function analysisText(card: AnalysisCard<number>): string | undefined {
  if (card.kind === 'op') return '.op';
  if (card.kind !== 'tran') return undefined;
  const { tstep, tstop, tstart, tmax, uic } = card;
  const numbers = tmax === undefined ? [tstep, tstop, tstart] : [tstep, tstop, tstart, tmax];
  return `.tran ${numbers.join(' ')}${uic ? ' uic' : ''}`;
}

/** What of the deck has no place in its dual, in a comment. */
function leftOut(deck: Deck): string[] {
  const cards = new Set([
    ...deck.analyses.flatMap(({ kind }) => (kind === 'ac' || kind === 'dc' ? [`.${kind}`] : [])),
    ...(deck.steps.length > 0 ? ['.step'] : []),
  ]);
  return cards.size === 0 ? [] : [`Not taken over: ${[...cards].join(', ')}.`];
}

/** Which row it is, where there are several. */
function rowSaid(deck: Deck, row: number): string[] {
  const table = tableOf(deck);
  return table === undefined || table.rows.length === 1
    ? []
    : [
        `Row ${row} of the ${table.rows.length} of .data ${table.name}; the gradient of their mean is the mean of theirs.`,
      ];
}

const MOST_LETTERS = 100;

function legend({ form, nodes, gradients, cost }: Dual): string[] {
  const [first] = nodes;
  const example = first === undefined ? '' : `: that of ${first[0]} is v(${first[1]})`;
  const lines =
    form === 'adjoint'
      ? [
          'Two networks: the circuit as it was, and its adjoint network (Director and Rohrer), in which ports of',
          'controlled sources are exchanged, independent sources are at rest, and nonlinear elements have the slopes',
          'of the original at its present voltages. The error drives it. Its node voltages are the co-state lambda,',
          `transpose(G) lambda = -grad(cost)${example}.`,
        ]
      : [
          'Two copies of the circuit, x and z (dyadic backpropagation): the circuit is their midpoint (x+z)/2, which',
          "has the original's node names, and the stress s = x - z is minus the co-state lambda,",
          `transpose(G) s = grad(cost)${example}.`,
        ];
  const formulas = [...gradients].map(([name, { node, formula }]) => {
    const text = toSpice(formula);
    return `  v(${node}) = d cost/d ${name}${text.length <= MOST_LETTERS ? ` = ${text}` : ''}`;
  });
  return [
    ...lines,
    `The cost is v(${cost}).`,
    ...(formulas.length > 0
      ? ['Gradient, each a product of what one element sees in the two networks:', ...formulas]
      : []),
    'In a .tran the gradient settles with the circuit; at rest it is that of the operating point.',
  ];
}

const complaint = (code: string, message: string, hint: string, span?: Span): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
  ...(span ? { span } : {}),
});
const wrong = (code: string, message: string, hint: string, span?: Span): InputError =>
  new InputError([complaint(code, message, hint, span)]);
