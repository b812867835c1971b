// The gradient of a small-signal response: A = G + jωC, A·x = 0 over unknowns and inputs, Aᵀμ = −(∂c/∂re − j·∂c/∂im),
// and dc = Re μᵀ(dA)x, of which a part goes through the operating point at which the circuit is linearised.
import type { AnalysisOptions } from '../analysis/options.js';
import { createSmallSignal } from '../analysis/small-signal.js';
import type { Sensitivity, Signal, System } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import { signalOf } from '../solve/history.js';
import { createLinearisation, createWorkspace, type Workspace } from '../solve/workspace.js';
import { addInputColumns } from './read.js';
import { linearise, settleByNewton } from './settle.js';

/** A real function of a complex response. */
export interface ResponseCost {
  /** @param re, im the response, length size: unknowns and inputs */
  value(re: Float64Array, im: Float64Array): number;
  /** Adds ∂c/∂re and ∂c/∂im (length size). */
  addGradient(re: Float64Array, im: Float64Array, byRe: Float64Array, byIm: Float64Array): void;
}

export interface ResponseGradient {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** |s|, in the signal's unit for AC sources of one volt or ampere. */
export const magnitude = (signal: Signal): ResponseCost =>
  ofSignal(signal, Math.hypot, (a, b) => {
    const r = Math.hypot(a, b);
    return [a / r, b / r];
  });

/** The angle of s, rad, in (−π, π]. */
export const phase = (signal: Signal): ResponseCost =>
  ofSignal(
    signal,
    (a, b) => Math.atan2(b, a),
    (a, b) => [-b / (a * a + b * b), a / (a * a + b * b)],
  );

function ofSignal(
  { index, weight }: Signal,
  value: (re: number, im: number) => number,
  slope: (re: number, im: number) => readonly [number, number],
): ResponseCost {
  const read = (x: Float64Array) => index.reduce((sum, i, k) => sum + weight[k] * x[i], 0);
  return {
    value: (re, im) => value(read(re), read(im)),
    addGradient(re, im, byRe, byIm) {
      const [a, b] = slope(read(re), read(im));
      for (let k = 0; k < index.length; k++) {
        byRe[index[k]] += weight[k] * a;
        byIm[index[k]] += weight[k] * b;
      }
    },
  };
}

/** How far the operating point is moved along the response, V or A at the largest entry. */
const REACH = 2e-4;
/** Central differences of fourth order. */
const STENCIL = [
  [-2, 1 / 12],
  [-1, -2 / 3],
  [1, 2 / 3],
  [2, -1 / 12],
] as const;

/**
 * dc/dp of the response to the AC sources at one frequency, one transposed complex solution and one real one. First
 * derivatives are exact; the second ones that appear (how ∂f/∂p and G change along the response) are differences of
 * those along one direction, exact for linear elements.
 *
 * @param frequency Hz, ≥ 0
 * @throws LearningError `singular` when there is no response at the frequency; as `settleByNewton`.
 * Source: Director & Rohrer, IEEE Trans. Circuit Theory 16 (1969) 318, for the part at a fixed operating point.
 */
export function responseGradient(
  system: System,
  sensitivity: Sensitivity,
  options: AnalysisOptions,
  frequency: number,
  cost: ResponseCost,
  workspace: Workspace = createWorkspace(),
): ResponseGradient {
  const { n, size, slots, delays } = system;
  const omega = 2 * Math.PI * frequency;
  const { x } = settleByNewton(system, options, workspace);
  const response = createSmallSignal(system, x, workspace);
  if (response.solve(omega) !== 0) {
    throw new LearningError(`the matrix is singular at ${frequency} Hz: there is no response`, {
      code: 'singular',
      devices: [],
      hint: 'choose a frequency at which .ac has a solution',
    });
  }
  const { re, im, G, C, lu } = response;
  sensitivity.clear();

  // μ over the unknowns, and what is asked of the inputs (conjugated as μ is): wRe + j·wIm.
  const wRe = new Float64Array(size);
  const wIm = new Float64Array(size);
  cost.addGradient(re, im, wRe, wIm);
  for (let i = 0; i < size; i++) wIm[i] = -wIm[i];
  returnDelays();
  const muRe = wRe.map((v, i) => (i < n ? -v : 0));
  const muIm = wIm.map((v, i) => (i < n ? -v : 0));
  const [shortRe, shortIm] = [muRe.slice(0, n), muIm.slice(0, n)];
  lu.solveTransposed(shortRe, shortIm);
  muRe.set(shortRe);
  muIm.set(shortIm);
  wRe.fill(0, 0, n);
  wIm.fill(0, 0, n);
  inputColumns(G, C, wRe, wIm);
  returnDelays();
  sensitivity.addStimulus(
    wRe,
    wIm.map((v) => -v),
  );

  // Along the response: λᵀ∂f/∂p, μᵀ∂q/∂p, and Gᵀλ, Cᵀμ for the way through the operating point.
  const byPoint = new Float64Array(size);
  along(
    re,
    muRe,
    muIm.map((v) => -omega * v),
  );
  along(
    im,
    muIm.map((v) => -v),
    muRe.map((v) => -omega * v),
  );
  if (!system.linear) throughThePoint();
  return { value: cost.value(re, im), gradient: sensitivity.gradient() };

  /** What is asked of delayed signals is asked of what they delay, e^(−jω·by) later. */
  function returnDelays(): void {
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

  /** w += (G + jωC)ᵀμ over the inputs. */
  function inputColumns(g: Float64Array, c: Float64Array, intoRe: Float64Array, intoIm: Float64Array): void {
    addInputColumns(system, g, muRe, intoRe);
    addInputColumns(system, g, muIm, intoIm);
    addInputColumns(
      system,
      c,
      muIm.map((v) => -omega * v),
      intoRe,
    );
    addInputColumns(
      system,
      c,
      muRe.map((v) => omega * v),
      intoIm,
    );
  }

  /** Derivative along `way` of λᵀ∂f/∂p + κᵀ∂q/∂p, and of Gᵀλ + Cᵀκ, at the operating point. */
  function along(way: Float64Array, lambda: Float64Array, kappa: Float64Array): void {
    const largest = way.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    if (largest === 0) return;
    const step = REACH / largest;
    const at = new Float64Array(size);
    const f = new Float64Array(size);
    const q = new Float64Array(system.charges);
    const [g, c] = [new Float64Array(slots), new Float64Array(slots)];
    for (const [k, weight] of STENCIL) {
      const factor = weight / step;
      for (let i = 0; i < size; i++) at[i] = x[i] + k * step * way[i];
      const [scaled, charged] = [lambda.map((v) => factor * v), kappa.map((v) => factor * v)];
      sensitivity.addCurrents(scaled, at, 0);
      sensitivity.addCharges(charged, at, 0);
      if (system.linear) continue;
      system.evaluate(at, 0, f, q, g, c);
      addColumns(system, g, scaled, byPoint);
      addColumns(system, c, charged, byPoint);
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

/** out += Aᵀv over all columns; v in its rows < n. */
function addColumns(system: System, A: Float64Array, v: Float64Array, out: Float64Array): void {
  const { colPtr, rowIdx } = system.pattern;
  for (let j = 0; j < system.n; j++)
    for (let k = colPtr[j]; k < colPtr[j + 1]; k++) out[j] += A[k] * v[rowIdx[k]];
  addInputColumns(system, A, v, out);
}
