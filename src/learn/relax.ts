// A circuit left to itself under constant inputs, as hardware is: C ẋ + f(x) = 0 from a start until nothing moves any
// more, or for a given time in units of its slowest time constant.
import type { Source, System } from '../circuit/system.js';
import { LearningError } from '../errors.js';
import { createState } from '../solve/history.js';
import { createInputs } from '../solve/inputs.js';
import { march } from '../solve/march.js';
import { operatingPoint } from '../solve/operating-point.js';
import type { SolveOptions } from '../solve/options.js';
import type { Sink } from '../solve/segment.js';
import { slowestTimeConstant } from '../solve/time-constant.js';
import type { Workspace } from '../solve/workspace.js';
import { distanceToRest, type Settle, type Start } from './settle.js';

/** How long a circuit that is left to itself is given. */
export interface RelaxOptions {
  /** Exactly this long, in units of the slowest time constant, settled or not; default: until nothing moves. */
  readonly duration?: number;
  /** Settled when τ·|ẋ| is below this share of the largest unknown of its quantity; default 1e-10. */
  readonly tolerance?: number;
  /** Longest time to wait for that, in units of the slowest time constant; default 400. */
  readonly patience?: number;
  /** The unit of time, s; default the slowest time constant linearised at the start. */
  readonly timeConstant?: number;
  /** Is shown every accepted step: what integrates powers to energies. */
  readonly observe?: Sink;
}

/** Where a relaxation ended. */
export interface Relaxation extends Start {
  readonly settled: boolean;
  /** τ·max|ẋ| over what may be left of it: ≤ 1 is settled. */
  readonly residual: number;
  /** Circuit time, s, and the same in units of the slowest time constant. */
  readonly time: number;
  readonly settling: number;
  /** The unit of time, s. */
  readonly timeConstant: number;
}

/** What helps where rest takes too long. */
export const BY_NEWTON =
  'settle by Newton, as rules without :relax do (in code: without settleByRelaxing, or with more patience)';

const TOLERANCE = 1e-10;
const PATIENCE = 400;
/** Relative accuracy of the march, so that what is left at the end is the circuit's. */
const RELTOL = 1e-8;
/** Steps to a time constant, at least. */
const RESOLUTION = 2;

/**
 * Marches `system` (its sources at DC, time standing still in explicit expressions) from `start`, or from zero and
 * what `.nodeset` and `.ic` say. A circuit that stores nothing is at its operating point at once.
 *
 * @throws LearningError `not-settled` when something still moves after `patience`; `no-time-constant` when a mode rings
 * without loss; SimulationError when the march cannot go on.
 */
export function relax(
  system: System,
  start: Start | undefined,
  options: SolveOptions,
  workspace: Workspace,
  how: RelaxOptions = {},
): Relaxation {
  const { duration, tolerance = TOLERANCE, patience = PATIENCE } = how;
  const still = atRest(system);
  const begin = beginning(still, start);
  const timeConstant = how.timeConstant ?? slowestTimeConstant(still, begin.x, workspace);
  if (timeConstant === 0) {
    const { x, modes } = operatingPoint(still, options, workspace, { guess: begin.x, modes: begin.modes });
    return { x, modes, residual: 0, time: 0, settling: 0, settled: true, timeConstant };
  }
  if (!(timeConstant < Infinity)) throw ringing(system);

  const quiet = createQuietness(still, timeConstant, tolerance);
  const stop = { aborted: false };
  const x = new Float64Array(system.size);
  const rates = createState(system.size, system.charges);
  let time = 0;
  let residual = Infinity;
  const sink: Sink = (segment) => {
    how.observe?.(segment);
    time = segment.to;
    x.set(segment.end.x);
    if (time === 0) return;
    segment.endRates(rates);
    residual = quiet.motion(time, x, rates.y);
    if (duration === undefined && residual <= 1) stop.aborted = true;
  };
  const share = Math.min(1, RELTOL / options.reltol);
  march(
    still,
    begin,
    {
      ...options,
      method: 'bdf',
      reltol: options.reltol * share,
      abstol: options.abstol * share,
      vntol: options.vntol * share,
      chgtol: options.chgtol * share,
      tstop: (duration ?? patience) * timeConstant,
      tmax: timeConstant / RESOLUTION,
    },
    workspace,
    sink,
    stop,
  );
  const settled = residual <= 1;
  if (duration === undefined && !settled)
    throw unsettled(system, patience, timeConstant, quiet.worst(), residual);
  const modes = Float64Array.from(system.modes, (m) => x[m.slot]);
  return { x, modes, residual, time, settling: time / timeConstant, settled, timeConstant };
}

