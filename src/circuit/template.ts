// What all instances of one kind, variant and expression shape share: the law split into a constant linear
// part, folded once, and a nonlinear rest with its exact partials, evaluated in one loop over all of them.
import type { DeviceKind, Law, Place, Quantity } from '../devices/device.js';
import { add, constant, mul, neg, sub, symbol, zero } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import type { Expr } from '../expression/expression.js';
import { mentions, split } from '../expression/split.js';
import { lifter, substituter } from '../expression/substitute.js';
import { CONSTANT, NOWHERE } from '../math/placement.js';

/** Index of ground among the locals. */
export const GROUND = NOWHERE;

/** A place in x that an instance reads or writes: a pin, its own node or unknown, an input, a control's branch, a reference. */
export interface Local {
  readonly role: 'pin' | 'node' | 'unknown' | 'input' | 'control' | 'reference';
  readonly name: string;
  readonly index: number;
}

/** coefficient·x[local] in row `to` (and with the opposite sign in row `minus`); coefficients are derived parameters. */
export interface LinearTerm {
  readonly matrix: 'G' | 'C';
  readonly plus: number;
  readonly minus: number;
  /** A local, or ONE for the constant column. */
  readonly column: number;
  /** Index among the derived parameters. */
  readonly coefficient: number;
}

/** Column of a constant term. */
export const ONE = CONSTANT;

/** A current or charge that is nonlinear: value, and partials with respect to locals. */
export interface NonlinearTerm {
  readonly plus: number;
  readonly minus: number;
  readonly value: Expr;
  readonly partials: readonly { readonly local: number; readonly value: Expr }[];
  /** Partials with respect to limited junctions, for the linear extension. */
  readonly byJunction: readonly { readonly junction: number; readonly value: Expr }[];
}

export interface Junction {
  readonly name: string;
  readonly plus: number;
  readonly minus: number;
  readonly thermal: number;
  readonly critical: number;
}

/** A signal Σ weight·x[local], weights being derived parameters. */
export type SignalTerms = readonly { readonly local: number; readonly weight: number }[];

export interface Template {
  readonly kind: DeviceKind;
  readonly law: Law;
  readonly locals: readonly Local[];
  readonly ownNodes: readonly string[];
  readonly unknowns: readonly (readonly [string, Quantity])[];
  readonly inputs: readonly string[];
  /** Raw parameter symbols the derived ones are made of: `name`, `#k` (lifted), `@celsius`, `@nominal`, `k:name` of a control. */
  readonly raw: readonly string[];
  /** Functions of raw parameters only (over symbols `p:raw`), computed once per binding. */
  readonly derived: readonly Expr[];
  readonly linear: readonly LinearTerm[];
  readonly currents: readonly NonlinearTerm[];
  readonly charges: readonly NonlinearTerm[];
  readonly junctions: readonly Junction[];
  readonly delays: readonly { input: number; signal: SignalTerms; by: number; initial?: number }[];
  readonly modes: readonly { input: number; signal: SignalTerms; on: number; off: number; initial: number }[];
  readonly initial: readonly { readonly parameter: string; readonly plus: number; readonly minus: number }[];
  /** The static and charge terms of the flow that I(element) reads, when there is no unknown `i`. */
  readonly current?: {
    readonly linear: readonly LinearTerm[];
    readonly i?: NonlinearTerm;
    readonly charge?: number;
  };
  /** An ideal voltage source v(plus) − v(minus) = input: may be eliminated when its end is known. */
  readonly idealSource: boolean;
}

/** The behavioural expressions of one instance with its own numbers lifted out (see shape.ts). */
export type Shapes = Readonly<Record<string, Expr>>;

