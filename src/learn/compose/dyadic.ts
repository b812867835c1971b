// Dyadic backpropagation on any circuit: the forward relaxation and its transpose in one system of 2n unknowns,
// d/dt q(m) + f(m) = 0 and d/dt C(m)ᵀs + G(m)ᵀs = β∇c(m), so that at rest −s/β is the co-state.
import type { Delay, System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createInputs } from '../../solve/inputs.js';
import type { OperatingCost } from '../cost.js';
import { transposeDiffers } from '../transposition.js';
import { createPairedCharges } from './charges.js';
import { createPair, pairedJunctions, signal, spread } from './pair.js';
import { type DyadicForm, SCHEMES } from './scheme.js';
import { createStamps } from './stamps.js';

export type { DyadicForm } from './scheme.js';

/** A doubled circuit, and the way between its states and those of the circuit. */
export interface Dyad {
  /** 2n unknowns. */
  readonly system: System;
  /** State of the pair with the mean m (length size of the circuit) and no stress. */
  unstressed(m: Float64Array): Float64Array;
  /** m (length size of the circuit, inputs included) and s (length n) of a state of the pair. */
  read(x: Float64Array): { readonly mean: Float64Array; readonly stress: Float64Array };
}

/**
 * The doubled system of a circuit and a cost, driven by β∇c.
 *
 * G leaves out ∂(Gᵀs)/∂m. In m-s and x-z the mean does not depend on the stress, so Newton's iteration for it is the
 * circuit's own, and one more gives the stress, in which the equations are linear; in split it converges linearly, the
 * faster the smaller β. The transposed network stores C(m)ᵀs, whose rate differs from C(m)ᵀṡ by Ċᵀs, which dies with
 * ṁ; the copies of x-z and split store q(x) and q(z), each its own. Lossless lines are doubled too: the transposed
 * line carries Gᵀs back.
 *
 * Source: Scurria, Dyadic backpropagation (arXiv 2602.02281), eqs. 11–13 and 42–43 (with the transpose that these
 * omit), for d/dt q + f = 0 in place of ẋ = F; in these signs λ = −s/β.
 *
 * @throws LearningError `asymmetric-charges` in the forms x-z and split unless C = Cᵀ.
 */
