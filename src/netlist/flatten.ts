// Subcircuits replaced by their elements: x1.r2 between x1.n and the nodes X was given, every local parameter
// replaced by what it is worth in terms of global ones.
import type { Element, Model, Value } from '../circuit/circuit.js';
import { symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { substituter } from '../expression/substitute.js';
import { some } from '../expression/suggest.js';
import { readModel } from './models.js';
import { plain, toExpr } from './names.js';
import { symbolsOf } from './parameters.js';
import type {
  ElementItem,
  InstanceItem,
  Item,
  ModelDefinition,
  Reference,
  Scope,
  Session,
} from './session.js';
import { spanAt } from './source.js';
import { isGlobal, readSubcircuit } from './subcircuits.js';

const MOST_ELEMENTS = 4_000_000;
const DEEPEST = 100;

/** One place where a subcircuit is used. */
interface Frame {
  readonly scope: Scope;
  readonly parent?: Frame;
  /** `x1.x2.`; empty for the deck itself. */
  readonly prefix: string;
  node(name: string): string;
  /** A value in terms of global parameters. */
  value(value: Value): Value;
  readonly environment: ReadonlyMap<string, Expr>;
  readonly models: Map<ModelDefinition, string>;
}

/** Reads everything that is used, counts it, and writes the flat circuit. */
export function flatten(s: Session, items: readonly Item[]): void {
  const total = countItems(s, items, []);
  if (total > MOST_ELEMENTS) {
    s.report.fatal(
      'too-many-elements',
      `the circuit would have ${total} elements; the most is ${MOST_ELEMENTS}`,
      undefined,
    );
  }
  const frame: Frame = {
    scope: s.global,
    prefix: '',
    node: (name) => name,
    value: (value) => value,
    environment: new Map(),
    models: new Map(),
  };
  expand(s, frame, items);
  const { elements } = s.draft;
  if (s.wiring().elementOf.size < elements.length) complainOfTwins(s);
}

/** Elements in one expansion of every subcircuit; recursion and depth are found on the way. */
function countItems(s: Session, items: readonly Item[], path: readonly InstanceItem[]): number {
  let count = 0;
  for (let k = 0; k < items.length; k++) {
    const item = items[k];
    if ('element' in item || 'kind' in item) count++;
    if (!('subcircuit' in item)) continue;
    const { subcircuit } = item;
    const known = path.findIndex((x) => x.subcircuit === subcircuit);
    if (known >= 0) {
      const chain = [...path.slice(known), item].map((x) => x.subcircuit.name).join(' → ');
      s.report.fatal(
        'recursive-subcircuit',
        `the subcircuit ${subcircuit.name} contains itself: ${chain}`,
        item.span,
      );
    }
    if (path.length >= DEEPEST) {
      s.report.fatal(
        'subcircuits-too-deep',
        `subcircuits are nested deeper than ${DEEPEST} levels`,
        item.span,
      );
    }
    subcircuit.count ??= countItems(s, readSubcircuit(s, subcircuit), [...path, item]);
    count += subcircuit.count + 1;
  }
  return count;
}

function expand(s: Session, frame: Frame, items: readonly Item[]): void {
  for (let k = 0; k < items.length; k++) {
    const item = items[k];
    if ('kind' in item)
      s.draft.elements.push(frame.prefix === '' ? item : instantiate(s, frame, item, undefined));
    else if ('element' in item) addElement(s, frame, item);
    else if ('subcircuit' in item) expand(s, makeFrame(s, frame, item), item.subcircuit.items!);
    else {
      const node = frame.node(item.condition);
      item.into.set(node, frame.value(item.value));
      s.pending.push({ reference: item.reference, name: node });
    }
  }
}

/** The frame in which the names of a scope were defined. */
function frameOf(frame: Frame, scope: Scope | undefined): Frame {
  let at = frame;
  while (at.scope !== scope && at.parent) at = at.parent;
  return at;
}

function makeFrame(s: Session, caller: Frame, x: InstanceItem): Frame {
  const { subcircuit } = x;
  const { scope } = subcircuit;
  const prefix = `${caller.prefix}${x.name}.`;
  const lexical = frameOf(caller, scope.parent);
  const actual = x.nodes.map((n) => caller.node(n));
  const local = new Map<string, string>();
  const environment = new Map(lexical.environment);
  const substitute = substituter((name) => environment.get(name));
  for (const p of subcircuit.order ?? []) {
    const override = x.overrides.get(p.symbol);
    const e = override === undefined ? substitute(p.expr!) : toExpr(caller.value(override));
    within(s, e, x);
    environment.set(p.symbol, e);
  }
  return {
    scope,
    parent: lexical,
    prefix,
    environment,
    models: new Map(),
    node(name) {
      const port = subcircuit.ports.get(name);
      if (port !== undefined) return actual[port];
      if (isGlobal(s, name)) return name;
      let full = local.get(name);
      if (full === undefined) local.set(name, (full = prefix + name));
      return full;
    },
    value(value) {
      if (typeof value === 'number') return value;
      const e = substitute(value);
      within(s, e, x);
      return plain(e);
    },
  };
}

function within(s: Session, e: Expr, x: InstanceItem): void {
  if (e.op === 'const' || e.op === 'sym') return;
  s.expressions.fits(e, 0, 0, (code, message, _start, _end, hint) =>
    s.report.fatal(code, `${x.name}: ${message}`, x.span, hint),
  );
}

function addElement(s: Session, frame: Frame, item: ElementItem): void {
  const model = item.model && modelName(s, frame, item.model);
  const element =
    frame.prefix === '' && model === item.element.model
      ? item.element
      : instantiate(s, frame, item.element, model);
  if (item.form && element === item.element) s.forms.set(s.draft.elements.length, item.form);
  s.draft.elements.push(element);
  if (item.references) {
    for (const reference of item.references)
      s.pending.push({ reference, name: rename(frame, reference.kind, reference.name) });
  }
}

/** Two cards of one name; a card of a subcircuit is complained about once. */
function complainOfTwins(s: Session): void {
  const lines = new Map<string, number | undefined>();
  for (const { name, span } of s.draft.elements) {
    if (lines.has(name) && !s.duplicates.has(span!)) {
      s.duplicates.add(span!);
      s.report.error(
        'duplicate-element',
        `${name} exists in line ${lines.get(name)} already`,
        span,
        'give it another name',
      );
    }
    lines.set(name, span?.line);
  }
}

const rename = (frame: Frame, kind: 'node' | 'element', name: string): string =>
  kind === 'node' ? frame.node(name) : frame.prefix + name;

function instantiate(s: Session, frame: Frame, element: Element, model: string | undefined): Element {
  const { values, expressions, controls, waveform } = element;
  return {
    ...element,
    name: frame.prefix + element.name,
    nodes: element.nodes.map((n) => frame.node(n)),
    values: mapValues(frame, values),
    ...(expressions ? { expressions: mapExpressions(s, frame, element) } : {}),
    ...(controls ? { controls: controls.map((name) => frame.prefix + name) } : {}),
    ...(waveform
      ? { waveform: { kind: waveform.kind, args: waveform.args.map((v) => frame.value(v)) } }
      : {}),
    ...(model ? { model } : {}),
  };
}

function mapValues(frame: Frame, values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  let changed: Record<string, Value> | undefined;
  for (const key in values) {
    const value = values[key];
    if (typeof value === 'number') continue;
    changed ??= { ...values };
    changed[key] = frame.value(value);
  }
  return changed ?? values;
}

const READING = /^([vi])\((.*)\)$/;

function mapExpressions(s: Session, frame: Frame, { expressions, span }: Element): Record<string, Expr> {
  const substitute = substituter((name) => {
    const local = frame.environment.get(name);
    if (local) return local;
    const [, word, inner] = READING.exec(name) ?? [];
    if (word === undefined) return undefined;
    const full = rename(frame, word === 'v' ? 'node' : 'element', inner);
    return word === 'v' && full === '0' ? zero : symbol(`${word}(${full})`);
  });
  return Object.fromEntries(
    Object.entries(expressions ?? {}).map(([key, e]) => {
      const result = substitute(e);
      const { size } = s.expressions.extent(result);
      s.spend(size, () => span);
      return [key, result];
    }),
  );
}

/** The model's name in the flat circuit; a local model whose values differ between expansions is repeated. */
function modelName(s: Session, frame: Frame, m: ModelDefinition): string {
  const home = frameOf(frame, m.scope);
  const known = home.models.get(m);
  if (known !== undefined) return known;
  const model = readModel(s, m);
  const values = mapValues(home, model.values);
  const varies = Object.values(model.values).some(
    (v) => typeof v !== 'number' && [...symbolsOf(v)].some((name) => home.environment.has(name)),
  );
  const base = home.prefix === '' ? m.name : varies ? home.prefix + m.name : `${m.scope.name}.${m.name}`;
  const name = free(s.draft.models, base, m, varies);
  home.models.set(m, name);
  if (!s.draft.models.has(name)) s.draft.models.set(name, { ...model, name, values });
  return name;
}

/** A name that no other definition has taken. */
function free(models: ReadonlyMap<string, Model>, base: string, m: ModelDefinition, varies: boolean): string {
  const { source } = m.card;
  const mine = spanAt(source, m.start, m.start + m.name.length);
  const same = (model: Model): boolean =>
    !varies &&
    model.span?.line === mine.line &&
    model.span.file === mine.file &&
    model.span.column === mine.column;
  let name = base;
  for (let k = 2; models.has(name) && !same(models.get(name)!); k++) name = `${base}#${k}`;
  return name;
}

/** Every node and element spoken of must exist. */
export function checkReferences(s: Session): void {
  if (s.pending.length === 0) return;
  const { nodeOf, nodes, elementOf } = s.wiring();
  const reported = new Set<object>();
  const known: Partial<Record<Reference['kind'], readonly string[]>> = {};
  for (let k = 0; k < s.pending.length; k++) {
    const { reference, name } = s.pending[k];
    const exists = (reference.kind === 'node' ? nodeOf : elementOf).has(name);
    if (exists || reported.has(reference) || name.split('.').some((part) => s.doubtful.has(part))) continue;
    reported.add(reference);
    const { source, start, end } = reference;
    const what = reference.kind;
    const there = (known[what] ??= what === 'node' ? nodes : [...elementOf.keys()]);
    s.report.error(
      `unknown-${what}`,
      `no ${what} is called "${name}"`,
      spanAt(source, start, end),
      s.report.suggest(name, there, `the ${what}s here are ${some(there)}`),
    );
  }
  s.pending.length = 0;
}

/** Subcircuits of the deck itself that nothing uses are read too, for their errors. */
export function readUnused(s: Session, scope: Scope): void {
  for (const subcircuit of scope.subcircuits.values()) {
    if (subcircuit.card.source !== s.including[0]) continue;
    readSubcircuit(s, subcircuit);
    readUnused(s, subcircuit.scope);
  }
}
