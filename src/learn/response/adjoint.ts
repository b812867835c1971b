// The gradient of a small-signal response: A = G + jωC, A·x = 0 over unknowns and inputs, Aᵀμ = −(∂c/∂re − j·∂c/∂im),
// and dc = Re μᵀ(dA)x, of which a part goes through the operating point at which the circuit is linearised.
import type { AnalysisOptions } from '../../analysis/options.js';
import type { Sensitivity, System } from '../../circuit/system.js';
import { signalOf } from '../../solve/history.js';
import { createLinearisation, createWorkspace, type Workspace } from '../../solve/workspace.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { addInputColumns } from '../read.js';
import { freePhase } from '../rules/phases.js';
import { linearise } from '../settle.js';
import { audit } from './audit.js';
import { byFrequency, type Instance, type ResponseTerm } from './cost.js';
import { responseAt } from './respond.js';
import { pointsAlong } from './stencil.js';

/** dc/dp of costs of AC responses: one transposed complex solution a frequency, and one real one in all. */
export function adjointOfResponse(
  problem: Problem,
  sample: Sample,
  costs: readonly ResponseTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { system, sensitivity } = sample;
  const { x, residual } = freePhase(system, problem.options, workspace, options);
  const found = responseGradient(system, sensitivity, problem.options, x, byFrequency(costs), workspace);
  return {
    rule: 'adjoint',
    cost: found.value,
    gradient: found.gradient,
    state: x,
    validity: { residual, tellegen: found.tellegen },
  };
}

/**
 * Σ factor·c and its gradient. First derivatives are exact; the second ones that appear (how ∂f/∂p and G change along the
 * response) are differences of those along one direction, exact for linear elements.
 *
 * @param x the operating point, length size
 * @returns `tellegen`: the worst |Σ v·i| over Σ |v·i| across the linearised network and its transpose
 * @throws LearningError `singular` when there is no response at a frequency
 * Source: Director & Rohrer, IEEE Trans. Circuit Theory 16 (1969) 318, for the part at a fixed operating point.
 */
