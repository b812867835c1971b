// Groups of like instances with their index arrays, and the one sparse pattern that G and C share.
import { buildPattern, type Pattern } from '../math/pattern.js';
import type { Element, Value } from './circuit.js';
import { intList } from './growing.js';
import type { Instance, Layout } from './layout.js';
import { type Loops, makeDerivation, makeLoops, partialEntries } from './loops.js';
import { GROUND, ONE, type Template } from './template.js';

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
  /** The same entries by rows of x: entry k of row r stands in `slot[k]` and column `column[k]`. */
  readonly byRow: { readonly start: Int32Array; readonly slot: Int32Array; readonly column: Int32Array };
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

export interface Members {
  readonly template: Template;
  readonly members: number[];
  readonly lifted: (readonly Value[])[];
  /** Slots of references (r:k), per instance. */
  readonly references: (readonly number[])[];
}

export function assemble(
  instances: readonly Instance[],
  families: readonly Members[],
  layout: Layout,
  controlOf: (element: number, k: number) => number,
): Assembly {
  const { n, ground } = layout;
  const entries = countEntries(families) + n;
  const rows = new Int32Array(entries);
  const cols = new Int32Array(entries);
  let filled = 0;
  const entry = (row: number, col: number): number => {
    if (row === ground || col === ground) return -1;
    rows[filled] = row;
    cols[filled] = col;
    return filled++;
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
    for (let k = 0, i = 0, s = 0, l = 0; k < count; k++) {
      locate(at, template, members[k], layout, controlOf, family.references[k]);
      for (let j = 0; j < stride; j++) index[i++] = at[j];
      const own = l;
      for (const { plus, minus, column, stored } of terms) {
        linearSlots[l++] = entry(at[plus], at[column]);
        linearSlots[l++] = entry(at[minus], at[column]);
        if (stored) differential[at[column]] = 1;
      }
      for (const { row, column, stored } of partials) {
        slots[s++] = entry(at[row], at[column]);
        if (stored) differential[at[column]] = 1;
      }
      for (const charge of template.charges) {
        chargePlus.push(at[charge.plus === GROUND ? stride + 1 : charge.plus]);
        chargeMinus.push(at[charge.minus === GROUND ? stride + 1 : charge.minus]);
      }
      template.delays.forEach((delay, d) => {
        terms.forEach(({ plus, minus, column }, t) => {
          if (column !== delay.input) return;
          for (const [side, row] of [plus, minus].entries()) {
            const from = linearSlots[own + 2 * t + side];
            if (from < 0) continue;
            delay.signal.forEach(({ local }, term) => {
              couplings.push({ from, to: entry(at[row], at[local]), delay: delays + d, term });
            });
          }
        });
      });
      delays += template.delays.length;
    }
    junctions += template.junctions.length * count;
    return { family, index, slots, linearSlots, firstCharge, firstJunction };
  });
  const firstDiagonal = filled;
  for (let k = 0; k < n; k++) entry(k, k);

  const { pattern, slotOfEntry, borderRow, borderCol } = separate(
    n,
    layout.size,
    rows.subarray(0, filled),
    cols.subarray(0, filled),
  );
  const dustbin = pattern.nnz + borderRow.length;
  const settle = (list: Int32Array): Int32Array => {
    for (let k = 0; k < list.length; k++) list[k] = list[k] < 0 ? dustbin : slotOfEntry[list[k]];
    return list;
  };
  return {
    groups: drafts.map(({ family, index, slots, linearSlots, firstCharge, firstJunction }): Group => {
      const { template, members, lifted } = family;
      return {
        template,
        loops: makeLoops(template),
        derive: makeDerivation(template),
        members: Int32Array.from(members),
        elements: members.map((e) => instances[e].element),
        lifted,
        index,
        slots: settle(slots),
        linearSlots: settle(linearSlots),
        firstCharge,
        firstJunction,
      };
    }),
    pattern,
    borderRow,
    borderCol,
    slots: dustbin + 1,
    byRow: transpose(pattern, borderRow, borderCol, layout.size),
    diagonal: slotOfEntry.slice(firstDiagonal, firstDiagonal + n),
    chargePlus: chargePlus.done(),
    chargeMinus: chargeMinus.done(),
    junctions,
    coupling: couplings.map((c) => ({
      ...c,
      from: slotOfEntry[c.from],
      to: c.to < 0 ? dustbin : slotOfEntry[c.to],
    })),
    differential,
  };
}

