// Text → deck. Lines are read into scopes; then parameters, cards, subcircuits, and what waits for the circuit.
import { formsOf } from '../circuit/shape.js';
import { elementsByName, wiringOf } from '../circuit/wiring.js';
import type { DeviceKind } from '../devices/device.js';
import { deviceKinds } from '../devices/registry.js';
import { InputError } from '../errors.js';
import { parseNumber } from '../expression/numbers.js';
import { makeExpressionParser } from '../expression/parse.js';
import { mentions } from '../expression/split.js';
import { commands } from './commands/registry.js';
import { unknownColumn } from './commands/steps.js';
import { makeCursor, pointAt } from './cursor.js';
import type { Deck } from './deck.js';
import { checkReferences, flatten, readUnused } from './flatten.js';
import type { CostCard } from './learning.js';
import { readSource, runCommand } from './lines.js';
import { readModel } from './models.js';
import { bodyOf, makeComplain } from './names.js';
import { defineGlobals } from './parameters.js';
import { GIVEN_UP, makeReport } from './report.js';
import type { Draft, Scope, Session } from './session.js';
import { makeSource, type Source, spanAt } from './source.js';
import { makeScope, readItems } from './subcircuits.js';
import { makeSyntaxTable } from './syntax.js';

/** What the text of a deck does not say itself. */
export interface ParseOptions {
  /** Name of the deck in messages, and what includes are relative to. */
  readonly file?: string;
  /** Text of an included file, by its path as written and the file that asks for it; undefined when there is none. */
  readonly include?: (path: string, from: string) => string | undefined;
  /** Kinds of devices; default: all. */
  readonly kinds?: readonly DeviceKind[];
  /** Values that take the place of `.param`s. */
  readonly parameters?: ReadonlyMap<string, number> | Readonly<Record<string, number>>;
}

/** Nodes of all expressions built while reading: more than any honest deck needs. */
const MOST_WORK = 30_000_000;

/**
 * Reads a SPICE deck; the first line is its title.
 * @returns the flat circuit and what is to be done with it; doubts are in `warnings`
 * @throws InputError with every error of the deck, in the order of the lines
 */
export function parseDeck(text: string, options: ParseOptions = {}): Deck {
  const source = makeSource(options.file ?? 'deck', text, true);
  const s = makeSession(source, options);
  try {
    readAll(s, source);
  } catch (thrown) {
    if (thrown !== GIVEN_UP) throw thrown;
  }
  if (s.report.errors.length > 0) throw new InputError([...s.report.errors].sort(byPlace));
  const {
    title,
    elements,
    models,
    parameters,
    temperature,
    nominalTemperature,
    initialConditions,
    nodesets,
  } = s.draft;
  const { analyses, options: settings, saves, saveAll, measures, steps, data, trains, costs } = s.draft;
  return {
    circuit: {
      title,
      elements,
      models,
      parameters,
      temperature,
      nominalTemperature,
      initialConditions,
      nodesets,
    },
    analyses,
    options: settings,
    saves,
    saveAll,
    measures,
    steps,
    data,
    trains,
    costs,
    warnings: [...s.report.warnings].sort(byPlace),
  };
}

type Placed = { readonly span?: { readonly file: string; readonly line: number; readonly column: number } };

/** By line and column within a file; files stay in the order in which they were met. */
function byPlace(a: Placed, b: Placed): number {
  if (!a.span || !b.span || a.span.file !== b.span.file) return 0;
  return a.span.line - b.span.line || a.span.column - b.span.column;
}

function readAll(s: Session, source: Source): void {
  titleLine(s, source);
  readSource(s, source);
  for (let scope = s.scope; scope.subcircuit && scope.parent; scope = scope.parent) {
    const { card, name } = scope.subcircuit;
    s.report.error(
      'missing-ends',
      `the subcircuit ${name} has no .ends`,
      spanAt(card.source, card.start, card.start + 7),
      `end it with .ends ${name}`,
    );
  }
  s.scope = s.global;
  defineGlobals(s);
  flatten(s, readItems(s, s.global));
  readUnused(s, s.global);
  readDefinitions(s, s.global);
  const c = makeCursor({ source, start: 0, end: 0 });
  for (const { command, card, at } of s.later) {
    pointAt(c, card, at);
    runCommand(s, c, command);
  }
  checkReferences(s);
  checkLessonColumns(s);
  for (const { name, span } of s.dataUses) {
    if (s.draft.data.has(name)) continue;
    s.report.error(
      'unknown-data',
      `no table is called "${name}"`,
      span,
      s.report.suggest(name, s.draft.data.keys(), `define it with .data ${name} …`),
    );
  }
}

