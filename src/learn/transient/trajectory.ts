// The trajectory of a sample: marched once with adaptive steps, whose grid is then frozen, and with it what Newton's
// method has left over at its points.
import type { AnalysisOptions } from '../../analysis/options.js';
import { record } from '../../analysis/record.js';
import { LearningError } from '../../errors.js';
import type { Replay } from '../../solve/replay.js';
import type { Tape } from '../../solve/tape.js';
import { createTrajectory, type Trajectory } from '../../solve/trajectory.js';
import type { Workspace } from '../../solve/workspace.js';
import type { RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { freeModes } from './instants.js';

/** A run is kept whole while it fills no more numbers than this, 8 bytes each. */
export const CAPACITY = 2 ** 24;

/**
 * The accepted grid of a sample. It stays as it is while parameters move, but for the instants at which switches flip and
 * what follows them until the next corner: how long steps are (none is longer than the shortest delay of a line) and where
 * corners stand is not differentiated. Where corners move with a parameter they are
 * points twice, so that what follows one has a slope of its own.
 *
 * @throws LearningError `no-transient` without a `.tran`; SimulationError.
 */
export function freeze(problem: Problem, sample: Sample, options: RuleOptions, workspace: Workspace): Tape {
  if (!problem.transient) {
    throw new LearningError('a cost over time needs a transient, and there is no .tran', {
      code: 'no-transient',
      devices: [],
      hint: 'add .tran tstep tstop to the deck',
    });
  }
  const recording = {
    capacity: options.capacity ?? CAPACITY,
    twoSided: sample.sensitivity.movesCorners,
  };
  return record(sample.system, problem.transient, problem.options, recording, { workspace });
}

/**
 * The trajectory of a sample on a frozen grid.
 *
 * @throws LearningError `delayed-jump` when a delay may move and what it delays jumps; as `createTrajectory`.
 */
export function follow(problem: Problem, sample: Sample, tape: Tape, workspace: Workspace): Trajectory {
  const { system } = sample;
  const isFree = freeModes(sample);
  const trajectory = createTrajectory(system, tape, problem.options, workspace, isFree);
  if (system === tape.system) demandNoJumps(trajectory, sample.sensitivity.ofDelays, problem.options);
  return trajectory;
}

/** Share of the tolerance by which a signal that does not jump may differ between the two sides of a corner. */
const SHARE = 0.5;

/** A corner that comes back later moves what follows it; a jump moves an instant, and instants belong to the grid. */
function demandNoJumps({ replay }: Trajectory, moved: readonly number[], options: AnalysisOptions): void {
  const jumps = moved.map((k) => ({ t: firstJump(replay, k, options), k }));
  const { t, k } = jumps.reduce((a, b) => (b.t < a.t ? b : a), { t: Infinity, k: -1 });
  if (t === Infinity) return;
  const { element } = replay.system.delays[k];
  throw new LearningError(
    `what ${element} delays jumps at t = ${t} s: the instant at which it comes back is not differentiated`,
    {
      code: 'delayed-jump',
      devices: [element],
      hint: 'give sources edges that take time, begin at rest (without uic), or take the delay out of .train',
    },
  );
}

/** When what delay k holds jumps and still comes back, s; Infinity when it never does. */
function firstJump({ system, tape, traces }: Replay, k: number, { reltol, vntol }: AnalysisOptions): number {
  let largest = 0;
  for (let p = 0; p < tape.pieces; p++) largest = Math.max(largest, Math.abs(traces.endOf(p, k)));
  const allowed = SHARE * (reltol * largest + vntol);
  const last = tape.end - system.delays[k].by;
  let value = traces.before[k];
  for (let p = 0; p < tape.pieces && traces.timeOf(p) < last; p++) {
    if (Math.abs(traces.beginOf(p, k) - value) > allowed) return traces.timeOf(p);
    value = traces.endOf(p, k);
  }
  return Infinity;
}
