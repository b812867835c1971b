// A parameter that may move: where it begins, how far it may go, and what else must not move it.
import type { Circuit, Value } from '../circuit/circuit.js';
import { justAbove } from '../circuit/parameters.js';
import type { Trainable } from '../circuit/trainable.js';
import { type Globals, number } from '../circuit/values.js';
import { type Diagnostic, InputError, type Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import type { Parameter } from '../learn/problem.js';

/** A parameter that may move, and which number of the circuit it is. */
export interface Movable extends Parameter {
  /** `element.parameter` as the device documents it. */
  readonly key: string;
  /** Its value before learning, as written and as a number. */
  readonly written: Value;
  readonly value: number;
}

/** What one card says of its parameters. */
export interface Reach {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly log?: boolean | undefined;
  readonly group: string;
  readonly span?: Span | undefined;
}

/** Parameters with bounds: those written, else those that the device allows; a logarithm keeps above 0. */
export function movables(
  lookup: Globals,
  parameters: readonly Trainable[],
  reach: Reach,
): readonly Movable[] {
  const { log = false, group, span } = reach;
  return parameters.map(({ name, element, parameter, value, unit, min, max }) => ({
    name,
    key: `${element}.${parameter}`,
    unit,
    written: value,
    value: number(value, lookup),
    min: reach.min ?? (log ? Math.max(min, justAbove(0)) : min),
    max: reach.max ?? max,
    log,
    group,
    ...(span ? { span } : {}),
  }));
}

/**
 * Complaints about parameters that begin outside their bounds, step in the logarithm of what is not positive, or
 * follow from a column of the table.
 */
export function doubts(
  circuit: Circuit,
  movable: readonly Movable[],
  columns: readonly { readonly name: string; readonly kind: string; readonly parameter?: string }[],
): readonly Diagnostic[] {
  const settable = new Map<string, string>();
  for (const c of columns)
    settable.set(c.parameter === undefined ? c.name : `${c.name}.${c.parameter}`, c.name);
  const dependent = follows(circuit, settable);
  return movable.flatMap(({ name, key, written, value, min, max, log, span }): Diagnostic[] => {
    const say = (code: string, message: string, hint: string): Diagnostic[] => [
      { severity: 'error', code, message, hint, ...(span ? { span } : {}) },
    ];
    if (log && (value <= 0 || max <= 0 || min < 0)) {
      const wrong =
        value <= 0 ? `${name} = ${value}` : `${name}: ${max <= 0 ? `max = ${max}` : `min = ${min}`}`;
      return say(
        'out-of-bounds',
        `${wrong}, and a logarithm needs positive values`,
        'leave out log, or let its value and its bounds be positive',
      );
    }
    if (!(min <= max))
      return say('out-of-bounds', `${name}: min = ${min} lies above max = ${max}`, 'exchange them');
    if (!(value >= min && value <= max))
      return say(
        'out-of-bounds',
        `${name} = ${value} begins outside ${min} … ${max}`,
        'let it begin within its bounds',
      );
    const column = settable.get(key) ?? (typeof written === 'object' ? dependent(written) : undefined);
    if (column === undefined) return [];
    return say(
      'trained-input',
      `${name} is set by column ${column} of the table: it cannot be trained as well`,
      'train something else, or take the column out of the table',
    );
  });
}

/** Which column an expression of global parameters depends on, through others too. */
function follows(circuit: Circuit, columns: ReadonlyMap<string, string>): (e: Expr) => string | undefined {
  const known = new Map<string, string | undefined>();
  const of = (e: Expr): string | undefined => {
    if (e.op === 'const') return undefined;
    if (e.op !== 'sym') {
      for (const argument of e.args) {
        const column = of(argument);
        if (column !== undefined) return column;
      }
      return undefined;
    }
    if (!known.has(e.name)) {
      known.set(e.name, columns.get(e.name));
      const value = circuit.parameters.get(e.name);
      if (known.get(e.name) === undefined && typeof value === 'object') known.set(e.name, of(value));
    }
    return known.get(e.name);
  };
  return of;
}

/** @throws InputError when there are complaints */
export function refuse(problems: readonly Diagnostic[]): void {
  if (problems.length > 0) throw new InputError(problems);
}
