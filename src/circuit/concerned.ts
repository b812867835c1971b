// Which instances a list of parameters concerns: those that own one, and those that read one of another element
// (a mutual inductance reads two inductances). Everything else a gradient never visits.
import type { DeviceKind } from '../devices/device.js';
import { type Address, addresses } from './address.js';
import { decisive } from './boundary.js';
import { type GradientLoops, gradientLoops } from './gradient-loops.js';
import type { Structure } from './structure.js';
import { type Binding, takenFrom, written } from './values.js';

/** The instances concerned of one group, and where their contributions go. */
export interface Concern {
  /** Number of the group in the assembly. */
  readonly group: number;
  readonly loops: GradientLoops;
  /** Positions in the group of the instances concerned, and the row of each. */
  readonly rows: Int32Array;
  readonly rowOf: ReadonlyMap<number, number>;
  /** gradient[seatTo[s]] += (sum by raw parameter, by row)[seatAt[s]]. */
  readonly seatAt: Int32Array;
  readonly seatTo: Int32Array;
}

/** What a list of names means for a structure. */
export interface Plan {
  readonly names: readonly string[];
  readonly addresses: readonly Address[];
  readonly columns: Columns;
  readonly concerns: readonly Concern[];
  /** Addresses of parameters that may be without a value, or whose value may decide the structure. */
  readonly doubtful: readonly Address[];
  /** Which number comes from which does not depend on the binding. */
  readonly lasting: boolean;
}

const plans = new WeakMap<Structure, Plan>();

const decisiveOf = new WeakMap<DeviceKind, ReadonlySet<string>>();

function decides(kind: DeviceKind, parameter: string): boolean {
  let names = decisiveOf.get(kind);
  if (names === undefined) decisiveOf.set(kind, (names = decisive(kind)));
  return names.has(parameter);
}

/** Made once for a list of names, as often as it comes again. @throws InputError for names that cannot be trained */
export function planOf(structure: Structure, binding: Binding, names: readonly string[]): Plan {
  const last = plans.get(structure);
  const isSame = last?.names.length === names.length && names.every((name, k) => name === last.names[k]);
  if (last !== undefined && isSame && last.lasting) return last;
  const found = isSame && last !== undefined ? last.addresses : addresses(structure, names);
  const columns = columnsOf(found);
  const plan: Plan = {
    names: names.slice(),
    addresses: found,
    columns,
    concerns: findConcerns(structure, binding, columns),
    doubtful: found.filter(({ element, parameter, argument }) => {
      if (argument !== undefined) return false;
      const { kind } = structure.species[element];
      const doc = kind.parameters[parameter];
      return (doc.default === undefined && !doc.required) || decides(kind, parameter);
    }),
    lasting: found.every(({ element, parameter, argument }) => {
      const { parameters } = structure.species[element].kind;
      const isDefault = Object.values(parameters).some((doc) => doc.default === parameter);
      return argument !== undefined || !(isDefault || parameter === 'temp' || parameter === 'dtemp');
    }),
  };
  plans.set(structure, plan);
  return plan;
}

/** Where the elements stand in the groups, and who reads their parameters. */
interface Homes {
  /** Group and position of each element; −1 when it was eliminated. */
  readonly group: Int32Array;
  readonly position: Int32Array;
  readonly readers: ReadonlyMap<number, readonly number[]>;
}

const known = new WeakMap<Structure, Homes>();

export function homes(structure: Structure): Homes {
  let found = known.get(structure);
  if (found === undefined) known.set(structure, (found = findHomes(structure)));
  return found;
}

function findHomes({ circuit, wiring, assembly }: Structure): Homes {
  const count = circuit.elements.length;
  const group = new Int32Array(count).fill(-1);
  const position = new Int32Array(count).fill(-1);
  const readers = new Map<number, number[]>();
  assembly.groups.forEach(({ members, template, elements }, g) => {
    const reads = template.raw.some((name) => name.includes(':'));
    members.forEach((e, k) => {
      group[e] = g;
      position[e] = k;
      if (!reads) return;
      for (const control of new Set(elements[k].controls)) {
        const of = wiring.elementOf.get(control)!;
        const list = readers.get(of);
        if (list) list.push(e);
        else readers.set(of, [e]);
      }
    });
  });
  return { group, position, readers };
}

/** Columns of the gradient by element and parameter. */
export type Columns = ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>;

function columnsOf(addresses: readonly Address[]): Columns {
  const columns = new Map<number, Map<string, number[]>>();
  addresses.forEach(({ element, parameter, argument }, column) => {
    if (argument !== undefined) return;
    let own = columns.get(element);
    if (own === undefined) columns.set(element, (own = new Map()));
    const list = own.get(parameter);
    if (list) list.push(column);
    else own.set(parameter, [column]);
  });
  return columns;
}

const nothing: readonly number[] = [];

/** The columns that the number `name` of element e moves. */
export function columnsBehind(
  { circuit, species }: Structure,
  binding: Binding,
  columns: Columns,
  e: number,
  name: string,
): readonly number[] {
  const own = columns.get(e);
  if (own === undefined) return nothing;
  const { kind, model } = species[e];
  if (own.has(name)) return own.get(name)!;
  if (name === '@nominal') return nothing;
  const owner = { kind, element: circuit.elements[e], model, binding };
  if (name === '@celsius') return own.get(written(owner, 'temp') === undefined ? 'dtemp' : 'temp') ?? nothing;
  return own.get(takenFrom(owner, name, (parameter) => own.has(parameter))) ?? nothing;
}

function findConcerns(structure: Structure, binding: Binding, columns: Columns): Concern[] {
  const { group, position, readers } = homes(structure);
  const byGroup = new Map<number, Set<number>>();
  const concern = (e: number): void => {
    if (group[e] < 0) return;
    const members = byGroup.get(group[e]);
    if (members) members.add(position[e]);
    else byGroup.set(group[e], new Set([position[e]]));
  };
  for (const e of columns.keys()) {
    concern(e);
    readers.get(e)?.forEach(concern);
  }
  return [...byGroup].flatMap(
    ([g, positions]) => concernOf(structure, g, [...positions], binding, columns) ?? [],
  );
}

function concernOf(
  structure: Structure,
  group: number,
  positions: readonly number[],
  binding: Binding,
  columns: Columns,
): Concern | undefined {
  const { members, template, elements } = structure.assembly.groups[group];
  const readings = template.raw.flatMap((raw) => {
    if (raw.startsWith('#')) return [];
    const colon = raw.indexOf(':');
    return [{ raw, control: colon < 0 ? -1 : Number(raw.slice(0, colon)), name: raw.slice(colon + 1) }];
  });
  const seats: { row: number; raw: string; column: number }[] = [];
  const rows: number[] = [];
  for (const k of positions) {
    const before = seats.length;
    for (const { raw, control, name } of readings) {
      const e = control < 0 ? members[k] : structure.wiring.elementOf.get(elements[k].controls![control])!;
      for (const column of columnsBehind(structure, binding, columns, e, name))
        seats.push({ row: rows.length, raw, column });
    }
    if (seats.length > before) rows.push(k);
  }
  if (seats.length === 0) return undefined;
  const loops = gradientLoops(template, new Set(seats.map((s) => s.raw)));
  const rawAt = new Map(loops.raw.map((name, k) => [name, k]));
  return {
    group,
    loops,
    rows: Int32Array.from(rows),
    rowOf: new Map(rows.map((k, row) => [k, row])),
    seatAt: Int32Array.from(seats, (s) => s.row * loops.raw.length + rawAt.get(s.raw)!),
    seatTo: Int32Array.from(seats, (s) => s.column),
  };
}
