// Groups of like instances with their index arrays, and the one sparse pattern that G and C share.
import { type ByRow, buildPattern, entriesByRow, type Pattern } from '../math/pattern.js';
import type { Element, Value } from './circuit.js';
import { intList } from './growing.js';
import type { Layout } from './layout.js';
import { type Loops, makeDerivation, makeLoops, partialEntries } from './loops.js';
import type { Family } from './species.js';
import { GROUND, type Local, ONE, type Template } from './template.js';

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
  const { n, ground } = layout;
  const entries = countEntries(families) + n;
  const rows = new Int32Array(entries);
  const cols = new Int32Array(entries);
  let inside = 0;
  const border = makeBorder(layout.size);
  /** Numbers an entry of the pattern ≥ 0, of the border ≤ −2; −1: it reads or writes ground. */
  const entry = (row: number, col: number): number => {
    if (row < n && col < n) {
      rows[inside] = row;
      cols[inside] = col;
      return inside++;
    }
    return row === ground || col === ground ? -1 : -2 - border.number(row, col);
  };
  const chargePlus = intList();
  const chargeMinus = intList();
  const differential = new Uint8Array(layout.size);
  const couplings: DelayCoupling[] = [];
  let junctions = 0;
  let delays = 0;
  const drafts = families.map((family) => {
    const { template, members } = family;
    const { stride, terms, partials } = shapeOfTemplate(template);
    const count = members.length;
    const index = new Int32Array(count * template.locals.length);
    const slots = new Int32Array(count * partials.length);
    const linearSlots = new Int32Array(count * 2 * terms.length);
    const firstCharge = chargePlus.length;
    const firstJunction = junctions;
    const at = new Int32Array(stride + 2);
    at[stride] = layout.one;
    at[stride + 1] = ground;
    const locate = locator(at, template, layout, controlOf);
    for (let k = 0, i = 0, s = 0, l = 0; k < count; k++) {
      locate(members[k], family.references[k]);
      for (let j = 0; j < stride; j++) index[i++] = at[j];
      const own = l;
      for (let t = 0; t < terms.length; t++) {
        const { plus, minus, column, stored } = terms[t];
        const col = at[column];
        linearSlots[l++] = entry(at[plus], col);
        linearSlots[l++] = entry(at[minus], col);
        if (stored) differential[col] = 1;
      }
      for (let t = 0; t < partials.length; t++) {
        const { row, column, stored } = partials[t];
        slots[s++] = entry(at[row], at[column]);
        if (stored) differential[at[column]] = 1;
      }
      for (let c = 0; c < template.charges.length; c++) {
        const { plus, minus } = template.charges[c];
        chargePlus.push(at[plus === GROUND ? stride + 1 : plus]);
        chargeMinus.push(at[minus === GROUND ? stride + 1 : minus]);
      }
      for (let d = 0; d < template.delays.length; d++) {
        const { input, signal } = template.delays[d];
        terms.forEach(({ plus, minus, column }, t) => {
          if (column !== input) return;
          for (const [side, row] of [plus, minus].entries()) {
            const from = linearSlots[own + 2 * t + side];
            if (from === -1) continue;
            signal.forEach(({ local }, term) => {
              couplings.push({ from, to: entry(at[row], at[local]), delay: delays + d, term });
            });
          }
        });
      }
      delays += template.delays.length;
    }
    junctions += template.junctions.length * count;
    return { family, index, slots, linearSlots, firstCharge, firstJunction };
  });
  const firstDiagonal = inside;
  for (let k = 0; k < n; k++) entry(k, k);

  const { pattern, slot } = buildPattern(n, rows.subarray(0, inside), cols.subarray(0, inside));
  const { row: borderRow, col: borderCol } = border.done();
  const dustbin = pattern.nnz + borderRow.length;
  const slotOf = (e: number): number => (e >= 0 ? slot[e] : e === -1 ? dustbin : pattern.nnz - 2 - e);
  /** `slotOf` all of them; written out, for a function that is called a hundred thousand times warms up late. */
  const settle = (list: Int32Array): Int32Array => {
    const beyond = pattern.nnz - 2;
    for (let k = 0; k < list.length; k++) {
      const e = list[k];
      list[k] = e >= 0 ? slot[e] : e === -1 ? dustbin : beyond - e;
    }
    return list;
  };
  const groups = drafts.map(({ family, index, slots, linearSlots, firstCharge, firstJunction }): Group => {
    const { template, members, elements, lifted } = family;
    return {
      template,
      loops: makeLoops(template),
      derive: makeDerivation(template),
      members: new Int32Array(members),
      elements,
      lifted,
      index,
      slots: settle(slots),
      linearSlots: settle(linearSlots),
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
    byRow: entriesByRow(pattern, borderRow, borderCol, layout.size),
    diagonal: slot.slice(firstDiagonal, firstDiagonal + n),
    chargePlus: chargePlus.done(),
    chargeMinus: chargeMinus.done(),
    junctions,
    coupling: couplings.map((c) => ({ ...c, from: slotOf(c.from), to: slotOf(c.to) })),
    differential,
  };
}

function countEntries(families: readonly Family[]): number {
  return families.reduce((sum, { template, members }) => {
    const delayed = template.delays.reduce((s, d) => s + d.signal.length, 0) * 2 * template.linear.length;
    return sum + members.length * (2 * template.linear.length + partialEntries(template).length + delayed);
  }, 0);
}

/** Rows and columns of a template as positions in a table of slots: the locals, then the constant 1, then ground. */
function shapeOfTemplate(template: Template): {
  stride: number;
  terms: { plus: number; minus: number; column: number; stored: boolean }[];
  partials: { row: number; column: number; stored: boolean }[];
} {
  const stride = template.locals.length;
  const position = (local: number): number =>
    local === ONE ? stride : local === GROUND ? stride + 1 : local;
  return {
    stride,
    terms: template.linear.map((t) => ({
      plus: position(t.plus),
      minus: position(t.minus),
      column: position(t.column),
      stored: t.matrix === 'C',
    })),
    partials: partialEntries(template).map((p) => ({
      row: position(p.row),
      column: position(p.column),
      stored: p.matrix === 'C',
    })),
  };
}

/** A function that leaves in `at` the slots in x of all locals of element e. */
function locator(
  at: Int32Array,
  { locals }: Template,
  layout: Layout,
  controlOf: (element: number, k: number) => number,
): (e: number, references: readonly number[]) => void {
  const { pinSlots, pinsAt } = layout;
  const others = locals.filter(({ role }) => role !== 'pin');
  const pins = locals.length - others.length;
  const slotOf = ({ role, index, name }: Local, e: number, references: readonly number[]): number => {
    switch (role) {
      case 'pin':
        return pinSlots[pinsAt[e] + index];
      case 'node':
        return layout.nodesAt[e] + index;
      case 'unknown':
        return layout.unknownsAt[e] + index;
      case 'input':
        return layout.inputsAt[e] + index;
      case 'control':
        return controlOf(e, Number(name));
      case 'reference':
        return references[index];
    }
  };
  return (e, references) => {
    // The pins come first, in order.
    for (let j = 0, pin = pinsAt[e]; j < pins; j++) at[j] = pinSlots[pin++];
    for (let j = 0; j < others.length; j++) at[pins + j] = slotOf(others[j], e, references);
  };
}

/** Entries outside the n×n pattern: those whose row or column is given from outside, each numbered once. */
function makeBorder(size: number): {
  number(row: number, col: number): number;
  done(): { readonly row: Int32Array; readonly col: Int32Array };
} {
  const known = new Map<number, number>();
  const rows = intList();
  const cols = intList();
  return {
    number(row, col) {
      const key = row * size + col;
      let number = known.get(key);
      if (number === undefined) {
        known.set(key, (number = known.size));
        rows.push(row);
        cols.push(col);
      }
      return number;
    },
    done: () => ({ row: rows.done(), col: cols.done() }),
  };
}