function countEntries(families: readonly Members[]): number {
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

/** Slots in x of all locals of element e. */
function locate(
  at: Int32Array,
  template: Template,
  e: number,
  layout: Layout,
  controlOf: (element: number, k: number) => number,
  references: readonly number[],
): void {
  for (let j = 0; j < template.locals.length; j++) {
    const { role, index, name } = template.locals[j];
    switch (role) {
      case 'pin':
        at[j] = layout.pinSlots[layout.pinsAt[e] + index];
        break;
      case 'node':
        at[j] = layout.nodesAt[e] + index;
        break;
      case 'unknown':
        at[j] = layout.unknownsAt[e] + index;
        break;
      case 'input':
        at[j] = layout.inputsAt[e] + index;
        break;
      case 'control':
        at[j] = controlOf(e, Number(name));
        break;
      case 'reference':
        at[j] = references[index];
    }
  }
}

/** Entries inside the n×n pattern, and the border: those whose row or column is given from outside. */
function separate(
  n: number,
  size: number,
  rows: Int32Array,
  cols: Int32Array,
): { pattern: Pattern; slotOfEntry: Int32Array; borderRow: Int32Array; borderCol: Int32Array } {
  let inside = 0;
  const insideRows = new Int32Array(rows.length);
  const insideCols = new Int32Array(rows.length);
  const slotOfEntry = new Int32Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    if (rows[k] >= n || cols[k] >= n) {
      slotOfEntry[k] = -1;
      continue;
    }
    insideRows[inside] = rows[k];
    insideCols[inside] = cols[k];
    slotOfEntry[k] = inside++;
  }
  const { pattern, slot } = buildPattern(n, insideRows.subarray(0, inside), insideCols.subarray(0, inside));
  const border = new Map<number, number>();
  const borderRow = intList();
  const borderCol = intList();
  for (let k = 0; k < rows.length; k++) {
    if (slotOfEntry[k] >= 0) {
      slotOfEntry[k] = slot[slotOfEntry[k]];
      continue;
    }
    const key = rows[k] * size + cols[k];
    let s = border.get(key);
    if (s === undefined) {
      border.set(key, (s = pattern.nnz + border.size));
      borderRow.push(rows[k]);
      borderCol.push(cols[k]);
    }
    slotOfEntry[k] = s;
  }
  return { pattern, slotOfEntry, borderRow: borderRow.done(), borderCol: borderCol.done() };
}

function transpose(
  { n, nnz, colPtr, rowIdx }: Pattern,
  borderRow: Int32Array,
  borderCol: Int32Array,
  size: number,
): Assembly['byRow'] {
  const start = new Int32Array(size + 1);
  for (let k = 0; k < nnz; k++) start[rowIdx[k] + 1]++;
  for (let k = 0; k < borderRow.length; k++) start[borderRow[k] + 1]++;
  for (let r = 0; r < size; r++) start[r + 1] += start[r];
  const next = start.slice(0, size);
  const slot = new Int32Array(nnz + borderRow.length);
  const column = new Int32Array(nnz + borderRow.length);
  for (let c = 0; c < n; c++) {
    for (let k = colPtr[c]; k < colPtr[c + 1]; k++) {
      const at = next[rowIdx[k]]++;
      slot[at] = k;
      column[at] = c;
    }
  }
  for (let k = 0; k < borderRow.length; k++) {
    const at = next[borderRow[k]]++;
    slot[at] = nnz + k;
    column[at] = borderCol[k];
  }
  return { start, slot, column };
}
