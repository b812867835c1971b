// A transient that is to be differentiated: its accepted steps written down instead of its signals.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { march } from '../solve/march.js';
import { createTape, type Tape } from '../solve/tape.js';
import type { AnalysisOptions } from './options.js';
import { type Hooks, workspaceOf } from './run.js';
import { begin, marchOptions, type TransientRequest } from './transient.js';

/** How a run is written down. */
export interface Recording {
  /** Numbers that the points may fill; without them they are solved for again. */
  readonly capacity: number;
  /** As in `MarchOptions`. */
  readonly twoSided?: boolean;
}

/**
 * The tape of a transient; `at` and `tstart` play no part.
 *
 * @throws as `transient`; SimulationError `interrupted`.
 */
export function record(
  system: System,
  request: TransientRequest,
  options: AnalysisOptions,
  { capacity, twoSided = false }: Recording,
  hooks: Hooks = {},
): Tape {
  const workspace = workspaceOf(hooks);
  const timing = marchOptions(request, options);
  const { beginning } = begin(system, options, request.uic ?? false, { ...hooks, workspace });
  const tape = createTape(system, beginning, capacity, workspace.pool);
  const watch = hooks.progress;
  const result = march(
    system,
    beginning,
    { ...timing, tape, twoSided },
    workspace,
    (segment) => watch?.(segment.to / request.tstop),
    hooks.signal,
  );
  if (!result.complete) {
    throw new SimulationError('the transient was interrupted', {
      code: 'interrupted',
      unknowns: [],
      devices: [],
      tried: [],
    });
  }
  return tape;
}