/**
 * A phase of a learning rule in time, every phase with the same request. Its residual is what Newton's iteration would
 * still move, as of any other way to settle.
 */
export const settleByRelaxing =
  (how: RelaxOptions = {}): Settle =>
  (system, options, workspace, start) => {
    const { x, modes, settling } = relax(system, start, options, workspace, how);
    const residual = distanceToRest(system, options, workspace, { x, modes });
    return { x, modes, settling, residual };
  };

/** The same circuit with every source at its DC value and time standing still at 0. */
export function atRest(system: System): System {
  if (!system.sources.some((s) => s.varies) && system.linear) return system;
  return {
    ...system,
    sources: system.sources.map(constant),
    evaluate: (x, _t, f, q, G, C, limited) => system.evaluate(x, 0, f, q, G, C, limited),
    addNonlinear: (x, _t, f, q, G, C, limited) => system.addNonlinear(x, 0, f, q, G, C, limited),
    evaluateCharges: (x, _t, q) => system.evaluateCharges(x, 0, q),
  };
}

const constant = (source: Source): Source => ({
  ...source,
  varies: false,
  value: () => source.dc,
  slope: () => 0,
  nextBreakpoint: () => Infinity,
});

function beginning(system: System, start: Start | undefined) {
  const inputs = createInputs(system);
  if (start) inputs.modes.set(start.modes);
  const x = new Float64Array(system.size);
  if (start) x.set(start.x);
  else for (const [i, value] of [...system.nodesets, ...system.initialConditions]) x[i] = value;
  inputs.steady(x);
  return { x, modes: inputs.modes.slice(), inconsistent: true };
}

/**
 * τ·max|ẋ| over what may be left of it, or max|Δx| where a wave that leaves a line makes x jump. While one is on its way
 * through a line nothing moves: what moved within the last two delays still counts.
 */
function createQuietness(system: System, tau: number, tolerance: number) {
  const kinds = [...new Set(system.unknowns.map((u) => u.quantity))];
  const kind = Int32Array.from(system.unknowns, (u) => kinds.indexOf(u.quantity));
  const largest = new Float64Array(kinds.length);
  const before = new Float64Array(system.n);
  const wait = 2 * system.delays.reduce((most, d) => Math.max(most, d.by), 0);
  let moved = 0;
  let moving = Infinity;
  let worst = 0;
  return {
    worst: () => worst,
    motion(t: number, x: Float64Array, xdot: Float64Array): number {
      largest.fill(0);
      for (let i = 0; i < system.n; i++) largest[kind[i]] = Math.max(largest[kind[i]], Math.abs(x[i]));
      let now = 0;
      for (let i = 0; i < system.n; i++) {
        const motion = Math.max(tau * Math.abs(xdot[i]), Math.abs(x[i] - before[i]));
        const left = motion / (tolerance * largest[kind[i]]);
        before[i] = x[i];
        if (left > now) {
          now = left;
          worst = i;
        }
      }
      if (now > 1) {
        moved = t;
        moving = now;
      }
      return t - moved < wait ? moving : now;
    },
  };
}

function unsettled(
  system: System,
  patience: number,
  tau: number,
  worst: number,
  residual: number,
): LearningError {
  const devices = system.devicesAt(worst);
  return new LearningError(
    `the circuit has not settled after ${patience} of its slowest time constants (${tau.toPrecision(3)} s): ` +
      `${system.unknowns[worst].name} still moves ${residual.toPrecision(2)} times more than may be left`,
    {
      code: 'not-settled',
      devices,
      hint:
        'a circuit that oscillates has no point of rest to learn at: damp it, keep its parameters in a stable ' +
        `range, or ${BY_NEWTON}, which suits one that is only slow, too` +
        (system.delays.length > 0 ? ' (lines: match their ends)' : ''),
    },
  );
}

function ringing(system: System): LearningError {
  const devices = new Set(system.unknowns.flatMap((u, i) => (u.differential ? system.devicesAt(i) : [])));
  return new LearningError('the circuit rings without loss and never comes to rest', {
    code: 'no-time-constant',
    devices: [...devices].slice(0, 8),
    hint: `give its inductors and capacitors a loss (a resistance in series or across), or ${BY_NEWTON}`,
  });
}
