// The dyadic form: two copies x and z of the circuit, both at the midpoint m = (x+z)/2, strained apart by the stress
// s = x − z (S. Scurria, arXiv 2602.02281):  C dx/dt = −f(m) − ½Gᵀ(m)s + ½∇c,  C dz/dt = −f(m) + ½Gᵀ(m)s − ½∇c.
// What is linear and reciprocal stands in each copy as it is, for f(m) ± ½Gs is f of that copy.
import type { Circuit, Element } from '../circuit/circuit.js';
import { voltageOf } from '../circuit/place.js';
import { add, constant, div, half, mul, neg, sub, sum, symbol } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { substituter } from '../expression/substitute.js';
import type { Pair } from './adjoint.js';
import type { Branch, LawReader } from './law.js';
import { switches, twins } from './network.js';
import { type Column, factorOf, isZero, type Port, samePort, scaleOf, slopes } from './slopes.js';
import { charge, current, voltage, workshop } from './workshop.js';

const copies = [
  { tag: 'x', sign: constant(0.5) },
  { tag: 'z', sign: constant(-0.5) },
] as const;

/** Stand in each copy as they are. */
const faithful: ReadonlySet<string> = new Set([...twins, 'voltage-source', 'current-source']);

type Row = { readonly port: Port } | { readonly branch: string } | 'cost';

