// What an expression depends on, as ports, pairs of nodes whose difference it reads, and its slopes by them.
import { voltageOf } from '../circuit/place.js';
import { neg, rebuild, sub, symbol, zero } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';

export interface Port {
  readonly plus: string;
  readonly minus: string;
}

export const across = ({ plus, minus }: Port): Expr => sub(voltageOf(plus), voltageOf(minus));

export const isZero = (e: Expr | undefined): boolean =>
  e === undefined || (e.op === 'const' && e.value === 0);

/** What an expression depends on: the voltage of a port, or the current of a branch. */
export type Column = { readonly port: Port } | { readonly branch: string };

export interface Slope {
  readonly column: Column;
  readonly value: Expr;
}

/**
 * ∂e by the voltage of every port, V(a) − V(b) or V(a) alone, and by every branch current.
 * @param own orientation of the element's own port
 */
export function slopes(e: Expr, own?: Port): Slope[] {
  const ports = new Map<string, Port>();
  const named = asPorts(e, ports);
  const back = substituter((name) => {
    const port = ports.get(name);
    return port === undefined ? undefined : across(port);
  });
  const found: Slope[] = [];
  const seen = new Set<string>();
  const look = mentions((name) => {
    if (seen.has(name)) return false;
    seen.add(name);
    const port = ports.get(name);
    if (port === undefined && !name.startsWith('i(')) return false;
    const value = back(differentiator(name)(named));
    if (isZero(value)) return false;
    if (port === undefined) found.push({ column: { branch: name.slice(2, -1) }, value });
    else if (own !== undefined && port.plus === own.minus && port.minus === own.plus)
      found.push({ column: { port: own }, value: neg(value) });
    else found.push({ column: { port }, value });
    return false;
  });
  look(named);
  return found;
}

/** Differences of two voltages, and single voltages, as symbols of their own. */
function asPorts(e: Expr, ports: Map<string, Port>): Expr {
  const node = (x: Expr): string | undefined =>
    x.op === 'sym' && x.name.startsWith('v(') ? x.name.slice(2, -1) : undefined;
  const name = (plus: string, minus: string): Expr => {
    const key = `u(${plus},${minus})`;
    ports.set(key, { plus, minus });
    return symbol(key);
  };
  const done = new Map<Expr, Expr>();
  const walk = (x: Expr): Expr => {
    if (x.op === 'const') return x;
    let result = done.get(x);
    if (result === undefined) {
      const single = node(x);
      const [a, b] = x.op === 'sub' ? x.args.map(node) : [];
      if (single !== undefined) result = name(single, '0');
      else if (a !== undefined && b !== undefined) result = name(a, b);
      else result = x.op === 'sym' ? x : rebuild(x.op, x.args.map(walk));
      done.set(x, result);
    }
    return result;
  };
  return walk(e);
}

export const samePort = (a: Port, b: Port): boolean => a.plus === b.plus && a.minus === b.minus;

const atRest = substituter((name) => (name.startsWith('v(') ? zero : undefined));

/** a, where e = a·v(port) with a number a. */
export function factorOf(e: Expr, port: Port): number | undefined {
  const [slope, ...others] = slopes(e, port);
  if (slope?.value.op !== 'const' || others.length > 0 || !isZero(atRest(e))) return undefined;
  return 'port' in slope.column && samePort(slope.column.port, port) ? slope.value.value : undefined;
}

/** The size of a coefficient at 0, or where that vanishes at 1 V and 1 A; 1 when it has none there. */
export function scaleOf(e: Expr): number {
  const sizes = [0, 1].map((x) => Math.abs(evaluate(e, () => x)));
  return sizes.find((size) => size > 0 && Number.isFinite(size)) ?? 1;
}
