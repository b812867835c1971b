// How slowly a circuit forgets: disturbances of a point go as exp(λt) with λC + G singular; the slowest takes
// τ = max 1/|Re λ|.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { arnoldi, eigenvalues } from '../math/dense.js';
import { createLinearisation, type Workspace } from './workspace.js';

const DENSE = 150;
const KRYLOV = 60;
const SEED = 1;
/** Eigenvalues of G⁻¹C below this share of the largest belong to λ = ∞. */
const NEGLIGIBLE = 1e-9;
/** |Re λ| below this share of |λ| is rounding: such a mode rings for ever. */
const LOSSLESS = 1e-9;

/**
 * Slowest time constant at x (length size, inputs set), s: 0 when nothing is stored, Infinity when a mode rings without
 * loss; growth counts like decay. From all eigenvalues −1/λ of G⁻¹C up to 150 unknowns; beyond, from the outermost of
 * them by Arnoldi, which see every slow decay but may miss the ring of a fast resonator of very high quality. No
 * shorter than the longest delay.
 *
 * @throws SimulationError `singular-matrix` when G is singular: there is no point of rest to go to.
 */
export function slowestTimeConstant(system: System, x: Float64Array, workspace: Workspace): number {
  const { n, pattern } = system;
  const longest = system.delays.reduce((most, d) => Math.max(most, d.by), 0);
  const lin = createLinearisation(system, workspace);
  system.evaluate(x, 0, lin.f, new Float64Array(system.charges), lin.G, lin.C);
  system.dcCoupling(lin.G);
  const status = lin.factor(0);
  if (status !== 0) throw restless(system, status - 1);
  const apply = (v: Float64Array, out: Float64Array) => {
    out.fill(0);
    for (let j = 0; j < n; j++) {
      for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++)
        out[pattern.rowIdx[k]] += lin.C[k] * v[j];
    }
    lin.lu.solve(out);
  };
  const { re, im } = n <= DENSE ? eigenvalues(denseOf(apply, n), n) : arnoldi(apply, n, KRYLOV, SEED).ritz();
  let largest = 0;
  for (let k = 0; k < re.length; k++) largest = Math.max(largest, Math.hypot(re[k], im[k]));
  let slowest = longest;
  for (let k = 0; k < re.length; k++) {
    const modulus = Math.hypot(re[k], im[k]);
    if (modulus <= NEGLIGIBLE * largest) continue;
    const decay = Math.abs(re[k]) / modulus;
    slowest = Math.max(slowest, decay > LOSSLESS ? modulus / decay : Infinity);
  }
  return slowest;
}

/** The matrix, row-major, of an operator. */
function denseOf(apply: (v: Float64Array, out: Float64Array) => void, n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  const unit = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0);
    unit[j] = 1;
    apply(unit, column);
    for (let i = 0; i < n; i++) matrix[i * n + j] = column[i];
  }
  return matrix;
}

function restless(system: System, column: number): SimulationError {
  const name = system.unknowns[column].name;
  const devices = system.devicesAt(column);
  return new SimulationError(
    `the circuit has no time constant to relax with: its conductances are singular at ${name} (${devices.join(', ')})`,
    { code: 'singular-matrix', unknowns: [name], devices, tried: ['G⁻¹C at the present point'] },
  );
}
