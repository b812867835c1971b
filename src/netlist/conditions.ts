// V(n) = value of .ic and .nodeset: in the deck, or repeated with every expansion of the subcircuit they stand in.
import type { Value } from '../circuit/circuit.js';
import {
  type Cursor,
  makeCursor,
  next,
  nextSpan,
  peek,
  pointAt,
  spanFrom,
  take,
  wordText,
} from './cursor.js';
import { isGround, makeNames } from './names.js';
import type { ConditionItem, Item, Scope, Session } from './session.js';
import { readValue } from './values.js';

export type ConditionKind = 'ic' | 'nodeset';

const target = (s: Session, kind: string): Map<string, Value> =>
  kind === 'ic' ? s.draft.initialConditions : s.draft.nodesets;

/** Reads `V(a)=1 V(b)={x} …` */
export function readConditions(s: Session, scope: Scope, c: Cursor, kind: string): ConditionItem[] {
  const names = makeNames(s, scope, 'number');
  const items: ConditionItem[] = [];
  if (peek(c) === 0) s.report.error('missing-value', `.${kind} needs V(node)=value`, nextSpan(c));
  while (peek(c) !== 0) {
    const start = c.at;
    const bad = (): void => {
      s.report.error('unexpected-word', 'expected V(node)=value', nextSpan(c), `.${kind} V(out)=1`);
      c.at = c.end;
    };
    if (!next(c) || wordText(c) !== 'v' || !take(c, 40)) {
      c.at = start;
      bad();
      return items;
    }
    const close = c.text.indexOf(')', c.at);
    const node = close < 0 || close >= c.end ? '' : c.text.slice(c.at, close).trim();
    if (node === '' || /[\s,({=]/.test(node)) {
      bad();
      return items;
    }
    c.at = close + 1;
    const end = c.at;
    if (!take(c, 61)) {
      bad();
      return items;
    }
    const value = readValue(s, c, names, `the voltage of ${node}`);
    if (value === undefined) continue;
    if (isGround(node) && !scope.subcircuit?.ports.has(node)) {
      s.report.error('ground-condition', 'ground is at 0 V always', spanFrom(c, start, end));
      continue;
    }
    items.push({
      into: target(s, kind),
      condition: node,
      value,
      reference: { kind: 'node', name: node, source: c.source, start, end },
    });
  }
  return items;
}

/** The conditions among the cards of a scope. */
export function readConditionItems(s: Session, scope: Scope, items: Item[]): void {
  for (const { command, card, at } of scope.conditions) {
    const c = makeCursor(card);
    pointAt(c, card, at);
    items.push(...readConditions(s, scope, c, command.names[0]));
  }
}
