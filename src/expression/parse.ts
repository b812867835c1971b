// Text → expression, by recursive descent over character codes. From loosest to tightest:
//   ?:   ||   &&   == !=   < <= > >=   + -   * / %   unary − + !   ** ^ (right associative; −2^2 = −4)
// Hostile text ends in a complaint: nesting, size and depth are bounded, and a name reaches only what `Names` gives.
import { call, constant, neg, pow, rebuild, select } from './build.js';
import type { Expr, Operator } from './expression.js';
import { builtins } from './functions.js';
import { type Extent, isSmall, measurer } from './measure.js';
import type { Complain, Names } from './names.js';
import { LARGEST, type Scan, scanNumber } from './numbers.js';

/** Parentheses, signs, conditionals and nested functions. */
export const MAX_NESTING = 200;
/** Nodes of an expression written out as a tree. */
export const MAX_SIZE = 100_000;
/** Longest path from its root to a leaf. */
export const MAX_DEPTH = 1000;

export type { Complain, Names } from './names.js';

/** How far an expression may reach. */
export type Extents = 'tight' | 'loose' | 'whole';

export interface ExpressionParser {
  /**
   * The longest expression that begins at `start` of lower-case text. `tight`: a blank outside parentheses ends it;
   * `whole`: it must reach `limit`.
   * @returns undefined when it is wrong, after a complaint
   */
  parse(
    text: string,
    start: number,
    limit: number,
    extent: Extents,
    names: Names,
    complain: Complain,
  ): Expr | undefined;
  /** Where the last expression ended; after a failure, where the trouble was. */
  end(): number;
  /** Whether an expression is within bounds; complains when it is not. */
  fits(e: Expr, start: number, end: number, complain: Complain): boolean;
  /** Size and depth of an expression written out as a tree. */
  extent(e: Expr): Extent;
}

/** Thrown inside the parser only, once the complaint has been made. */
const FAILED = Symbol('expression');

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13 || c === 10 || c === 0xa0;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isNameStart = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c > 0xbf;
const isNamePart = (c: number): boolean => isNameStart(c) || isDigit(c) || c === 35 || c === 46 || c === 36;
const closing: ReadonlyMap<number, number> = new Map([
  [40, 41],
  [123, 125],
  [39, 39],
  [34, 34],
]);

