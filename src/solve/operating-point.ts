// f(x) = 0: Newton with junction limiting, and when that fails ways to walk there: a conductance to ground, the
// sources, an artificial time.
import type { System, UndefinedLaw } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { correct } from '../math/correction.js';
import { blame, GUARD } from './blame.js';
import { createInputs, type Inputs } from './inputs.js';
import { junctionNorm, pnjlim } from './junction.js';
import type { SolveOptions } from './options.js';
import { absoluteTolerances } from './tolerances.js';
import { createLinearisation, type Workspace } from './workspace.js';

export type Strategy = 'newton' | 'gmin stepping' | 'source stepping' | 'pseudo-transient';

export interface OperatingPoint {
  /** Length size: unknowns and inputs. */
  readonly x: Float64Array;
  /** Nonlinear charges there. */
  readonly q: Float64Array;
  readonly modes: Float64Array;
  readonly strategy: Strategy;
  readonly iterations: number;
}

export interface OperatingPointRequest {
  /** Source values, one per source; default their dc. */
  readonly values?: Float64Array;
  /** First guess, length size; default zero. */
  readonly guess?: Float64Array;
  /** Modes to begin with; default the initial ones. */
  readonly modes?: Float64Array;
  /** Hold `.ic` nodes at their values (the point a transient starts from). */
  readonly holdInitial?: boolean;
  /** Ignore `.nodeset` (warm starts). */
  readonly ignoreNodesets?: boolean;
  /** Value of time at which explicit expressions of time are read, s; default 0. */
  readonly time?: number;
}

/** Conductance with which a held node hangs on its value, S. */
export const HOLD = 1e9;
const GOAL = 1e-2;
const LARGEST_GMIN = 1e-2;
const SMALLEST_GMIN = 1e-13;

interface Homotopy {
  gmin: number;
  /** Conductance of the artificial time step, towards `anchor`. */
  pull: number;
  scale: number;
}

/**
 * The operating point of a system.
 *
 * @throws SimulationError `no-operating-point` or `singular-matrix`, with the worst unknown and all that was tried;
 * `not-finite` where a law has no value on the way.
 */
