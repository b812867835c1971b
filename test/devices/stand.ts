// A test stand for laws: every kind in many variants, its parameters bound, its rows as functions of locals.
import type { DeviceKind, Given, Law, Place } from '../../src/devices/device.js';
import { add, constant, mul, neg, sub, symbol, zero } from '../../src/expression/build.js';
import { evaluate } from '../../src/expression/evaluate.js';
import type { Expr } from '../../src/expression/expression.js';

/** Deterministic numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export type Values = Readonly<Record<string, number>>;

const looked = (kind: DeviceKind, written: Values, name: string): number => {
  const fallback = kind.parameters[name]?.default;
  if (written[name] !== undefined) return written[name];
  return typeof fallback === 'string' ? looked(kind, written, fallback) : (fallback ?? Number.NaN);
};

export const given = (kind: DeviceKind, written: Values): Given => ({
  given: (name) => written[name] !== undefined,
  value: (name) => looked(kind, written, name),
});

/** A value of a parameter that its documentation allows. */
function sample(kind: DeviceKind, name: string, random: () => number): number {
  const doc = kind.parameters[name];
  const fallback = looked(kind, {}, name);
  const r = 0.8 + 0.4 * random();
  const value = Number.isFinite(fallback) && fallback !== 0 ? fallback * r : 0.5 * r;
  const top = doc.max ?? Number.POSITIVE_INFINITY;
  const rounded = doc.integer ? Math.round(value) : value;
  return Math.min(top, Math.max(doc.min ?? Number.NEGATIVE_INFINITY, rounded));
}

/** Ways of writing the parameters of a kind that its own check accepts: few, each alone, as many as possible. */
export function writings(kind: DeviceKind): Values[] {
  const random = seeded(7);
  const names = Object.keys(kind.parameters).filter((name) => !kind.card.expressions?.includes(name));
  const complaints = (values: Values): number => kind.check?.(given(kind, values)).length ?? 0;
  const base: Record<string, number> = {};
  for (const name of names) if (kind.parameters[name].required) base[name] = sample(kind, name, random);
  const found: Values[] = [base];
  for (const name of names) found.push({ ...base, [name]: sample(kind, name, random) });
  for (const order of [names, [...names].reverse()]) {
    let values: Values = base;
    for (const name of order) {
      const more = { ...values, [name]: sample(kind, name, random) };
      if (complaints(more) <= complaints(values)) values = more;
    }
    found.push(values);
  }
  return found.filter((values) => complaints(values) === 0);
}

export interface Bench {
  readonly law: Law;
  /** Symbols of the locals: voltages, unknowns, inputs, control currents, references. */
  readonly locals: readonly string[];
  /** Symbols `p:name` of parameters that the law mentions. */
  readonly parameters: readonly string[];
  /** By place or unknown: f and q of its row. */
  readonly rows: ReadonlyMap<string, { readonly f: Expr; readonly q: Expr }>;
  /** Value of a symbol: locals from `at`, parameters as written or by default. */
  lookup(at: Values): (name: string) => number;
  readonly limited: readonly { readonly of: Expr; readonly thermal: Expr; readonly critical: Expr }[];
}

const CELSIUS = 40;
const NOMINAL = 27;

