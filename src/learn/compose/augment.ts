// f + g: a system with currents added to its rows, exact partials included; operating point, AC and march run on it as
// on any other.
import type { Complex, System } from '../../circuit/system.js';
import { type Entries, extension, type Structure } from './structure.js';

/** Currents g(x, t) added to the rows of the unknowns. */
export interface Addition {
  /** Where ∂g/∂x may differ from zero; entries may repeat. */
  readonly entries: Entries;
  /** f += g(x, t) in rows < n. */
  addCurrents(x: Float64Array, t: number, f: Float64Array): void;
  /** g is linear in x: at complex x it is the same, part by part. */
  readonly linear?: boolean;
  /** values[k] := ∂g/∂x at entry k. */
  partials(x: Float64Array, t: number, values: Float64Array): void;
}

/**
 * d/dt q + f + g = 0. Unknowns, inputs, charges and names are those of `system`; the pattern too where it already has
 * the entries of g, else one that all systems made alike share.
 */
export function augment(system: System, addition: Addition): System {
  const structure = extension(system, addition.entries);
  const own = structure.slotsOf[0];
  const added = structure.slotsOf[1];
  const values = new Float64Array(added.length);
  const shared = structure.pattern === system.pattern;
  const baseG = new Float64Array(shared ? 0 : system.slots);
  const baseC = new Float64Array(shared ? 0 : system.slots);

  const scatter = (from: Float64Array, to: Float64Array): void => {
    to.fill(0);
    for (let k = 0; k < own.length; k++) to[own[k]] = from[k];
  };
  const add = (x: Float64Array, t: number, f: Float64Array, G: Float64Array | undefined): void => {
    addition.addCurrents(x, t, f);
    if (G === undefined) return;
    addition.partials(x, t, values);
    for (let k = 0; k < added.length; k++) G[added[k]] += values[k];
    G[structure.slots - 1] = 0;
  };
  const through =
    (evaluate: System['evaluate']): System['evaluate'] =>
    (x, t, f, q, G, C, limited) => {
      if (G === undefined || C === undefined) evaluate(x, t, f, q, undefined, undefined, limited);
      else if (shared) evaluate(x, t, f, q, G, C, limited);
      else {
        evaluate(x, t, f, q, baseG, baseC, limited);
        scatter(baseG, G);
        scatter(baseC, C);
      }
      add(x, t, f, C === undefined ? undefined : G);
    };
  const { evaluateComplex, addTimeSlopes: _ofSystemAlone, ...rest } = system;
  return {
    ...rest,
    ...(evaluateComplex && addition.linear ? { evaluateComplex: continued(evaluateComplex) } : {}),
    ...placed(system, structure),
    linear: false,
    evaluate: through(system.evaluate),
    addNonlinear: through(system.addNonlinear),
  };

  /** At complex x, where g is linear: the slopes of g are real constants. */
  function continued(own: NonNullable<System['evaluateComplex']>): NonNullable<System['evaluateComplex']> {
    const [ownG, ownC] = [complexSlots(system.slots), complexSlots(system.slots)];
    return (x, t, f, q, G, C) => {
      own(x, t, f, q, G && ownG, C && ownC);
      for (const part of ['re', 'im'] as const) {
        addition.addCurrents(x[part], t, f[part]);
        if (G) scatter(ownG[part], G[part]);
        if (C) scatter(ownC[part], C[part]);
      }
      if (!G) return;
      addition.partials(x.re, t, values);
      for (let k = 0; k < added.length; k++) G.re[added[k]] += values[k];
    };
  }
}

const complexSlots = (slots: number): Complex => ({
  re: new Float64Array(slots),
  im: new Float64Array(slots),
});

/** Everything that speaks of slots, in the slots of the structure. */
function placed(system: System, structure: Structure): Partial<System> {
  if (structure.pattern === system.pattern) return {};
  const { pattern, borderRow, borderCol, slots, diagonal } = structure;
  const { weight, by } = system.delayCoupling;
  const slotOf = (k: number) => (k < system.slots - 1 ? structure.slotsOf[0][k] : slots - 1);
  const from = system.delayCoupling.from.map(slotOf);
  const to = system.delayCoupling.to.map(slotOf);
  return {
    pattern,
    borderRow,
    borderCol,
    slots,
    diagonal,
    delayCoupling: { from, to, weight, by },
    dcCoupling(G) {
      for (let k = 0; k < from.length; k++) G[to[k]] += G[from[k]] * weight[k];
    },
  };
}
