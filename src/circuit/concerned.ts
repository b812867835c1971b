// Which instances a list of parameters concerns: those that own one, and those that read one of another element
// (a mutual inductance reads two inductances). Everything else a gradient never visits.
import type { Address } from './address.js';
import type { BoundGroup } from './bind.js';
import { type GradientLoops, gradientLoops, type Numbers } from './gradient-loops.js';
import type { Structure } from './structure.js';
import { type Binding, takenFrom, written } from './values.js';

/** The instances concerned of one group, their sums, and where these go. */
export interface Concerned {
  readonly bound: BoundGroup;
  /** Group number in the assembly. */
  readonly group: number;
  readonly loops: GradientLoops;
  readonly numbers: Numbers;
  /** Row of each instance concerned. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Σ yᵀ∂(f or q)/∂derived, by row, `loops.derived.length` a piece. */
  readonly sums: Float64Array;
  /** The same by raw parameter, `loops.raw.length` a piece. */
  readonly byRaw: Float64Array;
  /** gradient[seatTo[s]] += byRaw[seatAt[s]]. */
  readonly seatAt: Int32Array;
  readonly seatTo: Int32Array;
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

function findHomes({ instances, indexOf, assembly }: Structure): Homes {
  const group = new Int32Array(instances.length).fill(-1);
  const position = new Int32Array(instances.length).fill(-1);
  const readers = new Map<number, number[]>();
  assembly.groups.forEach(({ members, template, elements }, g) => {
    const reads = template.raw.some((name) => name.includes(':'));
    members.forEach((e, k) => {
      group[e] = g;
      position[e] = k;
      if (!reads) return;
      for (const control of new Set(elements[k].controls)) {
        const of = indexOf.get(control)!;
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

export function columnsOf(addresses: readonly Address[]): Columns {
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
  { instances }: Structure,
  binding: Binding,
  columns: Columns,
  e: number,
  name: string,
): readonly number[] {
  const own = columns.get(e);
  if (own === undefined) return nothing;
  const { kind, element, model } = instances[e];
  const isWanted = (parameter: string): boolean => own.has(parameter);
  const owner = { kind, element, model, binding };
  if (name === '@nominal') return nothing;
  if (name === '@celsius') return own.get(written(owner, 'temp') === undefined ? 'dtemp' : 'temp') ?? nothing;
  return own.get(takenFrom(owner, name, isWanted)) ?? nothing;
}

export function findConcerned(
  structure: Structure,
  bound: readonly BoundGroup[],
  binding: Binding,
  columns: Columns,
): Concerned[] {
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
  return [...byGroup].flatMap(([g, positions]) => {
    const one = concernedOf(structure, bound[g], g, [...positions], binding, columns);
    return one === undefined ? [] : [one];
  });
}

function concernedOf(
  structure: Structure,
  bound: BoundGroup,
  group: number,
  positions: readonly number[],
  binding: Binding,
  columns: Columns,
): Concerned | undefined {
  const { members, template, elements } = bound.group;
  const seats: { row: number; raw: string; column: number }[] = [];
  const rows: number[] = [];
  for (const k of positions) {
    const before = seats.length;
    for (const raw of template.raw) {
      if (raw.startsWith('#')) continue;
      const colon = raw.indexOf(':');
      const e =
        colon < 0 ? members[k] : structure.indexOf.get(elements[k].controls![Number(raw.slice(0, colon))])!;
      for (const column of columnsBehind(structure, binding, columns, e, raw.slice(colon + 1)))
        seats.push({ row: rows.length, raw, column });
    }
    if (seats.length > before) rows.push(k);
  }
  if (seats.length === 0) return undefined;
  const loops = gradientLoops(template, new Set(seats.map((s) => s.raw)));
  const rawAt = new Map(loops.raw.map((name, k) => [name, k]));
  const { index, derived } = bound.block;
  return {
    bound,
    group,
    loops,
    numbers: { rows: Int32Array.from(rows), index, derived, raw: bound.raw },
    rowOf: new Map(rows.map((k, row) => [k, row])),
    sums: new Float64Array(rows.length * loops.derived.length),
    byRaw: new Float64Array(rows.length * loops.raw.length),
    seatAt: Int32Array.from(seats, (s) => s.row * loops.raw.length + rawAt.get(s.raw)!),
    seatTo: Int32Array.from(seats, (s) => s.column),
  };
}
