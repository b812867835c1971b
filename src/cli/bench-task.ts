// Entry of a thread of a bench: makes the problem ready once, then puts the chips it is given on the bench.
import { workerData } from 'node:worker_threads';
import type { Bench } from '../learn/hardware/bench.js';
import { type BenchPlan, type BenchTask, benched, benchOf, type Outcomes } from './bench-plan.js';
import { clock } from './clock.js';

/** What every thread is given, once. */
export interface BenchData extends BenchPlan {
  readonly flag: Int32Array;
}

export interface BenchAnswers {
  /** In the order of the tasks; fewer when it was stopped. */
  readonly answers: readonly Outcomes[];
  readonly milliseconds: number;
}

const [, data] = workerData as [unknown, BenchData];
let bench: Bench | undefined;

/** Runs a batch, as far as it is wanted. */
export default function runBatch(tasks: readonly BenchTask[]): BenchAnswers {
  const begun = clock();
  bench ??= benchOf(data);
  const answers: Outcomes[] = [];
  for (const task of tasks) {
    if (Atomics.load(data.flag, 0) === 1) break;
    answers.push(benched(bench, data, task));
  }
  return { answers, milliseconds: clock() - begun };
}
