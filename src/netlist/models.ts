// .model name type(parameter=value …): the type says which kind of device reads the parameters.
import type { Model, Value } from '../circuit/circuit.js';
import { outOfBounds } from '../circuit/values.js';
import {
  atEnd,
  type Cursor,
  chunkEnd,
  here,
  makeCursor,
  nextSpan,
  peek,
  pointAt,
  spanFrom,
  take,
  takeKey,
} from './cursor.js';
import { find, makeNames, visible } from './names.js';
import type { ModelDefinition, Scope, Session } from './session.js';
import { spanAt } from './source.js';
import type { KindSyntax } from './syntax.js';
import { readValue } from './values.js';

const modelsOf = (scope: Scope): ReadonlyMap<string, ModelDefinition> => scope.models;

export const findModel = (scope: Scope, name: string): ModelDefinition | undefined =>
  find(scope, modelsOf, name);

/** Names of all models that can be used in a scope. */
export const visibleModels = (scope: Scope): Iterable<string> => visible(scope, modelsOf);

/** The model with its values, read once; complaints are made then. */
export function readModel(s: Session, m: ModelDefinition): Model {
  if (m.model) return m.model;
  const values: Record<string, Value> = {};
  const { source } = m.card;
  m.model = { name: m.name, type: m.type, values, span: spanAt(source, m.start, m.start + m.name.length) };
  const kinds = s.syntax.byModelType.get(m.type);
  if (kinds === undefined) return m.model;
  const c = makeCursor(m.card);
  pointAt(c, m.card, m.at);
  const names = makeNames(s, m.scope, 'number');
  const opened = nextSpan(c);
  const inParentheses = take(c, 40);
  for (let k = peek(c); k !== 0 && !(inParentheses && k === 41); k = peek(c)) {
    const key = takeKey(c);
    if (key === undefined) {
      s.report.error(
        'unexpected-word',
        'expected parameter=value',
        nextSpan(c),
        'every parameter of a .model has a value',
      );
      return m.model;
    }
    const [start, end] = [c.word, c.word + key.length];
    const before = here(c);
    const ignored = kinds.find((k) => Object.hasOwn(k.kind.ignored ?? {}, key))?.kind.ignored?.[key];
    if (ignored !== undefined) {
      const message = `${key} of ${m.type} models has no effect here: ${ignored}`;
      s.report.warning('ignored-parameter', message, spanFrom(c, start, end));
      c.at = chunkEnd(c, before);
      continue;
    }
    const value = readValue(s, c, names, `the value of ${key}`);
    assign(s, m, kinds, values, key, value, spanFrom(c, start, end), spanFrom(c, before, c.at));
  }
  if (inParentheses && !take(c, 41))
    s.report.error('unbalanced', '"(" is not closed', { ...opened, length: 1 }, 'put ")" at the end');
  else if (!atEnd(c)) s.report.error('unexpected-word', 'the model ends before this', nextSpan(c));
  return m.model;
}

function assign(
  s: Session,
  m: ModelDefinition,
  kinds: readonly KindSyntax[],
  values: Record<string, Value>,
  key: string,
  value: Value | undefined,
  span: ReturnType<typeof spanAt>,
  valueSpan: ReturnType<typeof spanAt>,
): void {
  const syntax = kinds.find((k) => k.modelKeys.has(key));
  const name = syntax?.modelKeys.get(key);
  if (syntax === undefined || name === undefined) {
    if (key === 'level' && value === 1) return;
    const spellings = kinds.flatMap((k) => [...k.modelKeys.keys()]);
    const onCard = kinds.some((k) => k.keys.has(key));
    s.report.error(
      'unknown-parameter',
      `a ${m.type} model has no parameter "${key}"`,
      span,
      onCard
        ? `${key} is written on the element's own card`
        : s.report.suggest(key, spellings, `tellegen devices ${m.type} lists them`),
    );
    return;
  }
  if (Object.hasOwn(values, name)) {
    s.report.error('duplicate-parameter', `${key} is given twice`, span);
    return;
  }
  if (value === undefined) return;
  values[name] = value;
  const wrong = typeof value === 'number' ? outOfBounds(syntax.doc(name), value) : undefined;
  if (wrong)
    s.report.error('parameter-out-of-bounds', `${name} = ${value} ${wrong}`, valueSpan, hintOf(syntax, name));
}

export function hintOf(syntax: KindSyntax, name: string): string {
  const { doc, unit } = syntax.doc(name);
  return `${name} is ${doc}${unit === '' || unit === '1' ? '' : ` in ${unit}`}`;
}

/** Types that ngspice has and that no kind here answers to. */
const foreignTypes = new Set(
  'npn pnp njf pjf nmf pmf nhfet phfet nmos pmos nsoi psoi vdmos vdmosn vdmosp ltra urc cpl txl l'.split(' '),
);

/** `.model` as its line is met: name and type; the parameters wait. */
export function declareModel(
  s: Session,
  c: Cursor,
  name: string,
  nameStart: number,
  type: string,
  typeStart: number,
): void {
  const { scope } = s;
  const span = spanFrom(c, nameStart, nameStart + name.length);
  if (!s.syntax.byModelType.has(type)) {
    const typeSpan = spanFrom(c, typeStart, typeStart + type.length);
    if (foreignTypes.has(type)) {
      s.report.warning(
        'unsupported-model',
        `models of type ${type} are not supported; ${name} cannot be used`,
        typeSpan,
      );
    } else {
      const types = [...s.syntax.byModelType.keys()];
      s.report.error(
        'unknown-model-type',
        `no device has models of type "${type}"`,
        typeSpan,
        s.report.suggest(type, types, `there are ${types.join(', ')}`),
      );
    }
  }
  if (scope.models.has(name)) {
    const known = scope.models.get(name)!;
    s.report.error(
      'duplicate-model',
      `the model ${name} was defined in line ${spanAt(known.card.source, known.start, known.start + 1).line} already`,
      span,
    );
    return;
  }
  const card = { source: c.source, start: c.start, end: c.end };
  scope.models.set(name, { name, type, scope, card, start: nameStart, at: c.at, used: false });
}
