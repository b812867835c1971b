// Entry of a thread of the pool: compiles the deck once, then runs the tasks it is given.
import { threadId, workerData } from 'node:worker_threads';
import { type Diagnostic, type FailureReport, InputError } from '../errors.js';
import type { Deck } from '../netlist/deck.js';
import { createProfile, type Spent } from '../study/profile.js';
import { type Outcome, type StudyOptions, study, type Task } from '../study/study.js';
import { clock } from './clock.js';

/** What every thread of the pool is given, once. */
export interface PoolData {
  readonly deck: Deck;
  readonly options: Omit<StudyOptions, 'signal' | 'clock' | 'profile'>;
  readonly flag: Int32Array;
  readonly profiled: boolean;
}

/** What a run sends back: errors as data, for a class does not survive the way. Nothing when it was stopped before. */
export interface Answer {
  readonly outcome?: Omit<Outcome, 'failure'>;
  readonly failure?: { readonly message: string; readonly report: FailureReport };
  readonly problems?: readonly Diagnostic[];
}

/** What a batch of runs sends back. */
export interface Answers {
  /** In the order of the tasks; the last one may be of a run that ends them all. */
  readonly answers: readonly Answer[];
  /** What the batch took. */
  readonly milliseconds: number;
  /** All that this thread has spent so far. */
  readonly thread?: { readonly id: number; readonly spent: Spent };
}

const [, { deck, options, flag, profiled }] = workerData as [unknown, PoolData];
const signal = {
  get aborted() {
    return Atomics.load(flag, 0) === 1;
  },
};
const profile = profiled ? createProfile(clock) : undefined;
const compiled = () => study(deck, { ...options, signal, clock, ...(profile ? { profile } : {}) });
const ready = profile ? profile.within('compile', compiled) : compiled();

/** Runs a batch, as far as it is wanted. */
export default function runBatch(tasks: readonly Task[]): Answers {
  const begun = clock();
  const answers: Answer[] = [];
  for (const task of tasks) {
    const answer = answerTo(task);
    answers.push(answer);
    if (!answer.outcome || answer.failure) break;
  }
  return {
    answers,
    milliseconds: clock() - begun,
    ...(profile ? { thread: { id: threadId, spent: profile.spent } } : {}),
  };
}

function answerTo(task: Task): Answer {
  if (signal.aborted) return {};
  try {
    const { failure, ...outcome } = ready.run(task);
    return { outcome, ...(failure ? { failure: { message: failure.message, report: failure.report } } : {}) };
  } catch (error) {
    if (error instanceof InputError) return { problems: error.diagnostics };
    throw error;
  }
}
