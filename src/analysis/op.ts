// The operating point as a dataset of one row.
import type { Probe, System } from '../circuit/system.js';
import { type OperatingPoint, type OperatingPointRequest, operatingPoint } from '../solve/operating-point.js';
import { stability } from '../solve/stability.js';
import type { Dataset } from './dataset.js';
import { type AnalysisOptions, demandOptions } from './options.js';
import { column, createReader, type Hooks, workspaceOf } from './run.js';

/**
 * Operating point read by `probes`; warns through `hooks.warn` when the point is unstable.
 *
 * @throws SimulationError when there is none to be found; RangeError for options that make no sense
 */
export function op(
  system: System,
  probes: readonly Probe[],
  options: AnalysisOptions,
  hooks?: Hooks,
): Dataset {
  demandOptions(options);
  const started = hooks?.clock?.() ?? 0;
  const point = findPoint(system, options, hooks);
  const reader = createReader(system, probes);
  const row = new Float64Array(probes.length);
  reader.state.x.set(point.x);
  reader.state.q.set(point.q);
  reader.read(0, reader.state, reader.rates, row, 0);
  return {
    analysis: 'op',
    title: hooks?.title ?? '',
    columns: probes.map((p, k) => column(p.name, p.quantity, row.slice(k, k + 1))),
    ...(hooks?.step ? { step: hooks.step } : {}),
    statistics: {
      strategy: point.strategy,
      iterations: point.iterations,
      ...(hooks?.clock ? { seconds: (hooks.clock() - started) / 1e3 } : {}),
    },
    complete: true,
  };
}

/** The operating point, with the warning when it is unstable. */
export function findPoint(
  system: System,
  options: AnalysisOptions,
  hooks: Hooks | undefined,
  request: OperatingPointRequest = {},
): OperatingPoint {
  const workspace = workspaceOf(hooks);
  const point = operatingPoint(system, options, workspace, request);
  if (options.stability && hooks?.warn && !(request.holdInitial && system.initialConditions.length > 0)) {
    const found = stability(system, point, workspace);
    if (found.unstable) {
      hooks.warn({
        severity: 'warning',
        code: 'unstable-operating-point',
        message: `the operating point is unstable: a disturbance grows as exp(${found.growth.toPrecision(3)}·t), t in s`,
        hint: 'to leave it, give .ic (or IC= with uic), or start a source from another value',
      });
    }
  }
  return point;
}
