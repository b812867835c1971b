// Any law as cards that ngspice knows: a static flow is a B source, a linear charge a capacitor, any other charge
// a voltage across a capacitor whose current is mirrored, and an unknown a node of its own.

import type { Circuit, Element } from '../circuit/circuit.js';
import { nodeNamer, ownerOf, placeOf, voltageOf } from '../circuit/place.js';
import { type Globals, given } from '../circuit/values.js';
import type { DeviceKind } from '../devices/device.js';
import { type Diagnostic, InputError } from '../errors.js';
import { neg } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { mentions } from '../expression/split.js';

/** What the printer of one element needs to know of the deck around it. */
export interface Surroundings {
  readonly circuit: Circuit;
  readonly lookup: Globals;
  /** How `i(element)` is written where `element` may itself have become several cards. */
  current(element: string): string;
  /** Node of an element's own unknown or inner node. */
  inner(element: string, name: string): string;
}

/** Cards that together obey the element's law. @throws InputError when ngspice has no such thing (a delay, a switch). */
export function lawCards(kind: DeviceKind, element: Element, around: Surroundings): string[] {
  const owner = ownerOf(kind, element, around.circuit);
  const p = given(owner, around.lookup);
  const inner = (name: string): string => around.inner(element.name, name);
  const node = nodeNamer(owner, inner);
  // Pins, inner nodes and unknowns are all node voltages.
  const unknown = (name: string): Expr => voltageOf(node(name));
  const law = kind.law(placeOf(owner, around.circuit, around.lookup, { inner, unknown }));
  if (law.source !== undefined || law.delays !== undefined || law.modes !== undefined) cannot(kind, element);
  const print = (e: Expr): string =>
    toSpice(e, (name) => (name.startsWith('i(') ? around.current(name.slice(2, -1)) : name));
  const starts = (law.initial ?? []).flatMap(({ of, parameter }) =>
    p.given(parameter) ? [{ slopes: slopesOf(of), value: p.value(parameter) }] : [],
  );
  const cards: string[] = [];
  let parts = 0;

  const place = (from: string, to: string, i: Expr | undefined, q: Expr | undefined): void => {
    const tag = `${parts === 0 ? '' : parts}_${element.name}`;
    if (!isZero(i)) cards.push(`b${tag} ${from} ${to} I=${print(i)}`);
    if (!isZero(q)) cards.push(...charge(tag, from, to, q));
    parts++;
  };

  /** q across from–to: a capacitor where it is one, else the mirrored current of a capacitor that holds q/scale volts. */
  const charge = (tag: string, from: string, to: string, q: Expr): string[] => {
    const slopes = slopesOf(q);
    const capacitance = capacitanceOf(slopes, from, to);
    if (capacitance !== undefined) {
      const start = starts.find((s) => capacitanceOf(s.slopes, from, to) === 1);
      return [`c${tag} ${from} ${to} ${capacitance}${start ? ` ic=${start.value}` : ''}`];
    }
    const at = (name: string): number => {
      const start = starts.find((s) => s.slopes.has(name));
      const slope = start?.slopes.get(name);
      const others = start && [...start.slopes.keys()].indexOf(name) > 0;
      return start && slope?.op === 'const' && !others ? start.value * slope.value : 0;
    };
    const size = (where: (name: string) => number): number =>
      [...slopes.values()].reduce((sum, slope) => sum + Math.abs(evaluate(slope, where)), 0);
    const scale = [size(at), size(() => 1)].find((x) => Number.isFinite(x) && x > 0) ?? 1;
    const [held, sense] = [around.inner(element.name, `q${parts}`), around.inner(element.name, `r${parts}`)];
    const ic = starts.length > 0 ? ` ic=${evaluate(q, at) / scale}` : '';
    return [
      `bq${tag} ${held} 0 V=(${print(q)})/${scale}`,
      `vq${tag} ${held} ${sense} 0`,
      `cq${tag} ${sense} 0 ${scale}${ic}`,
      `fq${tag} ${from} ${to} vq${tag} 1`,
    ];
  };

  for (const flow of law.flows ?? []) place(node(flow.from), node(flow.to), flow.i, flow.q);
  for (const row of law.equations ?? []) {
    if (typeof row.of === 'number') return cannot(kind, element);
    const own = node(row.of);
    const slope = row.q === undefined ? undefined : slopesOf(row.q).get(`v(${own})`);
    const turned = slope?.op === 'const' && slope.value < 0;
    place(own, '0', turned ? neg(row.f) : row.f, turned && row.q ? neg(row.q) : row.q);
  }
  return cards;
}

const isZero = (e: Expr | undefined): e is undefined =>
  e === undefined || (e.op === 'const' && e.value === 0);

/** ∂e/∂symbol by symbol, those that vanish left out. */
function slopesOf(e: Expr): Map<string, Expr> {
  const slopes = new Map<string, Expr>();
  mentions((name) => {
    if (!slopes.has(name)) slopes.set(name, differentiator(name)(e));
    return false;
  })(e);
  return new Map([...slopes].filter(([, slope]) => !isZero(slope)));
}

/** c > 0 when the slopes are those of c·(v(from) − v(to)). */
function capacitanceOf(slopes: ReadonlyMap<string, Expr>, from: string, to: string): number | undefined {
  const at = (node: string): number | undefined => {
    const slope = slopes.get(`v(${node})`);
    return slope?.op === 'const' ? slope.value : undefined;
  };
  const ends = [from, to].filter((n) => n !== '0');
  if (slopes.size !== ends.length) return undefined;
  const c = from === '0' ? -(at(to) ?? Number.NaN) : (at(from) ?? Number.NaN);
  return c > 0 && (from === '0' || to === '0' || at(to) === -c) ? c : undefined;
}

function cannot(kind: DeviceKind, element: Element): never {
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'not-writable',
    message: `${element.name} is a ${kind.name}, for which ngspice has no equivalent`,
    hint: "leave it out, draw it with elements that ngspice has, or write with dialect 'tellegen'",
    ...(element.span ? { span: element.span } : {}),
  };
  throw new InputError([diagnostic]);
}
