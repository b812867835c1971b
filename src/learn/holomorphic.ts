// Nudges on a circle in the complex plane, β_k = r e^{2πik/N}: Cauchy's formula for dx/dβ at 0, with error O(r^N).
import type { AnalysisOptions } from '../analysis/options.js';
import type { Complex, System } from '../circuit/system.js';
import { InputError, LearningError } from '../errors.js';
import { absoluteTolerances } from '../solve/tolerances.js';
import type { Workspace } from '../solve/workspace.js';
import { extension } from './compose/structure.js';
import type { OperatingCost } from './cost.js';

export interface Circle {
  readonly radius: number;
  /** Number of nudges, ≥ 2. */
  readonly points: number;
  /** Diagonal of S; default 1. */
  readonly weights?: Float64Array;
  /** What is measured of a phase; default: what it is. */
  readonly measure?: ((x: Complex) => Complex) | undefined;
}

export interface Harmonic {
  /** (1/(N r)) Σ x(β_k) e^{−2πik/N}, length n: dx/dβ at 0 but for O(r^N). */
  readonly slope: Float64Array;
  /** Worst last correction of the phases, relative to the tolerances. */
  readonly residual: number;
}

const MOST_ITERATIONS = 60;
/** A correction that is no smaller than this share of the one before it is rounding. */
const ROUNDING = 0.5;

const complexOf = (length: number): Complex => ({
  re: new Float64Array(length),
  im: new Float64Array(length),
});

/**
 * The first harmonic of the circuit's answer to a nudge that goes round once: f(x) + β_k S⁻¹∇c(x) = 0 at complex x.
 *
 * Source: Laborieux & Zenke, NeurIPS 35 (2022) 12950.
 *
 * @param from the free phase, length size
 * @throws LearningError `not-analytic` when a device or the cost has no complex continuation; `not-settled` when a
 * phase finds no rest so far from the free one; RangeError for fewer than two points.
 */
export function firstHarmonic(
  system: System,
  cost: OperatingCost,
  options: AnalysisOptions,
  workspace: Workspace,
  from: Float64Array,
  { radius, points, weights, measure = (x) => x }: Circle,
): Harmonic {
  if (!(Number.isInteger(points) && points >= 2)) {
    throw new RangeError(`a circle needs two or more whole points, not ${points}`);
  }
  const solve = phaseSolver(system, cost, options, workspace, from, weights);
  const slope = new Float64Array(system.n);
  let residual = 0;
  // x(β̄) is the conjugate of x(β): half of the circle says it all.
  for (let k = 0; 2 * k <= points; k++) {
    const angle = (2 * Math.PI * k) / points;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const { x: actual, left } = solve(radius * cos, radius * sin);
    const x = measure(actual);
    residual = Math.max(residual, left);
    const pair = k === 0 || 2 * k === points ? 1 : 2;
    for (let i = 0; i < system.n; i++) {
      slope[i] += (pair * ((x.re[i] - from[i]) * cos + x.im[i] * sin)) / (points * radius);
    }
  }
  return { slope, residual };
}