export function operatingPoint(
  system: System,
  options: SolveOptions,
  workspace: Workspace,
  request: OperatingPointRequest = {},
): OperatingPoint {
  const { n, size, junctions, delays, diagonal, isNode } = system;
  const { reltol } = options;
  const absolute = absoluteTolerances(system, options);
  const inputs: Inputs = createInputs(system);
  if (request.values) inputs.values.set(request.values);
  if (request.modes) inputs.modes.set(request.modes);
  const full = inputs.values.slice();
  const lin = createLinearisation(system, workspace);
  const { f, residual, G } = lin;
  const x = new Float64Array(size);
  const q = new Float64Array(system.charges);
  const anchor = new Float64Array(n);
  const kept = new Float64Array(size);
  const before = new Float64Array(junctions.count);
  const limited = new Float64Array(junctions.count);
  const start = new Float64Array(size);
  const time = request.time ?? 0;
  const tried: string[] = [];
  let iterations = 0;
  const worst = new Int32Array(1);
  let singular = -1;
  let held: readonly (readonly [number, number])[] = [];

  if (request.guess) start.set(request.guess);
  const always = request.holdInitial ? system.initialConditions : [];
  let strategy: Strategy = 'newton';
  for (let round = 0; round < 2 * system.modes.length + 2; round++) {
    strategy = solveModes(round === 0);
    if (inputs.flip(x) === 0) return { x, q, modes: inputs.modes.slice(), strategy, iterations };
    start.set(x);
  }
  throw failure('the switches find no state that agrees with their control signals', 'modes-disagree');

  /** One solution for the present modes. */
  function solveModes(first: boolean): Strategy {
    const nodesets = first && !request.ignoreNodesets ? system.nodesets : [];
    const fromStart = () => {
      x.set(start);
      for (const [i, v] of nodesets) x[i] = v;
      for (const [i, v] of always) x[i] = v;
      inputs.values.set(full);
    };
    fromStart();
    if (nodesets.length > 0) {
      held = [...always, ...nodesets];
      if (!newton(PLAIN, options.itl1)) fromStart();
    }
    held = always;
    if (newton(PLAIN, options.itl1)) return 'newton';
    tried.push(`Newton, ${options.itl1} iterations`);
    fromStart();
    if (gminStepping()) return 'gmin stepping';
    fromStart();
    if (sourceStepping()) return 'source stepping';
    fromStart();
    if (pseudoTransient()) return 'pseudo-transient';
    const failed = failure(
      'no operating point found',
      singular >= 0 ? 'singular-matrix' : 'no-operating-point',
    );
    const law = undefinedLaw();
    throw law === undefined ? failed : withoutValue(law, tried);
  }

  function gminStepping(): boolean {
    let factor = 10;
    let gmin = LARGEST_GMIN;
    let reached = Infinity;
    for (let steps = 0; steps < 120; steps++) {
      kept.set(x);
      if (newton({ gmin, pull: 0, scale: 1 }, options.itl1)) {
        reached = gmin;
        if (gmin <= SMALLEST_GMIN) {
          if (newton(PLAIN, options.itl1)) return true;
          break;
        }
        factor = Math.min(10, factor * 1.5);
        gmin = Math.max(SMALLEST_GMIN, gmin / factor);
      } else {
        x.set(kept);
        if (reached === Infinity) {
          gmin *= 10;
          if (gmin > 1e3) break;
        } else {
          factor = Math.sqrt(factor);
          if (factor < 1.0005) break;
          gmin = reached / factor;
        }
      }
    }
    tried.push(`gmin stepping, down to ${reached === Infinity ? LARGEST_GMIN : reached} S`);
    return false;
  }

  function sourceStepping(): boolean {
    x.fill(0);
    let reached = 0;
    let step = 0.1;
    if (!newton({ gmin: 0, pull: 0, scale: 0 }, options.itl1)) {
      tried.push('source stepping, from 0 % on');
      return false;
    }
    for (let steps = 0; steps < 400 && step > 1e-6; steps++) {
      const next = Math.min(1, reached + step);
      kept.set(x);
      if (newton({ gmin: 0, pull: 0, scale: next }, Math.min(50, options.itl1))) {
        if (next === 1) return true;
        reached = next;
        step *= 1.5;
      } else {
        x.set(kept);
        step /= 4;
      }
    }
    tried.push(`source stepping, up to ${(100 * reached).toPrecision(4)} %`);
    return false;
  }

  /** Implicit Euler with a unit capacitance at every node: follows a trajectory to a stable point. */
  function pseudoTransient(): boolean {
    let pull = 1e3;
    for (let steps = 0; steps < 2000 && pull < 1e12; steps++) {
      kept.set(x);
      anchor.set(x.subarray(0, n));
      const used = iterations;
      if (newton({ gmin: 0, pull, scale: 1 }, 20)) {
        if (pull < 1e-10 && newton(PLAIN, options.itl1)) return true;
        pull /= iterations - used <= 6 ? 3 : 1.2;
        if (pull < 1e-14) break;
      } else {
        x.set(kept);
        pull *= 8;
      }
    }
    tried.push(`pseudo-transient, to a conductance of ${pull.toExponential(1)} S`);
    return false;
  }

  function newton(h: Homotopy, most: number): boolean {
    for (let k = 0; k < full.length; k++) inputs.values[k] = h.scale * full[k];
    inputs.steady(x);
    readJunctions(before);
    let previous = Infinity;
    for (let m = 0; m < most; m++) {
      iterations++;
      if (delays.length > 0) inputs.settleDelays(x);
      const clamped = limitJunctions();
      system.evaluate(x, time, f, q, G, lin.C, clamped ? limited : undefined);
      if (delays.length > 0) system.dcCoupling(G);
      const gmin = h.gmin + options.gmin;
      if (gmin > 0 || h.pull > 0) {
        for (let i = 0; i < n; i++) {
          if (!isNode[i]) continue;
          f[i] += gmin * x[i] + h.pull * (x[i] - anchor[i]);
          G[diagonal[i]] += gmin + h.pull;
        }
      }
      for (const [i, v] of held) {
        f[i] += HOLD * (x[i] - v);
        G[diagonal[i]] += HOLD;
      }
      const status = lin.factor(0);
      if (status !== 0) {
        singular = worst[0] = status - 1;
        return false;
      }
      lin.lu.solve(residual);
      const norm = move();
      if (!(norm < Infinity)) return false;
      singular = -1;
      const settled = norm <= GOAL || (norm <= 1 && norm >= 0.5 * previous);
      if (!clamped && settled && (m > 0 || system.linear)) {
        if (delays.length > 0) inputs.settleDelays(x);
        system.evaluate(x, time, f, q);
        return true;
      }
      previous = clamped ? Infinity : norm;
    }
    return false;
  }

  /** x −= A⁻¹f; returns max |δ_i|/tol_i. */
  function move(): number {
    const norm = correct(n, x, f, absolute, reltol, worst);
    return Number.isNaN(norm) ? norm : Math.max(norm, junctionNorm(junctions, x, f, n, reltol));
  }

  function readJunctions(v: Float64Array): void {
    for (let k = 0; k < junctions.count; k++) v[k] = x[junctions.plus[k]] - x[junctions.minus[k]];
  }

  function limitJunctions(): boolean {
    let clamped = false;
    readJunctions(limited);
    for (let k = 0; k < junctions.count; k++) {
      const v = pnjlim(limited[k], before[k], junctions.thermal[k], junctions.critical[k]);
      if (Math.abs(v - limited[k]) > 1e-9 + 1e-6 * Math.abs(v)) clamped = true;
      limited[k] = before[k] = v;
    }
    return clamped;
  }

  /** Newton's way from the start once more, in single steps: the first law on it that has no value. */
  function undefinedLaw(): UndefinedLaw | undefined {
    x.set(start);
    for (let m = 0; m < options.itl1; m++) {
      kept.set(x);
      newton(PLAIN, 1);
      kept.set(x.subarray(n), n);
      const left = singular >= 0 || x.subarray(0, n).some((value) => !Number.isFinite(value));
      if (left) return system.undefinedLaw?.(kept, time);
    }
    return undefined;
  }

  function failure(what: string, code: string): SimulationError {
    const name = system.unknowns[worst[0]]?.name ?? '';
    const devices = system.devicesAt(worst[0]);
    const where = singular >= 0 ? 'the matrix is singular at' : 'the worst unknown is';
    return new SimulationError(
      `${what}: ${where} ${name} (${devices.join(', ')}); tried ${tried.join('; ')}`,
      {
        code,
        unknowns: name ? [name] : [],
        devices,
        tried,
      },
    );
  }
}

/** `not-finite`: which law has no value, and where. */
function withoutValue(law: UndefinedLaw, tried: readonly string[]): SimulationError {
  const { what, ...named } = blame(law);
  return new SimulationError(`no operating point found: ${what}; tried ${tried.join('; ')}`, {
    code: 'not-finite',
    ...named,
    tried,
    hint: `${GUARD}, or begin where it has one, with .nodeset`,
  });
}

const PLAIN: Homotopy = { gmin: 0, pull: 0, scale: 1 };
