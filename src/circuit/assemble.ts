// Groups of like instances with their index arrays, and the one sparse pattern that G and C share.
import { buildPattern, type Pattern } from '../math/pattern.js';
import type { Element, Value } from './circuit.js';
import { type IntList, intList } from './growing.js';
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
  const { n, ground, one } = layout;
  const rows = intList();
  const cols = intList();
  const entry = (row: number, col: number): number => {
    if (row === ground || col === ground) return -1;
    rows.push(row);
    cols.push(col);
    return rows.length - 1;
  };
  const drafts: {
    family: Members;
    index: Int32Array;
    slots: IntList;
    linearSlots: IntList;
    firstCharge: number;
    firstJunction: number;
  }[] = [];
  const chargePlus = intList();
  const chargeMinus = intList();
  const differential = new Uint8Array(layout.size);
  let junctions = 0;
  const couplings: { from: number; to: number; delay: number; term: number }[] = [];
  let delays = 0;
  for (const family of families) {
    const { template, members } = family;
    const stride = template.locals.length;
    const index = new Int32Array(members.length * stride);
    const slots = intList(16);
    const linearSlots = intList(16);
    const partials = partialEntries(template);
    const firstCharge = chargePlus.length;
    members.forEach((e, k) => {
      const base = k * stride;
      template.locals.forEach((local, j) => {
        index[base + j] = slotOf(
          instances[e],
          e,
          local.role,
          local.index,
          layout,
          controlOf,
          family.references[k],
        );
      });
      const at = (local: number): number =>
        local === GROUND ? ground : local === ONE ? one : index[base + local];
      for (const term of template.linear) {
        const col = at(term.column);
        linearSlots.push(term.plus === GROUND ? -1 : entry(at(term.plus), col));
        linearSlots.push(term.minus === GROUND ? -1 : entry(at(term.minus), col));
        if (term.matrix === 'C') differential[col] = 1;
      }
      for (const { matrix, row, column } of partials) {
        slots.push(entry(at(row), at(column)));
        if (matrix === 'C') differential[at(column)] = 1;
      }
      for (const charge of template.charges) {
        chargePlus.push(at(charge.plus));
        chargeMinus.push(at(charge.minus));
      }
      template.delays.forEach((delay, d) => {
        template.linear.forEach((term, l) => {
          if (term.column !== delay.input) return;
          const entries = linearSlots.done();
          const own = entries.length - 2 * template.linear.length + 2 * l;
          for (const [side, row] of [
            [0, term.plus],
            [1, term.minus],
          ] as const) {
            if (row === GROUND || at(row) === ground) continue;
            delay.signal.forEach(({ local }, s) => {
              couplings.push({
                from: entries[own + side],
                to: entry(at(row), at(local)),
                delay: delays + d,
                term: s,
              });
            });
          }
        });
      });
      delays += template.delays.length;
    });
    drafts.push({ family, index, slots, linearSlots, firstCharge, firstJunction: junctions });
    junctions += template.junctions.length * members.length;
  }
  const diagonalEntry = rows.length;
  for (let k = 0; k < n; k++) entry(k, k);

  const allRows = rows.done();
  const allCols = cols.done();
  const inside = intList(allRows.length);
  const insideRows = intList(allRows.length);
  const insideCols = intList(allRows.length);
  for (let k = 0; k < allRows.length; k++) {
    if (allRows[k] >= n || allCols[k] >= n) continue;
    inside.push(k);
    insideRows.push(allRows[k]);
    insideCols.push(allCols[k]);
  }
  const { pattern, slot } = buildPattern(n, insideRows.done(), insideCols.done());
  const slotOfEntry = new Int32Array(allRows.length).fill(-1);
  inside.done().forEach((k, i) => {
    slotOfEntry[k] = slot[i];
  });
  const border = new Map<number, number>();
  const borderRow = intList();
  const borderCol = intList();
  for (let k = 0; k < allRows.length; k++) {
    if (slotOfEntry[k] >= 0) continue;
    const key = allRows[k] * layout.size + allCols[k];
    let s = border.get(key);
    if (s === undefined) {
      border.set(key, (s = pattern.nnz + border.size));
      borderRow.push(allRows[k]);
      borderCol.push(allCols[k]);
    }
    slotOfEntry[k] = s;
  }
  const slots = pattern.nnz + border.size + 1;
  const final = (entries: Int32Array): Int32Array => entries.map((k) => (k < 0 ? slots - 1 : slotOfEntry[k]));
  const groups = drafts.map(
    ({ family, index, slots: own, linearSlots, firstCharge, firstJunction }): Group => {
      const { template, members, lifted } = family;
      return {
        template,
        loops: makeLoops(template),
        derive: makeDerivation(template),
        members: Int32Array.from(members),
        elements: members.map((e) => instances[e].element),
        lifted,
        index,
        slots: final(own.done()),
        linearSlots: final(linearSlots.done()),
        firstCharge,
        firstJunction,
      };
    },
  );
  return {
    groups,
    pattern,
    borderRow: borderRow.done(),
    borderCol: borderCol.done(),
    slots,
    diagonal: Int32Array.from({ length: n }, (_, k) => slotOfEntry[diagonalEntry + k]),
    chargePlus: chargePlus.done(),
    chargeMinus: chargeMinus.done(),
    junctions,
    coupling: couplings.map((c) => ({
      ...c,
      from: slotOfEntry[c.from],
      to: c.to < 0 ? slots - 1 : slotOfEntry[c.to],
    })),
    differential,
  };
}

function slotOf(
  { element, template }: Instance,
  e: number,
  role: string,
  k: number,
  layout: Layout,
  controlOf: (element: number, k: number) => number,
  references: readonly number[],
): number {
  switch (role) {
    case 'pin':
      return layout.slotOfNode.get(element.nodes[k])!;
    case 'node':
      return layout.nodesAt[e] + k;
    case 'unknown':
      return layout.unknownsAt[e] + k;
    case 'input':
      return layout.inputsAt[e] + k;
    case 'control':
      return controlOf(e, Number(template.locals.find((l) => l.role === 'control' && l.index === k)!.name));
    default:
      return references[k];
  }
}
