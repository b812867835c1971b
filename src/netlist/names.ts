// What the names in a deck's expressions stand for: parameters, functions, constants, V() and I().
import { constant, sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { builtins, constants } from '../expression/functions.js';
import type { Complain, Names } from '../expression/parse.js';
import { substituter } from '../expression/substitute.js';
import type { FunctionDefinition, ParameterDefinition, Scope, Session } from './session.js';
import { type Source, spanAt } from './source.js';

/** `number`: parameters only; `behaviour`: V(), I(), time too; `output`: what can be saved; `body`: of a `.func`. */
export type Mode = 'number' | 'behaviour' | 'output' | 'body';

/** Readings of an output: value, and parts of a phasor. */
const readings = new Set(['v', 'i', 'w', 'vr', 'vi', 'vm', 'vp', 'vdb', 'ir', 'ii', 'im', 'ip', 'idb']);
const elementReadings = (word: string): boolean => !word.startsWith('v');

export const isGround = (node: string): boolean => node === '0' || node === 'gnd';

/** An element inside a subcircuit, `x1.v2`, which ngspice calls `v.x1.v2`. */
export const elementPath = (name: string): string => name.replace(/^[a-wyz]\.(?=x)/, '');

/** The definition a name has here: in the innermost scope that has one. */
export function find<T>(
  scope: Scope,
  table: (scope: Scope) => ReadonlyMap<string, T>,
  name: string,
): T | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = table(at).get(name);
    if (found) return found;
  }
  return undefined;
}

/** All names that can be seen from here. */
export function* visible<T>(scope: Scope, table: (scope: Scope) => ReadonlyMap<string, T>): Iterable<string> {
  for (let at: Scope | undefined = scope; at; at = at.parent) yield* table(at).keys();
}

const parametersOf = (scope: Scope): ReadonlyMap<string, ParameterDefinition> => scope.parameters;
const functionsOf = (scope: Scope): ReadonlyMap<string, FunctionDefinition> => scope.functions;

export interface ExtraNames {
  /** Names besides parameters: formals of a function, earlier measures. */
  symbol(name: string): Expr | undefined;
}

/** The names an expression may use in a scope. */
export function makeNames(session: Session, scope: Scope, mode: Mode, extra?: ExtraNames): Names {
  const signals = mode !== 'number';
  const names: Names = {
    symbol(name, start, end, complain) {
      const special = extra?.symbol(name) ?? (name === 'x' && mode === 'behaviour' ? session.own : undefined);
      if (special) return special;
      const parameter = find(scope, parametersOf, name);
      if (parameter) return symbol(parameter.symbol);
      if (name === 'temper') return symbol(name);
      if (name === 'time' || (name === 'hertz' && mode === 'output')) {
        if (signals) {
          session.usesTime = true;
          return symbol(name);
        }
        complain(
          'signal-not-allowed',
          `${name} cannot be used here: this value is fixed before the run`,
          start,
          end,
          useSource,
        );
        return undefined;
      }
      const known = constants.get(name);
      if (known) return known;
      complain(
        'unknown-name',
        `no parameter is called "${name}"`,
        start,
        end,
        session.report.suggest(
          name,
          visible(scope, parametersOf),
          `define it with .param ${name}=…; a node voltage is written V(${name})`,
        ),
      );
      return undefined;
    },
    isSignal: (word) => (mode === 'output' ? readings.has(word) : word === 'v' || word === 'i'),
    signal(word, args, start, end, complain) {
      if (!signals) {
        complain(
          'signal-not-allowed',
          `${word.toUpperCase()}() cannot be used here: this value is fixed before the run`,
          start,
          end,
          useSource,
        );
        return undefined;
      }
      return signal(session, scope, word, args, start, end, complain);
    },
    call(word, args, start, end, complain) {
      const f = find(scope, functionsOf, word);
      return f ? callFunction(session, f, args, start, end, complain, signals) : null;
    },
    nearestFunction(word) {
      return session.report
        .suggest(word, [...visible(scope, functionsOf), ...builtins.keys()])
        ?.slice(14, -2);
    },
  };
  return names;
}

const useSource =
  'a value that follows a voltage or the time is written as a B source (I=… or V=…), or as Q=… of a capacitor';