export function makeExpressionParser(): ExpressionParser {
  const extent = measurer();
  const scan: Scan = { end: 0 };
  let text = '';
  let at = 0;
  let limit = 0;
  let tight = false;
  let depth = 0;
  let nesting = 0;
  let quote = 0;
  let rank = 0;
  let length = 0;
  let names!: Names;
  let complain!: Complain;

  const fail = (code: string, message: string, start: number, end: number, hint?: string): never => {
    complain(code, message, start, Math.max(end, start + 1), hint);
    at = start;
    throw FAILED;
  };
  const blanks = (): void => {
    if (tight && depth === 0) return;
    while (at < limit && isBlank(text.charCodeAt(at))) at++;
  };
  const code = (k = 0): number => (at + k < limit ? text.charCodeAt(at + k) : 0);
  const enter = (start: number): void => {
    if (++nesting > MAX_NESTING)
      fail('expression-too-deep', `nested deeper than ${MAX_NESTING} levels`, start, start + 1);
  };

  function conditional(): Expr {
    enter(at);
    const test = binary(1);
    blanks();
    let result = test;
    if (code() === 63) {
      at++;
      const then = conditional();
      blanks();
      if (code() !== 58) fail('expression-syntax', 'expected ":" of a conditional a ? b : c', at, at + 1);
      at++;
      result = select(test, then, conditional());
    }
    nesting--;
    return result;
  }

  /** The binary operator that stands here; its rank and length are left in `rank` and `length`. */
  function operator(): Operator | undefined {
    const c = code();
    const second = code(1);
    length = 1;
    if (c === 124 || c === 38) {
      rank = c === 124 ? 1 : 2;
      if (second === c) length = 2;
      return c === 124 ? 'or' : 'and';
    }
    if ((c === 61 || c === 33 || c === 60 || c === 62) && second === 61) {
      length = 2;
      rank = c === 61 || c === 33 ? 3 : 4;
      return c === 61 ? 'eq' : c === 33 ? 'ne' : c === 60 ? 'le' : 'ge';
    }
    if (c === 60 || c === 62) {
      const differs = c === 60 && second === 62;
      if (differs) length = 2;
      rank = differs ? 3 : 4;
      return differs ? 'ne' : c === 60 ? 'lt' : 'gt';
    }
    rank = 5;
    if (c === 43) return 'add';
    if (c === 45) return 'sub';
    rank = 6;
    if (c === 42) return second === 42 ? undefined : 'mul';
    return c === 47 ? 'div' : c === 37 ? 'mod' : undefined;
  }

  /** Operators that bind at least so tightly, from left to right. */
  function binary(least: number): Expr {
    let left = signed();
    for (;;) {
      blanks();
      const op = operator();
      if (op === undefined || rank < least) return left;
      at += length;
      left = rebuild(op, [left, binary(rank + 1)]);
    }
  }

  function signed(): Expr {
    blanks();
    const c = code();
    if (c !== 43 && c !== 45 && !(c === 33 && code(1) !== 61)) return power();
    enter(at);
    at++;
    const operand = signed();
    nesting--;
    return c === 45 ? neg(operand) : c === 33 ? call('not', operand) : operand;
  }

  function power(): Expr {
    const base = primary();
    blanks();
    const double = code() === 42 && code(1) === 42;
    if (!double && code() !== 94) return base;
    enter(at);
    at += double ? 2 : 1;
    const exponent = signed();
    nesting--;
    return pow(base, exponent);
  }

  function primary(): Expr {
    blanks();
    const start = at;
    const c = code();
    if (isDigit(c) || (c === 46 && isDigit(code(1)))) {
      const value = scanNumber(text, at, limit, scan);
      if (Number.isNaN(value)) {
        fail(
          'malformed-number',
          `"${text.slice(start, scan.end)}" is not a number`,
          start,
          scan.end,
          'write 4.7k, 1e-9 or 100pF',
        );
      }
      at = scan.end;
      if (value === Number.POSITIVE_INFINITY)
        fail('not-finite', `${text.slice(start, at)} is infinite: ${LARGEST}`, start, at);
      return constant(value);
    }
    if (isNameStart(c)) return named();
    const close = closing.get(c);
    if (close !== undefined && !(close === c && quote === c)) return group(c, close);
    if (at >= limit || (tight && depth === 0 && isBlank(c))) {
      return fail(
        'expression-syntax',
        'the expression ends where a number, a name or "(" is expected',
        at,
        at + 1,
      );
    }
    const symbol = String.fromCodePoint(text.codePointAt(at)!);
    return fail(
      'expression-syntax',
      `"${symbol}" where a number, a name or "(" is expected`,
      at,
      at + symbol.length,
    );
  }

  function group(open: number, close: number): Expr {
    const start = at;
    const outer = quote;
    at++;
    depth++;
    if (open === close) quote = open;
    const inner = conditional();
    blanks();
    if (code() !== close) {
      const opened = `"${String.fromCharCode(open)}" is not closed`;
      if (at >= limit)
        fail('unbalanced', opened, start, start + 1, `put "${String.fromCharCode(close)}" where it ends`);
      fail('expression-syntax', `expected "${String.fromCharCode(close)}" or an operator`, at, wordEnd());
    }
    at++;
    depth--;
    quote = outer;
    return inner;
  }

  const wordEnd = (): number => {
    let end = at;
    while (end < limit && isNamePart(text.charCodeAt(end))) end++;
    return Math.max(end, at + 1);
  };

  function named(): Expr {
    const start = at;
    at = wordEnd();
    const end = at;
    const word = text.slice(start, end);
    const spaced = at;
    blanks();
    if (code() !== 40) {
      at = spaced;
      return names.symbol(word, start, end, complain) ?? unwind(start);
    }
    if (names.isSignal(word)) return signal(word, start);
    at++;
    depth++;
    const args: Expr[] = [];
    blanks();
    if (code() !== 41) {
      for (;;) {
        args.push(conditional());
        blanks();
        if (code() !== 44) break;
        at++;
        if (args.length >= 64) fail('expression-syntax', `too many arguments of ${word}()`, start, end);
      }
    }
    if (code() !== 41) {
      if (at >= limit)
        fail('unbalanced', `"(" of ${word}( is not closed`, end, end + 1, 'put ")" where it ends');
      fail('expression-syntax', `expected "," or ")" in ${word}()`, at, wordEnd());
    }
    at++;
    depth--;
    return apply(word, args, start, end);
  }

  function apply(word: string, args: readonly Expr[], start: number, end: number): Expr {
    const own = names.call(word, args, start, end, complain);
    if (own === undefined) unwind(start);
    if (own) return own;
    const builtin = builtins.get(word);
    if (builtin === undefined) {
      const near = names.nearestFunction(word);
      return fail(
        'unknown-function',
        `no function is called "${word}"`,
        start,
        end,
        near && `did you mean "${near}"?`,
      );
    }
    const { least, most } = builtin;
    if (args.length < least || args.length > most) {
      const wanted = least === most ? `${least}` : `at least ${least}`;
      fail(
        'wrong-arguments',
        `${word}() takes ${wanted} argument${least === 1 ? '' : 's'}, not ${args.length}`,
        start,
        end,
      );
    }
    return builtin.make(args);
  }

  /** The arguments are names that may hold + - . # and digits: all up to the comma or the parenthesis. */
  function signal(word: string, start: number): Expr {
    const open = at++;
    const args: string[] = [];
    let from = at;
    for (;;) {
      const c = code();
      if (at >= limit || c === 10 || c === 40 || c === 123 || c === 125) {
        fail('unbalanced', `"(" of ${word}( is not closed`, open, open + 1, 'put ")" after the name');
      }
      if (c === 44 || c === 41) {
        const name = text.slice(from, at).trim();
        if (name === '') fail('expression-syntax', `a name is missing in ${word}()`, at, at + 1);
        args.push(name);
        at++;
        from = at;
        if (c === 41) break;
      } else at++;
    }
    const end = at;
    return names.signal(word, args, start, end, complain) ?? unwind(start);
  }

  const unwind = (start: number): never => {
    at = start;
    throw FAILED;
  };

  function fits(e: Expr, start: number, end: number, report: Complain): boolean {
    if (isSmall(e)) return true;
    const { size, depth: deep } = extent(e);
    if (size <= MAX_SIZE && deep <= MAX_DEPTH) return true;
    const what =
      size > MAX_SIZE
        ? `more than ${MAX_SIZE} terms when written out`
        : `operations nested deeper than ${MAX_DEPTH}`;
    report(
      'expression-too-large',
      `the expression has ${what}`,
      start,
      end,
      'split it into several sources or parameters',
    );
    return false;
  }

  return {
    end: () => at,
    fits,
    extent,
    parse(source, start, stop, reach, theNames, report) {
      const saved = [text, at, limit, tight, depth, quote, names, complain] as const;
      const level = nesting;
      [text, at, limit, tight, depth, quote, names, complain] = [
        source,
        start,
        stop,
        reach === 'tight',
        0,
        0,
        theNames,
        report,
      ];
      let result: Expr | undefined;
      let ended = start;
      try {
        result = conditional();
        if (reach === 'whole') {
          blanks();
          if (at < limit) fail('expression-syntax', 'an operator is missing here', at, wordEnd());
        }
        ended = at;
        while (ended > start && isBlank(text.charCodeAt(ended - 1))) ended--;
        if (!fits(result, start, ended, report)) result = undefined;
      } catch (thrown) {
        if (thrown !== FAILED) throw thrown;
        result = undefined;
        ended = at;
      }
      [text, at, limit, tight, depth, quote, names, complain] = saved;
      nesting = level;
      if (level === 0) at = ended;
      return result;
    },
  };
}
