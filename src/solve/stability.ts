// Whether disturbances of an operating point grow: eigenvalues of λC + G with Re λ > 0.
import type { System } from '../circuit/system.js';
import { arnoldi, type Eigenvalues, eigenvalues } from '../math/dense.js';
import { evidentlyPassive } from './passivity.js';
import { createLinearisation, type Linearisation, type Workspace } from './workspace.js';

export interface Stability {
  readonly unstable: boolean;
  /** Largest growth rate found, 1/s; 0 when stable. */
  readonly growth: number;
}

const DENSE = 120;
/** Two sizes of Krylov space: growth in which they do not agree is no eigenvalue yet; none in the first is none. */
const KRYLOV = [28, 44] as const;
const AGREEMENT = 0.1;
/** |μ| − 1 below this, and μ this near to −1 (λ = ∞), say nothing. */
const CAYLEY_MARGIN = 1e-4;
/** Shifts over the circuit's range of time scales. */
const SHIFTS = 3;
/** A range of time scales below this needs one shift only. */
const ONE_SHIFT = 1e3;
/** Growth below this share of |λ| is rounding: a lossless resonator neither grows nor decays. */
const MARGIN = 1e-6;
/** Eigenvalues of the inverse below this share of the largest belong to λ = ∞. */
const NEGLIGIBLE = 1e-9;
const SEED = 1;
/** The second shift lies this factor beyond |λ|, away from the first. */
const APART = 1.5;
const NOTHING = { growth: 0, modulus: 0 };
const STABLE: Stability = { unstable: false, growth: 0 };

/**
 * Growth rate of the least stable mode at x. Exact up to 120 unknowns; beyond that the outermost eigenvalues of the
 * Cayley transform (σC + G)⁻¹(σC − G), |μ| > 1 ⇔ Re λ > 0, by Arnoldi at a few shifts σ, which may miss one.
 * Circuits with delayed signals are not judged.
 *
 * Source: Meerbergen, Spence & Roose, BIT 34 (1994) 409 (Cayley transforms for rightmost eigenvalues).
 */
export function stability(
  system: System,
  at: { readonly x: Float64Array; readonly q: Float64Array },
  workspace: Workspace,
): Stability {
  if (system.delays.length > 0) return STABLE;
  const lin = createLinearisation(system, workspace);
  system.evaluate(at.x, 0, lin.f, new Float64Array(system.charges), lin.G, lin.C);
  if (evidentlyPassive(system, lin.G, lin.C)) return STABLE;
  const shifts = timeScales(system, lin);
  let growth = 0;
  for (const sigma of shifts) {
    if (lin.factor(sigma) !== 0) continue;
    try {
      growth = Math.max(
        growth,
        system.n <= DENSE ? dense(system, lin, sigma) : confirmed(system, lin, sigma),
      );
    } catch {
      // An iteration for eigenvalues that does not converge gives no verdict; another shift may.
      continue;
    }
    if (growth > 0) return { unstable: true, growth };
  }
  return STABLE;
}

/** Geometric points from the slowest to the fastest |G|/|C| on the rows that have both. */
function timeScales(system: System, lin: Linearisation): number[] {
  const { n, pattern } = system;
  const g = new Float64Array(n);
  const c = new Float64Array(n);
  for (let k = 0; k < pattern.nnz; k++) {
    g[pattern.rowIdx[k]] += Math.abs(lin.G[k]);
    c[pattern.rowIdx[k]] += Math.abs(lin.C[k]);
  }
  let slow = Infinity;
  let fast = 0;
  for (let i = 0; i < n; i++) {
    if (!(c[i] > 0 && g[i] > 0)) continue;
    slow = Math.min(slow, g[i] / c[i]);
    fast = Math.max(fast, g[i] / c[i]);
  }
  if (fast === 0) return [];
  if (fast < ONE_SHIFT * slow) return [Math.sqrt(fast * slow)];
  return Array.from({ length: SHIFTS }, (_, k) => slow * (fast / slow) ** ((k + 0.5) / SHIFTS));
}

/** Largest Re λ from all eigenvalues 1/(σ − λ) of (σC + G)⁻¹C. */
function dense(system: System, lin: Linearisation, sigma: number): number {
  const { n } = system;
  const m = new Float64Array(n * n);
  const col = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    col.fill(0);
    for (let k = system.pattern.colPtr[j]; k < system.pattern.colPtr[j + 1]; k++) {
      col[system.pattern.rowIdx[k]] = lin.C[k];
    }
    lin.lu.solve(col);
    for (let i = 0; i < n; i++) m[i * n + j] = col[i];
  }
  const { re, im } = eigenvalues(m, n);
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, Math.hypot(re[k], im[k]));
  let growth = 0;
  for (let k = 0; k < n; k++) {
    const square = re[k] * re[k] + im[k] * im[k];
    if (square <= (NEGLIGIBLE * largest) ** 2) continue;
    growth = Math.max(growth, positive(sigma - re[k] / square, im[k] / square));
  }
  return growth;
}

/** Growth that is found from another shift, too: what moves with the shift is no eigenvalue. */
function confirmed(system: System, lin: Linearisation, sigma: number): number {
  const { growth, modulus } = cayley(system, lin, sigma);
  if (growth === 0) return 0;
  const other = modulus > sigma ? modulus * APART : modulus / APART;
  if (lin.factor(other) !== 0) return 0;
  const again = cayley(system, lin, other).growth;
  return Math.abs(again - growth) <= AGREEMENT * growth ? growth : 0;
}

/** Largest Re λ, and its |λ|, from the outermost eigenvalues μ = (σ + λ)/(σ − λ) of the Cayley operator. */
function cayley(system: System, lin: Linearisation, sigma: number): typeof NOTHING {
  const { n, pattern } = system;
  const apply = (v: Float64Array, out: Float64Array) => {
    out.fill(0);
    for (let j = 0; j < n; j++) {
      for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) {
        out[pattern.rowIdx[k]] += (sigma * lin.C[k] - lin.G[k]) * v[j];
      }
    }
    lin.lu.solve(out);
  };
  const space = arnoldi(apply, n, KRYLOV[1], SEED);
  const first = outermost(space.ritz(KRYLOV[0]), sigma);
  if (first.growth === 0) return NOTHING;
  const second = outermost(space.ritz(), sigma);
  return Math.abs(first.growth - second.growth) <= AGREEMENT * second.growth ? second : NOTHING;
}

/** Largest Re λ, and its |λ|, among μ. */
function outermost({ re, im }: Eigenvalues, sigma: number): typeof NOTHING {
  let growth = 0;
  let modulus = 0;
  for (let k = 0; k < re.length; k++) {
    const a = re[k] + 1;
    const square = a * a + im[k] * im[k];
    if (Math.hypot(re[k], im[k]) <= 1 + CAYLEY_MARGIN || square <= CAYLEY_MARGIN) continue;
    // λ = σ(μ − 1)/(μ + 1)
    const rate = (sigma * ((re[k] - 1) * a + im[k] * im[k])) / square;
    const turning = (2 * sigma * im[k]) / square;
    if (positive(rate, turning) <= growth) continue;
    growth = rate;
    modulus = Math.hypot(rate, turning);
  }
  return { growth, modulus };
}

const positive = (re: number, im: number) => (re > MARGIN * Math.hypot(re, im) ? re : 0);
