// f(x) = 0 for many values of sources or parameters, each from the point before.
import type { Probe, System } from '../circuit/system.js';
import type { OperatingPoint } from '../solve/operating-point.js';
import { operatingPoint } from '../solve/operating-point.js';
import type { Column, Dataset } from './dataset.js';
import { type AnalysisOptions, demandOptions } from './options.js';
import { column, createReader, type Hooks, workspaceOf } from './run.js';

/** One swept quantity. */
export interface Sweep {
  readonly name: string;
  readonly quantity: Column['quantity'];
  /** In the unit of the quantity, in the order in which they are taken. */
  readonly values: ArrayLike<number>;
  /** Index into `system.sources`; absent: a parameter or the temperature, which `bind` deals with. */
  readonly source?: number;
}

/** A system under one binding, and what is read of it. */
export interface Bound {
  readonly system: System;
  readonly probes: readonly Probe[];
}

/**
 * DC sweep, the first sweep innermost; one dataset per combination of the outer ones. `bind` gives the system and its
 * probes for the present values of the sweeps without a source (in their order), sharing the pattern; it is called only
 * when one of them changes.
 *
 * @throws SimulationError when a point is not found, after `hooks.partial` got the points before it; RangeError without
 *   a sweep, for one of a source that is not there, and for options that make no sense
 */
export function dc(
  bound: Bound,
  sweeps: readonly Sweep[],
  options: AnalysisOptions,
  hooks: Hooks = {},
  bind?: (values: readonly number[]) => Bound,
): Dataset[] {
  demandOptions(options);
  if (sweeps.length === 0) throw new RangeError('there is nothing to sweep');
  for (const { name, source } of sweeps) {
    if (source !== undefined && bound.system.sources[source] === undefined)
      throw new RangeError(`${name}: there is no source ${source} among ${bound.system.sources.length}`);
  }
  const workspace = workspaceOf(hooks);
  const [inner, ...outer] = sweeps;
  const datasets: Dataset[] = [];
  const total = sweeps.reduce((product, s) => product * s.values.length, 1);
  let done = 0;
  let iterations = 0;
  let last: OperatingPoint | undefined;
  let present = bound;
  let parameters: readonly number[] = [];
  for (const combination of combinations(outer)) {
    const rows: Float64Array[] = [];
    const finish = (complete: boolean): Dataset => {
      const step = { ...hooks.step, ...Object.fromEntries(outer.map((s, k) => [s.name, combination[k]])) };
      return {
        analysis: 'dc',
        title: hooks.title ?? '',
        axis: column(
          inner.name,
          inner.quantity,
          Float64Array.from(rows, (r) => r[0]),
        ),
        columns: present.probes.map((p, k) =>
          column(
            p.name,
            p.quantity,
            Float64Array.from(rows, (r) => r[1 + k]),
          ),
        ),
        ...(Object.keys(step).length > 0 ? { step } : {}),
        statistics: { points: rows.length, iterations, strategy: last?.strategy ?? 'newton' },
        complete,
      };
    };
    let reader = createReader(present.system, present.probes);
    for (let i = 0; i < inner.values.length; i++) {
      if (hooks.signal?.aborted) return [...datasets, finish(false)];
      const values = [inner.values[i], ...combination];
      const wanted = values.filter((_, k) => sweeps[k].source === undefined);
      if (bind && wanted.some((v, k) => v !== parameters[k])) {
        present = bind(wanted);
        parameters = wanted;
        reader = createReader(present.system, present.probes);
      }
      const { system } = present;
      const sources = Float64Array.from(system.sources, (s) => s.dc);
      sweeps.forEach((s, k) => {
        if (s.source !== undefined) sources[s.source] = values[k];
      });
      try {
        last = operatingPoint(system, options, workspace, {
          values: sources,
          ...(last ? { guess: last.x, modes: last.modes, ignoreNodesets: true } : {}),
        });
      } catch (error) {
        for (const dataset of [...datasets, finish(false)]) hooks.partial?.(dataset);
        throw error;
      }
      iterations += last.iterations;
      const row = new Float64Array(1 + present.probes.length);
      row[0] = values[0];
      reader.state.x.set(last.x);
      reader.state.q.set(last.q);
      reader.read(0, reader.state, reader.rates, row, 1);
      rows.push(row);
      hooks.progress?.(++done / total);
    }
    datasets.push(finish(true));
  }
  return datasets;
}

/** All combinations, the first sweep fastest. */
function* combinations(sweeps: readonly Sweep[]): Generator<number[]> {
  const total = sweeps.reduce((product, s) => product * s.values.length, 1);
  for (let k = 0; k < total; k++) {
    let rest = k;
    yield sweeps.map((s) => {
      const value = s.values[rest % s.values.length];
      rest = Math.floor(rest / s.values.length);
      return value;
    });
  }
}
