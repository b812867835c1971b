// .param: every definition may use every other; they are put into an order in which each uses only earlier ones.
import type { Value } from '../circuit/circuit.js';
import { constant } from '../expression/build.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { atEnd, type Cursor, makeCursor, nextSpan, pointAt, skip, takeKey } from './cursor.js';
import { makeNames, plain } from './names.js';
import type { ParameterDefinition, Scope, Session } from './session.js';
import { spanAt } from './source.js';
import { readExpression } from './values.js';

/** Symbols an expression mentions. */
export function symbolsOf(root: Expr): Set<string> {
  const names = new Set<string>();
  const seen = new Set<Expr>();
  const stack = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    if (e.op === 'sym') names.add(e.name);
    else if (e.op !== 'const' && !seen.has(e)) {
      seen.add(e);
      for (const a of e.args) stack.push(a);
    }
  }
  return names;
}

/** Reads the values of all parameters of a scope and puts them in order. */
export function readParameters(s: Session, scope: Scope): ParameterDefinition[] {
  const names = makeNames(s, scope, 'number');
  const definitions = [...scope.parameters.values()];
  const c = definitions.length > 0 ? makeCursor(definitions[0].card) : undefined;
  for (const p of definitions) {
    pointAt(c!, p.card, p.at);
    p.expr = readExpression(s, c!, names, 'loose', `the value of ${p.name}`) ?? constant(0);
    checkRest(s, c!, p);
  }
  return inOrder(s, definitions);
}

/** After a value only the next `name =` may follow. */
function checkRest(s: Session, c: Cursor, p: ParameterDefinition): void {
  if (atEnd(c) || takeKey(c) !== undefined) return;
  s.report.error(
    'unexpected-word',
    `this does not belong to the value of ${p.name}`,
    nextSpan(c),
    'put the expression into {braces}',
  );
}

/** Depth first, without recursion; a cycle is named. */
function inOrder(s: Session, definitions: readonly ParameterDefinition[]): ParameterDefinition[] {
  const bySymbol = new Map(definitions.map((p) => [p.symbol, p]));
  const order: ParameterDefinition[] = [];
  const state = new Map<ParameterDefinition, 'open' | 'done'>();
  const needs = (p: ParameterDefinition): ParameterDefinition[] =>
    [...symbolsOf(p.expr!)].flatMap((name) => bySymbol.get(name) ?? []);
  for (const root of definitions) {
    const path: { p: ParameterDefinition; left: ParameterDefinition[] }[] = [];
    const open = (p: ParameterDefinition): void => {
      state.set(p, 'open');
      path.push({ p, left: needs(p).reverse() });
    };
    if (!state.has(root)) open(root);
    while (path.length > 0) {
      const { p, left } = path[path.length - 1];
      const next = left.pop();
      if (next === undefined) {
        state.set(p, 'done');
        order.push(p);
        path.pop();
      } else if (!state.has(next)) open(next);
      else if (state.get(next) === 'open') {
        const cycle = path.slice(path.findIndex((step) => step.p === next)).map((step) => step.p.name);
        const shown = cycle.length > 12 ? [...cycle.slice(0, 12), '…'] : cycle;
        s.report.error(
          'parameter-cycle',
          `parameters are defined by each other: ${[...shown, next.name].join(' → ')}`,
          spanAt(p.card.source, p.start, p.start + p.name.length),
        );
        p.expr = constant(0);
        left.length = 0;
      }
    }
  }
  return order;
}

/** Global parameters become part of the circuit; overrides take the place of what the deck says. */
export function defineGlobals(s: Session): void {
  const order = readParameters(s, s.global);
  const lookup = (name: string): number => s.values.get(name) ?? Number.NaN;
  s.values.set('temper', s.draft.temperature);
  for (const p of order) {
    const override = s.overrides.get(p.name);
    const value: Value = override ?? plain(p.expr!);
    const number = typeof value === 'number' ? value : evaluate(value, lookup);
    if (!Number.isFinite(number) && s.report.errors.length === 0) {
      const { source } = p.card;
      s.report.error(
        'not-finite',
        `the value of ${p.name} is not a finite number`,
        spanAt(source, p.start, p.start + p.name.length),
      );
    }
    s.draft.parameters.set(p.symbol, value);
    s.values.set(p.symbol, number);
  }
  for (const name of s.overrides.keys()) {
    if (s.global.parameters.has(name)) continue;
    s.report.error(
      'unknown-parameter',
      `the deck has no parameter "${name}" to set`,
      undefined,
      s.report.suggest(
        name,
        s.global.parameters.keys(),
        `its parameters: ${[...s.global.parameters.keys()].slice(0, 8).join(', ') || 'none'}`,
      ),
    );
  }
}

/**
 * Notes the names on a card `a = … b = …` from the cursor on, values unread. A name is a word followed by `=` outside
 * brackets and quotes.
 */
export function declareParameters(s: Session, c: Cursor, scope: Scope, formal: boolean): void {
  const { text, end } = c;
  const card = { source: c.source, start: c.start, end };
  const prefix = scope.parent ? `${scope.name}:` : '';
  skip(c);
  let first = true;
  let depth = 0;
  let quote = 0;
  let wordStart = -1;
  let wordEnd = -1;
  for (let at = c.at; at < end; at++) {
    const k = text.charCodeAt(at);
    if (quote !== 0) {
      if (k === quote) quote = 0;
      continue;
    }
    if (k === 39 || k === 34) quote = k;
    else if (k === 40 || k === 123) depth++;
    else if (k === 41 || k === 125) depth = Math.max(0, depth - 1);
    else if (depth === 0 && k === 61) {
      const double = text.charCodeAt(at + 1) === 61;
      const compares = at > c.at && '<>!='.includes(text[at - 1]);
      if (double) at++;
      else if (!compares && wordStart >= 0 && text.slice(wordEnd, at).trim() === '') {
        if (first && wordStart !== c.at) break;
        first = false;
        const name = text.slice(wordStart, wordEnd);
        declare(s, scope, { name, symbol: prefix + name, scope, card, start: wordStart, at: at + 1, formal });
        wordStart = -1;
      }
      continue;
    }
    if (isNameCharacter(k)) {
      if (wordEnd !== at || wordStart < 0) wordStart = at;
      wordEnd = at + 1;
    }
  }
  if (first) {
    s.report.error('missing-value', 'expected name = value', nextSpan(c));
  }
  c.at = end;
}

const isNameCharacter = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 95 || c > 0xbf || c === 46 || c === 35 || c === 36;

function declare(s: Session, scope: Scope, p: ParameterDefinition): void {
  const span = spanAt(p.card.source, p.start, p.start + p.name.length);
  if (!/^[a-z_\u00c0-\uffff]/.test(p.name)) {
    s.report.error(
      'bad-name',
      `a parameter cannot be called "${p.name}"`,
      span,
      'a name begins with a letter',
    );
    return;
  }
  if (p.name === 'temper' || p.name === 'time') {
    s.report.error('bad-name', `"${p.name}" has a meaning of its own and cannot be a parameter`, span);
    return;
  }
  const known = scope.parameters.get(p.name);
  if (known) {
    const line = spanAt(known.card.source, known.start, known.start + 1).line;
    s.report.warning(
      'duplicate-parameter',
      `${p.name} was defined in line ${line} already; this value is used`,
      span,
    );
    scope.parameters.delete(p.name);
  }
  scope.parameters.set(p.name, p);
}
