// Deck → datasets: every analysis, repeated for every step, over one compiled system; results gathered in order.
import type { Dataset } from '../analysis/dataset.js';
import type { Diagnostic, SimulationError } from '../errors.js';
import type { Deck } from '../netlist/deck.js';
import type { MeasureResult } from '../output/measure.js';
import { type Outcome, type Study, type StudyOptions, study } from './study.js';

/** How far a simulation has come. */
export interface Progress {
  /** `tran`, `ac2`, … */
  readonly label: string;
  /** Which of how many `.step` runs, from 0. */
  readonly run: number;
  readonly runs: number;
  /** Share of this run that is done, 0 … 1. */
  readonly fraction: number;
}

/** What takes the place of what a deck says, and how a simulation is watched and stopped. */
export interface SimulateOptions extends Omit<StudyOptions, 'profile'> {
  /** Called at every accepted point: throttle it yourself. */
  progress?(progress: Progress): void;
}

/** All runs of one analysis card: one, or one per `.step` value and outer `.dc` source. */
export interface AnalysisRuns {
  /** `op`, `dc`, `ac`, `tran`; from the second of a kind on with its number: `tran2`. */
  readonly label: string;
  readonly runs: readonly Dataset[];
  /** With `SimulateOptions.fine`: the same runs, transients with points between the accepted ones; for pictures. */
  readonly fine: readonly Dataset[];
}

/** All that a deck asked for. */
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
  const ready = study(deck, options);
  const gathering = gather(ready);
  for (const task of ready.tasks) {
    if (options.signal?.aborted || gathering.ended) break;
    gathering.add(ready.run(task, progressOf(ready, task, options)));
  }
  return gathering.simulation(options.signal?.aborted ?? false);
}

function progressOf(
  { plan }: Study,
  { job, run }: { readonly job: number; readonly run: number },
  options: SimulateOptions,
): ((fraction: number) => void) | undefined {
  if (!options.progress) return undefined;
  const { label, runs } = plan[job];
  return (fraction) => options.progress?.({ label, run, runs: runs.length, fraction });
}

/** Outcomes, given in the order of the tasks, put together. */
export interface Gathering {
  add(outcome: Outcome): void;
  /** After a run that failed or was stopped no more are wanted. */
  readonly ended: boolean;
  simulation(interrupted: boolean): Simulation;
}

export function gather({ title, plan, warnings: doubts }: Study): Gathering {
  const warnings = [...doubts];
  const known = new Set(warnings.map(identity));
  const analyses = plan.map(({ label }) => ({ label, runs: [] as Dataset[], fine: [] as Dataset[] }));
  const measures: MeasureResult[] = [];
  let failure: SimulationError | undefined;
  let ended = false;
  return {
    add(outcome) {
      for (const warning of outcome.warnings) {
        if (known.has(identity(warning))) continue;
        known.add(identity(warning));
        warnings.push(warning);
      }
      analyses[outcome.job].runs.push(...outcome.datasets);
      analyses[outcome.job].fine.push(...outcome.fine);
      measures.push(...outcome.measures);
      failure = outcome.failure;
      ended = failure !== undefined || outcome.datasets.some((d) => !d.complete);
    },
    get ended() {
      return ended;
    },
    simulation: (interrupted) => ({
      title,
      analyses,
      datasets: analyses.flatMap((a) => a.runs),
      measures,
      warnings,
      ...(failure ? { failure } : {}),
      interrupted,
    }),
  };
}

const identity = ({ code, message }: Diagnostic): string => `${code} ${message}`;
