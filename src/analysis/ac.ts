// The small-signal response at the operating point, frequency by frequency.
import type { Probe, System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import type { Dataset } from './dataset.js';
import { findPoint } from './op.js';
import { type AnalysisOptions, demandOptions } from './options.js';
import { column, type Hooks, workspaceOf } from './run.js';
import { createSmallSignal } from './small-signal.js';

/** The frequencies of an AC analysis: `dec 10 1 1k`. */
export interface AcRequest {
  /** Steps by decades or octaves, or equal ones. */
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
 * @throws SimulationError when there is no operating point, or the matrix is singular at a frequency; RangeError for
 *   frequencies and options that make no sense
 */
export function ac(
  system: System,
  probes: readonly Probe[],
  request: AcRequest,
  options: AnalysisOptions,
  hooks: Hooks = {},
): Dataset {
  demandOptions(options);
  const grid = frequencies(request);
  const workspace = workspaceOf(hooks);
  const point = findPoint(system, options, { ...hooks, workspace });
  const response = createSmallSignal(system, point.x, workspace);
  const { re: xRe, im: xIm } = response;
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

  function solveAt(omega: number, frequency: number): void {
    const status = response.solve(omega);
    if (status === 0) return;
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
}
