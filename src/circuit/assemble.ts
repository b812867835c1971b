// Groups of like instances with their index arrays, and the one sparse pattern that G and C share.
import { type ByRow, entriesByRow, type Pattern } from '../math/pattern.js';
import { type Places, placeEntries } from '../math/placement.js';
import type { Element, Value } from './circuit.js';
import { intList } from './growing.js';
import type { Layout } from './layout.js';
import { type Loops, makeDerivation, makeLoops, partialEntries } from './loops.js';
import type { Family } from './species.js';
import { GROUND, type Template } from './template.js';

/** All instances that follow one template. */
export interface Group {
  readonly template: Template;
  readonly loops: Loops;
  readonly derive: (count: number, raw: Float64Array, derived: Float64Array) => void;
  /** Which elements of the circuit. */
  readonly members: Int32Array;
  readonly elements: readonly Element[];
  /** Lifted values of behavioural expressions, per instance. */
  readonly lifted: readonly (readonly Value[])[];
  /** Slots in x of the locals, interleaved. */
  readonly index: Int32Array;
  /** Slots of the nonlinear partials, interleaved in the order of `partialEntries`. */
  readonly slots: Int32Array;
  /** Slots of the linear terms: two (plus row, minus row) a term, interleaved. */
  readonly linearSlots: Int32Array;
  readonly firstCharge: number;
  readonly firstJunction: number;
}

export interface Assembly {
  readonly groups: readonly Group[];
  readonly pattern: Pattern;
  readonly borderRow: Int32Array;
  readonly borderCol: Int32Array;
  readonly slots: number;
  /** The same entries by rows of x. */
  readonly byRow: ByRow;
  readonly diagonal: Int32Array;
  readonly chargePlus: Int32Array;
  readonly chargeMinus: Int32Array;
  readonly junctions: number;
  /** For each delay in order: entries whose column is its input, and where signal·entry goes at DC. */
  readonly coupling: readonly DelayCoupling[];
  /** Rows of nodes and unknowns whose column of C is not empty. */
  readonly differential: Uint8Array;
}

/** G[from] reads the delayed input; G[to] the same row at one term of the signal. */
export interface DelayCoupling {
  readonly from: number;
  readonly to: number;
  /** Which delay and which term of its signal. */
  readonly delay: number;
  readonly term: number;
}

export function assemble(
  families: readonly Family[],
  layout: Layout,
  controlOf: (element: number, k: number) => number,
): Assembly {
  const { n, size, ground, one } = layout;
  const drafts = families.map((family) => draftOf(family, layout, controlOf));
  const frame = { n, size, nowhere: ground, constant: one };
  const lists = drafts.flatMap(({ terms, partials, coupled }) => [terms, partials, coupled]);
  const { pattern, borderRow, borderCol, slots, diagonal } = placeEntries(frame, lists);
  const dustbin = pattern.nnz + borderRow.length;
  const chargePlus = intList();
  const chargeMinus = intList();
  const differential = new Uint8Array(size);
  const coupling: DelayCoupling[] = [];
  let junctions = 0;
  let delays = 0;
  const groups = drafts.map(({ family, terms: { index, stride } }, d): Group => {
    const { template, elements, members, lifted } = family;
    const count = members.length;
    const [linearSlots, partialSlots, coupledSlots] = slots.slice(3 * d, 3 * d + 3);
    for (const column of storedColumns(template))
      for (let i = column; i < index.length; i += stride) differential[index[i]] = 1;
    const firstCharge = chargePlus.length;
    const slotOf = (k: number, local: number): number =>
      local === GROUND ? ground : index[k * stride + local];
    for (let k = 0; k < count && template.charges.length > 0; k++) {
      for (const { plus, minus } of template.charges) {
        chargePlus.push(slotOf(k, plus));
        chargeMinus.push(slotOf(k, minus));
      }
    }
    const couplings = couplingsOf(template);
    for (let k = 0; k < count && template.delays.length > 0; k++) {
      couplings.forEach(({ linear, delay, term }, c) => {
        const from = linearSlots[2 * template.linear.length * k + linear];
        const to = coupledSlots[couplings.length * k + c];
        if (from !== dustbin) coupling.push({ from, to, delay: delays + delay, term });
      });
      delays += template.delays.length;
    }
    const firstJunction = junctions;
    junctions += template.junctions.length * count;
    return {
      template,
      loops: makeLoops(template),
      derive: makeDerivation(template),
      members: new Int32Array(members),
      elements,
      lifted,
      index,
      slots: partialSlots,
      linearSlots,
      firstCharge,
      firstJunction,
    };
  });
  return {
    groups,
    pattern,
    borderRow,
    borderCol,
    slots: dustbin + 1,
    byRow: entriesByRow(pattern, borderRow, borderCol, size),
    diagonal,
    chargePlus: chargePlus.done(),
    chargeMinus: chargeMinus.done(),
    junctions,
    coupling,
    differential,
  };
}

