// Chips on the bench, on this thread or on many: which it is decides how long it takes and nothing else.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../learn/hardware/bench.js';
import { type BenchPlan, type BenchTask, benched, type Outcomes } from './bench-plan.js';
import type { BenchAnswers, BenchData } from './bench-task.js';
import { clock } from './clock.js';
import { createInterrupt } from './interrupt.js';
import { progressLine } from './progress.js';

/** Chips are done here for so long, to see what they take; more threads come when more than this is left. */
const TRIAL_MS = 300;
const WORTH_MS = 800;

/**
 * Does the tasks and hands over their outcomes in order.
 * @param threads without it: one, and as many as there are cores once that is seen to be worth it
 * @param total how many tasks there were with those done before, for the progress shown
 * @returns whether Ctrl-C ended it
 */
export async function runBench(
  plan: BenchPlan,
  bench: Bench,
  tasks: readonly BenchTask[],
  threads: number | undefined,
  quiet: boolean,
  total: number,
  take: (task: BenchTask, outcomes: Outcomes) => void,
): Promise<boolean> {
  const line = progressLine(quiet);
  const interrupt = createInterrupt();
  const most = Math.min(threads ?? availableParallelism(), tasks.length);
  const begun = clock();
  let done = 0;
  const finish = (outcomes: Outcomes): void => {
    take(tasks[done++], outcomes);
    const present = total - tasks.length + done;
    line.report({ label: 'bench', run: present - 1, runs: total, fraction: present / total });
  };
  const isWorthwhile = (): boolean => {
    if (threads !== undefined || most < 2) return most > 1;
    const spent = clock() - begun;
    return spent > TRIAL_MS && (spent / done) * (tasks.length - done) > WORTH_MS;
  };
  while (done < tasks.length && !interrupt.asked() && !isWorthwhile())
    finish(benched(bench, plan, tasks[done]));
  if (done < tasks.length && !interrupt.asked()) {
    const { runBatches } = await import('./batches.js');
    interrupt.listen();
    const data: BenchData = { ...plan, flag: interrupt.flag };
    const entry = fileURLToPath(new URL('./bench-task.js', import.meta.url));
    const rest = tasks.slice(done);
    await runBatches<BenchTask, BenchAnswers>(entry, most, data, rest, ({ answers }) => {
      answers.forEach(finish);
      return !interrupt.asked();
    });
  }
  line.clear();
  return interrupt.asked() && done < tasks.length;
}
