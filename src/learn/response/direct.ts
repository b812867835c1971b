// How a response moves with each parameter: A·∂x/∂p = −(∂A/∂p + ∂A/∂x₀·∂x₀/∂p)·x − (what moves the inputs), with the
// operating point x₀ moved by −G⁻¹∂f/∂p: one real and one complex solution a parameter and a frequency.
import { addProducts, addScaled, scale } from '../../math/loops.js';
import { signalOf } from '../../solve/history.js';
import { addBorder, inputColumns } from '../../solve/input-columns.js';
import { createLinearisation, createWorkspace, type Workspace } from '../../solve/workspace.js';
import { slopeAudit } from '../audit.js';
import type { GradientEstimate, RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { freePhase } from '../rules/phases.js';
import { factorAt } from '../settle.js';
import { responseGradient } from './adjoint.js';
import { byFrequency, type Instance, type ResponseTerm } from './cost.js';
import { responseAt } from './respond.js';
import { pointsAlong } from './stencil.js';

/** Numbers that the vectors of parameters may fill at once. */
const CAPACITY = 2 ** 24;

/** dc/dp of costs of AC responses, each parameter by itself. */
export function directOfResponse(
  problem: Problem,
  sample: Sample,
  costs: readonly ResponseTerm[],
  options: RuleOptions,
): GradientEstimate {
  const workspace = options.workspace ?? createWorkspace();
  const { system, sensitivity, values } = sample;
  const { x, residual } = freePhase(system, problem.options, workspace, options);
  const instances = byFrequency(costs);
  const gradient = new Float64Array(values.length);
  const most = Math.max(1, Math.floor((options.capacity ?? CAPACITY) / (3 * system.size)));
  for (let first = 0; first < values.length; first += most) {
    const range: Range = [first, Math.min(most, values.length - first)];
    gradient.set(differentiate(problem, sample, x, instances, workspace, range), first);
  }
  const byCostate = responseGradient(system, sensitivity, problem.options, x, instances, workspace);
  return {
    rule: 'direct',
    cost: byCostate.value,
    gradient,
    state: x,
    validity: { residual, tellegen: slopeAudit(values, gradient, byCostate.gradient) },
  };
}

type Range = readonly [first: number, count: number];

/** dc/dp of `count` parameters, with one factorisation a frequency for all of them. */
function differentiate(
  problem: Problem,
  { system, sensitivity }: Sample,
  x: Float64Array,
  instances: readonly Instance[],
  workspace: Workspace,
  [first, count]: Range,
): Float64Array {
  const { n, size, slots, delays } = system;
  const partials = sensitivity.partials();
  const columns = inputColumns(system);
  const points = pointMoves();
  const response = responseAt(system, x, workspace);
  const { re, im, G, C, lu } = response;
  const vectors = (): readonly Float64Array[] => Array.from({ length: count }, () => new Float64Array(size));
  const [rightRe, rightIm] = [vectors(), vectors()];
  const [movedRe, movedIm] = [new Float64Array(size), new Float64Array(size)];
  const [byRe, byIm] = [new Float64Array(size), new Float64Array(size)];
  const f = new Float64Array(size);
  const q = new Float64Array(system.charges);
  const [g, c] = [new Float64Array(slots), new Float64Array(slots)];
  const own = new Float64Array(size);
  const [currents, charges] = [new Float64Array(size), new Float64Array(size)];
  const byPoint = new Float64Array(size);
  const gradient = new Float64Array(count);

  sensitivity.clear();
  for (const { frequency, costs } of instances) {
    const omega = response.moveTo(frequency);
    byRe.fill(0);
    byIm.fill(0);
    byPoint.fill(0);
    for (const { cost, factor } of costs) {
      cost.addGradient(response, frequency, factor, byRe, byIm);
      cost.addExplicit?.(response, frequency, factor, byPoint, sensitivity);
    }
    for (const right of [...rightRe, ...rightIm]) right.fill(0);
    along(re, omega, rightRe, rightIm, 1);
    along(im, omega, rightIm, rightRe, -1);
    for (let j = 0; j < count; j++) gradient[j] += slope(j, omega);
  }
  addScaled(gradient, 1, sensitivity.gradient().subarray(first), count);
  return gradient;

  /** ∂x₀/∂p, inputs and delayed signals included. */
  function pointMoves(): readonly Float64Array[] {
    const lin = createLinearisation(system, workspace);
    factorAt(system, problem.options, x, lin);
    partials.moveTo(x, 0);
    const wide = new Float64Array(size);
    return Array.from({ length: count }, (_, j) => {
      const moves = new Float64Array(size);
      partials.addSources(first + j, 1, 'dc', moves);
      for (let k = 0; k < delays.length; k++) moves[delays[k].slot] += partials.delayed(first + j, k, x);
      wide.fill(0);
      partials.addCurrents(first + j, 1, wide);
      addBorder(columns, lin.G, 1, moves, wide);
      scale(moves, -1, wide, n);
      lin.lu.solve(moves.subarray(0, n));
      for (const { slot, signal } of delays) moves[slot] += signalOf(signal, moves);
      return moves;
    });
  }

  /**
   * What the laws say of a part of the response: f of `same`, and ω·q of `across`, which is j times it.
   *
   * @param sign of ω·q there
   */
  function along(
    way: Float64Array,
    omega: number,
    same: readonly Float64Array[],
    across: readonly Float64Array[],
    sign: 1 | -1,
  ): void {
    for (const { at, factor } of pointsAlong(system, x, way)) {
      partials.moveTo(at, 0);
      if (!system.linear) system.evaluate(at, 0, f, q, g, c);
      for (let j = 0; j < count; j++) {
        currents.fill(0);
        charges.fill(0);
        partials.addCurrents(first + j, factor, currents);
        partials.addCharges(first + j, factor, charges);
        if (!system.linear) {
          addThrough(g, points[j], factor, currents);
          addThrough(c, points[j], factor, charges);
        }
        addScaled(same[j], 1, currents, n);
        addScaled(across[j], sign * omega, charges, n);
      }
    }
    for (let j = 0; j < count; j++) {
      charges.fill(0);
      partials.addRates(first + j, way, charges);
      addScaled(across[j], sign * omega, charges, n);
    }
  }

  /** out += factor·A v, columns of inputs included. */
  function addThrough(A: Float64Array, v: Float64Array, factor: number, out: Float64Array): void {
    scale(own, factor, v, size);
    addProducts(system.pattern, A, own, out);
    addBorder(columns, A, 1, own, out);
  }

  /** ∂c/∂p at the present frequency. */
  function slope(j: number, omega: number): number {
    moveInputs(first + j, omega);
    const [right, left] = [rightRe[j], rightIm[j]];
    addBorder(columns, G, 1, movedRe, right);
    addBorder(columns, C, -omega, movedIm, right);
    addBorder(columns, G, 1, movedIm, left);
    addBorder(columns, C, omega, movedRe, left);
    for (let i = 0; i < n; i++) {
      movedRe[i] = -right[i];
      movedIm[i] = -left[i];
    }
    lu.solve(movedRe.subarray(0, n), movedIm.subarray(0, n));
    let sum = 0;
    const point = points[j];
    for (let i = 0; i < size; i++) sum += byRe[i] * movedRe[i] + byIm[i] * movedIm[i] + byPoint[i] * point[i];
    return sum;
  }

  /** ∂x/∂p of the inputs, the unknowns at rest: of the stimulus, and of delayed signals, e^(−jω·by) of what they delay. */
  function moveInputs(p: number, omega: number): void {
    movedRe.fill(0);
    movedIm.fill(0);
    partials.addStimulus(p, movedRe, movedIm);
    for (let k = 0; k < delays.length; k++) {
      const { slot, signal, by } = delays[k];
      const turned = omega * partials.delay(p, k);
      const a = partials.delayed(p, k, re) + signalOf(signal, movedRe) + turned * signalOf(signal, im);
      const b = partials.delayed(p, k, im) + signalOf(signal, movedIm) - turned * signalOf(signal, re);
      const [cos, sin] = [Math.cos(omega * by), Math.sin(omega * by)];
      movedRe[slot] = a * cos + b * sin;
      movedIm[slot] = b * cos - a * sin;
    }
  }
}
