// Probes of unknowns and short ways to run a transient over a hand-made system.
import type { AnalysisOptions } from '../../src/analysis/options.js';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import type { Hooks } from '../../src/analysis/run.js';
import { type TransientRequest, transient } from '../../src/analysis/transient.js';
import type { Probe, System } from '../../src/circuit/system.js';

/** Reads x[index]. */
export function probe(system: System, index: number): Probe {
  const variable = system.unknowns[index] ?? system.inputVariables[index - system.n];
  return {
    name: variable.name,
    quantity: variable.quantity,
    needs: 'x',
    read: (at) => at.x[index],
    small: () => ({ index: Int32Array.of(index), g: Float64Array.of(1), c: Float64Array.of(0) }),
  };
}

export const probes = (system: System): Probe[] => system.unknowns.map((_, i) => probe(system, i));

export const options = (given: Partial<AnalysisOptions> = {}): AnalysisOptions => ({
  ...DEFAULT_OPTIONS,
  ...given,
});

export interface Trace {
  readonly time: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly statistics: Readonly<Record<string, number | string>>;
  readonly complete: boolean;
}

export function simulate(
  system: System,
  request: TransientRequest,
  given: Partial<AnalysisOptions> = {},
  hooks: Hooks = {},
): Trace {
  const data = transient(system, probes(system), request, options(given), hooks);
  return {
    time: data.axis?.values ?? new Float64Array(0),
    columns: data.columns.map((c) => c.values),
    statistics: data.statistics,
    complete: data.complete,
  };
}

export const last = (a: Float64Array): number => a[a.length - 1];

/** max |a − of(t)| over a trace. */
export function deviation(trace: Trace, column: number, of: (t: number) => number): number {
  return trace.columns[column].reduce((m, v, k) => Math.max(m, Math.abs(v - of(trace.time[k]))), 0);
}