export function makeTemplate(
  kind: DeviceKind,
  variant: string,
  shapes: Shapes,
  references: number,
): Template {
  const locals: Local[] = [];
  const localByName = new Map<string, number>();
  const declare = (role: Local['role'], symbolName: string, name: string, index: number): void => {
    localByName.set(symbolName, locals.length);
    locals.push({ role, name, index });
  };
  kind.pins.forEach((pin, k) => {
    declare('pin', `v:${pin}`, pin, k);
  });
  const junctionDefinitions = new Map<string, { of: Expr; thermal: Expr; critical: Expr }>();
  const controls = new Set<number>();
  const place = makePlace(variant, shapes, junctionDefinitions, controls);
  const law = kind.law(place);
  law.nodes?.forEach((node, k) => {
    declare('node', `v:${node}`, node, k);
  });
  Object.keys(law.unknowns ?? {}).forEach((unknown, k) => {
    declare('unknown', `x:${unknown}`, unknown, k);
  });
  const inputs = [law.source, ...Object.keys(law.delays ?? {}), ...Object.keys(law.modes ?? {})].filter(
    (n) => n !== undefined,
  );
  inputs.forEach((input, k) => {
    declare('input', `u:${input}`, input, k);
  });
  for (const e of law.equations ?? []) if (typeof e.of === 'number') controls.add(e.of);
  for (const k of [...controls].sort((a, b) => a - b)) declare('control', `c:${k}`, `${k}`, k);
  for (let k = 0; k < references; k++) declare('reference', `r:${k}`, `${k}`, k);

  const local = (symbolName: string): number => {
    if (symbolName === 'v:0') return GROUND;
    const found = localByName.get(symbolName);
    if (found === undefined)
      throw new Error(`device ${kind.name} speaks of ${symbolName}, which it does not declare`);
    return found;
  };
  const isLocal = (name: string): boolean => localByName.has(name);
  const varies = mentions((name) => isLocal(name) || name.startsWith('l:') || name === 'time');

  const raw: string[] = [];
  const derived: Expr[] = [];
  const derivedByExpr = new Map<Expr, number>();
  const derivedByName = new Map<string, number>();
  const note = mentions((name) => {
    if (name.startsWith('p:') && !raw.includes(name.slice(2))) raw.push(name.slice(2));
    return false;
  });
  const written = substituter((name) => (name.startsWith('d:') ? derived[Number(name.slice(2))] : undefined));
  const derive = (e: Expr): number => {
    const known = e.op === 'sym' ? derivedByName.get(e.name) : derivedByExpr.get(e);
    if (known !== undefined) return known;
    const overRaw = written(e);
    note(overRaw);
    derived.push(overRaw);
    if (e.op === 'sym') derivedByName.set(e.name, derived.length - 1);
    derivedByExpr.set(e, derived.length - 1);
    return derived.length - 1;
  };
  const lift = lifter(
    (e) => !varies(e),
    (e) => (e.op === 'sym' && e.name.startsWith('d:') ? e : symbol(`d:${derive(e)}`)),
  );

  const junctions: Junction[] = [];
  const junctionNames = [...junctionDefinitions.keys()];
  for (const [name, { of, thermal, critical }] of junctionDefinitions) {
    const [plus, minus] = difference(of, local);
    junctions.push({ name, plus, minus, thermal: derive(thermal), critical: derive(critical) });
  }

  const linear: LinearTerm[] = [];
  const currents: NonlinearTerm[] = [];
  const charges: NonlinearTerm[] = [];
  const nonlinear = (value: Expr, plus: number, minus: number): NonlinearTerm => {
    const lifted = lift(value);
    const byLocal = new Map<number, Expr>();
    const accumulate = (k: number, e: Expr): void => {
      if (k !== GROUND && !(e.op === 'const' && e.value === 0))
        byLocal.set(k, add(byLocal.get(k) ?? zero, e));
    };
    locals.forEach((_, k) => {
      const name = symbolOf(locals[k]);
      accumulate(k, differentiator(name)(lifted));
    });
    const byJunction: { junction: number; value: Expr }[] = [];
    junctions.forEach((j, k) => {
      const slope = differentiator(`l:${junctionNames[k]}`)(lifted);
      if (slope.op === 'const' && slope.value === 0) return;
      byJunction.push({ junction: k, value: slope });
      accumulate(j.plus, slope);
      accumulate(j.minus, neg(slope));
    });
    const partials = [...byLocal].map(([k, e]) => ({ local: k, value: lift(e) }));
    return {
      value: lifted,
      plus,
      minus,
      partials,
      byJunction: byJunction.map((b) => ({ ...b, value: lift(b.value) })),
    };
  };
  const place_ = (e: Expr | undefined, matrix: 'G' | 'C', plus: number, minus: number): LinearTerm[] => {
    if (e === undefined) return [];
    const parts = split(e, isLocal, varies);
    const mine: LinearTerm[] = [];
    for (const [name, coefficient] of parts.linear) {
      mine.push({ matrix, plus, minus, column: local(name), coefficient: derive(coefficient) });
    }
    if (matrix === 'G' && !(parts.constant.op === 'const' && parts.constant.value === 0)) {
      mine.push({ matrix, plus, minus, column: ONE, coefficient: derive(parts.constant) });
    }
    linear.push(...mine);
    if (!(parts.rest.op === 'const' && parts.rest.value === 0)) {
      (matrix === 'G' ? currents : charges).push(nonlinear(parts.rest, plus, minus));
    }
    return mine;
  };

  let current: Template['current'];
  law.flows?.forEach((flow, k) => {
    const [plus, minus] = [local(`v:${flow.from}`), local(`v:${flow.to}`)];
    const before = [currents.length, charges.length];
    const terms = [...place_(flow.i, 'G', plus, minus), ...place_(flow.q, 'C', plus, minus)];
    if (k === (law.current ?? 0)) {
      current = {
        linear: terms,
        ...(currents.length > before[0] ? { i: currents[before[0]] } : {}),
        ...(charges.length > before[1] ? { charge: before[1] } : {}),
      };
    }
  });
  for (const equation of law.equations ?? []) {
    const row = local(typeof equation.of === 'number' ? `c:${equation.of}` : ownRow(equation.of, law));
    place_(equation.f, 'G', row, GROUND);
    place_(equation.q, 'C', row, GROUND);
  }

  const signal = (e: Expr): SignalTerms => {
    const parts = split(e, isLocal, varies);
    return [...parts.linear].map(([name, weight]) => ({ local: local(name), weight: derive(weight) }));
  };
  const delays = Object.entries(law.delays ?? {}).map(([name, d]) => ({
    input: local(`u:${name}`),
    signal: signal(d.of),
    by: derive(d.by),
    ...(d.initial ? { initial: derive(d.initial) } : {}),
  }));
  const modes = Object.entries(law.modes ?? {}).map(([name, m]) => ({
    input: local(`u:${name}`),
    signal: signal(m.signal),
    on: derive(m.on),
    off: derive(m.off),
    initial: derive(m.initial),
  }));
  const initial = (law.initial ?? []).map(({ of, parameter }) => {
    const [plus, minus] = difference(of, local);
    return { parameter, plus, minus };
  });
  const idealSource =
    law.source !== undefined &&
    'i' in (law.unknowns ?? {}) &&
    currents.length === 0 &&
    charges.length === 0 &&
    kind.pins.length === 2;
  return {
    kind,
    law,
    locals,
    ownNodes: law.nodes ?? [],
    unknowns: Object.entries(law.unknowns ?? {}),
    inputs,
    raw,
    derived,
    linear,
    currents,
    charges,
    junctions,
    delays,
    modes,
    initial,
    idealSource,
    ...(current ? { current } : {}),
  };
}