/** A column that is nothing of the circuit must be spoken of by a cost. */
function checkLessonColumns(s: Session): void {
  if (s.report.errors.length > 0) return;
  for (const [name, span] of s.lessonColumns) {
    const speaks = mentions((symbol) => symbol === name);
    const spoken = ({ signal, target, weight }: CostCard): boolean =>
      speaks(signal) ||
      (target !== undefined && speaks(target)) ||
      (typeof weight !== 'number' && speaks(weight));
    if (!s.draft.costs.some(spoken)) unknownColumn(s, name, span);
  }
}

/** The first line is the title, whatever it looks like. */
function titleLine(s: Session, source: Source): void {
  const end = source.lines.length > 1 ? source.lines[1] : source.text.length;
  const line = source.text.slice(0, end).trim();
  s.draft.title = line.replace(/^\ufeff?\*\s*/, '');
  if (/^\.[a-z]/i.test(line) && s.commands.has(line.slice(1).split(/[\s(]/)[0].toLowerCase())) {
    s.report.warning(
      'title-is-command',
      'the first line of a deck is its title: this command is not read',
      spanAt(source, 0, line.length),
      'put a title line before it',
    );
  } else if (readsLikeElement(line)) {
    s.report.warning(
      'title-is-element',
      'the first line of a deck is its title: this element is not read',
      spanAt(source, 0, line.length),
      'put a title line before it',
    );
  }
}

/** `R1 a b 4.7k`, `V2 in 0 SIN(…)`: a name with a number, two nodes, and a value or a waveform. */
function readsLikeElement(line: string): boolean {
  const [, value] = /^[a-z]\w*\d\s+\w+\s+\w+\s+([^\s(]+)/i.exec(line) ?? [];
  if (value === undefined) return false;
  return parseNumber(value) !== undefined || /^(\{|dc$|ac$|sin$|pulse$|pwl$|exp$)/i.test(value);
}

/** Models and functions of the deck are read even when nothing uses them, for their errors. */
function readDefinitions(s: Session, scope: Scope): void {
  for (const m of scope.models.values()) {
    const model = readModel(s, m);
    if (!s.draft.models.has(m.name)) s.draft.models.set(m.name, model);
  }
  for (const f of scope.functions.values()) bodyOf(s, f);
}

function makeSession(source: Source, options: ParseOptions): Session {
  const report = makeReport();
  const expressions = makeExpressionParser();
  const global = makeScope('');
  let work = 0;
  const given = options.parameters ?? {};
  const draft: Draft = {
    title: '',
    temperature: 27,
    nominalTemperature: 27,
    elements: [],
    models: new Map(),
    parameters: new Map(),
    initialConditions: new Map(),
    nodesets: new Map(),
    analyses: [],
    options: new Map(),
    saves: [],
    saveAll: false,
    measures: [],
    steps: [],
    data: new Map(),
    trains: [],
    costs: [],
  };
  const s: Session = {
    report,
    syntax: makeSyntaxTable(options.kinds ?? deviceKinds),
    commands,
    expressions,
    global,
    draft,
    include: options.include ?? (() => undefined),
    overrides: new Map(
      (given instanceof Map ? [...given] : Object.entries(given)).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
    complain: makeComplain(report),
    spend(amount, span) {
      work += amount;
      if (work > MOST_WORK)
        report.fatal('too-large', 'the expressions of this deck grow without bound', span());
    },
    wiring: () => wiringOf(s.draft.elements),
    forms: formsOf(draft.elements),
    scope: global,
    ended: false,
    misplaced: new Set(),
    globals: new Set(),
    including: [source],
    volume: { characters: source.text.length, sources: 1 },
    later: [],
    references: [],
    usesTime: false,
    expanding: [],
    duplicates: new Set(),
    elements: elementsByName(draft.elements),
    pending: [],
    dataUses: [],
    trained: new Map(),
    lessonColumns: new Map(),
    doubtful: new Set(),
    values: new Map(),
  };
  return s;
}
