// A transient that is to be differentiated: its accepted steps written down instead of its signals.
import type { System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { recordMarch } from '../solve/recording.js';
import type { Tape } from '../solve/tape.js';
import type { AnalysisOptions } from './options.js';
import { type Hooks, workspaceOf } from './run.js';
import { begin, marchOptions, type TransientRequest } from './transient.js';

/** How a run is written down. */
export interface Recording {
  /** Numbers of 8 bytes that it may fill before any of it is to be marched for again. */
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
  const watch = hooks.progress;
  const tape = recordMarch(
    system,
    beginning,
    { ...timing, twoSided },
    workspace,
    capacity,
    (segment) => watch?.(segment.to / request.tstop),
    hooks.signal,
  );
  if (!tape) {
    throw new SimulationError('the transient was interrupted', {
      code: 'interrupted',
      unknowns: [],
      devices: [],
      tried: [],
    });
  }
  return tape;
}
