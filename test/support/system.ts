// Systems written by hand as dense matrices and a few nonlinear terms: what the solvers are tested on.
import type { Delay, Junctions, Mode, Source, System, Variable } from '../../src/circuit/system.js';
import type { Quantity } from '../../src/devices/device.js';
import { buildPattern } from '../../src/math/pattern.js';
import { addProduct, type Rows } from '../../src/math/rows.js';

export interface Charge {
  /** Row whose node the charge leaves. */
  readonly row: number;
  readonly q: (x: Float64Array) => number;
  /** ∂q/∂x[col]. */
  readonly partials: (x: Float64Array) => readonly (readonly [col: number, value: number])[];
}

export interface HandMade {
  readonly n: number;
  /** Rows of n + inputs (+ constant) columns; missing columns are zero. */
  readonly G?: readonly (readonly number[])[];
  readonly C?: readonly (readonly number[])[];
  readonly quantities?: readonly Quantity[];
  readonly names?: readonly string[];
  /** One input per source, in order, from column n on. */
  readonly sources?: readonly Source[];
  /** One input each after the sources. */
  readonly delays?: readonly Omit<Delay, 'slot' | 'element'>[];
  readonly modes?: readonly Omit<Mode, 'slot' | 'element'>[];
  readonly f?: (x: Float64Array, t: number, f: Float64Array, limited?: Float64Array) => void;
  readonly jacobian?: (
    x: Float64Array,
    t: number,
    add: (row: number, col: number, value: number) => void,
    limited?: Float64Array,
  ) => void;
  readonly charges?: readonly Charge[];
  readonly junctions?: Junctions;
  readonly initial?: readonly number[];
  readonly nodesets?: readonly (readonly [number, number])[];
  readonly initialConditions?: readonly (readonly [number, number])[];
}

const NO_JUNCTIONS: Junctions = {
  count: 0,
  plus: new Int32Array(0),
  minus: new Int32Array(0),
  thermal: new Float64Array(0),
  critical: new Float64Array(0),
};

export function handMade(spec: HandMade): System {
  const { n } = spec;
  const sources = spec.sources ?? [];
  const delays = (spec.delays ?? []).map((d, k) => ({
    ...d,
    slot: n + sources.length + k,
    element: `t${k}`,
  }));
  const modes = (spec.modes ?? []).map((m, k) => ({
    ...m,
    slot: n + sources.length + delays.length + k,
    element: `s${k}`,
  }));
  const inputs = sources.length + delays.length + modes.length;
  const size = n + inputs + 2;
  const charges = spec.charges ?? [];
  const full = (rows: readonly (readonly number[])[] | undefined) => {
    const a = new Float64Array(n * size);
    rows?.forEach((row, i) => {
      row.forEach((v, j) => {
        a[i * size + j] = v;
      });
    });
    return a;
  };
  const g = full(spec.G);
  const c = full(spec.C);
  const rows: number[] = [];
  const cols: number[] = [];
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rows.push(i) && cols.push(j);
  const { pattern, slot } = buildPattern(n, Int32Array.from(rows), Int32Array.from(cols));
  const borderRow = Int32Array.from({ length: n * (size - n) }, (_, k) => Math.floor(k / (size - n)));
  const borderCol = Int32Array.from({ length: n * (size - n) }, (_, k) => n + (k % (size - n)));
  const slotOf = (i: number, j: number) => (j < n ? slot[i * n + j] : pattern.nnz + i * (size - n) + (j - n));
  const unknowns: Variable[] = Array.from({ length: n }, (_, i) => {
    const quantity = spec.quantities?.[i] ?? 'voltage';
    const linear = Array.from({ length: n }, (_, r) => c[r * size + i]).some((v) => v !== 0);
    const charged = charges.some((q) => q.partials(new Float64Array(size)).some(([col]) => col === i));
    return { name: spec.names?.[i] ?? `v(${i})`, quantity, differential: linear || charged };
  });
  const from: number[] = [];
  const to: number[] = [];
  const weight: number[] = [];
  const by: number[] = [];
  for (const d of delays) {
    for (let i = 0; i < n; i++) {
      d.signal.index.forEach((col, k) => {
        if (col >= n) return;
        from.push(slotOf(i, d.slot));
        to.push(slotOf(i, col));
        weight.push(d.signal.weight[k]);
        by.push(d.by);
      });
    }
  }
  const system: System = {
    n,
    size,
    charges: charges.length,
    unknowns,
    inputVariables: Array.from({ length: inputs }, (_, k) => ({
      name: `u${k}`,
      quantity: 'voltage',
      differential: false,
    })),
    sources,
    delays,
    modes,
    junctions: spec.junctions ?? NO_JUNCTIONS,
    pattern,
    borderRow,
    borderCol,
    slots: pattern.nnz + borderRow.length + 1,
    diagonal: Int32Array.from({ length: n }, (_, i) => slotOf(i, i)),
    linear: !spec.f && charges.length === 0,
    isNode: Uint8Array.from(unknowns, (u) => (u.quantity === 'voltage' ? 1 : 0)),
    applySources(values, x) {
      for (let k = 0; k < sources.length; k++) x[n + k] = values[k];
      x[size - 2] = 1;
      x[size - 1] = 0;
    },
    linearRows: { G: denseRows(g, n, size), C: denseRows(c, n, size) },
    evaluate(x, t, f, q, G, C, limited) {
      f.fill(0);
      addProduct(system.linearRows.G, x, f);
      system.addNonlinear(x, t, f, q, G, C, limited);
    },
    addNonlinear(x, t, f, q, G, C, limited) {
      spec.f?.(x, t, f, limited);
      for (let k = 0; k < charges.length; k++) q[k] = charges[k].q(x);
      if (!G || !C) return;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < size; j++) {
          G[slotOf(i, j)] = g[i * size + j];
          C[slotOf(i, j)] = c[i * size + j];
        }
      }
      spec.jacobian?.(
        x,
        t,
        (i, j, v) => {
          G[slotOf(i, j)] += v;
        },
        limited,
      );
      for (const q of charges) for (const [j, v] of q.partials(x)) C[slotOf(q.row, j)] += v;
    },
    addRates(xdot, qdot, f) {
      addProduct(system.linearRows.C, xdot, f);
      system.addChargeRates(qdot, f);
    },
    evaluateCharges(x, _t, q) {
      for (let k = 0; k < charges.length; k++) q[k] = charges[k].q(x);
    },
    addChargeRates(qdot, f) {
      for (let k = 0; k < charges.length; k++) f[charges[k].row] += qdot[k];
    },
    evaluateKnownRows() {},
    delayCoupling: {
      from: Int32Array.from(from),
      to: Int32Array.from(to),
      weight: Float64Array.from(weight),
      by: Float64Array.from(by),
    },
    dcCoupling(G) {
      for (let k = 0; k < from.length; k++) G[to[k]] += G[from[k]] * weight[k];
    },
    initialCharges(x, rowCharges, q) {
      spec.initial?.forEach((v, i) => {
        x[i] = v;
      });
      for (let i = 0; i < n; i++) {
        rowCharges[i] = 0;
        for (let j = 0; j < n; j++) rowCharges[i] += c[i * size + j] * x[j];
      }
      for (let k = 0; k < charges.length; k++) q[k] = charges[k].q(x);
    },
    initialConditions: spec.initialConditions ?? [],
    nodesets: spec.nodesets ?? [],
    devicesAt: (i) => [`device${i}`],
    timedDevices: () => [],
    nonlinearDevices: () => [],
    sensitivity() {
      throw new Error('a system written by hand has no cards');
    },
  };
  return system;
}

