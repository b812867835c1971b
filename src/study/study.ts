// A deck made ready: everything that can be found wrong is found, and every run can be asked for on its own. A run
// depends on its task alone, not on the runs before it or the thread it is on.
import { ac } from '../analysis/ac.js';
import type { Dataset } from '../analysis/dataset.js';
import { type Bound, dc, type Sweep } from '../analysis/dc.js';
import { op } from '../analysis/op.js';
import type { Hooks } from '../analysis/run.js';
import { transient } from '../analysis/transient.js';
import { type Binding, type Compiled, compile } from '../circuit/compile.js';
import type { System } from '../circuit/system.js';
import { type Diagnostic, SimulationError, type Span } from '../errors.js';
import type { DcSweep, Deck } from '../netlist/deck.js';
import { evaluateMeasures, type MeasureResult } from '../output/measure.js';
import { computeSignals } from '../output/signals.js';
import type { Interruption } from '../solve/options.js';
import { createWorkspace } from '../solve/workspace.js';
import { type Job, planOf } from './plan.js';
import { NO_PROFILE, type Profile } from './profile.js';
import { cardOf, demandSense, placed } from './sense.js';
import { furnished, settingsOf } from './settings.js';
import { assign, linearGrid, type Run, scalarsOf, variableName } from './sweep.js';

export interface StudyOptions {
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
  /** Milliseconds; when given, the statistics say how long each phase took. */
  readonly clock?: () => number;
  /** Hears where the time goes. */
  readonly profile?: Pick<Profile, 'within' | 'system' | 'workspace'>;
}

/** Which run of which job. */
export interface Task {
  readonly job: number;
  readonly run: number;
}

/** What one run gives. */
export interface Outcome extends Task {
  /** As asked for; several for a nested `.dc`, none when it failed before its first point. */
  readonly datasets: readonly Dataset[];
  /** With `StudyOptions.fine`: the same, transients with points between the accepted ones. */
  readonly fine: readonly Dataset[];
  readonly measures: readonly MeasureResult[];
  readonly warnings: readonly Diagnostic[];
  readonly failure?: SimulationError;
}

export interface Study {
  readonly title: string;
  readonly compiled: Compiled;
  readonly plan: readonly Job[];
  readonly warnings: readonly Diagnostic[];
  /** Every run of every job, in order. */
  readonly tasks: readonly Task[];
  /** @throws InputError when numbers of this run make no sense to its analysis. */
  run(task: Task, progress?: (fraction: number) => void): Outcome;
}

/** @throws InputError with everything that is wrong with circuit, options, signals or analyses. */
export function study(asWritten: Deck, options: StudyOptions = {}): Study {
  const { at, fine: wantsFine = false, profile = NO_PROFILE } = options;
  const { gmin, ...others } = settingsOf(asWritten, options.options);
  // gmin is in the circuit, where every analysis meets it; none is left for the operating point alone.
  const deck = furnished(asWritten, options.options, gmin);
  const settings = { ...others, gmin: 0 };
  const binding: Binding = options.parameters ? { parameters: options.parameters } : {};
  const uic = deck.analyses.length > 0 && deck.analyses.every((a) => a.kind === 'tran' && a.uic);
  const compiled = compile(deck.circuit, { binding, start: uic ? 'uic' : 'dc' });
  const plan = planOf(deck, compiled, binding);
  demandSense(deck, compiled, plan, settings, at);
  const memory = createWorkspace();
  const workspace = profile.workspace(memory);

  function analyse(job: Job, run: Run, hooks: Hooks): readonly Dataset[] {
    const card = cardOf(deck, job, run);
    const bound = (b: Binding): Bound =>
      profile.within('compile', () => {
        const system = compiled.bind(b);
        const probes = job.probes.map((name) => compiled.probe(system, name)!);
        return { system: profile.system(system), probes };
      });
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
        const times = at && { at: Float64Array.from(at).sort() };
        return [transient(system, probes, { ...card, ...times }, settings, hooks)];
      }
      case 'dc': {
        const start = bound(run.binding);
        // `.dc data=table`: the runs are the sweep, each a single point.
        if (card.sweeps.length === 0)
          return [{ ...op(start.system, start.probes, settings, hooks), analysis: 'dc' }];
        const sweeps = card.sweeps.map((s) => sweepOf(s, start.system, card.span));
        const inner = card.sweeps.filter((_, k) => sweeps[k].source === undefined);
        const rebind = (values: readonly number[]): Bound =>
          bound(inner.reduce((b, s, k) => assign(b, s.variable, values[k]), run.binding));
        return dc(start, sweeps, settings, hooks, rebind);
      }
    }
  }

  return {
    title: deck.circuit.title,
    compiled,
    plan,
    warnings: [...deck.warnings, ...compiled.warnings, ...idle(deck, at)],
    tasks: plan.flatMap((job, j) => job.runs.map((_, r): Task => ({ job: j, run: r }))),
    run(task, progress) {
      const job = plan[task.job];
      const run = job.runs[task.run];
      const cards = deck.measures.filter((m) => m.analysis === job.card.kind);
      const warnings: Diagnostic[] = [];
      const recorded: Dataset[] = [];
      let fine: Dataset | undefined;
      let failure: SimulationError | undefined;
      const hooks: Hooks = {
        title: deck.circuit.title,
        workspace,
        warn: (warning) => warnings.push(warning),
        partial: (dataset) => recorded.push(dataset),
        ...(wantsFine || cards.length > 0 ? { fine: (dataset: Dataset) => (fine = dataset) } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.clock ? { clock: options.clock } : {}),
        ...(Object.keys(run.step).length > 0 ? { step: run.step } : {}),
        ...(progress ? { progress } : {}),
      };
      memory.renew();
      try {
        recorded.push(...profile.within('control', () => analyse(job, run, hooks)));
      } catch (error) {
        if (!(error instanceof SimulationError)) throw placed(error, job.card.span);
        failure = error;
      }
      return profile.within('output', () => {
        const scalars = scalarsOf(deck, run.binding);
        const wanted = (dataset: Dataset): Dataset => computeSignals(dataset, job.saved, scalars);
        return {
          ...task,
          datasets: recorded.map(wanted),
          fine: wantsFine ? recorded.map((dataset) => wanted(fine ?? dataset)) : [],
          measures: recorded.flatMap((dataset) => evaluateMeasures(fine ?? dataset, cards, scalars)),
          warnings,
          ...(failure ? { failure } : {}),
        };
      });
    },
  };
}

/** What is asked for and cannot come: measures of an analysis that is not run, responses to nothing, times without a transient. */
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
  const responses = deck.analyses.filter((a) => a.kind === 'ac');
  const quiet = responses.length > 0 && deck.circuit.elements.every((e) => e.values.acmag === undefined);
  for (const { span } of quiet ? responses : []) {
    const message = 'no source has an AC value: every response is zero';
    warnings.push({ severity: 'warning', code: 'idle-ac', message, hint: 'write V1 in 0 AC 1', span });
  }
  if (at && !kinds.has('tran')) {
    const message = 'times are given, but the deck has no .tran';
    warnings.push({ severity: 'warning', code: 'idle-times', message, hint: 'add .tran, or leave out --at' });
  }
  return warnings;
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
