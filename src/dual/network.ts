// The transposed network: where row R of the circuit holds a·x_X, row X of the other holds a·λ_R. The table of
// Director and Rohrer (IEEE Trans. Circuit Theory CT-16 (1969) 318–323) is what comes of it: a transconductance
// exchanges its ports, a voltage gain μ becomes a current gain −μ, a current gain α a voltage gain −α.
import type { Circuit, Element } from '../circuit/circuit.js';
import { voltageOf } from '../circuit/place.js';
import { type Globals, number } from '../circuit/values.js';
import { constant, div, mul, neg, sub, sum, symbol } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { cannot, type LawReader, worthOf } from './law.js';
import { type Column, isZero, type Port, samePort, scaleOf, slopes } from './slopes.js';
import { charge, current, voltage, type Workshop } from './workshop.js';

/** Reciprocal and linear: the transposed element is the element. */
export const twins: ReadonlySet<string> = new Set([
  'resistor',
  'capacitor',
  'inductor',
  'mutual-inductance',
  'transformer',
  'line',
]);
export const switches: ReadonlySet<string> = new Set(['voltage-switch', 'current-switch']);

/** Where the co-state of a circuit can be read in its transposed network. */
export interface Costate {
  /** λ of a node's row: a node voltage. */
  node(name: string): Expr;
  /** λ of an element's branch row: a branch current. */
  branch(element: string): Expr;
}

export interface NetworkRequest {
  readonly circuit: Circuit;
  readonly lookup: Globals;
  readonly read: LawReader;
  readonly shop: Workshop;
  /** The transposed network's name for a node. */
  node(name: string): string;
  /** And what its element is to be called. */
  label(element: string): string;
  /** Its drive: a row whose co-state is 1. */
  readonly cost?: Expr;
  /** Whether coefficients may move: then elements read the voltages of the original. */
  readonly beside: boolean;
}

/**
 * Puts the transposed network into the workshop.
 * @throws InputError for an element that has none; without the original `beside`, also for one that is not linear
 */
