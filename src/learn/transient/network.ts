// A linear network in equal steps of implicit Euler, (G + C/h)·x_k = C/h·x_(k−1) + sources: run forward from rest or given
// charges, and answering what is played into it in reversed time.
import type { System } from '../../circuit/system.js';
import { createInputs } from '../../solve/inputs.js';
import { createAudit } from '../../solve/tellegen.js';
import type { Linearisation, Workspace } from '../../solve/workspace.js';
import type { Problem } from '../problem.js';
import { settleByNewton } from '../settle.js';

/** The network run forward by K steps of implicit Euler from rest, or with `uic` from given charges. */
export function runNetwork(
  problem: Problem,
  system: System,
  lin: Linearisation,
  h: number,
  K: number,
  uic: boolean,
  workspace: Workspace,
): { points: readonly Float64Array[]; residual: number } {
  const { size } = system;
  const inputs = createInputs(system);
  const network = createNetwork(system, lin, 1 / h);
  const rowsAtStart = new Float64Array(size);
  const points: Float64Array[] = [];
  let residual = 0;
  if (uic) {
    points.push(new Float64Array(size));
    system.initialCharges(new Float64Array(size), rowsAtStart, new Float64Array(0));
  } else {
    const still = system.sources.map((s) => ({ ...s, dc: s.varies ? s.value(0) : s.dc }));
    const rest = settleByNewton({ ...system, sources: still }, problem.options, workspace);
    residual = rest.residual;
    points.push(rest.x);
  }
  for (let k = 1; k <= K; k++) {
    const x = points[k - 1].slice();
    inputs.at(k * h, x, 0);
    points.push(network.step(x, uic && k === 1 ? rowsAtStart : network.charges(points[k - 1])));
  }
  return { points, residual };
}

/** One linear network at one step size, run forward, replayed, and at rest. */
export function createNetwork(system: System, lin: Linearisation, alpha: number) {
  const { n, size, pattern } = system;
  const f = new Float64Array(size);
  const q = new Float64Array(0);
  const audit = createAudit(system);
  let factored = Number.NaN;
  let tellegen = 0;
  const factor = (a: number): void => {
    if (a !== factored) lin.factor(a);
    factored = a;
  };
  /** out := state with (G + aC) out = C·later·α − drive, in rows < n. */
  const driven = (a: number, later: Float64Array, drive: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    for (let j = 0; j < n; j++) {
      for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++)
        out[pattern.rowIdx[k]] += alpha * lin.C[k] * later[j];
    }
    for (let i = 0; i < n; i++) out[i] -= drive[i];
    const asked = out.map((v) => -v);
    factor(a);
    lin.lu.solve(out.subarray(0, n));
    tellegen = Math.max(tellegen, audit(lin.G, lin.C, a, out, asked));
    return out;
  };
  /** C·x by rows, inputs included. */
  const charges = (x: Float64Array): Float64Array => {
    const rows = new Float64Array(size);
    system.addRates(x, q, rows);
    return rows;
  };
  return {
    charges,
    /** The next point: x holds the last one with the new inputs, `stored` the charges of the last. */
    step(x: Float64Array, stored: Float64Array): Float64Array {
      system.evaluate(x, 0, f, q);
      const now = charges(x);
      for (let i = 0; i < n; i++) f[i] += alpha * (now[i] - stored[i]);
      factor(alpha);
      lin.lu.solve(f.subarray(0, n));
      for (let i = 0; i < n; i++) x[i] -= f[i];
      return x;
    },
    replay: (later: Float64Array, drive: Float64Array) => driven(alpha, later, drive),
    rest: (later: Float64Array, drive: Float64Array) => driven(0, later, drive),
    /** The worst |Σ v·i| over Σ |v·i| across the network and what is played into it, up to now. */
    tellegen: () => tellegen,
  };
}
