// A phase at rest, f(x) = 0: by Newton's method to the last bits. A relaxation in time has the same signature.
import type { AnalysisOptions } from '../analysis/options.js';
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { createInputs } from '../solve/inputs.js';
import { operatingPoint } from '../solve/operating-point.js';
import { absoluteTolerances } from '../solve/tolerances.js';
import { createLinearisation, type Linearisation, type Workspace } from '../solve/workspace.js';

/** Where a phase came to rest. */
export interface Settled {
  /** Length size. */
  readonly x: Float64Array;
  readonly modes: Float64Array;
  /** max |(G⁻¹f)_i|/tol_i: what Newton would still move, relative to the tolerances; ≤ 1 is settled. */
  readonly residual: number;
  /** Time it was given, in units of the slowest time constant, when it relaxed in time. */
  readonly settling?: number;
}

/** Where a phase begins. */
export type Start = Pick<Settled, 'x' | 'modes'>;

/** Brings a system to rest. @throws SimulationError when there is no rest to be found. */
export type Settle = (
  system: System,
  options: AnalysisOptions,
  workspace: Workspace,
  start?: Start,
) => Settled;

const MOST_CORRECTIONS = 12;
/** A correction that is no smaller than this share of the one before it is rounding. */
const ROUNDING = 0.5;

/** The operating point, corrected until corrections stop shrinking. */
export const settleByNewton: Settle = (system, options, workspace, start) => {
  const point = operatingPoint(
    system,
    options,
    workspace,
    start ? { guess: start.x, modes: start.modes, ignoreNodesets: true } : {},
  );
  const { x, modes } = point;
  const lin = createLinearisation(system, workspace);
  const settled = { x, modes };
  let residual = Infinity;
  for (let k = 0; k < MOST_CORRECTIONS; k++) {
    const norm = correction(system, options, settled, lin);
    if (!(norm < ROUNDING * residual)) break;
    residual = norm;
    for (let i = 0; i < system.n; i++) x[i] -= lin.residual[i];
    if (norm === 0) break;
  }
  restoreDelays(system, x);
  return { ...settled, residual };
};

/** How far x is from rest: one Newton correction, relative to the tolerances; Infinity where G is singular. */
export function distanceToRest(
  system: System,
  options: AnalysisOptions,
  workspace: Workspace,
  at: Start,
): number {
  return correction(system, options, at, createLinearisation(system, workspace));
}

/** G at x with what steady delays add to it, factored: `lin.lu` solves with G and Gᵀ. Returns 0 or 1 + a dependent column. */
export function linearise(
  system: System,
  options: Pick<AnalysisOptions, 'gmin'>,
  x: Float64Array,
  lin: Linearisation,
): number {
  const { f, G, C } = lin;
  restoreDelays(system, x);
  system.evaluate(x, 0, f, new Float64Array(system.charges), G, C);
  if (system.delays.length > 0) system.dcCoupling(G);
  if (options.gmin > 0) {
    for (let i = 0; i < system.n; i++) {
      if (!system.isNode[i]) continue;
      f[i] += options.gmin * x[i];
      G[system.diagonal[i]] += options.gmin;
    }
  }
  return lin.factor(0);
}

/**
 * As `linearise`, for those that solve with the factors.
 *
 * @throws SimulationError `singular-matrix` where G has no inverse: the operating point is at a fold.
 */
export function factorAt(
  system: System,
  options: Pick<AnalysisOptions, 'gmin'>,
  x: Float64Array,
  lin: Linearisation,
): void {
  const status = linearise(system, options, x, lin);
  if (status === 0) return;
  const { name } = system.unknowns[status - 1];
  const devices = system.devicesAt(status - 1);
  throw new SimulationError(
    `the matrix is singular at the operating point, at ${name} (${devices.join(', ')})`,
    {
      code: 'singular-matrix',
      unknowns: [name],
      devices,
      tried: ['the factors of G at the operating point'],
    },
  );
}

/** lin.residual := G⁻¹f; its largest entry relative to the tolerances. */
function correction(system: System, options: AnalysisOptions, at: Start, lin: Linearisation): number {
  if (linearise(system, options, at.x, lin) !== 0) return Infinity;
  lin.lu.solve(lin.residual);
  const { reltol } = options;
  const absolute = absoluteTolerances(system, options);
  let norm = 0;
  for (let i = 0; i < system.n; i++) {
    const d = Math.abs(lin.residual[i]);
    if (Number.isNaN(d)) return Infinity;
    norm = Math.max(norm, d / (reltol * Math.abs(at.x[i]) + absolute[i]));
  }
  return norm;
}

function restoreDelays(system: System, x: Float64Array): void {
  if (system.delays.length > 0) createInputs(system).settleDelays(x);
}
