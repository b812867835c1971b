// From t = 0 to tstop: every accepted point from tstart on, or exactly the times asked for, read by probes.
import type { Probe, System } from '../circuit/system.js';
import { SimulationError } from '../errors.js';
import { type MarchOptions, type MarchResult, march } from '../solve/march.js';
import type { Beginning, Segment, Sink } from '../solve/segment.js';
import { type ColumnStore, createColumnStore } from './columns.js';
import type { Dataset } from './dataset.js';
import { findPoint } from './op.js';
import { type AnalysisOptions, demandOptions } from './options.js';
import { column, createReader, type Hooks, workspaceOf } from './run.js';

/** The finer grid has so many points to a step, until it holds so many numbers; then the accepted points only. */
const FINE_POINTS = 8;
const FINE_NUMBERS = 4_000_000;

/** From when to when, and by which steps at most. */
export interface TransientRequest {
  /** s */
  readonly tstop: number;
  /** First time kept, s; default 0. */
  readonly tstart?: number;
  /** Largest step, s; default (tstop − tstart)/50. */
  readonly tmax?: number;
  /** Begin from IC= and `.ic` without an operating point. */
  readonly uic?: boolean;
  /** Exactly these times, ascending, instead of the accepted points. */
  readonly at?: ArrayLike<number>;
}

/**
 * Transient analysis.
 *
 * @throws SimulationError when it cannot go on, after `hooks.partial` got what was computed; RangeError when tstop,
 * tstart, tmax, `at` or options make no sense.
 */
export function transient(
  system: System,
  probes: readonly Probe[],
  request: TransientRequest,
  options: AnalysisOptions,
  hooks: Hooks = {},
): Dataset {
  const { tstop, tstart = 0, at } = request;
  const timing = marchOptions(request, options);
  demandTimes(at, tstop);
  const workspace = workspaceOf(hooks);
  const clock = hooks.clock ?? (() => 0);
  const begun = clock();
  const { beginning, strategy } = begin(system, options, request.uic ?? false, { ...hooks, workspace });
  const started = clock();

  const reader = createReader(system, probes);
  const store = createColumnStore(1 + probes.length);
  const fine = hooks.fine ? createColumnStore(1 + probes.length) : undefined;
  let asked = 0;
  let held = request.uic === true && reader.needsRates;

  const record = (into: ColumnStore, t: number, segment: Segment, exact: boolean) => {
    into.row[0] = t;
    if (exact && t === segment.to) {
      if (reader.needsRates) segment.endRates(reader.rates);
      reader.read(t, segment.end, reader.rates, into.row, 1);
    } else {
      segment.at(t, reader.state);
      if (reader.needsRates) segment.ratesAt(t, reader.rates);
      reader.read(t, reader.state, reader.rates, into.row, 1);
    }
    into.append();
  };

  /** The end of a segment, what precedes it when it is the first one kept, and `pieces − 1` points between. */
  const keep = (into: ColumnStore, segment: Segment, first: boolean, pieces: number) => {
    const { from, to } = segment;
    if (to < tstart) return;
    if (first && from === 0 && to > 0) {
      if (tstart === 0) record(into, 0, segment, false);
    } else if (from < tstart && to > tstart) record(into, tstart, segment, false);
    for (let k = 1; k < pieces; k++) {
      const t = from + ((to - from) * k) / pieces;
      if (t > tstart && t > from && t < to) record(into, t, segment, false);
    }
    record(into, to, segment, true);
  };

  const sink: Sink = (segment) => {
    const { to } = segment;
    // Rates at t = 0 are known only once a step has been taken from there.
    if (held && to === 0) return;
    const first = held || to === 0;
    held = false;
    if (at) {
      for (; asked < at.length && at[asked] <= to; asked++) record(store, at[asked], segment, true);
    } else keep(store, segment, first, 1);
    if (fine) keep(fine, segment, first, fine.rows * fine.row.length < FINE_NUMBERS ? FINE_POINTS : 1);
    hooks.progress?.(to / tstop);
  };

  const dataset = (from: ColumnStore, result: MarchResult | undefined): Dataset => ({
    analysis: 'tran',
    title: hooks.title ?? '',
    axis: column('time', 'time', from.column(0)),
    columns: probes.map((p, k) => column(p.name, p.quantity, from.column(1 + k))),
    ...(hooks.step ? { step: hooks.step } : {}),
    statistics: {
      method: options.method,
      'operating point': strategy,
      points: from.rows,
      ...(result ? count(result) : {}),
      ...(hooks.clock
        ? { 'seconds operating point': (started - begun) / 1e3, seconds: (clock() - started) / 1e3 }
        : {}),
    },
    complete: result?.complete ?? false,
  });

  let result: MarchResult;
  try {
    result = march(system, beginning, timing, workspace, sink, hooks.signal);
  } catch (error) {
    if (error instanceof SimulationError) {
      if (fine) hooks.fine?.(dataset(fine, undefined));
      hooks.partial?.(dataset(store, undefined));
    }
    throw error;
  }
  if (fine) hooks.fine?.(dataset(fine, result));
  return dataset(store, result);
}

/** @throws RangeError for times that are not in ascending order from 0 to tstop. */
function demandTimes(at: ArrayLike<number> = [], tstop: number): void {
  for (let k = 0, before = 0; k < at.length; before = at[k++]) {
    if (!(at[k] >= before && at[k] <= tstop))
      throw new RangeError(`results are given at ascending times from 0 to ${tstop} s, not at ${at[k]} s`);
  }
}

/** @throws RangeError when tstop, tstart, tmax or options make no sense. */
export function marchOptions(request: TransientRequest, options: AnalysisOptions): MarchOptions {
  demandOptions(options);
  const { tstop, tstart = 0 } = request;
  if (!(tstop > 0 && tstop < Infinity)) throw new RangeError(`tstop must be a positive time, not ${tstop}`);
  if (!(tstart >= 0 && tstart <= tstop))
    throw new RangeError(`tstart must lie in [0, tstop], not at ${tstart}`);
  const tmax = request.tmax ?? (tstop - tstart || tstop) / 50;
  if (!(tmax > 0)) throw new RangeError(`tmax must be a positive time, not ${tmax}`);
  return { ...options, tstop, tmax: Math.min(tmax, tstop) };
}

/** Where a march begins: at the operating point, or with `uic` at the initial charges. */
export function begin(
  system: System,
  options: AnalysisOptions,
  uic: boolean,
  hooks: Hooks,
): { readonly beginning: Beginning; readonly strategy: string } {
  if (uic) {
    const x = new Float64Array(system.size);
    const rows = new Float64Array(system.size);
    const q = new Float64Array(system.charges);
    system.initialCharges(x, rows, q);
    const modes = Float64Array.from(system.modes, (m) => m.initial);
    return { beginning: { x, modes, charges: { rows, q } }, strategy: 'none (uic)' };
  }
  const values = Float64Array.from(system.sources, (s) => (s.varies ? s.value(0) : s.dc));
  const point = findPoint(system, options, hooks, { holdInitial: true, values });
  return {
    beginning: {
      x: point.x,
      modes: point.modes,
      inconsistent: system.initialConditions.length > 0,
    },
    strategy: point.strategy,
  };
}

function count({ counters }: MarchResult): Record<string, number | string> {
  return {
    accepted: counters.accepted,
    rejected: counters.rejected,
    'newton failures': counters.newtonFailures,
    iterations: counters.iterations,
    evaluations: counters.evaluations,
    factorisations: counters.factorisations,
    restarts: counters.restarts,
    'steps by order': [...counters.orders.subarray(1)].join(' '),
  };
}