/** `expressions` gives the behavioural expressions; by default some smooth function of two references. */
export function bench(
  kind: DeviceKind,
  written: Values,
  expressions?: Readonly<Record<string, Expr>>,
  temperature: { celsius: number; nominal: number } = { celsius: CELSIUS, nominal: NOMINAL },
): Bench {
  const limited: { of: Expr; thermal: Expr; critical: Expr }[] = [];
  const v = (pin: string): Expr => (pin === '0' ? zero : symbol(`v:${pin}`));
  const smooth = add(
    { op: 'tanh', args: [symbol('r:0')] },
    mul(constant(0.3), mul(symbol('r:0'), symbol('r:1'))),
  );
  const place: Place = {
    variant: kind.variant?.(given(kind, written)) ?? '',
    p: (name) => {
      if (kind.parameters[name] === undefined) throw new Error(`${kind.name} has no parameter ${name}`);
      return symbol(`p:${name}`);
    },
    v: (pin, other) => (other === undefined ? v(pin) : sub(v(pin), v(other))),
    x: (name) => symbol(`x:${name}`),
    input: (name) => symbol(`u:${name}`),
    control: (k) => symbol(`c:${k}`),
    controlParameter: (k, name) => symbol(`p:${k}:${name}`),
    expression: (name) => expressions?.[name] ?? smooth,
    limited(_name, of, options) {
      limited.push({ of, ...options });
      return of;
    },
    time: symbol('time'),
    celsius: symbol('p:@celsius'),
    nominal: symbol('p:@nominal'),
  };
  const law = kind.law(place);
  const rows = new Map<string, { f: Expr; q: Expr }>();
  const put = (row: string, f: Expr, q: Expr): void => {
    const before = rows.get(row) ?? { f: zero, q: zero };
    rows.set(row, { f: add(before.f, f), q: add(before.q, q) });
  };
  for (const { from, to, i = zero, q = zero } of law.flows ?? []) {
    put(`v:${from}`, i, q);
    put(`v:${to}`, neg(i), neg(q));
  }
  for (const { of, f, q = zero } of law.equations ?? []) {
    put(typeof of === 'number' ? `c:${of}` : of in (law.unknowns ?? {}) ? `x:${of}` : `v:${of}`, f, q);
  }
  rows.delete('v:0');
  const mentioned = new Set<string>();
  for (const { f, q } of rows.values()) for (const e of [f, q]) symbolsOf(e, mentioned);
  const declared = [...kind.pins, ...(law.nodes ?? [])].map((name) => `v:${name}`);
  const locals = [
    ...declared,
    ...Object.keys(law.unknowns ?? {}).map((name) => `x:${name}`),
    ...[...mentioned].filter((name) => /^[ucr]:/.test(name)),
  ];
  return {
    law,
    locals,
    parameters: [...mentioned].filter((name) => name.startsWith('p:')),
    rows,
    limited,
    lookup: (at) => (name) => {
      if (at[name] !== undefined) return at[name];
      if (name === 'p:@celsius') return temperature.celsius;
      if (name === 'p:@nominal') return temperature.nominal;
      if (name.startsWith('p:')) {
        const [, first, second] = name.split(':');
        return second === undefined ? looked(kind, written, first) : second === 'm' ? 1 : 0.7 + Number(first);
      }
      throw new Error(`${kind.name} speaks of ${name}, which is not bound`);
    },
  };
}

export function symbolsOf(e: Expr, into: Set<string>): Set<string> {
  if (e.op === 'sym') into.add(e.name);
  else if (e.op !== 'const') for (const a of e.args) symbolsOf(a, into);
  return into;
}

/** All `select` conditions inside, as the difference whose sign decides. */
export function seamsOf(e: Expr, into: Expr[] = []): Expr[] {
  if (e.op === 'const' || e.op === 'sym') return into;
  if (e.op === 'select' && (e.args[0].op === 'lt' || e.args[0].op === 'gt')) {
    into.push(sub(e.args[0].args[0], e.args[0].args[1]));
  }
  for (const a of e.args) seamsOf(a, into);
  return into;
}

/** Random values of the locals, within ±scale. */
export function randomPoint(
  locals: readonly string[],
  random: () => number,
  scale: number,
): Record<string, number> {
  return Object.fromEntries(locals.map((name) => [name, scale * (2 * random() - 1)]));
}

/** Fourth-order central difference of e with respect to one symbol. */
export function difference(e: Expr, name: string, lookup: (name: string) => number): number {
  const x = lookup(name);
  const h = 1e-4 * (name.startsWith('p:') && x !== 0 ? Math.abs(x) : 0.1);
  const f = (d: number): number => evaluate(e, (n) => (n === name ? x + d : lookup(n)));
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}