export function dyadicPair(circuit: Circuit, read: LawReader, cost: Expr): Pair {
  const shop = workshop(circuit.elements, []);
  const inCopy = new Map<string, readonly [string, string]>();
  const stress = new Map<string, string>();
  const node = (name: string, k: number): string => {
    if (name === '0') return '0';
    let pair = inCopy.get(name);
    if (pair === undefined) {
      pair = [shop.nodeName(`${name}_x`), shop.nodeName(`${name}_z`)];
      inCopy.set(name, pair);
      stress.set(name, shop.nodeName(`${name}_s`));
    }
    return pair[k];
  };
  const ends = ({ plus, minus }: Port, k: number): [string, string] => [node(plus, k), node(minus, k)];
  const names = new Map<string, readonly string[]>();
  for (const element of circuit.elements) {
    if (element.kind === 'line' || element.kind === 'mutual-inductance') continue;
    if (read(element).branch === undefined) continue;
    const kind = faithful.has(element.kind) ? element.kind : 'behavioural-voltage';
    names.set(
      element.name,
      copies.map(({ tag }) => shop.elementName(kind, `${element.name}_${tag}`)),
    );
  }
  const branch = (element: string): [Expr, Expr] => {
    const [x, z] = names.get(element)!;
    return [symbol(`i(${x})`), symbol(`i(${z})`)];
  };
  /** Currents at the midpoint; its voltages are those of nodes with the original's names. */
  const state = substituter((name) =>
    name.startsWith('i(') && names.has(name.slice(2, -1))
      ? half(add(...branch(name.slice(2, -1))))
      : undefined,
  );
  const stressOf = (name: string): Expr => {
    node(name, 0);
    return voltageOf(name === '0' ? '0' : stress.get(name)!);
  };
  const strain = (row: Row): Expr => {
    if (row === 'cost') return constant(-1);
    if ('branch' in row) return sub(...branch(row.branch));
    return sub(stressOf(row.port.plus), stressOf(row.port.minus));
  };

  // Row by row what Gᵀs and Cᵀds/dt bring: at ports a current, in branches a voltage.
  const atPorts: { readonly base: string; readonly port: Port; readonly e: Expr }[] = [];
  const inBranches = new Map<string, Expr>();
  const bring = (base: string, column: Column, e: Expr): void => {
    if ('port' in column) atPorts.push({ base, port: column.port, e });
    else inBranches.set(column.branch, sum(inBranches.get(column.branch) ?? constant(0), e));
  };
  const transposed = (base: string, row: Row, e: Expr, own?: Port): Expr => {
    let mine: Expr = constant(0);
    for (const { column, value } of slopes(e, own)) {
      const part = mul(state(value), strain(row));
      const isOwn = row !== 'cost' && 'port' in row && 'port' in column && samePort(column.port, row.port);
      if (isOwn) mine = add(mine, part);
      else bring(base, column, part);
    }
    return mine;
  };
  const transposedCharge = (base: string, row: Exclude<Row, 'cost'>, q: Expr, own: Port): void => {
    for (const { column, value } of slopes(q, own)) {
      const scale = scaleOf(value);
      const rate = shop.rate(strain(row), scale, base);
      bring(base, column, mul(div(state(value), constant(scale)), rate));
    }
  };
  /** What is in series with a branch in both copies alike: rest + dq/dt at the midpoint. */
  const common = new Map<string, Expr>();

  const flowsOf = (element: Element): void => {
    const { name, kind } = element;
    if (faithful.has(kind) || switches.has(kind)) return;
    const { flows, branch: own, initial } = read(element);
    for (const { port, i, q } of flows) {
      const conductance = factorOf(i, port);
      const strained = conductance === undefined ? transposed(name, { port }, i, port) : constant(0);
      const capacitance = factorOf(q, port);
      const start = initial.find((s) => samePort(s.port, port));
      copies.forEach(({ tag, sign }, k) => {
        const [at, base] = [ends(port, k), `${name}_${tag}`];
        const whole = add(state(i), mul(sign, strained));
        if (conductance !== undefined) shop.add('resistor', base, at, { values: { r: 1 / conductance } });
        else if (!isZero(whole)) shop.add('behavioural-current', base, at, current(whole));
        const ic = start === undefined ? {} : { ic: start.value };
        if (capacitance !== undefined) shop.add('capacitor', base, at, { values: { c: capacitance, ...ic } });
        else if (!isZero(q)) shop.add('charge-capacitor', base, at, { ...charge(state(q)), values: ic });
      });
      if (capacitance === undefined) transposedCharge(name, { port }, q, port);
    }
    if (own === undefined) return;
    const [slope] = slopes(own.q, own.port);
    if (slope === undefined) common.set(name, state(own.rest));
    else {
      const scale = scaleOf(slope.value);
      common.set(name, add(state(own.rest), shop.rate(div(state(own.q), constant(scale)), scale, name)));
      transposedCharge(name, { branch: name }, own.q, own.port);
    }
    transposed(name, { branch: name }, own.rest, own.port);
  };

  const midCurrent = (control: string): string => {
    const held = shop.nodeName(`${control}_mid`);
    shop.add('behavioural-current', `${control}_mid`, ['0', held], current(state(symbol(`i(${control})`))));
    return shop.add('voltage-source', `${control}_mid`, [held, '0'], { values: { dc: 0 } });
  };

  const stand = (element: Element): void => {
    const { kind, name, nodes } = element;
    const controls = switches.has(kind) ? element.controls?.map(midCurrent) : undefined;
    copies.forEach(({ tag, sign }, k) => {
      const base = `${name}_${tag}`;
      const { kind: _kind, name: _name, nodes: _nodes, span: _span, ...card } = element;
      const called = names.get(name)?.[k];
      if (switches.has(kind)) {
        const pins = [...nodes.slice(0, 2).map((n) => node(n, k)), ...nodes.slice(2)];
        shop.add(kind, base, pins, { ...card, ...(controls ? { controls } : {}) });
      } else if (kind === 'mutual-inductance') {
        shop.add(kind, base, [], { ...card, controls: element.controls!.map((l) => names.get(l)![k]) });
      } else if (called === undefined) {
        if (faithful.has(kind))
          shop.add(
            kind,
            base,
            nodes.map((n) => node(n, k)),
            card,
          );
      } else {
        const { port } = read(element).branch as Branch;
        const drop = mul(sign, inBranches.get(name) ?? constant(0));
        if (!faithful.has(kind)) {
          shop.put('behavioural-voltage', called, ends(port, k), voltage(neg(add(common.get(name)!, drop))));
          return;
        }
        const pins = nodes.map((n) => node(n, k));
        if (isZero(drop)) {
          shop.put(kind, called, pins, card);
          return;
        }
        const foot = shop.nodeName(`${base}_foot`);
        shop.put(kind, called, pins.with(1, foot), card);
        shop.add('behavioural-voltage', base, [foot, pins[1]], voltage(neg(drop)));
      }
    });
  };

  transposed('cost', 'cost', cost);
  for (const element of circuit.elements) flowsOf(element);
  for (const element of circuit.elements) stand(element);
  for (const { base, port, e } of atPorts)
    copies.forEach(({ tag, sign }, k) => {
      shop.add('behavioural-current', `${base}_${tag}`, ends(port, k), current(mul(sign, e)));
    });
  for (const [name, [x, z]] of inCopy) {
    const [vx, vz] = [voltageOf(x), voltageOf(z)];
    shop.add('behavioural-voltage', `${name}_mid`, [name, '0'], voltage(half(add(vx, vz))));
    shop.add('behavioural-voltage', `${name}_s`, [stress.get(name)!, '0'], voltage(sub(vx, vz)));
  }
  return {
    shop,
    state,
    nodes: stress,
    costate: {
      node: (name) => neg(stressOf(name)),
      branch: (element) => neg(sub(...branch(element))),
    },
    copies: inCopy,
  };
}
