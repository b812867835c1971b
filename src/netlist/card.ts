// An element card as far as it has been read.
import type { Value, Waveform } from '../circuit/circuit.js';
import { outOfBounds } from '../circuit/values.js';
import type { Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import type { Names } from '../expression/parse.js';
import { hintOf } from './models.js';
import { isGround } from './names.js';
import type { ModelDefinition, Reference, Scope, Session } from './session.js';
import type { KindSyntax } from './syntax.js';

export interface CardState {
  readonly name: string;
  readonly span: Span;
  readonly syntax: KindSyntax;
  readonly numbers: Names;
  readonly behaviour: Names;
  readonly scope: Scope;
  readonly nodes: string[];
  readonly values: Record<string, Value>;
  expressions?: Record<string, Expr>;
  controls?: string[];
  references?: Reference[];
  model?: ModelDefinition;
  waveform?: Waveform;
  positional: number;
}

/** Name of a node as the scope knows it: `gnd` is ground, unless it is a port. */
export const nodeName = (scope: Scope, name: string): string =>
  isGround(name) && !scope.subcircuit?.ports.has(name) ? '0' : name;

/** Sets a parameter once and within its bounds; where it stands is asked for when something is wrong. */
export function assign(
  s: Session,
  card: CardState,
  name: string,
  value: Value,
  span: () => Span,
  nameSpan: () => Span = span,
): void {
  if (Object.hasOwn(card.values, name)) {
    s.report.error('duplicate-parameter', `${name} of ${card.name} is given twice`, nameSpan());
    return;
  }
  card.values[name] = value;
  const wrong = typeof value === 'number' ? outOfBounds(card.syntax.doc(name), value) : undefined;
  if (wrong)
    s.report.error(
      'parameter-out-of-bounds',
      `${card.name}: ${name} = ${value} ${wrong}`,
      span(),
      hintOf(card.syntax, name),
    );
}
