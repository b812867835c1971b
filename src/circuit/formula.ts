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
  /** A number, or an expression of global parameters; undefined after a complaint. */
  value(setting: number | string | Expr, where: string): Value | undefined;
  /** A behavioural expression; undefined after a complaint. */
  behaviour(setting: number | string | Expr, where: string, own?: Own): Expr | undefined;
  /** An expression of phasors, V(), VM(), VDB(), IP(), …, and of hertz; undefined after a complaint. */
  response(setting: number | string | Expr, where: string): Expr | undefined;
}

type Mode = 'number' | 'behaviour' | 'response';
/** What an expression may vary with. */
const AXIS: Readonly<Record<Mode, string>> = { number: '', behaviour: 'time', response: 'hertz' };
/** Parts of a phasor: magnitude, decibels, phase, real, imaginary. */
const PART = /^[vi](m|db|p|r|i)$/;
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
    (mode: Mode, own: Own | undefined): Names['symbol'] =>
    (name, start, end, report) => {
      if (isParameter(name)) return symbol(name);
      if (name === AXIS[mode]) return symbol(name);
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
          mode === 'number'
            ? 'declare it with parameter(…)'
            : 'declare it with parameter(…), or write V(node)',
        );
      }
      return value;
    };
  const namesFor = (mode: Mode, own?: Own): Names => ({
    symbol: symbolOf(mode, own),
    isSignal: (word) => word === 'v' || word === 'i' || (mode === 'response' && PART.test(word)),
    signal(word, args, start, end, report) {
      if (mode === 'number') {
        report(
          'not-constant',
          `${word.toUpperCase()}() has no value here`,
          start,
          end,
          'use numbers and parameters only',
        );
        return undefined;
      }
      if (args.length > (word.startsWith('v') ? 2 : 1)) {
        report(
          'wrong-arguments',
          `${word}() has too many names in it`,
          start,
          end,
          'V(a), V(a,b) or I(element)',
        );
        return undefined;
      }
      if (word !== 'v')
        return symbol(`${word}(${args.map((node) => (ground.has(node) ? '0' : node)).join(',')})`);
      return args.length === 1 ? voltage(args[0]) : sub(voltage(args[0]), voltage(args[1]));
    },
    call: () => null,
    nearestFunction: (word) => nearest(word, builtins.keys()),
  });
  const fixed = namesFor('number');

  return {
    value(setting, where) {
      if (typeof setting !== 'string') return setting;
      const e = read(setting, where, fixed);
      return e?.op === 'const' ? e.value : e;
    },
    behaviour(setting, where, own) {
      if (typeof setting === 'number') return constant(setting);
      return typeof setting === 'string' ? read(setting, where, namesFor('behaviour', own)) : setting;
    },
    response(setting, where) {
      if (typeof setting === 'number') return constant(setting);
      return typeof setting === 'string' ? read(setting, where, namesFor('response')) : setting;
    },
  };
}