/** The entries of a family's laws: linear terms in two rows each, nonlinear partials, what delays couple at DC. */
interface Draft {
  readonly family: Family;
  readonly terms: Places;
  readonly partials: Places;
  readonly coupled: Places;
}

function draftOf(family: Family, layout: Layout, controlOf: (element: number, k: number) => number): Draft {
  const { template } = family;
  const stride = template.locals.length;
  const index = indexOf(family, layout, controlOf);
  const places = (entries: readonly { readonly row: number; readonly column: number }[]): Places => ({
    stride,
    index,
    rows: Int32Array.from(entries, ({ row }) => row),
    columns: Int32Array.from(entries, ({ column }) => column),
  });
  return {
    family,
    terms: places(linearEntries(template)),
    partials: places(partialEntries(template)),
    coupled: places(couplingsOf(template)),
  };
}

/** Slots in x of the locals of all members, interleaved. */
function indexOf(
  { template: { locals }, members, references }: Family,
  { pinSlots, pinsAt, nodesAt, unknownsAt, inputsAt }: Layout,
  controlOf: (element: number, k: number) => number,
): Int32Array {
  const stride = locals.length;
  const count = members.length;
  const index = new Int32Array(count * stride);
  const firstSlots = { node: nodesAt, unknown: unknownsAt, input: inputsAt };
  const referred = locals.filter(({ role }) => role === 'reference').length;
  for (let j = 0; j < stride; j++) {
    const { role, index: which, name } = locals[j];
    if (role === 'pin') {
      for (let k = 0, i = j; k < count; k++, i += stride) index[i] = pinSlots[pinsAt[members[k]] + which];
    } else if (role === 'reference') {
      for (let k = 0, i = j; k < count; k++, i += stride) index[i] = references[k * referred + which];
    } else if (role === 'control') {
      for (let k = 0, i = j; k < count; k++, i += stride) index[i] = controlOf(members[k], Number(name));
    } else {
      const first = firstSlots[role];
      for (let k = 0, i = j; k < count; k++, i += stride) index[i] = first[members[k]] + which;
    }
  }
  return index;
}

const linearEntries = ({ linear }: Template): { row: number; column: number }[] =>
  linear.flatMap(({ plus, minus, column }) => [
    { row: plus, column },
    { row: minus, column },
  ]);

/** Locals whose rates the laws read. */
function storedColumns(template: Template): Set<number> {
  const stored = [...template.linear, ...partialEntries(template)].filter(({ matrix }) => matrix === 'C');
  return new Set(stored.map(({ column }) => column).filter((column) => column >= 0));
}

/** For every entry in the column of a delay's input, and every term of its signal: the entry in the same row at that term. */
const couplingsOf = ({ linear, delays }: Template) =>
  delays.flatMap(({ input, signal }, delay) =>
    linear.flatMap(({ plus, minus, column }, t) =>
      column !== input
        ? []
        : [plus, minus].flatMap((row, side) =>
            signal.map(({ local }, term) => ({ row, column: local, linear: 2 * t + side, delay, term })),
          ),
    ),
  );
