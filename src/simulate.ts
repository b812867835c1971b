// Deck → datasets: every analysis, repeated for every step, over one compiled system; what was asked for, computed
// from what was recorded.
import { ac } from './analysis/ac.js';
import type { Dataset } from './analysis/dataset.js';
import { type Bound, dc, type Sweep } from './analysis/dc.js';
import { op } from './analysis/op.js';
import type { AnalysisOptions } from './analysis/options.js';
import type { Hooks } from './analysis/run.js';
import { transient } from './analysis/transient.js';
import { type Binding, type Compiled, compile } from './circuit/compile.js';
import type { System } from './circuit/system.js';
import { type Diagnostic, InputError, SimulationError, type Span } from './errors.js';
import { bindAnalysis, type DcSweep, type Deck } from './netlist/deck.js';
import { evaluateMeasures, type MeasureResult } from './output/measure.js';
import { computeSignals } from './output/signals.js';
import { type Job, planOf } from './plan.js';
import { settingsOf } from './settings.js';
import type { Interruption } from './solve/options.js';
import { createWorkspace } from './solve/workspace.js';
import { assign, linearGrid, type Run, scalarsOf, variableName } from './sweep.js';

export interface Progress {
  /** `tran`, `ac2`, … */
  readonly label: string;
  /** Which of how many `.step` runs, from 0. */
  readonly run: number;
  readonly runs: number;
  /** Share of this run that is done, 0 … 1. */
  readonly fraction: number;
}

export interface SimulateOptions {
  /** Transient results at exactly these times (s) instead of at every accepted point. */
  readonly at?: readonly number[];
  /** Also give transients on a finer grid, from dense output. */
  readonly fine?: boolean;
  /** Values that replace `.param` definitions. */
  readonly parameters?: ReadonlyMap<string, number>;
  /** Values that replace `.options`. */
  readonly options?: ReadonlyMap<string, number | string>;
  /** Stops the run between two points; an AbortSignal serves. */
  readonly signal?: Interruption;
  /** Called at every accepted point: throttle it yourself. */
  progress?(progress: Progress): void;
  /** Milliseconds; when given, the statistics say how long each phase took. */
  clock?(): number;
}

/** All runs of one analysis card: one, or one per `.step` value and outer `.dc` source. */
export interface AnalysisRuns {
  /** `op`, `dc`, `ac`, `tran`; from the second of a kind on with its number: `tran2`. */
  readonly label: string;
  readonly runs: readonly Dataset[];
  /** With `SimulateOptions.fine`: the same runs, transients with points between the accepted ones; for pictures. */
  readonly fine: readonly Dataset[];
}

export interface Simulation {
  readonly title: string;
  readonly analyses: readonly AnalysisRuns[];
  /** The runs of all analyses, in order. */
  readonly datasets: readonly Dataset[];
  readonly measures: readonly MeasureResult[];
  readonly warnings: readonly Diagnostic[];
  /** Why it ended early; what was computed until then is in `analyses`. */
  readonly failure?: SimulationError;
  readonly interrupted: boolean;
}

/**
 * Runs a deck.
 * @throws InputError with everything that is wrong with circuit, options, signals or analyses.
 */
export function simulate(deck: Deck, options: SimulateOptions = {}): Simulation {
  const { compiled, plan, settings, warnings: doubts } = prepare(deck, options);
  const warnings = [...doubts];
  const warn = (w: Diagnostic): void => {
    if (!warnings.some((known) => known.code === w.code && known.message === w.message)) warnings.push(w);
  };
  const workspace = createWorkspace();
  const analyses = plan.map((job) => ({ label: job.label, runs: [] as Dataset[], fine: [] as Dataset[] }));
  const measures: MeasureResult[] = [];
  let failure: SimulationError | undefined;

  plan.forEach((job, j) => {
    job.runs.forEach((run, r) => {
      if (failure || options.signal?.aborted) return;
      const scalars = scalarsOf(deck, run.binding);
      const recorded: Dataset[] = [];
      let fine: Dataset | undefined;
      const cards = deck.measures.filter((m) => m.analysis === job.card.kind);
      const hooks: Hooks = {
        title: deck.circuit.title,
        workspace,
        warn,
        partial: (dataset) => recorded.push(dataset),
        ...(options.fine || cards.length > 0 ? { fine: (dataset: Dataset) => (fine = dataset) } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.clock ? { clock: options.clock } : {}),
        ...(Object.keys(run.step).length > 0 ? { step: run.step } : {}),
        progress: (fraction) =>
          options.progress?.({ label: job.label, run: r, runs: job.runs.length, fraction }),
      };
      try {
        recorded.push(...analyse(deck, compiled, job, run, settings, hooks, options.at));
      } catch (error) {
        if (!(error instanceof SimulationError)) throw placed(error, job.card.span);
        failure = error;
      }
      for (const dataset of recorded) {
        analyses[j].runs.push(computeSignals(dataset, job.saved, scalars));
        if (options.fine) analyses[j].fine.push(computeSignals(fine ?? dataset, job.saved, scalars));
        measures.push(...evaluateMeasures(fine ?? dataset, cards, scalars));
      }
    });
  });
  return {
    title: deck.circuit.title,
    analyses,
    datasets: analyses.flatMap((a) => a.runs),
    measures,
    warnings,
    ...(failure ? { failure } : {}),
    interrupted: options.signal?.aborted ?? false,
  };
}

