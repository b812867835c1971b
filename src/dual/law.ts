// The law of one element with its numbers: flows between nodes, and at most one branch v(plus) − v(minus) + rest = 0
// that carries a current of its own. Controls are read as ports: pairs of nodes whose difference sets something.
import type { Circuit, Element } from '../circuit/circuit.js';
import { nodeNamer, ownerOf, placeOf, voltageOf } from '../circuit/place.js';
import type { Globals } from '../circuit/values.js';
import type { Law } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { InputError } from '../errors.js';
import { gt, lt, neg, one, rebuild, select, sub, symbol, zero } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';

export interface Port {
  readonly plus: string;
  readonly minus: string;
}

/** A current i and a charge q that flow through the device from port.plus to port.minus. */
export interface Flow {
  readonly port: Port;
  readonly i: Expr;
  readonly q: Expr;
}

/** v(port) + rest + d/dt q = 0, and the current that flows from plus to minus for it to hold: i(element). */
export interface Branch {
  readonly port: Port;
  readonly rest: Expr;
  readonly q: Expr;
}

export interface Reading {
  readonly element: Element;
  /** Currents that are not the branch's own. */
  readonly flows: readonly Flow[];
  readonly branch?: Branch;
  /** What I(element) reads when there is no branch: its static part. */
  readonly current: Expr;
  /** Voltages that IC= sets, with their values. */
  readonly initial: readonly { readonly port: Port; readonly value: number }[];
  /** Has nodes inside. */
  readonly inner: boolean;
}

/** The law of an element, one of whose parameters may stay a symbol, `p:name`. */
export type LawReader = (element: Element, free?: string) => Reading;

/** @throws InputError for a device whose law has another form than flows and one branch */
export function lawReader(
  circuit: Circuit,
  lookup: Globals,
  inner: (element: string, name: string) => string,
): LawReader {
  const known = new Map<Element, Reading>();
  const read: LawReader = (element, free) => {
    const kind = kindByName(element.kind)!;
    const owner = ownerOf(kind, element, circuit);
    const innerNode = (name: string): string => inner(element.name, name);
    let modes: Law['modes'] = {};
    const input = (name: string): Expr => {
      const place = placeOf(owner, circuit, lookup, names);
      return name in (modes ?? {}) ? modeOf(modes![name]) : 'dc' in kind.parameters ? place.p('dc') : zero;
    };
    const names = {
      inner: innerNode,
      unknown: (name: string): Expr =>
        symbol(name === 'i' ? `i(${element.name})` : `${name}(${element.name})`),
      input: (name: string): Expr => symbol(`input:${name}`),
      ...(free === undefined
        ? {}
        : { parameter: (name: string) => (name === free ? symbol(`p:${name}`) : undefined) }),
    };
    const law = kind.law(placeOf(owner, circuit, lookup, names));
    modes = law.modes;
    const settled = substituter((name) => (name.startsWith('input:') ? input(name.slice(6)) : undefined));
    const initial = (law.initial ?? []).flatMap(({ of, parameter }) => {
      const place = placeOf(owner, circuit, lookup, names).p(parameter);
      const [first] = slopes(of);
      return place.op === 'const' &&
        !Number.isNaN(place.value) &&
        first !== undefined &&
        'port' in first.column
        ? [{ port: first.column.port, value: place.value }]
        : [];
    });
    return { element, initial, ...formOf(element, law, nodeNamer(owner, innerNode), settled) };
  };
  return (element, free) => {
    if (free !== undefined) return read(element, free);
    let reading = known.get(element);
    if (reading === undefined) known.set(element, (reading = read(element)));
    return reading;
  };
}

/** A two-valued state at the operating point. */
const modeOf = ({ signal, on, off, initial }: NonNullable<Law['modes']>[string]): Expr =>
  select(gt(signal, on), one, select(lt(signal, off), zero, initial));

function formOf(
  element: Element,
  law: Law,
  node: (name: string) => string,
  settled: (e: Expr) => Expr,
): Omit<Reading, 'element' | 'initial'> {
  const own = `i(${element.name})`;
  const unknowns = Object.keys(law.unknowns ?? {});
  const all = (law.flows ?? []).map((flow) => ({
    port: { plus: node(flow.from), minus: node(flow.to) },
    i: flow.i === undefined ? zero : settled(flow.i),
    q: flow.q === undefined ? zero : settled(flow.q),
  }));
  const current = all[law.current ?? 0]?.i ?? zero;
  const inner = (law.nodes ?? []).length > 0;
  const equations = (law.equations ?? []).filter((e) => !isZero(e.f) || typeof e.of !== 'number');
  if (law.delays !== undefined) cannot(element, 'it holds a delay');
  if (unknowns.length === 0 && equations.length === 0) return { flows: all, current, inner };
  const carrier = all.find(({ i, q }) => i.op === 'sym' && i.name === own && isZero(q));
  const [equation] = equations;
  if (unknowns.join() !== 'i' || equations.length !== 1 || equation.of !== 'i' || carrier === undefined)
    return cannot(element, 'its law is more than currents and one branch');
  const { port } = carrier;
  return {
    flows: all.filter((flow) => flow !== carrier),
    branch: {
      port,
      rest: without(settled(equation.f), across(port)),
      q: equation.q === undefined ? zero : settled(equation.q),
    },
    current,
    inner,
  };
}

export const across = ({ plus, minus }: Port): Expr => sub(voltageOf(plus), voltageOf(minus));

/** e − part, where e usually begins with it. */
function without(e: Expr, part: Expr): Expr {
  if (equal(e, part)) return zero;
  if (e.op === 'sub' && equal(e.args[0], part)) return neg(e.args[1]);
  if (e.op === 'add' && equal(e.args[0], part)) return e.args[1];
  return sub(e, part);
}

function equal(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.op === 'const') return b.op === 'const' && a.value === b.value;
  if (a.op === 'sym') return b.op === 'sym' && a.name === b.name;
  return b.op === a.op && b.args.length === a.args.length && a.args.every((x, k) => equal(x, b.args[k]));
}

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

/** @throws InputError */
export function cannot(element: Element, why: string, hint?: string): never {
  throw new InputError([
    {
      severity: 'error',
      code: 'no-dual',
      message: `${element.name} is a ${element.kind}, which has no transposed network here: ${why}`,
      hint: hint ?? 'draw it with resistors, sources, capacitors and behavioural sources',
      ...(element.span ? { span: element.span } : {}),
    },
  ]);
}