/** Newton's method for f(x) + β S⁻¹∇c(x) = 0 from the free phase. */
function phaseSolver(
  system: System,
  cost: OperatingCost,
  options: AnalysisOptions,
  workspace: Workspace,
  from: Float64Array,
  weights: Float64Array | undefined,
): (re: number, im: number) => { x: Complex; left: number } {
  const { n, size } = system;
  const structure = extension(system, cost.entries);
  const [own, added] = structure.slotsOf;
  const lu = workspace.complexLu(structure.pattern);
  const { reltol } = options;
  const absolute = absoluteTolerances(system, options);
  const [f, gradient] = [complexOf(size), complexOf(size)];
  const q = complexOf(system.charges);
  const [G, C, A] = [complexOf(system.slots), complexOf(system.slots), complexOf(structure.slots)];
  const hessian = complexOf(cost.entries.rows.length);

  /** f + βS⁻¹∇c and its slope at x. */
  function assemble(x: Complex, re: number, im: number): void {
    for (const part of [x.re, x.im]) settleDelays(system, part);
    evaluateComplex(system, x, f, q, G, C);
    for (const part of ['re', 'im'] as const) {
      system.dcCoupling(G[part]);
      A[part].fill(0);
      for (let k = 0; k < own.length; k++) A[part][own[k]] = G[part][k];
      for (let i = 0; i < n && options.gmin > 0; i++) {
        if (!system.isNode[i]) continue;
        f[part][i] += options.gmin * x[part][i];
        if (part === 're') A.re[structure.diagonal[i]] += options.gmin;
      }
    }
    derivatives(cost, x, gradient, hessian);
    for (let i = 0; i < n; i++) {
      const s = weights?.[i] ?? 1;
      f.re[i] += (re * gradient.re[i] - im * gradient.im[i]) / s;
      f.im[i] += (re * gradient.im[i] + im * gradient.re[i]) / s;
    }
    for (let k = 0; k < added.length; k++) {
      const s = weights?.[cost.entries.rows[k]] ?? 1;
      A.re[added[k]] += (re * hessian.re[k] - im * hessian.im[k]) / s;
      A.im[added[k]] += (re * hessian.im[k] + im * hessian.re[k]) / s;
    }
  }

  return (re, im) => {
    const x = { re: from.slice(), im: new Float64Array(size) };
    let left = Infinity;
    for (let k = 0; k < MOST_ITERATIONS; k++) {
      assemble(x, re, im);
      if (lu.factorise(A.re, A.im) !== 0) break;
      lu.solve(f.re, f.im);
      let norm = 0;
      for (let i = 0; i < n; i++) {
        const allowed = reltol * Math.hypot(x.re[i], x.im[i]) + absolute[i];
        norm = Math.max(norm, Math.hypot(f.re[i], f.im[i]) / allowed);
      }
      if (!(norm < Infinity) || (left <= 1 && norm >= ROUNDING * left)) break;
      left = norm;
      for (let i = 0; i < n; i++) {
        x.re[i] -= f.re[i];
        x.im[i] -= f.im[i];
      }
      if (norm === 0) break;
    }
    if (!(left <= 1)) throw unsettled(re, im);
    return { x, left };
  };
}

function settleDelays({ delays }: System, part: Float64Array): void {
  for (const { slot, signal } of delays) {
    part[slot] = 0;
    for (let k = 0; k < signal.index.length; k++) part[slot] += signal.weight[k] * part[signal.index[k]];
  }
}

function evaluateComplex(system: System, x: Complex, f: Complex, q: Complex, G: Complex, C: Complex): void {
  if (system.evaluateComplex === undefined)
    throw notAnalytic('this circuit has been changed since it was compiled');
  translated(() => system.evaluateComplex?.(x, 0, f, q, G, C));
}

/** ∇c and ∇²c at complex x. */
function derivatives(cost: OperatingCost, x: Complex, gradient: Complex, hessian: Complex): void {
  for (const part of ['re', 'im'] as const) gradient[part].fill(0);
  const one = complexOf(gradient.re.length);
  let at = 0;
  for (const { functional, weight } of cost.terms) {
    const { derivativesComplex, hessianRow } = functional;
    if (derivativesComplex === undefined)
      throw notAnalytic(`${functional.name} has no derivatives at complex voltages`);
    const curvature = complexOf(hessianRow.length);
    translated(() => derivativesComplex(x, 0, one, curvature));
    for (const part of ['re', 'im'] as const) {
      for (let i = 0; i < one.re.length; i++) gradient[part][i] += weight * one[part][i];
      for (let k = 0; k < hessianRow.length; k++) hessian[part][at + k] = weight * curvature[part][k];
    }
    at += hessianRow.length;
  }
}

/** What a law without continuation says, as an obstacle of the rule. */
function translated(compute: () => void): void {
  try {
    compute();
  } catch (error) {
    if (error instanceof InputError) throw notAnalytic(error.diagnostics[0].message);
    throw error;
  }
}

const notAnalytic = (why: string): LearningError =>
  new LearningError(`holomorphic nudges need laws that are analytic: ${why}`, {
    code: 'not-analytic',
    devices: [],
    hint: 'nudge with real β (centred), or write the expression with analytic functions such as tanh',
  });

const unsettled = (re: number, im: number): LearningError =>
  new LearningError(`the phase nudged by ${re.toPrecision(3)} + ${im.toPrecision(3)}i finds no rest`, {
    code: 'not-settled',
    devices: [],
    hint: 'choose a smaller radius (beta)',
  });
