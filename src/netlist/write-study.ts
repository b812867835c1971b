// A whole deck as text: the circuit, and what is asked of it that learning needs: options, tables, .train, .cost, analyses.
import type { Value } from '../circuit/circuit.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import type { AnalysisCard, DataTable, Deck, SweepVariable } from './deck.js';
import type { CostCard, TrainCard } from './learning.js';
import { valueWriter, type Written, writeDeck } from './write.js';

/**
 * The deck as our own parser reads it back, subcircuits expanded. `.param` names that tables set stay names.
 * @param heading comment lines under the title, without the star
 */
export function writeStudy(deck: Deck, heading: readonly string[] = []): string {
  const { circuit } = deck;
  const set = [...deck.data.values()].flatMap(({ columns }) => columns.map(({ name }) => name));
  const free = new Set(set.filter((name) => circuit.parameters.has(name)));
  const text = makeText(valueWriter(circuit, new Set(set)));
  const settings = [...deck.options].flatMap(([name, { value }]) =>
    WRITTEN.includes(name) ? [] : [value === true ? name : `${name}=${value}`],
  );
  const cards = [
    ...(settings.length > 0 ? [`.options ${settings.join(' ')}`] : []),
    ...[...deck.data.values()].flatMap((table) => dataCards(table, text)),
    ...deck.trains.map((card) => trainCard(card, text)),
    ...deck.costs.map((card) => costCard(card, text)),
    ...deck.analyses.map((card) => analysisCard(card, text)),
  ];
  const [title, ...rest] = writeDeck(circuit, { dialect: 'tellegen', free, cards }).split('\n');
  return [title, ...heading.map((line) => `* ${line}`), ...rest].join('\n');
}

/** Options that are written with every circuit. */
const WRITTEN: readonly string[] = ['temp', 'tnom'];

interface Text {
  /** A number, or an expression in braces. */
  value(v: Value): string;
  /** In braces, as a signal or a target. */
  expression(e: Expr): string;
}

const makeText = (written: Written): Text => ({
  value: (v) => written(v).replace(/^\((.*)\)$/, '$1'),
  expression: (e) => `{${toSpice(written.folded(e))}}`,
});

function dataCards({ name, columns, rows }: DataTable, text: Text): string[] {
  const head = columns.map((c) => variable(c)).join(' ');
  return [`.data ${name} ${head}`, ...rows.map((row) => `+ ${row.map(text.value).join(' ')}`), '.enddata'];
}

function variable(v: SweepVariable): string {
  return v.kind === 'model' ? `${v.name}(${v.parameter})` : v.name;
}

const assignment = (name: string, value: Value | undefined, text: Text): string[] =>
  value === undefined ? [] : [`${name}=${text.value(value)}`];

function trainCard({ written, min, max, log }: TrainCard, text: Text): string {
  return [
    '.train',
    written,
    ...assignment('min', min, text),
    ...assignment('max', max, text),
    ...(log ? ['log'] : []),
  ].join(' ');
}

function costCard(card: CostCard, text: Text): string {
  const { kind, signal, target, weight, data } = card;
  const words = [`.cost ${kind}`];
  if (target === undefined) words.push(`expr=${text.expression(signal)}`);
  else words.push(text.expression(signal), `target=${text.expression(target)}`);
  if (weight !== 1) words.push(`weight=${text.value(weight)}`);
  if (card.kind === 'tran') {
    words.push(...assignment('from', card.from, text), ...assignment('to', card.to, text));
  }
  if (card.kind !== 'op' && card.at) words.push(`at=${card.at.map(text.value).join(',')}`);
  if (data !== undefined) words.push(`data=${data}`);
  return words.join(' ');
}

function analysisCard(card: AnalysisCard, text: Text): string {
  const words = ((): readonly (string | Value)[] => {
    switch (card.kind) {
      case 'op':
        return ['.op'];
      case 'dc':
        return ['.dc', ...card.sweeps.flatMap((s) => [variable(s.variable), s.start, s.stop, s.step])];
      case 'ac':
        return ['.ac', card.variation, card.points, card.fstart, card.fstop];
      case 'tran':
        return [
          '.tran',
          card.tstep,
          card.tstop,
          card.tstart,
          ...(card.tmax === undefined ? [] : [card.tmax]),
          ...(card.uic ? ['uic'] : []),
        ];
    }
  })();
  const line = words.map((w) => (typeof w === 'string' ? w : text.value(w))).join(' ');
  if (card.data === undefined) return line;
  return card.kind === 'dc' ? `.dc data=${card.data}` : `${line} sweep data=${card.data}`;
}
