// Any law as cards that ngspice knows: a static flow is a B source, a linear charge a capacitor, any other charge
// a voltage across a capacitor whose current is mirrored, and an unknown a node of its own.

import type { Circuit, Element } from '../circuit/circuit.js';
import { type Globals, given, type Owner } from '../circuit/values.js';
import type { DeviceKind, Given, Place } from '../devices/device.js';
import { type Diagnostic, InputError } from '../errors.js';
import { constant, neg, sub, symbol, zero } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import { evaluate } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { toSpice } from '../expression/print.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';

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
  const model = element.model === undefined ? undefined : around.circuit.models.get(element.model);
  const p = given({ kind, element, model, binding: {} } satisfies Owner, around.lookup);
  const law = kind.law(numericPlace(kind, element, p, around));
  if (law.source !== undefined || law.delays !== undefined || law.modes !== undefined) {
    throw new InputError([cannot(element, `a ${kind.name}`)]);
  }
  const node = (name: string): string => {
    if (name === '0') return '0';
    const pin = kind.pins.indexOf(name);
    return pin < 0 ? around.inner(element.name, name) : element.nodes[pin];
  };
  const cards: string[] = [];
  const starts = new Map<string, number>();
  for (const { of, parameter } of law.initial ?? []) {
    if (p.given(parameter))
      starts.set(
        toSpice(of, (name) => name),
        p.value(parameter),
      );
  }
  const print = (e: Expr): string => toSpice(e, spelled(node, element, around));
  let parts = 0;
  const label = (letter: string): string => `${letter}${parts === 0 ? '' : `${parts}`}_${element.name}`;

  const place = (from: string, to: string, i: Expr | undefined, q: Expr | undefined): void => {
    if (i !== undefined && !(i.op === 'const' && i.value === 0))
      cards.push(`${label('b')} ${from} ${to} I=${print(i)}`);
    if (q !== undefined && !(q.op === 'const' && q.value === 0)) cards.push(...charge(from, to, q));
    parts++;
  };

  /** q across from–to: a capacitor where it is one, else the mirrored current of a capacitor that holds q/scale volts. */
  const charge = (from: string, to: string, q: Expr): string[] => {
    const slopes = [...symbolsOf(q)].map((name) => ({ name, slope: differentiator(name)(q) }));
    const own = slopes.filter(({ name }) => node(name.slice(2)) === from || node(name.slice(2)) === to);
    const linear = slopes.every(({ slope }) => slope.op === 'const') && own.length === slopes.length;
    if (linear) {
      const value = (at: string): number =>
        slopes.reduce(
          (sum, { name, slope }) =>
            sum + (node(name.slice(2)) === at && slope.op === 'const' ? slope.value : 0),
          0,
        );
      const capacitance = from === '0' ? -value(to) : value(from);
      if (capacitance > 0 && (from === '0' || to === '0' || value(to) === -capacitance)) {
        const start = startOf(
          slopes.map(({ name }) => name),
          from,
        );
        return [`${label('c')} ${from} ${to} ${capacitance}${start === undefined ? '' : ` ic=${start}`}`];
      }
    }
    const at = (name: string): number => (starts.has(name) ? starts.get(name)! : 0);
    const size = slopes.reduce((sum, { slope }) => sum + Math.abs(evaluate(slope, at)), 0);
    const scale = Number.isFinite(size) && size > 0 ? size : 1;
    const [held, sense] = [around.inner(element.name, `q${parts}`), around.inner(element.name, `r${parts}`)];
    const ic =
      starts.size > 0 ? ` ic=${evaluate(q, initialValue(slopes.map(({ name }) => name))) / scale}` : '';
    return [
      `${label('bq')} ${held} 0 V=(${print(q)})/${scale}`,
      `${label('vq')} ${held} ${sense} 0`,
      `${label('cq')} ${sense} 0 ${scale}${ic}`,
      `${label('fq')} ${from} ${to} ${label('vq')} 1`,
    ];
  };

  /** The written voltage across a capacitor's pins, in the direction from → to. */
  const startOf = (names: readonly string[], from: string): number | undefined => {
    const [a, b] = names;
    for (const [text, value] of starts) {
      if (text === a || text === `${a}-${b}`) return node(a.slice(2)) === from ? value : -value;
      if (text === `${b}-${a}`) return node(b.slice(2)) === from ? value : -value;
    }
    return undefined;
  };

  /** Values of the law's symbols that agree with what was written: v(a) − v(b) = start with v(b) = 0. */
  const initialValue =
    (names: readonly string[]) =>
    (name: string): number => {
      for (const [text, value] of starts) {
        if (text === name || names.some((other) => text === `${name}-${other}`)) return value;
      }
      return 0;
    };

  for (const flow of law.flows ?? []) place(node(flow.from), node(flow.to), flow.i, flow.q);
  for (const row of law.equations ?? []) {
    if (typeof row.of === 'number') throw new InputError([cannot(element, `a ${kind.name}`)]);
    const own = differentiator(`${row.of in (law.unknowns ?? {}) ? 'x' : 'v'}:${row.of}`);
    const slope = row.q === undefined ? zero : own(row.q);
    const turned = slope.op === 'const' && slope.value < 0;
    const q = row.q === undefined || !turned ? row.q : neg(row.q);
    place(node(row.of), '0', turned ? neg(row.f) : row.f, q);
  }
  return cards;
}

function cannot(element: Element, what: string): Diagnostic {
  return {
    severity: 'error',
    code: 'not-writable',
    message: `${element.name} is ${what}, for which ngspice has no equivalent`,
    hint: 'leave it out of the deck, or draw it with elements that ngspice has',
    ...(element.span ? { span: element.span } : {}),
  };
}

/** v:pin, x:unknown and behavioural v(node), i(element), as ngspice spells them. */
function spelled(
  node: (name: string) => string,
  element: Element,
  around: Surroundings,
): (name: string) => string {
  return (name) => {
    if (name === 'time') return name;
    if (name.startsWith('v:')) return `v(${node(name.slice(2))})`;
    if (name.startsWith('x:')) return `v(${around.inner(element.name, name.slice(2))})`;
    if (name.startsWith('i(')) return around.current(name.slice(2, -1));
    return name;
  };
}

function symbolsOf(e: Expr): Set<string> {
  const found = new Set<string>();
  mentions((name) => {
    found.add(name);
    return false;
  })(e);
  return found;
}

/** Parameters as numbers, so that everything constant folds away. */
function numericPlace(
  kind: DeviceKind,
  element: Element,
  p: Given,
  { circuit, lookup }: Surroundings,
): Place {
  const value = (name: string, otherwise: number): number => {
    const x = p.value(name);
    return Number.isNaN(x) ? otherwise : x;
  };
  const voltage = (pin: string): Expr => (pin === '0' ? zero : symbol(`v:${pin}`));
  const numeric = substituter((name) =>
    name === 'time' || name.includes('(') ? undefined : constant(lookup(name)),
  );
  return {
    variant: kind.variant?.(p) ?? '',
    p: (name) => constant(p.value(name)),
    v: (pin, other) => (other === undefined ? voltage(pin) : sub(voltage(pin), voltage(other))),
    x: (name) => symbol(`x:${name}`),
    input: () => zero,
    control: (k) => symbol(`i(${element.controls?.[k]})`),
    controlParameter: () => constant(Number.NaN),
    expression: (name) => numeric(element.expressions?.[name] ?? zero),
    limited: (_name, of) => of,
    time: symbol('time'),
    celsius: constant(value('temp', circuit.temperature + value('dtemp', 0))),
    nominal: constant(value('tnom', circuit.nominalTemperature)),
  };
}
