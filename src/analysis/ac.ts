// (G + jωC)·δx = −(G + jωC)_inputs·δu at the operating point; a delayed signal returns as e^(−jω·by).
import type { Probe, System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { createLinearisation } from '../solve/workspace.js';
import type { Dataset } from './dataset.js';
import { findPoint } from './op.js';
import type { AnalysisOptions } from './options.js';
import { column, type Hooks, workspaceOf } from './run.js';

export interface AcRequest {
  readonly variation: 'dec' | 'oct' | 'lin';
  /** Per decade, per octave, or in all. */
  readonly points: number;
  /** Hz */
  readonly fstart: number;
  readonly fstop: number;
}

/**
 * The frequencies of a request, Hz: `points` to the decade or octave beginning at fstart and not beyond fstop, or that
 * many from fstart to fstop.
 *
 * @throws RangeError when the request makes no sense.
 */
export function frequencies(request: AcRequest): Float64Array {
  const { variation, points, fstart, fstop } = request;
  if (!(points >= 1 && Number.isFinite(points)))
    throw new RangeError(`points must be at least 1, not ${points}`);
  if (!(fstart <= fstop && fstop < Infinity))
    throw new RangeError(`fstart must not exceed fstop (${fstart}, ${fstop})`);
  if (variation === 'lin') {
    const whole = Math.floor(points);
    const step = whole > 1 ? (fstop - fstart) / (whole - 1) : 0;
    return Float64Array.from({ length: whole }, (_, k) => fstart + k * step);
  }
  if (!(fstart > 0)) throw new RangeError(`fstart must be positive on a logarithmic scale, not ${fstart}`);
  const base = variation === 'dec' ? 10 : 2;
  const number = Math.floor((Math.log(fstop / fstart) / Math.log(base)) * points * (1 + 1e-12) + 1e-9) + 1;
  return Float64Array.from({ length: number }, (_, k) => fstart * base ** (k / points));
}

/**
 * Small-signal analysis: complex amplitudes of the probes for the sources' AC values.
 *
 * @throws SimulationError when there is no operating point, or the matrix is singular at a frequency.
 */
export function ac(
  system: System,
  probes: readonly Probe[],
  request: AcRequest,
  options: AnalysisOptions,
  hooks: Hooks = {},
): Dataset {
  const grid = frequencies(request);
  const workspace = workspaceOf(hooks);
  const point = findPoint(system, options, { ...hooks, workspace });
  const { n, size, pattern, delayCoupling: coupling } = system;
  const { G, C, f } = createLinearisation(system, workspace);
  system.evaluate(point.x, 0, f, new Float64Array(system.charges), G, C);
  const lu = workspace.complexLu(pattern);
  const re = new Float64Array(pattern.nnz);
  const im = new Float64Array(pattern.nnz);
  const xRe = new Float64Array(size);
  const xIm = new Float64Array(size);
  const bRe = new Float64Array(n);
  const bIm = new Float64Array(n);
  const stimulus = stimuli(system);
  const small = probes.map((p) => p.small(point.x, 0));
  const realParts = probes.map(() => new Float64Array(grid.length));
  const imaginaryParts = probes.map(() => new Float64Array(grid.length));

  const finish = (points: number): Dataset => ({
    analysis: 'ac',
    title: hooks.title ?? '',
    axis: column('frequency', 'frequency', grid.slice(0, points)),
    columns: probes.map((p, k) =>
      column(p.name, p.quantity, realParts[k].slice(0, points), imaginaryParts[k].slice(0, points)),
    ),
    ...(hooks.step ? { step: hooks.step } : {}),
    statistics: { points, strategy: point.strategy, iterations: point.iterations },
    complete: points === grid.length,
  });

  for (let i = 0; i < grid.length; i++) {
    if (hooks.signal?.aborted) return finish(i);
    solveAt(2 * Math.PI * grid[i], grid[i]);
    for (let k = 0; k < probes.length; k++) {
      const { index, g, c } = small[k];
      const omega = 2 * Math.PI * grid[i];
      for (let m = 0; m < index.length; m++) {
        realParts[k][i] += g[m] * xRe[index[m]] - omega * c[m] * xIm[index[m]];
        imaginaryParts[k][i] += g[m] * xIm[index[m]] + omega * c[m] * xRe[index[m]];
      }
    }
    hooks.progress?.((i + 1) / grid.length);
  }
  return finish(grid.length);

  /** x := the response at ω, inputs included. */
  function solveAt(omega: number, frequency: number): void {
    for (let k = 0; k < pattern.nnz; k++) {
      re[k] = G[k];
      im[k] = omega * C[k];
    }
    for (let k = 0; k < coupling.from.length; k++) {
      const angle = -omega * coupling.by[k];
      const g = G[coupling.from[k]] * coupling.weight[k];
      re[coupling.to[k]] += g * Math.cos(angle);
      im[coupling.to[k]] += g * Math.sin(angle);
    }
    xRe.set(stimulus.re);
    xIm.set(stimulus.im);
    returnDelays(omega, n);
    bRe.fill(0);
    bIm.fill(0);
    for (let k = 0; k < system.borderRow.length; k++) {
      const row = system.borderRow[k];
      const col = system.borderCol[k];
      if (row >= n || col < n) continue;
      const g = G[pattern.nnz + k];
      const b = omega * C[pattern.nnz + k];
      bRe[row] -= g * xRe[col] - b * xIm[col];
      bIm[row] -= g * xIm[col] + b * xRe[col];
    }
    const status = lu.factorise(re, im);
    if (status !== 0) {
      const name = system.unknowns[status - 1].name;
      const devices = system.devicesAt(status - 1);
      hooks.partial?.(finish(0));
      throw new SimulationError(
        `the matrix is singular at ${frequency} Hz: see ${name} (${devices.join(', ')})`,
        {
          code: 'singular-matrix',
          unknowns: [name],
          devices,
          tried: [`complex LU at ${frequency} Hz`],
        },
      );
    }
    lu.solve(bRe, bIm);
    xRe.set(bRe);
    xIm.set(bIm);
    returnDelays(omega, 0);
  }

  /** x[slot] := e^(−jω·by)·signal, over the entries of the signal from `least` on. */
  function returnDelays(omega: number, least: number): void {
    for (const { slot, signal, by } of system.delays) {
      let a = 0;
      let b = 0;
      for (let k = 0; k < signal.index.length; k++) {
        if (signal.index[k] < least) continue;
        a += signal.weight[k] * xRe[signal.index[k]];
        b += signal.weight[k] * xIm[signal.index[k]];
      }
      const cos = Math.cos(omega * by);
      const sin = Math.sin(omega * by);
      xRe[slot] = a * cos + b * sin;
      xIm[slot] = b * cos - a * sin;
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
