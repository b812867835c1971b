// (G + jωC)·δx = −(G + jωC)_inputs·δu at a point; a delayed signal returns as e^(−jω·by).
import type { System } from '../circuit/system.js';
import type { ComplexLu } from '../math/lu.js';
import { createLinearisation, type Workspace } from '../solve/workspace.js';

/** The circuit linearised at a point. */
export interface SmallSignal {
  /** Entries of the pattern and of the inputs' columns, delays apart. */
  readonly G: Float64Array;
  readonly C: Float64Array;
  /** The response, length size: unknowns and inputs. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Of G + jωC with the delays in it, after `solve`. */
  readonly lu: ComplexLu;
  /** re + j·im := the response to the sources' AC values at ω, rad/s. Returns 0 or 1 + a dependent column. */
  solve(omega: number): number;
}

/** @param x the point, length size */
export function createSmallSignal(system: System, x: Float64Array, workspace: Workspace): SmallSignal {
  const { n, size, pattern, delayCoupling: coupling } = system;
  const { G, C, f } = createLinearisation(system, workspace);
  system.evaluate(x, 0, f, new Float64Array(system.charges), G, C);
  const lu = workspace.complexLu(pattern);
  const matrixRe = new Float64Array(pattern.nnz);
  const matrixIm = new Float64Array(pattern.nnz);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const bRe = new Float64Array(n);
  const bIm = new Float64Array(n);
  const stimulus = stimuli(system);

  return {
    G,
    C,
    re,
    im,
    lu,
    solve(omega) {
      for (let k = 0; k < pattern.nnz; k++) {
        matrixRe[k] = G[k];
        matrixIm[k] = omega * C[k];
      }
      for (let k = 0; k < coupling.from.length; k++) {
        if (coupling.to[k] >= pattern.nnz) continue;
        const angle = -omega * coupling.by[k];
        const g = G[coupling.from[k]] * coupling.weight[k];
        matrixRe[coupling.to[k]] += g * Math.cos(angle);
        matrixIm[coupling.to[k]] += g * Math.sin(angle);
      }
      re.set(stimulus.re);
      im.set(stimulus.im);
      returnDelays(omega, n);
      bRe.fill(0);
      bIm.fill(0);
      for (let k = 0; k < system.borderRow.length; k++) {
        const row = system.borderRow[k];
        const col = system.borderCol[k];
        if (row >= n || col < n) continue;
        const g = G[pattern.nnz + k];
        const b = omega * C[pattern.nnz + k];
        bRe[row] -= g * re[col] - b * im[col];
        bIm[row] -= g * im[col] + b * re[col];
      }
      const status = lu.factorise(matrixRe, matrixIm);
      if (status !== 0) return status;
      lu.solve(bRe, bIm);
      re.set(bRe);
      im.set(bIm);
      returnDelays(omega, 0);
      return 0;
    },
  };

  /** x[slot] := e^(−jω·by)·signal, over the entries of the signal from `least` on. */
  function returnDelays(omega: number, least: number): void {
    for (const { slot, signal, by } of system.delays) {
      let a = 0;
      let b = 0;
      for (let k = 0; k < signal.index.length; k++) {
        if (signal.index[k] < least) continue;
        a += signal.weight[k] * re[signal.index[k]];
        b += signal.weight[k] * im[signal.index[k]];
      }
      const cos = Math.cos(omega * by);
      const sin = Math.sin(omega * by);
      re[slot] = a * cos + b * sin;
      im[slot] = b * cos - a * sin;
    }
  }
}

/** Inputs of the sources' AC magnitudes and phases. */
function stimuli(system: System): { readonly re: Float64Array; readonly im: Float64Array } {
  const of = (part: (angle: number) => number) => {
    const x = new Float64Array(system.size);
    const values = system.sources.map((s) => s.acMagnitude * part((s.acPhase * Math.PI) / 180));
    system.applySources(Float64Array.from(values), x);
    x[system.size - 2] = 0;
    return x;
  };
  return { re: of(Math.cos), im: of(Math.sin) };
}