export function symbolOf(l: Local): string {
  const prefix = { pin: 'v', node: 'v', unknown: 'x', input: 'u', control: 'c', reference: 'r' }[l.role];
  return `${prefix}:${l.name}`;
}

/** An equation belongs to an unknown, or (by the same name) to an internal node. */
function ownRow(of: string, law: Law): string {
  return of in (law.unknowns ?? {}) ? `x:${of}` : `v:${of}`;
}

/** v(a) − v(b), v(a) or an unknown, as two locals. */
function difference(e: Expr, local: (symbolName: string) => number): [number, number] {
  if (e.op === 'sym') return [local(e.name), GROUND];
  if (e.op === 'sub' && e.args[0].op === 'sym' && e.args[1].op === 'sym')
    return [local(e.args[0].name), local(e.args[1].name)];
  if (e.op === 'neg' && e.args[0].op === 'sym') return [GROUND, local(e.args[0].name)];
  throw new Error('a junction or initial value must be an unknown or a difference of two voltages');
}

function makePlace(
  variant: string,
  shapes: Shapes,
  junctions: Map<string, { of: Expr; thermal: Expr; critical: Expr }>,
  controls: Set<number>,
): Place {
  const voltage = (pin: string): Expr => (pin === '0' ? constant(0) : symbol(`v:${pin}`));
  return {
    variant,
    p: (name) => symbol(`p:${name}`),
    v: (pin, other) => (other === undefined ? voltage(pin) : sub(voltage(pin), voltage(other))),
    x: (name) => symbol(`x:${name}`),
    input: (name) => symbol(`u:${name}`),
    control(k) {
      controls.add(k);
      return symbol(`c:${k}`);
    },
    controlParameter: (k, name) => symbol(`p:${k}:${name}`),
    expression: (name) => shapes[name] ?? zero,
    limited(name, of, { thermal, critical }) {
      junctions.set(name, { of, thermal, critical });
      return symbol(`l:${name}`);
    },
    time: symbol('time'),
    celsius: symbol('p:@celsius'),
    nominal: symbol('p:@nominal'),
  };
}

/** Expression of a junction voltage over the locals' symbols. */
export function junctionVoltage(t: Template, j: Junction): Expr {
  const at = (k: number): Expr => (k === GROUND ? zero : symbol(symbolOf(t.locals[k])));
  return sub(at(j.plus), at(j.minus));
}

/** Replaces limited junctions by what they stand for. */
export function unlimited(t: Template): (e: Expr) => Expr {
  const byName = new Map(t.junctions.map((j) => [`l:${j.name}`, junctionVoltage(t, j)]));
  return substituter((name) => byName.get(name));
}

/** value + Σ ∂value/∂junction·(actual − limited): the law extended linearly from the limited voltages. */
export function extended(t: Template, term: NonlinearTerm): Expr {
  return term.byJunction.reduce((sum, { junction, value }) => {
    const j = t.junctions[junction];
    return add(sum, mul(value, sub(junctionVoltage(t, j), symbol(`l:${j.name}`))));
  }, term.value);
}