export function responseGradient(
  system: System,
  sensitivity: Sensitivity,
  options: AnalysisOptions,
  x: Float64Array,
  instances: readonly Instance[],
  workspace: Workspace = createWorkspace(),
): { readonly value: number; readonly gradient: Float64Array; readonly tellegen: number } {
  const { n, size, slots, delays } = system;
  const response = responseAt(system, x, workspace);
  const { re, im, G, C, lu } = response;
  const wRe = new Float64Array(size);
  const wIm = new Float64Array(size);
  const muRe = new Float64Array(size);
  const muIm = new Float64Array(size);
  /** What is asked of the operating point: Gᵀλ + Cᵀκ, differentiated along responses, and what costs ask themselves. */
  const byPoint = new Float64Array(size);
  const f = new Float64Array(size);
  const q = new Float64Array(system.charges);
  const [g, c] = [new Float64Array(slots), new Float64Array(slots)];
  let value = 0;
  let tellegen = 0;

  sensitivity.clear();
  for (const { frequency, costs } of instances) {
    const omega = response.moveTo(frequency);
    wRe.fill(0);
    wIm.fill(0);
    for (const { cost, factor } of costs) {
      value += factor * cost.value(response, frequency);
      cost.addGradient(response, frequency, factor, wRe, wIm);
      cost.addExplicit?.(response, frequency, factor, byPoint, sensitivity);
    }
    // μ over the unknowns, and what is asked of the inputs (conjugated as μ is): wRe + j·wIm.
    for (let i = 0; i < size; i++) wIm[i] = -wIm[i];
    returnDelays(omega);
    tellegen = Math.max(tellegen, solveTransposed());
    wRe.fill(0, 0, n);
    wIm.fill(0, 0, n);
    addInputColumns(system, G, muRe, wRe);
    addInputColumns(system, G, muIm, wIm);
    addInputColumns(system, C, scaled(muIm, -omega), wRe);
    addInputColumns(system, C, scaled(muRe, omega), wIm);
    returnDelays(omega);
    sensitivity.addStimulus(wRe, scaled(wIm, -1));
    along(re, muRe, scaled(muIm, -omega));
    along(im, scaled(muIm, -1), scaled(muRe, -omega));
  }
  if (!system.linear) throughThePoint();
  return { value, gradient: sensitivity.gradient(), tellegen };

  /** What is asked of delayed signals is asked of what they delay, e^(−jω·by) later. */
  function returnDelays(omega: number): void {
    for (let d = 0; d < delays.length; d++) {
      const { slot, signal, by } = delays[d];
      const [cos, sin] = [Math.cos(omega * by), Math.sin(omega * by)];
      const a = wRe[slot] * cos + wIm[slot] * sin;
      const b = wIm[slot] * cos - wRe[slot] * sin;
      wRe[slot] = wIm[slot] = 0;
      if (a === 0 && b === 0) continue;
      sensitivity.addDelayed(d, a, re);
      sensitivity.addDelayed(d, -b, im);
      sensitivity.addDelay(d, omega * (a * signalOf(signal, im) + b * signalOf(signal, re)));
      for (let k = 0; k < signal.index.length; k++) {
        wRe[signal.index[k]] += a * signal.weight[k];
        wIm[signal.index[k]] += b * signal.weight[k];
      }
    }
  }

  /** μ := −A⁻ᵀw; returns what Tellegen's theorem says of it. */
  function solveTransposed(): number {
    muRe.fill(0);
    muIm.fill(0);
    for (let i = 0; i < n; i++) {
      muRe[i] = -wRe[i];
      muIm[i] = -wIm[i];
    }
    lu.solveTransposed(muRe.subarray(0, n), muIm.subarray(0, n));
    return audit(lu, { re: muRe, im: muIm }, { re: wRe, im: wIm }, n);
  }

  /** Derivative along `way` of λᵀ∂f/∂p + κᵀ∂q/∂p, and of Gᵀλ + Cᵀκ, at the operating point. */
  function along(way: Float64Array, lambda: Float64Array, kappa: Float64Array): void {
    for (const { at, factor } of pointsAlong(system, x, way)) {
      const [currents, charges] = [scaled(lambda, factor), scaled(kappa, factor)];
      sensitivity.addCurrents(currents, at, 0);
      sensitivity.addCharges(charges, at, 0);
      if (system.linear) continue;
      system.evaluate(at, 0, f, q, g, c);
      addColumns(system, g, currents, byPoint);
      addColumns(system, c, charges, byPoint);
    }
  }

  /** += what the operating point's dependence on p contributes: a second, real, transposed solution. */
  function throughThePoint(): void {
    const lin = createLinearisation(system, workspace);
    linearise(system, options, x, lin);
    settle(byPoint);
    const lambda = byPoint.slice(0, n).map((v) => -v);
    lin.lu.solveTransposed(lambda);
    const wide = new Float64Array(size);
    wide.set(lambda);
    sensitivity.addCurrents(wide, x, 0);
    byPoint.fill(0, 0, n);
    addInputColumns(system, G, wide, byPoint);
    settle(byPoint);
    sensitivity.addSources(byPoint, 'dc');
  }

  /** At rest a delayed signal is what it delays. */
  function settle(nu: Float64Array): void {
    for (let d = 0; d < delays.length; d++) {
      const { slot, signal } = delays[d];
      if (nu[slot] === 0) continue;
      sensitivity.addDelayed(d, nu[slot], x);
      for (let k = 0; k < signal.index.length; k++) nu[signal.index[k]] += signal.weight[k] * nu[slot];
      nu[slot] = 0;
    }
  }
}

const scaled = (v: Float64Array, factor: number): Float64Array => v.map((each) => factor * each);

/** out += Aᵀv over all columns; v in its rows < n. */
function addColumns(system: System, A: Float64Array, v: Float64Array, out: Float64Array): void {
  const { colPtr, rowIdx } = system.pattern;
  for (let j = 0; j < system.n; j++)
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) out[j] += A[k] * v[rowIdx[k]];
  addInputColumns(system, A, v, out);
}
