// The trajectory of a sample: marched once with adaptive steps, whose grid is then frozen and solved to rounding.
import { record } from '../../analysis/record.js';
import { LearningError } from '../../errors.js';
import type { Tape } from '../../solve/tape.js';
import { createTrajectory, type Trajectory } from '../../solve/trajectory.js';
import type { Workspace } from '../../solve/workspace.js';
import type { RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';

/** Points are kept whole while they are not more numbers than this, 8 bytes each; solving them again takes longer. */
export const CAPACITY = 2 ** 24;

/**
 * The accepted grid of a sample.
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
  return record(sample.system, problem.transient, problem.options, options.capacity ?? CAPACITY, {
    workspace,
  });
}

/** The trajectory of a sample on a frozen grid, solved to rounding. */
export function follow(
  problem: Problem,
  sample: Sample,
  tape: Tape,
  options: RuleOptions,
  workspace: Workspace,
): Trajectory {
  return createTrajectory(sample.system, tape, problem.options, workspace, options.capacity ?? CAPACITY);
}