export function transposedNetwork(request: NetworkRequest): Costate {
  const { circuit, lookup, read, shop, label, beside } = request;
  const node = (name: string): string => (name === '0' ? '0' : request.node(name));
  const ends = ({ plus, minus }: Port): [string, string] => [node(plus), node(minus)];
  const over = (port: Port): Expr => sub(voltageOf(node(port.plus)), voltageOf(node(port.minus)));

  const branches = new Map<string, string>();
  for (const element of circuit.elements) {
    if (element.kind === 'line' || element.kind === 'mutual-inductance') continue;
    if (read(element).branch === undefined) continue;
    const kind = twins.has(element.kind) ? element.kind : 'voltage-source';
    branches.set(element.name, shop.elementName(kind, label(element.name)));
  }
  const costate: Costate = {
    node: (name) => voltageOf(node(name)),
    branch: (element) => symbol(`i(${branches.get(element)!})`),
  };

  /** What stands in series with a branch: per branch, the makers of voltages that lie between two nodes. */
  const series = new Map<string, { sources: ((a: string, b: string) => void)[]; drops: Expr[] }>();
  const seriesOf = (name: string): { sources: ((a: string, b: string) => void)[]; drops: Expr[] } => {
    let own = series.get(name);
    if (own === undefined) series.set(name, (own = { sources: [], drops: [] }));
    return own;
  };

  /** a·dλ/dt */
  const rated = (a: Expr, lambda: Expr, base: string): Expr => {
    const scale = scaleOf(a);
    return mul(div(a, constant(scale)), shop.rate(lambda, scale, base));
  };

  type Row = { readonly port: Port } | { readonly branch: string } | undefined;
  const lambdaOf = (row: Row): Expr =>
    row === undefined ? constant(1) : 'port' in row ? over(row.port) : costate.branch(row.branch);

  const place = (element: Element | undefined, row: Row, column: Column, a: Expr): void => {
    const base = label(element?.name ?? 'cost');
    if (a.op !== 'const' && !beside && element) notLinear(element);
    if ('port' in column) {
      const at = ends(column.port);
      if (a.op !== 'const' || row === undefined)
        shop.add('behavioural-current', base, at, current(mul(a, lambdaOf(row))));
      else if ('branch' in row)
        shop.add('cccs', base, at, { controls: [branches.get(row.branch)!], values: { gain: a.value } });
      else if (samePort(row.port, column.port))
        shop.add('resistor', base, at, { values: { r: 1 / a.value } });
      else shop.add('vccs', base, [...at, ...ends(row.port)], { values: { gain: a.value } });
      return;
    }
    const { sources, drops } = seriesOf(column.branch);
    if (a.op !== 'const' || row === undefined) drops.push(mul(a, lambdaOf(row)));
    else if ('branch' in row)
      sources.push((plus, minus) => {
        const card = { controls: [branches.get(row.branch)!], values: { gain: -a.value } };
        shop.add('ccvs', base, [plus, minus], card);
      });
    else
      sources.push((plus, minus) => {
        shop.add('vcvs', base, [plus, minus, ...ends(row.port)], { values: { gain: -a.value } });
      });
  };

  const placeCharge = (element: Element, row: Exclude<Row, undefined>, column: Column, a: Expr): void => {
    const base = label(element.name);
    const lambda = lambdaOf(row);
    if (a.op !== 'const' && !beside) notLinear(element);
    if ('branch' in column) seriesOf(column.branch).drops.push(rated(a, lambda, base));
    else if (a.op !== 'const' || 'branch' in row)
      shop.add('behavioural-current', base, ends(column.port), current(rated(a, lambda, base)));
    else if (samePort(row.port, column.port))
      shop.add('capacitor', base, ends(column.port), { values: { c: a.value } });
    else shop.add('charge-capacitor', base, ends(column.port), charge(mul(a, lambda)));
  };

  const byLaw = (element: Element): void => {
    const { flows, branch } = read(element);
    for (const { port, i, q } of flows) {
      for (const { column, value } of slopes(i, port)) place(element, { port }, column, value);
      for (const { column, value } of slopes(q, port)) placeCharge(element, { port }, column, value);
    }
    if (branch === undefined) return;
    const row = { branch: element.name };
    for (const { column, value } of slopes(branch.rest, branch.port)) place(element, row, column, value);
    for (const { column, value } of slopes(branch.q, branch.port)) placeCharge(element, row, column, value);
  };

  const own = (element: Element): void => {
    if (twins.has(element.kind) || switches.has(element.kind)) return;
    if (element.kind !== 'gyrator') byLaw(element);
    else {
      const g = number(worthOf(element, circuit, 'g'), lookup);
      const card = { model: element.model!, values: { g: -g } };
      shop.add('gyrator', label(element.name), element.nodes.map(node), card);
    }
  };

  const stand = (element: Element): void => {
    const { kind, name, nodes, values, model } = element;
    const { ic: _ic, v1: _v1, i1: _i1, v2: _v2, i2: _i2, ...lasting } = values;
    const card = { values: lasting, ...(model === undefined ? {} : { model }) };
    const branch = branches.get(name);
    if (switches.has(kind)) {
      if (!beside) notLinear(element);
      const held = element.controls ? { controls: element.controls } : {};
      const pins = [...nodes.slice(0, 2).map(node), ...nodes.slice(2)];
      shop.add(kind, label(name), pins, { ...card, ...held });
    } else if (kind === 'mutual-inductance') {
      const controls = element.controls!.map((l) => branches.get(l)!);
      shop.add(kind, label(name), [], { ...card, controls });
    } else if (branch === undefined) {
      if (twins.has(kind)) shop.add(kind, label(name), nodes.map(node), card);
    } else {
      const { plus, minus } = read(element).branch!.port;
      const foot = atFoot(shop, label(name), node(minus), series.get(name));
      if (!twins.has(kind)) shop.put('voltage-source', branch, [node(plus), foot], { values: { dc: 0 } });
      else {
        const pins = nodes.map(node);
        shop.put(kind, branch, pins.with(1, foot), card);
      }
    }
  };

  const drive = request.cost === undefined ? [] : slopes(request.cost);
  for (const { column, value } of drive) if ('branch' in column) place(undefined, undefined, column, value);
  // What one law puts in series with another's branch is known only when every law has been read.
  for (const element of circuit.elements) own(element);
  for (const element of circuit.elements) stand(element);
  for (const { column, value } of drive) if ('port' in column) place(undefined, undefined, column, value);
  return costate;
}

/** The node at which a branch ends that has sources in series between there and `end`. */
function atFoot(
  shop: Workshop,
  base: string,
  end: string,
  parts: { sources: ((a: string, b: string) => void)[]; drops: Expr[] } | undefined,
): string {
  if (parts === undefined) return end;
  const drop = sum(...parts.drops);
  const makers = isZero(drop)
    ? parts.sources
    : [
        ...parts.sources,
        (a: string, b: string) => {
          shop.add('behavioural-voltage', base, [a, b], voltage(neg(drop)));
        },
      ];
  let foot = end;
  for (const make of makers) {
    const next = shop.nodeName(`${base}_foot`);
    make(next, foot);
    foot = next;
  }
  return foot;
}

const notLinear = (element: Element): never =>
  cannot(
    element,
    'it is not linear, and its slopes need the original beside it',
    'write the dual of the circuit, which reads the original, instead of its transpose alone',
  );
