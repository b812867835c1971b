// What a sweep can set, from its name: temp, a source, another element's main value, a parameter, a model's parameter.
import { type Cursor, endSpan, next, spanFrom, take, takeWord, wordSpan, wordText } from './cursor.js';
import type { SweepVariable } from './deck.js';
import type { Session } from './session.js';

/** Reads `[param] name`, `temp`, or `model(parameter)`. Undefined after a complaint. */
export function takeVariable(s: Session, c: Cursor): SweepVariable | undefined {
  const asParameter = takeWord(c, 'param');
  if (!next(c)) {
    s.report.error('missing-name', 'the name of what is swept is missing', endSpan(c));
    return undefined;
  }
  const name = wordText(c);
  const [start, end] = [c.word, c.at];
  const variable = asParameter
    ? parameterVariable(s, name)
    : (variableNamed(s, name) ?? modelVariable(s, c, name));
  if (variable === undefined && !s.doubtful.has(name)) {
    const known = [...s.global.parameters.keys(), ...(asParameter ? [] : [...s.elements.keys(), 'temp'])];
    const what = asParameter ? 'parameter' : 'source, element or parameter';
    s.report.error(
      'unknown-sweep',
      `no ${what} is called "${name}"`,
      spanFrom(c, start, end),
      s.report.suggest(name, known, `define it with .param ${name}=…`),
    );
  }
  return variable;
}

const parameterVariable = (s: Session, name: string): SweepVariable | undefined =>
  s.global.parameters.has(name) ? { kind: 'parameter', name } : undefined;

/** The variable of this name, for cards where nothing but the name is written. */
export function variableNamed(s: Session, name: string): SweepVariable | undefined {
  const element = s.elements.get(name);
  if (element) {
    const syntax = s.syntax.byKind.get(element.kind)!;
    const [parameter] = syntax.positional;
    if (parameter !== undefined)
      return { kind: syntax.kind.card.waveform ? 'source' : 'element', name, parameter };
  }
  if (s.global.parameters.has(name)) return { kind: 'parameter', name };
  return name === 'temp' || name === 'temper' ? { kind: 'temperature', name: 'temp' } : undefined;
}

/** `model(parameter)`, or `type model(parameter)`. */
function modelVariable(s: Session, c: Cursor, first: string): SweepVariable | undefined {
  let name = first;
  if (!s.global.models.has(name) && s.syntax.byModelType.has(name) && next(c)) name = wordText(c);
  const model = s.global.models.get(name);
  if (!model || !take(c, 40) || !next(c)) return undefined;
  const key = wordText(c);
  const kinds = s.syntax.byModelType.get(model.type) ?? [];
  const parameter = kinds.map((k) => k.modelKeys.get(key)).find((k) => k !== undefined);
  if (parameter === undefined) {
    const hint = s.report.suggest(
      key,
      kinds.flatMap((k) => [...k.modelKeys.keys()]),
    );
    s.report.error('unknown-parameter', `a ${model.type} model has no parameter "${key}"`, wordSpan(c), hint);
  }
  if (!take(c, 41)) s.report.error('unbalanced', '"(" is not closed', spanFrom(c, c.at, c.at + 1));
  return { kind: 'model', name, parameter: parameter ?? key };
}