export function dyadic(system: System, cost: OperatingCost, form: DyadicForm, beta = 1): Dyad {
  const scheme = SCHEMES[form];
  const { points, currents, transposed, mean, stress } = scheme;
  const { n, size, delays, junctions } = system;
  if (form !== 'm-s') demandSymmetricCharges(system, form);
  const lines = currents.length;
  const pair = createPair(system, lines);
  const injected = delays.map(({ slot }) => columnOf(system, slot));
  const { structure, stamps, coupling, arrivals } = createStamps(system, pair, cost, scheme, beta, injected);
  const { pattern, borderRow, borderCol, slots, diagonal } = structure;
  const { colPtr, rowIdx } = system.pattern;
  const jointed = form === 'm-s' ? [0] : [0, 1];

  const at = points.map((_, p) => ({
    x: new Float64Array(size),
    f: new Float64Array(size),
    q: new Float64Array(system.charges),
    G: new Float64Array(system.slots),
    C: new Float64Array(system.slots),
    H: new Float64Array(p < lines ? cost.entries.rows.length : 0),
  }));
  const paired = createPairedCharges(system, pair, scheme, at);
  const limits = new Float64Array(junctions.count);
  const s = new Float64Array(n);
  const back = new Float64Array(size);

  const takeStates = (x: Float64Array): void => {
    for (let p = 0; p < points.length; p++) pair.state(points[p], p < lines ? p : 0, x, at[p].x);
    for (let i = 0; i < n; i++) s[i] = stress[0] * x[i] + stress[1] * x[n + i];
  };

  const limitsAt = (p: number, limited: Float64Array | undefined): Float64Array | undefined => {
    if (limited === undefined) return undefined;
    limits.fill(0);
    for (const c of jointed)
      for (let k = 0; k < limits.length; k++) limits[k] += points[p][c] * limited[c * limits.length + k];
    return limits;
  };

  /** back := G(p)ᵀs, with what arrives through the transposed lines, − β∇c(p). */
  const transpose = (p: number, x: Float64Array, t: number): void => {
    const { G } = at[p];
    back.fill(0);
    cost.addGradient(at[p].x, t, -beta, back);
    for (let d = 0; d < delays.length; d++) {
      const { index, weight } = delays[d].signal;
      const arriving = x[pair.dualInput(d)] + back[delays[d].slot];
      for (let k = 0; k < index.length; k++) back[index[k]] += weight[k] * arriving;
    }
    for (let j = 0; j < n; j++)
      for (let k = colPtr[j]; k < colPtr[j + 1]; k++) back[j] += G[k] * s[rowIdx[k]];
  };

  const addNonlinear: System['addNonlinear'] = (x, t, f, q, G, C, limited) => {
    takeStates(x);
    for (let p = 0; p < points.length; p++) {
      if (p >= lines && system.charges === 0) continue;
      const { f: current, G: conductance, C: capacitance, q: charge, H } = at[p];
      system.evaluate(at[p].x, t, current, charge, conductance, capacitance, limitsAt(p, limited));
      if (p >= lines) continue;
      transpose(p, x, t);
      if (G !== undefined) cost.hessian(at[p].x, t, H);
      for (let r = 0; r < 2; r++) {
        const [forward, backward] = [currents[p][r], transposed[p][r]];
        for (let i = 0; i < n; i++) f[r * n + i] += forward * current[i] + backward * back[i];
      }
    }
    paired.collect(s, q);
    if (G === undefined || C === undefined) return;
    G.fill(0);
    C.fill(0);
    for (let k = 0; k < arrivals.slot.length; k++) G[arrivals.slot[k]] += arrivals.weight[k];
    for (const { of, point, factor, source, target } of stamps) {
      const from = at[of === 'C' && system.charges === 0 ? 0 : point][of];
      const to = of === 'C' ? C : G;
      for (let k = 0; k < source.length; k++) to[target[k]] += factor * from[source[k]];
    }
  };

  const doubled: System = {
    n: 2 * n,
    size: pair.size,
    charges: paired.count,
    unknowns: (form === 'm-s' ? ['', 's'] : ['x', 'z']).flatMap((copy) =>
      system.unknowns.map((u) => ({
        ...u,
        name: copy === '' ? u.name : `${copy}(${u.name})`,
        quantity: copy === 's' ? 'number' : u.quantity,
      })),
    ),
    inputVariables: pair.inputVariables,
    sources: system.sources,
    delays: [
      ...currents.flatMap((_, p) =>
        delays.map(
          (d): Delay => ({
            ...d,
            slot: pair.input(p, d.slot),
            signal: pair.signal(points[p], p, d.signal),
          }),
        ),
      ),
      ...delays.map(
        (d, k): Delay => ({
          ...d,
          slot: pair.dualInput(k),
          signal: signal(injected[k].flatMap(([i, g]) => spread(n, stress, i, g))),
          initial: Number.NaN,
        }),
      ),
    ],
    modes: system.modes.map((m) => ({
      ...m,
      slot: pair.input(0, m.slot),
      signal: pair.signal(mean, 0, m.signal),
    })),
    junctions: pairedJunctions(system, pair, jointed),
    pattern,
    borderRow,
    borderCol,
    slots,
    diagonal,
    linear: false,
    isNode: Uint8Array.from([...system.isNode, ...system.isNode]),
    applySources: pair.applySources,
    evaluate(x, t, f, q, G, C, limited) {
      f.fill(0);
      addNonlinear(x, t, f, q, G, C, limited);
    },
    linearRows: { G: paired.none, C: paired.rows },
    addNonlinear,
    evaluateCharges(x, t, q) {
      takeStates(x);
      paired.evaluate(t, s, q);
    },
    addChargeRates: paired.addChargeRates,
    addRates: paired.addRates,
    evaluateKnownRows(x, t, xdot, qdot, f) {
      for (let p = 0; p < lines; p++) {
        const share = currents[p][0] + currents[p][1];
        const known = paired.knownRows(points[p], p, x, t, xdot, qdot);
        for (let j = n; j < size - 2; j++) f[pair.input(0, j)] += share * known[j];
      }
    },
    delayCoupling: coupling,
    dcCoupling(G) {
      const { from, to, weight } = coupling;
      for (let k = 0; k < from.length; k++) G[to[k]] += G[from[k]] * weight[k];
    },
    initialCharges(x, rows, q) {
      const own = new Float64Array(size);
      paired.initial(own, rows, q);
      x.set(unstressed(own));
    },
    initialConditions: system.initialConditions.flatMap(doubledValue),
    nodesets: system.nodesets.flatMap(doubledValue),
    devicesAt: (unknown) => system.devicesAt(unknown % n),
    nonlinearDevices: () => system.nonlinearDevices(),
    timedDevices: () => system.timedDevices(),
    sensitivity: () => {
      throw new LearningError('a doubled circuit has no parameters of its own', {
        code: 'no-parameters',
        devices: [],
        hint: 'ask the circuit that was doubled, with the mean and the stress that the pair reads',
      });
    },
  };
  return { system: doubled, unstressed, read };

  function doubledValue([i, value]: readonly [number, number]): (readonly [number, number])[] {
    return jointed.map((c) => [c * n + i, value]);
  }

  function unstressed(m: Float64Array): Float64Array {
    const x = new Float64Array(pair.size);
    for (const c of jointed) x.set(m.subarray(0, n), c * n);
    for (let j = n; j < size; j++) x[pair.input(0, j)] = m[j];
    return x;
  }

  function read(x: Float64Array) {
    const m = new Float64Array(size);
    pair.state(mean, 0, x, m);
    takeStates(x);
    return { mean: m, stress: s.slice() };
  }
}

/** Rows and values of G in the column of a delay: lines are linear. */
function columnOf({ n, linearRows: { G } }: System, slot: number): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let i = 0; i < n; i++)
    for (let k = G.start[i]; k < G.start[i + 1]; k++) if (G.column[k] === slot) found.push([i, G.value[k]]);
  return found;
}

/** Two copies of a circuit relax as C ẋ, C ż; their difference must relax as Cᵀṡ. */
function demandSymmetricCharges(system: System, form: DyadicForm): void {
  const x = new Float64Array(system.size);
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  createInputs(system).steady(x);
  system.evaluate(x, 0, new Float64Array(system.size), new Float64Array(system.charges), G, C);
  const found = transposeDiffers(system, C);
  if (found === undefined) return;
  throw new LearningError(
    `the form ${form} stores charges in two copies of the circuit, which is right only where C = Cᵀ: ` +
      `not so at ${found.unknowns.join(', ')}`,
    {
      code: 'asymmetric-charges',
      devices: found.devices,
      hint: 'take the form m-s, whose second network is the transposed one',
    },
  );
}