function signal(
  session: Session,
  scope: Scope,
  word: string,
  args: readonly string[],
  start: number,
  end: number,
  complain: Complain,
): Expr | undefined {
  const most = word.startsWith('v') ? 2 : 1;
  if (args.length > most) {
    complain(
      'wrong-arguments',
      `${word}() takes ${most === 1 ? 'the name of one element' : 'one or two nodes'}`,
      start,
      end,
    );
    return undefined;
  }
  const source = sourceOf(complain);
  const read = (name: string): Expr => {
    if (elementReadings(word)) {
      const element = elementPath(name);
      session.references.push({ kind: 'element', name: element, source, start, end });
      return symbol(`${word}(${element})`);
    }
    if (isGround(name) && !scope.subcircuit?.ports.has(name)) return zero;
    session.references.push({ kind: 'node', name, source, start, end });
    return symbol(`${word}(${name})`);
  };
  if (word === 'v' && args.length === 2) return sub(read(args[0]), read(args[1]));
  if (args.length === 2) {
    read(args[0]);
    read(args[1]);
    return symbol(`${word}(${args.join(',')})`);
  }
  return read(args[0]);
}

/** Every complainer belongs to one source. */
const sources = new WeakMap<Complain, Source>();
const sourceOf = (complain: Complain): Source => sources.get(complain)!;

/** Complaints about places in sources go to the session's report. */
export function makeComplain(report: Session['report']): (source: Source) => Complain {
  const known = new Map<Source, Complain>();
  return (source) => {
    let complain = known.get(source);
    if (complain === undefined) {
      complain = (code, message, start, end, hint) =>
        report.error(code, message, spanAt(source, start, end), hint);
      known.set(source, complain);
      sources.set(complain, source);
    }
    return complain;
  };
}

function callFunction(
  session: Session,
  f: FunctionDefinition,
  args: readonly Expr[],
  start: number,
  end: number,
  complain: Complain,
  signals: boolean,
): Expr | undefined {
  if (args.length !== f.formals.length) {
    const n = f.formals.length;
    complain(
      'wrong-arguments',
      `${f.name}(${f.formals.join(',')}) takes ${n} argument${n === 1 ? '' : 's'}, not ${args.length}`,
      start,
      end,
    );
    return undefined;
  }
  if (f.state === 'reading') {
    const chain = [...session.expanding.slice(session.expanding.indexOf(f)), f]
      .map((g) => g.name)
      .join(' → ');
    complain('recursive-function', `the function ${f.name} calls itself: ${chain}`, start, end);
    return undefined;
  }
  const body = bodyOf(session, f);
  if (body === undefined) return undefined;
  if (!signals && (f.references.length > 0 || f.usesTime)) {
    complain(
      'signal-not-allowed',
      `${f.name}() speaks of a voltage, a current or the time, which cannot be used here`,
      start,
      end,
      useSource,
    );
    return undefined;
  }
  for (const r of f.references) session.references.push(r);
  session.usesTime ||= f.usesTime;
  const source = sourceOf(complain);
  session.spend(session.expressions.extent(body).size, () => spanAt(source, start, end));
  const byName = new Map(f.formals.map((name, k) => [`${name}?`, args[k]]));
  const result = substituter((name) => byName.get(name))(body);
  return session.expressions.fits(result, start, end, complain) ? result : undefined;
}

/** The body of a function over its formals (`name?`), read once. */
export function bodyOf(session: Session, f: FunctionDefinition): Expr | undefined {
  if (f.state === 'read') return f.body;
  f.state = 'reading';
  session.expanding.push(f);
  const outer = { references: session.references, usesTime: session.usesTime, own: session.own };
  session.references = [];
  session.usesTime = false;
  session.own = undefined;
  const formals = new Set(f.formals);
  const names = makeNames(session, f.scope, 'body', {
    symbol: (name) => (formals.has(name) ? symbol(`${name}?`) : undefined),
  });
  const { source } = f.card;
  const body = session.expressions.parse(source.clean, f.at, f.end, 'whole', names, session.complain(source));
  if (body) f.body = body;
  f.references = session.references;
  f.usesTime = session.usesTime;
  Object.assign(session, outer);
  session.expanding.pop();
  f.state = 'read';
  return body;
}

/** A constant expression as a plain number. */
export const plain = (e: Expr): number | Expr => (e.op === 'const' ? e.value : e);
export const toExpr = (value: number | Expr): Expr => (typeof value === 'number' ? constant(value) : value);
