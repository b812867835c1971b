// How a law holds its pins at DC: which pairs it joins by a conductance, which by a fixed voltage, which only
// pass charge, and which carry a current that is set elsewhere. Read off the law, so new devices need nothing.
import type { DeviceKind, Law, Place } from '../devices/device.js';
import { constant, sub, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';

/** Index that stands for ground among an element's places. */
export const GROUND = -1;

/** `voltage`: an ideal source; `inductor`: one only at DC; `current`: set by something other than its own voltage. */
export type Hold = 'conductance' | 'voltage' | 'inductor' | 'charge' | 'current';

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly hold: Hold;
  /** Places whose voltage sets a `current`; it is a conductance when one of them turns out to be one of its own ends. */
  readonly senses: readonly number[];
  /** The current follows the V(…) and I(…) of a behavioural expression. */
  readonly behavioural: boolean;
  /** The current is set by voltages or currents of the circuit (not by an independent source). */
  readonly dependent: boolean;
  /** Charge passes too (a capacitance beside). */
  readonly charged: boolean;
}

export interface Attachment {
  /** Pins of the kind, then nodes inside the device. */
  readonly places: readonly string[];
  readonly pins: number;
  readonly edges: readonly Edge[];
  /** Places that are only looked at: control pins, and what sets a current elsewhere. */
  readonly senses: readonly number[];
}

/** What the law's flows and equations say about its pins. The behavioural parameters written are `expressions`. */
export function attachment(kind: DeviceKind, variant: string, expressions: readonly string[]): Attachment {
  const law = kind.law(symbolicPlace(variant, expressions));
  const places = [...kind.pins, ...(law.nodes ?? [])];
  const index = new Map<string, number>(places.map((name, k) => [`v:${name}`, k]));
  const at = (name: string): number => index.get(`v:${name}`) ?? GROUND;
  const edges: Edge[] = [];
  for (const flow of law.flows ?? []) {
    const [from, to] = [at(flow.from), at(flow.to)];
    const charged = flow.q !== undefined;
    if (flow.i === undefined) {
      edges.push({ from, to, hold: 'charge', senses: [], behavioural: false, dependent: false, charged });
      continue;
    }
    const own = names(flow.i);
    const senses = [...own].filter((name) => index.has(name)).map((name) => index.get(name)!);
    const branch = [...own].filter((name) => name.startsWith('x:'));
    let hold: Hold = senses.includes(from) || senses.includes(to) ? 'conductance' : 'current';
    if (hold === 'current' && branch.length > 0) hold = branchHold(law, branch, flow.from, flow.to);
    const behavioural = own.has(BEHAVIOUR);
    const dependent = behavioural || senses.length > 0 || [...own].some((name) => /^[xc]:/.test(name));
    edges.push({ from, to, hold, senses, behavioural, dependent, charged });
  }
  const ends = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const looked = new Set(edges.flatMap((edge) => (edge.hold === 'current' ? edge.senses : [])));
  for (const row of law.equations ?? []) {
    for (const name of names(row.f)) {
      const place = index.get(name);
      if (place !== undefined && !ends.has(place)) looked.add(place);
    }
  }
  return { places, pins: kind.pins.length, edges, senses: [...looked] };
}

/** A flow carried by an unknown: what that unknown's own equation makes of the two ends. */
function branchHold(law: Law, branch: readonly string[], from: string, to: string): Hold {
  const carries = new Set((law.flows ?? []).flatMap((f) => (f.i ? [...names(f.i)] : [])));
  const ported = new Set((law.flows ?? []).flatMap((f) => [f.from, f.to]));
  for (const unknown of branch) {
    const rows = (law.equations ?? []).filter((e) => `x:${e.of}` === unknown);
    const seen = new Set(rows.flatMap((row) => [...names(row.f)]));
    const held = [from, to].filter((pin) => seen.has(`v:${pin}`)).length > 0;
    const elsewhere = [...seen].some(
      (name) =>
        name.startsWith('v:') && ported.has(name.slice(2)) && name !== `v:${from}` && name !== `v:${to}`,
    );
    if (!held && !elsewhere) continue;
    if (seen.has(unknown) || elsewhere || !carries.has(unknown)) return 'conductance';
    return rows.some((row) => row.q !== undefined) ? 'inductor' : 'voltage';
  }
  return 'current';
}

const BEHAVIOUR = 'behaviour';

function names(e: Expr): Set<string> {
  const found = new Set<string>();
  mentions((name) => {
    found.add(name);
    return false;
  })(e);
  return found;
}

function symbolicPlace(variant: string, expressions: readonly string[]): Place {
  const voltage = (pin: string): Expr => (pin === '0' ? zero : symbol(`v:${pin}`));
  return {
    variant,
    p: (name) => symbol(`p:${name}`),
    v: (pin, other) => (other === undefined ? voltage(pin) : sub(voltage(pin), voltage(other))),
    x: (name) => symbol(`x:${name}`),
    input: (name) => symbol(`u:${name}`),
    control: (k) => symbol(`c:${k}`),
    controlParameter: (k, name) => symbol(`p:${k}:${name}`),
    expression: (name) => (expressions.includes(name) ? symbol(BEHAVIOUR) : constant(0)),
    limited: (_name, of) => of,
    time: symbol('time'),
    celsius: symbol('p:@celsius'),
    nominal: symbol('p:@nominal'),
  };
}