function denseRows(a: Float64Array, n: number, size: number): Rows {
  return {
    start: Int32Array.from({ length: n + 1 }, (_, r) => r * size),
    column: Int32Array.from({ length: n * size }, (_, k) => k % size),
    value: a,
  };
}

/** A source that never changes. */
export function constant(dc: number, acMagnitude = 0): Source {
  return {
    element: 'v1',
    dc,
    acMagnitude,
    acPhase: 0,
    varies: false,
    value: () => dc,
    slope: () => 0,
    nextBreakpoint: () => Infinity,
  };
}

/** A source given by functions, with the times of its corners. */
export function waveform(
  value: (t: number) => number,
  slope: (t: number) => number,
  corners: readonly number[] = [],
): Source {
  return {
    element: 'v1',
    dc: value(0),
    acMagnitude: 0,
    acPhase: 0,
    varies: true,
    value,
    slope,
    nextBreakpoint: (t) => corners.find((c) => c > t) ?? Infinity,
  };
}

/** y' = f(y) as unit capacitances: C = I, row i is −f_i. */
export function ode(
  initial: readonly number[],
  rhs: (y: Float64Array) => readonly number[],
  partials: (y: Float64Array) => readonly (readonly number[])[],
): System {
  const n = initial.length;
  return handMade({
    n,
    C: Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))),
    f: (x, _t, f) => {
      rhs(x).forEach((v, i) => {
        f[i] -= v;
      });
    },
    jacobian: (x, _t, add) => {
      partials(x).forEach((row, i) => {
        row.forEach((v, j) => {
          add(i, j, -v);
        });
      });
    },
    initial,
  });
}

/** Series RLC with L = C = 1 discharging from v = 1: unknowns v (V) and i (A). */
export const rlc = (r: number): System =>
  handMade({
    n: 2,
    quantities: ['voltage', 'current'],
    G: [
      [0, 1],
      [-1, r],
    ],
    C: [
      [1, 0],
      [0, 1],
    ],
    initial: [1, 0],
  });
