// The runs of a deck on many threads: every thread compiles it once; outcomes are taken in the order of the tasks, and no
// more are under way than keep the threads busy.
import { fileURLToPath } from 'node:url';
import { InputError, SimulationError } from '../errors.js';
import type { Profile, Spent } from '../study/profile.js';
import type { Outcome, Task } from '../study/study.js';
import { runBatches } from './batches.js';
import type { Answers, PoolData } from './task.js';

/**
 * Runs tasks until all are done, `take` says that it wants no more, or a task was stopped before it began.
 * @throws InputError of the first task, in order, whose numbers make no sense.
 */
export async function runInPool(
  tasks: readonly Task[],
  threads: number,
  data: PoolData,
  take: (outcome: Outcome) => boolean,
  profile?: Profile,
): Promise<void> {
  const entry = fileURLToPath(new URL('./task.js', import.meta.url));
  const spent = new Map<number, Spent>();
  const takeAll = ({ answers, thread }: Answers): boolean => {
    if (thread) spent.set(thread.id, thread.spent);
    return answers.every(({ outcome, failure, problems }) => {
      if (problems) throw new InputError(problems);
      if (!outcome) return false;
      const failed = failure ? { failure: new SimulationError(failure.message, failure.report) } : {};
      return take({ ...outcome, ...failed });
    });
  };
  try {
    await runBatches(entry, threads, data, tasks, takeAll);
  } finally {
    for (const one of spent.values()) profile?.add(one);
  }
}