/**
 * Everything that can be found wrong without simulating: what `tellegen check` does.
 * @throws InputError
 */
export function prepare(
  deck: Deck,
  options: Pick<SimulateOptions, 'parameters' | 'options' | 'at'> = {},
): {
  readonly compiled: Compiled;
  readonly plan: readonly Job[];
  readonly settings: AnalysisOptions;
  readonly warnings: readonly Diagnostic[];
} {
  const settings = settingsOf(deck, options.options);
  const binding: Binding = options.parameters ? { parameters: options.parameters } : {};
  const uic = deck.analyses.length > 0 && deck.analyses.every((a) => a.kind === 'tran' && a.uic);
  const compiled = compile(deck.circuit, { binding, start: uic ? 'uic' : 'dc' });
  const plan = planOf(deck, compiled, binding);
  const warnings = [...deck.warnings, ...compiled.warnings, ...idle(deck, options.at)];
  return { compiled, settings, plan, warnings };
}

/** What is asked for and cannot come: measures of an analysis that is not run, times without a transient. */
function idle(deck: Deck, at: readonly number[] | undefined): readonly Diagnostic[] {
  const kinds = new Set(deck.analyses.map((a) => a.kind));
  const warnings = deck.measures
    .filter((m) => !kinds.has(m.analysis))
    .map(
      ({ name, analysis, span }): Diagnostic => ({
        severity: 'warning',
        code: 'idle-measure',
        message: `${name} is never measured: the deck has no .${analysis}`,
        hint: `add .${analysis}, or measure one of ${[...kinds].join(', ')}`,
        span,
      }),
    );
  if (at && !kinds.has('tran')) {
    const message = 'times are given, but the deck has no .tran';
    warnings.push({ severity: 'warning', code: 'idle-times', message, hint: 'add .tran, or leave out --at' });
  }
  return warnings;
}

function analyse(
  deck: Deck,
  compiled: Compiled,
  job: Job,
  run: Run,
  settings: AnalysisOptions,
  hooks: Hooks,
  at: readonly number[] | undefined,
): readonly Dataset[] {
  const lookup = scalarsOf(deck, run.binding);
  const card = bindAnalysis(job.card, (name) => lookup.get(name) ?? Number.NaN);
  const bound = (binding: Binding): Bound => {
    const system = compiled.bind(binding);
    return { system, probes: job.probes.map((name) => compiled.probe(system, name)!) };
  };
  switch (card.kind) {
    case 'op': {
      const { system, probes } = bound(run.binding);
      return [op(system, probes, settings, hooks)];
    }
    case 'ac': {
      const { system, probes } = bound(run.binding);
      return [ac(system, probes, card, settings, hooks)];
    }
    case 'tran': {
      const { tstep, tstop } = card;
      const { system, probes } = bound({ ...run.binding, timing: { tstep, tstop } });
      const times = at && { at: within(at, tstop) };
      return [transient(system, probes, { ...card, ...times }, settings, hooks)];
    }
    case 'dc': {
      const start = bound(run.binding);
      const sweeps = card.sweeps.map((s) => sweepOf(s, start.system, card.span));
      const inner = card.sweeps.filter((_, k) => sweeps[k].source === undefined);
      const rebind = (values: readonly number[]): Bound =>
        bound(inner.reduce((b, s, k) => assign(b, s.variable, values[k]), run.binding));
      return dc(start, sweeps, settings, hooks, rebind);
    }
  }
}

/** Times in ascending order. */
function within(at: readonly number[], tstop: number): Float64Array {
  const outside = at.filter((t) => !(t >= 0 && t <= tstop));
  if (outside.length > 0)
    throw new RangeError(`results at ${outside.join(', ')} s: the run lasts from 0 to ${tstop} s`);
  return Float64Array.from(at).sort();
}

function sweepOf({ variable, start, stop, step }: DcSweep<number>, system: System, span: Span): Sweep {
  const common = { name: variableName(variable), values: linearGrid(start, stop, step, span) };
  if (variable.kind === 'temperature') return { ...common, quantity: 'temperature' };
  const source =
    variable.kind === 'source' && variable.parameter === 'dc'
      ? system.sources.findIndex((s) => s.element === variable.name)
      : -1;
  if (source < 0) return { ...common, quantity: 'parameter' };
  return { ...common, quantity: /(^|\.)i[^.]*$/.test(variable.name) ? 'current' : 'voltage', source };
}

/** A number that makes no sense to an analysis, as an input error at its card. */
function placed(error: unknown, span: Span): unknown {
  if (!(error instanceof RangeError)) return error;
  const hint = 'mend the numbers of this card';
  return new InputError([{ severity: 'error', code: 'bad-analysis', message: error.message, hint, span }]);
}
