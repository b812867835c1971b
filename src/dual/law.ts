// The law of one element with its numbers: flows between nodes, and at most one branch v(plus) − v(minus) + rest = 0
// that carries a current of its own.
import type { Circuit, Element, Value } from '../circuit/circuit.js';
import { nodeNamer, ownerOf, placeOf } from '../circuit/place.js';
import { type Globals, worth } from '../circuit/values.js';
import type { Law } from '../devices/device.js';
import { kindByName } from '../devices/registry.js';
import { InputError } from '../errors.js';
import { gt, lt, neg, one, select, sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { substituter } from '../expression/substitute.js';
import { across, isZero, type Port, slopes } from './slopes.js';

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
    const place = placeOf(owner, circuit, lookup, {
      inner: innerNode,
      unknown: (name) => symbol(name === 'i' ? `i(${element.name})` : `${name}(${element.name})`),
      input: (name) => symbol(`${INPUT}${name}`),
      parameter: (name) => (name === free ? symbol(`p:${name}`) : undefined),
    });
    const law = kind.law(place);
    // At rest a source has its DC value, and a state of two values the one that its signal calls for.
    const settled = substituter((name) => {
      if (!name.startsWith(INPUT)) return undefined;
      const mode = law.modes?.[name.slice(INPUT.length)];
      return mode === undefined ? place.p('dc') : modeOf(mode);
    });
    const initial = (law.initial ?? []).flatMap(({ of, parameter }) => {
      const [first] = slopes(of);
      const value = place.p(parameter);
      if (value.op !== 'const' || Number.isNaN(value.value)) return [];
      return first !== undefined && 'port' in first.column
        ? [{ port: first.column.port, value: value.value }]
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

const INPUT = 'input:';

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

/** A parameter's value: of the card, the model, or the documentation. */
export const worthOf = (element: Element, circuit: Circuit, name: string): Value =>
  worth(ownerOf(kindByName(element.kind)!, element, circuit), name) ?? Number.NaN;

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
