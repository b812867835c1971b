// Numbers and formulas given as text in code: over global parameters, or over V(), I() and time.
import type { Span } from '../errors.js';
import { constant, sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { builtins, constants } from '../expression/functions.js';
import { makeExpressionParser, type Names } from '../expression/parse.js';
import { nearest } from '../expression/suggest.js';
import type { Value } from './circuit.js';

/** Reports one thing that is wrong. */
export type Complaints = (code: string, message: string, hint?: string, span?: Span) => void;

/** An element whose own voltage or current `x` stands for in its expressions. */
export interface Own {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly quantity: 'voltage' | 'current';
}

export interface Formulas {
  /** A number, or an expression of global parameters; NaN after a complaint. */
  value(setting: number | string | Expr, where: string): Value;
  /** A behavioural expression; undefined after a complaint. */
  behaviour(setting: number | string | Expr, where: string, own?: Own): Expr | undefined;
}

const ground = new Set(['0', 'gnd']);
const voltage = (node: string): Expr => (ground.has(node) ? zero : symbol(`v(${node})`));

/** @param isParameter which names are global parameters */
export function formulaReader(isParameter: (name: string) => boolean, complain: Complaints): Formulas {
  const parser = makeExpressionParser();
  const read = (text: string, where: string, names: Names): Expr | undefined => {
    const lower = text.toLowerCase();
    const report = (code: string, message: string, start: number, end: number, hint?: string): void => {
      const span = { file: where, line: 1, column: start + 1, length: Math.max(1, end - start), text };
      complain(code, message, hint, span);
    };
    return parser.parse(lower, 0, lower.length, 'whole', names, report);
  };

  const symbolOf =
    (behavioural: boolean, own: Own | undefined): Names['symbol'] =>
    (name, start, end, report) => {
      if (isParameter(name)) return symbol(name);
      if (behavioural && name === 'time') return symbol('time');
      if (own !== undefined && name === 'x') {
        return own.quantity === 'current'
          ? symbol(`i(${own.name})`)
          : sub(voltage(own.nodes[0]), voltage(own.nodes[1]));
      }
      const value = constants.get(name);
      if (value === undefined) {
        report(
          'unknown-name',
          `nothing is called "${name}"`,
          start,
          end,
          'declare it with parameter(…), or write V(node)',
        );
      }
      return value;
    };
  const namesFor = (behavioural: boolean, own?: Own): Names => ({
    symbol: symbolOf(behavioural, own),
    isSignal: (word) => word === 'v' || word === 'i',
    signal(word, args, start, end, report) {
      if (!behavioural) {
        report(
          'not-constant',
          `${word.toUpperCase()}() has no value here`,
          start,
          end,
          'use numbers and parameters only',
        );
        return undefined;
      }
      if (args.length > (word === 'v' ? 2 : 1)) {
        report(
          'wrong-arguments',
          `${word}() has too many names in it`,
          start,
          end,
          'V(a), V(a,b) or I(element)',
        );
        return undefined;
      }
      if (word === 'i') return symbol(`i(${args[0]})`);
      return args.length === 1 ? voltage(args[0]) : sub(voltage(args[0]), voltage(args[1]));
    },
    call: () => null,
    nearestFunction: (word) => nearest(word, builtins.keys()),
  });
  const fixed = namesFor(false);

  return {
    value(setting, where) {
      if (typeof setting !== 'string') return setting;
      const e = read(setting, where, fixed);
      if (e === undefined) return Number.NaN;
      return e.op === 'const' ? e.value : e;
    },
    behaviour(setting, where, own) {
      if (typeof setting === 'number') return constant(setting);
      return typeof setting === 'string' ? read(setting, where, namesFor(true, own)) : setting;
    },
  };
}
