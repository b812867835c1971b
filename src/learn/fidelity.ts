// How near an estimate g of a gradient is to a reference r.
import type { Parameter } from './problem.js';

/** How near a gradient g is to the reference r. */
export interface Fidelity {
  /** ‖g − r‖/‖r‖ */
  readonly relativeError: number;
  /** 1 − g·r/(‖g‖‖r‖) */
  readonly misalignment: number;
  /** ‖g‖/‖r‖ */
  readonly normRatio: number;
  /** ‖r‖²/‖g − r‖² */
  readonly snr: number;
  /** Share of the parameters with r ≠ 0 for which g has the sign of r. */
  readonly signAgreement: number;
  /** Share of the parameters with r ≠ 0 for which g is exactly 0: edges that do not learn. */
  readonly deadShare: number;
  /** Misalignment within each group of parameters (each `.train` card). */
  readonly groups: ReadonlyMap<string, number>;
}

/**
 * Metrics of g against r, one entry per parameter each. Where r = 0: zero error when g = 0 too, infinite otherwise.
 *
 * @param parameters for the groups; without them there are none
 */
export function fidelity(
  g: Float64Array,
  r: Float64Array,
  parameters: readonly Pick<Parameter, 'group'>[] = [],
): Fidelity {
  const members = new Map<string, number[]>();
  parameters.forEach(({ group }, k) => {
    const list = members.get(group);
    if (list) list.push(k);
    else members.set(group, [k]);
  });
  const norm = length(r);
  const difference = length(g.map((v, k) => v - r[k]));
  const relativeError = norm > 0 ? difference / norm : difference > 0 ? Infinity : 0;
  let alive = 0;
  let dead = 0;
  let agree = 0;
  for (let k = 0; k < r.length; k++) {
    if (r[k] === 0) continue;
    alive++;
    if (g[k] === 0) dead++;
    if (g[k] * r[k] > 0) agree++;
  }
  return {
    relativeError,
    misalignment: misalignment(g, r),
    normRatio: norm > 0 ? length(g) / norm : length(g) > 0 ? Infinity : 1,
    snr: 1 / relativeError ** 2,
    signAgreement: alive > 0 ? agree / alive : 1,
    deadShare: alive > 0 ? dead / alive : 0,
    groups: new Map(
      [...members].map(([group, list]) => [
        group,
        misalignment(
          Float64Array.from(list, (k) => g[k]),
          Float64Array.from(list, (k) => r[k]),
        ),
      ]),
    ),
  };
}

/**
 * 1 − cos of the angle between g and r, as ½‖g/‖g‖ − r/‖r‖‖², which has no cancellation; 1 when just one of them
 * vanishes, 0 when both do.
 */
function misalignment(g: Float64Array, r: Float64Array): number {
  const [a, b] = [length(g), length(r)];
  if (a === 0 || b === 0) return a === b ? 0 : 1;
  let sum = 0;
  for (let k = 0; k < g.length; k++) sum += (g[k] / a - r[k] / b) ** 2;
  return sum / 2;
}

/** ‖v‖ without overflow. */
function length(v: Float64Array): number {
  let largest = 0;
  for (const e of v) largest = Math.max(largest, Math.abs(e));
  if (largest === 0) return 0;
  let sum = 0;
  for (const e of v) sum += (e / largest) ** 2;
  return largest * Math.sqrt(sum);
}
